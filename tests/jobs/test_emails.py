from datetime import datetime, timedelta

import pytest

from jobs import registry
from jobs.emails import LONGEST_SUBJECT, fit
from jobs.emails.notices import EMAILS
from models.bookings.family_request import FamilyRequest
from models.bookings.waiting_list import Waiting
from models.commune.commune import Commune
from models.families.guardian import Guardian
from models.money import ledger
from models.rules import postings
from models.rules.deadlines import PARIS
from models.rules.notices import NoticeKind
from models.rules.postings import FamilyAccount
from models.work.email import Email
from models.work.notice import Notice
from models.work.task import Task
from tests.jobs.town import NOW, build, september


@pytest.fixture
async def town(sqlite_db):
    return await build()


@pytest.fixture
def ctx(settings):
    return {"settings": settings}


async def first() -> Email:
    email = await Email.all().order_by("id").first()
    assert email is not None
    assert len(email.subject) <= LONGEST_SUBJECT
    for body in (email.text, email.html):
        assert "None" not in body and "{" not in body
        assert " :" not in body and " €" not in body and " ?" not in body, "an ordinary space before a sign"
    assert "<img" not in email.html and "src=" not in email.html
    assert "\n\n\n" not in email.text
    return email


async def paid_order(town, **more):
    order = await town.order("prepaid", net=380, due=380, **more)
    for day in (3, 4):
        await town.line(order, await town.booking("Chloé", "Repas", september(day), "confirmed"))
    return order


async def test_a_receipt_is_the_ticket_to_keep(town, ctx):
    order = await paid_order(town)
    payment = await town.payment(order, 380)
    await registry.write_receipt(ctx, payment.id)
    email = await first()
    assert email.subject == "Reçu de paiement\u00a0: 3,80\u00a0€"
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
        assert fact in email.text and fact in email.html, fact
    assert "Commerçant\u00a0: VILLE DE LENS RESTAURATION" in email.text


async def test_each_guardian_with_an_address_gets_one_whatever_is_repeated(town, ctx):
    payment = await town.payment(await paid_order(town), 380)
    for _ in range(3):
        await registry.write_receipt(ctx, payment.id)
    recipients = [email.recipient for email in await Email.all().order_by("id")]
    assert recipients == ["claire@durand.example", "paul@durand.example"]
    assert await Task.filter(name="send_email").count() == 2


async def test_two_guardians_with_one_address_get_one_email(town, ctx):
    await Guardian.filter(username="durand1").update(email="Claire@durand.example")
    payment = await town.payment(await paid_order(town), 380)
    await registry.write_receipt(ctx, payment.id)
    assert [email.recipient for email in await Email.all()] == ["claire@durand.example"]


async def test_names_are_escaped_in_html_and_left_as_they_are_in_text(town, ctx):
    payment = await town.payment(await paid_order(town), 380)
    await registry.write_receipt(ctx, payment.id)
    email = await Email.get(recipient="paul@durand.example")
    assert "Paul & <Jo> Durand" in email.text
    assert "Paul &amp; &lt;Jo&gt; Durand" in email.html


async def test_a_receipt_does_not_promise_places_that_are_gone(town, ctx):
    payment = await town.payment(await paid_order(town, state="released"), 380)
    await registry.write_receipt(ctx, payment.id)
    assert "Repas" not in (await first()).text


async def test_a_receipt_says_the_credit_used_and_the_debt_settled(town, ctx):
    order = await town.order("prepaid", net=380, debt=70, credit=50, due=400)
    await town.line(order, await town.booking("Léo", "Repas", september(3), "confirmed"))
    await registry.write_receipt(ctx, (await town.payment(order, 400)).id)
    text = (await first()).text
    assert "Restant dû réglé en même temps\u00a0: 0,70\u00a0€" in text
    assert "Avoir utilisé\u00a0: 0,50\u00a0€" in text


