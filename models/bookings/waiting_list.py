"""Who waits for a place of an opening, in which order, and to whom one is offered until when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from tortoise import fields
from tortoise.models import Model

from models.activities.catalogue import Catalogue, current_catalogue
from models.activities.opening import Opening
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.families.child import Schooling
from models.families.family import Family
from models.rules import capacity
from models.rules.booking import BookingState, WaitingState
from models.rules.deadlines import utc
from models.rules.states.notices import NoticeKind
from models.rules.states.orders import Billing, LineAction
from models.storage.database import as_date, as_instant, marks, retrying, rows, transaction
from models.storage.fields import Instant
from models.work.audit_log import Event
from models.work.notice import Notice
from models.work.task import Task


class Waiting(Model):
    id = fields.IntField(primary_key=True)
    booking: fields.ForeignKeyRelation[Booking] = fields.ForeignKeyField("models.Booking", "waits")
    opening: fields.ForeignKeyRelation[Opening] = fields.ForeignKeyField("models.Opening", "waits")
    priority = fields.IntField(default=0)  # set by the mairie only, above 0
    since = Instant()
    state = fields.CharField(max_length=10, default=WaitingState.WAITING.value)
    offered_until = Instant(null=True)

    booking_id: int
    opening_id: int

    class Meta:
        table = "waiting"


# The rank of the row `mine` among those who wait for the same opening, 1 for the next in line: as capacity.in_line.
RANK = f"""(
  SELECT COUNT(*) FROM waiting AS ahead
  WHERE ahead.opening_id = mine.opening_id AND ahead.state = '{WaitingState.WAITING}'
  AND (-ahead.priority, ahead.since, ahead.id) <= (-mine.priority, mine.since, mine.id)
)"""  # noqa: S608


async def ranks(bookings: Collection[int]) -> dict[int, int]:
    """The rank of each of these bookings that waits."""
    ids = list(bookings)
    found = await rows(_RANKS.format(bookings=marks(ids)), ids)
    return {row["booking_id"]: int(row["rank"]) for row in found}


_RANKS = (
    f"SELECT mine.booking_id, {RANK} AS rank FROM waiting AS mine "  # noqa: S608
    f"WHERE mine.state = '{WaitingState.WAITING}' AND mine.booking_id IN ({{bookings}})"
)


async def promote(opening: int, now: datetime) -> int:
    """Places became free: serve those who wait, in order, while there are places. Returns how many were served."""
    served = 0
    while await retrying(lambda: _serve_next(opening, now)):
        served += 1
    return served


async def _serve_next(opening: int, now: datetime) -> bool:
    """One place for the first in line: confirmed (month-end invoice) or offered until paid. False: nothing to do."""
    first = await _next_in_line(opening, now)
    if first is None:
        return False
    row = await Booking.get(id=first.booking).select_related("slot__activity")
    async with transaction():
        await Family.lock(row.family_id)
        if not await Waiting.filter(id=first.wait.id, state=WaitingState.WAITING).exists():
            return True  # it left meanwhile: look at the next
        if not await Opening.take(opening):
            return False
        if row.slot.activity.billing == Billing.PREPAID:
            await offer(row, now, before=BookingState.WAITING)
            await Notice.say(NoticeKind.PLACE_OFFERED, row.family_id, f"booking:{row.id}", now)
        else:
            await Waiting.filter(id=first.wait.id).update(state=WaitingState.SERVED)
            await Booking.move(row.id, BookingState.WAITING, BookingState.CONFIRMED, changed_at=now)
            await Notice.say(NoticeKind.PLACE_CONFIRMED, row.family_id, f"booking:{row.id}", now)
        await Event.note(now, "clock", "waiting.served", f"booking:{row.id}", row.family_id)
    return True


@dataclass(frozen=True, slots=True)
class _Waits:
    wait: capacity.Wait
    booking: int
    slot: int
    day: date
    school: str
    by_default: bool


async def _next_in_line(opening: int, now: datetime) -> _Waits | None:
    """The first whom a place can still be given; for whom it is too late keeps the rank."""
    waits = {row["id"]: _waits(row) for row in await rows(_LINE, [opening])}
    if not waits:
        return None
    catalogue = await current_catalogue()
    for wait in capacity.in_line(one.wait for one in waits.values()):
        one = waits[wait.id]
        closes = served_until(catalogue, one.slot, one.day, one.school, by_default=one.by_default)
        if capacity.can_serve(now, closes, prepaid=catalogue.activity_of(one.slot).prepaid):
            return one
    return None


def served_until(catalogue: Catalogue, slot: int, day: date, school: str, *, by_default: bool) -> datetime:
    """Until when a rank may become a place; one that nobody asked for, while its family can untick the place."""
    limits = ("book", "cancel") if by_default else ("book",)
    return min((catalogue.closes(slot, action, day, school) for action in limits), key=utc)


def _waits(row: dict[str, Any]) -> _Waits:
    wait = capacity.Wait(row["id"], row["priority"], cast(datetime, as_instant(row["since"])))
    by_default = bool(row["by_default"])
    return _Waits(
        wait, row["booking_id"], row["slot_id"], as_date(row["day"]), row["school"] or "", by_default
    )


_LINE = f"""
SELECT waiting.id, waiting.priority, waiting.since, waiting.booking_id, booking.slot_id, booking.day,
  booking.by_default, school.code AS school
