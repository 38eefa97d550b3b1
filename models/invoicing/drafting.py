"""The drafts of a campaign: begun, made piece by piece, thrown away and made again. Nothing leaves."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from tortoise.exceptions import IntegrityError

from models.activities.catalogue import current_catalogue
from models.commune.till import Till
from models.invoicing.billable import families_due
from models.invoicing.campaign import InvoiceCampaign
from models.invoicing.draft import InvoiceDraft
from models.invoicing.due import Due, due_of_families
from models.rules.states.campaigns import CampaignState
from models.storage.database import marks, rows, transaction
from models.work.audit_log import Event
from models.work.task import Task

PIECE = 200  # families of one transaction: memory stays flat, however many the town has
PIECES = 5  # of one job


class CampaignUnderWay(Exception):
    """The till has one that is neither issued nor discarded."""


class WrongPeriod(ValueError):
    """It ends before it begins."""


async def begin(
    till: Till, start: date, end: date, issue_on: date, member: int, now: datetime
) -> InvoiceCampaign:
    """A campaign whose drafts are asked for. Raises CampaignUnderWay, WrongPeriod."""
    if end < start:
        raise WrongPeriod(start, end)
    campaign = InvoiceCampaign(
        till_id=till.id,
        period_start=start,
        period_end=end,
        issue_on=issue_on,
        due_on=issue_on + timedelta(days=till.payment_days),
        made_by_id=member,
        made_at=now,
    )
    try:
        async with transaction():
            await campaign.save()
            await _note(campaign, "campaign.made", member, now)
            await _ask(campaign.id, campaign.version, 0)
    except IntegrityError as exc:
        raise CampaignUnderWay(till.code) from exc
    return campaign


async def renew(id: int, member: int, now: datetime) -> bool:
    """Throw its drafts away and make them again. False when it is being issued, or over."""
    async with transaction():
        if not await _hold(id, CampaignState.DRAFT):
            return False
        campaign = await InvoiceCampaign.get(id=id)
        await InvoiceCampaign.filter(id=id).update(version=campaign.version + 1, drafted_at=None)
        await InvoiceDraft.filter(campaign_id=id, invoice_id=None).delete()
        await _note(campaign, "campaign.renewed", member, now)
        await _ask(id, campaign.version + 1, 0)
    return True


async def discard(id: int, member: int, now: datetime) -> bool:
    """Give it up: no invoice has left. False when some have, or when it is over."""
    async with transaction():
        if not await _hold(id, CampaignState.DRAFT) or await InvoiceDraft.exists(
            campaign_id=id, invoice_id__not_isnull=True
        ):
            return False
        await InvoiceDraft.filter(campaign_id=id).delete()
        await InvoiceCampaign.filter(id=id).update(state=CampaignState.DISCARDED)
        await _note(await InvoiceCampaign.get(id=id), "campaign.discarded", member, now)
    return True


async def make(id: int, version: int, after: int, now: datetime) -> None:
    """Some pieces of the drafts, of families whose ids follow; it asks for the rest. Done twice, it is done once."""
    for _ in range(PIECES):
        campaign = await InvoiceCampaign.get(id=id)
        if campaign.state != CampaignState.DRAFT or campaign.version != version:
            return  # somebody began again
        families = await families_due(campaign, after, PIECE)
        if not families:
            await InvoiceCampaign.filter(id=id, version=version, drafted_at=None).update(drafted_at=now)
            return
        found = await due_of_families(await current_catalogue(), campaign, families)
        async with transaction():
            if not await _hold(id, CampaignState.DRAFT, version):
                return
            await put(campaign, found)
        after = families[-1]
    await _ask(id, version, after)


async def put(
    campaign: InvoiceCampaign, found: Mapping[int, Due], changed_at: datetime | None = None
) -> None:
    """These families' drafts, in place of those they have. Call inside a transaction; issued ones stay."""
    families = list(found)
    mine = InvoiceDraft.filter(campaign_id=campaign.id, family_id__in=families, invoice_id=None)
    await mine.delete()
    before = await _invoiced_before(campaign, families)
    await InvoiceDraft.bulk_create(
        [
            InvoiceDraft(
                campaign_id=campaign.id,
                family_id=family,
                cents=due.cents,
                lines=due.lines,
                repriced=due.repriced,
                previous_cents=before.get(family),
                changed_at=changed_at,
            )
            for family, due in found.items()
        ]
    )


async def redraft(family: int) -> None:
    """What it pays has changed: its drafts that nobody issues yet are made anew, and show the old price and the new."""
    mine = InvoiceDraft.filter(family_id=family, invoice_id=None, campaign__state=CampaignState.DRAFT)
    for id in await mine.order_by("campaign_id").values_list("campaign_id", flat=True):
        campaign = await InvoiceCampaign.get(id=id)
        found = await due_of_families(await current_catalogue(), campaign, [family])
        async with transaction():
            if await _hold(campaign.id, CampaignState.DRAFT, campaign.version):
                await put(campaign, found)


async def _hold(id: int, state: CampaignState, version: int | None = None) -> bool:
    """First in a transaction: nobody else changes the campaign until it ends. False when it is another one by now."""
    mine = InvoiceCampaign.filter(id=id, state=state)
    return await (mine if version is None else mine.filter(version=version)).update(state=state) == 1


async def _ask(id: int, version: int, after: int) -> None:
    await Task.later("draft_invoices", id, version, after, key=f"draft:{id}:{version}:{after}")


async def _note(campaign: InvoiceCampaign, action: str, member: int, now: datetime) -> None:
    start, end = campaign.period_start.isoformat(), campaign.period_end.isoformat()
    about = f"campaign:{campaign.id}"
    await Event.note(now, f"member:{member}", action, about, till=campaign.till_id, start=start, end=end)


async def _invoiced_before(campaign: InvoiceCampaign, families: Sequence[int]) -> dict[int, int]:
    """What the till invoiced each family of the period before, less what it took back."""
    first = previous_month(campaign.period_start)
    values = [campaign.till_id, first, campaign.period_start, *families]
    found = await rows(_BEFORE.format(marks=marks(families)), values)
    return {row["family_id"]: int(row["cents"]) for row in found}


def previous_month(day: date) -> date:
    """The first day of the month before the day's."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


_BEFORE = """
SELECT invoice.family_id, SUM(invoice.cents - COALESCE((SELECT SUM(credit_note.cents) FROM credit_note
  WHERE credit_note.invoice_id = invoice.id), 0)) AS cents
FROM invoice WHERE invoice.till_id = ? AND invoice.period_end >= ? AND invoice.period_end < ?
  AND invoice.family_id IN ({marks}) GROUP BY invoice.family_id
"""
