"""« Factures »: what is to pay, the three steps to the bank, what was paid, and each invoice as it was printed."""

import re
from collections.abc import Awaitable, Callable

import httpx
import pytest

from models import clock
from models.commune.till import Till
from models.money import ledger
from models.money.amounts_due import of_family
from models.money.invoice import Invoice
from models.money.issued_document import IssuedDocument
from models.money.payment import Payment
from models.rules.states.documents import DocumentKind
from models.storage.database import transaction
from models.work.email import Email
from tests.engines import ON_SQLITE
from tests.models.test_amounts_due import give_credit
from tests.portal import Form, Portal, hidden
from tests.web.checkout import REFUSED_CARD, Parent, hear_the_bank, parent, words

OpenPortal = Callable[..., Awaitable[Portal]]
LIST = "/factures"
RECAP = "/factures/recapitulatif"
HISTORY = "/factures/historique"


@pytest.fixture
async def claire(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    town = await portal("lens", now="2018-08-27T10:00:00")
    hear_the_bank(town, monkeypatch)
    return await parent(town, "famille15")


@pytest.fixture
async def nadia(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    town = await portal("lezignan", now="2016-09-16T10:00:00")
    hear_the_bank(town, monkeypatch)
    return await parent(town, "nadia.roux")


async def keys(who: Parent, *labels: str) -> list[str]:
    by_label = {due.label: due.key for due in await of_family(who.family)}
    return [by_label[label] for label in labels]


def address(chosen: list[str]) -> str:
    return f"{RECAP}?{'&'.join(f'choix={key}' for key in chosen)}"


def fields(page: str, **typed: str) -> list[tuple[str, str]]:
    """What the recap's form sends: as drawn, but for what was typed."""
    form = page.split('id="recap"')[1].split("</form>")[0]
    found = re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', form)
    sent = [(name, value) for name, value in found if name != "csrf"]
    return [(name, typed.get(name.replace("-", "_"), value)) for name, value in sent]


async def send(who: Parent, page: str, **typed: str) -> httpx.Response:
    form: Form = fields(page, **typed)
    return await who.browser.post_form(RECAP, form)


async def pay(who: Parent, page: str, card: str = "4970 1000 0000 0014", **typed: str) -> str:
    """To the bank and back: the path of the payment, which the bank has told of."""
    answer = await send(who, page, **typed)
    assert answer.status_code == 303, words(answer.text)
    back = await who.at_the_bank(answer.headers["location"], card)
    await who.town.run_jobs()
    return back.removesuffix("/retour")


async def test_two_of_three_invoices_are_paid_in_three_steps(claire: Parent) -> None:
    """Story L6."""
    page = words(await claire.browser.get_page(LIST))
    assert "Mars 2016" in page and "23,10 €" in page and "69,30 €" in page and "Étape 1 Mes factures" in page
    detail = "Restauration scolaire 2015-2016 - Du 01/04/2016 au 30/04/2016 Léo 5 3,30 € 16,50 €"
    assert detail in page
    chosen = await keys(claire, "16053631", "16043631")
    ticked = words(await claire.browser.get_page(f"/factures/selection?choix={chosen[0]}&choix={chosen[1]}"))
    assert "2 factures sélectionnées" in ticked and "46,20 €" in ticked
    recap = await claire.browser.get_page(address(chosen))
    assert "2 factures pour un montant total de 46,20 €" in words(recap)
    ticket = words(await claire.browser.get_page(await pay(claire, recap)))
    assert "Paiement réalisé avec succès" in ticket and "Montant : 46,20 €" in ticket
    assert "Facture n° 16053631 : 29,70 €" in ticket and "Facture n° 16043631 : 16,50 €" in ticket
    assert [due.label for due in await of_family(claire.family)] == ["16033631"]
    assert await Payment.all().count() == 1
    receipt = await Email.get(key__startswith="payment_received")
    assert "46,20" in receipt.text
    history = words(await claire.browser.get_page(HISTORY))
    assert history.count("Payée") == 2 and "Reste à payer 23,10 €" in history
    await claire.town.verify()


@ON_SQLITE
async def test_the_same_form_twice_is_one_payment(claire: Parent) -> None:
    recap = await claire.browser.get_page(address(await keys(claire, "16043631")))
    answers = [await send(claire, recap) for _ in range(3)]
    assert {answer.headers["location"] for answer in answers} == {answers[0].headers["location"]}
    assert await Payment.all().count() == 1
    again = await claire.browser.get_page(address(await keys(claire, "16043631", "16033631")))
    refused = await send(claire, again)
    assert refused.status_code == 409 and "Un paiement est déjà en cours" in words(refused.text)
    assert "Reprendre le paiement" in refused.text
    assert "Un paiement est en cours." in words(await claire.browser.get_page(LIST))


async def test_a_refused_card_leaves_the_invoices_due(claire: Parent) -> None:
    recap = await claire.browser.get_page(address(await keys(claire, "16043631")))
    page = await claire.browser.get_page(path := await pay(claire, recap, REFUSED_CARD))
    assert "Rien n’a été débité. Ces sommes restent à payer." in words(page)
    assert 'href="/factures"' in page and "réservation" not in words(
        page.split("<main")[1].split("</main")[0]
    )
    answer = await claire.browser.post_form(f"{path}/payer")
    back = await claire.at_the_bank(answer.headers["location"])
    await claire.town.run_jobs()
    assert "16,50" in words(await claire.browser.get_page(back.removesuffix("/retour")))
    assert sorted(due.label for due in await of_family(claire.family)) == ["16033631", "16053631"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_nothing_chosen_is_said_where_it_is(claire: Parent) -> None:
    page = await claire.browser.get_page(RECAP, 422)
    assert "Cochez au moins une facture." in words(page) and "Payer mes factures" in page
    answer = await claire.browser.post_form(RECAP, {})
    assert answer.status_code == 422 and "Cochez au moins une facture." in words(answer.text)
    for odd in ("facture-999999", "facture-0", "dette-1", "x", "facture-²", "reste-99999999999999999999"):
        assert "Un montant a changé" in words(await claire.browser.get_page(f"{RECAP}?choix={odd}", 422))


async def test_what_was_paid_meanwhile_is_said_and_left_out(claire: Parent) -> None:
    chosen = await keys(claire, "16043631", "16033631")
    recap = await claire.browser.get_page(address(chosen))
    await pay(claire, await claire.browser.get_page(address(chosen[:1])))
    answer = await send(claire, recap)
    assert answer.status_code == 409 and "Un montant a changé entre-temps" in words(answer.text)
    assert "1 facture pour un montant total de 23,10 €" in words(answer.text)
    assert await Payment.all().count() == 1


async def test_an_avoir_is_deducted_and_said(claire: Parent) -> None:
    till = (await Till.get()).id
    await give_credit(claire.family, till, 5000)
    recap = await claire.browser.get_page(address(await keys(claire, "16043631")))
    assert "Avoir déduit : −16,50 €" in words(recap) and "Terminer" in words(recap)
    answer = await send(claire, recap)
    assert answer.headers["location"] == "/factures/historique"
    assert await ledger.standing(claire.family, till) == -3350
    account = words(await claire.browser.get_page("/compte/historique"))
    assert "Paiement par carte" in account and "−50,00 €" in account
    standing = words(await claire.browser.get_page(LIST))
    assert "Solde des factures au 27/08/2018 : 52,80 €" in standing and "Avoir : −33,50 €" in standing
    assert "Situation financière Famille au 27/08/2018 : 19,30 €" in standing
    await claire.town.verify()


async def test_a_part_is_paid_where_the_commune_allows_it(nadia: Parent) -> None:
    """Story Z4."""
    page = words(await nadia.browser.get_page(LIST))
    assert "CANTINE - CANTINE 2016-2017" in page and "Tom Roux – GARDERIE 2016-2017" in page
    assert "Montant 94,50 €, déjà réglé 59,50 €, solde 35,00 €" in page and "48,00 €" in page
    assert "Solde des factures au 16/09/2016 : 0,00 €" in page
    assert "Situation financière Famille au 16/09/2016 : 48,00 €" in page
    [canteen] = await keys(nadia, "CANTINE - CANTINE 2016-2017")
    recap = await nadia.browser.get_page(address([canteen]))
    assert "Paiement partiel autorisé" in words(recap) and hidden(recap, "choix") == canteen
    field = f"montant_{canteen.replace('-', '_')}"
    for typed, said in (("vingt", "Écrivez un montant"), ("35,01", "Il reste 35,00 € à payer")):
        refused = await send(nadia, recap, **{field: typed})
        assert refused.status_code in (409, 422) and said in words(refused.text), typed
    moved = await send(nadia, recap, **{field: "20,00"})  # the page said 35,00: it shows the new sum first
    assert moved.status_code == 409 and "pour un montant total de 20,00 €" in words(moved.text)
    assert not await Payment.exists()
    part = await nadia.browser.get_page(f"{address([canteen])}&montant-{canteen}=20")
    assert "pour un montant total de 20,00 €" in words(part)
    await pay(nadia, part)
    assert "28,00 €" in words(await nadia.browser.get_page(LIST))
    assert sum(due.open for due in await of_family(nadia.family)) == 2800
    await nadia.town.verify()


async def test_a_till_that_takes_no_card_says_where_to_pay(nadia: Parent) -> None:
    """Story Z6."""
    await Till.all().update(online=False)
    page = words(await nadia.browser.get_page(LIST))
    assert "Règlement non autorisé par la structure. À régler au guichet" in page and "48,00 €" in page
    assert "Étape suivante" not in page
    recap = await nadia.browser.get_page(address(await keys(nadia, "CANTINE - CANTINE 2016-2017")))
    assert "Règlement non autorisé par la structure" in words(recap) and "Payer 35,00" not in words(recap)
    assert (await send(nadia, recap)).status_code == 409
    assert not await Payment.exists()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_every_page_of_money_leads_to_the_others(claire: Parent) -> None:
    tabs = (await claire.browser.get_page(LIST)).split('aria-label="Factures">')[1].split("</nav>")[0]
    pages = re.findall(r'href="(\S+)"', tabs)
    assert len(pages) == 7
    for path in pages:
        shown = (await claire.browser.get_page(path)).split('aria-label="Factures">')[1].split("</nav>")[0]
        assert re.findall(r'href="(\S+)"', shown) == pages
        assert re.findall(r'href="(\S+)" aria-current="page"', shown) == [path]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_the_paper_is_the_one_that_was_issued(claire: Parent) -> None:
    invoice = await Invoice.get(number="16043631")
    assert "Pdf" not in words(await claire.browser.get_page(f"/factures/{invoice.id}"))
    assert (await claire.browser.get(f"/factures/{invoice.id}/pdf")).status_code == 404
    async with transaction():
        await IssuedDocument.store(
            DocumentKind.INVOICE,
            invoice.id,
            claire.family,
            "facture-16043631.pdf",
            b"%PDF-1.7 x",
            clock.now(),
        )
    page = await claire.browser.get_page(f"/factures/{invoice.id}")
    assert "Pdf, 0,1 Ko" in words(page) and "5 3,30 € 16,50 €" in words(page)
    answer = await claire.browser.get(f"/factures/{invoice.id}/pdf")
    assert answer.content == b"%PDF-1.7 x" and answer.headers["content-type"] == "application/pdf"
    assert 'filename="facture-16043631.pdf"' in answer.headers["content-disposition"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_no_invoice_says_so(portal: OpenPortal) -> None:
    town = await portal("demo", now="2025-09-22T10:00:00")
    odette = await parent(town, "odette.garnier")
    assert "Aucune facture à payer." in words(await odette.browser.get_page(LIST))
    assert "Aucune facture" in words(await odette.browser.get_page("/factures/historique?annee=2020"))
    for odd in ("²", "99999999999", "-1", "0"):
        await odette.browser.get_page(f"/factures/historique?annee={odd}")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_home_leads_to_what_is_to_pay(claire: Parent) -> None:
    page = await claire.browser.get_page("/accueil")
    assert "3 factures à payer : 69,30 €" in words(page) and 'href="/factures"' in page
