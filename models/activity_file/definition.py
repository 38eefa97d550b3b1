"""All that a screen may change of an activity: what it is, and the days on which it alone is closed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from models.activities.activity import Activity as ActivityRow
from models.activities.definition import codec, reader
from models.activities.definition.checks import Bounds, mistakes
from models.activities.definition.description import Activity
from models.activities.definition.mistake import Mistake
from models.commune.commune import Commune
from models.commune.school import School
from models.commune.school_calendar import school_calendar, subdivision_of
from models.commune.school_year import Closure, SchoolYear
from models.commune.till import Till
from models.rules.calendar import SchoolCalendar


@dataclass(frozen=True, slots=True, order=True)
class OwnClosure:
    """Days without this activity, both ends included; the others of the commune go on."""

    start: date
    end: date
    reason: str


@dataclass(frozen=True, slots=True)
class Definition:
    said: Activity
    closures: tuple[OwnClosure, ...] = ()

    @property
    def mark(self) -> str:
        """The same as long as nothing of it changed."""
        return codec.mark(self.encoded)

    @property
    def encoded(self) -> dict[str, Any]:
        closures = [
            {name: str(value) for name, value in asdict(closure).items()} for closure in self.closures
        ]
        return codec.encode(self.said) | {"closures": closures}


async def read(activity: int) -> Definition:
    """Raises DoesNotExist."""
    row = await ActivityRow.get(id=activity)
    own, _ = await _closures(row.year_id, row.code)
    found = tuple(sorted(OwnClosure(one.start, one.end, one.reason) for one in own))
    return Definition(await reader.describe(activity), found)


def flaws(said: Activity, bounds: Bounds) -> list[Mistake]:
    """What a commune file could not leave out; else what is wrong with it, in its words."""
    unnamed = [] if said.name else [Mistake("", "code", "attendu")]
    missing = [] if said.slots else [Mistake("slots", "", "attendu\u00a0: au moins un créneau")]
    return unnamed + missing or list(mistakes(said, bounds))


async def bounds_of(year: SchoolYear) -> Bounds:
    """What an activity of this year may name."""
    tills = await Till.filter(implicit=False).order_by("position").values_list("code", flat=True)
    schools = {row.code: row.levels for row in await School.all().order_by("position")}
    return Bounds(year.starts, year.ends, [str(code) for code in tills], schools)


async def calendar_of(
    definition: Definition, year: SchoolYear, more: Sequence[Closure] = ()
) -> SchoolCalendar:
    """The days of the year as they would be with these closures of the activity, and `more` of the commune."""
    _, others = await _closures(year.id, definition.said.code)
    own = closure_rows(definition, year)
    commune = await Commune.get()
    closures = sorted([*others, *own, *more], key=lambda closure: closure.start)
    schools = await School.all()
    return school_calendar(commune.zone, year, closures, subdivision_of(commune.insee), schools)


def closure_rows(definition: Definition, year: SchoolYear) -> list[Closure]:
    return [
        Closure(
            year_id=year.id,
            start=one.start,
            end=one.end,
            reason=one.reason,
            activities=[definition.said.code],
        )
        for one in definition.closures
    ]


async def write_closures(definition: Definition, year: SchoolYear) -> None:
    own, _ = await _closures(year.id, definition.said.code)
    kept = {OwnClosure(row.start, row.end, row.reason) for row in own}
    if kept == set(definition.closures):
        return
    await Closure.filter(id__in=[row.id for row in own]).delete()
    await Closure.bulk_create(closure_rows(definition, year))


async def _closures(year: int, code: str) -> tuple[Sequence[Closure], Sequence[Closure]]:
    """Of this activity alone, and all the others of the year."""
    rows = await Closure.filter(year_id=year).order_by("start", "id")
    own = [row for row in rows if row.activities == [code] and row.schools is None]
    return own, [row for row in rows if row not in own]
