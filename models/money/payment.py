"""An attempt to pay an order by card: created → redirected → refused | cancelled | expired → paid, which is final."""

import logging
import traceback
from dataclasses import replace
from datetime import datetime

from tortoise import fields
from tortoise.exceptions import IntegrityError
from tortoise.models import Model

from models import banks
from models.banks import BankNotice, Charge
from models.bookings.order import Order, OrderLine
from models.checkout import fulfilment
from models.checkout.fulfilment import Outcome
from models.commune.till import Till
from models.families.child import Home
from models.families.family import Family
from models.families.guardian import Guardian
from models.money import ledger
from models.money.anomaly import Anomaly, Kind
from models.rules import postings
from models.rules.postings import FamilyAccount
from models.storage.database import TROUBLES, retrying, transaction
from models.storage.fields import Instant
from models.work.task import Task

OPEN = ("created", "redirected")
NOT_PAID = ("created", "redirected", "refused", "cancelled", "expired")
MINUTE, DAY = 60.0, 86400.0
POLLS = (2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 60 * MINUTE, 120 * MINUTE)  # then daily
GIVEN_UP = 30  # polls without any final answer: about a month


log = logging.getLogger("portail.payment")


class NotStarted(Exception):
    """Nobody was led to the bank: the attempt is over, nothing was booked or charged."""


class BankAway(NotStarted):
    """The bank does not answer."""


