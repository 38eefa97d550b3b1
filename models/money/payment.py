"""An attempt to pay by card: created → redirected → refused | cancelled | expired → paid, which is final.

What an answer of the bank does to what was to be paid is decided above: models.checkout.settlement.
"""

import logging
import traceback
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models import banks
from models.banks import Bank, BankNotice, Charge, Kept, Page
from models.commune.till import Till
from models.families.family import Family
from models.families.guardian import Guardian
from models.money import ledger
from models.money.anomaly import Anomaly, Kind
from models.money.invoice import Invoice
from models.money.ledger import Entry
from models.rules import postings
from models.rules.postings import FamilyAccount
from models.rules.states.payments import NOT_PAID, OPEN, PartKind, PaymentState
from models.storage.database import transaction
from models.storage.fields import Instant

log = logging.getLogger("portail.payment")


class NotStarted(Exception):
    """Nobody was led to the bank: the attempt is over, nothing was booked or charged."""


class BankAway(NotStarted):
    """The bank does not answer."""


class BankFault(NotStarted):
    """The portal could not ask the bank: our mistake, which the journal and the mairie know of."""


class Payment(Model):
    id = fields.IntField(primary_key=True)
    order: fields.ForeignKeyNullableRelation[Model] = fields.ForeignKeyField(
        "models.Order", "payments", null=True, on_delete=fields.RESTRICT
    )  # the one that waits for it, when one does
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
    method = fields.CharField(max_length=10, default="card", db_default="card")  # a PaymentMethod
    reference = fields.CharField(max_length=30)  # ours, unique; what the bank shows and sends back
    click = fields.CharField(max_length=64, null=True)  # the form's nonce, where no order has it
    bank_url = fields.CharField(max_length=500, null=True)
    bank_number = fields.CharField(max_length=60, null=True)  # what the bank calls it: PayFiP's idOp
    state = fields.CharField(max_length=12, default=PaymentState.CREATED.value)
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

    order_id: int | None
    family_id: int
    till_id: int
    started_by_id: int | None

    class Meta:
        table = "payment"

    @property
    def actor(self) -> str:
        """Who speaks of it."""
        return f"bank:{self.provider}"

    @classmethod
    async def prepare(cls, payment: "Payment", parts: "Sequence[PaymentPart]") -> "Payment":
        """Write an attempt and what it is for: its sum is theirs. Call inside a transaction."""
        payment.cents = sum(part.cents for part in parts)
        await payment.save()
        for part in parts:
            part.payment_id = payment.id
        await PaymentPart.bulk_create(parts)
        return payment

    async def bank(self) -> Bank:
        """Of its till. Raises UnknownBank: the till has another one by now."""
        code = await Till.filter(id=self.till_id).values_list("code", flat=True)
        return banks.bank(self.provider, str(code[0]))

    async def ask_for_page(self) -> Page:
        """The bank's page for it. `till` and `started_by` are loaded. Raises what the port raises."""
        return await (await self.bank()).start(self._charge())

    async def ask_bank(self) -> BankNotice:
        """What the bank knows of it now. Raises what the port raises."""
        return await (await self.bank()).ask(self.reference, Kept(self.cents, self.bank_number, self.made_at))

    async def led_to(self, page: Page) -> str:
        """Somebody is on the way there; the address, which is our own where a form has to be sent."""
        url = page.url if page.fields is None else f"{banks.base_url()}/paiement/{self.id}/banque"
        await Payment.filter(id=self.id).update(bank_url=url, bank_number=page.number)
        await Payment.filter(id=self.id, state=PaymentState.CREATED).update(state=PaymentState.REDIRECTED)
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
            number=self.id,
            made_at=self.made_at,
            first_name=self.started_by.first_name if self.started_by else "",
            last_name=self.started_by.last_name if self.started_by else "",
        )

    async def post_paid(self, notice: BankNotice, now: datetime) -> bool:
        """Paid, and in the ledger: the first time only, false afterwards. Call inside a transaction."""
        changed = await Payment.filter(id=self.id, state__in=NOT_PAID).update(
            state=PaymentState.PAID,
            heard=True,
            paid_at=now,
            card=notice.card,
            authorisation=notice.authorisation,
            transaction=notice.transaction,
        )
        if not changed:
            return False
        family_account = FamilyAccount(self.family_id, self.till_id)
        posting = postings.paid(
            family_account, self.provider, self.reference, self.cents, await self._invoices()
        )
        await ledger.post(posting, at=now, actor=self.actor)
        await self._credit_what_is_over(family_account, now)
        return True

    async def _credit_what_is_over(self, family_account: FamilyAccount, now: datetime) -> None:
        """An invoice that somebody paid meanwhile takes no more than was left of it. The mairie is told."""
        for invoice in sorted(await self._invoices()):
            over = -await ledger.open_of(invoice)
            if over > 0:
                posting = postings.overpaid(family_account, self.id, invoice, over)
                await ledger.post(posting, at=now, actor=self.actor)
                await self.wonder("twice", now, over, str(invoice))

    async def _invoices(self) -> Counter[int]:
        """What it pays of each issued invoice, in cents."""
        found: Counter[int] = Counter()
        for part in await PaymentPart.filter(payment_id=self.id, kind=PartKind.INVOICE):
            found[part.invoice_id or 0] += part.cents
        return found

    async def close(self, state: PaymentState) -> bool:
        """Not paid, for now: a later « paid » is still heard. False when it was over already."""
        return await Payment.filter(id=self.id, state__in=OPEN).update(state=state) == 1

    async def hear(self) -> None:
        """The bank itself has said how it ended."""
        await Payment.filter(id=self.id, heard=False).update(heard=True)

    async def wonder(self, kind: Kind, now: datetime, cents: int | None = None, which: str = "") -> None:
        """Something the mairie should look at. Call inside the transaction that saw it.

        `which` tells facts of one kind about one payment apart: the invoice that was paid already.
        """
        which = which or (str(cents) if kind == "amount" else "")
        about = f"{self.id}:{which}" if which else str(self.id)
        await Anomaly.note(
            kind,
            about,
            now,
            self.actor,
            family=self.family_id,
            payment=self.id,
            reference=self.reference,
            cents=cents,
        )

    async def missed(self, kind: Kind, exc: Exception, now: datetime) -> None:
        """The bank could not be spoken to. A mistake of ours has to be told, and a payment that nobody knows of."""
        log_fault(f"payment {self.id}, bank {self.provider}", exc)
        if kind == "silent" or not banks.is_away(exc):
            async with transaction():
                await self.wonder(kind, now, self.cents)

    async def last_word(self, now: datetime) -> BankNotice | None:
        """What the bank says before the portal waits no longer. None: it does not answer, which keeps nobody."""
        try:
            return await self.ask_bank()
        except Exception as exc:
            await self.missed("silent", exc, now)
            return None


