"""Sums that a till gives up, and avoirs that are given back."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from models import clock
from models.checkout.submission import Stale
from models.counter import closing, journal, write_off
from models.counter.closing import Count
from models.counter.refunds import discharge, refund
from models.counter.refunds.discharge import Discharge
from models.counter.refunds.refund import AlreadyAnswered, NoSuchCredit, Refund, Wish
from models.counter.reversal import NotEnoughCash
from models.counter.write_off import GivingUp, WriteOff
from models.money import ledger
from models.money.issued_document import IssuedDocument
from models.rules.postings import COUNTER, bank_account, refund_account
from models.rules.states.documents import DocumentKind
from models.rules.states.payments import PaymentMethod
from models.storage.integrity import verify
from models.work.email import Email
from tests.models.counter import NOW, Payer, payer
from tests.portal import Portal

OpenPortal = Callable[..., Awaitable[Portal]]


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now=NOW)


@pytest.fixture
async def linh(town: Portal) -> Payer:
    return await payer("linh.nguyen")


def giving(who: Payer, cents: int, click: str = "click") -> GivingUp:
    return GivingUp(who.family, who.dues[0].key, cents, "Geste commercial", click)


async def credited(who: Payer, cents: int) -> None:
    await who.hand(PaymentMethod.CHEQUE, cents, "advance", chosen=(), keep=True)


def wish(who: Payer, cents: int, click: str = "click") -> Wish:
    return Wish(who.family, who.till.id, cents, "Départ", click)


async def test_what_is_given_up_is_not_due_any_more(town: Portal, linh: Payer) -> None:
    for _ in range(2):
        await write_off.write_off(giving(linh, 300), linh.cashier, clock.now())
    assert await linh.left() == linh.due - 300 and await WriteOff.all().count() == 1
    for wrong in (0, linh.due):
        with pytest.raises(Stale):
            await write_off.write_off(giving(linh, wrong, "other"), linh.cashier, clock.now())
    assert await verify() == []


async def test_a_debt_from_before_is_given_up(town: Portal) -> None:
    sophie = await payer("sophie.moreau")
    await write_off.write_off(giving(sophie, sophie.dues[-1].open), sophie.cashier, clock.now())
    assert await sophie.left() == sophie.due - sophie.dues[-1].open
    assert await verify() == []


async def test_an_avoir_is_set_aside_then_sent(town: Portal, linh: Payer) -> None:
    await credited(linh, 900)
    with pytest.raises(NoSuchCredit) as refused:
        await refund.ask(wish(linh, 901), "guardian:1", clock.now())
    assert refused.value.credit == 900
    asked = await refund.ask(wish(linh, 400), "guardian:1", clock.now())
    assert await linh.credit() == 500
    await refund.send(asked.id, linh.cashier, clock.now())
    assert await ledger.balance([refund_account(linh.till.id)]) == 0
    assert await ledger.balance([bank_account(COUNTER, linh.till.id)]) == -400
    for answer in (refund.send(asked.id, 1, clock.now()), refund.refuse(asked.id, "Non", 1, clock.now())):
        with pytest.raises(AlreadyAnswered):
            await answer
    with pytest.raises(LookupError):
        await refund.send(999, 1, clock.now())
    await town.run_jobs()
    assert await Email.filter(subject__contains="Remboursement de 4,00").exists()
    assert await verify() == []


async def test_cash_leaves_the_drawer_with_a_discharge_that_the_close_counts(
    town: Portal, linh: Payer
) -> None:
    await credited(linh, 900)
    asked = await refund.ask(wish(linh, 400), "guardian:1", clock.now())
    with pytest.raises(NotEnoughCash) as short:
        await discharge.hand_over(asked.id, linh.cashier, clock.now())
    assert short.value.held == 0
    await linh.hand(PaymentMethod.CASH, 500, "cash")
    given = await asyncio.gather(
        *(discharge.hand_over(asked.id, linh.cashier, clock.now()) for _ in range(3)), return_exceptions=True
    )
    made = [one for one in given if isinstance(one, Discharge)]
    assert len(made) == 1 and sum(isinstance(one, AlreadyAnswered) for one in given) == 2
    assert made[0].number.startswith("D") and made[0].payee == "Linh Nguyen"
    till, day = linh.till.id, made[0].day
    assert await ledger.balance([f"cash:{till}"]) == 100 == await closing.cash_of(till, day)
    first = (await journal.of_day(till, day))[0]
    assert (first.cents, first.is_discharge, first.payer) == (-400, True, "Linh Nguyen")
    closed = await closing.close(till, day, Count(0, 100), linh.cashier, clock.now())
    assert (closed.receipts, closed.taken_cents) == (2, 900 + 500 - 400)
    await town.run_jobs()
    paper = await IssuedDocument.of(DocumentKind.DISCHARGE, made[0].id)
    assert paper and paper.family_id == linh.family
    assert await Email.filter(text__contains="en espèces, au guichet").exists()
    assert await verify() == []


async def test_a_refusal_gives_the_avoir_back_and_says_why(town: Portal, linh: Payer) -> None:
    await credited(linh, 900)
    asked = await refund.ask(wish(linh, 900), "guardian:1", clock.now())
    assert await linh.credit() == 0
    await refund.refuse(asked.id, "RIB manquant", linh.cashier, clock.now())
    assert await linh.credit() == 900
    await town.run_jobs()
    letter = await Email.filter(subject__contains="demande de remboursement").first()
    assert letter and "RIB manquant" in letter.text
    assert await verify() == []


async def test_the_same_avoir_is_not_promised_twice_at_once(town: Portal, linh: Payer) -> None:
    await credited(linh, 900)
    made = await asyncio.gather(
        *(refund.ask(wish(linh, 600, f"click-{n}"), "guardian:1", clock.now()) for n in range(4)),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Refund) for one in made) == 1 and await linh.credit() == 300
    assert await verify() == []
