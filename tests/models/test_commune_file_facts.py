"""What a commune file means, once it is read."""

import copy
import tomllib
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from models.commune_file import Document, parse, read, shift_to_year, shipped
from models.rules.deadlines import PARIS

ALL = ["lens", "lutins", "lezignan", "alixan", "demo"]
Change = Callable[[dict[str, Any]], object]


def content(name: str) -> dict[str, Any]:
    return tomllib.loads(shipped(name).read_text(encoding="utf-8"))


def parse_changed(name: str, change: Change) -> Document:
    data = content(name)
    change(data)
    return parse(data, f"{name}.toml")


def test_a_paid_membership_enrols_the_child() -> None:
    document = parse_changed(
        "alixan", lambda data: data["families"][0]["children"][0].update(members=["cantine"])
    )
    assert document.families[0].children[0].activities == ("garderie", "cantine")


def test_visible_from_keeps_its_hour_and_unbooked_its_writing() -> None:
    document = read(shipped("demo"))
    assert document.activity("vacances").visible_from == datetime(2025, 9, 1, 8, tzinfo=PARIS)
    assert document.activity("vacances").residents_first_days == 7
    assert [tariff.unbooked for tariff in document.activity("cantine").tariffs] == ["+50%", "1000", None]


def test_school_has_four_days_unless_the_file_says_otherwise() -> None:
    assert read(shipped("lens")).year.weekdays == (0, 1, 3, 4)
    assert {school.weekdays for school in read(shipped("lens")).schools} == {None}

    def own(data: dict[str, Any]) -> None:
        data["school_year"]["weekdays"] = ["fri", "mon"]
        data["schools"][0]["weekdays"] = ["mon", "tue", "wed", "thu", "fri"]

    document = parse_changed("lens", own)
    assert document.year.weekdays == (0, 4)
    assert document.schools[0].weekdays == (0, 1, 2, 3, 4)


# Years


@pytest.mark.parametrize(
    ("today", "name", "starts"),
    [
        (date(2026, 6, 30), "2025-2026", date(2025, 9, 1)),
        (date(2026, 7, 1), "2026-2027", date(2026, 9, 1)),
        (date(2027, 1, 15), "2026-2027", date(2026, 9, 1)),
        (date(2031, 11, 2), "2031-2032", date(2031, 9, 1)),
    ],
)
def test_the_demo_moves_to_the_school_year_of_today(today: date, name: str, starts: date) -> None:
    year = shift_to_year(read(shipped("demo")), today).year
    assert (year.name, year.starts) == (name, starts)


def test_everything_dated_moves_with_it() -> None:
    moved = shift_to_year(read(shipped("demo")), date(2026, 9, 1))
    nguyen = moved.families[3].invoices[0]
    assert (nguyen.on, nguyen.lines[0].label) == (date(2026, 5, 31), "Accueil du soir, mai 2026")
    assert moved.families[0].children[1].born == date(2021, 2, 28)
    assert moved.families[1].quotients[1].start == date(2027, 1, 1)
    assert moved.families[1].opening[0].on == date(2026, 8, 25)
    assert moved.year.closures[0].start == date(2026, 11, 18)
    assert moved.activity("vacances").visible_from == datetime(2026, 9, 1, 8, tzinfo=PARIS)


def test_parsing_leaves_the_content_as_it_was() -> None:
    data = content("demo")
    before = copy.deepcopy(data)
    parse(data, "demo.toml")
    assert data == before
