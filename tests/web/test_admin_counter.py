"""« Régie »: a day at the counter, from who comes to pay to the close of the day and the deposit."""

from collections.abc import Awaitable, Callable

import pytest

from models.counter.closing import TillClosing
from models.counter.deposit import Deposit
from models.counter.receipt import Receipt
from models.money import amounts_due
from models.money.invoice import Invoice
from models.money.payment import Payment
from models.work.audit_log import Event
from tests.models.counter import NOW, Payer, payer
from tests.portal import Client, Portal, hidden
from tests.web.checkout import words

OpenPortal = Callable[..., Awaitable[Portal]]
PLACE = "/mairie/regie"
CLOSING = "/mairie/regie/cloture"
DEPOSITS = "/mairie/regie/remises"
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now=NOW)


@pytest.fixture
async def linh(town: Portal) -> Payer:
    return await payer("linh.nguyen")


@pytest.fixture
async def cashier(town: Portal) -> Client:
    return await town.client("regie")


async def filled(cashier: Client, linh: Payer, **more: object) -> dict[str, object]:
    """The form of the page, as a browser without scripts sends it."""
    page = await cashier.get_page(f"{PLACE}?famille={linh.family}")
    form: dict[str, object] = {name: hidden(page, name) for name in ("famille", "click", "attendu")}
    return form | {"choix": list(linh.keys), "moyen": "cash", **more}


async def take(cashier: Client, linh: Payer, **more: object) -> str:
    """Where a taking leads."""
    answer = await cashier.post_form(f"{PLACE}/encaissements", await filled(cashier, linh, **more))
    assert answer.status_code == 303, words(answer.text)
    return str(answer.headers["location"])


async def refused(cashier: Client, linh: Payer, said: str, **more: object) -> None:
    answer = await cashier.post_form(f"{PLACE}/encaissements", await filled(cashier, linh, **more))
    assert answer.status_code in (404, 422) and said in words(answer.text), words(answer.text)


async def test_who_pays_is_found_by_anything_they_bring(cashier: Client, linh: Payer) -> None:
    invoice = await Invoice.get(id=linh.dues[0].id)
    for brought in (
        "nguyen",
        "linh",
        "NGUYEN L",
        "Mai",
        invoice.number,
        f"https://x.fr/factures/{invoice.id}",
    ):
        said = words(await cashier.get_page(PLACE, params={"recherche": brought}))
        assert "Linh Nguyen" in said and "2. Ce qui est dû" in said, brought
    assert "Aucune famille ne correspond" in words(await cashier.get_page(f"{PLACE}?recherche=zzzz"))
    assert "dossier" in words(await cashier.get_page(f"{PLACE}?recherche=VF-"))
    assert "Qui vient payer" in words(await cashier.get_page(f"{PLACE}?famille=99999"))


async def test_the_total_runs_with_what_is_ticked(cashier: Client, linh: Payer) -> None:
    asked: dict[str, str | int] = {
        "famille": linh.family,
        "moyen": "cash",
        "donne": "100",
        "choix": linh.keys[0],
    }
    said = words((await cashier.get(f"{PLACE}/total", params=asked)).text)
    assert "1 somme cochée" in said and "À rendre" in said and "Encaisser" in said
    said = words((await cashier.get(f"{PLACE}/total", params={**asked, "choix": ""})).text)
    assert "Rien n’est coché" in said


async def test_cash_with_its_change_receipt_and_journal(town: Portal, cashier: Client, linh: Payer) -> None:
    place = await take(cashier, linh, donne="100")
    receipt = await Receipt.get().select_related("payment")
    said = words(await cashier.get_page(place))
    assert f"Reçu {receipt.number}" in said and "À rendre" in said and "1 reçu" in said
    assert "Le document est en préparation." in words(
        await cashier.get_page(f"{PLACE}/recus/{receipt.id}/pdf")
    )
    await town.run_jobs()
    paper = await cashier.get(f"{PLACE}/recus/{receipt.id}/pdf")
    assert paper.content.startswith(b"%PDF") and receipt.number in paper.headers["content-disposition"]
    assert await Event.exists(action="counter.taken", family_id=linh.family)
    await town.verify()


