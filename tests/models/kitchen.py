"""A caterer that is told of a day."""

from datetime import date

from jobs.emails.kitchen import send_list
from models import clock
from models.activities.slot import Slot
from models.bookings.day.kitchen_list import KitchenList
from models.settings import Settings


async def a_kitchen_is_told(settings: Settings, day: date) -> None:
    """The numbers of a day, and the e-mail with its files."""
    slot = await Slot.filter(activity__kind="meal").first()
    assert slot
    row = await KitchenList.create(
        slot_id=slot.id,
        day=day,
        closed_at=clock.now(),
        taken_at=clock.now(),
        expected=0,
        lines=[],
        recipient="cuisine@traiteur.example",
    )
    await send_list(settings, row.id)
