from datetime import timedelta

import pytest

from models.bookings.family_request import FamilyRequest
from models.commune.commune import Commune
from models.families.guardian import Guardian
from models.notices.message import fit
from models.rules.states.notices import NoticeKind
from models.work.email import Email
from models.work.task import Task
from tests.jobs.told import about, first, given_back, tell, wait
from tests.jobs.town import NOW, build, september


@pytest.fixture
async def town(sqlite_db):
    return await build()


@pytest.fixture
def ctx(settings):
    return {"settings": settings}


async def paid_order(town, **more):
    order = await town.order("prepaid", net=380, due=380, **more)
    for day in (3, 4):
        await town.line(order, await town.booking("Chloé", "Repas", september(day), "confirmed"))
    return order


async def test_a_receipt_is_the_ticket_to_keep(town, ctx):
    order = await paid_order(town)
    payment = await town.payment(order, 380)
    await tell(ctx, NoticeKind.PAYMENT_RECEIVED, "payment", payment)
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
        await tell(ctx, NoticeKind.PAYMENT_RECEIVED, "payment", payment)
    recipients = [email.recipient for email in await Email.all().order_by("id")]
    assert recipients == ["claire@durand.example", "paul@durand.example"]
    assert await Task.filter(name="send_email").count() == 2


async def test_two_guardians_with_one_address_get_one_email(town, ctx):
    await Guardian.filter(username="durand1").update(email="Claire@durand.example")
    payment = await town.payment(await paid_order(town), 380)
    await tell(ctx, NoticeKind.PAYMENT_RECEIVED, "payment", payment)
    assert [email.recipient for email in await Email.all()] == ["claire@durand.example"]


async def test_names_are_escaped_in_html_and_left_as_they_are_in_text(town, ctx):
    payment = await town.payment(await paid_order(town), 380)
    await tell(ctx, NoticeKind.PAYMENT_RECEIVED, "payment", payment)
    email = await Email.get(recipient="paul@durand.example")
    assert "Paul & <Jo> Durand" in email.text
    assert "Paul &amp; &lt;Jo&gt; Durand" in email.html


async def test_a_receipt_does_not_promise_places_that_are_gone(town, ctx):
    payment = await town.payment(await paid_order(town, state="released"), 380)
    await tell(ctx, NoticeKind.PAYMENT_RECEIVED, "payment", payment)
    assert "Repas" not in (await first()).text


async def test_a_receipt_says_the_credit_used_and_the_debt_settled(town, ctx):
    order = await town.order("prepaid", net=380, debt=70, credit=50, due=400)
    await town.line(order, await town.booking("Léo", "Repas", september(3), "confirmed"))
    await tell(ctx, NoticeKind.PAYMENT_RECEIVED, "payment", await town.payment(order, 400))
    text = (await first()).text
    assert "Restant dû réglé en même temps\u00a0: 0,70\u00a0€" in text
    assert "Avoir utilisé\u00a0: 0,50\u00a0€" in text


async def test_money_too_late_becomes_a_credit(town, ctx):
    await Commune.all().update(credit_refund=True)
    payment = await town.payment(await paid_order(town, state="released"), 380, anomaly="trop tard")
    await tell(ctx, NoticeKind.PAYMENT_LATE, "payment", payment)
    email = await first()
    assert email.subject == "Paiement de 3,80\u00a0€ reçu\u00a0: porté à votre avoir"
    assert "trop tard pour vos réservations" in email.text and "vous le rembourser" in email.text
    assert payment.reference in email.html


async def test_money_paid_twice_becomes_a_credit(town, ctx):
    order = await paid_order(town)
    await town.payment(order, 380)
    second = await town.payment(order, 380, anomaly="twice")
    await tell(ctx, NoticeKind.PAYMENT_LATE, "payment", second)
    email = await first()
    assert "cette commande était déjà payée" in email.text
    assert "à les refaire" not in email.text and "rembourser" not in email.text


async def test_a_confirmation_lists_what_was_booked_by_child(town, ctx):
    order = await paid_order(town)
    await town.line(order, await town.booking("Léo", "Repas", september(3), "confirmed"))
    await tell(ctx, NoticeKind.ORDER_CONFIRMED, "order", order)
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
    await tell(ctx, NoticeKind.ORDER_CONFIRMED, "order", order)
    email = await first()
    assert email.subject == "1 réservation enregistrée – septembre"
    assert "Facturé en fin de mois\u00a0: 1,90\u00a0€" in email.html


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
    await tell(ctx, NoticeKind.ORDER_CONFIRMED, "order", order)
    email = await first()
    assert email.subject == "1 annulation enregistrée – septembre"
    assert "\n- lundi 3 septembre 2018 – Repas – −1,90\u00a0€ (annulé)\n" in email.text
    assert "Annulé" in email.text
    sums = [line for line in email.text.splitlines() if line.startswith(("Porté", "Déduit"))]
    assert sums == said


