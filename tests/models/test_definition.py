"""An activity that somebody describes, without any file: what is wrong with it, its rows, its days."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from models.activities.catalogue import read
from models.activities.definition import openings
from models.activities.definition.checks import Bounds, mistakes
from models.activities.definition.description import Activity, Band, Group, Slot, Tariff
from models.activities.definition.mistake import Unknown
from models.activities.definition.writer import Written, write
from models.activities.opening import Opening
from models.commune.school_year import SchoolYear
from models.commune.till import Till
from models.rules.deadlines import PARIS
from tests.town import settle

FIRST, LAST = date(2025, 9, 1), date(2026, 7, 3)
NOW = datetime(2025, 9, 1, 8, tzinfo=PARIS)
BOUNDS = Bounds(FIRST, LAST, ["caisse"], {"ferry": ["CP", "CE1"], "lilas": ["PS"]})
MEALS = Activity(
    code="cantine",
    name="Restauration scolaire",
    kind="meal",
    billing="prepaid",
    acceptance="automatic",
    enrolment="mairie",
    weekdays=(0, 1, 3, 4),
    on="school_days",
    opens=FIRST,
    closes=LAST,
    groups=(Group("petits", "Petits", schools=("lilas",)), Group("grands", "Grands", levels=("CP", "CE1"), places=2)),
    slots=(Slot("repas", "Repas de midi", 690, 810),),
    book=({"rule": "week_before", "weekday": "thu", "at": "12:00"},),
    cancel=({"rule": "week_before", "weekday": "thu", "at": "12:00"},),
    tariffs=(
        Tariff("brackets", bands=(Band(450, 120), Band(None, 380)), no_quotient=380),
        Tariff("flat", amount=680, category="outside"),
    ),
    till="caisse",
)  # fmt: skip


def test_what_is_well_described_has_no_mistake() -> None:
    assert list(mistakes(MEALS, BOUNDS)) == []


BY_DEFAULT: dict[str, Any] = {"billing": "invoiced", "presence": "default"}
WRONG: list[tuple[dict[str, Any], tuple[str, str]]] = [
    ({"presence": "default"}, ("", "presence")),
    (BY_DEFAULT | {"acceptance": "staff"}, ("", "presence")),
    (BY_DEFAULT | {"cancel": ({"rule": "never"},)}, ("", "presence")),
    ({"till": "loisirs"}, ("", "till")),
    ({"opens": date(2025, 8, 1)}, ("", "opens")),
    ({"opens": LAST, "closes": FIRST}, ("", "closes")),
    ({"groups": (Group("tous", "Tous"), Group("tous", "Tous"))}, ("groups[1]", "code")),
    ({"groups": (Group("tous", "Tous", levels=("CM2",)),)}, ("groups[0]", "levels")),
    ({"weekdays": (0, 2), "book": ({"rule": "x", "for": ["mon"]},)}, ("deadlines", "book")),
    ({"slots": (Slot("repas", "Repas", 690, 690),)}, ("slots[0]", "ends")),
    ({"slots": (Slot("repas", "Repas", 690, 810, care_part=121),)}, ("slots[0]", "care_part")),
    ({"tariffs": ()}, ("slots[0]", "")),
    ({"tariffs": (Tariff("flat", amount=1), Tariff("flat", amount=2))}, ("tariffs[1]", "")),
    ({"tariffs": (Tariff("flat", amount=1, slot="soir"), Tariff("flat", amount=2))}, ("tariffs[0]", "slot")),
    ({"tariffs": (Tariff("brackets"),)}, ("tariffs[0]", "brackets")),
    ({"tariffs": (Tariff("rate", rate="1"),)}, ("tariffs[0]", "max")),
    ({"tariffs": (Tariff("flat", amount=1, child_rank=2, reduction=101),)}, ("tariffs[0]", "reduction")),
]


@pytest.mark.parametrize(("change", "place"), WRONG)
def test_each_mistake_says_where_it_is(change: dict[str, Any], place: tuple[str, str]) -> None:
    found = list(mistakes(replace(MEALS, **change), BOUNDS))
    assert [(one.where, one.key) for one in found] == [place]


def test_all_mistakes_are_told_and_what_could_be_meant() -> None:
    found = list(mistakes(replace(MEALS, till="x", slots=(Slot("repas", "Repas", 1, 1),)), BOUNDS))
    assert [one.key for one in found] == ["till", "ends"]
    assert isinstance(found[0], Unknown) and (found[0].code, found[0].known) == ("x", ("caisse",))


@pytest.fixture
async def year(db: str) -> SchoolYear:
    await settle()
    return await SchoolYear.create(name="2025-2026", starts=FIRST, ends=LAST, weekdays=[0, 1, 3, 4])


async def test_what_is_described_becomes_rows_that_keep_their_ids(year: SchoolYear) -> None:
    till = await Till.create(code="caisse", name="Caisse", bank_label="Caisse")
    written = await write(MEALS, year.id, till.id, 0)
    assert (list(written.slots), list(written.groups)) == (["repas"], ["petits", "grands"])
    before = (await read()).activities[written.id]
    assert (before.name, before.till, before.timetable) == (MEALS.name, till.id, openings.timetable(MEALS))
    assert [(tariff.amount, len(tariff.bands)) for tariff in before.tariffs] == [(None, 2), (680, 0)]
    assert before.deadlines["book"] == before.deadlines["cancel"]
    dearer = (MEALS.tariffs[0], replace(MEALS.tariffs[1], amount=700))
    changed = replace(
        MEALS, name="Cantine", slots=(*MEALS.slots, Slot("soir", "Soir", 990, 1080)), tariffs=dearer
    )
    again = await write(changed, year.id, till.id, 3)
    after = (await read()).activities[again.id]
    assert (again.id, again.groups) == (written.id, written.groups)
    assert again.slots.items() > written.slots.items() and after.name == "Cantine"
    assert after.tariffs[0].id == before.tariffs[0].id
    assert after.tariffs[1].id != before.tariffs[1].id and after.tariffs[1].amount == 700


async def laid_out(said: Activity, written: Written) -> list[openings.Overrun]:
    calendar = (await read()).calendars[(await SchoolYear.get()).id]
    return await openings.lay_out(said, written, calendar, NOW, "member:1")


async def test_its_days_are_laid_out_and_nobody_loses_a_place(year: SchoolYear) -> None:
    till = await Till.create(code="caisse", name="Caisse", bank_label="Caisse")
    written = await write(MEALS, year.id, till.id, 0)
    assert await laid_out(MEALS, written) == []
    monday = Opening.filter(day=date(2025, 9, 8))
    assert {row.group_id: row.places for row in await monday} == {
        written.groups["petits"]: None, written.groups["grands"]: 2,
    }  # fmt: skip
    assert not await Opening.filter(day=date(2025, 9, 10)).exists()  # a Wednesday
    full = await monday.get(group_id=written.groups["grands"])
    assert await Opening.take(full.id) and await Opening.take(full.id)
    fewer = replace(MEALS, weekdays=(0,), groups=(MEALS.groups[0], replace(MEALS.groups[1], places=1)))
    assert await laid_out(fewer, await write(fewer, year.id, till.id, 0)) == [
        openings.Overrun(date(2025, 9, 8), taken=2, places=1)
    ]
    kept = await monday.get(group_id=written.groups["grands"])
    assert (kept.id, kept.taken, kept.overrun, kept.overrun_by) == (full.id, 2, 1, "member:1")
    assert not await Opening.filter(day=date(2025, 9, 9)).exists()
