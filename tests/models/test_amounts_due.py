"""A family pays its invoices and debts: in full, in part, with an avoir, twice by mistake, and in advance."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from models import banks, clock
from models.activities.catalogue import current_catalogue
from models.banks import BankNotice
from models.checkout import retry, settlement
from models.checkout.amounts_due import MOST, Paying, TooLittle, bills, pay, pay_in
from models.checkout.submission import Stale, TooManyTries
from models.commune.till import Till
from models.families.family import Family
from models.money import amounts_due, ledger
from models.money.anomaly import Anomaly
from models.money.credit_use import CreditUse
from models.money.payment import Payment, PaymentPart
from models.rules import postings
from models.rules.postings import FamilyAccount
from models.rules.states.payments import BankState
from models.storage.database import transaction
from tests.engines import ON_SQLITE
from tests.portal import Portal

OpenPortal = Callable[..., Awaitable[Portal]]


async def family_of(number: str) -> int:
    return (await Family.get(number=number)).id


async def dues(family: int) -> dict[str, int]:
    """By label, what is open."""
    return {due.label: due.open for due in await amounts_due.of_family(family)}


async def keys(family: int, *labels: str) -> dict[str, int | None]:
    by_label = {due.label: due.key for due in await amounts_due.of_family(family)}
    return {by_label[label]: None for label in labels}


async def shown(family: int, chosen: dict[str, int | None]) -> dict[int, int]:
    return {bill.till.id: bill.due for bill in await bills(family, chosen)}


async def click(family: int, chosen: dict[str, int | None], nonce: str = "click") -> list[Payment]:
    return await pay(family, chosen, await shown(family, chosen), clock.now(), nonce)


async def bank_says(payment: Payment, state: BankState = BankState.PAID) -> Payment:
    said = BankNotice("demo", payment.reference, state, payment.cents, "4970", "A", "T")
    await settlement.settle(said, clock.now())
    return await Payment.get(id=payment.id)


async def give_credit(family: int, till: int, cents: int, key: str = "gift") -> None:
    """As a payment in advance would."""
    row = Payment(family_id=family, till_id=till, provider="demo", reference=key.upper(), made_at=clock.now())
    async with transaction():
        await Payment.prepare(row, [PaymentPart(kind="advance", cents=cents)])
    await bank_says(row)


@pytest.fixture
async def lens(portal: OpenPortal) -> tuple[Portal, int]:
    """Three invoices are open: 23,10 €, 16,50 € and 29,70 €."""
    town = await portal("lens", now="2018-08-27T10:00:00")
    for due in await amounts_due.of_family(family := await family_of(await owing())):
        assert due.open == due.charged and due.paid == 0
    return town, family


async def owing() -> str:
    found = [family for family in await Family.all() if await ledger.open_invoices(family.id)]
    [family] = found
    return family.number


@ON_SQLITE
async def test_two_of_three_invoices_are_one_payment(lens: tuple[Portal, int]) -> None:
    town, family = lens
    assert await dues(family) == {"16033631": 2310, "16043631": 1650, "16053631": 2970}
    [payment] = await click(family, await keys(family, "16053631", "16043631"))
    assert payment.cents == 4620
    assert {due.label for due in await amounts_due.of_family(family) if due.paying == payment.id} == {
        "16043631", "16053631"
    }  # fmt: skip
    await settlement.begin(payment.id, clock.now())
    await bank_says(payment)
    assert await dues(family) == {"16033631": 2310}
    await town.run_jobs()
    await town.verify()


async def test_the_same_click_is_one_and_another_one_waits(lens: tuple[Portal, int]) -> None:
    town, family = lens
    chosen = await keys(family, "16043631")
    told = await shown(family, chosen)
    made = await asyncio.gather(*(pay(family, chosen, told, clock.now(), "click") for _ in range(8)))
    assert len({payment.id for [payment] in made}) == 1
    [[payment], *_] = made
    with pytest.raises(Paying) as other:
        await pay(
            family, await keys(family, "16043631", "16033631"), {payment.till_id: 3960}, clock.now(), "b"
        )
    assert other.value.payment == payment.id
    assert await Payment.filter(family_id=family).count() == 1
    await town.verify()


@ON_SQLITE
async def test_what_is_not_due_is_not_paid(lens: tuple[Portal, int]) -> None:
    _, family = lens
    stranger = next(one.id for one in await Family.all() if one.id != family)
    chosen = await keys(family, "16043631")
    [key] = chosen
    for who, wanted in (
        (stranger, chosen),
        (family, {key: 1651}),
        (family, {key: 0}),
        (family, {key: -1}),
        (family, {key: 1000}),  # Lens takes nothing in part
        (family, {"facture-999999": None}),
        (family, {"dette-1": None}),
    ):
        with pytest.raises(Stale):
            await bills(who, wanted)
    with pytest.raises(Stale):  # the page said another sum
        await pay(family, chosen, {next(iter(await shown(family, chosen))): 1649}, clock.now(), "click")
    assert not await Payment.exists()


@ON_SQLITE
async def test_a_refused_card_leaves_them_due_and_can_be_tried_again(lens: tuple[Portal, int]) -> None:
    town, family = lens
    [payment] = await click(family, await keys(family, "16033631", "16043631"))
    payment = await bank_says(payment, BankState.REFUSED)
    assert await dues(family) == {"16033631": 2310, "16043631": 1650, "16053631": 2970}
    catalogue = await current_catalogue()
    again = await retry.retry(catalogue, payment, clock.now())
    assert (again.cents, again.id != payment.id) == (3960, True)
    assert (await retry.retry(catalogue, payment, clock.now())).id == again.id
    await bank_says(again)
    assert await dues(family) == {"16053631": 2970}
    for n in range(3):  # five refusals within the hour, and somebody may be trying stolen cards
        await bank_says((await click(family, await keys(family, "16053631"), f"c{n}"))[0], BankState.REFUSED)
    await bank_says((await click(family, await keys(family, "16053631"), "d"))[0], BankState.REFUSED)
    with pytest.raises(TooManyTries):
        await click(family, await keys(family, "16053631"), "e")
    await town.verify()


@ON_SQLITE
async def test_an_avoir_pays_first_and_once(lens: tuple[Portal, int]) -> None:
    town, family = lens
    till = (await Till.get()).id
    await give_credit(family, till, 2000)
    chosen = await keys(family, "16033631", "16043631")
    [bill] = await bills(family, chosen)
    assert (bill.total, bill.credit, bill.due) == (3960, 2000, 1960)
    made = await asyncio.gather(*(pay(family, chosen, {till: 1960}, clock.now(), "click") for _ in range(5)))
    assert {payment.cents for [payment] in made} == {1960}
    assert [use.cents for use in await CreditUse.all()] == [2000]
    assert await ledger.standing(family, till) == 0
    assert (await dues(family))["16033631"] == 310
    [payment] = made[0]
    await bank_says(payment)
    assert await dues(family) == {"16053631": 2970}
    await town.verify()


async def test_an_avoir_that_pays_for_all_asks_no_bank(lens: tuple[Portal, int]) -> None:
    town, family = lens
    till = (await Till.get()).id
    await give_credit(family, till, 5000)
    chosen = await keys(family, "16033631", "16043631")
    for _ in range(2):
        assert await pay(family, chosen, {till: 0}, clock.now(), "click") == []
    assert await dues(family) == {"16053631": 2970}
    assert await ledger.standing(family, till) == -1040
    await town.verify()


async def test_an_invoice_paid_twice_leaves_a_credit_and_a_word_for_the_mairie(
    lens: tuple[Portal, int],
) -> None:
    """One attempt was cancelled here, and its money came all the same."""
    town, family = lens
    [first] = await click(family, await keys(family, "16033631", "16043631"), "a")
    await bank_says(first, BankState.CANCELLED)
    [second] = await click(family, await keys(family, "16043631"), "b")
    await bank_says(second)
    await bank_says(first)
    till = first.till_id
    assert await dues(family) == {"16053631": 2970}
    assert await ledger.standing(family, till) == -1650
    [told] = await Anomaly.all()
    assert (told.kind, told.cents, told.payment_id) == ("twice", 1650, first.id)
    await bank_says(first)
    assert await ledger.standing(family, till) == -1650
    await town.verify()


async def test_a_debt_of_one_activity_is_paid_in_part(portal: OpenPortal) -> None:
    """Story Z4: 35,00 € for the canteen and 13,00 € for the garderie; 20,00 € of the canteen leaves 28,00 € in all."""
    town = await portal("lezignan", now="2016-09-16T10:00:00")
    family = await family_of("09615")
    canteen, garderie = await amounts_due.of_family(family)
    assert [(due.charged, due.paid, due.open) for due in (canteen, garderie)] == [
        (9450, 5950, 3500), (3500, 2200, 1300)
    ]  # fmt: skip
    assert (canteen.child, canteen.activity) == ("Tom Roux", "CANTINE 2016-2017")
    [payment] = await click(family, {canteen.key: 2000})
    await bank_says(payment)
    left = await amounts_due.of_family(family)
    assert [(due.label[:7], due.open) for due in left] == [("CANTINE", 1500), ("GARDERI", 1300)]
    assert sum(due.open for due in left) == 2800 == await ledger.standing(family, payment.till_id)
    both: dict[str, int | None] = {due.key: None for due in left}
    [rest] = await click(family, both, "all")
    await bank_says(rest)
    assert await amounts_due.of_family(family) == []
    await town.verify()


async def test_less_than_the_banks_least_is_not_sent_there(portal: OpenPortal) -> None:
    await portal("lezignan", now="2016-09-16T10:00:00")
    family = await family_of("09615")
    canteen, _ = await amounts_due.of_family(family)
    with pytest.raises(TooLittle) as too_little:
        await click(family, {canteen.key: 99})
    assert too_little.value.minimum == 100
    assert not await Payment.exists()


async def test_money_is_paid_in_where_the_till_takes_it(portal: OpenPortal) -> None:
    def advances(content: dict[str, Any]) -> None:
        content["commune"]["tills"][0]["advances"] = True

    town = await portal("lens", now="2018-08-27T10:00:00", change=advances)
    till, family = await Till.get(), await family_of(await owing())
    for cents, refused in ((0, Stale), (-5, Stale), (99, TooLittle), (MOST + 1, Stale)):
        with pytest.raises(refused):
            await pay_in(family, till, cents, clock.now(), f"click{cents}")
    first, second = [await pay_in(family, till, 3000, clock.now(), "click") for _ in range(2)]
    assert first.id == second.id
    await bank_says(first, BankState.REFUSED)
    again = await retry.retry(await current_catalogue(), await Payment.get(id=first.id), clock.now())
    assert again.cents == 3000
    await bank_says(again)
    assert await ledger.standing(family, till.id) == -3000
    await Till.filter(id=till.id).update(advances=False)
    with pytest.raises(Stale):
        await pay_in(family, await Till.get(), 3000, clock.now(), "other")
    await town.verify()


async def test_a_till_without_a_bank_takes_no_card(
    portal: OpenPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    await portal("lezignan", now="2016-09-16T10:00:00")
    await Till.all().update(online=False)
    family = await family_of("09615")
    canteen, _ = await amounts_due.of_family(family)
    with pytest.raises(Stale):
        await click(family, {canteen.key: None})
    assert not await Payment.exists() and banks.of_till(await Till.get()) is None


async def test_a_posting_inside_an_account_is_explained_by_a_row(lens: tuple[Portal, int]) -> None:
    """Verify is not blind to an avoir that nobody asked to use."""
    from models.storage.integrity import verify

    _, family = lens
    till = (await Till.get()).id
    await give_credit(family, till, 2000)
    invoice = (await amounts_due.of_family(family))[0].id
    forged = postings.credit_applied(FamilyAccount(family, till), 99, invoice, 2000)
    async with transaction():
        await ledger.post(forged, at=clock.now(), actor="nobody")
    assert any(fault.invariant == "I3-I7" for fault in await verify())
