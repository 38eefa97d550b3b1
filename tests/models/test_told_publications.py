"""News and menus are told to who asked for them, each once, and to nobody else."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

import pytest

from models import clock
from models.access.member import Member
from models.families.guardian import Guardian
from models.notifying import choices
from models.publishing import telling
from models.publishing.meal_menu import MealMenu
from models.publishing.news import News
from models.rules.menus.dishes import Dish, DishKind, Served
from models.rules.notices.topics import BY_CODE, KEY
from models.rules.states.notices import NoticeKind
from models.work.email import Email
from models.work.notice import Notice
from tests.portal import Portal

OpenPortal = Callable[..., Awaitable[Portal]]
FRIDAY = date(2025, 9, 26)
NEXT_MONDAY = date(2025, 9, 29)
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    """Sophie asks for both by e-mail; the others chose nothing."""
    opened = await portal("demo", now="2025-09-26T17:00:00")
    asked = {KEY: {"news.email": True, "menus.email": True}}
    await Guardian.filter(username="sophie.moreau").update(preferences=asked)
    await MealMenu.all().delete()
    await News.all().delete()
    return opened


def said(title: str, starts: date = FRIDAY, *, urgent: bool = False) -> dict[str, object]:
    return {
        "title": title,
        "summary": "Au parc.",
        "body": "Bonjour",
        "starts": starts,
        "ends": None,
        "urgent": urgent,
    }


async def mails() -> list[Email]:
    return await Email.all().order_by("id")


async def test_news_goes_to_who_asked_for_it_once(town: Portal) -> None:
    member, now = await Member.get(username="gestion"), clock.now()
    await News.add("a", said("Fête du parc"), member, now)
    old = await News.add("b", said("Rentrée", FRIDAY - timedelta(days=2)), member, now)
    await News.add("c", said("Grève", urgent=True), member, now)
    later = await News.add("d", said("Brocante", FRIDAY + timedelta(days=1)), member, now)
    gone = await News.add("e", said("Kermesse"), member, now)
    for _ in range(2):
        await telling.tell_news(now)
    await News.withdraw(gone, member, now)  # between the word and the mail
    await town.run_jobs()
    await telling.tell_news(now + timedelta(minutes=10))
    await town.run_jobs()
    [mail] = await mails()
    assert mail.subject == "Actualité\u00a0: Fête du parc" and "Au parc." in mail.text
    assert mail.recipient == "sophie@moreau.example" and mail.unsubscribe
    assert not await Notice.filter(about__in=[f"news:{old}", f"news:{later}"]).exists()
    asked = await choices.unsubscribing(mail.unsubscribe)
    assert asked.topic == BY_CODE["news"]
    await choices.unsubscribe(asked, now)
    await telling.tell_news(now + timedelta(days=1))
    await town.run_jobs()
    assert len(await mails()) == 1  # « Brocante » is shown, and wanted no more


async def test_the_menus_of_a_week_are_told_once(town: Portal) -> None:
    """From the Friday before, once they are written; a correction is told no more."""
    member, now = await Member.get(username="gestion"), clock.now()
    await telling.tell_menus(now)
    assert not await Notice.all().exists()  # nothing is written yet
    soup = Served(NEXT_MONDAY, (Dish(DishKind.STARTER, "Soupe"), Dish(DishKind.SIDE, "Riz")))
    await MealMenu.keep([soup], "a", member, now)
    for _ in range(2):
        await telling.tell_menus(now)
        await town.run_jobs()
    await MealMenu.keep([Served(NEXT_MONDAY, (Dish(DishKind.STARTER, "Melon"),))], "b", member, now)
    await telling.tell_menus(now + timedelta(days=3))
    await town.run_jobs()
    [mail] = await mails()
    assert mail.subject == "Les menus de la semaine du 29 septembre"
    assert "Lundi 29 septembre\u00a0: Soupe, Riz" in mail.text
    assert await Notice.filter(kind=NoticeKind.MENUS_WRITTEN).count() == 1


@pytest.mark.parametrize(
    ("today", "monday"),
    [(25, None), (26, 29), (28, 29), (29, 29), (30, None)],
)
def test_a_week_is_told_from_the_friday_before(engine: str, today: int, monday: int | None) -> None:
    found = telling.week_told(datetime(2025, 9, today).date())  # noqa: DTZ001
    assert found == (date(2025, 9, monday) if monday else None)
