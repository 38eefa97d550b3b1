"""Papers are drawn after what they tell is in the books, and kept as they were drawn first."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jobs.documents import render, render_together
from models.access.letter import LetterRun
from models.accounts import letters
from models.activities.catalogue import current_catalogue
from models.certificates import enrolment
from models.certificates import papers as certificate_papers
from models.certificates.certificate import Certificate
from models.certificates.run import CertificateRun
from models.clock import now
from models.counter import papers as counter_papers
from models.counter.deposit import Deposit
from models.counter.receipt import Receipt
from models.counter.refunds.discharge import Discharge
from models.counter.reminder import Reminder
from models.direct_debit.mandate import Mandate
from models.invoicing import papers
from models.invoicing.campaign import InvoiceCampaign
from models.invoicing.mandate_paper import mandate_paper
from models.money.credit_note import CreditNote
from models.money.invoice import Invoice
from models.money.issued_document import IssuedDocument, stored
from models.rulebook import guide, version
from models.rules.papers import Paper, TaxCertificate
from models.rules.states.documents import DocumentKind
from models.work.audit_log import Event


@dataclass(frozen=True, slots=True)
class Drawing:
    """Where the papers of a kind come from: their values, and the rows that say whose they are."""

    name: str  # of the file, before its number
    read: Callable[[Sequence[int]], Awaitable[Mapping[int, Paper]]]
    rows: Any  # the noun
    family: str = "family_id"  # where the noun says whose it is; "" where it is of a till


DRAWINGS = {
    DocumentKind.INVOICE: Drawing("facture", papers.invoices, Invoice),
    DocumentKind.CREDIT_NOTE: Drawing("avoir", papers.credit_notes, CreditNote),
    DocumentKind.CERTIFICATE: Drawing("attestation-fiscale", certificate_papers.certificates, Certificate),
    DocumentKind.ENROLMENT: Drawing("attestation-inscription", enrolment.papers, Event),
    DocumentKind.RECEIPT: Drawing("recu", counter_papers.receipts, Receipt, "payment__family_id"),
    DocumentKind.DISCHARGE: Drawing("decharge", counter_papers.discharges, Discharge, "refund__family_id"),
    DocumentKind.REMINDER: Drawing("relance", counter_papers.reminders, Reminder),
    DocumentKind.DEPOSIT: Drawing("bordereau", counter_papers.deposit_slips, Deposit, ""),
}


async def draw(kind: str, ids: Sequence[int]) -> None:
    """Those that are not kept yet. One that is drawn twice is kept once."""
    wanted = DocumentKind(kind)
    drawing = DRAWINGS[wanted]
    left = sorted(set(ids) - await stored(wanted, ids))
    drawn, families = await drawing.read(left), await _families(drawing, left)
    made = []
    for id, paper in drawn.items():
        content = await asyncio.to_thread(render, paper)
        name = f"{drawing.name}-{file_name(number_of(paper, id))}.pdf"
        made.append(IssuedDocument.holding(wanted, id, families[id], name, content, now()))
    await IssuedDocument.store_each(made)


async def _families(drawing: Drawing, ids: Sequence[int]) -> dict[int, int | None]:
    if not drawing.family:
        return dict.fromkeys(ids)
    return dict(await drawing.rows.filter(id__in=ids).values_list("id", drawing.family))


async def draw_letters(campaign_id: int) -> None:
    """The invoices of a campaign that go by post, as one file to print; none where there are none."""
    campaign = await InvoiceCampaign.get(id=campaign_id)
    ids = await papers.by_post(campaign)
    if not ids or await stored(DocumentKind.LETTERS, [campaign_id]):
        return
    found = await papers.invoices(ids)
    content = await asyncio.to_thread(render_together, [found[id] for id in ids])
    name = f"factures-a-imprimer-{campaign.period_start:%Y-%m}.pdf"
    await IssuedDocument.store(DocumentKind.LETTERS, campaign_id, None, name, content, now())


async def draw_certificates(run_id: int) -> None:
    """All the tax certificates that left with a run, as one file."""
    if await stored(DocumentKind.CERTIFICATES, [run_id]):
        return
    found = await certificate_papers.of_run(run_id)
    content = await asyncio.to_thread(render_together, found)
    name = f"attestations-fiscales-{(await CertificateRun.get(id=run_id)).year}-{run_id}.pdf"
    await IssuedDocument.store(DocumentKind.CERTIFICATES, run_id, None, name, content, now())


async def draw_access_letters(run_id: int) -> None:
    """The letters of first connection that were made together; none once all of them are used or replaced."""
    run = await LetterRun.get(id=run_id)
    found = [] if run.file else await letters.papers(run)
    if found:
        await run.keep(await asyncio.to_thread(render_together, found))


async def draw_mandates() -> None:
    """Those that have no paper yet, the first ones; what is left comes with the next hour."""
    for mandate in await Mandate.undrawn():
        await mandate.keep(await asyncio.to_thread(render, await mandate_paper(mandate)))


def number_of(paper: Paper, id: int) -> str:
    """What tells its file from the others of its family."""
    if isinstance(paper, TaxCertificate):
        return f"{paper.year}-{paper.addressee.number}-{id}"
    return str(getattr(paper, "number", id))


async def draw_rulebook() -> None:
    """What the commune says of itself: its règlement, then its guide."""
    await _draw_rulebook()
    await _draw_guide()


async def _draw_rulebook() -> None:
    """The commune's règlement, when it says something else than before; none where no commune is loaded."""
    try:
        found = await version.note_change(now())
    except LookupError:
        return
    if found is None:
        return
    number, paper = found
    content = await asyncio.to_thread(render, paper)
    name = f"reglement-{paper.issued_on:%Y-%m-%d}.pdf"
    await IssuedDocument.store(DocumentKind.RULEBOOK, number, None, name, content, now())


async def _draw_guide() -> None:
    """The guide of this commune, when it says something else than before; none where no commune is loaded."""
    try:
        paper = await guide.guide(await current_catalogue(), now().date())
    except LookupError:
        return
    number = guide.number(paper)
    if await stored(DocumentKind.GUIDE, [number]):
        return
    content = await asyncio.to_thread(render, paper)
    name = "guide-d-utilisation.pdf"
    await IssuedDocument.store(DocumentKind.GUIDE, number, None, name, content, now())


def file_name(number: str) -> str:
    """« 1 16043631 » is « 1-16043631 »."""
    return "".join(letter if letter.isalnum() else "-" for letter in number)