async def test_a_sum_too_small_for_the_bank_stays_due(town, ctx):
    order = await town.order("prepaid", net=70)
    await town.line(order, await town.booking("Chloé", "Repas", september(3), "confirmed", cents=70))
    await tell(ctx, NoticeKind.ORDER_CONFIRMED, "order", order)
    assert "votre prochaine réservation\u00a0: 0,70\u00a0€" in (await first()).text


async def asked(town, booking, kind="booking", **more):
    known = {"state": "pending", "made_at": NOW, **more}
    return await FamilyRequest.create(family_id=town.family.id, kind=kind, **about(booking), **known)


async def test_asked_and_waiting_days_are_not_called_booked(town, ctx):
    order = await town.order("invoiced", net=190)
    booking = await town.booking("Chloé", "ACM du Soir", september(3), "requested", order_id=order.id)
    await town.line(order, booking)
    await asked(town, booking)
    await wait(
        await town.booking("Chloé", "ACM du Soir", september(4), "waiting", order_id=order.id), "waiting"
    )
    await tell(ctx, NoticeKind.ORDER_CONFIRMED, "order", order)
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
    await tell(ctx, NoticeKind.ORDER_CONFIRMED, "order", order)
    email = await first()
    assert email.subject == "2 demandes envoyées à la mairie – septembre" and "Réservé" not in email.text


async def test_a_prepaid_request_is_to_be_paid_if_it_is_accepted(town, ctx):
    order = await town.order("invoiced")
    booking = await town.booking("Chloé", "Repas", september(3), "requested")
    await town.line(order, booking)
    await asked(town, booking)
    await tell(ctx, NoticeKind.ORDER_CONFIRMED, "order", order)
    text = (await first()).text
    assert "À payer si la mairie accepte\u00a0: 1,90\u00a0€" in text and "Facturé" not in text


async def test_joining_only_a_waiting_list_is_no_membership(town, ctx):
    order = await town.order("invoiced")
    for day in (4, 5):
        booking = await town.booking("Chloé", "Repas", september(day), "waiting", order_id=order.id)
        await wait(booking, "waiting")
    await tell(ctx, NoticeKind.ORDER_CONFIRMED, "order", order)
    email = await first()
    assert email.subject == "Liste d’attente\u00a0: 2 jours – septembre"
    assert "Adhésion" not in email.text and "€" not in email.text
    assert "- mercredi 5 septembre 2018 – Repas (rang 1)" in email.text


async def test_nothing_is_told_of_a_rank_that_is_over(town, ctx):
    order = await town.order("invoiced")
    booking = await town.booking("Chloé", "Repas", september(5), "confirmed", order_id=order.id)
    await wait(booking, "served")
    await tell(ctx, NoticeKind.ORDER_CONFIRMED, "order", order)
    assert await Email.all().count() == 0


async def test_cancellations_that_are_only_asked_for_are_not_done(town, ctx):
    order = await town.order("invoiced", net=-380)
    for day in (3, 4):
        booking = await town.booking("Chloé", "ACM du Soir", september(day), "confirmed")
        await town.line(order, booking, "cancel")
        await asked(town, booking, "cancellation")
    await tell(ctx, NoticeKind.ORDER_CONFIRMED, "order", order)
    email = await first()
    assert email.subject == "2 demandes d’annulation envoyées à la mairie – septembre"
    assert "Annulation demandée à la mairie" in email.text
    assert "Annulé" not in email.text and "annulé" not in email.text and "acturé" not in email.text


async def test_days_that_are_not_invoiced_any_more(town, ctx):
    order = await town.order("invoiced", net=0)
    await town.line(order, await town.booking("Chloé", "ACM du Soir", september(3), "confirmed"))
    gone = await town.booking("Chloé", "ACM du Soir", september(4), "cancelled", billed=False)
    await town.line(order, gone, "cancel")
    await tell(ctx, NoticeKind.ORDER_CONFIRMED, "order", order)
    text = (await first()).text
    assert "Facturé en fin de mois\u00a0: 1,90\u00a0€" in text
    assert "Ne sera pas facturé\u00a0: 1,90\u00a0€" in text


async def test_a_late_cancellation_says_that_the_price_stays(town, ctx):
    order = await town.order("invoiced")
    booking = await town.booking("Chloé", "ACM du Soir", september(3), "cancelled")
    await town.line(order, booking, "cancel")
    await tell(ctx, NoticeKind.ORDER_CONFIRMED, "order", order)
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
    await tell(ctx, NoticeKind.ORDER_CONFIRMED, "order", order)
    email = await first()
    assert email.subject == "2 demandes retirées – septembre" and "nnul" not in email.text


def test_the_longest_subject_that_fits():
    assert fit("a" * 61, "b" * 60, "c") == "b" * 60
