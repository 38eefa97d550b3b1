"""What a parent asked and the mairie answers (démarche): a booking, or the cancellation of one."""

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models import ledger
from models.absence import Absence
from models.booking import Booking
from models.database import retrying, transaction
from models.event import Event
from models.family import Family
from models.fields import Instant
from models.member import Member
from models.opening import Opening
from models.order import Order
from models.rules import accounts
from models.rules.accounts import Purse
from models.task import Task
from models.waiting import Waiting


class Request(Model):
    id = fields.IntField(primary_key=True)
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField("models.Family", "requests")
    booking: fields.ForeignKeyRelation[Booking] = fields.ForeignKeyField("models.Booking", "requests")
    kind = fields.CharField(max_length=10)  # book | cancel
    state = fields.CharField(max_length=10, default="pending")  # pending | accepted | refused | withdrawn
    reason = fields.TextField(null=True)
    made_at = Instant()
    answered_at = Instant(null=True)
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
        """The mairie says yes: the place is taken now, or given back. False when it was answered before."""
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
            if refusal is None:
                await (_book if request.kind == "book" else _cancel)(request.booking_id, now)
            elif request.kind == "book":
                await Booking.move(
                    request.booking_id, "requested", "refused", note=refusal, changed_at=now, billed=False
                )
            if request.kind == "cancel":
                await Absence.filter(booking_id=request.booking_id).update(billed=refusal is not None)
            await Event.note(now, f"member:{member}", f"request.{state}", f"request:{id}", request.family_id)
            await Task.later("write_answer", id, key=f"answer:{id}")
            return True


async def _book(booking: int, now: datetime) -> None:
    """Accepted: a place, if there is one and nobody waits for it; else a rank. Prepaid: offered until it is paid."""
    row = await Booking.get(id=booking).select_related("slot__activity")
    queue = await Waiting.filter(opening_id=row.opening_id, state="waiting").exists()
    if queue or not await Opening.take(row.opening_id):
        if await Booking.move(booking, "requested", "waiting", changed_at=now):
            await Waiting.create(booking_id=booking, opening_id=row.opening_id, since=now)
            await Task.later("write_waiting", booking, "ranked", key=f"ranked:{booking}")
        return
    if row.slot.activity.billing == "prepaid":
        from models import waiting  # offers live there, and ask the catalogue

        await waiting.offer(row, now, before="requested")
    else:
        await Booking.move(booking, "requested", "confirmed", changed_at=now)


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
        purse = Purse(row.family_id, row.order.till_id)
        posting = accounts.given_back(purse, f"cancel:{booking}", activity.code, row.cents, label)
        await ledger.post(posting, at=now, actor="mairie")