FROM waiting JOIN booking ON booking.id = waiting.booking_id JOIN slot ON slot.id = booking.slot_id
JOIN activity ON activity.id = slot.activity_id
LEFT JOIN schooling ON schooling.child_id = booking.child_id AND schooling.year_id = activity.year_id
LEFT JOIN school ON school.id = schooling.school_id
WHERE waiting.opening_id = ? AND waiting.state = '{WaitingState.WAITING}'
"""  # noqa: S608


async def offer(booking: Booking, now: datetime, before: BookingState) -> None:
    """A prepaid place, taken already, is kept for the family until min(48 h, deadline − 2 h): it only has to pay.

    The line is put in its cart, so that the next « Payer » takes it. Call inside a transaction, while
    capacity.can_offer, and have the family told.
    """
    until = capacity.offer_until(now, await closing(booking))
    await Booking.move(booking.id, before, BookingState.OFFERED, changed_at=now)
    changed = await Waiting.filter(booking_id=booking.id).update(
        state=WaitingState.OFFERED, offered_until=until
    )
    if not changed:
        await Waiting.create(
            booking_id=booking.id,
            opening_id=booking.opening_id,
            since=now,
            state=WaitingState.OFFERED,
            offered_until=until,
        )
    line = CartLine(
        family_id=booking.family_id,
        child_id=booking.child_id,
        slot_id=booking.slot_id,
        day=booking.day,
        action=LineAction.ADD,
        cents=booking.cents,
        reason=booking.reason,
        tariff_id=booking.tariff_id,
        made_at=now,
    )
    await CartLine.bulk_create([line], ignore_conflicts=True)


async def leave(booking: int, family: int, now: datetime, by: int | None) -> bool:
    """« Laisser la place »: false when the family is offered no such place, or is paying for it."""
    async with transaction():
        await Family.lock(family)
        mine = await Booking.exists(id=booking, family_id=family)
        return mine and await decline(booking, family, now, by)


async def decline(booking: int, family: int, now: datetime, by: int | None) -> bool:
    """The family leaves an offered place to the next one. Call inside a transaction, after Family.lock."""
    if not await _end_offer(booking, WaitingState.LEFT, now):
        return False
    who = f"guardian:{by}" if by else "clock"
    await Event.note(now, who, "waiting.left", f"booking:{booking}", family)
    return True


async def take_back_rank(booking: int, family: int, actor: str, now: datetime) -> bool:
    """The mairie takes a rank back that the portal had taken by itself: its day, or its enrolment, is no more.

    False when it was given up or served. Call inside a transaction, after Family.lock.
    """
    if not await Booking.move(
        booking, BookingState.WAITING, BookingState.CANCELLED, changed_at=now, billed=False, returns=True
    ):
        return False
    await Waiting.filter(booking_id=booking).update(state=WaitingState.LEFT)
    await Event.note(now, actor, "waiting.taken_back", f"booking:{booking}", family)
    return True


async def lapse_offers(now: datetime) -> int:
    """Offers nobody answered in time go to the next in line. Returns how many."""
    over = await Waiting.filter(
        state=WaitingState.OFFERED, offered_until__lt=now, booking__state=BookingState.OFFERED
    )
    for row in over:
        booking = await Booking.get(id=row.booking_id)
        async with transaction():
            await Family.lock(booking.family_id)
            if await _end_offer(row.booking_id, WaitingState.LAPSED, now):
                about = f"booking:{row.booking_id}"
                await Notice.say(NoticeKind.PLACE_LAPSED, booking.family_id, about, now)
    return len(over)


async def _end_offer(booking: int, how: WaitingState, now: datetime) -> bool:
    if not await Booking.move(
        booking, BookingState.OFFERED, BookingState.CANCELLED, changed_at=now, billed=False
    ):
        return False
    row = await Booking.get(id=booking)
    await Waiting.filter(booking_id=booking).update(state=how)
    await drop_offered_line(row)
    await free_places([row.opening_id])
    return True


async def drop_offered_line(booking: Booking) -> None:
    """The line that `offer` put in the family's cart leaves it."""
    await CartLine.filter(
        family_id=booking.family_id,
        child_id=booking.child_id,
        slot_id=booking.slot_id,
        day=booking.day,
        action=LineAction.ADD,
    ).delete()


async def free_places(openings: Collection[int]) -> None:
    """Free one place for each opening named, and have those who wait for it served. Call inside a transaction."""
    await Opening.give_back(openings)
    for opening in sorted(set(openings)):
        await Task.later("promote", opening)


async def closing(booking: Booking) -> datetime:
    """Until when this day could be booked."""
    catalogue = await current_catalogue()
    activity = catalogue.activity_of(booking.slot_id)
    schooling = (
        await Schooling.filter(child_id=booking.child_id, year_id=activity.year)
        .select_related("school")
        .first()
    )
    return catalogue.closes(booking.slot_id, "book", booking.day, schooling.school.code if schooling else "")
