"""Who waits for a place of an opening, in which order, and to whom one is offered until when."""

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.booking import Booking
from models.cart import CartLine
from models.catalogue import catalogue
from models.child import Schooling
from models.database import retrying, transaction
from models.event import Event
from models.family import Family
from models.fields import Instant
from models.opening import Opening
from models.rules import capacity
from models.rules.deadlines import is_open
from models.task import Task


class Waiting(Model):
    id = fields.IntField(primary_key=True)
    booking: fields.ForeignKeyRelation[Booking] = fields.ForeignKeyField("models.Booking", "waits")
    opening: fields.ForeignKeyRelation[Opening] = fields.ForeignKeyField("models.Opening", "waits")
    priority = fields.IntField(default=0)  # set by the mairie only
    since = Instant()
    state = fields.CharField(max_length=10, default="waiting")  # waiting | offered | served | left | lapsed
    offered_until = Instant(null=True)

    booking_id: int
    opening_id: int

    class Meta:
        table = "waiting"


async def promote(opening: int, now: datetime) -> int:
    """Places became free: serve those who wait, in order, while there are places. Returns how many were served."""
    served = 0
    while await retrying(lambda: _serve_next(opening, now)):
        served += 1
    return served


async def _serve_next(opening: int, now: datetime) -> bool:
    """One place for the first in line: confirmed (month-end invoice) or offered until paid. False: nothing to do."""
    first = (
        await Waiting.filter(opening_id=opening, state="waiting").order_by("-priority", "since", "id").first()
    )
    if first is None:
        return False
    row = await Booking.get(id=first.booking_id).select_related("slot__activity")
    if not is_open(now, await closing(row)):
        return False  # nothing is promoted after the deadline
    async with transaction():
        await Family.lock(row.family_id)
        if not await Waiting.filter(id=first.id, state="waiting").exists():
            return True  # it left meanwhile: look at the next
        if not await Opening.take(opening):
            return False
        if row.slot.activity.billing == "prepaid":
            await offer(row, now, before="waiting")
        else:
            await Waiting.filter(id=first.id).update(state="served")
            await Booking.move(row.id, "waiting", "confirmed", changed_at=now)
            await Task.later("write_waiting", row.id, "confirmed", key=f"served:{row.id}")
        await Event.note(now, "clock", "waiting.served", f"booking:{row.id}", row.family_id)
    return True


async def offer(booking: Booking, now: datetime, before: str) -> None:
    """A prepaid place, taken already, is kept for the family until min(48 h, deadline − 2 h): it only has to pay.

    The line is put in its cart, so that the next « Payer » takes it. Call inside a transaction.
    """
    until = capacity.offer_until(now, await closing(booking))
    await Booking.move(booking.id, before, "offered", changed_at=now)
    changed = await Waiting.filter(booking_id=booking.id).update(state="offered", offered_until=until)
    if not changed:
        await Waiting.create(
            booking_id=booking.id,
            opening_id=booking.opening_id,
            since=now,
            state="offered",
            offered_until=until,
        )
    line = CartLine(
        family_id=booking.family_id,
        child_id=booking.child_id,
        slot_id=booking.slot_id,
        day=booking.day,
        action="add",
        cents=booking.cents,
        reason=booking.reason,
        made_at=now,
    )
    await CartLine.bulk_create([line], ignore_conflicts=True)
    await Task.later("write_waiting", booking.id, "offered", key=f"offered:{booking.id}")


async def decline(booking: int, family: int, now: datetime, by: int | None) -> None:
    """The family leaves an offered place to the next one. Call inside a transaction."""
    if await _end_offer(booking, "left", now):
        who = f"guardian:{by}" if by else "clock"
        await Event.note(now, who, "waiting.left", f"booking:{booking}", family)


async def lapse_offers(now: datetime) -> int:
    """Offers nobody answered in time go to the next in line. Returns how many."""
    over = await Waiting.filter(state="offered", offered_until__lt=now, booking__state="offered")
    for row in over:
        booking = await Booking.get(id=row.booking_id)
        async with transaction():
            await Family.lock(booking.family_id)
            if await _end_offer(row.booking_id, "lapsed", now):
                await Task.later("write_waiting", row.booking_id, "lapsed", key=f"lapsed:{row.booking_id}")
    return len(over)


async def _end_offer(booking: int, how: str, now: datetime) -> bool:
    if not await Booking.move(booking, "offered", "cancelled", changed_at=now, billed=False):
        return False
    row = await Booking.get(id=booking)
    await Waiting.filter(booking_id=booking).update(state=how)
    await CartLine.filter(
        family_id=row.family_id, child_id=row.child_id, slot_id=row.slot_id, day=row.day, action="add"
    ).delete()
    await Opening.give_back([row.opening_id])
    await Task.later("promote", row.opening_id)
    return True


async def closing(booking: Booking) -> datetime:
    """Until when this day could be booked."""
    known = await catalogue()
    activity = known.activity_of(booking.slot_id)
    schooling = (
        await Schooling.filter(child_id=booking.child_id, year_id=activity.year)
        .select_related("school")
        .first()
    )
    return known.closes(booking.slot_id, "book", booking.day, schooling.school.code if schooling else "")
