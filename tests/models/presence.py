"""The garderie of the demo, whose days are booked by themselves."""

from datetime import date
from typing import Any

from models import clock
from models.activities.catalogue import current_catalogue
from models.bookings.booking import Booking
from models.families.child import Child
from models.planning.ticks import Tick, apply_ticks
from models.presence import booking_days
from tests.portal import Portal
from tests.web.checkout import Parent

START = "2025-11-20T09:00:00"
MORNING, EVENING = "Accueil du matin", "Accueil du soir"
DAYS = 13  # from Friday 21 November to 12 December, but for Wednesdays


def by_default(content: dict[str, Any], places: int = 3) -> None:
    """The garderie of the demo until 12 December; with three places Emma Moreau is the fourth."""
    one = next(row for row in content["activities"] if row["code"] == "periscolaire")
    one |= {"presence": "default", "late_cancel": "refused", "waiting_list": True, "places": places}
    one |= {"closes": date(2025, 12, 12)}
    content["families"] = content["families"][:3]


async def live(child: str, state: str = "confirmed") -> int:
    return await Booking.filter(
        child__first_name=child, slot__activity__code="periscolaire", state=state
    ).count()


async def on(child: str, slot: str, day: str) -> list[str]:
    rows = Booking.filter(child__first_name=child, slot__name=slot, day=date.fromisoformat(day))
    return [row.state for row in await rows.order_by("id")]


async def untick(somebody: Parent, child: str, slot: str, day: str) -> bool:
    """Was it refused?"""
    row = await Child.get(first_name=child)
    found = await Booking.filter(child_id=row.id, slot__name=slot).first()
    assert found
    tick = Tick(row.id, found.slot_id, date.fromisoformat(day), ticked=False)
    return bool((await apply_ticks(await current_catalogue(), somebody.family, [tick], clock.now())).refused)


async def settle(town: Portal) -> None:
    """Whatever runs at night, and again: nothing more is booked."""
    await town.run_jobs()
    before = await Booking.all().count()
    await booking_days.book_all_by_default(clock.now())
    await town.run_jobs()
    assert await Booking.all().count() == before
