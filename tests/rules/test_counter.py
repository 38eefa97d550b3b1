"""What a till's counter does with the money it is given, on which day it counts, which reminder comes next."""

from datetime import date

import pytest

from models.rules.states.payments import PaymentMethod
from models.rules.till import counter, reminders
from models.rules.till.counter import NothingGiven, Shares, TooMuch

CASH, CHEQUE = PaymentMethod.CASH, PaymentMethod.CHEQUE
FRIDAY, SATURDAY, MONDAY = date(2026, 5, 8), date(2026, 5, 9), date(2026, 5, 11)  # Friday is a public holiday


@pytest.mark.parametrize(
    ("given", "due", "method", "keep", "shares"),
    [
        (3400, (1800, 1600), CASH, False, Shares((1800, 1600), 0, 0)),
        (4000, (1800, 1600), CASH, False, Shares((1800, 1600), 0, 600)),
        (4000, (1800, 1600), CASH, True, Shares((1800, 1600), 600, 0)),
        (4000, (1800, 1600), CHEQUE, True, Shares((1800, 1600), 600, 0)),
        (2000, (1800, 1600), CHEQUE, False, Shares((1800, 200), 0, 0)),
        (1, (1800, 1600), CASH, False, Shares((1, 0), 0, 0)),
        (500, (), CASH, True, Shares((), 500, 0)),
    ],
)
def test_the_oldest_sum_is_paid_first(
    given: int, due: tuple[int, ...], method: PaymentMethod, keep: bool, shares: Shares
) -> None:
    assert counter.share_out(given, due, method, keep=keep) == shares
    assert shares.kept + shares.change == given


def test_only_cash_gives_change() -> None:
    for method in (CHEQUE, PaymentMethod.CESU, PaymentMethod.CARD, PaymentMethod.TRANSFER):
        with pytest.raises(TooMuch) as refused:
            counter.share_out(1001, (1000,), method, keep=False)
        assert refused.value.over == 1


@pytest.mark.parametrize(("given", "due"), [(0, (100,)), (500, ()), (-5, (100,))])
def test_nothing_is_no_taking(given: int, due: tuple[int, ...]) -> None:
    with pytest.raises(NothingGiven):
        counter.share_out(given, due, CASH, keep=False)


@pytest.mark.parametrize(
    ("today", "closed", "day"),
    [
        (FRIDAY, set(), FRIDAY),  # somebody is there, whatever the calendar says
        (SATURDAY, set(), SATURDAY),
        (date(2026, 5, 7), {date(2026, 5, 7)}, MONDAY),
        (SATURDAY, {SATURDAY}, MONDAY),
        (MONDAY, {MONDAY, date(2026, 5, 12)}, date(2026, 5, 13)),
    ],
)
def test_a_closed_day_gives_way_to_the_next_working_one(today: date, closed: set[date], day: date) -> None:
    assert counter.day_of_till(today, closed, {FRIDAY}) == day


def test_coins_are_counted() -> None:
    assert counter.counted(((5000, 1), (20, 3), (1, 4))) == 5064


def test_levels_rise_to_the_last_with_a_pause_between() -> None:
    assert [reminders.next_level(before) for before in ((), (1,), (2, 1), (3,))] == [1, 2, 3, 3]
    assert reminders.pay_by(3, MONDAY) == date(2026, 5, 19)
    assert not reminders.too_soon(None, MONDAY) and not reminders.too_soon(date(2026, 5, 1), MONDAY)
    assert reminders.too_soon(date(2026, 5, 2), MONDAY)
