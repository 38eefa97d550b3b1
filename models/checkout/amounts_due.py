"""A family pays invoices and debts by card, in full or in part, one payment per till; and pays money in, in advance.

An avoir of the till pays first, at the click. Nothing is held meanwhile: an invoice stays due until the bank answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from models import banks
from models.checkout.submission import Stale, Submission, attempt
from models.commune.commune import Commune
from models.commune.till import Till
from models.direct_debit import planning
from models.families.family import Family
from models.money import amounts_due
from models.money.amounts_due import AmountDue, DueKind
from models.money.credit_use import CreditUse
from models.money.payment import Payment, PaymentPart
from models.rules.dues import apply_credit
from models.rules.postings import FamilyAccount
from models.rules.states.payments import PartKind
from models.storage.database import retrying
from models.work.audit_log import Event

MOST = 1_000_000  # cents: what one advance may be


class Paying(Exception):
    """Something of what was chosen is being paid already, perhaps on another device."""

    def __init__(self, payment: int) -> None:
        super().__init__(payment)
        self.payment = payment


class TooLittle(Exception):
    """A till's bank takes no sum so small."""

    def __init__(self, till: Till, minimum: int) -> None:
        super().__init__(till.id, minimum)
        self.till, self.minimum = till, minimum


@dataclass(frozen=True, slots=True)
class TillBill:
    """What a click pays at one till, in cents: the chosen sums, less the avoir that pays first."""

    till: Till
    lines: tuple[tuple[AmountDue, int], ...]
    credit: int

    @property
    def total(self) -> int:
        return sum(cents for _, cents in self.lines)

    @property
    def due(self) -> int:
        return self.total - self.credit


async def bills(family: int, chosen: Mapping[str, int | None]) -> list[TillBill]:
    """`chosen`: by key of an AmountDue, cents to pay of it, or None for all that is open.

    Raises Stale: one of them is not due (any more), not as much is, it may not be paid in part, or a bank is asked to
    collect it already.
    """
    dues = {due.key: due for due in await amounts_due.of_family(family)}
    collected = await planning.of_invoices([due.id for due in dues.values() if due.kind is DueKind.INVOICE])
    asked_of_a_bank = {id for id, debit in collected.items() if debit.is_at_the_bank}
    commune = await Commune.all().first()
    sums = []
    for key, asked in chosen.items():
        due = dues.get(key)
        cents = due.open if due and asked is None else asked
        if due is None or not cents or not 0 < cents <= due.open:
            raise Stale
        if due.kind is DueKind.INVOICE and due.id in asked_of_a_bank:
            raise Stale
        if cents < due.open and not (commune and commune.part_payment):
            raise Stale
        sums.append((due, cents))
    credits = await amounts_due.credits_of(family) if sums else {}
    tills = await Till.filter(id__in=sorted({due.till for due, _ in sums})).order_by("position", "id")
    return [
        _bill(till, [(due, cents) for due, cents in sums if due.till == till.id], credits.get(till.id, 0))
        for till in tills
    ]


def _bill(till: Till, lines: Sequence[tuple[AmountDue, int]], credit: int) -> TillBill:
    """An avoir means that no debt is owed there: it pays invoices."""
    invoiced = sum(cents for due, cents in lines if due.kind is DueKind.INVOICE)
    return TillBill(till, tuple(lines), min(credit, invoiced))


async def pay(
    family: int,
    chosen: Mapping[str, int | None],
    shown: Mapping[int, int],
    now: datetime,
    click: str,
    by: int | None = None,
) -> list[Payment]:
    """The attempts that the bank must answer for, one per till, in turn; none where the avoir paid for all.

    `shown`: by till, what the page said would be paid by card. The same click sent twice is one. Raises Stale (a sum
    is another one by now), Paying, TooLittle, TooManyTries.
    """
    return await retrying(lambda: _pay(Submission(family, click, now, by), chosen, shown))


async def _pay(
    click: Submission, chosen: Mapping[str, int | None], shown: Mapping[int, int]
) -> list[Payment]:
    async with Family.turn(click.family):
        before = await _made(click)
        if before is not None:
            return before
        made = await bills(click.family, chosen)
        if {bill.till.id: bill.due for bill in made} != dict(shown):
            raise Stale
        for bill in made:
            for due, _ in bill.lines:
                if due.paying:
                    raise Paying(due.paying)
            minimum = banks.minimum_of(bill.till)
            if 0 < bill.due < minimum:
                raise TooLittle(bill.till, minimum)
        return [payment for bill in made if (payment := await _carry_out(click, bill))]


async def _made(click: Submission) -> list[Payment] | None:
    """What this click did before; None when it is new."""
    payments = await Payment.filter(family_id=click.family, click=click.nonce).order_by("id")
    if payments or await CreditUse.exists(family_id=click.family, click=click.nonce):
        return list(payments)
    return None


async def _carry_out(click: Submission, bill: TillBill) -> Payment | None:
    account = FamilyAccount(click.family, bill.till.id)
    invoiced = [cents if due.kind is DueKind.INVOICE else 0 for due, cents in bill.lines]
    parts = []
    for (due, cents), used in zip(bill.lines, apply_credit(bill.credit, invoiced), strict=True):
        if used:
            await CreditUse.apply(account, due.id, used, click.nonce, click.now, click.actor)
        if cents > used:
            parts.append(due.part(cents - used))
    await Event.note(
        click.now, click.actor, "dues.paying", f"till:{bill.till.id}", click.family,
        due=bill.due, credit=bill.credit, lines={due.key: cents for due, cents in bill.lines},
    )  # fmt: skip
    return await attempt(click, bill.till, parts) if parts else None


async def pay_in(
    family: int, till: Till, cents: int, now: datetime, click: str, by: int | None = None
) -> Payment:
    """« Alimenter mon compte »: an avoir once the bank has answered. Raises Stale (the till takes none), TooLittle,
    TooManyTries. The same click sent twice is one."""
    return await retrying(lambda: _pay_in(Submission(family, click, now, by), till, cents))


async def _pay_in(click: Submission, till: Till, cents: int) -> Payment:
    async with Family.turn(click.family):
        before = await Payment.get_or_none(family_id=click.family, click=click.nonce)
        if before is not None:
            return before
        if not till.advances or not 0 < cents <= MOST:
            raise Stale
        if cents < banks.minimum_of(till):
            raise TooLittle(till, banks.minimum_of(till))
        await Event.note(
            click.now, click.actor, "account.pay_in", f"till:{till.id}", click.family, cents=cents
        )
        return await attempt(click, till, [PaymentPart(kind=PartKind.ADVANCE, cents=cents)])


async def again(payment: Payment, now: datetime, by: int | None = None) -> Payment:
    """After a refusal, a new attempt for the very same; asked again, the same one. Raises as `pay` does."""
    parts = await PaymentPart.filter(payment_id=payment.id).order_by("id")
    click = f"retry-{payment.id}"
    if any(part.kind == PartKind.ADVANCE for part in parts):
        return await pay_in(
            payment.family_id, await Till.get(id=payment.till_id), payment.cents, now, click, by
        )
    chosen = {_key(part): part.cents for part in parts}
    made = await pay(payment.family_id, chosen, {payment.till_id: payment.cents}, now, click, by)
    if not made:
        raise Stale
    return made[0]


def _key(part: PaymentPart) -> str:
    if part.invoice_id:
        return f"{DueKind.INVOICE}-{part.invoice_id}"
    return f"{DueKind.DEBT}-{part.entry_id}" if part.entry_id else f"{DueKind.REST}-{part.till_id}"
