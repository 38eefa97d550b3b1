"""The planning: rows and days of one child, or of one activity for all the children, over a month or some weeks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from models.activities.catalogue import ActivityFacts, Catalogue, SlotFacts
from models.families.household import ChildFacts, Household
from models.planning.cell import Cell
from models.planning.draft import Draft
from models.planning.facts import PlanningFacts
from models.rules.calendar import Kind, View, days, period
from models.rules.deadlines import is_open, utc

FRIDAY = 4


class NotHere(LookupError):
    """No such child or activity in this family."""


@dataclass(frozen=True, slots=True)
class Week:
    """The shown days of one week. `closes`: the next of its deadlines; None when all are over."""

    number: int
    days: tuple[date, ...]
    closes: datetime | None
    open: bool  # does any day of the week belong to an activity at all?
    whose: tuple[str, ...] = ()  # the activities whose deadline it is, where others have another one
    opens: datetime | None = None  # when booking begins, if it has for none of its days


@dataclass(frozen=True, slots=True)
class Row:
    """One slot of one child."""

    child: ChildFacts
    slot: SlotFacts
    activity: ActivityFacts
    weeks: tuple[tuple[Cell, ...], ...]

    @property
    def key(self) -> str:
        return f"{self.child.id}-{self.slot.id}"

    @property
    def cells(self) -> list[Cell]:
        return [cell for week in self.weeks for cell in week]

    @property
    def total(self) -> int:
        return sum([cell.counts for week in self.weeks for cell in week])

    @property
    def operable(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.shown.operable and not cell.shown.locked]

    @property
    def all_ticked(self) -> str:
        """`true`, `false` or `mixed`: the head of the row."""
        ticked = {cell.shown.ticked for cell in self.operable}
        return "mixed" if len(ticked) == 2 else "true" if ticked == {True} else "false"

    @property
    def unit(self) -> Cell | None:
        """A cell whose price stands for the row: the first that is open."""
        meant = [cell for cell in self.cells if cell.shown.state not in ("never", "closed", "holiday")]
        return meant[0] if meant else None


@dataclass(frozen=True, slots=True)
class Band:
    """The rows of one activity (or, in the other axis, of one of its slots)."""

    activity: ActivityFacts
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Planning:
    facts: PlanningFacts
    by: str  # enfant | activite
    child: ChildFacts | None
    activity: ActivityFacts | None
    view: View
    first: date
    last: date
    weeks: tuple[Week, ...]
    bands: tuple[Band, ...]
    draft: Draft

    @property
    def rows(self) -> Iterable[Row]:
        return (row for band in self.bands for row in band.rows)

    def row(self, child: int, slot: int) -> Row | None:
        return next((row for row in self.rows if row.child.id == child and row.slot.id == slot), None)

    @property
    def cost(self) -> int:
        """The price of all days shown, in cents: booked, drafted, less cancelled."""
        return sum(row.total for row in self.rows)

    @property
    def next_booked(self) -> date | None:
        """The first booked day that is still to come: from then on an absence can be told."""
        days = (cell.day for row in self.rows for cell in row.cells if cell.shown.state == "booked")
        return min((day for day in days if day >= self.facts.now.date()), default=None)

    @property
    def is_useful(self) -> bool:
        """Can something in it be booked, or is it?"""
        return any(cell.shown.operable or cell.shown.ticked for row in self.rows for cell in row.cells)

    @property
    def is_open(self) -> bool:
        """Something happens in it, for somebody shown."""
        return any(week.open for week in self.weeks)

    @property
    def activities(self) -> list[ActivityFacts]:
        """Of this child, or of all the children."""
        household, catalogue = self.facts.household, self.facts.catalogue
        children = [self.child] if self.child else household.children
        seen = {
            activity.id: activity for child in children for activity in household.rows(catalogue, child.id)
        }
        return [activity for activity in catalogue.activities.values() if activity.id in seen]


async def read(
    catalogue: Catalogue, household: Household, by: str, id: int | None, view: View, day: date, now: datetime
) -> Planning:
    """The planning of a family's child (`enfant`) or activity (`activite`). Raises NotHere."""
    return (await read_several(catalogue, household, by, id, view, [day], now))[0]


async def read_several(
    catalogue: Catalogue,
    household: Household,
    by: str,
    id: int | None,
    view: View,
    starts: Sequence[date],
    now: datetime,
) -> list[Planning]:
    """As `read`, one planning for each of these days' periods, from facts read once."""
    children, slots, child, activity = choose(catalogue, household, by, id)
    first, last = period(view, min(starts))[0], period(view, max(starts))[1]
    facts = await PlanningFacts.read(
        catalogue, household, now, [c.id for c in children], [slot.id for slot in slots], first, last
    )
    return [draw(facts, by, child, activity, view, start) for start in starts]


def first_bookable(
    catalogue: Catalogue, household: Household, by: str, id: int | None, now: datetime
) -> date | None:
    """The first day ahead that is open and in time, for somebody of these rows. Raises NotHere."""
    children, slots, _, _ = choose(catalogue, household, by, id)
    found = [
        _first_open(catalogue, catalogue.activity_of(slot.id), child, slot, now)
        for child in children
        for slot in slots
        if catalogue.activity_of(slot.id) in household.rows(catalogue, child.id)
    ]
    return min((day for day in found if day), default=None)