class PaymentPart(Model):
    # What some of a payment is for: just one thing. A docstring would become the table's comment.
    id = fields.IntField(primary_key=True)
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", "parts", on_delete=fields.RESTRICT
    )
    kind = fields.CharField(max_length=10)  # a PartKind
    order: fields.ForeignKeyNullableRelation[Model] = fields.ForeignKeyField(
        "models.Order", "payment_parts", null=True, on_delete=fields.RESTRICT
    )  # its lines, less the credit that pays for some
    invoice: fields.ForeignKeyNullableRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", "payment_parts", null=True, on_delete=fields.RESTRICT
    )
    till: fields.ForeignKeyNullableRelation[Till] = fields.ForeignKeyField(
        "models.Till", "payment_parts", null=True, on_delete=fields.RESTRICT
    )  # whose restant dû it settles; an advance is for the payment's own till
    entry: fields.ForeignKeyNullableRelation[Entry] = fields.ForeignKeyField(
        "models.Entry", "payment_parts", null=True, on_delete=fields.RESTRICT
    )  # of a restant dû: the one debt from before the portal that it is for
    cents = fields.IntField()

    payment_id: int
    order_id: int | None
    invoice_id: int | None
    till_id: int | None
    entry_id: int | None

    class Meta:
        table = "payment_part"


def log_fault(what: str, exc: Exception) -> None:
    """The error and where it was raised; never its message, which may hold a card or a secret."""
    where = "".join(traceback.format_tb(exc.__traceback__))
    log.error("%s: %s\n%s", what, type(exc).__name__, where)
