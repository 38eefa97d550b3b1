"""Payments that do not go straight: left, late, in turn, refused by the bank or by us."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from models import clock
from models.banks import BankNotice, BankSilent
from models.banks.demo import DemoBank
from models.bookings.booking import Booking
from models.bookings.order import Order
from models.checkout import commit, settlement
from models.commune.till import Till
from models.money import ledger
from models.money.anomaly import Anomaly
from models.money.payment import Payment
from models.rules import postings
from models.rules.postings import FamilyAccount
from models.rules.states.payments import BankState
from models.work.audit_log import Event
from models.work.email import Email
from tests.engines import ON_SQLITE
from tests.portal import Portal
from tests.web.checkout import REFUSED_CARD, Parent, hear_the_bank, parent, words
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


@ON_SQLITE
async def test_a_mixed_basket_says_that_the_invoiced_lines_stand(
    portal: OpenPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_garderie(content: dict[str, Any]) -> None:
        content["families"][0]["children"][1]["activities"] = ["cantine", "garderie"]

    town = await portal("lutins", now="2018-06-06T09:00", change=with_garderie)
    hear_the_bank(town, monkeypatch)
    anne = await parent(town, "anne.bourdin")
    await anne.tick("Sarah", "Cantine", "2018-06-18", "2018-06-19")
    await anne.tick("Sarah", "Garderie du matin", "2018-06-18", "2018-06-19", "2018-06-21")
    text = words(await anne.browser.get_page(await anne.pay(REFUSED_CARD)))
    assert "Les 3 lignes facturées en fin de mois sont bien enregistrées" in text
    assert await Booking.filter(state="confirmed").count() == 3


@ON_SQLITE
async def test_the_bank_may_still_take_what_was_left_here(claire: Parent) -> None:
    """« Annuler ce paiement », other days, « Payer » again; then the first is finished on the bank's page."""
    first = await at_the_door(claire)
    await claire.browser.post_form(f"/paiement/{first.id}/annulation")
    await claire.tick("Chloé", MEAL, "2018-09-03", "2018-09-06", ticked=False)
    await claire.tick("Chloé", MEAL, "2018-09-10")
    await claire.click()
    for path in ("", "/retour"):
        text = words(await claire.browser.get_page(f"/paiement/{first.id}{path}"))
        assert "Rien n’a été débité" not in text
    assert "Nous attendons la confirmation de votre banque…" in text
    left = words(await claire.browser.get_page(f"/paiement/{first.id}"))
    assert "Paiement annulé Vous avez quitté ce paiement." in left
    assert "Si la page de la banque est encore ouverte, fermez-la sans payer." in left
    back = await claire.at_the_bank(first.bank_url or "")
    await claire.town.run_jobs()  # a notification that is answered 500 fails here
    assert "Paiement réalisé avec succès" in words(await claire.browser.get_page(back))
    assert await Booking.filter(state="confirmed").count() == 2
    assert await Booking.filter(state="held").count() == 1
    await claire.town.verify()


@ON_SQLITE
async def test_what_the_bank_itself_ended_took_nothing(claire: Parent) -> None:
    """Left here first, then on the bank's page: now it is sure."""
    first = await at_the_door(claire)
    await claire.browser.post_form(f"/paiement/{first.id}/annulation")
    back = await claire.leave_the_bank(first.bank_url or "")
    await claire.town.run_jobs()
    assert "Paiement annulé Rien n’a été débité." in words(await claire.browser.get_page(back))


@ON_SQLITE
async def test_a_bank_that_says_nothing_at_the_end_of_the_hold(
    claire: Parent, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> BankNotice:
        raise BankSilent

    payment = await at_the_door(claire)
    monkeypatch.setattr(DemoBank, "ask", away)
    at(clock.now() + timedelta(minutes=26))
    await commit.expire_holds(clock.now())
    text = words(await claire.browser.get_page(f"/paiement/{payment.id}"))
    assert "Le temps pour payer est écoulé." in text and "ne payez pas une deuxième fois" in text
    assert await Anomaly.filter(kind="silent", payment_id=payment.id).count() == 1


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2018-08-30T08:00", "et ces jours ne peuvent plus être réservés."),
        ("2018-09-30T08:00", "et ces jours ne peuvent plus être réservés."),
    ],
)
async def test_money_for_days_that_are_over_is_a_credit(
    claire: Parent, at: Any, moment: str, said: str
) -> None:
    payment = await at_the_door(claire)
    at(clock.now() + timedelta(minutes=26))
    await commit.expire_holds(clock.now())
    at(moment)
    await settlement.settle(
        BankNotice("demo", payment.reference, BankState.PAID, 680, "4970…14", "A1", "T1"), clock.now()
    )
    text = words(await claire.browser.get_page(f"/paiement/{payment.id}"))
    assert "Paiement arrivé trop tard" in text and said in text and "La mairie est prévenue." in text
    await claire.town.run_jobs()
    email = await Email.all().order_by("-id").first()
    assert email and email.subject == "Payé trop tard\u00a0: 6,80\u00a0€ portés à votre avoir"
    assert "ces jours ne peuvent plus être réservés" in email.text and "pensez à les refaire" in email.text
    await claire.town.verify()


