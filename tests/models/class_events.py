"""A class that goes away, for tests."""

from collections.abc import Sequence
from datetime import date

from models import clock
from models.access.member import Member
from models.activities.catalogue import current_catalogue
from models.class_events.affected import Reach, preview
from models.class_events.carrying_out import Wish, begin, cancel_class_days
from models.commune.class_event import ClassEvent
from models.rules.states.class_events import ClassEventKind
from tests.portal import Portal
from tests.web.checkout import parent


async def every_class() -> list[tuple[str, str]]:
    schools = (await current_catalogue()).schools.values()
    return [(school.code, level) for school in schools for level in school.levels]


async def wish_of(
    days: Sequence[date], classes: list[tuple[str, str]] | None = None, click: str = "click"
) -> Wish:
    catalogue = await current_catalogue()
    year = next(one for one in catalogue.years.values() if one.starts <= days[0] <= one.ends)
    reach = Reach(year.id, classes or await every_class(), days)
    return Wish(ClassEventKind.TRIP, reach, "Classe de découverte à Autrans.", click)


async def send_a_class_away(*days: date, classes: list[tuple[str, str]] | None = None) -> ClassEvent:
    """These classes, or all, by the mairie; what follows is work for the jobs."""
    wish = await wish_of(days, classes)
    member = await Member.all().order_by("id").first()
    assert member
    return await begin(wish, (await preview(wish.reach)).read, member.id, clock.now())


async def a_day_goes(town: Portal) -> None:
    """Lina’s morning, booked and cancelled by a trip of every class."""
    camille = await parent(town, "camille.durand")
    await camille.tick("Lina", "Accueil du matin", "2025-10-16")
    await camille.click()
    event = await send_a_class_away(date(2025, 10, 16))
    await cancel_class_days(event.id, clock.now())
