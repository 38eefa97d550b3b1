"""After two files became one, its parents read the closed file's papers, pay none of them, and nobody else does."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from models import clock
from models.access.member import Member
from models.certificates.certificate import Certificate
from models.certificates.run import CertificateRun
from models.commune.till import Till
from models.counter import taking
from models.counter.taking import Taking
from models.families.child import Child
from models.families.family import Family
from models.families.guardian import Guardian
from models.households import merging
from models.money import ledger
from models.money.invoice import Invoice
from models.money.issued_document import IssuedDocument
from models.money.payment import Payment
from models.personal_data import export
from models.rules import postings
from models.rules.postings import FamilyAccount
from models.rules.states.documents import DocumentKind
from models.rules.states.payments import PaymentMethod
from models.storage.database import transaction
from tests.models.merges import agent, typed_twice
from tests.portal import Client, Portal
from tests.web.checkout import parent, words

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
LATER = date(2025, 10, 3)


@pytest.fixture
async def town(portal: Callable[..., Awaitable[Portal]]) -> Portal:
    return await portal("demo", now="2025-11-03T10:00")


async def billed(family: int, rank: int, *, paid: bool = False) -> Invoice:
    """An invoice of 16,90 €, drawn."""
    till = await Till.get(code="scolaire")
    row = await Invoice.create(
        family_id=family, till_id=till.id, number=f"S-{rank}", issued_on=LATER, cents=1690, rank=rank, series_year=2025
    )  # fmt: skip
    if not paid:
        account = FamilyAccount(family, till.id)
        async with transaction():
            drawn = postings.invoiced(account, row.number, row.id, {"cantine": 1690}, row.number)
            await ledger.post(drawn, at=clock.now(), actor="x")
    await drawn_paper(DocumentKind.INVOICE, row.id, family)
    return row


async def drawn_paper(kind: DocumentKind, id: int, family: int) -> None:
    await IssuedDocument.store(
        kind, id, family, f"{kind}-{id}.pdf", f"%PDF {kind} {id}".encode(), clock.now()
    )


async def certified(family: int) -> Certificate:
    run = await CertificateRun.create(year=2024, made_by_id=await agent(), made_at=clock.now())
    row = await Certificate.create(
        run_id=run.id, family_id=family, year=2024, cents=12300, children=[], tills=[], payer="L", recipient="L",
        issued_on=LATER,
    )  # fmt: skip
    await drawn_paper(DocumentKind.CERTIFICATE, row.id, family)
    return row


async def received(town: Portal, family: int) -> Payment:
    """A cheque of 5 € at the counter, and its receipt."""
    till, cashier = await Till.get(code="scolaire"), await Member.get(username="regie")
    asked = Taking(family, till.id, (), PaymentMethod.CHEQUE, 500, True, "before")
    await taking.take(asked, cashier.id, clock.now())
    await town.run_jobs()
    return await Payment.get(family_id=family)


async def test_old_papers_are_read_and_not_paid_again(town: Portal) -> None:
    linh, stranger = await parent(town, "linh.nguyen"), await town.client("karim.petit")
    mother, mai = await Guardian.get(username="linh.nguyen"), await Child.get(first_name="Mai")
    closed = await Family.get(id=linh.family)
    owed, settled = await billed(closed.id, 9001), await billed(closed.id, 9002, paid=True)
    certificate, payment = await certified(closed.id), await received(town, closed.id)
    kept = await typed_twice("Mai", mai.born, mother)
    assert await merging.merge(closed.id, kept.id, await agent(), clock.now())
    papers = (
        f"/factures/{owed.id}",
        f"/factures/{owed.id}/pdf",
        f"/factures/attestations/{certificate.id}/pdf",
        f"/paiement/{payment.id}",
        f"/paiement/{payment.id}/recu",
    )
    mine, old = linh.browser, f"ancien dossier {closed.number}"
    for paper in papers:
        assert (await mine.get(paper)).status_code == 200, paper
        assert (await stranger.get(paper)).status_code == 404, paper
    for place in (
        "/factures/historique?annee=2025",
        "/factures/attestations",
        "/paiements",
        "/dossier/documents",
    ):
        assert old in words(await mine.get_page(place)), place
        assert old not in words(await stranger.get_page(place)), place

    history = words(await mine.get_page("/factures/historique?annee=2025"))
    assert settled.number in history and "Solde de 16,90 € repris par votre dossier" in history
    await _not_paid_again(mine, owed, payment)
    mother = await Guardian.get(id=mother.id)
    told = str([one.rows for one in await export.read(mother)])
    assert owed.number in told and "12300" in told, "of what is told, by « Mes données »"
    names = [one.name async for one in export.papers(mother)]
    assert (
        sum(name.endswith((f"invoice-{owed.id}.pdf", f"certificate-{certificate.id}.pdf")) for name in names)
        == 2
    )
    karim = await Guardian.get(username="karim.petit")
    assert owed.number not in str([one.rows for one in await export.read(karim)])


async def _not_paid_again(mine: Client, owed: Invoice, payment: Payment) -> None:
    """What was left stands on the account of the file that stands, and there alone; a debit that comes back by day
    opens the old invoice until the night, and that is not paid either.
    """
    async with transaction():
        account = FamilyAccount(owed.family_id, owed.till_id)
        back = postings.invoiced(account, "again", owed.id, {"cantine": 700}, "x")
        await ledger.post(back, at=clock.now(), actor="x")
    one = await mine.get_page(f"/factures/{owed.id}")
    assert "Ce qui restait à payer, 16,90 €" in words(one) and "choix=" not in one
    assert owed.number not in await mine.get_page("/factures")
    assert owed.number not in (await mine.get(f"/factures/recapitulatif?choix=invoice-{owed.id}")).text
    assert (await mine.post_form(f"/factures/prelevements/factures/{owed.id}")).status_code == 404
    assert (await mine.post_form(f"/paiement/{payment.id}/payer")).status_code == 404
    refused = await Payment.create(
        family_id=owed.family_id, till_id=owed.till_id, provider="demo", reference="refused", cents=1,
        state="refused", made_at=clock.now(),
    )  # fmt: skip
    assert (await mine.get(f"/paiement/{refused.id}")).status_code == 404, "it would be tried again"
    assert f"/paiement/{refused.id}" not in await mine.get_page("/paiements")
