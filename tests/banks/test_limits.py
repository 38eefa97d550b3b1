"""A bank that is slow or away holds up nobody, and nothing is lost."""

import asyncio
from typing import Any

import pytest

from models import clock
from models.banks import BankSilent, line
from models.banks.line import FAILURES, REST, Line
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.checkout import commit
from models.money.anomaly import Anomaly
from models.money.payment import Payment
from tests.banks.conftest import ALL, OpenStreet
from tests.engines import ON_SQLITE
from tests.web.checkout import words


async def test_a_slow_bank_does_not_hold_up_other_pages(street: OpenStreet) -> None:
    """While « Payer » waits for it, on one connection to the database as on several."""
    at = await street("payfip")
    at.bank.hold()
    paying = asyncio.create_task(at.claire.click())
    await asyncio.to_thread(at.bank.knocked.wait, 60)
    other = await at.town.client("famille15")
    for path in ("/planning", "/paiements", "/accueil"):
        await other.get_page(path)
    assert not paying.done()
    at.bank.release()
    answer = await paying
    assert answer.status_code == 303 and answer.headers["location"].startswith(at.bank.url)


@ON_SQLITE
async def test_a_bank_that_does_not_answer_in_time_is_away(
    street: OpenStreet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "TIMEOUT", 0.2)
    at = await street("payfip")
    at.bank.hold()
    answer = await at.claire.click()
    assert answer.status_code == 503
    assert "Le site de paiement ne répond pas. Rien n’a été débité" in words(answer.text)
    assert (await at.payment()).state == "expired" and await CartLine.filter(order_id=None).count() == 2
    assert await Booking.filter(state="held").count() == 0
    await at.town.verify()


@ON_SQLITE
async def test_a_bank_that_is_down_loses_nothing(street: OpenStreet) -> None:
    at = await street("payfip")
    at.bank.close()
    answer = await at.claire.click()
    assert answer.status_code == 503 and "Le site de paiement ne répond pas" in words(answer.text)
    payment = await at.payment()
    assert payment.state == "expired"
    text = words(await at.claire.browser.get_page(f"/paiement/{payment.id}"))
    assert "Paiement non effectué" in text and "Vos modifications sont gardées" in text
    assert await Anomaly.all().count() == 0  # the mairie cannot help it
    await at.town.verify()


@ALL
@ON_SQLITE
async def test_a_bank_that_is_down_when_the_hold_ends_is_asked_later(
    street: OpenStreet, at: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page tells the truth: nobody knows yet. Once it is back, what was paid is found."""
    here = await street(name)
    charge = await here.leave()
    with monkeypatch.context() as away:
        away.setattr(here.bank, "reply", lambda asked: (503, "text/plain", b""))
        at("2018-08-27T10:26")
        await commit.expire_holds(clock.now())
        payment = await here.payment()
        assert payment.state == "expired" and not payment.heard
        text = words(await here.claire.browser.get_page(f"/paiement/{payment.id}/retour"))
        assert "Rien n’a été débité" not in text and "Ne payez pas une deuxième fois" in text
        assert [row.kind for row in await Anomaly.all()] == ["silent"]
    here.bank.end(charge, "paid")
    await here.town.run_jobs(within=125)
    assert await here.is_paid() and await Booking.filter(state="confirmed").count() == 2
    await here.town.verify()


@ALL
@ON_SQLITE
async def test_a_form_that_was_never_sent_books_nothing(street: OpenStreet, at: Any, name: str) -> None:
    here = await street(name)
    await here.claire.click()
    at("2018-08-27T10:26")
    await commit.expire_holds(clock.now())
    assert (await Payment.get()).state == "expired" and await CartLine.filter(order_id=None).count() == 2
    at("2018-08-27T12:30")
    await here.town.run_jobs(within=8000)
    assert (await Payment.get()).heard  # the bank itself says that nobody can pay it any more
    await here.town.verify()


async def test_after_five_failures_nobody_asks_for_a_minute() -> None:
    now, asked = [0.0], []

    async def question() -> str:
        asked.append(now[0])
        if now[0] < 100:
            raise OSError("a word of the bank")
        return "yes"

    one = Line(lambda: now[0])

    async def ask() -> str:
        try:
            return await one.ask(question)
        except BankSilent as exc:
            assert "word" not in str(exc)
            return "silent"

    assert [await ask() for _ in range(FAILURES + 3)] == ["silent"] * (FAILURES + 3)
    assert len(asked) == FAILURES
    now[0] = REST + 1  # one question tries the line
    assert [await ask() for _ in range(3)] == ["silent"] * 3
    assert len(asked) == FAILURES + 1
    now[0] = 2 * REST + 2
    assert [await ask() for _ in range(3)] == ["yes"] * 3
    now[0] = 0.0
    assert await ask() == "silent" and len(asked) == FAILURES + 5  # and counts anew


async def test_an_error_of_ours_is_no_failure_of_the_bank() -> None:
    one = Line()

    async def wrong() -> str:
        raise LookupError

    for _ in range(FAILURES + 2):
        with pytest.raises(LookupError):
            await one.ask(wrong)


@ON_SQLITE
async def test_payfip_is_tried_twice_only_after_twenty_minutes(street: OpenStreet, at: Any) -> None:
    """It may still take what was left on its page; what it refused itself, it may not."""
    here = await street("payfip")
    charge = await here.leave()
    first = await here.payment()
    await here.claire.browser.post_form(f"/paiement/{first.id}/annulation")
    answer = await here.claire.click()
    assert answer.status_code == 429
    assert "peut encore aboutir" in words(answer.text) and "Réessayez à partir de 10:2" in words(answer.text)
    again = await here.claire.browser.post_form(f"/paiement/{first.id}/payer")
    assert again.status_code == 429 and "peut encore aboutir" in words(again.text)
    assert await Payment.all().count() == 1 and await CartLine.filter(order_id=None).count() == 2
    at("2018-08-27T10:21")
    second = await here.leave()
    assert second != charge
    here.bank.end(second, "refused")
    await here.town.run_jobs(within=125)
    assert await here.leave() not in (charge, second)
    await here.town.verify()
