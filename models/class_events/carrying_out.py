"""A class event takes effect: its row at once, then family after family, each in a transaction of its own.

Killed anywhere, the next process goes on: what was cancelled is not booked any more. What was being paid meanwhile is
cancelled by `keep_class_days`, which the clock calls.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from tortoise.exceptions import IntegrityError

from models.bookings.booking import Booking
from models.bookings.family_request import FamilyRequest
from models.bookings.waiting_list import Waiting, decline, free_places
from models.class_events.affected import CANCELLED, Affected, Reach, affected, preview
from models.class_events.cancelled_day import CancelledDay
from models.commune.class_event import ClassEvent
from models.families.family import Family
from models.french.class_events import KINDS
from models.money import ledger
from models.rules import postings
from models.rules.booking import BookingState, WaitingState
from models.rules.postings import FamilyAccount
from models.rules.states.class_events import ClassEventKind
from models.rules.states.notices import NoticeKind
from models.rules.states.requests import RequestKind, RequestState
from models.storage.database import is_sqlite, retrying, rows, transaction
from models.work.audit_log import Event
from models.work.notice import Notice
from models.work.task import Task


class PreviewChanged(Exception):
    """What it would do is not what was read any more."""


@dataclass(frozen=True, slots=True)
class Wish:
    kind: ClassEventKind
    reach: Reach
    words: str  # what families read
    click: str


def reach_of(event: ClassEvent) -> Reach:
    classes = [(school, level) for school, level in event.classes]
    return Reach(event.year_id, classes, event.dates, event.activities)


async def begin(wish: Wish, read: str, member: int, now: datetime) -> ClassEvent:
    """From now on nothing is booked there; the rest follows. The same click is the same event.

    Raises PreviewChanged, and ValueError for a day that is over.
    """
    if min(wish.reach.days) < now.date():
        raise ValueError(wish.reach.days)
    if before := await ClassEvent.get_or_none(click=wish.click):
        return before
    if (await preview(wish.reach)).read != read:
        raise PreviewChanged
    try:
        return await retrying(lambda: _begin(wish, member, now))
    except IntegrityError:
        return await ClassEvent.get(click=wish.click)


async def _begin(wish: Wish, member: int, now: datetime) -> ClassEvent:
    async with transaction():
        event = await ClassEvent.create(
            year_id=wish.reach.year,
            kind=wish.kind,
            classes=[list(one) for one in wish.reach.classes],
            days=[day.isoformat() for day in sorted(wish.reach.days)],
            ends=max(wish.reach.days),
            activities=None if wish.reach.activities is None else list(wish.reach.activities),
            words=wish.words,
            made_at=now,
            made_by=f"member:{member}",
            click=wish.click,
        )
        await Event.note(
            now, event.made_by, "class_event.made", f"class_event:{event.id}",
            kind=event.kind, classes=event.classes, days=event.days,
        )  # fmt: skip
        await Task.later("cancel_class_days", event.id, key=f"class_event:{event.id}")
    return event


async def cancel_class_days(id: int, now: datetime) -> None:
    """Every family's days; done twice, it is done once."""
    event = await ClassEvent.get(id=id)
    found = await affected(reach_of(event))
    for family in sorted({one.family for one in found}):
        await retrying(partial(_cancel_of, event, family, now))
    for request in [one.request for one in found if one.state == BookingState.REQUESTED and one.request]:
        await FamilyRequest.refuse(request, int(event.made_by.split(":")[1]), event.words, now)
    await ClassEvent.filter(id=id, done_at=None).update(done_at=now)


async def keep_class_days(now: datetime) -> int:
    """What was booked or paid in the meantime, under every event that is not over. How many events were looked at."""
    ahead = await ClassEvent.filter(withdrawn_at=None, done_at__not_isnull=True, ends__gte=now.date())
    for event in ahead:
        await cancel_class_days(event.id, now)
    return len(ahead)


async def withdraw(id: int, member: int, now: datetime) -> bool:
    """Take it all back. False when it is too late, not yet done, or taken back already. Raises DoesNotExist."""
    return await retrying(lambda: _withdraw(id, member, now))


async def _withdraw(id: int, member: int, now: datetime) -> bool:
    async with transaction():
        standing = ClassEvent.filter(id=id, withdrawn_at=None)
        if not await standing.update(
            withdrawn_at=None
        ):  # a write first: it waits for a family that is being told
            return False
        event = await ClassEvent.get(id=id)
        if not event.is_reversible(now):
            return False
        who = f"member:{member}"
        await ClassEvent.filter(id=id).update(withdrawn_at=now, withdrawn_by=who)
        await Event.note(now, who, "class_event.withdrawn", f"class_event:{id}")
        await Task.later("return_class_days", id, key=f"class_event_back:{id}")
    return True


async def _stands(id: int) -> bool:
    """Is the event still to be carried out? Nobody takes it back before this transaction ends."""
    lock = "" if is_sqlite() else " FOR SHARE"  # there the transaction itself is the lock
    return bool(await rows(f"SELECT id FROM class_event WHERE id = ? AND withdrawn_at IS NULL{lock}", [id]))  # noqa: S608


async def _cancel_of(event: ClassEvent, family: int, now: datetime) -> None:
    async with Family.turn(family):
        if not await _stands(event.id):
            return
        mine = [one for one in await affected(reach_of(event), family) if one.state in CANCELLED]
        done = [one for one in mine if await _cancel(one, now)]
        if not done:
            return
        days = await _write(event, done)
        for one, day in zip(done, days, strict=True):
            if one.cents and one.till is not None:
                label = f"{KINDS[event.kind]} du {one.day:%d/%m/%Y}"
                account = FamilyAccount(family, one.till)
                posting = postings.given_back(account, day.key, one.activity, one.cents, label)
                await ledger.post(posting, at=now, actor=event.made_by)
        await free_places([one.opening for one in done if one.state == BookingState.CONFIRMED])
        await Event.note(
            now, event.made_by, "class_event.cancelled", f"class_event:{event.id}", family,
            bookings=[one.booking for one in done], cents=sum(one.cents for one in done),
        )  # fmt: skip
        await Notice.say(NoticeKind.CLASS_AWAY, family, f"cancelled_day:{days[0].id}", now)


async def _cancel(one: Affected, now: datetime) -> bool:
    """False when it is not as it was read: its family acted first, before this transaction began."""
    if one.state == BookingState.OFFERED:
        return await decline(one.booking, one.family, now, None)
    if not await Booking.move(one.booking, one.state, BookingState.CANCELLED, changed_at=now, billed=False):
        return False
    pending = FamilyRequest.filter(
        booking_id=one.booking, state=RequestState.PENDING
    )  # nothing is left to answer
    await pending.filter(kind=RequestKind.CANCELLATION).update(state=RequestState.WITHDRAWN, answered_at=now)
    if one.state == BookingState.WAITING:
        await Waiting.filter(booking_id=one.booking).update(state=WaitingState.LEFT)
    return True


async def _write(event: ClassEvent, done: Sequence[Affected]) -> list[CancelledDay]:
    """With their ids, in the same order."""
    made = [
        CancelledDay(event_id=event.id, booking_id=one.booking, was=one.state, cents=one.cents)
        for one in done
    ]
    await CancelledDay.bulk_create(made)
    bookings = [one.booking for one in done]
    stored = await CancelledDay.filter(event_id=event.id, booking_id__in=bookings, returned_at=None)
    by_booking = {day.booking_id: day for day in stored}
    return [by_booking[booking] for booking in bookings]
