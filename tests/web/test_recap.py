from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from models.activities.opening import Opening
from models.activities.slot import Slot
from models.activities.tariff import Tariff
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.order import Order
from models.commune.commune import Commune
from models.families.child import Home
from models.families.guardian import Guardian
from models.rules.booking import BookingState
from tests.engines import ON_SQLITE
from tests.portal import Portal
from tests.web.checkout import Parent, hear_the_bank, parent, words
from tests.web.recap import fill

OpenPortal = Callable[..., Awaitable[Portal]]
MEAL, EVENING = "Rest Sco Pré Paiement 2018-2019", "ACM du Soir"


@pytest.fixture
async def lens(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    town = await portal("lens", now="2018-08-27T10:00")
    hear_the_bank(town, monkeypatch)
    return await parent(town, "famille15")


@ON_SQLITE
async def test_an_empty_cart_has_one_sentence_and_a_way_back(lens: Parent) -> None:
    page = await lens.recap()
    assert "Vous n’avez aucune modification. Retour au planning" in words(page)
    assert 'name="seen"' not in page and "Tout supprimer" not in page


async def test_eight_lines_in_date_order_with_the_sum_and_the_sentences(lens: Parent) -> None:
    await fill(lens)
    page = await lens.recap()
    text = words(page)
    assert '<h1 tabindex="-1">Récapitulatif de votre saisie</h1>' in page
    days = [part[:10] for part in page.split('class="date">')[1:]]
    assert days == sorted(days, key=lambda day: day[:2]) and len(days) == 8
    assert "03/09/2018 Chloé – ACM du Matin GARDERIE Matin et Soir 2018-2019 à l’unité 0,70 €" in text
    assert "8 réservations : 16,90 € Restant dû : 0,00 € À payer : 16,90 €" in text
    assert "Payer 16,90 €" in text and "Tout supprimer" in text and "Retour" in text
    for sentence in (
        "Afin d’enregistrer définitivement votre saisie, veuillez cliquer sur le bouton « Payer ».",
        "Si vous cliquez sur « Tout supprimer », vos modifications seront effacées.",
        "En cas de non-paiement, votre réservation ne sera pas prise en compte",
        "vous allez être redirigé vers le site sécurisé de notre partenaire bancaire. Vous avez 15 minutes pour payer.",
        "À valider avant mercredi 29 août à 23:59",
    ):
        assert sentence in text


@ON_SQLITE
async def test_two_children_have_their_subtotals(lens: Parent) -> None:
    await lens.tick("Juliette", MEAL, "2018-09-03")
    await lens.tick("Chloé", MEAL, "2018-09-03", "2018-09-04")
    text = words(await lens.recap())
    assert "Sous-total Chloé 6,80 €" in text and "Sous-total Juliette 3,40 €" in text
    assert text.index("Sous-total Chloé") < text.index("Juliette –")


async def test_a_cancellation_is_negative_and_leaves_a_credit_that_the_next_one_uses(lens: Parent) -> None:
    await fill(lens)
    await lens.pay()
    await lens.tick("Chloé", MEAL, "2018-09-06", "2018-09-07", ticked=False)
    page = await lens.recap()
    text = words(page)
    assert "Chloé – Rest Sco Pré Paiement 2018-2019 annulation" in text
    assert "2 annulations : −6,80 € À payer : 0,00 € Avoir après validation : 6,80 €" in text
    assert "card" not in page.split('class="paybar"')[1].split("</form>")[0] and "Terminer" in text
    done = await lens.click(page)
    told = words(await lens.browser.get_page(done.headers["location"]))
    assert "C’est enregistré." in told and "Un avoir de 6,80 €" in told
    await lens.tick("Chloé", EVENING, "2018-09-10", "2018-09-11", "2018-09-13", "2018-09-14")
    text = words(await lens.recap())
    assert "4 réservations : 6,00 € Restant dû : 0,00 € Avoir disponible : −6,80 € À payer : 0,00 €" in text
    assert "Avoir après validation : 0,80 €" in text
    done = await lens.click()
    told = words(await lens.browser.get_page(done.headers["location"]))
    assert "C’est enregistré." in told and "Avoir utilisé : 6,00 €" in told
    await lens.tick("Chloé", MEAL, "2018-09-10")
    assert "Avoir disponible : −0,80 € À payer : 2,60 €" in words(await lens.recap())
    assert "Avoir utilisé : −0,80 €" in words(await lens.browser.get_page(await lens.pay()))


async def test_month_end_lines_have_their_block_and_no_bank(portal: OpenPortal) -> None:
    town = await portal("lutins", now="2018-06-06T09:00", change=with_garderie)
    anne = await parent(town, "anne.bourdin")
    await anne.tick("Sarah", "Garderie du matin", "2018-06-18", "2018-06-19", "2018-06-21")
    text = words(await anne.recap())
    assert "Facturé en fin de mois 3 réservations" in text and "Paiement immédiat" not in text
    assert "Total de vos modifications à l’unité : 3,00 €" in text
    assert "Une facture vous sera transmise en fin de mois." in text and "Payer" not in text
    answer = await anne.click()
    told = words(await anne.browser.get_page(answer.headers["location"]))
    assert "C’est enregistré." in told and "18/06/2018 Garderie du matin" in told


async def test_both_blocks_say_what_stands_whatever_the_bank_says(portal: OpenPortal) -> None:
    town = await portal("lutins", now="2018-06-06T09:00", change=with_garderie)
    anne = await parent(town, "anne.bourdin")
    await anne.tick("Sarah", "Garderie du matin", "2018-06-18")
    await anne.tick("Sarah", "Cantine", "2018-06-18", "2018-06-19")
    text = words(await anne.recap())
    assert text.index("Paiement immédiat 2 réservations") < text.index("Facturé en fin de mois 1 réservation")
    assert "Payer 7,20 €" in text
    assert "Ce qui est facturé en fin de mois est enregistré dans tous les cas." in text


@ON_SQLITE
async def test_a_debt_is_shown_and_added(portal: OpenPortal) -> None:
    town = await portal("lutins", now="2018-06-06T09:00", change=owing)
    anne = await parent(town, "anne.bourdin")
    await anne.tick("Sarah", "Cantine", "2018-06-18", "2018-06-19", "2018-06-21", "2018-06-22")
    assert "4 réservations : 14,40 € Restant dû : 5,00 € À payer : 19,40 €" in words(await anne.recap())


@ON_SQLITE
async def test_requests_are_sent_not_paid(portal: OpenPortal) -> None:
    town = await portal("lezignan", now="2016-09-16T10:00")
    guardian, child, slot = await first_request(town)
    someone = await parent(town, guardian)
    await someone.tick(child, slot, "2016-10-03", "2016-10-04", "2016-10-06", "2016-10-07")
    text = words(await someone.recap())
    assert "Envoyer 4 demandes" in text and "demande à la mairie" in text
    answer = await someone.click()
    told = words(await someone.browser.get_page(answer.headers["location"]))
    assert "Vos demandes sont parties à la mairie." in told and told.count("demande envoyée") == 4


async def test_a_deadline_that_passed_is_told_first(lens: Parent, at: Any) -> None:
    await lens.tick("Chloé", MEAL, "2018-09-03", "2018-09-04", "2018-09-10")
    at("2018-08-30T08:00")
    text = words(await lens.recap())
    assert "2 réservations ont été retirées : la limite est passée." in text
    assert (
        "Rest Sco Pré Paiement 2018-2019, lundi 3 septembre 2018 : la limite était mercredi 29 août à 23:59"
        in text
    )
    assert text.index("ont été retirées") < text.index("Paiement immédiat")
    assert "Payer 3,40 €" in text


@ON_SQLITE
async def test_a_recap_where_nothing_is_left_can_only_be_emptied(lens: Parent) -> None:
    await lens.tick("Chloé", MEAL, "2018-09-03")
    await Opening.all().update(places=0)
    page = await lens.recap()
    assert "1 réservation a été retirée : il n’y a plus de place." in words(page)
    assert 'class="paybar"' not in page
    await lens.browser.post_form("/planning/vider")
    assert not await CartLine.exists()


async def test_a_price_that_changed_shows_old_and_new_before_any_money_moves(lens: Parent) -> None:
    await lens.tick("Chloé", MEAL, "2018-09-03")
    page = await lens.recap()
    await Tariff.filter(amount=340).update(amount=360)
    await Commune.all().update(revision=99)
    answer = await lens.click(page)
    text = words(answer.text)
    assert answer.status_code == 409 and "Quelque chose a changé" in text
    assert "Un prix a changé" in text and "avant 3,40 € maintenant 3,60 €" in text and "Payer 3,60 €" in text
    assert not await Order.exists()


@ON_SQLITE
async def test_a_full_day_becomes_a_rank_that_a_second_click_accepts(portal: OpenPortal) -> None:
    town = await portal("lezignan", now="2016-09-16T10:00")
    guardian, child, slot = await first_request(town)
    someone = await parent(town, guardian)
    await someone.tick(child, slot, "2016-10-03", "2016-10-04")
    page = await someone.recap()
    await Opening.filter(day="2016-10-03").update(places=0)
    refused = await someone.click(page)
    text = words(refused.text)
    assert refused.status_code == 409 and "liste d’attente (rang 1)" in text
    assert "votre enfant n’est pas inscrit ce jour-là" in text
    accepted = await someone.click(refused.text)
    told = words(await someone.browser.get_page(accepted.headers["location"]))
    assert "liste d’attente" in told and "Un jour est complet" in told
    assert await Booking.filter(state="waiting").count() == 1


@ON_SQLITE
async def test_a_till_that_takes_no_card_keeps_its_lines_as_a_draft(portal: OpenPortal) -> None:
    def close_till(content: dict[str, Any]) -> None:
        content["commune"]["tills"][0]["online"] = False

    town = await portal("lens", now="2018-08-27T10:00", change=close_till)
    claire = await parent(town, "famille15")
    await claire.tick("Chloé", MEAL, "2018-09-03")
    page = await claire.recap()
    assert "règlement non autorisé par la structure" in words(page) and 'class="paybar"' not in page


@ON_SQLITE
async def test_too_small_for_a_card_is_said_before(lens: Parent) -> None:
    await lens.tick("Chloé", "ACM du Matin", "2018-09-03")
    text = words(await lens.recap())
    assert "Moins de 1,00 € : la somme sera ajoutée à votre prochain paiement." in text
    assert "Terminer" in text and "Ajouté au prochain paiement : 0,70 €" in text
    told = words(await lens.browser.get_page((await lens.click()).headers["location"]))
    assert "0,70 € : la somme sera ajoutée à votre prochain paiement." in told


async def test_what_the_other_home_booked_meanwhile_is_not_cancelled(
    portal: OpenPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Zoé lives in two homes. Her mother drafts a cancellation; the mairie cancels the day; her father books it."""
    town, meal, day = await portal("demo", now="2025-09-22T10:00"), "Repas de midi", "2025-10-13"
    hear_the_bank(town, monkeypatch)
    julie, thomas = await parent(town, "julie.leroy"), await parent(town, "thomas.leroy")
    await julie.tick("Zoé", meal, day)
    await julie.pay()
    await julie.tick("Zoé", meal, day, ticked=False)
    await Booking.filter(family_id=julie.family).update(state=BookingState.CANCELLED, billed=False)
    await thomas.tick("Zoé", meal, day)
    await thomas.pay()
    page = await julie.recap()
    assert "1 annulation a été retirée : ce n’est plus possible ce jour-là." in words(page)
    assert 'name="seen"' not in page, "nothing is left to validate"


def with_garderie(content: dict[str, Any]) -> None:
    content["families"][0]["children"][1]["activities"] = ["cantine", "garderie"]


def owing(content: dict[str, Any]) -> None:
    content["families"][0]["opening"] = [{"label": "Reste", "cents": 500, "paid": 0, "on": date(2018, 5, 31)}]


async def first_request(town: Portal) -> tuple[str, str, str]:
    """A guardian of Lézignan, its child Tom, and the name of the meal's slot."""
    home = await Home.get(child__first_name="Tom").select_related("child")
    guardian = await Guardian.filter(family_id=home.family_id).first()
    slot = await Slot.filter(activity__kind="meal").first()
    assert guardian and slot
    return guardian.username, home.child.first_name, slot.name
