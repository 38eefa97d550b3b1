"""What stands on the paper of an invoice or a credit note, from the rows as they were issued."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from models import banks
from models.commune.commune import Commune
from models.commune.letterhead import issuer
from models.commune.till import Till
from models.direct_debit import planning
from models.direct_debit.debit import DirectDebit
from models.french.invoices import days_said
from models.invoicing.campaign import InvoiceCampaign
from models.invoicing.due import BILLED_ABSENCE
from models.money.credit_note import CreditNote, CreditNoteLine
from models.money.invoice import Invoice, InvoiceLine
from models.rules import papers
from models.rules.money import NBSP, euros
from models.rules.papers import Addressee, Issuer, Recovery, Remedies, WaysToPay

MOST_LINES = 6  # of an address
MOST_REASONS = 8
REMEDIES = Remedies(Recovery.TILL, "tribunal administratif dont dépend la commune")


async def invoices(ids: Sequence[int]) -> dict[int, papers.Invoice]:
    """By id. As many statements for twenty as for one."""
    commune = await Commune.with_logo()
    lines = await _by_paper(InvoiceLine.filter(invoice_id__in=list(ids)).order_by("position"), "invoice_id")
    found = await Invoice.filter(id__in=list(ids)).select_related("till", "family")
    debits = await planning.of_invoices(ids)
    return {row.id: _invoice(commune, row, lines[row.id], debits.get(row.id)) for row in found}


async def credit_notes(ids: Sequence[int]) -> dict[int, papers.CreditNote]:
    commune = await Commune.with_logo()
    rows = CreditNoteLine.filter(credit_note_id__in=list(ids)).order_by("position")
    lines = await _by_paper(rows, "credit_note_id")
    found = await CreditNote.filter(id__in=list(ids)).select_related("till", "family", "invoice")
    return {row.id: _credit_note(commune, row, lines[row.id]) for row in found}


async def by_post(campaign: InvoiceCampaign) -> list[int]:
    """Invoices of a campaign that are printed, in the order of their numbers."""
    found = Invoice.filter(drafts__campaign_id=campaign.id, delivery="post").order_by("rank")
    return await found.values_list("id", flat=True)  # type: ignore[return-value]


async def _by_paper(query: Any, key: str) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for line in await query:
        found[getattr(line, key)].append(line)
    return found


def _invoice(
    commune: Commune | None, row: Invoice, lines: Sequence[InvoiceLine], debit: DirectDebit | None
) -> papers.Invoice:
    first, last = row.period_start or row.issued_on, row.period_end or row.issued_on
    return papers.Invoice(
        issuer=issuer_of(commune, row.till),
        addressee=addressee_of(row.recipient, row.family.number),
        number=row.number,
        issued_on=row.issued_on,
        first=first,
        last=last,
        due_on=row.due_on or row.issued_on,
        lines=tuple(_line(line, 1) for line in lines),
        ways_to_pay=_ways(row, debit),
        remedies=REMEDIES,
        basis=_basis(lines),
    )


def _credit_note(
    commune: Commune | None, row: CreditNote, lines: Sequence[CreditNoteLine]
) -> papers.CreditNote:
    return papers.CreditNote(
        issuer=issuer_of(commune, row.till),
        addressee=addressee_of(row.recipient, row.family.number),
        number=row.number,
        issued_on=row.issued_on,
        invoice_number=row.invoice.number,
        invoice_issued_on=row.invoice.issued_on,
        reason=row.reason,
        lines=tuple(_line(line, -1) for line in lines),
        effect=effect(row.applied_cents, row.cents - row.applied_cents),
        remedies=REMEDIES,
    )


def effect(applied: int, rest: int) -> str:
    """What becomes of the amount of a credit note, in cents."""
    told = [f"{euros(applied)} sont déduits de ce qui reste à payer de cette facture."] if applied else []
    told += [f"{euros(rest)} sont portés à votre avoir, déduit de votre prochain règlement."] if rest else []
    return " ".join(told)


def issuer_of(commune: Commune | None, till: Till) -> Issuer:
    """The letterhead of a till's papers."""
    name, _, quality = till.issuer.partition(", ")
    return issuer(commune, till.name, name, quality)


def addressee_of(recipient: str, number: str) -> Addressee:
    """Of the name and address as they were kept, a line each."""
    lines = tuple(recipient.splitlines()[:MOST_LINES]) or (number,)
    return Addressee(lines, lines[0], number)


def _line(line: InvoiceLine | CreditNoteLine, sign: int) -> papers.InvoiceLine:
    days = [(date.fromisoformat(day["day"]), _odd(day["what"])) for day in line.days or ()]
    return papers.InvoiceLine(
        child=line.child,
        label=line.label,
        first=line.starts,
        last=line.ends,
        quantity=line.quantity,
        unit_cents=sign * line.unit_cents,
        cents=sign * line.cents,
        days=days_said(days),
    )


def _odd(what: str) -> str:
    return BILLED_ABSENCE if what.endswith(BILLED_ABSENCE) else ""


def _basis(lines: Sequence[InvoiceLine]) -> tuple[str, ...]:
    """Why these prices: each service with the reasons of its days."""
    told: dict[str, None] = {}
    for line in lines:
        for day in line.days or ():
            reason = day["what"].removesuffix(BILLED_ABSENCE).removesuffix(" · ")
            if reason and line.unit_cents >= 0:
                told[f"{line.label}{NBSP}: {reason}"] = None
    return tuple(told)[:MOST_REASONS]


def _ways(row: Invoice, debit: DirectDebit | None) -> WaysToPay:
    if debit:
        told = papers.DirectDebit(debit.collect_on, debit.mandate.rum, debit.mandate.masked)
        return WaysToPay(debit=told)
    if not row.till.online:
        return WaysToPay()
    base = banks.base_url()
    return WaysToPay(
        url=f"{base}/factures/{row.id}",
        site=urlsplit(base).netloc,
        collectivity=row.till.numcli or "",
        reference=row.number if row.till.numcli else "",
    )
