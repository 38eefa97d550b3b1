"""What a parent asked and the mairie answers (démarche): a booking, or the cancellation of one."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.activities.opening import Opening
from models.bookings.absence import Absence
from models.bookings.booking import Booking
from models.bookings.order import Order, OrderLine
from models.bookings.waiting_list import Waiting, closing, offer
from models.families.family import Family
from models.money import ledger
from models.rules import capacity, postings
from models.rules.checkout import on_account
from models.rules.postings import FamilyAccount
from models.storage.database import retrying, transaction
from models.storage.fields import Instant
from models.work.audit_log import Event
from models.work.task import Task

GATHERED = 20.0  # seconds: what is answered to a family meanwhile is told in one letter


class DayOver(Exception):
    """The day that was asked for has passed: its request can only be refused."""


class Request(Model):
    id = fields.IntField(primary_key=True)
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField("models.Family", "requests")
    booking: fields.ForeignKeyRelation[Booking] = fields.ForeignKeyField("models.Booking", "requests")
    kind = fields.CharField(max_length=10)  # book | cancel
    state = fields.CharField(max_length=10, default="pending")  # pending | accepted | refused | withdrawn
    reason = fields.TextField(null=True)
    made_at = Instant()
    answered_at = Instant(null=True)
    told_at = Instant(null=True)  # when the letter of the answer was written
    answered_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", "answers", null=True, on_delete=fields.SET_NULL
    )

    family_id: int
    booking_id: int
    answered_by_id: int | None

    class Meta:
        table = "request"

    @classmethod
    async def accept(cls, id: int, member: int, now: datetime) -> bool:
        """The mairie says yes: the place is taken now, or given back. False when it was answered before.

        Raises DayOver.
        """
        return await retrying(lambda: cls._answer(id, member, now, None))

    @classmethod
    async def refuse(cls, id: int, member: int, reason: str, now: datetime) -> bool:
        """The mairie says no, and why; the parent reads the reason. False when it was answered before."""
        return await retrying(lambda: cls._answer(id, member, now, reason))

    @classmethod
    async def _answer(cls, id: int, member: int, now: datetime, refusal: str | None) -> bool:
        request = await cls.get(id=id)
        async with transaction():
            await Family.lock(request.family_id)
            state = "accepted" if refusal is None else "refused"
            if not await cls.filter(id=id, state="pending").update(
                state=state, reason=refusal, answered_at=now, answered_by_id=member
            ):
                return False
            if refusal is None and request.kind == "book":
                await request._book(now, f"member:{member}")
            elif refusal is None:
                await _cancel(request.booking_id, now)
            elif request.kind == "book":
                await Booking.move(
                    request.booking_id, "requested", "refused", note=refusal, changed_at=now, billed=False
                )
            if request.kind == "cancel":
                await Absence.filter(booking_id=request.booking_id).update(billed=refusal is not None)
            await Event.note(now, f"member:{member}", f"request.{state}", f"request:{id}", request.family_id)
            await Task.later("write_answer", id, key=f"answer:{id}", after=GATHERED)
            return True

    @classmethod
    async def accept_all(cls, ids: Iterable[int], member: int, now: datetime) -> list[int]:
        """Oldest first; each is its own decision, so that a full day stops no other. Those whose day is over stay."""
        over = []
        for id in sorted(set(ids)):
            try:
                await cls.accept(id, member, now)
            except DayOver:
                over.append(id)
        return over

    @classmethod
    async def untold(cls, family: int) -> list["Request"]:
        """Answers that no letter has told yet."""
        answered = cls.filter(family_id=family, state__in=("accepted", "refused"), told_at=None)
        return await answered.order_by("id")

    @classmethod
    async def tell(cls, family: int, ids: Sequence[int], now: datetime) -> bool:
        """They are told now, in the transaction that keeps the letter. False: others are untold meanwhile."""
        await Family.lock(family)
        if [request.id for request in await cls.untold(family)] != list(ids):
            return False
        await cls.filter(id__in=list(ids)).update(told_at=now)
        return True

    @property
    def click(self) -> str:
        """The nonce of the order that a late acceptance makes."""
        return f"request:{self.id}"

    async def _book(self, now: datetime, actor: str) -> None:
        """Accepted: a place, if there is one and nobody waits for it; else a rank. The answer's letter tells which.

        Prepaid: offered until it is paid; too late for that, owed.
        """
        row = await Booking.get(id=self.booking_id).select_related("slot__activity")
        if capacity.is_over(now, row.day):
            raise DayOver(self.id)
        queue = await Waiting.filter(opening_id=row.opening_id, state="waiting").exists()
        if queue or not await Opening.take(row.opening_id):
            if await Booking.move(row.id, "requested", "waiting", changed_at=now):
                await Waiting.create(booking_id=row.id, opening_id=row.opening_id, since=now)
        elif row.slot.activity.billing != "prepaid":
            await Booking.move(row.id, "requested", "confirmed", changed_at=now)
        elif capacity.can_offer(now, await closing(row)):
            await offer(row, now, before="requested")
        else:
            await self._owe(row, now, actor)

    async def _owe(self, row: Booking, now: datetime, actor: str) -> None:
        """Confirmed without a payment: its price is a debt of the till, settled with the next booking."""
        activity = row.slot.activity
        bill = on_account(row.cents, await ledger.standing(row.family_id, activity.till_id))
        order = await Order.create(
            family_id=row.family_id,
            till_id=activity.till_id,
            kind="prepaid",
            state="confirmed",  # never held: another order of the till may be at the bank
            click=self.click,
            net=bill.net,
            debt=bill.debt,
            credit=bill.credit,
            made_at=now,
        )
        await OrderLine.create(
            order_id=order.id,
            child_id=row.child_id,
            activity_id=activity.id,
            slot_id=row.slot_id,
            action="add",
            day=row.day,
            booking_id=row.id,
            cents=row.cents,
            reason=row.reason,
        )
        await Booking.move(row.id, "requested", "confirmed", order_id=order.id, changed_at=now)
        family_account = FamilyAccount(row.family_id, activity.till_id)
        sale = postings.sold(family_account, order.id, {activity.code: row.cents}, "1 réservation")
        if sale:
            await ledger.post(sale, at=now, actor=actor)
        await Event.note(
            now, actor, "order.made", f"order:{order.id}", row.family_id,
            net=bill.net, debt=bill.debt, credit=bill.credit, due=bill.due,
            lines=[f"+{row.child_id}-{row.slot_id}-{row.day}"],
        )  # fmt: skip


async def _cancel(booking: int, now: datetime) -> None:
    """Accepted cancellation: the place is free; what was paid becomes a credit."""
    if not await Booking.move(booking, "confirmed", "cancelled", changed_at=now, billed=False):
        return
    row = await Booking.get(id=booking).select_related("slot__activity", "order")
    await Opening.give_back([row.opening_id])
    await Task.later("promote", row.opening_id)
    activity = row.slot.activity
    if activity.billing == "prepaid" and row.cents and isinstance(row.order, Order):
        label = f"Annulation du {row.day:%d/%m/%Y}"
        family_account = FamilyAccount(row.family_id, row.order.till_id)
        posting = postings.given_back(family_account, f"cancel:{booking}", activity.code, row.cents, label)
        await ledger.post(posting, at=now, actor="mairie")
