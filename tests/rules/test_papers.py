"""A paper whose sums do not agree cannot be made."""

from dataclasses import replace
from datetime import date

import pytest

from models.rules.papers import Cash, Cheque, InvoiceLine, MeansTotal, under_six
from tests.documents import samples


def test_a_line_is_quantity_times_price_less_the_aid() -> None:
    with pytest.raises(ValueError, match="5 × 240 − 100 is not 1200"):
        replace(samples.CANTEEN, cents=1200)
    assert samples.CANTEEN.cents == 1100


def test_what_is_to_pay_is_the_lines_with_balance_and_credits() -> None:
    assert samples.INVOICE.cents == 1200 + 480 + 1100
    assert samples.INVOICE.to_pay_cents == 2780 - 328
    assert samples.NOTHING_DUE.to_pay_cents == 2780 - 5000


def test_a_credit_note_gives_something_back() -> None:
    assert samples.CREDIT_NOTE.cents == -240
    with pytest.raises(ValueError, match="gives nothing back"):
        replace(samples.CREDIT_NOTE, lines=samples.INVOICE.lines)


def test_change_is_what_was_handed_over_less_what_was_due() -> None:
    assert samples.RECEIPT.cents == 3471
    assert samples.RECEIPT.change_cents == 529
    assert replace(samples.RECEIPT, tendered_cents=None).change_cents == 0
    with pytest.raises(ValueError, match="3000 handed over for 3471"):
        replace(samples.RECEIPT, tendered_cents=3000)
    with pytest.raises(ValueError, match="a receipt of 0 cents"):
        replace(samples.RECEIPT, settled=())


@pytest.mark.parametrize(
    ("born_on", "year", "is_under"),
    [
        (date(2020, 1, 1), 2026, False),  # six that very day
        (date(2020, 1, 2), 2026, True),
        (date(2019, 12, 31), 2026, False),
        (date(2026, 6, 1), 2026, True),  # born in the year
        (date(2020, 2, 29), 2026, True),
    ],
)
def test_a_child_is_certified_when_under_six_on_1_january(born_on: date, year: int, is_under: bool) -> None:
    assert under_six(born_on, year) is is_under
    child = replace(samples.CERTIFICATE.children[0], born_on=born_on)
    if is_under:
        replace(samples.CERTIFICATE, children=(child,))
    else:
        with pytest.raises(ValueError, match="not under six"):
            replace(samples.CERTIFICATE, children=(child,))


def test_a_child_born_after_the_year_has_no_certificate() -> None:
    child = replace(samples.CERTIFICATE.children[0], born_on=date(2027, 1, 1))
    with pytest.raises(ValueError, match="not under six"):
        replace(samples.CERTIFICATE, children=(child,))


def test_a_certificate_adds_up_children_and_activities() -> None:
    assert [child.cents for child in samples.CERTIFICATE.children] == [45730, 8000]
    assert samples.CERTIFICATE.cents == 53730


def test_a_statement_runs_from_its_opening_to_its_closing_balance() -> None:
    assert [balance for _, balance in samples.STATEMENT.running()] == [1460, 0, -328, 2452]
    assert samples.STATEMENT.closing_cents == 2452


def test_a_list_of_cheques_or_coins_makes_up_its_total() -> None:
    cheques = (Cheque("1", "CA", "LEROY", 1610), Cheque("2", "CA", "BENALI", 2440))
    assert MeansTotal("Chèques", 2, 4050, cheques=cheques).cents == 4050
    with pytest.raises(ValueError, match="4050 cents are listed of 4051"):
        MeansTotal("Chèques", 2, 4051, cheques=cheques)
    with pytest.raises(ValueError, match="5000 cents are listed of 5010"):
        MeansTotal("Espèces", 1, 5010, cash=(Cash(5000, 1),))
    assert samples.DEPOSIT.cents == 8070 + 4050 + 6000


@pytest.mark.parametrize("level", [0, 4])
def test_a_reminder_has_three_levels(level: int) -> None:
    with pytest.raises(ValueError, match=f"level {level}"):
        replace(samples.REMINDERS[0], level=level)


def test_an_address_has_one_to_six_lines() -> None:
    with pytest.raises(ValueError, match="7 lines of address"):
        replace(samples.FAR_AWAY, lines=("x",) * 7)
    with pytest.raises(ValueError, match="0 lines of address"):
        replace(samples.FAR_AWAY, lines=())


def test_a_line_may_go_down() -> None:
    line = InvoiceLine("Emma", "Régularisation", date(2026, 9, 1), date(2026, 9, 30), -3, 250, -750)
    assert replace(samples.INVOICE, lines=(line,)).cents == -750
