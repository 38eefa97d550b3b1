"""« Modification avancée »: many days at once, from a type week over a period or from a brother's or sister's month.

Each is first seen as a Preview, then wished like any tick (models.wishes).
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from models.activities.catalogue import ActivityFacts, Catalogue
from models.families.household import ChildFacts, Household
from models.planning.cell import Cell, Line
from models.planning.facts import PlanningFacts
from models.planning.ticks import Tick
from models.rules.booking import LIVE
from models.rules.calendar import Kind, days, month
from models.rules.deadlines import is_open
from models.rules.states.orders import LineAction
from models.rules.type_week import WeekDay, chosen

Why = Literal["holiday", "closed", "late", "full", "kept", "membership", "not_yet", "suspended", "papers"]
ONE_DAY, A_BRIDGE = timedelta(days=1), timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A type week and its period. `leave`: days that have a wish or a booking stay as they are."""

    child: ChildFacts
    ticks: Mapping[int, frozenset[WeekDay]]  # by slot
    first: date
    last: date
    week_a: date | None = None
    leave: bool = True


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    count: int
    full: int
    cents: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """Days that are left out, and the name of what closes them."""

    why: Why
    name: str
    days: int


@dataclass(frozen=True, slots=True)
class Preview:
    facts: PlanningFacts
    picks: tuple[Cell, ...]
    left: tuple[tuple[Cell, Why], ...]

    @property
    def ops(self) -> list[Tick]:
        return [Tick(cell.child.id, cell.slot, cell.day, True) for cell in self.picks]

    @property
    def booked(self) -> list[Cell]:
        """Days with a place; the others take a rank, and cost nothing before they are served."""
        return [cell for cell in self.picks if not _full(cell)]

    @property
    def count(self) -> int:
        return len(self.booked)

    @property
    def full(self) -> int:
        return len(self.picks) - self.count

    @property
    def cents(self) -> int:
        return sum(cell.cents for cell in self.booked)

    @property
    def prepaid(self) -> int:
        """What the card will be asked for, in cents."""
        return sum(cell.cents for cell in self.booked if cell.prepaid)

    @property
    def months(self) -> list[Month]:
        by_month: dict[date, list[Cell]] = {}
        for cell in sorted(self.picks, key=lambda cell: cell.day):
            by_month.setdefault(cell.day.replace(day=1), []).append(cell)
        return [_month(first, cells) for first, cells in by_month.items()]

    @property
    def skipped(self) -> list[Skipped]:
        """In the order in which they come; a day closed for two slots is one day."""
        found: dict[tuple[Why, str], set[date]] = {}
        for cell, why in sorted(self.left, key=lambda one: one[0].day):
            name = cell.closed_by if why in ("holiday", "closed") else ""
            found.setdefault((why, name), set()).add(cell.day)
        return [Skipped(why, name, len(days)) for (why, name), days in found.items()]

    @property
    def seen(self) -> str:
        """What the parent was shown; another value later means that something changed."""
        days = " ".join(sorted(f"{cell.key} {cell.cents} {_full(cell)}" for cell in self.picks))
        return hashlib.sha256(days.encode()).hexdigest()[:32]


def _full(cell: Cell) -> bool:
    return cell.shown.why == "queue"


def _month(first: date, cells: list[Cell]) -> Month:
    placed = [cell for cell in cells if not _full(cell)]
    return Month(first, len(placed), len(cells) - len(placed), sum(cell.cents for cell in placed))


async def preview(catalogue: Catalogue, household: Household, wanted: Wanted, now: datetime) -> Preview:
    """What the type week would tick; three queries, however long the period."""
    child, slots = wanted.child, sorted(wanted.ticks)
    meant = [catalogue.activity_of(slot).timetable for slot in slots]
    first = max(wanted.first, min((one.opens for one in meant), default=wanted.first))
    last = min(wanted.last, max((one.closes for one in meant), default=wanted.last))
    facts = await PlanningFacts.read(catalogue, household, now, [child.id], slots, first, last)
    drawn = [
        facts.cell(child, slot, day)
        for slot, timetable in zip(slots, meant, strict=True)
        for day in chosen(
            wanted.ticks[slot], max(first, timetable.opens), min(last, timetable.closes), wanted.week_a
        )
    ]
    return _sorted(facts, drawn, wanted.leave)


async def copied(
    catalogue: Catalogue, household: Household, child: int, to: Sequence[ChildFacts], day: date, now: datetime
) -> dict[int, Preview]:
    """What copying the child's days to come of a month, drafted or booked, would tick for each brother and sister."""
    first, last = month(day)
    slots = [slot.id for activity in household.rows(catalogue, child) for slot in activity.slots]
    children = [child, *(one.id for one in to)]
    facts = await PlanningFacts.read(catalogue, household, now, children, slots, first, last)
    wished = _wished(facts, child, max(first, now.date()), last)
    found = {}
    for other in to:
        theirs = {activity.id for activity in household.rows(catalogue, other.id)}
        drawn = [
            facts.cell(other, slot, on) for on, slot in wished if catalogue.activity_of(slot).id in theirs
        ]
        found[other.id] = _sorted(facts, drawn, leave=True)
    return found


