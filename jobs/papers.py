"""Papers are drawn after what they tell is in the books, and kept as they were drawn first."""

import asyncio
from collections.abc import Mapping, Sequence

from jobs.documents import render, render_together
from models.clock import now
from models.invoicing import papers
from models.invoicing.campaign import InvoiceCampaign
from models.money.credit_note import CreditNote
from models.money.invoice import Invoice
from models.money.issued_document import IssuedDocument, stored
from models.rulebook import version
from models.rules.papers import Paper
from models.rules.states.documents import DocumentKind

NAMES = {DocumentKind.INVOICE: "facture", DocumentKind.CREDIT_NOTE: "avoir"}


async def draw(kind: str, ids: Sequence[int]) -> None:
    """Those that are not kept yet. One that is drawn twice is kept once."""
    wanted = DocumentKind(kind)
    left = sorted(set(ids) - await stored(wanted, ids))
    drawn: Mapping[int, Paper] = (
        await papers.invoices(left) if wanted is DocumentKind.INVOICE else await papers.credit_notes(left)
    )
    rows = (Invoice if wanted is DocumentKind.INVOICE else CreditNote).filter(id__in=left)
    families = dict(await rows.values_list("id", "family_id"))
    made = []
    for id, paper in drawn.items():
        content = await asyncio.to_thread(render, paper)
        name = f"{NAMES[wanted]}-{file_name(str(getattr(paper, 'number', id)))}.pdf"
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


async def draw_rulebook() -> None:
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


def file_name(number: str) -> str:
    """« 1 16043631 » is « 1-16043631 »."""
    return "".join(letter if letter.isalnum() else "-" for letter in number)
