"""What a family asks and the mairie answers (démarche): a booking, a cancellation, a change of its file.

What an answer does is said by kind, in ANSWERS: a kind without its line there cannot be answered. Those that need the
verbs of the family's file stand in `models/family_file/request_answers.py`. What a family does that takes its request
back is in WITHDRAWN.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.activities.opening import Opening
from models.bookings.absence import Absence
from models.bookings.booking import Booking
from models.bookings.order import Order
from models.bookings.roll.owing import owe
from models.bookings.waiting_list import Waiting, closing, free_places, offer
from models.families.family import Family
from models.families.file_change import FileChanged, change_file
from models.money import ledger
from models.rules import capacity, postings
from models.rules.booking import BookingState, WaitingState
from models.rules.postings import FamilyAccount
from models.rules.states.notices import NoticeKind
from models.rules.states.orders import Billing
from models.rules.states.requests import OF_THE_FILE, SEVERAL, RequestKind, RequestState
from models.storage.database import retrying, transaction
from models.storage.fields import Instant
from models.work.audit_log import Event
from models.work.notice import Notice

MOST_PENDING = 20  # changes of its file that a family may wait for


class DayOver(Exception):
    """The day that was asked for has passed: its request can only be refused."""


class AlreadyAsked(Exception):
    """The same waits for an answer already, or too much does."""


class FamilyRequest(Model):
    id = fields.IntField(primary_key=True)
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField("models.Family", "requests")
    kind = fields.CharField(max_length=20)  # a RequestKind
    subject = fields.CharField(max_length=100)  # as the journal names it: "booking:12", "guardian:3"
    booking: fields.ForeignKeyNullableRelation[Booking] = fields.ForeignKeyField(
        "models.Booking", "requests", null=True
    )
    before: Any = fields.JSONField(null=True)  # of a change of the file: column → value
    after: Any = fields.JSONField(null=True)
    form = fields.CharField(max_length=64, null=True)  # the one that asked a change, sent twice or not
    state = fields.CharField(max_length=10, default=RequestState.PENDING.value)
    reason = fields.TextField(null=True)
    made_at = Instant()
    answered_at = Instant(null=True)
    answered_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", "answers", null=True, on_delete=fields.SET_NULL
    )

    family_id: int
    booking_id: int | None
    answered_by_id: int | None

    class Meta:
        table = "request"

    @classmethod
    async def ask(cls, kind: RequestKind, family: int, booking: int, now: datetime) -> None:
        """A booking is wanted, or a booked day is to be given back."""
        subject = f"booking:{booking}"
        await cls.create(family_id=family, kind=kind, subject=subject, booking_id=booking, made_at=now)

    @classmethod
    async def ask_change(cls, said: "Asked", by: str, now: datetime) -> "FamilyRequest":
        """A change of the file that needs the mairie. Call inside a transaction, after Family.lock.

        The same form twice is one request. Raises AlreadyAsked.
        """
        if known := await cls.get_or_none(family_id=said.family, form=said.form):
            return known
        waiting = cls.filter(family_id=said.family, kind__in=OF_THE_FILE, state=RequestState.PENDING)
        same = [row for row in await waiting if row.kind == said.kind and row.subject == said.subject]
        alone = said.kind not in SEVERAL
        if (alone and any(row.after.keys() & said.after.keys() for row in same)) or len(
            await waiting
        ) >= MOST_PENDING:
            raise AlreadyAsked
        row = await cls.create(
            family_id=said.family, kind=said.kind, subject=said.subject, before=said.before, after=said.after,
            form=said.form, made_at=now,
        )  # fmt: skip
        await Event.note(now, by, "request.made", f"request:{row.id}", said.family, kind=said.kind)
        return row

    @classmethod
    async def withdraw(cls, id: int, family: int, by: str, now: datetime) -> bool:
        """The family takes it back (« Supprimer »), before an answer. False when it was answered, or is not theirs."""
        return await retrying(lambda: cls._withdraw(id, family, by, now))

    @classmethod
    async def _withdraw(cls, id: int, family: int, by: str, now: datetime) -> bool:
        async with transaction():
            await Family.lock(family)
            pending = cls.filter(id=id, family_id=family, state=RequestState.PENDING)
            if not await pending.update(state=RequestState.WITHDRAWN, answered_at=now):
                return False
            request = await cls.get(id=id)
            await WITHDRAWN[request.kind](Answer(request, now, by, ""))
            await Event.note(now, by, "request.withdrawn", f"request:{id}", family)
            return True

    @classmethod
    async def accept(cls, id: int, member: int, now: datetime) -> bool:
        """The mairie says yes, and it is done now. False when it was answered before.

        Raises DayOver, FileChanged.
        """
        return await retrying(lambda: cls._answer(id, member, now, None))

    @classmethod
    async def refuse(cls, id: int, member: int, reason: str, now: datetime) -> bool:
        """The mairie says no, and why; the parent reads the reason. False when it was answered before."""
        return await retrying(lambda: cls._answer(id, member, now, reason))

    @classmethod
    async def _answer(cls, id: int, member: int, now: datetime, refusal: str | None) -> bool:
        request = await cls.get(id=id)
        state = RequestState.ACCEPTED if refusal is None else RequestState.REFUSED
        async with transaction():
            await Family.lock(request.family_id)
            if not await cls.filter(id=id, state=RequestState.PENDING).update(
                state=state, reason=refusal, answered_at=now, answered_by_id=member
            ):
                return False
            answer = Answer(request, now, f"member:{member}", refusal or "")
            verbs = ANSWERS[request.kind]
            await (verbs.accept if refusal is None else verbs.refuse)(answer)
            await Event.note(now, answer.actor, f"request.{state}", f"request:{id}", request.family_id)
            await Notice.say(NoticeKind.REQUEST_ANSWERED, request.family_id, f"request:{id}", now)
            return True

    @classmethod
    async def accept_all(cls, ids: Iterable[int], member: int, now: datetime) -> list[int]:
        """Oldest first; each is its own decision, so that a full day stops no other.

        Those that can only be refused stay.
        """
        over = []
        for id in sorted(set(ids)):
            try:
                await cls.accept(id, member, now)
            except (DayOver, FileChanged):
                over.append(id)
        return over

    @property
    def click(self) -> str:
        """The nonce of the order that a late acceptance makes."""
        return f"request:{self.id}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A change that a family wants: of what, from what it saw to what it is to be. `form` is the form's own name."""

    family: int
    kind: RequestKind
    subject: str
    before: dict[str, Any]
    after: dict[str, Any]
    form: str


