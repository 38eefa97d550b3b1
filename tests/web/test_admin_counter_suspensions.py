"""« Suspensions »: who books no more days, who is let on, and what the family itself reads."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from models.money.suspension import Exemption
from models.rules.states.payments import PaymentMethod
from tests.models.counter import NOW, Payer, payer
from tests.portal import Client, Portal, hidden
from tests.web.checkout import words

OpenPortal = Callable[..., Awaitable[Portal]]
PLACE = "/mairie/regie/suspensions"
RULE = "Au-delà de 15,00 € en retard depuis plus de 60 jours, les réservations sont suspendues jusqu’au règlement."
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def suspends(content: dict[str, Any]) -> None:
    content["commune"]["tills"][0] |= {"block_above": 1500, "block_after_days": 60}


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now=NOW, change=suspends)


@pytest.fixture
async def linh(town: Portal) -> Payer:
    return await payer("linh.nguyen")


@pytest.fixture
async def cashier(town: Portal) -> Client:
    return await town.client("regie")


async def test_the_family_reads_it_before_it_ticks(town: Portal, linh: Payer) -> None:
    mine = await town.client("linh.nguyen")
    for path in ("/accueil", "/planning"):
        page = words(await mine.get_page(path))
        assert (
            "Régie scolaire : 18,80 € en retard. Vos réservations sont suspendues jusqu’au règlement." in page
        )
    assert RULE in words(await (await town.client()).get_page("/reglement"))
    await linh.hand(PaymentMethod.CASH, 400)
    assert f"Régie scolaire : 14,80 € en retard. {RULE}" in words(await mine.get_page("/accueil"))
    others = await town.client("thomas.leroy")
    assert "en retard" not in words(await others.get_page("/accueil"))


async def test_a_family_is_let_on_with_a_reason_until_a_day(
    cashier: Client, town: Portal, linh: Payer
) -> None:
    said = words(await cashier.get_page(PLACE))
    assert "Linh Nguyen" in said and "18,80 €" in said and "suspendues" in said
    page = await cashier.get_page(f"{PLACE}/familles/{linh.family}")
    form = {"click": hidden(page, "click"), "jusqu_au": "2025-12-01", "motif": "Dossier au CCAS"}
    for wrong, told in (
        ({"motif": ""}, "Indiquez pourquoi"),
        ({"jusqu_au": "demain"}, "Saisissez une date"),
        ({"jusqu_au": "2025-11-02"}, "un jour à venir"),
        ({"click": ""}, ""),
    ):
        answer = await cashier.post_form(f"{PLACE}/familles/{linh.family}", {**form, **wrong})
        assert answer.status_code == 422 and told in words(answer.text), wrong
    for _ in range(2):
        assert (await cashier.post_form(f"{PLACE}/familles/{linh.family}", form)).status_code == 303
    again = await cashier.post_form(f"{PLACE}/familles/{linh.family}", {**form, "click": "other"})
    assert again.status_code == 409 and "dispensée jusqu’au 01/12/2025" in words(again.text)
    assert "maintenues jusqu’au 01/12/2025" in words(await cashier.get_page(PLACE))
    home = words(await (await town.client("linh.nguyen")).get_page("/accueil"))
    assert "La mairie maintient vos réservations jusqu’au 01/12/2025." in home
    id = (await Exemption.get()).id
    assert (await cashier.post_form(f"{PLACE}/{id}/fin")).status_code == 303
    late = await cashier.post_form(f"{PLACE}/{id}/fin")
    assert late.status_code == 409 and "déjà terminée" in words(late.text)
    assert (await cashier.post_form(f"{PLACE}/9999/fin")).status_code == 404
    assert (await cashier.post_form(f"{PLACE}/familles/9999", form)).status_code == 404
    await town.verify()