class BankFault(NotStarted):
    """The portal could not ask the bank: our mistake, which the journal and the mairie know of."""


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
    heard = fields.BooleanField(
        default=False, db_default=False
    )  # the bank itself said how it ended; else the portal closed it, and the bank may still take the money
    anomaly = fields.CharField(
        max_length=200, null=True
    )  # paid, but for nothing: why all of it is a credit (fulfilment.Why)
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
            await payment._missed("unreached", exc, now)
            raise (BankAway if banks.is_away(exc) else BankFault) from exc
        await cls.filter(id=id).update(bank_url=url)
        await cls.filter(id=id, state="created").update(state="redirected")
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
        if payment is None:
            about, cents = f"{notice.provider}:{notice.reference}", notice.cents
            async with transaction():
                actor = f"bank:{notice.provider}"
                await Anomaly.note("unknown", about, now, actor, reference=notice.reference, cents=cents)
        if payment is None or notice.state == "pending":
            return payment
        await retrying(lambda: payment._record(notice, now, heard=True))
        return await cls.get(id=payment.id)

    async def _close(self, state: banks.State, now: datetime) -> "Payment":
        """The portal waits no longer. The bank has not said so: a later « paid » is still heard."""
        silence = BankNotice(self.provider, self.reference, state, self.cents)
        await retrying(lambda: self._record(silence, now, heard=False))
        return await Payment.get(id=self.id)

    async def _record(self, notice: BankNotice, now: datetime, heard: bool) -> None:
        families = await self._families()
        async with transaction():
            await Family.lock(*families)
            if heard and notice.state != "paid":
                await Payment.filter(id=self.id, heard=False).update(heard=True)
            if notice.state == "paid":
                await self._paid(notice, now)
            elif await Payment.filter(id=self.id, state__in=OPEN).update(state=notice.state):
                await fulfilment.release(await Order.get(id=self.order_id), now, f"bank:{self.provider}")

    async def _families(self) -> set[int]:
        """Whom it touches: a membership opens an activity to both homes of a child."""
        joins = OrderLine.filter(order_id=self.order_id, action="membership")
        children = await joins.values_list("child_id", flat=True)
        return {self.family_id} | (await Home.families(children) if children else set())  # type: ignore[arg-type]

    async def _paid(self, notice: BankNotice, now: datetime) -> None:
        """Only the first « paid » posts; the money is on the family's account before anything is decided with it."""
        if notice.cents != self.cents:
            await self._wonder("amount", now, notice.cents)
            return
        changed = await Payment.filter(id=self.id, state__in=NOT_PAID).update(
            state="paid",
            heard=True,
            paid_at=now,
            card=notice.card,
            authorisation=notice.authorisation,
            transaction=notice.transaction,
        )
        if not changed:
            return
        family_account, actor = FamilyAccount(self.family_id, self.till_id), f"bank:{self.provider}"
        await ledger.post(
            postings.paid(family_account, self.provider, self.reference, self.cents), at=now, actor=actor
        )
        outcome = await self._fulfil(now, actor)
        if outcome.why:
            await self._let_go(now, actor)
            await Payment.filter(id=self.id).update(anomaly=outcome.why)
            await self._wonder(outcome.why, now, self.cents)
            await Task.later("write_late_payment", self.id, key=f"receipt:{self.id}")
            return
        if outcome.debt:
            await self._wonder("debt", now, outcome.debt)
        if outcome.void:
            await self._wonder("member", now, outcome.void)
        await Task.later("write_receipt", self.id, key=f"receipt:{self.id}")

    async def _fulfil(self, now: datetime, actor: str) -> Outcome:
        """What the money was for, all or nothing of it: whatever goes wrong there, the money stays recorded."""
        try:
            async with transaction():
                return await fulfilment.paid(await Order.get(id=self.order_id), now, actor)
        except IntegrityError:  # the other household booked the same day in between
            return Outcome("taken")
        except TROUBLES:
            raise
        except Exception as exc:
            _log(f"payment {self.id} is recorded, its order is not", exc)
            return Outcome("fault")

    async def _let_go(self, now: datetime, actor: str) -> None:
        """Its money is a credit: an order that could not take effect holds nothing any more."""
        try:
            async with transaction():
                await fulfilment.release(await Order.get(id=self.order_id), now, actor)
        except TROUBLES:
            raise
        except Exception as exc:  # the sweeper does it when the hold ends
            _log(f"payment {self.id} is recorded, its order is held", exc)

    async def _wonder(self, kind: Kind, now: datetime, cents: int | None = None) -> None:
        """Something the mairie should look at."""
        about = f"{self.id}:{cents}" if kind == "amount" else str(self.id)
        who, ours = f"bank:{self.provider}", {"payment": self.id, "reference": self.reference}
        await Anomaly.note(kind, about, now, who, family=self.family_id, cents=cents, **ours)  # type: ignore[arg-type]

    async def _missed(self, kind: Kind, exc: Exception, now: datetime) -> None:
        """The bank could not be spoken to. A mistake of ours has to be told, and a payment that nobody knows of."""
        _log(f"payment {self.id}, bank {self.provider}", exc)
        if kind == "silent" or not banks.is_away(exc):
            async with transaction():
                await self._wonder(kind, now, self.cents)

    @classmethod
    async def ask_again(cls, id: int, now: datetime, turn: int = 0) -> None:
        """Ask the bank what became of an attempt, and come back later while it does not know."""
        payment = await cls.get(id=id)
        if payment.state == "paid":
            return
        notice = await banks.bank(payment.provider).ask(payment.reference)
        settled = await cls.settle(notice, now)
        final = notice.state != "pending" and settled is not None and settled.state not in OPEN
        if final:
            return
        if turn < GIVEN_UP:
            after = POLLS[turn] if turn < len(POLLS) else DAY
            await Task.later("poll_bank", id, turn + 1, key=f"poll:{id}:{turn + 1}", after=after)
        else:
            async with transaction():
                await payment._wonder("silent", now, payment.cents)

    async def expire(self, now: datetime, ask: bool = True) -> None:
        """The hold ended: the bank has the last word, and silence means not paid. A later « paid » is still heard."""
        notice = await self._last_word(now) if ask else None
        if notice:
            await Payment.settle(notice, now)
        await self._close("expired", now)

    @classmethod
    async def give_up(cls, id: int, now: datetime) -> "Payment":
        """The parent leaves the bank's page for good: unless the bank says it is paid, the places are free again."""
        payment = await cls.get(id=id)
        notice = await payment._last_word(now)
        if notice:
            left = replace(notice, state="cancelled") if notice.state == "expired" else notice
            await cls.settle(left, now)
        return await payment._close("cancelled", now)

    async def _last_word(self, now: datetime) -> BankNotice | None:
        """What the bank says before the portal waits no longer. None: it does not answer, which keeps nobody."""
        try:
            return await banks.bank(self.provider).ask(self.reference)
        except Exception as exc:
            await self._missed("silent", exc, now)
            return None


def _log(what: str, exc: Exception) -> None:
    """The error and where it was raised; never its message, which may hold a card or a secret."""
    where = "".join(traceback.format_tb(exc.__traceback__))
    log.error("%s: %s\n%s", what, type(exc).__name__, where)
