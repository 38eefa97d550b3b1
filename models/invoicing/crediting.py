"""A credit note takes an issued invoice back, whole or some days of it: nothing that was issued ever changes."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.activities.activity import Activity
from models.families.family import Family
from models.french.invoices import credit_note_label
from models.invoicing.invoiced_booking import InvoicedBooking
from models.invoicing.recipients import recipients_of
from models.money import ledger
from models.money.credit_note import CreditNote, CreditNoteLine
from models.money.invoice import Invoice, InvoiceLine
from models.money.number_series import NumberSeries, series_of
from models.rules import postings
from models.rules.postings import FamilyAccount
from models.rules.states.documents import DocumentKind
from models.storage.database import retrying, transaction
from models.work.audit_log import Event
from models.work.task import Task


class NothingToCredit(LookupError):
    """No such day of this invoice is left to be taken back."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody of the mairie wants taken back, and why."""

    bookings: frozenset[int]
    reason: str
    rebill: bool  # are the days to be on a new invoice?


async def credit(invoice: int, correction: Correction, member: int, now: datetime) -> CreditNote:
    """Raises NothingToCredit, and LookupError for an invoice of before this portal."""
    return await retrying(lambda: _credit(invoice, correction, member, now))


async def _credit(id: int, correction: Correction, member: int, now: datetime) -> CreditNote:
    found = await Invoice.get_or_none(id=id, before_portal=False).select_related("till")
    if found is None:
        raise LookupError(id)
    async with transaction():
        await Family.lock(found.family_id)
        held = await InvoicedBooking.filter(
            invoice_id=id, credit_note_id=None, booking_id__in=list(correction.bookings)
        )
        if not held:
            raise NothingToCredit(id)
        lines = await _lines(id, {row.booking_id for row in held})
        note = await _issue(found, correction, lines, now)
        await InvoicedBooking.filter(id__in=[row.id for row in held]).update(credit_note_id=note.id)
        await _post(found, note, lines, f"member:{member}", now)
        await Task.later(
            "draw_papers", DocumentKind.CREDIT_NOTE, [note.id], key=f"draw:credit_note:{note.id}"
        )
        await _note(found, note, f"member:{member}", now)
    return note


async def _lines(invoice: int, bookings: Collection[int]) -> list[CreditNoteLine]:
    """The lines of the invoice, of these days alone."""
    made: list[CreditNoteLine] = []
    for line in await InvoiceLine.filter(invoice_id=invoice).order_by("position"):
        days: list[dict[str, Any]] = [day for day in line.days if day["booking"] in bookings]
        if not days:
            continue
        cents = sum(day["cents"] for day in days)
        same = ("child", "label", "unit_cents", "starts", "ends", "child_row_id", "activity_id")
        made.append(
            CreditNoteLine(
                position=len(made),
                quantity=cents // line.unit_cents if line.unit_cents else len(days),
                cents=cents,
                care_cents=line.care_cents * cents // line.cents if line.cents else 0,
                days=days,
                **{name: getattr(line, name) for name in same},
            )
        )
    return made


async def _issue(
    invoice: Invoice, correction: Correction, lines: Sequence[CreditNoteLine], now: datetime
) -> CreditNote:
    """Its amount first lowers what is left to pay of the invoice; what was paid already becomes an avoir."""
    cents = sum(line.cents for line in lines)
    if not cents:
        raise NothingToCredit(invoice.id)
    kind = DocumentKind.CREDIT_NOTE
    series = series_of(invoice.till, now.date())
    rank = await NumberSeries.take(invoice.till_id, series.year, kind)
    note = await CreditNote.create(
        family_id=invoice.family_id,
        till_id=invoice.till_id,
        invoice_id=invoice.id,
        number=series.number(rank, kind),
        series_year=series.year,
        rank=rank,
        issued_on=now.date(),
        cents=cents,
        applied_cents=min(cents, max(0, await ledger.open_of(invoice.id))),
        reason=correction.reason,
        rebill=correction.rebill,
        recipient=(await recipients_of([invoice.family_id]))[invoice.family_id].text,
    )
    for line in lines:
        line.credit_note_id = note.id
    await CreditNoteLine.bulk_create(lines)
    return note


async def _post(
    invoice: Invoice, note: CreditNote, lines: Sequence[CreditNoteLine], actor: str, now: datetime
) -> None:
    ids = {line.activity_id for line in lines}
    codes = dict(await Activity.filter(id__in=list(ids)).values_list("id", "code"))
    revenue: Counter[str] = Counter()
    for line in lines:
        revenue[codes[line.activity_id]] += line.cents
    account = FamilyAccount(invoice.family_id, invoice.till_id)
    label = credit_note_label(note.number, invoice.number)
    posting = postings.credited(account, note.number, invoice.id, note.applied_cents, revenue, label)
    await ledger.post_new([posting], at=now, actor=actor)


async def _note(invoice: Invoice, note: CreditNote, actor: str, now: datetime) -> None:
    """For the family, and beside the invoices that left: there `verify` looks for it."""
    about = f"credit_note:{note.id}"
    told = {"number": note.number, "invoice": invoice.number, "reason": note.reason, "rebill": note.rebill}
    await Event.note(now, actor, "credit_note.issued", about, note.family_id, cents=note.cents, **told)
    papers = {note.number: note.cents}
    await Event.note(now, actor, "invoices.issued", about, till=note.till_id, papers=papers)
