from datetime import datetime, timedelta

import pytest

from jobs import work
from jobs.letters import LONGEST_SUBJECT, fit
from jobs.letters.french import mairie
from models.commune import Commune
from models.guardian import Guardian
from models.letter import Letter
from models.request import Request
from models.rules.deadlines import PARIS
from models.task import Task
from models.waiting import Waiting
from tests.jobs.town import NOW, build, september


@pytest.fixture
async def town(sqlite_db):
    return await build()


@pytest.fixture
def ctx(settings):
    return {"settings": settings}


async def first() -> Letter:
    letter = await Letter.all().order_by("id").first()
    assert letter is not None
    assert len(letter.subject) <= LONGEST_SUBJECT
    for body in (letter.text, letter.html):
        assert "None" not in body and "{" not in body
        assert " :" not in body and " €" not in body and " ?" not in body, "an ordinary space before a sign"
    assert "<img" not in letter.html and "src=" not in letter.html
    assert "\n\n\n" not in letter.text
    return letter


async def paid_order(town, **more):
    order = await town.order("prepaid", net=380, due=380, **more)
    for day in (3, 4):
        await town.line(order, await town.booking("Chloé", "Repas", september(day), "confirmed"))
    return order


async def test_a_receipt_is_the_ticket_to_keep(town, ctx):
    order = await paid_order(town)
    payment = await town.payment(order, 380)
    await work.write_receipt(ctx, payment.id)
    letter = await first()
    assert letter.subject == "Reçu de paiement\u00a0: 3,80\u00a0€"
    for fact in (
        "VILLE DE LENS RESTAURATION",
        "3,80\u00a0€",
        "27/08/2018 à 10:03",
        "4970 10XX XXXX 0014",
        "123456",
        "DEMO00000001",
        payment.reference,
        "lundi 3 septembre 2018 – Repas – 1,90\u00a0€",
        "Mairie de Lens",
        "03 21 69 86 86",
    ):
        assert fact in letter.text and fact in letter.html, fact


async def test_each_guardian_with_an_address_gets_one_whatever_is_repeated(town, ctx):
    payment = await town.payment(await paid_order(town), 380)
    for _ in range(3):
        await work.write_receipt(ctx, payment.id)
    recipients = [letter.recipient for letter in await Letter.all().order_by("id")]
    assert recipients == ["claire@durand.example", "paul@durand.example"]
    assert await Task.filter(name="send_letter").count() == 2


async def test_two_guardians_with_one_address_get_one_letter(town, ctx):
    await Guardian.filter(username="durand1").update(email="Claire@durand.example")
    payment = await town.payment(await paid_order(town), 380)
    await work.write_receipt(ctx, payment.id)
    assert [letter.recipient for letter in await Letter.all()] == ["claire@durand.example"]


async def test_names_are_escaped_in_html_and_left_as_they_are_in_text(town, ctx):
    payment = await town.payment(await paid_order(town), 380)
    await work.write_receipt(ctx, payment.id)
    letter = await Letter.get(recipient="paul@durand.example")
    assert "Paul & <Jo> Durand" in letter.text
    assert "Paul &amp; &lt;Jo&gt; Durand" in letter.html


async def test_a_receipt_does_not_promise_places_that_are_gone(town, ctx):
    payment = await town.payment(await paid_order(town, state="released"), 380)
    await work.write_receipt(ctx, payment.id)
    assert "Repas" not in (await first()).text


async def test_a_receipt_says_the_credit_used_and_the_debt_settled(town, ctx):
    order = await town.order("prepaid", net=380, debt=70, credit=50, due=400)
    await town.line(order, await town.booking("Léo", "Repas", september(3), "confirmed"))
    await work.write_receipt(ctx, (await town.payment(order, 400)).id)
    text = (await first()).text
    assert "Restant dû réglé en même temps\u00a0: 0,70\u00a0€" in text
    assert "Avoir utilisé\u00a0: 0,50\u00a0€" in text


async def test_money_too_late_becomes_a_credit(town, ctx):
    await Commune.all().update(credit_refund=True)
    payment = await town.payment(await paid_order(town, state="released"), 380, anomaly="trop tard")
    await work.write_late_payment(ctx, payment.id)
    letter = await first()
    assert letter.subject == "Paiement de 3,80\u00a0€ reçu\u00a0: porté à votre avoir"
    assert "trop tard pour vos réservations" in letter.text and "vous le rembourser" in letter.text
    assert payment.reference in letter.html


