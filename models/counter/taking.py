"""A family pays at the counter: what is due there, by an avoir first, then by what it hands over."""

from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_hex

from models.checkout import amounts_due
from models.checkout.amounts_due import MOST, TillBill
from models.checkout.submission import Stale
from models.commune.till import Till
from models.counter import closing
from models.counter.receipt import Receipt
from models.families.family import Family
from models.french.payments import taken_label
from models.invoicing.recipients import recipients_of
from models.money import ledger
from models.money.amounts_due import DueKind
from models.money.credit_use import CreditUse
from models.money.number_series import NumberSeries, series_of
from models.money.payment import Payment, PaymentPart
from models.rules import postings
from models.rules.dues import apply_credit
from models.rules.postings import COUNTER, FamilyAccount
from models.rules.states.documents import DocumentKind
from models.rules.states.notices import NoticeKind
from models.rules.states.payments import PartKind, PaymentMethod, PaymentState
from models.rules.till import counter
from models.storage.database import retrying
from models.work.audit_log import Event
from models.work.notice import Notice
from models.work.task import Task


@dataclass(frozen=True, slots=True)
class Taking:
    """What a cashier asks for. Sums are cents."""

    family: int
    till: int
    chosen: tuple[str, ...]  # keys of AmountDue, all of this till
    method: PaymentMethod
    given: int | None  # None: what is due, to the cent
    keep: bool  # what is over becomes an advance
    click: str  # the form's nonce
    shown: int | None = None  # what the page said was due, where it did
    paper_number: str = ""
    bank: str = ""
    drawer: str = ""
    day: date | None = None  # of the till, of a list that is entered later; None: the open one


async def bill_of(family: int, till: int, chosen: tuple[str, ...]) -> TillBill | None:
    """What is due of these sums; None when nothing is chosen. Raises Stale: one is not due (any more), or elsewhere."""
    bills = await amounts_due.bills(family, dict.fromkeys(chosen))
    if any(bill.till.id != till for bill in bills):
        raise Stale
    return bills[0] if bills else None


async def take(asked: Taking, member: int, now: datetime) -> Receipt | None:
    """The receipt; None when an avoir paid for all of it. The same click sent twice is one.

    Raises Stale, and NothingGiven, TooMuch of models.rules.till.counter.
    """
    return await retrying(lambda: _take(asked, member, now))


async def _take(asked: Taking, member: int, now: datetime) -> Receipt | None:
    async with Family.turn(asked.family):
        return await enter(asked, member, now)


async def enter(asked: Taking, member: int, now: datetime) -> Receipt | None:
    """As `take`, inside a transaction, after Family.lock. Raises DayOver too."""
    before = await Payment.get_or_none(family_id=asked.family, click=asked.click)
    if before is not None:
        return await Receipt.get(payment_id=before.id)
    if await CreditUse.exists(family_id=asked.family, click=asked.click):
        return None
    await Till.lock(asked.till)
    bill = await bill_of(asked.family, asked.till, asked.chosen)
    due = bill.due if bill else 0
    if asked.shown is not None and asked.shown != due:
        raise Stale
    given = due if asked.given is None else asked.given
    if bill and not due and not given:
        await _use_credit(asked, bill, member, now)
        return None
    return await _receive(asked, bill, given, member, now)


async def _receive(asked: Taking, bill: TillBill | None, given: int, member: int, now: datetime) -> Receipt:
    if given > MOST:
        raise counter.NothingGiven
    used = _credits(bill)
    lines = bill.lines if bill else ()
    left = [cents - credit for (_, cents), credit in zip(lines, used, strict=True)]
    shares = counter.share_out(given, left, asked.method, keep=asked.keep)
    if bill:
        await _use_credit(asked, bill, member, now)
    parts = [due.part(cents) for (due, _), cents in zip(lines, shares.paid, strict=True) if cents]
    if shares.advance:
        parts.append(PaymentPart(kind=PartKind.ADVANCE, cents=shares.advance))
    payment = await Payment.prepare(
        Payment(
            family_id=asked.family, till_id=asked.till, provider=COUNTER, method=asked.method,
            reference=token_hex(9).upper(), click=asked.click, state=PaymentState.PAID, heard=True,
            made_at=now, paid_at=now,
        ),
        parts,
    )  # fmt: skip
    receipt = await _issue(asked, payment, given if shares.change else None, member, now)
    invoices = {part.invoice_id: part.cents for part in parts if part.invoice_id}
    posting = postings.taken(
        FamilyAccount(asked.family, asked.till), payment.reference, asked.method, payment.cents, invoices,
        taken_label(asked.method, receipt.number),
    )  # fmt: skip
    await ledger.post(posting, at=now, actor=f"member:{member}")
    await Notice.say(NoticeKind.PAYMENT_RECEIVED, asked.family, f"payment:{payment.id}", now)
    await Task.later("draw_papers", DocumentKind.RECEIPT, [receipt.id], key=f"draw:receipt:{receipt.id}")
    await Event.note(
        now, f"member:{member}", "counter.taken", f"receipt:{receipt.id}", asked.family,
        number=receipt.number, cents=payment.cents, method=asked.method,
    )  # fmt: skip
    return receipt


async def _issue(
    asked: Taking, payment: Payment, tendered: int | None, member: int, now: datetime
) -> Receipt:
    if asked.day and await closing.is_over(asked.till, asked.day):
        raise closing.DayOver(asked.day)
    day = asked.day or await closing.open_day(asked.till, now.date())
    series = series_of(await Till.get(id=asked.till), day)
    rank = await NumberSeries.take(asked.till, series.year, DocumentKind.RECEIPT)
    recipient = (await recipients_of([asked.family]))[asked.family].text
    return await Receipt.create(
        payment_id=payment.id, till_id=asked.till, number=series.number(rank, DocumentKind.RECEIPT),
        series_year=series.year, rank=rank, day=day, taken_at=now, member_id=member,
        payer=recipient.splitlines()[0][:200], tendered=tendered, paper_number=asked.paper_number,
        bank=asked.bank, drawer=asked.drawer,
    )  # fmt: skip


def _credits(bill: TillBill | None) -> list[int]:
    """Of each sum, what the avoir pays: of invoices alone."""
    if bill is None:
        return []
    invoiced = [cents if due.kind is DueKind.INVOICE else 0 for due, cents in bill.lines]
    return apply_credit(bill.credit, invoiced)


async def _use_credit(asked: Taking, bill: TillBill, member: int, now: datetime) -> None:
    account = FamilyAccount(asked.family, asked.till)
    actor = f"member:{member}"
    for (due, _), used in zip(bill.lines, _credits(bill), strict=True):
        if used:
            await CreditUse.apply(account, due.id, used, asked.click, now, actor)
    if bill.credit:
        await Event.note(now, actor, "counter.credit", f"till:{asked.till}", asked.family, credit=bill.credit)
