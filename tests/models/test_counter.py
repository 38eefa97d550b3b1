"""The till's counter: what is taken, its receipt, what is taken back, the close of a day, deposits."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from models import clock
from models.checkout.submission import Stale
from models.counter import closing, deposit, reversal
from models.counter.closing import AlreadyClosed, Count, ReasonMissing
from models.counter.deposit import GoneAlready, MoreThanHeld, NothingToDeposit
from models.counter.receipt import Receipt
from models.counter.reversal import AlreadyReversed, NotEnoughCash
from models.money import ledger
from models.money.issued_document import IssuedDocument
from models.money.payment import Payment
from models.rules.postings import COUNTER, bank_account
from models.rules.states.payments import PaymentMethod
from models.rules.till.counter import NothingGiven, TooMuch
from models.storage.integrity import verify
from tests.engines import ON_SQLITE
from tests.models.counter import NOW, Payer, payer
from tests.portal import Portal

OpenPortal = Callable[..., Awaitable[Portal]]
CASH, CHEQUE, CARD = PaymentMethod.CASH, PaymentMethod.CHEQUE, PaymentMethod.CARD
CESU, TRANSFER = PaymentMethod.CESU, PaymentMethod.TRANSFER
TODAY = date(2025, 11, 3)


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now=NOW)


@pytest.fixture
async def linh(town: Portal) -> Payer:
    """She owes an invoice."""
    return await payer("linh.nguyen")


async def lies(till: int, method: PaymentMethod) -> int:
    return await ledger.balance([f"{method}:{till}"])


@ON_SQLITE
async def test_cash_pays_what_is_due_and_gives_change(town: Portal, linh: Payer) -> None:
    receipt = await linh.hand(CASH, linh.due + 600)
    assert receipt and receipt.number.startswith("R") and receipt.day == TODAY
    assert receipt.tendered == linh.due + 600
    assert await linh.left() == 0 and await linh.credit() == 0
    assert await lies(linh.till.id, CASH) == linh.due
    await town.run_jobs()
    assert (await IssuedDocument.get(key=f"receipt:{receipt.id}")).content.startswith(b"%PDF")
    assert await verify() == []


async def test_each_means_lies_where_it_belongs_and_is_numbered_in_turn(town: Portal, linh: Payer) -> None:
    numbers = []
    for n, method in enumerate((CASH, CHEQUE, CESU, TRANSFER, CARD)):
        receipt = await linh.hand(method, 100, f"click-{n}")
        assert receipt
        numbers.append(receipt.rank)
    assert numbers == [1, 2, 3, 4, 5]
    assert [await lies(linh.till.id, one) for one in (CASH, CHEQUE, CESU, TRANSFER)] == [100] * 4
    assert await ledger.balance([bank_account(COUNTER, linh.till.id)]) == 100
    assert await linh.left() == linh.due - 500
    assert await verify() == []


async def test_more_than_is_due_is_an_advance_only_when_the_cashier_says_so(
    town: Portal, linh: Payer
) -> None:
    with pytest.raises(TooMuch) as refused:
        await linh.hand(CHEQUE, linh.due + 500)
    assert refused.value.over == 500
    for nothing in ({"given": 0}, {"chosen": ()}):
        with pytest.raises(NothingGiven):
            await linh.hand(CHEQUE, **nothing)
    assert not await Payment.exists(provider=COUNTER)
    await linh.hand(CHEQUE, linh.due + 500, keep=True)
    assert await linh.left() == 0 and await linh.credit() == 500
    assert await verify() == []


async def test_what_another_page_showed_is_not_taken(town: Portal, linh: Payer) -> None:
    for wrong in ({"shown": 1}, {"chosen": ("facture-999999",)}):
        with pytest.raises(Stale):
            await linh.hand(CASH, **wrong)
    other = Payer(linh.family, await type(linh.till).exclude(id=linh.till.id).first(), linh.dues, 1)  # type: ignore[arg-type]
    with pytest.raises(Stale):
        await other.hand(CASH)


async def test_one_click_at_once_and_again_is_one_taking(town: Portal, linh: Payer) -> None:
    made = await asyncio.gather(*(linh.hand(CASH, 500) for _ in range(5)))
    assert len({receipt.id for receipt in made if receipt}) == 1
    assert await lies(linh.till.id, CASH) == 500
    assert await verify() == []


async def test_takings_at_once_have_numbers_without_a_hole(town: Portal, linh: Payer) -> None:
    await asyncio.gather(*(linh.hand(CASH, 10, f"click-{n}") for n in range(6)))
    assert sorted([receipt.rank for receipt in await Receipt.all()]) == [1, 2, 3, 4, 5, 6]
    assert await verify() == []


@ON_SQLITE
async def test_an_avoir_pays_first(town: Portal, linh: Payer) -> None:
    await linh.hand(CHEQUE, 300, "first", chosen=(), keep=True)
    receipt = await linh.hand(CASH, None, "second")
    assert receipt and (await Payment.get(id=receipt.payment_id)).cents == linh.due - 300
    assert await linh.left() == 0 and await linh.credit() == 0
    assert await verify() == []


async def test_an_avoir_that_suffices_needs_no_receipt(town: Portal, linh: Payer) -> None:
    await linh.hand(CHEQUE, linh.due, "first", chosen=(), keep=True)
    assert await linh.hand(CASH, None, "second") is None
    assert await linh.hand(CASH, None, "second") is None
    assert await linh.left() == 0 and await Receipt.all().count() == 1
    assert await verify() == []


async def test_a_debt_from_before_is_paid_and_owed_again(town: Portal) -> None:
    sophie = await payer("sophie.moreau")
    receipt = await sophie.hand(CASH)
    assert receipt and await sophie.left() == 0
    await reversal.reverse(receipt, "Erreur de famille", sophie.cashier, clock.now())
    assert await sophie.left() == sophie.due
    assert await verify() == []


@ON_SQLITE
async def test_a_reversal_takes_the_money_back_once(town: Portal, linh: Payer) -> None:
    receipt = await linh.hand(CHEQUE)
    assert receipt
    await reversal.reverse(receipt, "Chèque sans signature", linh.cashier, clock.now())
    assert await linh.left() == linh.due and await lies(linh.till.id, CHEQUE) == 0
    assert await deposit.held_papers(linh.till.id) == []
    with pytest.raises(AlreadyReversed):
        await reversal.reverse(receipt, "Encore", linh.cashier, clock.now())
    assert await verify() == []


async def test_a_cheque_that_comes_back_unpaid_leaves_the_bank(town: Portal, linh: Payer) -> None:
    receipt = await linh.hand(CHEQUE, paper_number="0000123", bank="Banque postale", drawer="Linh Nguyen")
    assert receipt
    made = await deposit.deposit(linh.till, [receipt.id], 0, "click", linh.cashier, clock.now())
    bank = bank_account(COUNTER, linh.till.id)
    assert made.cents == linh.due == await ledger.balance([bank])
    await town.run_jobs()
    assert (await IssuedDocument.get(key=f"deposit:{made.id}")).content.startswith(b"%PDF")
    await reversal.reverse(receipt, "Chèque impayé", linh.cashier, clock.now())
    assert await ledger.balance([bank]) == 0 == await lies(linh.till.id, CHEQUE)
    assert await verify() == []


@ON_SQLITE
async def test_cash_that_is_at_the_bank_is_not_given_back(town: Portal, linh: Payer) -> None:
    receipt = await linh.hand(CASH)
    assert receipt
    await deposit.deposit(linh.till, [], linh.due - 100, "click", linh.cashier, clock.now())
    with pytest.raises(NotEnoughCash) as refused:
        await reversal.reverse(receipt, "Erreur", linh.cashier, clock.now())
    assert refused.value.held == 100
    assert await verify() == []


@ON_SQLITE
async def test_a_deposit_takes_what_is_held_once(town: Portal, linh: Payer) -> None:
    receipt = await linh.hand(CHEQUE, 500, "a")
    await linh.hand(CASH, 300, "b")
    assert receipt
    now = clock.now()
    with pytest.raises(NothingToDeposit):
        await deposit.deposit(linh.till, [], 0, "click", linh.cashier, now)
    with pytest.raises(MoreThanHeld):
        await deposit.deposit(linh.till, [receipt.id], 301, "click", linh.cashier, now)
    first = await deposit.deposit(linh.till, [receipt.id], 300, "click", linh.cashier, now)
    assert (await deposit.deposit(linh.till, [receipt.id], 300, "click", linh.cashier, now)).id == first.id
    with pytest.raises(GoneAlready):
        await deposit.deposit(linh.till, [receipt.id], 0, "other", linh.cashier, now)
    assert await lies(linh.till.id, CHEQUE) == 0 == await lies(linh.till.id, CASH)
    assert await verify() == []


async def test_a_closed_day_takes_nothing_more(town: Portal, linh: Payer) -> None:
    await linh.hand(CASH, 500, "a")
    await linh.hand(CHEQUE, 200, "b")
    till, now = linh.till.id, clock.now()
    assert await closing.to_close(till, TODAY) == TODAY
    with pytest.raises(ReasonMissing) as refused:
        await closing.close(till, TODAY, Count(8000, 8450), linh.cashier, now)
    assert refused.value.difference == -50
    closed = await closing.close(
        till,
        TODAY,
        Count(8000, 8450, ((5000, 1), (1000, 3), (450, 1)), "Une pièce perdue"),
        linh.cashier,
        now,
    )
    assert closed.expected_cents == 8500 and closed.difference == -50
    with pytest.raises(AlreadyClosed):
        await closing.close(till, TODAY, Count(8000, 8500), linh.cashier, now)
    receipt = await linh.hand(CASH, 100, "c")
    assert receipt and receipt.day == date(2025, 11, 4)
    assert await closing.last_float(till) == 8000
    assert await verify() == []


@ON_SQLITE
async def test_after_a_friday_comes_a_working_day(town: Portal, linh: Payer) -> None:
    clock.shift_to(clock.datetime(2025, 10, 31, 10, tzinfo=clock.PARIS))
    await linh.hand(CASH, 500, "a")
    await closing.close(linh.till.id, date(2025, 10, 31), Count(0, 500), linh.cashier, clock.now())
    receipt = await linh.hand(CASH, 100, "b")
    assert receipt and receipt.day == TODAY


@ON_SQLITE
async def test_a_day_that_was_forgotten_is_closed_first(town: Portal, linh: Payer) -> None:
    await linh.hand(CASH, 500, "a")
    clock.shift_to(clock.datetime(2025, 11, 4, 9, tzinfo=clock.PARIS))
    await linh.hand(CASH, 300, "b")
    assert await closing.to_close(linh.till.id, date(2025, 11, 4)) == TODAY
    with pytest.raises(AlreadyClosed):
        await closing.close(linh.till.id, date(2025, 11, 4), Count(0, 800), linh.cashier, clock.now())
    await closing.close(linh.till.id, TODAY, Count(0, 500), linh.cashier, clock.now())
    assert await closing.to_close(linh.till.id, date(2025, 11, 4)) == date(2025, 11, 4)
    assert await verify() == []