async def test_money_paid_twice_becomes_a_credit(town, ctx):
    order = await paid_order(town)
    await town.payment(order, 380)
    second = await town.payment(order, 380, anomaly="twice")
    await work.write_late_payment(ctx, second.id)
    letter = await first()
    assert "cette commande était déjà payée" in letter.text
    assert "à les refaire" not in letter.text and "rembourser" not in letter.text


async def test_a_confirmation_lists_what_was_booked_by_child(town, ctx):
    order = await paid_order(town)
    await town.line(order, await town.booking("Léo", "Repas", september(3), "confirmed"))
    await work.write_confirmation(ctx, order.id)
    letter = await first()
    assert letter.subject == "3 réservations enregistrées – septembre"
    assert letter.text.index("Chloé") < letter.text.index("mardi 4 septembre") < letter.text.index("Léo")
    assert "Payé par carte\u00a0: 3,80\u00a0€" in letter.text


async def test_a_confirmation_of_invoiced_days_says_when_they_are_paid(town, ctx):
    order = await town.order("invoiced", net=190)
    await town.line(order, await town.booking("Chloé", "ACM du Soir", september(3), "confirmed"))
    await work.write_confirmation(ctx, order.id)
    letter = await first()
    assert letter.subject == "1 réservation enregistrée – septembre"
    assert "Facturé en fin de mois\u00a0: 1,90\u00a0€" in letter.html


async def test_days_given_back_become_a_credit(town, ctx):
    order = await town.order("prepaid", net=-190)
    await town.line(order, await town.booking("Chloé", "Repas", september(3), "cancelled"), "cancel")
    await work.write_confirmation(ctx, order.id)
    letter = await first()
    assert letter.subject == "1 annulation enregistrée – septembre"
    assert "\n- lundi 3 septembre 2018 – Repas – −1,90\u00a0€ (annulé)\n" in letter.text
    assert "Annulé" in letter.text and "Porté à votre avoir\u00a0: 1,90\u00a0€" in letter.text


async def test_a_sum_too_small_for_the_bank_stays_due(town, ctx):
    order = await town.order("prepaid", net=70)
    await town.line(order, await town.booking("Chloé", "Repas", september(3), "confirmed", cents=70))
    await work.write_confirmation(ctx, order.id)
    assert "votre prochaine réservation\u00a0: 0,70\u00a0€" in (await first()).text


async def test_asked_and_waiting_days_are_not_called_booked(town, ctx):
    order = await town.order("invoiced", net=380)
    await town.line(order, await town.booking("Chloé", "ACM du Soir", september(3), "requested"))
    await town.line(order, await town.booking("Chloé", "ACM du Soir", september(4), "waiting"))
    await work.write_confirmation(ctx, order.id)
    letter = await first()
    assert letter.subject == "1 demande envoyée à la mairie – septembre"
    assert "Réservé" not in letter.text and "En liste d’attente" in letter.text


async def answered(town, state, booking, **more):
    return await Request.create(
        family_id=town.family.id, booking_id=booking.id, state=state, made_at=NOW, answered_at=NOW, **more
    )


async def test_an_accepted_request(town, ctx):
    booking = await town.booking("Chloé", "ACM du Soir", september(3), "confirmed")
    request = await answered(town, "accepted", booking, kind="book")
    await work.write_answer(ctx, request.id)
    letter = await first()
    assert letter.subject == "Votre demande est acceptée"
    assert "réservation, Chloé, ACM du Soir, lundi 3 septembre 2018" in letter.text
    assert "La place est réservée." in letter.html


@pytest.mark.parametrize(
    ("reason", "subject"),
    [
        ("Groupe complet", "Votre demande est refusée\u00a0: Groupe complet"),
        ("La sortie est réservée aux grands, revenez en juin.", "Votre demande est refusée"),
        ("Deux\nlignes", "Votre demande est refusée\u00a0: Deux lignes"),
    ],
)
async def test_a_refused_request_says_why(town, ctx, reason, subject):
    booking = await town.booking("Chloé", "ACM du Soir", september(3), "refused")
    request = await answered(town, "refused", booking, kind="book", reason=reason)
    await work.write_answer(ctx, request.id)
    letter = await first()
    assert letter.subject == subject
    assert f"Motif\u00a0: {reason}" in letter.text


