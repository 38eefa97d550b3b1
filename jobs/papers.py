"""Papers are drawn after what they tell is in the books, and kept as they were drawn first."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from jobs.documents import render, render_together
from models.clock import now
from models.counter import papers as counter_papers
from models.counter.receipt import Receipt
from models.counter.reminder import Reminder
from models.invoicing import papers
from models.invoicing.campaign import InvoiceCampaign
from models.money.credit_note import CreditNote
from models.money.invoice import Invoice
from models.money.issued_document import IssuedDocument, stored
from models.rules.papers import Paper
from models.rules.states.documents import DocumentKind


@dataclass(frozen=True, slots=True)
class Kind:
    """How papers of a kind are read from the rows that they tell of, and whose they are."""

    name: str  # of the file, before the number
    read: Callable[[Sequence[int]], Awaitable[Mapping[int, Paper]]]
    families: Callable[[Sequence[int]], Awaitable[dict[int, int | None]]]


async def _of_invoices(ids: Sequence[int]) -> dict[int, int | None]:
    return dict(await Invoice.filter(id__in=list(ids)).values_list("id", "family_id"))


async def _of_credit_notes(ids: Sequence[int]) -> dict[int, int | None]:
    return dict(await CreditNote.filter(id__in=list(ids)).values_list("id", "family_id"))


async def _of_receipts(ids: Sequence[int]) -> dict[int, int | None]:
    return dict(await Receipt.filter(id__in=list(ids)).values_list("id", "payment__family_id"))


async def _of_reminders(ids: Sequence[int]) -> dict[int, int | None]:
    return dict(await Reminder.filter(id__in=list(ids)).values_list("id", "family_id"))


async def _of_a_till(ids: Sequence[int]) -> dict[int, int | None]:
    return dict.fromkeys(ids)


KINDS = {
    DocumentKind.INVOICE: Kind("facture", papers.invoices, _of_invoices),
    DocumentKind.CREDIT_NOTE: Kind("avoir", papers.credit_notes, _of_credit_notes),
    DocumentKind.RECEIPT: Kind("recu", counter_papers.receipts, _of_receipts),
    DocumentKind.REMINDER: Kind("relance", counter_papers.reminders, _of_reminders),
    DocumentKind.DEPOSIT: Kind("bordereau", counter_papers.deposit_slips, _of_a_till),
}


async def draw(kind: str, ids: Sequence[int]) -> None:
    """Those that are not kept yet. One that is drawn twice is kept once."""
    wanted = DocumentKind(kind)
    left = sorted(set(ids) - await stored(wanted, ids))
    drawn, families = await KINDS[wanted].read(left), await KINDS[wanted].families(left)
    made = []
    for id, paper in drawn.items():
        content = await asyncio.to_thread(render, paper)
        name = f"{KINDS[wanted].name}-{file_name(str(getattr(paper, 'number', id)))}.pdf"
        made.append(IssuedDocument.holding(wanted, id, families[id], name, content, now()))
    await IssuedDocument.store_each(made)


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


def file_name(number: str) -> str:
    """« 1 16043631 » is « 1-16043631 »."""
    return "".join(letter if letter.isalnum() else "-" for letter in number)