async def test_a_form_sent_twice_takes_once(town: Portal, cashier: Client, linh: Payer) -> None:
    form = await filled(cashier, linh)
    places = [(await cashier.post_form(f"{PLACE}/encaissements", form)).headers["location"] for _ in range(2)]
    assert places[0] == places[1] and await Payment.filter(provider="counter").count() == 1


async def test_what_cannot_be_taken_is_told_and_kept(cashier: Client, linh: Payer) -> None:
    for said, more in (
        ("Écrivez le numéro du chèque", {"moyen": "cheque"}),
        ("Écrivez le numéro du chèque", {"moyen": "cheque", "numero": "12"}),
        ("Écrivez le numéro du premier CESU", {"moyen": "cesu"}),
        ("Dites comment la famille paie", {"moyen": "debit"}),
        ("Écrivez une somme en euros", {"donne": "beaucoup"}),
        ("de plus que ce qui est dû", {"moyen": "card", "donne": "5000"}),
        ("Cochez ce qui est payé", {"choix": "", "donne": "10", "attendu": ""}),
        ("a changé entre-temps", {"attendu": "1"}),
        ("a changé entre-temps", {"choix": ["facture-999999"], "attendu": ""}),
        ("", {"famille": "99999"}),
        ("", {"click": ""}),
    ):
        await refused(cashier, linh, said, **more)
    form = await filled(cashier, linh, moyen="cheque", banque="Crédit mutuel")
    page = (await cashier.post_form(f"{PLACE}/encaissements", form)).text
    assert 'value="Crédit mutuel"' in page and 'value="cheque" checked' in page
    assert not await Payment.exists(provider="counter")


async def test_one_till_at_a_time(town: Portal, cashier: Client) -> None:
    linh = await payer("linh.nguyen")
    both = [due.key for due in await amounts_due.of_family(linh.family)]
    assert len(both) > len(linh.keys)
    form = await filled(cashier, linh, choix=both, attendu="")
    answer = await cashier.post_form(f"{PLACE}/encaissements", form)
    assert answer.status_code == 422 and "Une régie à la fois" in words(answer.text)


async def test_a_surplus_is_kept_in_advance_and_pays_next_time(cashier: Client, linh: Payer) -> None:
    await take(
        cashier, linh, moyen="cheque", numero="0000123", banque="Banque postale", choix="",
        donne=f"{linh.due / 100:.2f}", avance="1", attendu="0", regie=linh.till.id,
    )  # fmt: skip
    assert await linh.credit() == linh.due
    receipt = await Receipt.get()
    assert (receipt.paper_number, receipt.bank, receipt.drawer) == (
        "0000123",
        "Banque postale",
        "Linh Nguyen",
    )
    place = await take(cashier, linh)
    assert "a tout payé" in words(await cashier.get_page(place))
    assert await linh.left() == 0 and await linh.credit() == 0


async def test_a_receipt_is_taken_back_with_a_reason_and_a_word(
    town: Portal, cashier: Client, linh: Payer
) -> None:
    await take(cashier, linh)
    id = (await Receipt.get()).id
    for form, said in (
        ({"mot": "CONTRE-PASSER"}, "Indiquez pourquoi"),
        ({"motif": "Erreur", "mot": "oui"}, "Écrivez CONTRE-PASSER"),
    ):
        answer = await cashier.post_form(f"{PLACE}/recus/{id}/contre-passation", form)
        assert answer.status_code == 422 and said in words(answer.text)
    sent = {"motif": "Erreur de famille", "mot": "contre-passer"}
    assert (await cashier.post_form(f"{PLACE}/recus/{id}/contre-passation", sent)).status_code == 303
    assert "Erreur de famille" in words(await cashier.get_page(f"{PLACE}/recus/{id}"))
    assert (await cashier.post_form(f"{PLACE}/recus/{id}/contre-passation", sent)).status_code == 409
    assert await linh.left() == linh.due
    assert "contre-passé" in words(await cashier.get_page(PLACE))
    await cashier.get_page(f"{PLACE}/recus/99999", status=404)
    await town.verify()


