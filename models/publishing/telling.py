"""Parents who asked for it are told of what the mairie publishes: a piece of news, the menus of a week; each once."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from models.families.guardian import Guardian
from models.publishing.meal_menu import MealMenu
from models.publishing.news import News
from models.rules.notices.topics import BY_KIND, Channel, wants
from models.rules.states.notices import NoticeKind
from models.storage.database import transaction
from models.work.notice import Notice

LATELY = timedelta(days=2)  # what is shown for longer is no news
TOLD_ON = (4, 5, 6, 0)  # weekdays on which a week's menus are told: from the Friday before to its Monday


async def tell_news(now: datetime) -> None:
    """Of what is shown since lately and is not urgent: that is told to all families."""
    today = now.date()
    fresh = News.shown(today).filter(urgent=False, starts__gt=today - LATELY, changed_at__not_isnull=True)
    for news in await fresh.order_by("id"):
        await _tell(NoticeKind.NEWS_PUBLISHED, f"news:{news.id}", now)


async def tell_menus(now: datetime) -> None:
    """Of the week that comes, once a menu of it is written."""
    today = now.date()
    monday = week_told(today)
    if monday and any(served.dishes for served in await MealMenu.between(monday, monday + timedelta(days=6))):
        await _tell(NoticeKind.MENUS_WRITTEN, f"week:{monday:%Y%m%d}", now)


def week_told(today: date) -> date | None:
    """Its Monday; None where it is too early."""
    return today + timedelta(days=-today.weekday() % 7) if today.weekday() in TOLD_ON else None


async def _tell(kind: NoticeKind, about: str, now: datetime) -> None:
    for guardian in _readers(kind, await Guardian.exclude(preferences=None).order_by("id")):
        async with transaction():
            await Notice.say(
                kind, guardian.family_id, about, now, key=f"{about}:{guardian.id}", only=guardian.id
            )


def _readers(kind: NoticeKind, guardians: Iterable[Guardian]) -> list[Guardian]:
    """Who chose to be told, by whichever channel."""
    topic = BY_KIND[kind]
    return [
        one
        for one in guardians
        if not one.blocked_at and any(wants(one.preferences, topic, by) for by in Channel)
    ]
