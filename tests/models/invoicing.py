"""What the tests of invoicing share: days that are booked, a campaign from its drafts to its last invoice."""

from datetime import date

from models import clock
from models.access.member import Member
from models.commune.till import Till
from models.families.family import Family
from models.invoicing import crediting, drafting, issue
from models.invoicing.campaign import InvoiceCampaign
from models.invoicing.crediting import Correction
from models.invoicing.invoiced_booking import InvoicedBooking
from models.money.credit_use import CreditUse
from models.money.invoice import Invoice
from models.rules.postings import FamilyAccount
from models.storage.database import transaction
from tests.portal import Portal

SEPTEMBER = date(2022, 9, 1), date(2022, 9, 30)


async def drafted(town: Portal, start: date, end: date, till: Till | None = None) -> InvoiceCampaign:
    """A campaign with its drafts."""
    till = till or await Till.all().order_by("id").first()
    assert till
    member = (await Member.get(username="regie")).id
    campaign = await drafting.begin(till, start, end, clock.now().date(), member, clock.now())
    await town.run_jobs()
    return await InvoiceCampaign.get(id=campaign.id).select_related("till")


async def issued(town: Portal, campaign: InvoiceCampaign) -> InvoiceCampaign:
    await begun(campaign)
    await town.run_jobs()
    return await InvoiceCampaign.get(id=campaign.id)


async def begun(campaign: InvoiceCampaign) -> None:
    """Somebody has read the drafts and issues them."""
    member = (await Member.get(username="regie")).id
    read = issue.seen(*await issue.to_issue(campaign), campaign)
    assert await issue.start(campaign.id, member, read, clock.now())


async def invoice_and_take_back(town: Portal) -> None:
    """October of the demo; then one of its invoices is taken back, of which a credit had paid a cent."""
    await Till.all().update(least_invoice=None)
    for till in await Till.all():
        await issued(town, await drafted(town, date(2025, 10, 1), date(2025, 10, 31), till))
    paper = await Invoice.filter(before_portal=False).first()
    assert paper
    async with transaction():
        await Family.lock(paper.family_id)
        account = FamilyAccount(paper.family_id, paper.till_id)
        await CreditUse.apply(account, paper.id, 1, "click", clock.now(), "member:1")
    on_it = frozenset(row.booking_id for row in await InvoicedBooking.filter(invoice_id=paper.id))
    await crediting.credit(paper.id, Correction(on_it, "Erreur", True), 1, clock.now())
