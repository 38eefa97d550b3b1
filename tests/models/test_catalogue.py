"""What the catalogue says of one commune: deadlines, openings to the families, school days."""

import tomllib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from models.activities.catalogue import ActivityFacts, Catalogue, current_catalogue
from models.commune_file import load, parse, shipped
from models.rules.deadlines import paris

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def known(name: str, change: Callable[[dict[str, Any]], object]) -> Catalogue:
    content = tomllib.loads(shipped(name).read_text(encoding="utf-8"))
    change(content)
    await load(parse(content, f"{name}.toml"), demo=True)
    return await current_catalogue()


def named(commune: Catalogue, code: str) -> ActivityFacts:
    return next(activity for activity in commune.activities.values() if activity.code == code)


async def test_who_lives_elsewhere_books_from_the_same_hour_whatever_the_clocks_did(db: str) -> None:
    def summer(content: dict[str, Any]) -> None:
        content["activities"][0] |= {
            "visible_from": paris(date(2019, 3, 26), 8 * 60),
            "residents_first_days": 7,
        }

    activity = named(await known("lens", summer), "garderie")
    assert activity.visible_at("outside") == paris(date(2019, 4, 2), 8 * 60)
    assert activity.visible_at(None) == paris(date(2019, 3, 26), 8 * 60)


def school_days_before(year: list[str] | None = None, school: list[str] | None = None) -> Callable[..., None]:
    """Meals until two school days before, at ten; the weekdays of the year, and those of the elementary school."""

    def change(content: dict[str, Any]) -> None:
        rule = {"rule": "days_before", "days": 2, "at": "10:00", "count": "school"}
        content["activities"][0]["deadlines"] = {"book": [rule]}
        if year:
            content["school_year"]["weekdays"] = year
        if school:
            content["schools"][1]["weekdays"] = school

    return change


FOUR, FIVE = ["mon", "tue", "thu", "fri"], ["mon", "tue", "wed", "thu", "fri"]


@pytest.mark.parametrize(
    ("year", "school", "monday_in", "tuesday_in"),
    [
        pytest.param(None, None, "lilas", "", id="four days, when nothing is said"),
        pytest.param(FOUR, FIVE, "lilas", "ferry", id="a school that has Wednesdays of its own"),
        pytest.param(FIVE, FOUR, "ferry", "lilas", id="a school that has none"),
    ],
)
async def test_two_school_days_before_a_thursday(
    db: str, year: list[str] | None, school: list[str] | None, monday_in: str, tuesday_in: str
) -> None:
    commune = await known("demo", school_days_before(year, school))
    (slot,) = named(commune, "cantine").slots
    closes = {code: commune.closes(slot.id, "book", date(2025, 9, 11), code) for code in ("lilas", "ferry")}
    assert closes[monday_in] == paris(date(2025, 9, 8), 10 * 60)
    if tuesday_in:
        assert closes[tuesday_in] == paris(date(2025, 9, 9), 10 * 60)


async def test_school_days_are_less_the_days_that_the_child_s_own_school_is_closed(db: str) -> None:
    def works(content: dict[str, Any]) -> None:
        school_days_before(FIVE)(content)
        closed = {"from": date(2025, 9, 9), "to": date(2025, 9, 9), "reason": "Travaux", "schools": ["lilas"]}
        content["school_year"]["closures"] = [closed]

    commune = await known("demo", works)
    (slot,) = named(commune, "cantine").slots
    closes = {code: commune.closes(slot.id, "book", date(2025, 9, 11), code) for code in ("lilas", "ferry")}
    assert {code: moment.day for code, moment in closes.items()} == {"lilas": 8, "ferry": 9}