def _wished(facts: PlanningFacts, child: int, first: date, last: date) -> list[tuple[date, int]]:
    """The days and slots in which the child will be there: the cart's word stands above what is booked."""
    booked = {key for key, one in facts.booked.items() if one.own and one.state in LIVE}
    adds = {key for key, line in facts.cart.items() if line.action == LineAction.ADD}
    keys = (booked - facts.cart.keys()) | adds
    return sorted((on, slot) for whose, slot, on in keys if whose == child and first <= on <= last)


def together(previews: Iterable[Preview], facts: PlanningFacts) -> Preview:
    shown = list(previews)
    return Preview(
        facts, tuple(p for one in shown for p in one.picks), tuple(p for one in shown for p in one.left)
    )


def drafted(facts: PlanningFacts, child: int, day: date) -> list[Line]:
    """The child's lines in the cart in the month of a day; those being paid are on their way."""
    first, last = month(day)
    lines = (line for line in facts.cart.values() if line.child == child and line.order is None)
    return sorted(
        (line for line in lines if first <= line.day <= last), key=lambda line: (line.day, line.slot)
    )


def _sorted(facts: PlanningFacts, drawn: Iterable[Cell], leave: bool) -> Preview:
    picks: list[Cell] = []
    left: list[tuple[Cell, Why]] = []
    for cell in drawn:
        why = _why_not(facts, cell, leave)
        if why == "":
            picks.append(cell)
        elif why != "never":
            left.append((cell, why))
    return Preview(facts, tuple(picks), tuple(left))


def _why_not(facts: PlanningFacts, cell: Cell, leave: bool) -> Why | Literal["", "never"]:
    """As the cell says it, which has asked models.rules.booking.effect and is drawn once for all who look at it."""
    shown, key = cell.shown, (cell.child.id, cell.slot, cell.day)
    if shown.state == "never":
        return "never"
    if shown.state == "holiday":
        return "holiday"
    if shown.state == "closed":
        return "closed"
    if shown.ticked or (leave and (key in facts.cart or key in facts.booked)):
        return "kept"
    if (
        shown.why == "late"
        or shown.why == "full"
        or shown.why == "not_yet"
        or shown.why == "membership"
        or shown.why == "suspended"
        or shown.why == "papers"
    ):
        return shown.why
    return "" if shown.operable and not shown.locked else "kept"


# ---- The periods that are offered ----


@dataclass(frozen=True, slots=True)
class Periods:
    """From the first day that can still be booked: this month, until the next holidays, the whole year."""

    start: date
    month: tuple[date, date]
    term: tuple[date, date]
    holiday: str  # what ends the term; empty when only the year's end does
    year: tuple[date, date]


def periods(catalogue: Catalogue, activities: Sequence[ActivityFacts], start: date, day: date) -> Periods:
    """`day`: a day of the month that the parent was looking at."""
    shown = month(day) if month(day)[1] >= start else month(start)
    years = {activity.year for activity in activities} or set(catalogue.calendars)
    ahead = sorted((c for y, c in catalogue.calendars.items() if y in years), key=lambda c: c.ends)
    school = next((one for one in ahead if one.ends >= start), ahead[-1] if ahead else None)
    end = max(school.ends, start) if school else month(start)[1]
    spans = school.holidays if school else ()
    next_ = min(
        (span for span in spans if start < span.start <= end), key=lambda span: span.start, default=None
    )
    until = next_.start - ONE_DAY if next_ else end
    return Periods(
        start, (max(shown[0], start), shown[1]), (start, until), next_.name if next_ else "", (start, end)
    )


def first_open(
    catalogue: Catalogue,
    household: Household,
    child: ChildFacts,
    activities: Sequence[ActivityFacts],
    now: datetime,
) -> date:
    """The first day on which one of these activities can still be booked; today when there is none."""
    today, facts = now.date(), PlanningFacts(catalogue, household, now)
    begins = max(today, min((one.timetable.opens for one in activities), default=today))
    ends = max((one.timetable.closes for one in activities), default=today)
    for day in days(begins, ends):
        if any(_is_open(facts, child, activity, day) for activity in activities):
            return day
    return today


def _is_open(facts: PlanningFacts, child: ChildFacts, activity: ActivityFacts, day: date) -> bool:
    school, level = child.schools.get(activity.year, ""), child.levels.get(activity.year, "")
    catalogue = facts.catalogue
    return (
        catalogue.day(activity, school, day, level).kind is Kind.open
        and facts.group(child, activity, day) is not None
        and any(is_open(facts.now, catalogue.closes(slot.id, "book", day, school)) for slot in activity.slots)
    )
