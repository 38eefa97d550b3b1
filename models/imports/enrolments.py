"""Enrolments: a child by its names and birth, an activity by its name, from a day to another."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from models.activities.catalogue import ActivityFacts, Catalogue, current_catalogue
from models.families.child import Schooling
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.family_file import checks, enrolling, seats
from models.family_file.checks import CannotEnrol
from models.family_file.enrolling import Dates, Place
from models.family_imports.family_import import FamilyImport, ImportLine
from models.family_imports.undoing import leaned_on
from models.imports.kind import Kind, Lines, Work, Written, twice, wrong
from models.imports.people import CHILD, NUMBER, Child, People
from models.rules.booking import LIVE
from models.rules.imports.register import Did
from models.rules.imports.table import Column, Flaw, Outcome, WrongLine, day_of, needed, word
from models.storage.database import as_date, rows, sql_list
from models.work.audit_log import Event

REFUSED = {"group": Flaw.GROUP, "membership": Flaw.MEMBERSHIP, "tariff": Flaw.TARIFF, "over": Flaw.OUTSIDE}
Key = tuple[int, int, int]  # child, family, activity


@dataclass(frozen=True, slots=True)
class NewEnrolment:
    place: Place
    dates: Dates
    before: Enrolment | None

    @property
    def key(self) -> Key:
        return self.place.child, self.place.family, self.place.activity.id


class Enrolments(Kind[NewEnrolment]):
    code = "enrolments"
    most = 1000
    columns = (
        *(replace(column, needed=True) for column in CHILD),
        Column("activity", ("activite", "service", "accueil", "prestation"), needed=True),
        Column("start", ("du", "debut", "date de debut", "a partir du", "date d entree"), needed=True),
        Column("end", ("au", "fin", "date de fin", "jusqu au", "date de sortie")),
        NUMBER,
    )

    async def compare(self, file: FamilyImport, lines: Lines, today: date) -> list[Outcome[NewEnrolment]]:
        known = await _Known.of(file)
        found, seen = list[Outcome[NewEnrolment]](), set[Key]()
        for line, said in lines:
            try:
                child = known.people.child(said)
                one = known.read(child, said)
            except WrongLine as flaw:
                found.append(
                    wrong(line, flaw, who=f"{said.get('child_first', '')} {said.get('child_last', '')}")
                )
                continue
            found.append(twice(line, child.name) if one.key in seen else known.beside(line, child.name, one))
            seen.add(one.key)
        return found

    async def write(self, outcomes: Sequence[Outcome[NewEnrolment]], work: Work) -> list[Written]:
        written = []
        for outcome in outcomes:
            one = outcome.row
            await enrolling.write(one.place, one.before, one.dates, work.actor, work.now)
            child, family, activity = one.key
            row = await Enrolment.get(child_id=child, family_id=family, activity_id=activity)
            written.append(Written("enrolment", f"enrolment:{row.id}"))
        return written

    async def undo(self, lines: Sequence[ImportLine], work: Work) -> set[int]:
        """As it was; one that days are booked in by now, or that is another one, stays."""
        kept = set[int]()
        for line in lines:
            row = await Enrolment.get_or_none(id=int(line.subject.partition(":")[2]))
            if row is None or not await _take_back(row, line):
                kept.add(line.id)
                continue
            await Event.note(
                work.now, work.actor, "enrolment.ended", f"child:{row.child_id}", row.family_id,
                activity=row.activity_id, name=line.after["activity"],
                before=_dates(line.after), after=_dates(line.before),
            )  # fmt: skip
        return kept

    async def after(self, families: Sequence[int], now: datetime) -> None:
        """Who waits for a place that is free now gets it."""
        await seats.seat_waiting(now)


class _Known:
    def __init__(self, people: People, catalogue: Catalogue, file: FamilyImport) -> None:
        self.people, self._catalogue = people, catalogue
        self._activities: defaultdict[str, list[ActivityFacts]] = defaultdict(list)
        for one in catalogue.activities.values():
            if one.year == file.year_id:
                for name in {word(one.name), word(one.code)}:
                    self._activities[name].append(one)
        self._classes: Mapping[tuple[int, int], tuple[str | None, int | None]] = {}
        self._categories: Mapping[int, str | None] = {}
        self._there: Mapping[Key, Enrolment] = {}
        self._booked: Mapping[int, tuple[date, date]] = {}

    @classmethod
    async def of(cls, file: FamilyImport) -> "_Known":
        """Six questions, however many lines."""
        made = cls(await People.all(), await current_catalogue(), file)
        made._classes = {
            (row.child_id, row.year_id): (row.level, row.school_id)
            for row in await Schooling.filter(year_id=file.year_id)
        }
        made._categories = {row.id: row.category for row in await Family.all().only("id", "category")}
        made._there = {(row.child_id, row.family_id, row.activity_id): row for row in await Enrolment.all()}
        made._booked = {
            row["enrolment_id"]: (as_date(row["first"]), as_date(row["last"])) for row in await rows(_BOOKED)
        }
        return made

    def read(self, child: Child, said: Mapping[str, str]) -> NewEnrolment:
        """Raises WrongLine."""
        activity = self._activity(needed(said, "activity"))
        family = self._home(child, said.get("number", ""))
        dates = _within(activity, day_of(needed(said, "start")), said.get("end", ""))
        before = self._there.get((child.id, family, activity.id))
        category = before.category if before else None
        level, school = self._classes.get((child.id, activity.year), (None, None))
        try:
            group = checks.group_of(
                self._catalogue, activity, level, school, category or self._categories.get(family)
            )
        except CannotEnrol as refused:
            raise WrongLine(REFUSED[refused.why], activity.name) from None
        return NewEnrolment(Place(child.id, family, activity, group.id, category), dates, before)

    def beside(self, line: int, name: str, one: NewEnrolment) -> Outcome[NewEnrolment]:
        old, family = one.before, one.place.family
        if old and (old.start, old.end) == (one.dates.start, one.dates.end):
            return Outcome(line, Did.SAME, name, family)
        first, last = self._booked.get(old.id, (one.dates.start, one.dates.end)) if old else (None, None)
        if first and last and not (one.dates.start <= first and last <= one.dates.end):
            outside = last if last > one.dates.end else first
            return Outcome(line, Did.WRONG, name, family, flaw=Flaw.BOOKED, said=f"{outside:%d/%m/%Y}")
        activity = {"activity": one.place.activity.name}
        before = activity | Dates(old.start, old.end).told if old else {}
        did = Did.CHANGED if old else Did.CREATED
        return Outcome(line, did, name, family, before, activity | one.dates.told, one)

    def _activity(self, said: str) -> ActivityFacts:
        found = self._activities.get(word(said), [])
        if len(found) != 1:
            raise WrongLine(Flaw.ACTIVITY, said)
        return found[0]

    def _home(self, child: Child, number: str) -> int:
        if number:
            family = self.people.numbered(number)
            if family not in child.homes:
                raise WrongLine(Flaw.FAMILY, number)
            return family
        if len(child.homes) != 1:
            raise WrongLine(Flaw.SEVERAL, child.name)
        return child.homes[0]


def _within(activity: ActivityFacts, start: date, typed: str) -> Dates:
    """As the activity lasts at most. Raises WrongLine."""
    opens, closes = activity.timetable.opens, activity.timetable.closes
    end = day_of(typed) if typed else closes
    if end < start:
        raise WrongLine(Flaw.BACKWARDS, typed)
    if start > closes or end < opens:
        raise WrongLine(Flaw.OUTSIDE, activity.name)
    return Dates(max(start, opens), min(end, closes))


async def _take_back(row: Enrolment, line: ImportLine) -> bool:
    """False: it is another one by now, or something leans on what would go."""
    if Dates(row.start, row.end).told != _dates(line.after):
        return False
    if not line.before:
        if await leaned_on(Enrolment, [row.id]):
            return False
        await row.delete()
        return True
    start, end = (date.fromisoformat(line.before[name]) for name in ("start", "end"))
    if await rows(_OUTSIDE, [row.id, start, end]):
        return False
    await Enrolment.filter(id=row.id).update(start=start, end=end)
    return True


def _dates(said: Mapping[str, str]) -> dict[str, str]:
    return {name: said[name] for name in ("start", "end") if name in said}


_BOOKED = f"""
SELECT enrolment_id, MIN(day) AS first, MAX(day) AS last FROM booking WHERE state IN {sql_list(LIVE)}
GROUP BY enrolment_id
"""  # noqa: S608
_OUTSIDE = f"""
SELECT id FROM booking WHERE enrolment_id = ? AND (day < ? OR day > ?) AND state IN {sql_list(LIVE)} LIMIT 1
"""  # noqa: S608