async def test_money_too_late_becomes_a_credit(town, ctx):
    await Commune.all().update(credit_refund=True)
    payment = await town.payment(await paid_order(town, state="released"), 380, anomaly="trop tard")
    await registry.write_late_payment(ctx, payment.id)
    email = await first()
    assert email.subject == "Paiement de 3,80\u00a0€ reçu\u00a0: porté à votre avoir"
    assert "trop tard pour vos réservations" in email.text and "vous le rembourser" in email.text
    assert payment.reference in email.html


async def test_money_paid_twice_becomes_a_credit(town, ctx):
    order = await paid_order(town)
    await town.payment(order, 380)
    second = await town.payment(order, 380, anomaly="twice")
    await registry.write_late_payment(ctx, second.id)
    email = await first()
    assert "cette commande était déjà payée" in email.text
    assert "à les refaire" not in email.text and "rembourser" not in email.text


async def test_a_confirmation_lists_what_was_booked_by_child(town, ctx):
    order = await paid_order(town)
    await town.line(order, await town.booking("Léo", "Repas", september(3), "confirmed"))
    await registry.write_confirmation(ctx, order.id)
    email = await first()
    assert email.subject == "3 réservations enregistrées – septembre"
    assert (
        "\n\nRéservé\nChloé\n- lundi 3 septembre 2018 – Repas – 1,90\u00a0€\n"
        "- mardi 4 septembre 2018 – Repas – 1,90\u00a0€\nLéo\n- lundi 3 septembre 2018 – Repas – 1,90\u00a0€\n\n"
    ) in email.text
    assert "Payé par carte\u00a0: 3,80\u00a0€" in email.text


async def test_a_confirmation_of_invoiced_days_says_when_they_are_paid(town, ctx):
    order = await town.order("invoiced", net=190)
    await town.line(order, await town.booking("Chloé", "ACM du Soir", september(3), "confirmed"))
    await registry.write_confirmation(ctx, order.id)
    email = await first()
    assert email.subject == "1 réservation enregistrée – septembre"
    assert "Facturé en fin de mois\u00a0: 1,90\u00a0€" in email.html


async def given_back(town, key, cents, owed=0):
    """What the books say: a debt from before, perhaps, and the price of a day that came back."""
    family_account = FamilyAccount(town.family.id, town.till.id)
    if owed:
        await ledger.post(
            postings.opening_debt(family_account, "opening:1", owed, "Solde"), at=NOW, actor="test"
        )
    await ledger.post(
        postings.given_back(family_account, key, "CANTINE", cents, "Annulation"), at=NOW, actor="test"
    )


@pytest.mark.parametrize(
    ("owed", "said"),
    [
        (0, ["Porté à votre avoir\u00a0: 1,90\u00a0€"]),
        (500, ["Déduit de votre restant dû\u00a0: 1,90\u00a0€"]),
        (100, ["Déduit de votre restant dû\u00a0: 1,00\u00a0€", "Porté à votre avoir\u00a0: 0,90\u00a0€"]),
    ],
)
async def test_days_given_back_lower_what_is_owed_and_then_become_a_credit(town, ctx, owed, said):
    order = await town.order("prepaid", net=-190)
    await town.line(
        order, await town.booking("Chloé", "Repas", september(3), "cancelled", billed=False), "cancel"
    )
    await given_back(town, f"sale:{order.id}", 190, owed)
    await registry.write_confirmation(ctx, order.id)
    email = await first()
    assert email.subject == "1 annulation enregistrée – septembre"
    assert "\n- lundi 3 septembre 2018 – Repas – −1,90\u00a0€ (annulé)\n" in email.text
    assert "Annulé" in email.text
    sums = [line for line in email.text.splitlines() if line.startswith(("Porté", "Déduit"))]
    assert sums == said


async def test_a_sum_too_small_for_the_bank_stays_due(town, ctx):
    order = await town.order("prepaid", net=70)
    await town.line(order, await town.booking("Chloé", "Repas", september(3), "confirmed", cents=70))
    await registry.write_confirmation(ctx, order.id)
    assert "votre prochaine réservation\u00a0: 0,70\u00a0€" in (await first()).text


async def asked(town, booking, kind="booking", **more):
    known = {"state": "pending", "made_at": NOW, **more}
    return await FamilyRequest.create(family_id=town.family.id, kind=kind, **about(booking), **known)


