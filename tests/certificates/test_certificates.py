"""Tax certificates, from the ledger to the paper: hand-computed sums, one for each family and year, issued once."""

from collections.abc import Awaitable, Callable

import pytest

from models import clock
from models.access.member import Member
from models.certificates import issuing, paid_care, preparing
from models.certificates.certificate import Certificate
from models.certificates.preparing import BeingIssued, YearNotOver
from models.certificates.run import CertificateRun
from models.families.child import Child
from models.families.family import Family
from models.invoicing import crediting
from models.invoicing.crediting import Correction
from models.invoicing.invoiced_booking import InvoicedBooking
from models.money.invoice import Invoice
from models.money.issued_document import IssuedDocument
from models.rules.states.documents import DocumentKind
from models.work.email import Email
from models.work.task import Task
from tests.certificates.town import WEDNESDAY, at, left, live_2025, pay_invoice, prepared
from tests.documents.reading import words
from tests.engines import ON_SQLITE
from tests.models.damage_sql import change
from tests.models.test_damages import faults_of
from tests.portal import Portal
from tests.web.checkout import Parent

OpenPortal = Callable[..., Awaitable[Portal]]


@pytest.fixture
async def camille(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    return await live_2025(await portal("demo", now="2025-09-22T10:00:00"), monkeypatch)


async def certified(family: int) -> tuple[int, dict[str, dict[str, int]]]:
    """The last prepared or issued one: its sum, and by child its activities."""
    one = await Certificate.filter(family_id=family).order_by("-id").first()
    assert one
    return one.cents, {child["name"]: dict(child["paid"]) for child in one.children}


async def of_noe(family: int, year: int) -> list[int]:
    """What counts for him, by activity, the least first."""
    noe = await Child.get(first_name="Noé")
    found = (await paid_care.paid_care([family], year))[family].care
    return sorted(cents for (child, _), cents in found.items() if child == noe.id)


@ON_SQLITE
async def test_a_year_to_the_cent(camille: Parent) -> None:
    """The invoice is 1,80 €: Noé's three mornings 0,90 €, his absence 0,30 €, Lina's two 0,60 €. Of the 1,00 € that was
    paid in December, 0,90 × 1,00 / 1,80 = 0,50 € is Noé's care. Meals 2 × 0,50 €, Wednesdays 2,50 + 2,50 + 2,50 €."""
    await pay_invoice(camille.family, 100, "2025-12-31T23:59")
    at("2026-01-12T09:00")
    run = await prepared(camille.town, 2025)
    assert run.prepared_at and not run.is_moving
    assert await certified(camille.family) == (
        900,
        {"Noé Durand": {"Restaurant scolaire": 100, "Mercredis loisirs": 750, "Accueil périscolaire": 50}},
    )
    moreau = (await Family.get(number="VF-1002")).id
    assert (await certified(moreau))[1].keys() == {"Jules Moreau"}
    assert await Certificate.all().count() == 2


@ON_SQLITE
async def test_the_next_year_gets_the_rest_less_what_came_back(camille: Parent) -> None:
    """0,80 € of the invoice in January: 0,90 − 0,50 = 0,40 €. January's Wednesday comes back: − 2,50 €. What its avoir
    pays later counts again: a Wednesday of 2,50 €."""
    await pay_invoice(camille.family, 100, "2025-12-31T23:59")
    await pay_invoice(camille.family, 80, "2026-01-01T00:00")
    at("2026-01-05T09:00")
    await camille.tick("Noé", WEDNESDAY, "2026-01-14", ticked=False)
    await camille.click()
    assert await of_noe(camille.family, 2026) == [-250, 40]
    assert len((await paid_care.paid_care([camille.family], 2026))[camille.family].tills) == 2
    await camille.tick("Noé", WEDNESDAY, "2026-01-21", "2026-01-28")
    await camille.pay()
    assert await of_noe(camille.family, 2026) == [40, 250]
    assert await of_noe(camille.family, 2025) == [50, 100, 750]
    await camille.town.run_jobs()


async def test_a_credit_note_after_the_year_lowers_the_next_one(camille: Parent) -> None:
    await pay_invoice(camille.family, 180, "2025-12-15T10:00")
    invoice = await Invoice.get(family_id=camille.family, before_portal=False)
    day = await InvoicedBooking.get(invoice_id=invoice.id, booking__day="2025-10-09")
    at("2026-01-05T09:00")
    correction = Correction(frozenset([day.booking_id]), "Erreur", False)
    await crediting.credit(invoice.id, correction, 1, clock.now())
    assert await of_noe(camille.family, 2025) == [90, 100, 750]
    assert await of_noe(camille.family, 2026) == [-30]


@ON_SQLITE
async def test_each_family_gets_one_paper_and_is_told(camille: Parent) -> None:
    await pay_invoice(camille.family, 180, "2025-12-15T10:00")
    at("2026-01-12T09:00")
    town = camille.town
    run = await left(town, await prepared(town, 2025))
    assert run.issued_at
    one = await Certificate.get(family_id=camille.family)
    paper = await IssuedDocument.of(DocumentKind.CERTIFICATE, one.id)
    assert paper and paper.family_id == camille.family
    assert paper.name == f"attestation-fiscale-2025-VF-1001-{one.id}.pdf"
    said = words(paper.content)
    for part in (
        "Noé Durand",
        "29/02/2020",
        "Accueil périscolaire",
        "0,90 €",
        "9,40 €",
        "12/01/2026",
        "2025",
    ):
        assert part in said, part
    assert "Lina" not in said and "remplace" not in said
    together = await IssuedDocument.of(DocumentKind.CERTIFICATES, run.id)
    assert together and "Jules Moreau" in words(together.content)
    told = await Email.filter(subject="Votre attestation fiscale 2025").order_by("id")
    assert {email.recipient for email in told} >= {"camille@durand.example", "sophie@moreau.example"}
    assert "9,40" in told[0].text and "/factures/attestations" in told[0].text
    await Task.filter(name__in=["draw_papers", "issue_certificates", "draw_certificates"]).update(
        state="ready"
    )
    await town.run_jobs()
    assert await IssuedDocument.filter(kind=DocumentKind.CERTIFICATE).count() == 2
    assert await Email.filter(subject="Votre attestation fiscale 2025").count() == len(told)


@ON_SQLITE
async def test_only_what_changed_is_made_again_and_says_what_it_replaces(camille: Parent) -> None:
    at("2026-01-12T09:00")
    town = camille.town
    await left(town, await prepared(town, 2025))
    again = await prepared(town, 2025)
    assert await issuing.to_issue(again.id) == (0, 0)
    await pay_invoice(camille.family, 180, "2025-12-30T10:00")  # heard late
    at("2026-02-02T09:00")
    again = await left(town, await prepared(town, 2025))
    old, new = await Certificate.filter(family_id=camille.family).order_by("id")
    assert (old.cents, new.cents, new.replaces_id) == (850, 940, old.id)
    assert await Certificate.filter(run_id=again.id).count() == 1
    paper = await IssuedDocument.of(DocumentKind.CERTIFICATE, new.id)
    assert paper and "annule et remplace celle du 12/01/2026" in words(paper.content)
    email = await Email.filter(subject="Votre attestation fiscale 2025").order_by("-id").first()
    assert email and "remplace celle" in email.text


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_one_that_says_too_much_is_replaced_by_nothing_once(camille: Parent) -> None:
    """A family whose every sum is gone, which no order of things makes, is told so, once."""
    at("2026-01-12T09:00")
    town = camille.town
    run = await left(town, await prepared(town, 2025))
    petit = (await Family.get(number="VF-1003")).id
    child = {"id": 999, "name": "Adam Petit", "born": "2021-01-17", "alternating": False}
    await Certificate.create(
        run_id=run.id, family_id=petit, year=2025, cents=500, children=[{**child, "paid": [["Garderie", 500]]}],
        tills=[], payer="Karim Petit", recipient="Karim Petit", issued_on=clock.now().date(),
    )  # fmt: skip
    await left(town, await prepared(town, 2025))
    assert await certified(petit) == (0, {"Adam Petit": {}})
    new = await Certificate.filter(family_id=petit).order_by("-id").first()
    paper = new and await IssuedDocument.of(DocumentKind.CERTIFICATE, new.id)
    assert paper and "0,00 €" in words(paper.content)
    assert await issuing.to_issue((await prepared(town, 2025)).id) == (0, 0)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_what_was_read_is_what_leaves(camille: Parent) -> None:
    at("2026-01-12T09:00")
    member = (await Member.get(username="regie")).id
    with pytest.raises(YearNotOver):
        await preparing.begin(2026, member, clock.now())
    run = await prepared(camille.town, 2025)
    read = issuing.seen(run, *await issuing.to_issue(run.id))
    run = await prepared(camille.town, 2025)
    with pytest.raises(issuing.PreparedAnew):
        await issuing.start(run.id, member, read, clock.now())
    assert not (await CertificateRun.get(id=run.id)).issuing_at
    read = issuing.seen(run, *await issuing.to_issue(run.id))
    assert await issuing.start(run.id, member, read, clock.now())
    assert not await issuing.start(run.id, member, read, clock.now())
    with pytest.raises(BeingIssued):
        await preparing.begin(2025, member, clock.now())
    await preparing.make(run.id, run.version, 0, clock.now())
    assert await Certificate.filter(run_id=run.id).count() == 2


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_families_come_in_pieces(camille: Parent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "PIECE", 1)
    monkeypatch.setattr(preparing, "PIECES", 1)
    monkeypatch.setattr(issuing, "TOGETHER", 1)
    monkeypatch.setattr(issuing, "BATCHES", 1)
    at("2026-01-12T09:00")
    run = await left(camille.town, await prepared(camille.town, 2025))
    assert run.issued_at and await Certificate.filter(issued_on__not_isnull=True).count() == 2


async def test_what_is_changed_behind_the_portal_is_told(camille: Parent) -> None:
    at("2026-01-12T09:00")
    await left(camille.town, await prepared(camille.town, 2025))
    one = "(SELECT MIN(id) FROM tax_certificate)"
    children = '\'[{"id": 1, "name": "x", "born": "2021-01-01", "alternating": false, "paid": [["x", 1]]}]\''
    await camille.town.verify()
    for damage in (
        change("tax_certificate", one, "cents = cents + 1"),
        change("tax_certificate", one, f"children = {children}"),
        change("tax_certificate", one, "year = year - 1"),
        change("tax_certificate", one, "issued_on = NULL"),
        change("tax_certificate", one, "replaces_id = (SELECT MAX(id) FROM tax_certificate)"),
        f"DELETE FROM tax_certificate WHERE id = {one}",
    ):
        assert "attestations" in [fault.invariant for fault in await faults_of([damage])], damage
