"""« Historique de mon compte »: each movement with the balance after it; money paid in, in advance."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from models.money import amounts_due, ledger
from models.money.account_history import ROWS, credit_movements, page
from models.money.payment import Payment
from tests.engines import ON_SQLITE
from tests.models.test_amounts_due import give_credit
from tests.portal import Portal, hidden
from tests.web.checkout import Parent, hear_the_bank, parent, words

OpenPortal = Callable[..., Awaitable[Portal]]
PAGE = "/compte/historique"
CREDITS = "/factures/avoirs"
PAY_IN = "/compte/alimenter"
MEAL = "Rest Sco Pré Paiement 2018-2019"


def advances(content: dict[str, Any]) -> None:
    content["commune"]["tills"][0]["advances"] = True


@pytest.fixture
async def claire(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    town = await portal("lens", now="2018-08-27T10:00:00", change=advances)
    hear_the_bank(town, monkeypatch)
    return await parent(town, "famille15")


@ON_SQLITE
async def test_each_movement_is_told_once_with_its_balance(claire: Parent) -> None:
    """Two meals paid by card, one given back, one paid by that avoir and the card: what was set aside is left out."""
    await claire.tick("Chloé", MEAL, "2018-09-03", "2018-09-06")
    await claire.pay()
    await claire.tick("Chloé", MEAL, "2018-09-06", ticked=False)
    await claire.click()
    await claire.tick("Chloé", MEAL, "2018-09-10", "2018-09-11")
    await claire.pay()
    till = (await Payment.first()).till_id  # type: ignore[union-attr]
    moves, more = await page(claire.family, till, 1)
    assert [(move.cents, move.balance) for move in reversed(moves)][-5:] == [
        (-680, 6250), (680, 6930), (-340, 6590), (-340, 6250), (680, 6930)
    ]  # fmt: skip
    assert "hold" not in {move.kind for move in moves} and not more
    total = await ledger.balance([f"family:{claire.family}:{till}"])
    assert moves[0].balance == total == 6930
    running = 0
    for move in reversed(moves):
        running += move.cents
        assert move.balance == running
    text = words(await claire.browser.get_page(PAGE))
    assert "Août 2018" in text and "Facture 16043631" in text and "+16,50 €" in text
    assert f'href="/paiement/{(await Payment.first()).id}"' in await claire.browser.get_page(PAGE)  # type: ignore[union-attr]


async def test_an_avoir_says_where_it_came_from_and_what_used_it(claire: Parent) -> None:
    """Story L3: two meals given back, an avoir that pays with a card, another that waits for its bank."""
    assert "Vous n’avez pas d’avoir." in words(await claire.browser.get_page(CREDITS))
    await claire.tick("Chloé", MEAL, "2018-09-03", "2018-09-06", "2018-09-07")
    await claire.pay()
    await claire.tick("Chloé", MEAL, "2018-09-06", "2018-09-07", ticked=False)
    await claire.click()
    text = words(await claire.browser.get_page(CREDITS))
    days = f"Chloé – {MEAL} du 06/09/2018, Chloé – {MEAL} du 07/09/2018"
    assert f"Annulation, {days} 27/08/2018 +6,80 € avoir 6,80 €" in text
    await claire.tick("Chloé", MEAL, "2018-09-10", "2018-09-11", "2018-09-13")
    await claire.pay()
    till = (await Payment.first()).till_id  # type: ignore[union-attr]
    assert [(move.cents, move.credit) for move in await credit_movements(claire.family, till)] == [
        (-680, 0), (680, 680)
    ]  # fmt: skip
    await give_credit(claire.family, till, 200, "again")
    await claire.tick("Chloé", MEAL, "2018-09-14")
    await claire.click()
    text = words(await claire.browser.get_page(CREDITS))
    assert "Avoir réservé pour un paiement 27/08/2018 −2,00 € avoir 0,00 €" in text and "plus d’avoir" in text
    assert (await amounts_due.credits_of(claire.family)).get(till, 0) == 0
    await claire.town.verify()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_it_is_read_page_by_page(claire: Parent) -> None:
    till = (await ledger.open_invoices(claire.family)).popitem()[0]
    for n in range(ROWS):
        await give_credit(claire.family, till, 100 + n, f"g{n}")
    first = await claire.browser.get_page(PAGE)
    assert "Plus anciens" in first and "Facture 16033631" not in first
    last = await claire.browser.get_page(f"{PAGE}?regie={till}&page=2")
    assert "Facture 16033631" in last and "Plus récents" in last and "Plus anciens" not in last
    for odd in ("?regie=999", "?page=0", "?page=²", "?page=99999999999", "?regie=x&page=-1"):
        await claire.browser.get_page(PAGE + odd)


async def test_money_paid_in_is_an_avoir(claire: Parent) -> None:
    form = await claire.browser.get_page(PAY_IN)
    for typed, said in (
        ("", "Écrivez un montant"),
        ("0", "Écrivez"),
        ("0,50", "au moins 1,00 €"),
        ("99999", "Écrivez"),
    ):
        sent = {"regie": hidden(form, "regie"), "montant": typed, "click": "other"}
        answer = await claire.browser.post_form(PAY_IN, sent)
        assert answer.status_code == 422 and said in words(answer.text), typed
    sent = {"regie": "999", "montant": "30", "click": "other"}
    assert (await claire.browser.post_form(PAY_IN, sent)).status_code == 422
    assert not await Payment.exists()
    sent = {"regie": hidden(form, "regie"), "montant": "30,00 €", "click": hidden(form, "click")}
    answers = [await claire.browser.post_form(PAY_IN, sent) for _ in range(2)]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    back = await claire.at_the_bank(answers[0].headers["location"])
    await claire.town.run_jobs()
    ticket = words(await claire.browser.get_page(back.removesuffix("/retour")))
    assert "Paiement réalisé avec succès" in ticket and "Avance sur votre compte : 30,00 €" in ticket
    [payment] = await Payment.all()
    assert await ledger.standing(claire.family, payment.till_id) == -3000
    await claire.town.verify()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_no_till_takes_any(portal: OpenPortal) -> None:
    claire = await parent(await portal("lens", now="2018-08-27T10:00:00"), "famille15")
    assert "Aucune régie" in words(await claire.browser.get_page(PAY_IN))
    assert "Alimenter mon compte" not in await claire.browser.get_page(PAGE)
