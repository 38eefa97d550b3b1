import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from models import clock
from models.banks import BankNotice, demo, demo_cards
from models.banks.demo import DemoBank, DemoCharge
from models.rules.states.payments import BankState
from models.work.task import Task
from tests.engines import ON_SQLITE
from tests.models.demo_bank import (
    ACCEPTED,
    BASE,
    REFUSED,
    SILENT,
    a_charge,
    at_the_code,
    in_a_year,
    paid,
    start,
)

OLD, NEW = "o" * 40, "n" * 40
NOT_A_CARD = "4970 1000 0000 0015"
ANOTHER_CARD = "4111 1111 1111 1111"  # its check digit is right, the demo bank does not know it


@pytest.fixture
def bank() -> DemoBank:
    return DemoBank(BASE, [OLD, NEW])


async def told() -> list[int]:
    """The charges whose end the bank is going to tell."""
    return [row.args[0] for row in await Task.filter(name="notify_portal")]


async def test_a_charge_starts_at_an_address_nobody_can_guess(db: Any, bank: DemoBank) -> None:
    url = (await bank.start(a_charge())).url
    row = await DemoCharge.get(reference="PF-0001")
    assert url == f"{BASE}/banque/demo/{row.token}"
    assert len(row.token) >= 43
    assert await bank.ask("PF-0001") == BankNotice("demo", "PF-0001", BankState.PENDING, 1690)


@ON_SQLITE
async def test_a_charge_asked_twice_is_the_same(db: Any, bank: DemoBank) -> None:
    first = await bank.start(a_charge())
    assert await bank.start(a_charge()) == first
    with pytest.raises(ValueError):
        await bank.start(a_charge(cents=1))
    with pytest.raises(ValueError):
        await bank.start(a_charge(cents=1700))
    assert await DemoCharge.all().count() == 1


@ON_SQLITE
async def test_less_than_a_euro_is_not_taken(db: Any, bank: DemoBank) -> None:
    with pytest.raises(ValueError):
        await bank.start(a_charge(cents=99))
    await bank.start(a_charge(cents=bank.minimum))


@ON_SQLITE
async def test_a_charge_that_was_never_asked_has_expired(db: Any, bank: DemoBank) -> None:
    assert await bank.ask("PF-9999") == BankNotice("demo", "PF-9999", BankState.EXPIRED, 0)


@ON_SQLITE
async def test_the_good_card_is_accepted_and_the_bank_says_so(db: Any, bank: DemoBank) -> None:
    row = await paid(bank)
    assert (row.state, row.brand, row.card) == ("paid", "Visa", "4970 10•• •••• ••14")
    assert await told() == [row.id]
    notice = await bank.ask("PF-0001")
    assert (notice.state, notice.cents, notice.card) == ("paid", 1690, "4970 10•• •••• ••14")
    assert notice.authorisation and len(notice.authorisation) == 6
    assert notice.transaction


async def test_the_refused_card_is_refused_after_its_code(db: Any, bank: DemoBank) -> None:
    row = await paid(bank, REFUSED)
    assert (row.state, row.authorisation) == ("refused", None)
    assert await told() == [row.id]
    assert (await bank.ask("PF-0001")).transaction is None


@ON_SQLITE
async def test_the_silent_card_is_accepted_and_nobody_is_told(db: Any, bank: DemoBank) -> None:
    row = await paid(bank, SILENT)
    assert row.state == "paid"
    assert await told() == []
    assert (await bank.ask("PF-0001")).state == "paid"


async def test_no_table_holds_the_number_of_a_card(db: Any, bank: DemoBank) -> None:
    row = await paid(bank)
    kept = "".join(str(getattr(row, field)) for field in DemoCharge._meta.db_fields)
    assert "4970" in kept
    assert ACCEPTED not in kept.replace(" ", "")


@ON_SQLITE
@pytest.mark.parametrize("number", [NOT_A_CARD, ANOTHER_CARD, "4970", "", "abc", "4970100000000014x"])
async def test_other_numbers_are_not_accepted(db: Any, bank: DemoBank, number: str) -> None:
    token = await start(bank)
    errors = await demo.give_card(token, number, in_a_year(), "123", clock.now())
    assert list(errors) == ["number"]
    if number:
        assert errors["number"] == "Ce numéro de carte n’est pas accepté par la banque de démonstration."
    assert (await DemoCharge.get(token=token)).state == "asked"


TODAY = datetime(2018, 8, 31).date()  # noqa: DTZ001