async def test_a_debt_that_was_settled_meanwhile_is_told(claire: Parent) -> None:
    till = await Till.get(code="acm")
    debt = postings.opening_debt(FamilyAccount(claire.family, till.id), "opening:test", 150, "Reste de 2017")
    await ledger.post(debt, at=clock.now(), actor="test")
    brought = {claire.family: {"entries": {debt.key: 150}}}
    await Event.note_each(clock.now(), "test", "family.opened", brought)
    first = await at_the_door(claire)
    await claire.browser.post_form(f"/paiement/{first.id}/annulation")
    await claire.tick("Chloé", MEAL, "2018-09-03", "2018-09-06", ticked=False)
    await claire.tick("Chloé", MEAL, "2018-09-10")
    await claire.pay()
    back = await claire.at_the_bank(first.bank_url or "")
    await claire.town.run_jobs()
    told = "1,50 € sont un avoir sur votre compte : votre restant dû avait été réglé entre-temps."
    assert told in words(await claire.browser.get_page(back))
    email = await Email.get(key__startswith=f"payment_received:payment:{first.id}:")
    said = "1,50\u00a0€ sont portés à votre avoir\u00a0: votre restant dû avait été réglé entre-temps."
    assert said in email.text and said in email.html
    await claire.town.verify()


@ON_SQLITE
async def test_the_tills_are_paid_in_turn(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    def two_tills(content: dict[str, Any]) -> None:
        content["commune"]["tills"].append(
            {"code": "cantine", "name": "Régie cantine", "bank_label": "CANTINE DE LENS"}
        )
        content["activities"][0]["till"] = "acm"
        content["activities"][1]["till"] = "cantine"

    town = await portal("lens", now="2018-08-27T10:00", change=two_tills)
    hear_the_bank(town, monkeypatch)
    claire = await parent(town, "famille15")
    await claire.tick("Chloé", EVENING, "2018-09-03")
    await claire.tick("Chloé", MEAL, "2018-09-03")
    text = words(await claire.recap())
    assert "Vous paierez en 2 fois, une par régie :" in text
    assert "Payer la régie restauration et ACM 1,50 €" in text and "Payer 4,90 €" not in text
    page = await claire.browser.get_page(await claire.pay())
    assert "Paiement réalisé avec succès" in words(page) and "Payer la régie cantine 3,40 €" in words(page)
    following = await Payment.get(state="created")
    assert "Paiement à faire" in words(await claire.browser.get_page(f"/paiement/{following.id}"))
    answer = await claire.browser.post_form(f"/paiement/{following.id}/payer")
    back = await claire.at_the_bank(answer.headers["location"])
    await town.run_jobs()
    text = words(await claire.browser.get_page(back))
    assert "Commerçant : CANTINE DE LENS" in text and "Retour au planning" in text
    assert await Booking.filter(state="confirmed").count() == 2


@ON_SQLITE
async def test_a_bank_that_is_away_is_said_on_the_page(
    claire: Parent, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> str:
        raise ConnectionError

    path = await claire.pay(REFUSED_CARD)
    monkeypatch.setattr(DemoBank, "start", fail)
    answer = await claire.browser.post_form(f"{path}/payer")
    assert answer.status_code == 503 and "Le site de paiement ne répond pas." in words(answer.text)
    assert not await Anomaly.exists()


@pytest.mark.parametrize("page", ["recap", "payment"])
async def test_an_error_of_ours_is_not_said_to_be_the_banks(
    claire: Parent, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, page: str
) -> None:
    secret = "numéro de client et clé"

    async def mistaken(*_: object) -> str:
        raise KeyError(secret)

    path = await claire.pay(REFUSED_CARD)
    monkeypatch.setattr(DemoBank, "start", mistaken)
    answer = await (claire.click() if page == "recap" else claire.browser.post_form(f"{path}/payer"))
    text = words(answer.text)
    assert answer.status_code == 503 and "ne répond pas" not in text
    assert "Le portail n’a pas pu ouvrir la page de paiement : l’erreur vient de nous" in text
    assert "Rien n’a été débité" in text
    said = [record.getMessage() for record in caplog.records if record.name == "portail.payment"]
    assert len(said) == 1 and "KeyError" in said[0] and "mistaken" in said[0] and secret not in said[0]
    assert await Anomaly.filter(kind="unreached").count() == 1
    await claire.town.verify()


async def test_too_many_tries_in_an_hour_are_slowed_down(claire: Parent) -> None:
    for _ in range(5):
        await claire.pay(REFUSED_CARD)
    answer = await claire.click()
    assert answer.status_code == 429 and "Trop d’essais de paiement." in words(answer.text)
    assert not await Booking.filter(state="held").exists()


@ON_SQLITE
async def test_what_is_paid_is_not_paid_again(claire: Parent) -> None:
    path = await claire.pay()
    for action in ("payer", "annulation"):
        answer = await claire.browser.post_form(f"{path}/{action}")
        assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert await Payment.all().count() == 1


@ON_SQLITE
async def test_a_cancellation_that_waits_for_a_payment_is_no_request(claire: Parent) -> None:
    """It takes effect when the payment of its order does; the mairie is asked nothing."""
    await claire.pay()
    await claire.tick("Chloé", MEAL, "2018-09-03", ticked=False)
    await claire.tick("Chloé", MEAL, "2018-09-10", "2018-09-13")
    await claire.click()
    order = await Order.get(state="held")
    page = f"/planning/confirmation/{order.click}"
    text = words(await claire.browser.get_page(page))
    assert text.count("en cours de paiement") == 3 and "demande d’annulation" not in text
    await commit.expire_holds(clock.now() + timedelta(hours=1))
    text = words(await claire.browser.get_page(page))
    assert text.count("non payée, non prise en compte") == 3 and "demande d’annulation" not in text
    await claire.town.verify()
