"""What a bank's file says, what is wrong with it, and which awaited sum a line is likely to be."""

from datetime import date

import pytest

from models.rules.files.csv_table import TableFlaw
from models.rules.files.mistakes import Mistake, WrongFile
from models.rules.till import bank_file, reconciling
from models.rules.till.bank_file import Flaw
from models.rules.till.reconciling import Awaited, Line

TODAY = date(2025, 11, 10)
NOVEMBER_3 = date(2025, 11, 3)


def credits(content: str, encoding: str = "utf-8") -> list[tuple[date, str, int]]:
    found = bank_file.read(content.encode(encoding), TODAY).credits
    return [(one.day, one.label, one.cents) for one in found]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize(
    "content",
    [
        "03/11/2025;Virement Éloi;12,50",
        "Date;Libellé;Montant\n03/11/2025;Virement Éloi;12,50\n",
        "Date,Libellé,Montant\r\n2025-11-03,Virement Éloi,12.50\r\n",
        '03/11/25,"Virement  Éloi","12,50 €"',
        "\n3.11.2025 ; Virement Éloi ; +12,5\n;;\n",
        "Montant;Date;Libellé\n12,50;03-11-2025;Virement Éloi",
    ],
)
def test_what_banks_write_is_read(content: str, encoding: str) -> None:
    assert credits(content, encoding) == [(NOVEMBER_3, "Virement Éloi", 1250)]


def test_what_leaves_the_account_is_counted_apart() -> None:
    read = bank_file.read(b"03/11/2025;A;-5,00\n03/11/2025;B;1\xa0200,00 \x80\n", TODAY)
    assert read.debits == 1 and [one.cents for one in read.credits] == [120000]


@pytest.mark.parametrize(
    ("content", "mistakes"),
    [
        (b"", [Mistake(1, Flaw.EMPTY)]),
        (b"Date;Label;Montant", [Mistake(1, Flaw.EMPTY)]),
        (b"\0\1", [Mistake(1, TableFlaw.TABLE)]),
        (b'03/11/2025;"A;1\n', [Mistake(1, TableFlaw.TABLE)]),
        (b"03/11/2025;A", [Mistake(1, Flaw.COLUMNS)]),
        (b"31/02/2025;A;much", [Mistake(1, Flaw.DAY, "31/02/2025")]),
        (
            b"03/11/2025;A;1\n31/02/2025;A;1\n11/11/2025;A;1\n03/11/2025;;1\n03/11/2025;A;much\n03/11/2025;A;0",
            [
                Mistake(2, Flaw.DAY, "31/02/2025"),
                Mistake(3, Flaw.FUTURE, "11/11/2025"),
                Mistake(4, Flaw.LABEL),
                Mistake(5, Flaw.SUM, "much"),
                Mistake(6, Flaw.SUM, "0"),
            ],
        ),
    ],
)
def test_each_bad_line_is_named(content: bytes, mistakes: list[Mistake]) -> None:
    with pytest.raises(WrongFile) as refused:
        bank_file.read(content, TODAY)
    assert refused.value.mistakes == mistakes


def test_two_lines_alike_are_two_in_every_file() -> None:
    once = bank_file.read(b"03/11/2025;A;1", TODAY).credits
    twice = bank_file.read(
        b"Date;Label;Montant\n2025-11-03;A;1,00\n02/11/2025;B;1\n03/11/2025;A;1", TODAY
    ).credits
    assert twice[0].key == once[0].key and len({one.key for one in twice}) == 3


def line(id: int, day: int, label: str = "REMISE", cents: int = 500) -> Line:
    return Line(id, date(2025, 11, day), label, cents)


def waits(key: str, day: int, *words: str, cents: int = 500) -> Awaited:
    return Awaited(key, date(2025, 11, day), cents, words)


@pytest.mark.parametrize(
    ("lines", "awaited", "proposed"),
    [
        ([line(1, 5)], [waits("a", 3)], {1: "a"}),
        ([line(1, 5, cents=501)], [waits("a", 3)], {}),
        ([line(1, 5), line(2, 6)], [waits("a", 3)], {1: "a"}),
        ([line(1, 5)], [waits("a", 3), waits("b", 4)], {1: "b"}),
        ([line(1, 5, "VIR NGUYEN LINH")], [waits("a", 3, "Linh Nguyễn"), waits("b", 5)], {1: "a"}),
        ([line(1, 5, "VIR DE LE")], [waits("a", 3, "Le Goff"), waits("b", 5)], {1: "b"}),
        ([line(1, 1), line(2, 9)], [waits("a", 8), waits("b", 2)], {1: "b", 2: "a"}),
        ([Line(1, date(2025, 12, 20), "REMISE", 500)], [waits("a", 3)], {}),
    ],
)
def test_a_line_is_proposed_for_what_it_most_likely_is(
    lines: list[Line], awaited: list[Awaited], proposed: dict[int, str]
) -> None:
    assert reconciling.propose(lines, awaited) == proposed