def about(booking):
    return {"subject": f"booking:{booking.id}", "booking_id": booking.id}


async def test_asked_and_waiting_days_are_not_called_booked(town, ctx):
    order = await town.order("invoiced", net=190)
    booking = await town.booking("Chloé", "ACM du Soir", september(3), "requested", order_id=order.id)
    await town.line(order, booking)
    await asked(town, booking)
    await wait(
        await town.booking("Chloé", "ACM du Soir", september(4), "waiting", order_id=order.id), "waiting"
    )
    await registry.write_confirmation(ctx, order.id)
    email = await first()
    assert email.subject == "1 demande envoyée à la mairie – septembre"
    assert "Réservé" not in email.text and "En liste d’attente" in email.text
    assert "mardi 4 septembre 2018 – ACM du Soir (rang 1)" in email.text
    assert "Facturé en fin de mois\u00a0:" not in email.text
    assert "Facturé en fin de mois si la mairie accepte\u00a0: 1,90\u00a0€" in email.text


async def test_what_the_mairie_answered_meanwhile_was_asked_all_the_same(town, ctx):
    order = await town.order("invoiced", net=380)
    for day, state in ((3, "confirmed"), (4, "refused")):
        booking = await town.booking("Chloé", "ACM du Soir", september(day), state)
        await town.line(order, booking)
        await asked(town, booking, state="accepted" if state == "confirmed" else "refused", answered_at=NOW)
    await registry.write_confirmation(ctx, order.id)
    email = await first()
    assert email.subject == "2 demandes envoyées à la mairie – septembre" and "Réservé" not in email.text


async def test_a_prepaid_request_is_to_be_paid_if_it_is_accepted(town, ctx):
    order = await town.order("invoiced")
    booking = await town.booking("Chloé", "Repas", september(3), "requested")
    await town.line(order, booking)
    await asked(town, booking)
    await registry.write_confirmation(ctx, order.id)
    text = (await first()).text
    assert "À payer si la mairie accepte\u00a0: 1,90\u00a0€" in text and "Facturé" not in text


async def test_joining_only_a_waiting_list_is_no_membership(town, ctx):
    order = await town.order("invoiced")
    for day in (4, 5):
        booking = await town.booking("Chloé", "Repas", september(day), "waiting", order_id=order.id)
        await wait(booking, "waiting")
    await registry.write_confirmation(ctx, order.id)
    email = await first()
    assert email.subject == "Liste d’attente\u00a0: 2 jours – septembre"
    assert "Adhésion" not in email.text and "€" not in email.text
    assert "- mercredi 5 septembre 2018 – Repas (rang 1)" in email.text


async def test_nothing_is_told_of_a_rank_that_is_over(town, ctx):
    order = await town.order("invoiced")
    booking = await town.booking("Chloé", "Repas", september(5), "confirmed", order_id=order.id)
    await wait(booking, "served")
    await registry.write_confirmation(ctx, order.id)
    assert await Email.all().count() == 0


async def test_cancellations_that_are_only_asked_for_are_not_done(town, ctx):
    order = await town.order("invoiced", net=-380)
    for day in (3, 4):
        booking = await town.booking("Chloé", "ACM du Soir", september(day), "confirmed")
        await town.line(order, booking, "cancel")
        await asked(town, booking, "cancellation")
    await registry.write_confirmation(ctx, order.id)
    email = await first()
    assert email.subject == "2 demandes d’annulation envoyées à la mairie – septembre"
    assert "Annulation demandée à la mairie" in email.text
    assert "Annulé" not in email.text and "annulé" not in email.text and "acturé" not in email.text


async def test_days_that_are_not_invoiced_any_more(town, ctx):
    order = await town.order("invoiced", net=0)
    await town.line(order, await town.booking("Chloé", "ACM du Soir", september(3), "confirmed"))
    gone = await town.booking("Chloé", "ACM du Soir", september(4), "cancelled", billed=False)
    await town.line(order, gone, "cancel")
    await registry.write_confirmation(ctx, order.id)
    text = (await first()).text
    assert "Facturé en fin de mois\u00a0: 1,90\u00a0€" in text
    assert "Ne sera pas facturé\u00a0: 1,90\u00a0€" in text


