"""« Remboursements » and what the till gives up: the forms of the mairie, each with its reason."""

from collections.abc import Awaitable, Callable

import pytest

from models.counter.refund import Refund
from models.counter.write_off import WriteOff
from models.rules.states.payments import PaymentMethod
from tests.models.counter import NOW, Payer, payer
from tests.portal import Client, Portal, hidden
from tests.web.checkout import words

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
