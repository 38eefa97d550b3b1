"""What can be booked: one immutable picture of activities, days, deadlines and prices, read once per revision.

Every page and every tick asks it; it changes only when the mairie changes something (`Commune.revision`).
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from models.activities.activity import Activity
from models.activities.deadline import ACTIONS, Deadline
from models.activities.facts import ActivityFacts, GroupFacts, SlotFacts, group_facts, slot_facts, tariff_rule
from models.activities.group import Group
from models.activities.needs import Needs, needs_of
from models.activities.slot import Slot
from models.activities.tariff import Band, Tariff
from models.commune import school_calendar
from models.commune.class_event import ClassEvent
from models.commune.commune import Commune
from models.commune.school import School
from models.commune.school_year import Closure, SchoolYear
from models.commune.till import Till
from models.rules import deadlines, pricing
from models.rules.calendar import Day, Kind, SchoolCalendar, Timetable, day_of, is_school_day, is_working
from models.rules.deadlines import LONG_AGO, DayFacts, paris, utc
from models.rules.families.documents import BLOCKS, Condition
from models.rules.limits.windows import window_of, window_on
from models.rules.pricing.missed import absence_rule_of
from models.rules.pricing.stay import Stay
from models.storage.database import as_date, rows, sql_list

__all__ = ["ActivityFacts", "Catalogue", "GroupFacts", "SlotFacts", "current_catalogue", "forget", "read"]


@dataclass(frozen=True)
class Catalogue:
    revision: int
    commune: Commune
    years: dict[int, SchoolYear]
    calendars: dict[int, SchoolCalendar]
    activities: dict[int, ActivityFacts]
    slots: dict[int, SlotFacts]
    tills: dict[int, Till]
    schools: dict[int, School]
    conditions: tuple[Condition, ...] = ()  # the papers without which no day is booked
    households: dict[int, tuple[int, Any]] = field(default_factory=dict)  # kept by models.household
    drawn: dict[tuple[int, int, date], Any] = field(default_factory=dict)  # cells, models.planning.kept_cells
    _closings: dict[tuple[int, str, date, str], datetime] = field(default_factory=dict)
    _ends: dict[tuple[int, str, date, str], datetime] = field(default_factory=dict)
    _days: dict[tuple[int, str, date, str], Day] = field(default_factory=dict)

    @cached_property
    def needs(self) -> Needs:
        return needs_of(self.slots.values())

    def activity_of(self, slot: int) -> ActivityFacts:
        return self.activities[self.slots[slot].activity]

    def day(self, activity: ActivityFacts, school: str, day: date, level: str = "") -> Day:
        """What this day is for the activity and the pupils of a school, or of one of its classes."""
        key = (activity.id, school, day, level)
        found = self._days.get(key)
        if found is None:
            found = day_of(self.calendars[activity.year], activity.timetable, school, day, level)
            self._days[key] = found
        return found

    def is_over(self, slot: int, group: int, day: date) -> bool:
        """Is the day after the last one of its slot, or of its group, though the activity goes on?"""
        last = self.slots[slot].closes
        if last is not None and day > last:
            return True
        return day > self._group_closes.get(group, day)

    @cached_property
    def _group_closes(self) -> dict[int, date]:
        return {
            group.id: group.closes
            for activity in self.activities.values()
            for group in activity.groups
            if group.closes is not None
        }

    def closes(self, slot: int, action: str, day: date, school: str) -> datetime:
        """Until when a day of a slot can be booked (`book`) or cancelled (`cancel`): open while now < closes.

        No rule is asked for a day on which the activity never opens: there need not be one. It closes as it begins.
        """
        key = (slot, action, day, school)
        found = self._closings.get(key)
        if found is None:
            activity = self.activity_of(slot)
            never = self.day(activity, school, day).kind is Kind.never
            found = paris(day, 0) if never else self._closing(slot, action, day, school)
            self._closings[key] = found
        return found

    def ends(self, slot: int, action: str, day: date, school: str) -> datetime:
        """As `closes`, in universal time, which is quick to compare: a tick asks it for each line of the cart."""
        key = (slot, action, day, school)
        found = self._ends.get(key)
        if found is None:
            found = self._ends[key] = utc(self.closes(slot, action, day, school))
        return found

    def late_from(self, slot: int, day: date, school: str) -> datetime | None:
        """Since when booking the day costs more, until it closes; None where no later limit is after the first one."""
        activity = self.activity_of(slot)
        if not activity.deadlines["late"] or self.day(activity, school, day).kind is Kind.never:
            return None
        first = self._rule(slot, "book", day, school)
        return first if utc(first) < utc(self.closes(slot, "book", day, school)) else None

    def _closing(self, slot: int, action: str, day: date, school: str) -> datetime:
        closes, activity = self._rule(slot, action, day, school), self.activity_of(slot)
        if action != "book":
            return closes
        if deadlines.covers(activity.deadlines["late"], day):
            closes = max(closes, self._rule(slot, "late", day, school), key=utc)
        window = window_on(activity.windows, day)
        return min(closes, window.shut, key=utc) if window else closes

    def _rule(self, slot: int, action: str, day: date, school: str) -> datetime:
        activity = self.activity_of(slot)
        if not activity.deadlines[action]:
            return LONG_AGO  # what is booked is not cancelled
        year = self.calendars[activity.year]
        facts = DayFacts(
            self.slots[slot].starts,
            lambda other: is_working(year, other),
            lambda other: is_school_day(year, other, school),
            lambda other: self.day(activity, school, other).kind is Kind.open,
        )
        return deadlines.closing(activity.deadlines[action], day, facts)

    def price(
        self,
        slot: int,
        category: str | None,
        day: date,
        quotient: int | None,
        rank: int,
        how: pricing.How = "booked",
        stay: Stay | None = None,
    ) -> pricing.Price:
        """The price of a slot on the day it is eaten, in cents, with its reason. Raises pricing.NoTariff.

        Where it is billed by time, its own hours are planned, unless a `stay` is known.
        """
        facts = self.slots[slot]
        tariffs = self.activities[facts.activity].tariffs
        return pricing.price(
            tariffs, facts.code, category, day, quotient, rank, how=how, stay=stay or facts.stay
        )


_kept: Catalogue | None = None


async def current_catalogue(revision: int | None = None) -> Catalogue:
    """The picture of today; read again only when something changed. A caller who knows the revision says it."""
    global _kept
    if revision is None:
        revision = sum(row["revision"] for row in await rows("SELECT revision FROM commune"))
    if _kept is None or _kept.revision != revision:
        _kept = await read()
    return _kept


def forget() -> None:
    """Another database is another catalogue (tests)."""
    global _kept
    _kept = None


async def read() -> Catalogue:
    """From the rows, whatever is kept. Raises LookupError where no commune is loaded."""
    commune = await Commune.with_logo()
    if commune is None:
        raise LookupError("no commune is loaded")
    years = {year.id: year for year in await SchoolYear.all()}
    closures, schools = await Closure.all().order_by("start"), await School.all()
    events = await ClassEvent.filter(withdrawn_at=None).order_by("id")
    calendars = {
        year.id: school_calendar.school_calendar(
            commune.zone,
            year,
            [closure for closure in closures if closure.year_id == year.id],
            school_calendar.subdivision_of(commune.insee),
            schools,
            [away for event in events if event.year_id == year.id for away in event.closures()],
        )
        for year in years.values()
    }
    activities = await _activities()
    return Catalogue(
        revision=commune.revision,
        commune=commune,
        years=years,
        calendars=calendars,
        activities=activities,
        slots={slot.id: slot for activity in activities.values() for slot in activity.slots},
        tills={till.id: till for till in await Till.all().order_by("position")},
        schools={school.id: school for school in schools},
        conditions=await _conditions(),
    )


async def _activities() -> dict[int, ActivityFacts]:
    slots, groups = await Slot.all().order_by("position"), await Group.all().order_by("position")
    rules = await Deadline.all().order_by("position")
    tariffs = await Tariff.filter(position__isnull=False).order_by("position")
    bands = await Band.all().order_by("position")
    found = {}
    for row in await Activity.all().order_by("position", "id"):
        mine = [rule for rule in rules if rule.activity_id == row.id]
        said = {action: [rule.rule for rule in mine if rule.action == action] for action in ACTIONS}
        found[row.id] = ActivityFacts(
            **{name: getattr(row, name) for name in _COPIED},
            year=row.year_id,
            till=row.till_id,
            timetable=Timetable(row.code, frozenset(row.weekdays), row.opens, row.closes, row.on_days),  # type: ignore[arg-type]
            deadlines={
                "book": deadlines.deadlines_of(said["book"]),
                "cancel": deadlines.deadlines_of(said["cancel"] or said["book"]),
                "late": deadlines.deadlines_of(said["late"]),
            },
            tariffs=tuple(tariff_rule(t, bands) for t in tariffs if t.activity_id == row.id),
            slots=tuple(slot_facts(slot) for slot in slots if slot.activity_id == row.id),
            groups=tuple(group_facts(group) for group in groups if group.activity_id == row.id),
            absences=tuple(absence_rule_of(rule) for rule in row.absences or ()),
            windows=tuple(map(window_of, row.windows or ())),
        )
    return found


async def _conditions() -> tuple[Condition, ...]:
    found = await rows(_CONDITIONS)
    return tuple(
        Condition(row["id"], row["name"], row["per"], row["blocks"], row["since"] and as_date(row["since"]))
        for row in found
    )


_CONDITIONS = f"""
SELECT id, name, per, blocks, blocks_from AS since FROM required_document
WHERE asked AND blocks IN {sql_list(BLOCKS)} ORDER BY position, id
"""  # noqa: S608
_COPIED = (
    "id", "code", "name", "kind", "billing", "acceptance", "enrolment", "place", "memo", "membership_fee",
    "waiting_list", "late_cancel", "visible_from", "residents_first_days",
    "enrolment_places", "presence",
)  # fmt: skip
