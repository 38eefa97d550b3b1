"""A family asks for its avoir back."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from models.counter.refunds.refund import Refund
from models.rules.states.payments import PaymentMethod
from tests.models.counter import NOW, Payer, payer
from tests.portal import Client, Portal, hidden
from tests.web.checkout import words

OpenPortal = Callable[..., Awaitable[Portal]]
PAGE = "/compte/remboursement"
HISTORY = "/compte/historique"
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def gives_back(file: dict[str, Any]) -> None:
    file["commune"]["credit_refund"] = True


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now=NOW, change=gives_back)


@pytest.fixture
async def linh(town: Portal) -> Payer:
    """She has an avoir of 9 €."""
    found = await payer("linh.nguyen")
    await found.hand(PaymentMethod.CHEQUE, 900, chosen=(), keep=True)
    return found


@pytest.fixture
async def parent(town: Portal, linh: Payer) -> Client:
    return await town.client("linh.nguyen")


async def test_a_family_asks_for_its_avoir_once(town: Portal, linh: Payer, parent: Client) -> None:
    assert PAGE in await parent.get_page(HISTORY)
    page = await parent.get_page(PAGE)
    form = {
        "click": hidden(page, "click"),
        "regie": linh.till.id,
        "montant": "4,00",
        "motif": "Nous déménageons",
    }
    for wrong, said in (
        ({"montant": "tout"}, "Écrivez un montant"),
        ({"montant": "9,01"}, "Votre avoir est de 9,00"),
        ({"regie": "999"}, "pas d’avoir à rembourser ici"),
        ({"click": ""}, ""),
    ):
        answer = await parent.post_form(PAGE, {**form, **wrong})
        assert answer.status_code == 422 and said in words(answer.text).replace("\u00a0", " "), wrong
    for _ in range(2):
        answer = await parent.post_form(PAGE, form)
        assert answer.status_code == 303
    said = words(await parent.get_page(answer.headers["location"]))
    assert "Votre demande est partie" in said and "Remboursement demandé" in said
    row = await Refund.get()
    assert (row.cents, row.reason, row.asked_by.split(":")[0]) == (400, "Nous déménageons", "guardian")
    assert "Demandé par la famille" in words(
        await (await town.client("regie")).get_page("/mairie/regie/remboursements")
    )
    await town.verify()


async def test_nothing_is_offered_without_an_avoir(town: Portal, parent: Client) -> None:
    other = await town.client("odette.garnier")
    assert PAGE not in await other.get_page(HISTORY)
    assert "pas d’avoir à rembourser" in words(await other.get_page(PAGE))


async def test_nothing_is_offered_where_the_commune_keeps_avoirs(portal: OpenPortal) -> None:
    def keeps(file: dict[str, Any]) -> None:
        file["commune"]["credit_refund"] = False

    town = await portal("demo", now=NOW, change=keeps)
    await (await payer("linh.nguyen")).hand(PaymentMethod.CHEQUE, 900, chosen=(), keep=True)
    parent = await town.client("linh.nguyen")
    assert PAGE not in await parent.get_page(HISTORY)
    assert (await parent.post_form(PAGE, {"click": "x", "regie": 1, "montant": "1"})).status_code == 422