async def test_a_late_cancellation_says_that_the_price_stays(town, ctx):
    order = await town.order("invoiced")
    booking = await town.booking("Chloé", "ACM du Soir", september(3), "cancelled")
    await town.line(order, booking, "cancel")
    await registry.write_confirmation(ctx, order.id)
    email = await first()
    assert email.subject == "1 annulation enregistrée – septembre"
    assert "Annulé hors délai\u00a0: le prix reste dû" in email.text and "pas facturé" not in email.text


async def test_a_request_or_a_rank_that_is_withdrawn_was_no_booking(town, ctx):
    order = await town.order("invoiced")
    withdrawn = await town.booking("Chloé", "ACM du Soir", september(3), "cancelled", billed=False)
    await asked(town, withdrawn, state="withdrawn", made_at=NOW - timedelta(days=1))
    left = await town.booking("Chloé", "ACM du Soir", september(4), "cancelled", billed=False)
    await wait(left, "left")
    for booking in (withdrawn, left):
        await town.line(order, booking, "cancel")
    await registry.write_confirmation(ctx, order.id)
    email = await first()
    assert email.subject == "2 demandes retirées – septembre" and "nnul" not in email.text


async def answered(town, state, booking, **more):
    known = {"state": state, "made_at": NOW, "answered_at": NOW, **about(booking), **more}
    return await FamilyRequest.create(family_id=town.family.id, **known)


async def said(kind, noun, row):
    about = f"{noun}:{row.id}"
    await Notice.say(kind, row.family_id, about, NOW)
    return await Notice.get(kind=kind, about=about)


async def tell(ctx, kind, noun, row):
    await registry.tell(ctx, (await said(kind, noun, row)).id)


async def tell_answer(ctx, request):
    await tell(ctx, NoticeKind.REQUEST_ANSWERED, "request", request)


def test_every_kind_of_notice_has_its_email():
    assert EMAILS.keys() == set(NoticeKind)


async def test_an_accepted_request(town, ctx):
    booking = await town.booking("Chloé", "ACM du Soir", september(3), "confirmed")
    request = await answered(town, "accepted", booking, kind="booking")
    await tell_answer(ctx, request)
    email = await first()
    assert email.subject == "Votre demande est acceptée"
    assert "réservation, Chloé, ACM du Soir, lundi 3 septembre 2018" in email.text
    assert "La place est réservée." in email.html


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
    request = await answered(town, "refused", booking, kind="booking", reason=reason)
    await tell_answer(ctx, request)
    email = await first()
    assert email.subject == subject
    assert f"Motif\u00a0: {reason}" in email.text


@pytest.mark.parametrize(
    ("slot", "said"),
    [("ACM du Soir", "Elle ne vous sera pas facturée."), ("Repas", "1,90\u00a0€ sont portés à votre avoir.")],
)
async def test_an_accepted_cancellation_says_what_it_gives_back(town, ctx, slot, said):
    order = await town.order("prepaid", net=190)
    booking = await town.booking("Chloé", slot, september(3), "cancelled", billed=False, order_id=order.id)
    await given_back(town, f"cancel:{booking.id}", 190)
    request = await answered(town, "accepted", booking, kind="cancellation")
    await tell_answer(ctx, request)
    text = (await first()).text
    assert "annulation, Chloé" in text and said in text


async def wait(booking, state, **more):
    return await Waiting.create(
        booking_id=booking.id, opening_id=booking.opening_id, since=NOW, state=state, **more
    )


async def test_the_rank_in_the_waiting_list(town, ctx):
    order = await town.order("invoiced")
    before = await town.booking("Léo", "Repas", september(5), "waiting")
    booking = await town.booking("Chloé", "Repas", september(5), "waiting", order_id=order.id)
    await wait(before, "waiting")
    await wait(booking, "waiting")
    await registry.write_confirmation(ctx, order.id)
    email = await first()
    assert email.subject == "Liste d’attente\u00a0: rang 2, mercredi 5 septembre"
    assert "mercredi 5 septembre 2018 – Repas (rang 2)" in email.text