@pytest.mark.parametrize(
    ("slot", "said"),
    [("ACM du Soir", "Elle ne vous sera pas facturée."), ("Repas", "1,90\u00a0€ sont portés à votre avoir.")],
)
async def test_an_accepted_cancellation_says_what_it_gives_back(town, ctx, slot, said):
    booking = await town.booking("Chloé", slot, september(3), "cancelled", billed=False)
    request = await answered(town, "accepted", booking, kind="cancel")
    await work.write_answer(ctx, request.id)
    text = (await first()).text
    assert "annulation, Chloé" in text and said in text


async def test_a_request_without_answer_writes_nothing(town, ctx):
    booking = await town.booking("Chloé", "ACM du Soir", september(3), "requested")
    request = await answered(town, "pending", booking, kind="book")
    await work.write_answer(ctx, request.id)
    assert await Letter.all().count() == 0


async def wait(booking, state, **more):
    return await Waiting.create(
        booking_id=booking.id, opening_id=booking.opening_id, since=NOW, state=state, **more
    )


async def test_the_rank_in_the_waiting_list(town, ctx):
    before = await town.booking("Léo", "Repas", september(5), "waiting")
    booking = await town.booking("Chloé", "Repas", september(5), "waiting")
    await wait(before, "waiting")
    await wait(booking, "waiting")
    await work.write_waiting(ctx, booking.id, "ranked")
    letter = await first()
    assert letter.subject == "Liste d’attente\u00a0: rang 2, mercredi 5 septembre"
    assert "Chloé, Repas, mercredi 5 septembre 2018" in letter.text


async def test_an_offer_says_until_when_and_how_much(town, ctx):
    booking = await town.booking("Chloé", "Repas", september(5), "offered")
    await wait(booking, "offered", offered_until=datetime(2018, 9, 4, 0, 0, tzinfo=PARIS))
    await work.write_waiting(ctx, booking.id, "offered")
    letter = await first()
    assert letter.subject == "Répondez avant lundi 3, 23:59\u00a0: une place mercredi 5"
    assert "jusqu’au lundi 3 septembre à 23:59" in letter.text and "réglez 1,90\u00a0€" in letter.html


@pytest.mark.parametrize(
    ("what", "state", "subject"),
    [
        ("confirmed", "confirmed", "Place réservée\u00a0: mercredi 5 septembre"),
        ("lapsed", "released", "La place proposée mercredi 5 septembre n’est plus gardée"),
    ],
)
async def test_how_it_ends(town, ctx, what, state, subject):
    booking = await town.booking("Chloé", "Repas", september(5), state)
    await wait(booking, "served" if what == "confirmed" else "lapsed")
    await work.write_waiting(ctx, booking.id, what)
    assert (await first()).subject == subject


async def test_news_that_are_over_are_not_told(town, ctx):
    booking = await town.booking("Chloé", "Repas", september(5), "confirmed")
    await wait(booking, "served", offered_until=NOW + timedelta(hours=1))
    await work.write_waiting(ctx, booking.id, "offered")
    await work.write_waiting(ctx, booking.id, "ranked")
    assert await Letter.all().count() == 0
    with pytest.raises(ValueError):
        await work.write_waiting(ctx, booking.id, "invented")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Ville de Lens", "Mairie de Lens"),
        ("Commune d'Alixan", "Mairie d’Alixan"),
        ("Commune de Lézignan-la-Cèbe", "Mairie de Lézignan-la-Cèbe"),
        ("Commune des Lutins Gourmands", "Mairie des Lutins Gourmands"),
        ("Ville du Havre", "Mairie du Havre"),
        ("Le Havre", "Mairie du Havre"),
        ("Les Sables-d’Olonne", "Mairie des Sables-d’Olonne"),
        ("Étampes", "Mairie d’Étampes"),
        ("Dole", "Mairie de Dole"),
    ],
)
def test_the_name_of_the_mairie(name, said):
    assert mairie(name) == said


def test_the_longest_subject_that_fits():
    assert fit("a" * 61, "b" * 60, "c") == "b" * 60
