import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from models import clock
from models.activities.opening import Opening
from models.banks import BankNotice
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.order import Order
from models.checkout import commit, settlement
from models.money import ledger
from models.money.payment import Payment
from models.rules.states.payments import BankState
from tests.engines import ON_SQLITE
from tests.portal import Portal
from tests.web.checkout import RECAP, REFUSED_CARD, Parent, hear_the_bank, parent, words
from tests.web.paying import at_the_door

OpenPortal = Callable[..., Awaitable[Portal]]
MEAL, EVENING = "Rest Sco Pré Paiement 2018-2019", "ACM du Soir"


@pytest.fixture
async def claire(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    town = await portal("lens", now="2018-08-27T10:00")
    hear_the_bank(town, monkeypatch)
    claire = await parent(town, "famille15")
    await claire.tick("Chloé", MEAL, "2018-09-03", "2018-09-06")
    return claire


async def test_the_ticket_to_keep(claire: Parent) -> None:
    page = await claire.browser.get_page(await claire.pay())
    text, payment = words(page), await Payment.get()
    assert "Paiement réalisé avec succès Merci de votre confiance." in text
    for told in (
        "Ticket à conserver Commerçant : RESTAURATION ACM Date : 27/08/2018 à 10:00",
        f"Autorisation : {payment.authorisation} Transaction : {payment.transaction}",
        f"Référence : {payment.reference} Montant : 6,80 €",
        "Chloé 03/09/2018 Rest Sco Pré Paiement 2018-2019 : 3,40 €",
        "Retour au planning",
    ):
        assert told in text
    assert payment.card and payment.card in text and "4970 1000 0000 0014" not in text
    assert "data-hx-get" not in page
    assert await Booking.filter(state="confirmed").count() == 2


@ON_SQLITE
async def test_the_first_booking_offers_the_application_and_no_other_does(claire: Parent) -> None:
    await claire.tick("Chloé", "ACM du Soir", "2018-09-03")
    first = await claire.browser.get_page(await claire.pay())
    assert "Et la prochaine fois" in first and "data-install hidden" in first
    await claire.tick("Chloé", "ACM du Soir", "2018-09-04")
    assert "Et la prochaine fois" not in await claire.browser.get_page(await claire.pay())


@ON_SQLITE
async def test_the_title_says_how_it_went(claire: Parent) -> None:
    page = await claire.browser.get_page(await claire.pay())
    assert "<title>Paiement réalisé avec succès – Portail Famille – Ville de Lens</title>" in page


async def test_coming_back_only_reads(claire: Parent) -> None:
    """Whoever writes the address of the return by hand has paid nothing."""
    payment = await at_the_door(claire)
    for path in ("", "/retour", "/retour?essai=30", "/etat", "/etat?essai=30"):
        text = words(await claire.browser.get_page(f"/paiement/{payment.id}{path}"))
        assert "Nous attendons la confirmation de votre banque…" in text
        assert "Ne payez pas une deuxième fois." in text
    assert (await Payment.get()).state == "redirected" and (await Order.get()).state == "held"
    assert await ledger.standings(claire.family) == {}


@ON_SQLITE
async def test_the_page_asks_every_two_seconds_for_a_minute(claire: Parent) -> None:
    payment = await at_the_door(claire)
    page = await claire.browser.get_page(f"/paiement/{payment.id}/retour")
    polls = 0
    while found := re.search(r'data-hx-get="([^"]+)" data-hx-trigger="load delay:2s"', page):
        polls += 1
        page = await claire.browser.get_page(found[1], headers={"hx-request": "true"})
    assert polls == 30
    assert "Vous pouvez fermer cette page : un e-mail vous préviendra." in words(page)
    assert 'data-hx-swap-oob="innerHTML:#annonce"' in page


@ON_SQLITE
async def test_without_scripts_the_page_comes_again_by_itself(claire: Parent) -> None:
    payment = await at_the_door(claire)
    page = await claire.browser.get_page(f"/paiement/{payment.id}/retour")
    assert (
        f'<noscript><meta http-equiv="refresh" content="4; url=/paiement/{payment.id}/retour?essai=2"' in page
    )
    assert "Actualiser" in page


@ON_SQLITE
async def test_the_poll_brings_the_ticket_and_stops(claire: Parent) -> None:
    payment = await at_the_door(claire)
    await claire.at_the_bank(payment.bank_url or "")
    await claire.town.run_jobs()
    part = await claire.browser.get_page(
        f"/paiement/{payment.id}/etat?essai=3", headers={"hx-request": "true"}
    )
    assert "<html" not in part and "data-hx-get" not in part and 'id="etat"' in part
    assert "<title>Paiement réalisé avec succès" in part
    assert '<p data-hx-swap-oob="innerHTML:#annonce">Paiement réalisé avec succès.</p>' in part


@ON_SQLITE
async def test_a_refused_card_books_nothing_and_the_ticks_are_still_there(claire: Parent) -> None:
    text = words(await claire.browser.get_page(await claire.pay(REFUSED_CARD)))
    assert "Paiement refusé par votre banque" in text
    assert "Rien n’a été débité. Vos réservations ne sont pas prises en compte." in text
    assert "Réessayer" in text and "Retour au récapitulatif" in text and "Ticket" not in text
    assert not await Booking.filter(state__in=("held", "confirmed")).exists()
    assert await CartLine.filter(order_id=None).count() == 2


async def test_another_try_is_another_attempt_for_the_same_lines(claire: Parent) -> None:
    path = await claire.pay(REFUSED_CARD)
    first = await claire.browser.post_form(f"{path}/payer")
    second = await claire.browser.post_form(f"{path}/payer")
    assert first.status_code == 303 and "/banque/demo/" in first.headers["location"]
    assert second.headers["location"] == first.headers["location"]
    assert await Payment.all().count() == 2
    back = await claire.at_the_bank(first.headers["location"])
    await claire.town.run_jobs()
    assert "Montant : 6,80 €" in words(await claire.browser.get_page(back))


async def test_another_try_after_a_new_tick_shows_the_recap_first(claire: Parent) -> None:
    path = await claire.pay(REFUSED_CARD)
    await claire.tick("Léo", MEAL, "2018-09-03")
    answer = await claire.browser.post_form(f"{path}/payer")
    assert answer.headers["location"] == RECAP and await Payment.all().count() == 1


async def test_leaving_the_bank_is_cancelling(claire: Parent) -> None:
    answer = await claire.click()
    back = await claire.leave_the_bank(answer.headers["location"])
    await claire.town.run_jobs()
    text = words(await claire.browser.get_page(back))
    assert "Paiement annulé Rien n’a été débité." in text and "Réessayer" in text


@ON_SQLITE
async def test_the_way_back_to_the_bank_is_kept(claire: Parent) -> None:
    payment = await at_the_door(claire)
    page = await claire.browser.get_page(f"/paiement/{payment.id}")
    assert "Reprendre le paiement" in page and "Annuler ce paiement" in page
    answer = await claire.browser.post_form(f"/paiement/{payment.id}/payer")
    assert answer.headers["location"] == payment.bank_url


@ON_SQLITE
async def test_a_bank_that_has_an_address_needs_no_form(claire: Parent) -> None:
    """The page with the form is of the other banks: tests/banks."""
    payment = await at_the_door(claire)
    answer = await claire.browser.get(f"/paiement/{payment.id}/banque")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/paiement/{payment.id}")


async def test_giving_up_frees_the_places_unless_the_bank_says_paid(claire: Parent) -> None:
    payment = await at_the_door(claire)
    answer = await claire.browser.post_form(f"/paiement/{payment.id}/annulation")
    assert answer.headers["location"] == RECAP
    assert not await Opening.filter(taken__gt=0).exists()
    answer = await claire.browser.post_form(f"/paiement/{payment.id}/payer")
    again = await Payment.get(state="redirected")
    await claire.at_the_bank(answer.headers["location"])
    answer = await claire.browser.post_form(f"/paiement/{again.id}/annulation")
    assert answer.headers["location"] == f"/paiement/{again.id}"
    assert (await Payment.get(id=again.id)).state == "paid"


async def test_a_hold_that_ended_says_so(claire: Parent, at: Any) -> None:
    payment = await at_the_door(claire)
    at(clock.now() + timedelta(minutes=26))
    await commit.expire_holds(clock.now())
    text = words(await claire.browser.get_page(f"/paiement/{payment.id}/retour"))
    assert "Paiement non effectué Le temps pour payer est écoulé." in text and "Réessayer" in text


@ON_SQLITE
async def test_money_that_comes_too_late_for_a_lost_place_is_a_credit(claire: Parent, at: Any) -> None:
    payment = await at_the_door(claire)
    at(clock.now() + timedelta(minutes=26))
    await commit.expire_holds(clock.now())
    await Opening.filter(day="2018-09-03").update(places=0)
    await settlement.settle(
        BankNotice("demo", payment.reference, BankState.PAID, 680, "4970…14", "A1", "T1"), clock.now()
    )
    text = words(await claire.browser.get_page(f"/paiement/{payment.id}"))
    assert "Paiement arrivé trop tard" in text and "La somme est un avoir sur votre compte" in text
    assert "Ticket à conserver" in text
    assert text.count("portée à votre avoir") == 2 and "non payée" not in text
