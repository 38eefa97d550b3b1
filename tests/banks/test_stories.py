"""From « Payer » to the ticket, at each bank; and whatever it repeats, mixes up or leaves out."""

import asyncio
import random
from collections.abc import Iterator
from itertools import permutations
from urllib.parse import parse_qsl

import pytest

from models import clock
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.checkout import settlement
from models.money import ledger
from models.money.anomaly import Anomaly
from models.money.ledger import Entry
from models.money.payment import Payment
from models.work.audit_log import Event
from models.work.email import Email
from models.work.notice import Notice
from tests.banks.conftest import ALL, OpenStreet
from tests.banks.fake import Fake, Notification
from tests.engines import ON_SQLITE
from tests.web.checkout import words
from web.components.bank_demo.bank_demo import FORGERIES


@ALL
async def test_from_payer_to_the_ticket(street: OpenStreet, name: str) -> None:
    at = await street(name)
    charge = await at.leave()
    payment = await at.payment()
    back = f"/paiement/{payment.id}/retour"
    assert "Nous attendons la confirmation de votre banque…" in words(await at.claire.browser.get_page(back))
    assert not await at.is_paid()
    assert await at.tell(at.bank.end(charge, "paid")) == 200
    await at.hear()
    text = words(await at.claire.browser.get_page(back))
    assert "Paiement réalisé avec succès" in text and "6,80 €" in text and payment.reference in text
    assert await Booking.filter(state="confirmed").count() == 2
    assert [row.subject for row in await Email.all() if row.subject.startswith("Reçu de paiement")]
    await at.town.verify()


@ALL
async def test_the_way_back_from_the_bank_pays_nothing(street: OpenStreet, name: str) -> None:
    at = await street(name)
    told = at.bank.end(await at.leave(), "paid")
    payment = await at.payment()
    page = await at.claire.browser.get_page(f"/paiement/{payment.id}/retour?{told.said.decode()}")
    assert "Nous attendons la confirmation de votre banque…" in words(page)
    assert not await at.is_paid() and await Entry.filter(key__startswith="pay:").count() == 0


@ALL
async def test_fifty_times_at_once_is_one_payment_and_one_receipt(street: OpenStreet, name: str) -> None:
    at = await street(name)
    told = at.bank.end(await at.leave(), "paid")
    assert await asyncio.gather(*(at.tell(told) for _ in range(50))) == [200] * 50
    await at.hear()
    assert await at.tell(told) == 200
    await at.hear()
    assert await Entry.filter(key__startswith="pay:").count() == 1
    assert await Notice.filter(kind="payment_received").count() == 1
    payment = await at.payment()
    assert await ledger.standings(payment.family_id) == {payment.till_id: 0}
    await at.town.verify()


@ALL
@ON_SQLITE
@pytest.mark.parametrize("order", list(permutations(["refused", "cancelled", "paid"])), ids="-".join)
async def test_any_order_of_answers_ends_paid(street: OpenStreet, name: str, order: tuple[str, ...]) -> None:
    at = await street(name)
    charge = await at.leave()
    told = {state: at.bank.end(charge, state) for state in ("refused", "cancelled", "paid")}
    for state in order:
        assert await at.tell(told[state]) == 200
        await at.hear()
    assert await at.is_paid()
    assert await Booking.filter(state="confirmed").count() == 2
    await at.town.verify()


@ALL
async def test_a_bank_that_never_says_so_is_asked(street: OpenStreet, name: str) -> None:
    at = await street(name)
    at.bank.end(await at.leave(), "paid")
    assert "poll_bank" not in await at.town.run_jobs(within=100)
    assert "poll_bank" in await at.town.run_jobs(within=125)
    assert await at.is_paid()
    await at.town.verify()


