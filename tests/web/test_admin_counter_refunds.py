"""« Remboursements » and what the till gives up: the forms of the mairie, each with its reason."""

from collections.abc import Awaitable, Callable

import pytest

from models import clock
from models.banks.demo import DemoCharge
from models.counter.refunds import refund
from models.counter.refunds.discharge import Discharge
from models.counter.refunds.refund import Refund, Wish
from models.counter.taking import Taking, take
from models.counter.write_off import WriteOff
from models.money.payment import Payment
from models.rules.states.payments import PaymentMethod
from tests.models.counter import NOW, Payer, payer
from tests.portal import Client, Portal, hidden
from tests.web.checkout import hear_the_bank, parent, words

OpenPortal = Callable[..., Awaitable[Portal]]
PLACE = "/mairie/regie/remboursements"
FAMILY = "/mairie/regie/familles"
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


async def test_a_sum_is_given_up_with_a_reason_and_a_word(town: Portal, cashier: Client, linh: Payer) -> None:
    page = await cashier.get_page(f"{FAMILY}/{linh.family}")
    assert "Cette famille n’a pas d’avoir." in words(page)
    form = {
        "click": hidden(page, "click"),
        "du": linh.dues[0].key,
        "somme": "3",
        "motif": "Geste",
        "mot": "abandonner",
    }
    for wrong, said in (
        ({"du": "facture-999"}, "Choisissez une réponse"),
        ({"somme": ""}, "Écrivez la somme abandonnée"),
        ({"somme": "9999"}, "ne doit pas autant"),
        ({"motif": ""}, "Indiquez pourquoi"),
        ({"mot": "oui"}, "Écrivez ABANDONNER"),
        ({"click": ""}, ""),
    ):
        answer = await cashier.post_form(f"{FAMILY}/{linh.family}/abandon", {**form, **wrong})
        assert answer.status_code == 422 and said in words(answer.text), wrong
    for _ in range(2):
        assert (await cashier.post_form(f"{FAMILY}/{linh.family}/abandon", form)).status_code == 303
    assert (await WriteOff.get()).cents == 300 and await linh.left() == linh.due - 300
    await cashier.get_page(f"{FAMILY}/99999", status=404)
    await town.verify()


async def test_an_avoir_is_prepared_sent_or_refused(town: Portal, cashier: Client, linh: Payer) -> None:
    await linh.hand(PaymentMethod.CHEQUE, 900, chosen=(), keep=True)
    page = await cashier.get_page(f"{FAMILY}/{linh.family}")
    form = {"click": hidden(page, "click"), "regie": linh.till.id, "rendu": "4", "raison": "Départ"}
    for wrong, said in (({"rendu": "9,01"}, "L’avoir est de 9,00"), ({"raison": ""}, "Indiquez pourquoi")):
        answer = await cashier.post_form(f"{FAMILY}/{linh.family}/remboursement", {**form, **wrong})
        assert answer.status_code == 422 and said in words(answer.text).replace("\u00a0", " "), wrong
    assert (await cashier.post_form(f"{FAMILY}/{linh.family}/remboursement", form)).status_code == 303
    said = words(await cashier.get_page(PLACE))
    assert "1 avoir à rembourser" in said and "Linh Nguyen" in said and "Départ" in said
    id = (await Refund.get()).id
    answer = await cashier.post_form(f"{PLACE}/{id}/refus", {"motif": ""})
    assert answer.status_code == 422 and "Indiquez le motif du refus" in words(answer.text)
    assert (await cashier.post_form(f"{PLACE}/{id}/envoi")).status_code == 303
    for late in ("envoi", "refus"):
        answer = await cashier.post_form(f"{PLACE}/{id}/{late}", {"motif": "Non"})
        assert answer.status_code == 409 and "déjà sa réponse" in words(answer.text)
    assert "Envoyé le 03/11/2025" in words(await cashier.get_page(PLACE))
    for nobody in ("envoi", "refus"):
        assert (await cashier.post_form(f"{PLACE}/99999/{nobody}", {"motif": "Non"})).status_code == 404
    again = {**form, "click": "again"}
    await cashier.post_form(f"{FAMILY}/{linh.family}/remboursement", again)
    other = (await Refund.get(click="again")).id
    assert (await cashier.post_form(f"{PLACE}/{other}/refus", {"motif": "RIB manquant"})).status_code == 303
    assert "RIB manquant" in words(await cashier.get_page(PLACE)) and await linh.credit() == 500
    await town.verify()


async def test_an_avoir_goes_back_in_cash_or_on_the_card(
    town: Portal, cashier: Client, linh: Payer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By each button once; what cannot be done is said beside it."""
    await linh.hand(PaymentMethod.CHEQUE, 900, chosen=(), keep=True)
    rows = [
        await refund.ask(
            Wish(linh.family, linh.till.id, 300, f"Départ {n}", f"c{n}"), "member:1", clock.now()
        )
        for n in range(2)
    ]
    said = words(await cashier.get_page(PLACE))
    assert "La caisse ne contient que 0,00" in said and "Aucun paiement par carte" in said
    answer = await cashier.post_form(f"{PLACE}/{rows[0].id}/especes")
    assert answer.status_code == 409 and "La caisse ne contient que" in words(answer.text)
    for form, status in (({}, 422), ({"paiement": "999"}, 409)):
        assert (await cashier.post_form(f"{PLACE}/{rows[1].id}/carte", form)).status_code == status
    assert (await cashier.post_form(f"{PLACE}/{rows[1].id}/banque")).status_code == 404
    await linh.hand(PaymentMethod.CASH, 500, "cash")
    assert (await cashier.post_form(f"{PLACE}/{rows[0].id}/especes")).status_code == 303
    given = await Discharge.get()
    paper = given.id
    assert "en préparation" in await cashier.get_page(f"/mairie/regie/decharges/{paper}")
    await cashier.get_page("/mairie/regie/decharges/999", status=404)
    assert f"décharge {given.number}" in words(await cashier.get_page("/mairie/regie"))
    hear_the_bank(town, monkeypatch)
    client = await parent(town, "linh.nguyen")
    await client.tick("Mai", "Repas de midi", "2025-11-24", "2025-11-25")
    await client.pay()
    paid = await Payment.get(provider="demo")
    advance = Taking(linh.family, paid.till_id, (), PaymentMethod.CHEQUE, 300, True, "advance")
    await take(advance, linh.cashier, clock.now())
    row = await refund.ask(Wish(linh.family, paid.till_id, 300, "Trop payé", "c9"), "member:1", clock.now())
    assert f'<option value="{paid.id}">' in await cashier.get_page(PLACE)
    for status in (303, 409):
        answer = await cashier.post_form(f"{PLACE}/{row.id}/carte", {"paiement": str(paid.id)})
        assert answer.status_code == status
    assert "La banque est chargée de rendre 3,00" in words(await cashier.get_page(PLACE))
    await town.run_jobs()
    assert (await DemoCharge.get(reference=paid.reference)).given_back == 300
    assert "sur la carte qui avait payé" in words(await cashier.get_page(PLACE))
    assert (await cashier.get(f"/mairie/regie/decharges/{paper}")).headers[
        "content-type"
    ] == "application/pdf"
    await town.verify()
