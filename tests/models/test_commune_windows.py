"""What a commune file says of periods and of bookings for good: what it refuses, and what comes back."""

import tomllib
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import tomli_w

from models.activities.definition import codec, next_year
from models.activities.definition.checks import Bounds
from models.commune_file import WrongFile, export, load, parse
from models.rules.deadlines import NEVER
from tests.engines import ON_SQLITE
from tests.models.test_commune_file import parse_changed
from tests.models.test_commune_loading import changed

Change = Callable[[dict[str, Any]], object]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def period(**values: Any) -> dict[str, Any]:
    """The last week of autumn's holidays, booked in the first days of October."""
    said = {
        "from": date(2025, 10, 27),
        "to": date(2025, 10, 31),
        "opens": at("2025-10-01T08:00"),
        "closes": at("2025-10-12T23:59"),
    }
    return said | values


def holidays(*windows: dict[str, Any], **values: Any) -> Change:
    def change(data: dict[str, Any]) -> None:
        found = next(one for one in data["activities"] if one["code"] == "vacances")
        found.update({"windows": list(windows)} | values)

    return change


NEXT = period(**{"from": date(2025, 10, 31), "to": date(2025, 11, 2)})
WRONG: list[tuple[Change, str]] = [
    (holidays(period(to=date(2025, 10, 26))), "windows[0]: « to » attendu le jour de « from » ou après"),
    (holidays(period(closes=at("2025-10-01T08:00"))), "windows[0]: « closes » attendu après « opens »"),
    (
        holidays(period(closes=at("2025-11-01T00:00"))),
        "windows[0]: « closes » attendu le jour de « to » ou avant",
    ),
    (holidays(period(), NEXT), "windows[1]: « from » attendu hors de windows[0] : un jour est dans les deux"),
    (
        holidays(period(opens=date(2025, 10, 1))),
        "windows[0]: « opens » attendu, une date et une heure AAAA-MM-JJTHH:MM:SS",
    ),
    (holidays({"from": date(2025, 10, 27)}), "windows[0]: « to » attendu, une date"),
    (holidays(period(until="midi")), "« until » n’est pas une clé connue"),
    (
        holidays(deadlines={"book": [{"rule": "hours_before", "hours": 1}], "cancel": "jamais"}),
        "« cancel » attendu, une liste de tables",
    ),
    (
        holidays(
            deadlines={"book": [{"rule": "hours_before", "hours": 1, "for": ["mon"]}], "cancel": "never"}
        ),
        "« book » aucune limite pour « tue »",
    ),
    (
        holidays(deadlines={"book": [{"rule": "never"}]}),
        "« rule » attendu parmi days_before",
    ),
    (
        holidays(
            late_cancel="allowed",
            deadlines={"book": [{"rule": "hours_before", "hours": 1}], "cancel": "never"},
        ),
        "« late_cancel » attendu « refused », quand ce qui est réservé ne s’annule pas",
    ),
]


@pytest.mark.parametrize(("change", "message"), WRONG)
def test_a_mistake_is_told_with_its_key(change: Change, message: str) -> None:
    with pytest.raises(WrongFile) as error:
        parse_changed("demo", change)
    assert message in str(error.value).replace("\u00a0", " ")


@ON_SQLITE
async def test_what_is_said_comes_back(db: str) -> None:
    """Two periods, and what is booked is booked: file, rows, file; as JSON, and for the year after."""
    winter = period(
        **{"from": date(2026, 2, 9), "to": date(2026, 2, 20)},
        opens=at("2026-01-05T00:00"),
        closes=at("2026-01-31T12:00"),
    )
    rules = {"book": [{"rule": "days_before", "days": 2, "at": "12:00"}], "cancel": "never"}
    document = changed("demo", holidays(period(), winter, deadlines=rules))
    said = next(one for one in document.activities if one.code == "vacances")
    assert said.keeps_booked and said.cancel == (NEVER,) and len(said.windows) == 2
    await load(document, demo=True)
    written = await export()
    told = next(one for one in written["activities"] if one["code"] == "vacances")
    assert told["deadlines"]["cancel"] == "never" and told["windows"] == [period(), winter]
    again = parse(tomllib.loads(tomli_w.dumps(written)), "export.toml")
    assert again == document
    assert not (await load(again, demo=True)).new.total()

    assert codec.decode(codec.encode(said)) == said
    year = Bounds(document.year.starts, document.year.ends, (), {})
    later = next_year.moved(said, year, Bounds(date(2026, 9, 1), date(2027, 7, 2), (), {}))
    assert later.keeps_booked and later.windows[0].start == date(2026, 10, 27)
    assert later.windows[0].closes.isoformat() == "2026-10-12T23:59:00+02:00"
