"""Invoices leave: a number without a hole, an entry, the lines as printed, once for each family.

Some families are one transaction: killed anywhere, all of it is there or nothing, and the next process goes on. Two
processes that issue the same campaign take turns at each family, and the second finds it done.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from models.activities.catalogue import Catalogue, current_catalogue
from models.direct_debit import planning
from models.families.family import Family
from models.french.invoices import invoice_label
from models.invoicing import drafting
from models.invoicing.billable import families_due
from models.invoicing.campaign import InvoiceCampaign
from models.invoicing.draft import InvoiceDraft
from models.invoicing.due import Due, day_of, due_of_families
from models.invoicing.invoiced_booking import InvoicedBooking
from models.invoicing.recipients import recipients_of
from models.money import ledger
from models.money.invoice import Invoice, InvoiceLine
from models.money.number_series import NumberSeries, series_of
from models.rules import postings
from models.rules.postings import FamilyAccount, Posting
from models.rules.states.campaigns import CampaignState
from models.rules.states.documents import DocumentKind
from models.rules.states.notices import NoticeKind
from models.storage.database import retrying, transaction
from models.work.audit_log import Event
from models.work.notice import Notice
from models.work.task import Task

TOGETHER = 40  # families of one transaction
BATCHES = 8  # of one job


class DraftsChanged(Exception):
    """They are not those that were read any more."""


def seen(number: int, cents: int, campaign: InvoiceCampaign) -> str:
    """What somebody has read before they issue it."""
    return f"{campaign.version}-{number}-{cents}"


async def start(id: int, member: int, read: str, now: datetime) -> bool:
    """Issue what was `read`, in the background. False when it is being issued, or over. Raises DraftsChanged."""
    async with transaction():
        held = InvoiceCampaign.filter(id=id, state=CampaignState.DRAFT, drafted_at__not_isnull=True)
        if await held.update(state=CampaignState.ISSUING, issued_by_id=member, issuing_at=now) != 1:
            return False
        campaign = await InvoiceCampaign.get(id=id).select_related("till")
        if read != seen(*await to_issue(campaign), campaign):
            raise DraftsChanged
        await InvoiceDraft.filter(campaign_id=id).update(changed_at=None)
        await Event.note(now, f"member:{member}", "campaign.issuing", f"campaign:{id}", read=read)
        await _go_on(campaign, 0)
    return True


async def to_issue(campaign: InvoiceCampaign) -> tuple[int, int]:
    """How many invoices are still to leave, and their sum in cents. Its till is loaded."""
    found = await _waiting(campaign).values_list("cents", flat=True)
    return len(found), sum(found)


async def issue(id: int, turn: int, now: datetime) -> None:
    """Some invoices of a campaign that is being issued; it asks for the rest. Done twice, it is done once."""
    for _ in range(BATCHES):
        campaign = await InvoiceCampaign.get(id=id).select_related("till")
        if campaign.state != CampaignState.ISSUING:
            return
        if not await _issue_some(campaign, now):
            return await retrying(partial(_finish, campaign, now))
    await _go_on(campaign, turn + 1)


async def _issue_some(campaign: InvoiceCampaign, now: datetime) -> bool:
    """The next families; false when there are none."""
    next_ones = _waiting(campaign).filter(changed_at=None).order_by("family_id").limit(TOGETHER)
    families: list[int] = await next_ones.values_list("family_id", flat=True)
    if families:
        await retrying(partial(_issue, await current_catalogue(), campaign, families, now))
    return bool(families)


async def _go_on(campaign: InvoiceCampaign, turn: int) -> None:
    key = f"issue:{campaign.id}:{campaign.issuing_at}:{turn}"
    await Task.later("issue_invoices", campaign.id, turn, key=key)


def _waiting(campaign: InvoiceCampaign) -> Any:
    """Drafts that are to become invoices: not those of nothing, nor of so little that it waits."""
    least = max(1, campaign.till.least_invoice or 0)
    return InvoiceDraft.filter(campaign_id=campaign.id, invoice_id=None, cents__gte=least)


async def _issue(
    catalogue: Catalogue, campaign: InvoiceCampaign, families: Sequence[int], now: datetime
) -> None:
    async with transaction():
        await Family.lock(*families)
        if not await InvoiceCampaign.exists(id=campaign.id, state=CampaignState.ISSUING):
            return
        waiting = _waiting(campaign).filter(changed_at=None, family_id__in=families)
        drafts: list[InvoiceDraft] = await waiting.order_by("family_id")
        due = await due_of_families(catalogue, campaign, [draft.family_id for draft in drafts])
        as_read = [draft for draft in drafts if _same(draft, due.get(draft.family_id))]
        await _renew(campaign, [draft for draft in drafts if draft not in as_read], due, now)
        if as_read:
            await _write(catalogue, campaign, as_read, now)


def _same(draft: InvoiceDraft, due: Due | None) -> bool:
    return due is not None and (draft.cents, draft.lines) == (due.cents, due.lines)


async def _renew(
    campaign: InvoiceCampaign, drafts: Sequence[InvoiceDraft], due: dict[int, Due], now: datetime
) -> None:
    """A day was booked or given back since somebody read it: it is left for them to read again."""
    families = [draft.family_id for draft in drafts]
    gone = [family for family in families if family not in due]
    await InvoiceDraft.filter(campaign_id=campaign.id, family_id__in=gone, invoice_id=None).delete()
    again = {family: due[family] for family in families if family in due}
    if again:
        await drafting.put(campaign, again, changed_at=now)


async def _write(
    catalogue: Catalogue, campaign: InvoiceCampaign, drafts: Sequence[InvoiceDraft], now: datetime
) -> None:
    invoices = await _invoices(campaign, drafts)
    lines = await _lines(campaign, drafts, invoices)
    await InvoicedBooking.add(list(_bookings(drafts, invoices, lines)))
    for draft in drafts:
        draft.invoice_id = invoices[draft.family_id].id
    await InvoiceDraft.bulk_update(drafts, ["invoice_id"])
    await ledger.post_new(
        [_posting(catalogue, campaign, draft, invoices[draft.family_id]) for draft in drafts],
        at=now,
        actor=campaign.actor,
    )
    await planning.plan(campaign.till, list(invoices.values()), now)
    said = {
        invoice.family_id: f"invoice:{invoice.id}"
        for invoice in invoices.values()
        if invoice.delivery == "portal"
    }
    await Notice.say_each(NoticeKind.INVOICE_ISSUED, said, now)
    ids = sorted(invoice.id for invoice in invoices.values())
    await Task.later("draw_papers", DocumentKind.INVOICE, ids, key=f"draw:{DocumentKind.INVOICE}:{ids[0]}")
    told = {invoice.number: invoice.cents for invoice in invoices.values()}
    about = f"campaign:{campaign.id}"
    await Event.note(now, campaign.actor, "invoices.issued", about, till=campaign.till_id, papers=told)


async def _invoices(campaign: InvoiceCampaign, drafts: Sequence[InvoiceDraft]) -> dict[int, Invoice]:
    """By family, with their ids. Numbers go in the order of families."""
    series = series_of(campaign.till, campaign.issue_on)
    first = await NumberSeries.take(campaign.till_id, series.year, DocumentKind.INVOICE, len(drafts))
    to = await recipients_of([draft.family_id for draft in drafts])
    made = [
        Invoice(
            family_id=draft.family_id,
            till_id=campaign.till_id,
            number=series.number(rank, DocumentKind.INVOICE),
            series_year=series.year,
            rank=rank,
            issued_on=campaign.issue_on,
            cents=draft.cents,
            period_start=campaign.period_start,
            period_end=campaign.period_end,
            due_on=campaign.due_on,
            recipient=to[draft.family_id].text,
            delivery=to[draft.family_id].delivery,
        )
        for rank, draft in enumerate(drafts, start=first)
    ]
    await Invoice.bulk_create(made)
    numbers = [invoice.number for invoice in made]
    stored = await Invoice.filter(till_id=campaign.till_id, number__in=numbers)
    return {invoice.family_id: invoice for invoice in stored}


async def _lines(
    campaign: InvoiceCampaign, drafts: Sequence[InvoiceDraft], invoices: dict[int, Invoice]
) -> dict[tuple[int, int], int]:
    """Their ids, by invoice and position."""
    made = []
    for draft in drafts:
        for position, line in enumerate(draft.lines):
            same = ("child", "label", "quantity", "unit_cents", "cents", "care_cents", "days")
            made.append(
                InvoiceLine(
                    invoice_id=invoices[draft.family_id].id,
                    position=position,
                    starts=day_of(line["starts"]),
                    ends=day_of(line["ends"]),
                    child_row_id=line["child_id"],
                    activity_id=line["activity"],
                    aid_id=line["aid"],
                    **{name: line[name] for name in same},
                )
            )
    await InvoiceLine.bulk_create(made)
    ids = [invoice.id for invoice in invoices.values()]
    stored = await InvoiceLine.filter(invoice_id__in=ids).values_list("invoice_id", "position", "id")
    return {(invoice, position): id for invoice, position, id in stored}


def _bookings(
    drafts: Sequence[InvoiceDraft], invoices: dict[int, Invoice], lines: dict[tuple[int, int], int]
) -> Iterator[tuple[int, int, int, int]]:
    """Invoice, line, booking, cents. A booking whose meal and care stand apart belongs to the first of its lines,
    with the sum of both."""
    for draft in drafts:
        invoice = invoices[draft.family_id].id
        cents: Counter[int] = Counter()
        first: dict[int, int] = {}
        for position, line in enumerate(draft.lines):
            for day in line["days"]:
                cents[day["booking"]] += day["cents"]
                first.setdefault(day["booking"], lines[invoice, position])
        yield from ((invoice, line, booking, cents[booking]) for booking, line in first.items())


def _posting(
    catalogue: Catalogue, campaign: InvoiceCampaign, draft: InvoiceDraft, invoice: Invoice
) -> Posting:
    revenue: Counter[str] = Counter()
    for line in draft.lines:
        revenue[catalogue.activities[line["activity"]].code] += line["cents"]
    label = invoice_label(invoice.number, campaign.period_start, campaign.period_end)
    account = FamilyAccount(draft.family_id, campaign.till_id)
    return postings.invoiced(account, invoice.number, invoice.id, revenue, label)


async def _finish(campaign: InvoiceCampaign, now: datetime) -> None:
    """It is issued; or, where days were booked or given back meanwhile, somebody reads what is left first."""
    async with transaction():
        mine = InvoiceCampaign.filter(id=campaign.id, state=CampaignState.ISSUING)
        if await mine.update(state=CampaignState.ISSUING) != 1:
            return
        catalogue = await current_catalogue()
        while late := await families_due(campaign, 0, drafting.PIECE, drafted=False):
            await drafting.put(campaign, await due_of_families(catalogue, campaign, late), changed_at=now)
        if await _waiting(campaign).exists():
            await mine.update(state=CampaignState.DRAFT)
        else:
            await mine.update(state=CampaignState.ISSUED, issued_at=now)
            await Task.later("draw_letters", campaign.id, key=f"letters:{campaign.id}")
        await Event.note(now, campaign.actor, "campaign.issued", f"campaign:{campaign.id}")
