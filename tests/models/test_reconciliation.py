"""The bank's file beside what a till awaits: lines are taken once, matches are confirmed once, the ledger follows."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from models import clock
from models.counter import bank_aside, bank_match, deposit, reversal
from models.counter.bank_line import BankFile, BankLine, Taken
from models.counter.bank_match import BankMatch, MatchedMeanwhile, TakenBackSince
from models.counter.receipt import Receipt
from models.money import ledger
from models.rules.postings import COUNTER, bank_account
from models.rules.states.payments import PaymentMethod
from models.storage.integrity import verify
from tests.engines import ON_SQLITE
from tests.models.counter import NOW, Payer, confirm_all, import_file, payer
from tests.portal import Portal

OpenPortal = Callable[..., Awaitable[Portal]]
TRANSFER = PaymentMethod.TRANSFER
LINE = "03/11/2025;VIR NGUYEN;1,00"


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now=NOW)


@pytest.fixture
async def linh(town: Portal) -> Payer:
    return await payer("linh.nguyen")


async def transfer(linh: Payer, cents: int = 100, click: str = "click") -> Receipt:
    receipt = await linh.hand(TRANSFER, cents, click, chosen=(), keep=True)
    assert receipt
    return receipt


async def lies(till: int) -> tuple[int, int]:
    """Cents: transfers that the bank has not shown, and what is at the bank."""
    return await ledger.balance([f"transfer:{till}"]), await ledger.balance([bank_account(COUNTER, till)])


async def test_a_transfer_that_the_bank_shows_is_at_the_bank(linh: Payer) -> None:
    await transfer(linh)
    assert await lies(linh.till.id) == (100, 0)
    assert await import_file(linh.till.id, LINE, "03/11/2025;SUBVENTION;9") == Taken(2, 0)
    assert await lies(linh.till.id) == (100, 0), "somebody has to confirm it"
    assert await confirm_all(linh.till.id) == 1
    assert await lies(linh.till.id) == (0, 100) and await linh.credit() == 100
    assert [line.label for line in await bank_match.open_lines(linh.till.id)] == ["SUBVENTION"]
    assert await bank_match.awaited(linh.till.id) == {}
    assert await verify() == []


async def test_a_deposit_that_arrived_posts_nothing_more(linh: Payer) -> None:
    cheque = await linh.hand(PaymentMethod.CHEQUE, 100)
    assert cheque
    await deposit.deposit(linh.till, [cheque.id], 0, "click", linh.cashier, clock.now())
    await import_file(linh.till.id, "03/11/2025;REMISE;1,00")
    assert await confirm_all(linh.till.id) == 1
    assert await lies(linh.till.id) == (0, 100)
    assert [one.number for one in await bank_match.matched(linh.till.id, 5)] == [
        (await deposit.Deposit.get()).number
    ]
    assert await verify() == []


@ON_SQLITE
async def test_a_line_is_taken_once_from_however_many_files(linh: Payer) -> None:
    assert await import_file(linh.till.id, LINE) == Taken(1, 0)
    made = await asyncio.gather(*(import_file(linh.till.id, LINE, LINE) for _ in range(4)))
    assert sorted(one.new for one in made) == [0, 0, 0, 1], "the second one alike is another line"
    assert await BankLine.all().count() == 2 and await BankFile.all().count() == 2
    assert await verify() == []


async def test_a_match_confirmed_at_once_and_again_is_one(linh: Payer) -> None:
    await transfer(linh)
    await import_file(linh.till.id, LINE)
    pairs = {(await BankLine.get()).id: next(iter(await bank_match.awaited(linh.till.id))).key}
    confirmed = await asyncio.gather(
        *(bank_match.confirm(linh.till.id, pairs, linh.cashier, clock.now()) for _ in range(4))
    )
    assert sorted(confirmed) == [0, 0, 0, 1] and await BankMatch.all().count() == 1
    assert await lies(linh.till.id) == (0, 100)
    assert await verify() == []


@ON_SQLITE
async def test_what_does_not_fit_is_matched_in_no_part(linh: Payer) -> None:
    one, two = [await transfer(linh, 100, f"click-{n}") for n in range(2)]
    await import_file(linh.till.id, LINE, "03/11/2025;AUTRE;2", LINE)
    first, other, last = [line.id for line in await BankLine.all().order_by("id")]
    mine = f"virement-{one.payment_id}"
    await reversal.reverse(two, "Erreur de famille", linh.cashier, clock.now())
    for wrong in (
        {other: mine},
        {first: mine, last: mine},
        {first: mine, last: f"virement-{two.payment_id}"},
        {first: mine, 99999: "remise-1"},
    ):
        with pytest.raises(MatchedMeanwhile):
            await bank_match.confirm(linh.till.id, wrong, linh.cashier, clock.now())
    assert not await BankMatch.exists() and await lies(linh.till.id) == (100, 0)


@ON_SQLITE
async def test_a_transfer_taken_back_later_leaves_the_bank(linh: Payer) -> None:
    receipt = await transfer(linh)
    await import_file(linh.till.id, LINE)
    await confirm_all(linh.till.id)
    assert (await reversal.reverse(receipt, "Virement d’une autre", linh.cashier, clock.now())).from_bank
    assert await lies(linh.till.id) == (0, 0) and await linh.credit() == 0
    assert await verify() == []


@ON_SQLITE
async def test_a_wrong_match_is_undone_once_and_both_wait_again(linh: Payer) -> None:
    await transfer(linh)
    await import_file(linh.till.id, LINE)
    await confirm_all(linh.till.id)
    made, now = await BankMatch.get(), clock.now()
    told = await asyncio.gather(
        *(bank_match.undo(made.id, "Un autre virement", linh.cashier, now) for _ in range(4)),
        return_exceptions=True,
    )
    assert [one for one in told if not isinstance(one, MatchedMeanwhile)] == [linh.till.id]
    assert await lies(linh.till.id) == (100, 0) and await bank_match.matched(linh.till.id, 5) == []
    assert await verify() == []
    assert await confirm_all(linh.till.id) == 1 and await lies(linh.till.id) == (0, 100)
    receipt = await Receipt.get()
    await reversal.reverse(receipt, "Revenu impayé", linh.cashier, now)
    with pytest.raises(TakenBackSince):
        await bank_match.undo((await BankMatch.all().order_by("-id").first()).id, "x", linh.cashier, now)  # type: ignore[union-attr]
    with pytest.raises(LookupError):
        await bank_match.undo(9999, "x", linh.cashier, now)
    assert await verify() == []


@ON_SQLITE
async def test_a_transfer_whose_match_was_undone_is_taken_back_from_the_till(linh: Payer) -> None:
    await transfer(linh)
    await import_file(linh.till.id, LINE)
    await confirm_all(linh.till.id)
    await bank_match.undo((await BankMatch.get()).id, "Un autre virement", linh.cashier, clock.now())
    await reversal.reverse(await Receipt.get(), "Jamais arrivé", linh.cashier, clock.now())
    assert await lies(linh.till.id) == (0, 0) and await bank_match.awaited(linh.till.id) == {}
    assert await verify() == []


@ON_SQLITE
async def test_a_line_set_aside_is_asked_for_no_more_until_it_is_taken_up(linh: Payer) -> None:
    await import_file(linh.till.id, LINE)
    line, now = (await BankLine.get()).id, clock.now()
    told = await asyncio.gather(
        *(bank_aside.set_aside(line, "Subvention", linh.cashier, now) for _ in range(4)),
        return_exceptions=True,
    )
    assert [one for one in told if not isinstance(one, MatchedMeanwhile)] == [linh.till.id]
    assert await bank_match.open_lines(linh.till.id) == []
    [aside] = await bank_aside.of_till(linh.till.id, 5)
    await transfer(linh)
    wrong = {line: next(iter(await bank_match.awaited(linh.till.id))).key}
    with pytest.raises(MatchedMeanwhile):
        await bank_match.confirm(linh.till.id, wrong, linh.cashier, now)
    await bank_aside.take_up(aside.id, linh.cashier, now)
    with pytest.raises(MatchedMeanwhile):
        await bank_aside.take_up(aside.id, linh.cashier, now)
    assert await confirm_all(linh.till.id) == 1
    with pytest.raises(MatchedMeanwhile):
        await bank_aside.set_aside(line, "Subvention", linh.cashier, now)
    assert await verify() == []
