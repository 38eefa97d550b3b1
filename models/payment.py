"""An attempt to pay an order by card: created → redirected → refused | cancelled | expired → paid, which is final."""

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models import banks, fulfilment, ledger
from models.banks import BankNotice, Charge
from models.database import retrying, transaction
from models.event import Event
from models.family import Family
from models.fields import Instant
from models.guardian import Guardian
from models.order import Order
from models.rules import accounts
from models.rules.accounts import Purse
from models.task import Task
from models.till import Till

OPEN = ("created", "redirected")
NOT_PAID = ("created", "redirected", "refused", "cancelled", "expired")
MINUTE, DAY = 60.0, 86400.0
POLLS = (2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 60 * MINUTE, 120 * MINUTE)  # then daily
GIVEN_UP = 30  # polls without any final answer: about a month


class BankAway(Exception):
    """The bank does not answer: the attempt is over, nothing was booked or charged."""


class Payment(Model):
    id = fields.IntField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", "payments", on_delete=fields.RESTRICT
    )
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField(
        "models.Family", "payments", on_delete=fields.RESTRICT
    )
    till: fields.ForeignKeyRelation[Till] = fields.ForeignKeyField(
        "models.Till", "payments", on_delete=fields.RESTRICT
    )
    started_by: fields.ForeignKeyNullableRelation[Guardian] = fields.ForeignKeyField(
        "models.Guardian", "payments", null=True, on_delete=fields.SET_NULL
    )
    provider = fields.CharField(max_length=20)
    reference = fields.CharField(max_length=30)  # ours, unique; what the bank shows and sends back
    bank_url = fields.CharField(max_length=500, null=True)
    state = fields.CharField(max_length=12, default="created")
    cents = fields.IntField()
    card = fields.CharField(max_length=30, null=True)  # masked
    authorisation = fields.CharField(max_length=30, null=True)
    transaction = fields.CharField(max_length=60, null=True)
    anomaly = fields.CharField(
        max_length=200, null=True
    )  # paid too late, paid twice: what the mairie should know
    made_at = Instant()
    paid_at = Instant(null=True)

    order_id: int
    family_id: int
    till_id: int
    started_by_id: int | None

    class Meta:
        table = "payment"

    @classmethod
    async def begin(cls, id: int, now: datetime) -> str:
        """Ask the bank for its page; its address. Asked again, it is the same page. Raises BankAway."""
        payment = await cls.get(id=id).select_related("till", "started_by")
        if payment.bank_url and payment.state in OPEN:
            return payment.bank_url
        bank = banks.bank(payment.provider)
        try:
            url = await bank.start(payment._charge())
        except Exception as exc:
            await payment.expire(now, ask=False)
            raise BankAway from exc
        await cls.filter(id=id, state="created").update(state="redirected", bank_url=url)
        return url

    def _charge(self) -> Charge:
        base = banks.base_url()
        return Charge(
            reference=self.reference,
            cents=self.cents,
            merchant=self.till.bank_label,
            email=self.started_by.email if self.started_by else "",
            return_url=f"{base}/paiement/{self.id}/retour",
            notify_url=f"{base}/banque/{self.provider}/notification",
        )

    @classmethod
    async def settle(cls, notice: BankNotice, now: datetime) -> "Payment | None":
        """Record what the bank says, once, whatever it repeats and in whatever order. None: unknown reference."""
        payment = await cls.get_or_none(provider=notice.provider, reference=notice.reference)
        if payment is None or notice.state == "pending":
            return payment
        await retrying(lambda: payment._record(notice, now))
        return await cls.get(id=payment.id)

    async def _record(self, notice: BankNotice, now: datetime) -> None:
        async with transaction():
            await Family.lock(self.family_id)
            if notice.state == "paid":
                await self._paid(notice, now)
            elif await Payment.filter(id=self.id, state__in=OPEN).update(state=notice.state):
                await fulfilment.release(await Order.get(id=self.order_id), now, f"bank:{self.provider}")

    async def _paid(self, notice: BankNotice, now: datetime) -> None:
        """Only the first « paid » posts; the money is on the family's account before anything is decided with it."""
        actor = f"bank:{self.provider}"
        if notice.cents != self.cents:
            await self._wonder(f"montant inattendu : {notice.cents} centimes", now)
            return
        changed = await Payment.filter(id=self.id, state__in=NOT_PAID).update(
            state="paid",
            paid_at=now,
            card=notice.card,
            authorisation=notice.authorisation,
            transaction=notice.transaction,
        )
        if not changed:
            return
        purse = Purse(self.family_id, self.till_id)
        await ledger.post(
            accounts.paid(purse, self.provider, self.reference, self.cents), at=now, actor=actor
        )
        order = await Order.get(id=self.order_id)
        if await fulfilment.confirm(order, now, actor) or await fulfilment.revive(order, now, actor):
            await Task.later("write_receipt", self.id, key=f"receipt:{self.id}")
        else:
            await self._wonder("payé trop tard : la somme est devenue un avoir", now)
            await Task.later("write_late_payment", self.id, key=f"receipt:{self.id}")

    async def _wonder(self, what: str, now: datetime) -> None:
        """Something the mairie should look at."""
        await Payment.filter(id=self.id).update(anomaly=what)
        await Event.note(
            now, f"bank:{self.provider}", "bank.anomaly", f"payment:{self.id}", self.family_id, what=what
        )

    @classmethod
    async def ask_again(cls, id: int, now: datetime, turn: int = 0) -> None:
        """Ask the bank what became of an attempt, and come back later while it does not know."""
        payment = await cls.get(id=id)
        if payment.state == "paid":
            return
        notice = await banks.bank(payment.provider).ask(payment.reference)
        settled = await cls.settle(notice, now)
        final = notice.state != "pending" and settled is not None and settled.state not in OPEN
        if not final and turn < GIVEN_UP:
            after = POLLS[turn] if turn < len(POLLS) else DAY
            await Task.later("poll_bank", id, turn + 1, key=f"poll:{id}:{turn + 1}", after=after)

    async def expire(self, now: datetime, ask: bool = True) -> None:
        """The hold ended: the bank has the last word, and silence means not paid. A later « paid » is still heard."""
        if ask:
            try:
                await Payment.settle(await banks.bank(self.provider).ask(self.reference), now)
            except Exception:
                await Event.note(now, "clock", "bank.silent", f"payment:{self.id}", self.family_id)
        silence = BankNotice(self.provider, self.reference, "expired", self.cents)
        await Payment.settle(silence, now)

    @classmethod
    async def give_up(cls, id: int, now: datetime) -> "Payment":
        """The parent leaves the bank's page for good: unless the bank says it is paid, the places are free again."""
        payment = await cls.get(id=id)
        notice = await banks.bank(payment.provider).ask(payment.reference)
        if notice.state == "pending" or notice.state == "expired":
            notice = BankNotice(payment.provider, payment.reference, "cancelled", payment.cents)
        return await cls.settle(notice, now) or payment