def _first_open(
    catalogue: Catalogue, activity: ActivityFacts, child: ChildFacts, slot: SlotFacts, now: datetime
) -> date | None:
    school, level = child.schools.get(activity.year, ""), child.levels.get(activity.year, "")
    for day in days(max(now.date(), activity.timetable.opens), activity.timetable.closes):
        if catalogue.day(activity, school, day, level).kind is Kind.open and is_open(
            now, catalogue.closes(slot.id, "book", day, school)
        ):
            return day
    return None


def choose(
    catalogue: Catalogue, household: Household, by: str, id: int | None
) -> tuple[list[ChildFacts], list[SlotFacts], ChildFacts | None, ActivityFacts | None]:
    """Whose rows, and which slots. Without an id: the first child, or the first activity."""
    if by == "activite":
        shown = {a.id: a for c in household.children for a in household.rows(catalogue, c.id)}
        activity = shown.get(id) if id is not None else next(iter(shown.values()), None)
        if activity is None:
            raise NotHere
        with_it = [c for c in household.children if activity in household.rows(catalogue, c.id)]
        return with_it, list(activity.slots), None, activity
    child = household.child(id) if id is not None else next(iter(household.children), None)
    if child is None:
        raise NotHere
    return [child], [s for a in household.rows(catalogue, child.id) for s in a.slots], child, None


def draw(
    facts: PlanningFacts,
    by: str,
    child: ChildFacts | None,
    activity: ActivityFacts | None,
    view: View,
    day: date,
    touched: frozenset[tuple[int, int]] | None = None,
) -> Planning:
    """The planning of facts already read: again after a tick, without another query.

    With `touched` (child and slot of each row that ticks changed) what an answer does not show is left out: the heads
    of the weeks, and in other rows the cells that cost nothing.
    """
    first, last = period(view, day)
    catalogue, household = facts.catalogue, facts.household
    activities = [activity] if activity else household.rows(catalogue, child.id) if child else []
    shown = _days(activities, first, last)
    bands = []
    for one in activities:
        if child:
            bands.append(
                Band(
                    one, one.name, tuple(_row(facts, child, one, slot, shown, touched) for slot in one.slots)
                )
            )
            continue
        with_it = [c for c in household.children if one in household.rows(catalogue, c.id)]
        for slot in one.slots:
            bands.append(
                Band(one, slot.name, tuple(_row(facts, c, one, slot, shown, touched) for c in with_it))
            )
    weeks = (
        tuple(_week(facts.now, group, n, bands) for n, group in enumerate(shown)) if touched is None else ()
    )
    draft = Draft(facts.draft)
    return Planning(facts, by, child, activity, view, first, last, weeks, tuple(bands), draft)


def _days(activities: Iterable[ActivityFacts], first: date, last: date) -> tuple[tuple[date, ...], ...]:
    """The shown days, week by week: Monday to Friday, and week-ends on which something is meant to open."""
    return _weeks(frozenset().union(*[activity.timetable.weekdays for activity in activities]), first, last)


@lru_cache(500)
def _weeks(meant: frozenset[int], first: date, last: date) -> tuple[tuple[date, ...], ...]:
    found: dict[tuple[int, int], list[date]] = {}
    for day in days(first, last):
        if day.weekday() <= FRIDAY or day.weekday() in meant:
            found.setdefault(day.isocalendar()[:2], []).append(day)
    return tuple(tuple(group) for group in found.values())


def _row(
    facts: PlanningFacts,
    child: ChildFacts,
    activity: ActivityFacts,
    slot: SlotFacts,
    weeks: tuple[tuple[date, ...], ...],
    touched: frozenset[tuple[int, int]] | None,
) -> Row:
    if touched is not None and (child.id, slot.id) not in touched:
        weeks = tuple(tuple([day for day in week if facts.says((child.id, slot.id, day))]) for week in weeks)
    drawn = tuple(tuple([facts.cell(child, slot.id, day) for day in week]) for week in weeks)
    return Row(child, slot, activity, drawn)


def _week(now: datetime, shown: tuple[date, ...], n: int, bands: Iterable[Band]) -> Week:
    meant = [
        (band.activity.name, cell)
        for band in bands
        for row in band.rows
        for cell in row.weeks[n]
        if cell.shown.state not in ("never", "closed", "holiday")
    ]
    begun = [(name, cell.closes) for name, cell in meant if cell.opens is None]
    closes = min((limit for _, limit in begun if is_open(now, limit)), key=utc, default=None)
    mine = dict.fromkeys(name for name, limit in begun if limit == closes)
    shared = all(limit == closes for _, limit in begun) or len({name for name, _ in meant}) == 1
    return Week(
        number=shown[0].isocalendar().week,
        days=shown,
        closes=closes,
        open=bool(meant),
        whose=() if shared and len(begun) == len(meant) else tuple(mine),
        opens=None if begun else min((cell.opens for _, cell in meant if cell.opens), key=utc, default=None),
    )
