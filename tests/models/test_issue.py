"""A month is invoiced: each family once, each day once, numbers without a hole."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from models import clock
from models.activities.tariff import Tariff
from models.bookings.booking import Booking
from models.commune.till import Till
from models.families.aid import Aid
from models.families.family import Family
from models.families.quotient import Quotient
from models.invoicing import crediting, drafting, issue
from models.invoicing.campaign import InvoiceCampaign
from models.invoicing.crediting import Correction, NothingToCredit
from models.invoicing.draft import InvoiceDraft
from models.invoicing.invoiced_booking import InvoicedBooking
from models.money import ledger
from models.money.invoice import Invoice, InvoiceLine
from models.work.email import Email
from tests.engines import ON_SQLITE
from tests.models.invoicing import SEPTEMBER, begun, drafted, issued
from tests.portal import Portal
from tests.web.checkout import Parent, parent

OpenPortal = Callable[..., Awaitable[Portal]]
MEAL, MORNING = "Cantine d'Alixan", "Garderie du matin"
FOUR = ("2022-09-01", "2022-09-02", "2022-09-05", "2022-09-06")


@pytest.fixture
async def paule(portal: OpenPortal) -> Parent:
    """Four meals of Louis at 5,00 €."""

    def members(file: dict[str, Any]) -> None:
        for child in file["families"][0]["children"]:
            child["members"] = ["cantine"]

    town = await portal("alixan", now="2022-07-04T14:00:00", change=members)
    paule = await parent(town, "paule.martin")
    await paule.tick("Louis", MEAL, *FOUR)
    await paule.click()
    await town.run_jobs()
    clock.shift_to(clock.datetime(2022, 9, 30, 17, tzinfo=clock.PARIS))
    return paule


@ON_SQLITE
async def test_the_months_meals_are_one_invoice(paule: Parent) -> None:
    campaign = await drafted(paule.town, *SEPTEMBER)
    [draft] = await InvoiceDraft.all()
    assert (draft.cents, campaign.drafted_at is not None, await Invoice.all().count()) == (2000, True, 0)
    await issued(paule.town, campaign)
    invoice = await Invoice.get()
    assert (invoice.number, invoice.cents, invoice.issued_on) == ("2022-00001", 2000, date(2022, 9, 30))
    assert invoice.due_on == date(2022, 10, 30) and invoice.recipient.startswith("Paule Martin")
    [line] = await InvoiceLine.all()
    assert (line.child, line.label, line.quantity, line.unit_cents) == ("Louis Martin", MEAL, 4, 500)
    assert (line.starts, line.ends) == SEPTEMBER and [day["day"] for day in line.days] == list(FOUR)
    assert await ledger.open_invoices(paule.family) == {invoice.till_id: (1, 2000)}
    email = await Email.get(key__startswith="invoice")
    assert email.subject == "Votre facture de septembre 2022"
    assert "20,00" in email.text and f"/factures/{invoice.id}" in email.text and "30 octobre" in email.text
    await paule.town.verify()


async def test_invoiced_again_it_is_still_one(paule: Parent) -> None:
    await issued(paule.town, await drafted(paule.town, *SEPTEMBER))
    await issued(paule.town, await drafted(paule.town, *SEPTEMBER))
    assert await Invoice.all().count() == 1 and await InvoicedBooking.all().count() == 4
    assert await InvoiceCampaign.filter(state="issued").count() == 2
    await paule.town.verify()


@ON_SQLITE
async def test_what_was_given_back_in_time_is_not_billed_and_what_was_late_is(paule: Parent) -> None:
    bookings = await Booking.filter(slot__name=MEAL).order_by("day")
    await Booking.filter(id=bookings[0].id).update(state="cancelled", billed=False)
    await Booking.filter(id=bookings[1].id).update(state="cancelled", billed=True)
    await drafted(paule.town, *SEPTEMBER)
    [draft] = await InvoiceDraft.all()
    assert draft.cents == 1500
    assert [day["what"] for day in draft.lines[0]["days"]] == [
        "à l’unité · absence facturée",
        "à l’unité",
        "à l’unité",
    ]


@ON_SQLITE
async def test_a_day_is_priced_anew_by_the_quotient_of_the_day(paule: Parent) -> None:
    await Tariff.filter(activity__code="cantine").update(method="rate", rate="1", low=0, high=9900)
    await Quotient.filter(family_id=paule.family).delete()
    await Quotient.create(family_id=paule.family, value=400, start=date(2022, 9, 1), end=date(2022, 9, 4))
    await Quotient.create(family_id=paule.family, value=300, start=date(2022, 9, 5))
    campaign = await drafted(paule.town, *SEPTEMBER)
    [draft] = await InvoiceDraft.all()
    assert [(line["quantity"], line["unit_cents"]) for line in draft.lines] == [(2, 400), (2, 300)]
    assert [(day["day"], day["old"], day["new"]) for day in draft.repriced][-1] == ("2022-09-06", 500, 300)
    assert len(draft.repriced) == 4
    await issued(paule.town, campaign)
    assert (await Invoice.get()).cents == 1400
    assert {booking.cents for booking in await Booking.all()} == {500}
    await paule.town.verify()


async def test_drafts_are_thrown_away_and_made_again(paule: Parent) -> None:
    campaign = await drafted(paule.town, *SEPTEMBER)
    await Tariff.filter(activity__code="cantine").update(amount=600)
    assert (await InvoiceDraft.get()).cents == 2000
    assert await drafting.renew(campaign.id, 1, clock.now())
    assert await InvoiceDraft.all().count() == 0
    await paule.town.run_jobs()
    assert (await InvoiceDraft.get()).cents == 2400


@ON_SQLITE
async def test_what_changed_since_it_was_read_is_read_again(paule: Parent) -> None:
    campaign = await drafted(paule.town, *SEPTEMBER)
    await begun(campaign)
    await Booking.filter(day="2022-09-06").update(state="cancelled", billed=False)
    await paule.town.run_jobs()
    [draft] = await InvoiceDraft.all()
    assert draft.cents == 1500 and draft.changed_at and await Invoice.all().count() == 0
    assert (await InvoiceCampaign.get()).state == "draft"
    await issued(paule.town, campaign)
    assert (await Invoice.get()).cents == 1500 and (await InvoiceCampaign.get()).state == "issued"


async def test_a_family_that_came_meanwhile_is_read_first(paule: Parent) -> None:
    campaign = await drafted(paule.town, *SEPTEMBER)
    await begun(campaign)
    await Booking.filter(day="2022-09-06").update(family_id=(await Family.create(number="late")).id)
    await paule.town.run_jobs()
    assert (await InvoiceCampaign.get()).state == "draft" and await Invoice.all().count() == 0
    assert await InvoiceDraft.filter(changed_at__not_isnull=True).count() == 2


@ON_SQLITE
async def test_drafts_that_are_not_those_that_were_read_do_not_leave(paule: Parent) -> None:
    campaign = await drafted(paule.town, *SEPTEMBER)
    with pytest.raises(issue.DraftsChanged):
        await issue.start(campaign.id, 1, "1-1-1999", clock.now())
    assert (await InvoiceCampaign.get()).state == "draft"


async def test_a_till_has_one_campaign_at_a_time(paule: Parent) -> None:
    campaign = await drafted(paule.town, *SEPTEMBER)
    with pytest.raises(drafting.CampaignUnderWay):
        await drafted(paule.town, *SEPTEMBER)
    assert await drafting.discard(campaign.id, 1, clock.now())
    await issued(paule.town, await drafted(paule.town, *SEPTEMBER))
    assert not await drafting.discard(2, 1, clock.now()) and not await drafting.renew(2, 1, clock.now())


@ON_SQLITE
async def test_nothing_is_no_invoice_and_little_waits_for_the_next(paule: Parent) -> None:
    await Till.all().update(least_invoice=2001)
    assert (await issued(paule.town, await drafted(paule.town, *SEPTEMBER))).state == "issued"
    assert await Invoice.all().count() == 0
    await paule.town.verify()
    await Till.all().update(least_invoice=2000)
    await issued(paule.town, await drafted(paule.town, date(2022, 10, 1), date(2022, 10, 31)))
    [line] = await InvoiceLine.all()
    assert (line.quantity, line.starts, line.ends) == (4, date(2022, 9, 1), date(2022, 10, 31))
    await paule.town.verify()


@ON_SQLITE
async def test_a_number_is_written_as_its_till_says(paule: Parent) -> None:
    await Till.all().update(number_format="NUM {n:07}")
    await issued(paule.town, await drafted(paule.town, *SEPTEMBER))
    invoice = await Invoice.get()
    assert (invoice.number, invoice.series_year, invoice.rank) == ("NUM 0000001", 0, 1)
    await paule.town.verify()


@ON_SQLITE
async def test_a_credit_note_takes_a_day_back_for_a_new_invoice(paule: Parent) -> None:
    await issued(paule.town, await drafted(paule.town, *SEPTEMBER))
    invoice = await Invoice.get()
    day = (await Booking.get(day="2022-09-06")).id
    note = await crediting.credit(invoice.id, Correction(frozenset({day}), "Erreur", True), 1, clock.now())
    assert (note.number, note.cents, note.applied_cents) == ("A2022-00001", 500, 500)
    assert await ledger.open_invoices(paule.family) == {invoice.till_id: (1, 1500)}
    with pytest.raises(NothingToCredit):
        await crediting.credit(invoice.id, Correction(frozenset({day}), "Encore", True), 1, clock.now())
    await paule.town.verify()
    await issued(paule.town, await drafted(paule.town, *SEPTEMBER))
    assert [invoice.cents for invoice in await Invoice.all().order_by("id")] == [2000, 500]
    await paule.town.verify()


@ON_SQLITE
async def test_a_day_taken_back_for_good_is_never_billed_again(paule: Parent) -> None:
    await issued(paule.town, await drafted(paule.town, *SEPTEMBER))
    invoice = await Invoice.get()
    days = frozenset(booking.id for booking in await Booking.all())
    await crediting.credit(invoice.id, Correction(days, "Geste", False), 1, clock.now())
    await drafted(paule.town, *SEPTEMBER)
    assert await InvoiceDraft.filter(invoice_id=None).count() == 0
    assert await ledger.open_invoices(paule.family) == {}
    await paule.town.verify()


@ON_SQLITE
async def test_what_a_third_party_pays_is_taken_off_until_it_is_spent(paule: Parent) -> None:
    start = date(2022, 9, 1)
    await Aid.create(family_id=paule.family, funder="CAF", cents=200, most_days=3, start=start)
    campaign = await drafted(paule.town, *SEPTEMBER)
    meals, aid = (await InvoiceDraft.get()).lines
    assert (meals["cents"], aid["cents"], aid["label"]) == (2000, -600, f"Aide CAF – {MEAL}")
    await issued(paule.town, campaign)
    invoice = await Invoice.get()
    assert invoice.cents == 1400 and sum(line.cents for line in await InvoiceLine.all()) == 1400
    day = frozenset({(await Booking.get(day="2022-09-01")).id})
    assert (await crediting.credit(invoice.id, Correction(day, "Erreur", True), 1, clock.now())).cents == 300
    await issued(paule.town, await drafted(paule.town, *SEPTEMBER))
    assert [one.cents for one in await Invoice.all().order_by("id")] == [1400, 300]
    await paule.town.verify()


@ON_SQLITE
async def test_a_late_booking_costs_more_on_the_invoice_too(paule: Parent) -> None:
    await Tariff.filter(activity__code="cantine").update(late="+100")
    await Booking.filter(day="2022-09-06").update(late=True)
    await drafted(paule.town, *SEPTEMBER)
    assert [(line["quantity"], line["unit_cents"]) for line in (await InvoiceDraft.get()).lines] == [
        (1, 600),
        (3, 500),
    ]