@pytest.mark.parametrize(
    ("expiry", "wrong"),
    [
        ("08/18", False),  # good to the end of its month
        ("09/18", False),
        ("0918", False),
        (" 12 / 30 ", False),
        ("12/2030", False),
        ("07/18", True),
        ("12/17", True),
        ("13/19", True),
        ("00/19", True),
        ("1/19", True),
        ("٠٩/١٩", True),
        ("", True),
    ],
)
def test_a_card_is_good_to_the_end_of_its_month(expiry: str, wrong: bool) -> None:
    card, errors = demo_cards.read("4970 1000 0000 0014", expiry, "123", TODAY)
    assert (list(errors), card is None) == ((["expiry"], True) if wrong else ([], False))


@pytest.mark.parametrize(
    ("cvv", "wrong"),
    [("000", False), (" 999 ", False), ("12", True), ("1234", True), ("١٢٣", True), ("", True)],
)
def test_the_cryptogram_is_three_digits(cvv: str, wrong: bool) -> None:
    _, errors = demo_cards.read(ACCEPTED, "08/18", cvv, TODAY)
    assert list(errors) == (["cvv"] if wrong else [])


def test_every_field_says_what_is_wrong_with_it() -> None:
    assert list(demo_cards.read("", "", "", TODAY)[1]) == ["number", "expiry", "cvv"]


@ON_SQLITE
async def test_three_wrong_codes_refuse_the_payment(db: Any, bank: DemoBank) -> None:
    token = await at_the_code(bank)
    for _ in range(2):
        assert list(await demo.give_code(token, "000000", clock.now())) == ["code"]
    assert await demo.give_code(token, "", clock.now()) == {}
    row = await DemoCharge.get(token=token)
    assert (row.state, row.wrong_codes) == ("refused", 3)
    assert await told() == [row.id]
    await demo.give_code(token, "123456", clock.now())
    assert (await bank.ask("PF-0001")).state == "refused"


async def test_the_right_code_still_pays_after_two_wrong_ones(db: Any, bank: DemoBank) -> None:
    token = await at_the_code(bank)
    for code in ("111111", "222222", "123 456"):
        await demo.give_code(token, code, clock.now())
    assert (await bank.ask("PF-0001")).state == "paid"


async def test_a_code_without_a_card_pays_nothing(db: Any, bank: DemoBank) -> None:
    token = await start(bank)
    for _ in range(4):
        assert await demo.give_code(token, "123456", clock.now()) == {}
        assert await demo.give_code(token, "000000", clock.now()) == {}
    assert (await bank.ask("PF-0001")).state == "pending"


@ON_SQLITE
async def test_a_customer_may_cancel_at_any_step(db: Any, bank: DemoBank) -> None:
    tokens = [await start(bank, reference="A"), await at_the_code(bank, reference="B")]
    for token in tokens:
        await demo.cancel(token, clock.now())
    assert [(await bank.ask(name)).state for name in "AB"] == ["cancelled"] * 2
    assert len(await told()) == 2


@ON_SQLITE
async def test_what_is_paid_cannot_be_cancelled(db: Any, bank: DemoBank) -> None:
    row = await paid(bank)
    await demo.cancel(row.token, clock.now())
    assert (await bank.ask("PF-0001")).state == "paid"
    assert await told() == [row.id]


async def test_fifteen_minutes_later_it_is_too_late(
    db: Any, bank: DemoBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await at_the_code(bank)
    end = (await DemoCharge.get(token=token)).pay_before
    await demo.give_code(token, "123456", end)
    row = await demo.charge_at(token, end - timedelta(microseconds=1))
    assert row and row.state == "card"
    monkeypatch.setattr(clock, "now", lambda: end)
    assert (await bank.ask("PF-0001")).state == "expired"
    row = await demo.charge_at(token, end)
    assert row and row.answered_at == end
    assert await told() == [row.id]


@ON_SQLITE
async def test_a_double_click_pays_once(db: Any, bank: DemoBank) -> None:
    token = await at_the_code(bank)
    now = clock.now()
    await asyncio.gather(*(demo.give_code(token, "123456", now) for _ in range(5)))
    first = await bank.ask("PF-0001")
    await demo.give_card(token, REFUSED, in_a_year(), "123", now)
    await demo.give_code(token, "123456", now)
    assert await bank.ask("PF-0001") == first
    assert len(await told()) == 1


async def test_whoever_pays_and_cancels_at_once_does_one_of_them(db: Any, bank: DemoBank) -> None:
    token = await at_the_code(bank)
    now = clock.now()
    await asyncio.gather(
        demo.cancel(token, now), demo.give_code(token, "123456", now), demo.cancel(token, now)
    )
    assert (await bank.ask("PF-0001")).state in ("paid", "cancelled")
    assert len(await told()) == 1