async def test_cash_at_the_bank_is_not_given_back(town: Portal, cashier: Client, linh: Payer) -> None:
    await take(cashier, linh)
    page = await cashier.get_page(f"{DEPOSITS}?regie={linh.till.id}")
    form = {"regie": linh.till.id, "click": hidden(page, "click"), "especes": f"{linh.due / 100:.2f}"}
    assert (await cashier.post_form(DEPOSITS, form)).status_code == 303
    sent = {"motif": "Erreur", "mot": "CONTRE-PASSER"}
    answer = await cashier.post_form(f"{PLACE}/recus/{(await Receipt.get()).id}/contre-passation", sent)
    assert answer.status_code == 409 and "La caisse ne contient que 0,00" in words(answer.text)


async def test_the_day_is_counted_and_closed(town: Portal, cashier: Client, linh: Payer) -> None:
    await take(cashier, linh, donne="7,50")
    page = await cashier.get_page(f"{CLOSING}?regie={linh.till.id}")
    assert "journée du lundi 3 novembre" in words(page) or "3 novembre" in words(page)
    form = {"regie": linh.till.id, "jour": hidden(page, "jour"), "fonds": "80,00 €"}
    for wrong, said in (
        ({"piece-5000": "x"}, "Écrivez combien il y a de 50,00"),
        ({"compte": "rien"}, "Écrivez une somme"),
        ({"fonds": "rien"}, "Écrivez une somme"),
        ({"piece-5000": "1"}, "de moins : recomptez, ou dites pourquoi"),
        ({"compte": "90"}, "de trop : recomptez, ou dites pourquoi"),
        ({"jour": "hier"}, "Rechargez la page"),
    ):
        answer = await cashier.post_form(CLOSING, {**form, **wrong})
        assert answer.status_code == 422 and said in words(answer.text).replace("\u00a0", " "), wrong
    coins = {
        "piece-5000": "1",
        "piece-2000": "1",
        "piece-1000": "1",
        "piece-500": "1",
        "piece-200": "1",
        "piece-50": "1",
    }
    answer = await cashier.post_form(CLOSING, {**form, **coins})
    assert answer.status_code == 303
    said = words(await cashier.get_page(answer.headers["location"]))
    assert "est clôturée" in said and "04/11/2025" in said
    assert (await TillClosing.get()).counted_cents == 8750
    assert (await cashier.post_form(CLOSING, {**form, **coins})).status_code == 409
    await take(cashier, linh, donne="1")
    assert str((await Receipt.all().order_by("-id").first()).day) == "2025-11-04"  # type: ignore[union-attr]
    assert "le prochain reçu portera la date du 04/11/2025" in words(await cashier.get_page(PLACE))
    await cashier.get_page(f"{CLOSING}?regie=99999", status=404)
    await town.verify()


async def test_cheques_and_cash_go_to_the_bank(town: Portal, cashier: Client, linh: Payer) -> None:
    await take(cashier, linh, donne="2", moyen="cheque", numero="0000123", banque="Banque postale")
    await take(cashier, linh, donne="3")
    page = await cashier.get_page(f"{DEPOSITS}?regie={linh.till.id}")
    assert "0000123" in page and "Banque postale" in page
    cheque = (await Receipt.get(paper_number="0000123")).id
    form = {"regie": linh.till.id, "click": hidden(page, "click")}
    for wrong, said in (
        ({}, "Cochez au moins un chèque"),
        ({"especes": "peu"}, "Écrivez une somme"),
        ({"especes": "3,01"}, "ne contient que 3,00"),
        ({"recu": "99999"}, "n’est plus en caisse"),
    ):
        answer = await cashier.post_form(DEPOSITS, {**form, **wrong})
        assert answer.status_code == 422 and said in words(answer.text).replace("\u00a0", " "), wrong
    assert (await cashier.post_form(DEPOSITS, {**form, "click": ""})).status_code == 422
    for _ in range(2):
        assert (
            await cashier.post_form(DEPOSITS, {**form, "recu": cheque, "especes": "3"})
        ).status_code == 303
    slip = await Deposit.get()
    assert (slip.cents, slip.cash_cents) == (500, 300)
    await town.run_jobs()
    assert (await cashier.get(f"{DEPOSITS}/{slip.id}/pdf")).content.startswith(b"%PDF")
    await cashier.get_page(f"{DEPOSITS}/99999/pdf", status=404)
    assert slip.number in await cashier.get_page(f"{DEPOSITS}?regie={linh.till.id}")
    await town.verify()