@ALL
async def test_a_refusal_is_told_and_another_try_is_welcome(street: OpenStreet, name: str) -> None:
    at = await street(name)
    charge = await at.leave()
    assert await at.tell(at.bank.end(charge, "refused")) == 200
    await at.hear()
    payment = await at.payment()
    text = words(await at.claire.browser.get_page(f"/paiement/{payment.id}"))
    assert "Paiement refusé par votre banque" in text and "Rien n’a été débité" in text
    assert await Booking.filter(state="confirmed").count() == 0 and await CartLine.all().count() == 2
    again = await at.claire.browser.post_form(f"/paiement/{payment.id}/payer")
    assert again.status_code == 303
    second = await at.follow(again.headers["location"])
    assert second != charge
    assert await at.tell(at.bank.end(second, "paid")) == 200
    await at.hear()
    assert await at.is_paid()
    await at.town.verify()


@ALL
async def test_money_that_comes_after_the_hold_still_counts(
    street: OpenStreet, at: object, name: str
) -> None:
    here = await street(name)
    charge = await here.leave()
    payment = await here.payment()
    at("2018-08-27T10:26")  # type: ignore[operator]
    await settlement.expire(payment, clock.now())
    assert (await here.payment()).state == "expired"
    assert await here.tell(here.bank.end(charge, "paid")) == 200
    await here.hear()
    assert await here.is_paid() and await Booking.filter(state="confirmed").count() == 2
    await here.town.verify()


@ALL
async def test_another_sum_than_asked_pays_nothing(street: OpenStreet, name: str) -> None:
    at = await street(name)
    assert await at.tell(at.bank.end(await at.leave(), "paid", cents=100)) == 200
    await at.hear()
    assert not await at.is_paid()
    assert [(row.kind, row.cents) for row in await Anomaly.all()] == [("amount", 100)]
    await at.town.verify()


@ALL
@ON_SQLITE
async def test_a_thousand_mutated_notifications_pay_nothing(street: OpenStreet, name: str) -> None:
    """Of a charge that is paid: only its own notification, word for word, makes the portal believe or ask it."""
    at = await street(name)
    told = at.bank.end(await at.leave(), "paid")
    asked, chance, visitor = len(at.bank.asked), random.Random(name), await at.town.client()
    for said in mutants(at.bank, told.said, chance, 1000):
        answer = await Notification(told.method, said).send(visitor, name)
        assert answer.status_code == 400, said
    await at.hear()
    assert not await at.is_paid() and await Entry.filter(key__startswith="pay:").count() == 0
    assert FORGERIES <= await Event.filter(action="bank.forged").count() < 1000
    assert len(at.bank.asked) == asked
    assert await at.tell(told) == 200
    await at.hear()
    assert await at.is_paid()
    await at.town.verify()


def mutants(bank: Fake, said: bytes, chance: random.Random, count: int) -> Iterator[bytes]:
    """One to three of its bytes are another, missing or twice; one that still says the same is none."""
    while count:
        text = bytearray(said)
        for _ in range(chance.randint(1, 3)):
            place = chance.randrange(len(text))
            match chance.randrange(3):
                case 0:
                    text[place] = chance.choice(b"0123456789abcdefABCDEF-_.~")
                case 1:
                    del text[place]
                case _:
                    text.insert(place, text[place])
        if meaning(bytes(text)) != meaning(said) and not bank.proves(bytes(text)):
            count -= 1
            yield bytes(text)


def meaning(said: bytes) -> list[tuple[str, str]]:
    pairs = parse_qsl(said.decode("latin-1"), keep_blank_values=True)
    return [("idOp" if name.lower() == "idop" else name, value) for name, value in pairs]


async def test_a_payment_of_nobody_is_taken_note_of(street: OpenStreet) -> None:
    at = await street("payzen")
    charge = await at.leave()
    told = at.bank.end(charge, "paid", fields={"vads_order_id": "AF" * 9})
    assert await at.tell(told) == 200
    assert [row.kind for row in await Anomaly.all()] == ["unknown"]
    assert await Payment.filter(state="paid").count() == 0
