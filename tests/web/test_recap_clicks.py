"""What is clicked in the recap: lines that leave, everything removed, « Payer »."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from models import clock
from models.activities.opening import Opening
from models.banks.demo import DemoBank
from models.bookings import waiting_list
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.order import Order
from models.money.payment import Payment
from tests.engines import ON_SQLITE
from tests.portal import Portal, hidden
from tests.web.checkout import RECAP, Parent, hear_the_bank, parent, words
from tests.web.recap import fill

OpenPortal = Callable[..., Awaitable[Portal]]
MEAL, EVENING = "Rest Sco Pré Paiement 2018-2019", "ACM du Soir"


@pytest.fixture
async def lens(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    town = await portal("lens", now="2018-08-27T10:00")
    hear_the_bank(town, monkeypatch)
    return await parent(town, "famille15")


@ON_SQLITE
async def test_a_line_leaves_by_a_plain_form(lens: Parent) -> None:
    await fill(lens)
    line = await CartLine.filter(cents=340).first()
    assert line
    answer = await lens.browser.post_form(f"/planning/brouillon/{line.id}/suppression")
    assert (answer.status_code, answer.headers["location"]) == (303, RECAP)
    assert "Payer 13,50 €" in words(await lens.recap())


async def test_a_line_leaves_by_a_fragment_that_says_the_new_sum(lens: Parent) -> None:
    await fill(lens)
    page = await lens.recap()
    line, following = page.split('id="ligne-')[1].split('"')[0], hidden(page, "suite")
    answer = await lens.browser.post_part(f"/planning/brouillon/{line}/suppression", {"suite": following})
    assert answer.status_code == 200
    assert '<div class="cols" id="recap">' in answer.text and "<html" not in answer.text
    assert (
        '<p data-hx-swap-oob="innerHTML:#annonce">Ligne retirée. À payer\u00a0: 16,20\u00a0€.</p>'
        in answer.text
    )
    row = answer.text.split(f'id="ligne-{following}"')[1].split("</tr>")[0]
    assert "autofocus" in row and answer.text.count("autofocus") == 1


@ON_SQLITE
async def test_the_last_line_leaves_the_empty_page(lens: Parent) -> None:
    await lens.tick("Chloé", MEAL, "2018-09-03")
    line = await CartLine.first()
    assert line
    answer = await lens.browser.post_part(f"/planning/brouillon/{line.id}/suppression", {"suite": "0"})
    assert "Vous n’avez aucune modification." in words(answer.text)
    again = await lens.browser.post_form(f"/planning/brouillon/{line.id}/suppression")
    assert again.status_code == 404 and "Cette ligne n’est plus dans votre saisie." in again.text


async def test_everything_is_removed_after_a_question(lens: Parent) -> None:
    await fill(lens)
    page = words(await lens.browser.get_page("/planning/vider"))
    assert "Effacer vos 8 modifications ?" in page and "Garder" in page and "Effacer" in page
    assert await CartLine.all().count() == 8
    answer = await lens.browser.post_form("/planning/vider")
    assert answer.headers["location"] == "/planning" and not await CartLine.exists()
    assert (await lens.browser.get("/planning/vider")).headers["location"] == RECAP


@ON_SQLITE
async def test_payer_leads_to_the_bank_and_twice_is_once(lens: Parent) -> None:
    await fill(lens)
    page = await lens.recap()
    first, second = await lens.click(page), await lens.click(page)
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    assert "/banque/demo/" in first.headers["location"]
    assert await Order.all().count() == await Payment.all().count() == 1
    assert await Booking.filter(state="held").count() == 8


@ON_SQLITE
async def test_while_it_is_being_paid_the_recap_says_by_whom_and_what_to_do(lens: Parent) -> None:
    await fill(lens)
    await lens.click()
    await lens.tick("Léo", MEAL, "2018-09-03")
    page = await lens.recap()
    text = words(page)
    assert "Un paiement est en cours" in text and "16,90 €, commencé par Claire Famille à 10:00" in text
    assert "avant de payer la suite" in text and "paybar" not in page  # a click would be refused
    payment = await Payment.get()
    assert f'action="/paiement/{payment.id}/payer"' in page
    answer = await lens.browser.post_form(f"/paiement/{payment.id}/annulation")
    assert answer.headers["location"] == RECAP
    text = words(await lens.recap())
    assert "Payer 20,30 €" in text and "Un paiement est en cours" not in text


@ON_SQLITE
async def test_a_click_without_its_nonce_takes_nothing(lens: Parent) -> None:
    await fill(lens)
    answer = await lens.browser.post_form(RECAP, {})
    assert answer.status_code == 409 and not await Order.exists()


@ON_SQLITE
async def test_a_bank_that_is_away_leaves_the_draft(lens: Parent, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> str:
        raise ConnectionError

    await fill(lens)
    monkeypatch.setattr(DemoBank, "start", fail)
    answer = await lens.click()
    assert answer.status_code == 503 and "Le site de paiement ne répond pas." in words(answer.text)
    assert "Payer 16,90 €" in words(answer.text)
    assert not await Booking.filter(state="held").exists()


async def test_a_click_that_never_was_does_not_exist(lens: Parent) -> None:
    assert (await lens.browser.get("/planning/confirmation/unknown")).status_code == 404


@ON_SQLITE
async def test_an_offered_place_is_left_to_the_next(portal: OpenPortal) -> None:
    def with_a_list(content: dict[str, Any]) -> None:
        content["activities"][1]["waiting_list"] = True

    town = await portal("lens", now="2018-08-27T10:00", change=with_a_list)
    claire = await parent(town, "famille15")
    full = Opening.filter(slot__name=MEAL, day=date(2018, 9, 6))
    await full.update(places=0)
    await claire.tick("Chloé", MEAL, "2018-09-06")
    assert (await claire.click()).status_code == 303
    await full.update(places=1)
    await waiting_list.promote((await full.get()).id, clock.now())
    booking = await Booking.get(family_id=claire.family)
    assert booking.state == "offered" and "Laisser la place à un autre enfant" in words(await claire.recap())
    answer = await claire.browser.post_form(f"/planning/places/{booking.id}/abandon")
    assert (answer.status_code, answer.headers["location"]) == (303, "/planning")
    assert (await Booking.get(id=booking.id)).state == "cancelled" and (await full.get()).taken == 0
    answer = await claire.browser.post_form(f"/planning/places/{booking.id}/abandon")
    assert answer.status_code == 404, "it is no longer theirs to leave"
    await town.verify()