async def test_answers_not_told_yet_are_one_email(town, ctx):
    requests = []
    for day in (3, 4, 6, 7, 10, 11):
        booking = await town.booking("Chloé", "ACM du Soir", september(day), "confirmed")
        requests.append(await answered(town, "accepted", booking, kind="booking"))
    refused = await town.booking("Léo", "ACM du Soir", september(3), "refused")
    requests.append(await answered(town, "refused", refused, kind="booking", reason="Complet"))
    notices = [await said(NoticeKind.REQUEST_ANSWERED, "request", request) for request in requests]
    for notice in notices:
        await registry.tell(ctx, notice.id)
    email = await first()
    assert await Email.all().count() == 2, "one for each guardian"
    assert email.subject == "La mairie a répondu à vos 7 demandes"
    assert email.text.count("\u00a0: acceptée. La place est réservée.") == 6
    assert "Léo, ACM du Soir, lundi 3 septembre 2018\u00a0: refusée. Motif\u00a0: Complet" in email.text
    again = await town.booking("Léo", "ACM du Soir", september(4), "confirmed")
    await tell_answer(ctx, await answered(town, "accepted", again, kind="booking"))
    assert await Email.filter(subject="Votre demande est acceptée").count() == 2


@pytest.mark.parametrize(
    ("state", "subject"),
    [
        ("accepted", "Vos 2 demandes sont acceptées\u00a0: à payer avant lundi 3, 23:59"),
        ("refused", "Vos 2 demandes sont refusées"),
    ],
)
async def test_the_subject_of_several_answers(town, ctx, state, subject):
    for day in (5, 6):
        booking = await town.booking(
            "Chloé", "Repas", september(day), "offered" if state == "accepted" else state
        )
        if state == "accepted":
            await wait(booking, "offered", offered_until=datetime(2018, 9, 4 + day - 5, tzinfo=PARIS))
        request = await answered(town, state, booking, kind="booking")
        notice = await said(NoticeKind.REQUEST_ANSWERED, "request", request)
    await registry.tell(ctx, notice.id)
    email = await first()
    assert email.subject == subject
    assert ("Prendre la place\u00a0: http" in email.text) is (state == "accepted")


async def test_a_refused_cancellation_says_that_the_day_stays(town, ctx):
    booking = await town.booking("Chloé", "ACM du Soir", september(3), "confirmed")
    request = await answered(town, "refused", booking, kind="cancellation", reason="Repas commandés")
    await tell_answer(ctx, request)
    assert "La réservation est gardée." in (await first()).text


async def test_an_offer_says_until_when_and_how_much(town, ctx):
    booking = await town.booking("Chloé", "Repas", september(5), "offered")
    await wait(booking, "offered", offered_until=datetime(2018, 9, 4, 0, 0, tzinfo=PARIS))
    await tell(ctx, NoticeKind.PLACE_OFFERED, "booking", booking)
    email = await first()
    assert email.subject == "Répondez avant lundi 3, 23:59\u00a0: une place mercredi 5"
    assert "jusqu’au lundi 3 septembre à 23:59" in email.text and "réglez 1,90\u00a0€" in email.html


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
    await tell(ctx, NoticeKind(f"place_{what}"), "booking", booking)
    assert (await first()).subject == subject


async def test_news_that_are_over_are_not_told(town, ctx):
    booking = await town.booking("Chloé", "Repas", september(5), "confirmed")
    await wait(booking, "served", offered_until=NOW + timedelta(hours=1))
    await tell(ctx, NoticeKind.PLACE_OFFERED, "booking", booking)
    left = await town.booking("Léo", "Repas", september(5), "cancelled")
    await wait(left, "served")
    await tell(ctx, NoticeKind.PLACE_CONFIRMED, "booking", left)
    assert await Email.all().count() == 0
    assert await Notice.filter(told_at=None).count() == 0


def test_the_longest_subject_that_fits():
    assert fit("a" * 61, "b" * 60, "c") == "b" * 60
