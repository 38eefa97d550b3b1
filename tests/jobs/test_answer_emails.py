"""What a family is told of its requests, its ranks and its offers."""

from datetime import datetime, timedelta

import pytest

from jobs import registry
from models.bookings.family_request import FamilyRequest
from models.notices import WORDS
from models.rules.deadlines import PARIS
from models.rules.states.notices import NoticeKind
from models.work.email import Email
from models.work.notice import Notice
from tests.jobs.told import about, first, given_back, said, tell, wait
from tests.jobs.town import NOW, build, september


@pytest.fixture
async def town(sqlite_db):
    return await build()


@pytest.fixture
def ctx(settings):
    return {"settings": settings}


async def answered(town, state, booking, **more):
    known = {"state": state, "made_at": NOW, "answered_at": NOW, **about(booking), **more}
    return await FamilyRequest.create(family_id=town.family.id, **known)


async def tell_answer(ctx, request):
    await tell(ctx, NoticeKind.REQUEST_ANSWERED, "request", request)


def test_every_kind_of_notice_has_its_words():
    missing = set(NoticeKind) - WORDS.keys()
    assert not missing, "write them under @words_of(…) in a file of models/notices"


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


async def test_the_rank_in_the_waiting_list(town, ctx):
    order = await town.order("invoiced")
    before = await town.booking("Léo", "Repas", september(5), "waiting")
    booking = await town.booking("Chloé", "Repas", september(5), "waiting", order_id=order.id)
    await wait(before, "waiting")
    await wait(booking, "waiting")
    await tell(ctx, NoticeKind.ORDER_CONFIRMED, "order", order)
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
