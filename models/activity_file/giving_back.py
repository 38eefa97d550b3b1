"""The mairie closes days that are booked: each is given back, what was paid becomes an avoir, its family is told."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from models.bookings.booking import Booking
from models.bookings.family_request import ANSWERS, Answer, FamilyRequest
from models.bookings.redefinition import LostBooking
from models.bookings.waiting_list import take_back_rank
from models.families.family import Family
from models.rules.booking import BookingState
from models.rules.states.notices import NoticeKind
from models.rules.states.requests import RequestKind, RequestState
from models.storage.database import retrying, transaction
from models.work.audit_log import Event
from models.work.notice import Notice


async def give_back(
    activity: int, lost: Sequence[LostBooking], reason: str, key: str, member: int, now: datetime
) -> int:
    """Family by family, in a short transaction each; how many days. Done twice, each is given back once.

    `key` names what closed them: a family is told of it once, whatever is done again.
    """
    of_family: defaultdict[int, list[int]] = defaultdict(list)
    for one in lost:
        of_family[one.family].append(one.id)
    given = 0
    for family, bookings in sorted(of_family.items()):
        closing = _Closing(activity, family, sorted(bookings), reason, key, member, now)
        given += await retrying(closing.give_back)
    return given


class _Closing:
    """The days of one family."""

    def __init__(
        self,
        activity: int,
        family: int,
        bookings: list[int],
        reason: str,
        key: str,
        member: int,
        now: datetime,
    ) -> None:
        self.activity, self.family, self.bookings = activity, family, bookings
        self.reason, self.key, self.member, self.now = reason, key, member, now

    async def give_back(self) -> int:
        async with transaction():
            await Family.lock(self.family)
            ranks = Booking.filter(id__in=self.bookings, family_id=self.family, state=BookingState.WAITING)
            for row in await ranks.filter(by_default=True).order_by("id"):
                await take_back_rank(row.id, self.family, f"member:{self.member}", self.now)
            mine = Booking.filter(id__in=self.bookings, family_id=self.family, state=BookingState.CONFIRMED)
            rows = await mine.order_by("day", "id").select_related("slot", "child")
            for row in rows:
                await self._cancel(row.id)
            if rows:
                await self._tell(rows)
            return len(rows)

    async def _cancel(self, booking: int) -> None:
        """As if the family had asked for it and the mairie said yes."""
        pending = FamilyRequest.filter(booking_id=booking, state=RequestState.PENDING)
        theirs = await pending.exists()
        if not theirs:
            await FamilyRequest.ask(RequestKind.CANCELLATION, self.family, booking, self.now)
        asked = await pending.get()
        await FamilyRequest.filter(id=asked.id).update(
            state=RequestState.ACCEPTED,
            reason=self.reason,
            answered_at=self.now,
            answered_by_id=self.member,
        )
        actor = f"member:{self.member}"
        await ANSWERS[RequestKind.CANCELLATION].accept(Answer(asked, self.now, actor, self.reason))
        await Booking.filter(id=booking).update(note=self.reason, returns=not theirs)
        await Event.note(
            self.now, actor, "request.accepted", f"request:{asked.id}", self.family,
            closed=f"activity:{self.activity}", reason=self.reason,
        )  # fmt: skip

    async def _tell(self, rows: Sequence[Booking]) -> None:
        days = [
            {
                "day": row.day.isoformat(),
                "child": row.child.first_name,
                "slot": row.slot.name,
                "cents": row.cents,
            }
            for row in rows
        ]
        await Notice.say(
            NoticeKind.DAYS_CLOSED, self.family, f"activity:{self.activity}", self.now,
            key=f"{self.key}:{self.family}", days=days, reason=self.reason,
        )  # fmt: skip