@dataclass(frozen=True, slots=True)
class Answer:
    request: FamilyRequest
    now: datetime
    actor: str
    reason: str  # of a refusal


Verb = Callable[[Answer], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Verbs:
    """What an answer does, inside its transaction: the family is locked and the request answered."""

    accept: Verb
    refuse: Verb


async def _book(answer: Answer) -> None:
    """A place, if there is one and nobody waits for it; else a rank. The e-mail of the answer tells which.

    Prepaid: offered until it is paid; too late for that, owed.
    """
    now = answer.now
    row = await Booking.get(id=answer.request.booking_id).select_related("slot__activity")
    if capacity.is_over(now, row.day):
        raise DayOver(answer.request.id)
    queue = await Waiting.filter(opening_id=row.opening_id, state=WaitingState.WAITING).exists()
    if queue or not await Opening.take(row.opening_id):
        if await Booking.move(row.id, BookingState.REQUESTED, BookingState.WAITING, changed_at=now):
            await Waiting.create(booking_id=row.id, opening_id=row.opening_id, since=now)
    elif row.slot.activity.billing != Billing.PREPAID:
        await Booking.move(row.id, BookingState.REQUESTED, BookingState.CONFIRMED, changed_at=now)
    elif capacity.can_offer(now, await closing(row)):
        await offer(row, now, before=BookingState.REQUESTED)
    else:
        await _owe(answer, row)


async def _owe(answer: Answer, row: Booking) -> None:
    """Confirmed without a payment."""
    order = await owe(row, answer.request.click, answer.now, answer.actor)
    await Booking.move(
        row.id, BookingState.REQUESTED, BookingState.CONFIRMED, order_id=order.id, changed_at=answer.now
    )


async def _leave_unbooked(answer: Answer) -> None:
    await Booking.move(
        answer.request.booking_id or 0, BookingState.REQUESTED, BookingState.REFUSED,
        note=answer.reason, changed_at=answer.now, billed=False,
    )  # fmt: skip


async def _cancel(answer: Answer) -> None:
    """The place is free; what was paid becomes a credit. An absence told of that day costs nothing."""
    booking = answer.request.booking_id or 0
    await _give_back(booking, answer.now)
    await Absence.filter(booking_id=booking).update(billed=False)


async def _keep_booked(answer: Answer) -> None:
    """The day stays billed, whatever absence was told."""
    await Absence.filter(booking_id=answer.request.booking_id).update(billed=True)


async def _change_file(answer: Answer) -> None:
    request = answer.request
    await change_file(request.family_id, request.subject, request.before, request.after)
    await Event.note(
        answer.now, answer.actor, "file.changed", request.subject, request.family_id,
        before=request.before, after=request.after,
    )  # fmt: skip


async def _leave_file(answer: Answer) -> None:
    """Nothing was changed before the answer, so nothing is to be taken back."""


ANSWERS: dict[str, Verbs] = {
    RequestKind.BOOKING: Verbs(accept=_book, refuse=_leave_unbooked),
    RequestKind.CANCELLATION: Verbs(accept=_cancel, refuse=_keep_booked),
    RequestKind.FILE_CHANGE: Verbs(accept=_change_file, refuse=_leave_file),
}


async def _unbook(answer: Answer) -> None:
    """The day was never booked: nothing is owed of it."""
    await Booking.move(
        answer.request.booking_id or 0, BookingState.REQUESTED, BookingState.CANCELLED,
        changed_at=answer.now, billed=False,
    )  # fmt: skip


WITHDRAWN: dict[str, Verb] = {
    RequestKind.BOOKING: _unbook,
    RequestKind.CANCELLATION: _keep_booked,
    **dict.fromkeys(OF_THE_FILE, _leave_file),
}


async def _give_back(booking: int, now: datetime) -> None:
    if not await Booking.move(
        booking, BookingState.CONFIRMED, BookingState.CANCELLED, changed_at=now, billed=False
    ):
        return
    row = await Booking.get(id=booking).select_related("slot__activity", "order")
    await free_places([row.opening_id])
    activity = row.slot.activity
    if activity.billing == Billing.PREPAID and row.cents and isinstance(row.order, Order):
        label = f"Annulation du {row.day:%d/%m/%Y}"
        family_account = FamilyAccount(row.family_id, row.order.till_id)
        posting = postings.given_back(family_account, f"cancel:{booking}", activity.code, row.cents, label)
        await ledger.post(posting, at=now, actor="mairie")
