"""An answer of the mairie taken back: the request waits again, as if nobody had answered it.

Only while nothing of it is final: the family has not been told, no entry was posted, the place is free still, and the
family has changed nothing since. What an answer did is undone by kind and answer, in UNDONE.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from enum import StrEnum

from tortoise.exceptions import IntegrityError

from models.activities.opening import Opening
from models.bookings.absence import Absence
from models.bookings.booking import Booking
from models.bookings.family_request import FamilyRequest
from models.bookings.order import Order
from models.bookings.waiting_list import Waiting, drop_offered_line, free_places
from models.families.family import Family
from models.families.file_change import FileChanged, change_file
from models.money.ledger import Entry
from models.rules.booking import BookingState
from models.rules.states.notices import NoticeKind
from models.rules.states.requests import RequestKind, RequestState
from models.storage.database import retrying, transaction
from models.work.audit_log import Event
from models.work.notice import Notice


class Final(StrEnum):
    """Why an answer stays."""

    TOLD = "told"  # the family has been told
    POSTED = "posted"  # it is in the family's account, where no entry is taken away
    TAKEN = "taken"  # somebody else has the place by now
    CHANGED = "changed"  # the day, or the file, is no longer as the answer left it


class AnswerStays(Exception):
    def __init__(self, request: int, why: Final) -> None:
        super().__init__(request, why)
        self.why = why


async def reopen(id: int, member: int, now: datetime) -> bool:
    """Take back the answer that this member gave. False when they gave none, or took it back already.

    Raises AnswerStays.
    """
    try:
        return await retrying(lambda: _reopen(id, member, now))
    except IntegrityError:  # the day was booked again by the other household, or is asked about again
        raise AnswerStays(id, Final.CHANGED) from None


async def _reopen(id: int, member: int, now: datetime) -> bool:
    family = (await FamilyRequest.get(id=id)).family_id
    async with transaction():
        await Family.lock(family)
        request = await FamilyRequest.get(id=id)
        answer = (RequestKind(request.kind), RequestState(request.state))
        if answer not in UNDONE or request.answered_by_id != member:
            return False
        if not await Notice.unsay(NoticeKind.REQUEST_ANSWERED, f"request:{id}"):
            raise AnswerStays(id, Final.TOLD)
        await UNDONE[answer](request, now)
        await FamilyRequest.filter(id=id).update(
            state=RequestState.PENDING, reason=None, answered_at=None, answered_by_id=None
        )
        await Event.note(
            now, f"member:{member}", "request.reopened", f"request:{id}", family, was=request.state
        )  # fmt: skip
        return True


# What an acceptance makes of a day.
ACCEPTED = (BookingState.WAITING, BookingState.OFFERED, BookingState.CONFIRMED)


async def _unbook(request: FamilyRequest, now: datetime) -> None:
    """The place, the offer or the rank that the acceptance gave."""
    row = await _day_of(request)
    if await Order.exists(family_id=request.family_id, click=request.click):
        raise AnswerStays(request.id, Final.POSTED)
    if await Notice.exists(about=f"booking:{row.id}"):  # it waited, and was told of its place since
        raise AnswerStays(request.id, Final.TOLD)
    if row.state not in ACCEPTED or await Absence.exists(booking_id=row.id):
        raise AnswerStays(request.id, Final.CHANGED)
    await _ask_again(request, BookingState(row.state), now)
    await Waiting.filter(booking_id=row.id).delete()
    if row.state == BookingState.OFFERED:
        await drop_offered_line(row)
    if row.state != BookingState.WAITING:
        await free_places([row.opening_id])


async def _unrefuse_booking(request: FamilyRequest, now: datetime) -> None:
    await _ask_again(request, BookingState.REFUSED, now)


async def _ask_again(request: FamilyRequest, before: BookingState, now: datetime) -> None:
    changes = {"changed_at": now, "note": None, "billed": True}
    if not await Booking.move(request.booking_id or 0, before, BookingState.REQUESTED, **changes):
        raise AnswerStays(request.id, Final.CHANGED)


async def _take_again(request: FamilyRequest, now: datetime) -> None:
    """The day that was given back is booked as before. A paid one has its credit, which stays."""
    row = await _day_of(request)
    if await Entry.exists(key=f"cancel:{row.id}"):
        raise AnswerStays(request.id, Final.POSTED)
    if not await Opening.take(row.opening_id):
        raise AnswerStays(request.id, Final.TAKEN)
    if not await Booking.move(
        row.id, BookingState.CANCELLED, BookingState.CONFIRMED, changed_at=now, billed=True, returns=False
    ):
        raise AnswerStays(request.id, Final.CHANGED)
    await _absence_as_asked(request)


async def _unrefuse_cancellation(request: FamilyRequest, now: datetime) -> None:
    if (await _day_of(request)).state != BookingState.CONFIRMED:
        raise AnswerStays(request.id, Final.CHANGED)
    await _absence_as_asked(request)


async def _absence_as_asked(request: FamilyRequest) -> None:
    """Told with the request, an absence costs nothing until the answer; told before it, the day was billed."""
    told = Absence.filter(booking_id=request.booking_id)
    await told.filter(told_at__gte=request.made_at).update(billed=False)
    await told.filter(told_at__lt=request.made_at).update(billed=True)


async def _unchange_file(request: FamilyRequest, now: datetime) -> None:
    try:
        await change_file(request.family_id, request.subject, request.after, request.before)
    except FileChanged:
        raise AnswerStays(request.id, Final.CHANGED) from None
    await Event.note(
        now, f"member:{request.answered_by_id}", "file.changed", request.subject, request.family_id,
        before=request.after, after=request.before,
    )  # fmt: skip


async def _nothing(request: FamilyRequest, now: datetime) -> None:
    """A refused change of the file changed nothing."""


async def _day_of(request: FamilyRequest) -> Booking:
    return await Booking.get(id=request.booking_id)


UNDONE: dict[tuple[RequestKind, RequestState], Callable[[FamilyRequest, datetime], Awaitable[None]]] = {
    (RequestKind.BOOKING, RequestState.ACCEPTED): _unbook,
    (RequestKind.BOOKING, RequestState.REFUSED): _unrefuse_booking,
    (RequestKind.CANCELLATION, RequestState.ACCEPTED): _take_again,
    (RequestKind.CANCELLATION, RequestState.REFUSED): _unrefuse_cancellation,
    (RequestKind.FILE_CHANGE, RequestState.ACCEPTED): _unchange_file,
    (RequestKind.FILE_CHANGE, RequestState.REFUSED): _nothing,
}
