"""The whole commune closes some days: read first as what it cancels, then done; and opened again, day by day."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.activities import catalogue
from models.activities.activity import Activity
from models.activities.definition import codec, openings
from models.activities.definition.writer import Written
from models.activities.group import Group
from models.activities.slot import Slot
from models.activity_file.definition import calendar_of, read
from models.activity_file.giving_back import give_back
from models.activity_file.impact import Impact
from models.bookings import redefinition
from models.commune.school_year import Closure, SchoolYear
from models.families.family import Family
from models.rules.deadlines import PARIS
from models.rules.states.orders import Billing
from models.storage.database import retrying, transaction
from models.work.audit_log import Event

ONE_DAY = timedelta(days=1)


class NotClosed(LookupError):
    """No closure of the whole commune holds the day, or the day has begun."""


class Unread(Exception):
    """It does something to booked days that nobody has confirmed, or that cannot be done yet."""

    def __init__(self, impact: "TownImpact") -> None:
        super().__init__(impact.bookings)
        self.impact = impact


@dataclass(frozen=True, slots=True)
class Closing:
    """From one day to another, both included, for all schools and activities."""

    year: SchoolYear
    start: date
    end: date
    reason: str

    @property
    def row(self) -> Closure:
        return Closure(year_id=self.year.id, start=self.start, end=self.end, reason=self.reason)

    def holds(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class OfActivity:
    id: int
    name: str
    impact: Impact


@dataclass(frozen=True, slots=True)
class TownImpact:
    """By activity, in the commune's order: only those that lose booked days."""

    activities: tuple[OfActivity, ...]

    def __bool__(self) -> bool:
        return bool(self.activities)

    @property
    def bookings(self) -> int:
        """That the mairie can give back by itself."""
        return sum(len(one.impact.given_back) for one in self.activities)

    @property
    def credit(self) -> int:
        """Cents that come back to families as avoirs."""
        return sum(one.impact.credit for one in self.activities)

    @property
    def families(self) -> int:
        return len({lost.family for one in self.activities for lost in one.impact.given_back})

    @property
    def unanswered(self) -> Counter[str]:
        """What somebody has to answer first, by its state."""
        return sum((one.impact.unanswered for one in self.activities), Counter[str]())

    @property
    def mark(self) -> str:
        """What a confirmation says it has read."""
        return codec.mark([one.impact.mark for one in self.activities])


async def impact_of(closing: Closing, now: datetime) -> TownImpact:
    """What it would do to booked days of each activity of the year."""
    found, today = [], now.astimezone(PARIS).date()
    for row in await _activities(closing.year):
        definition = await read(row.id)
        calendar = await calendar_of(definition, closing.year, [closing.row])
        lost = await redefinition.lost_bookings(definition.said, row.id, calendar, closing.year)
        mine = tuple(one for one in lost if closing.holds(one.day))
        if mine:
            impact = Impact(mine, today, prepaid=row.billing == Billing.PREPAID)
            found.append(OfActivity(row.id, row.name, impact))
    return TownImpact(tuple(found))


async def close(closing: Closing, confirmed: str, member: int, now: datetime) -> TownImpact:
    """What it did to booked days. Done twice it is done once. Raises Unread; ValueError for days that have begun."""
    if closing.end < closing.start or closing.start <= now.astimezone(PARIS).date():
        raise ValueError(closing)
    impact = await impact_of(closing, now)
    if impact and (impact.unanswered or impact.mark != confirmed):
        raise Unread(impact)
    for one in impact.activities:
        key = f"closure:{closing.start}:{closing.end}:{one.impact.mark}"
        await give_back(one.id, one.impact.given_back, closing.reason, key, member, now)
    await retrying(lambda: _write(closing, member, now))
    return impact


async def _write(closing: Closing, member: int, now: datetime) -> None:
    async with transaction():
        await Family.lock_all()  # nobody books what is being closed, and openings come after families
        same = Closure.filter(year_id=closing.year.id, start=closing.start, end=closing.end)
        if await same.filter(schools__isnull=True, activities__isnull=True).exists():
            return
        impact = await impact_of(closing, now)
        if impact:
            raise Unread(impact)  # booked meanwhile
        await Closure.bulk_create([closing.row])
        await _lay_out(closing.year, member, now)
        await Event.note(
            now, f"member:{member}", "closure.made", f"school_year:{closing.year.id}",
            start=closing.start.isoformat(), end=closing.end.isoformat(), reason=closing.reason,
        )  # fmt: skip


async def lift(year: SchoolYear, day: date, member: int, now: datetime) -> None:
    """Open a day again that the whole commune had closed; the days around it stay closed. Raises NotClosed."""
    if day <= now.astimezone(PARIS).date():
        raise NotClosed(day)
    await retrying(lambda: _lift(year, day, member, now))


async def _lift(year: SchoolYear, day: date, member: int, now: datetime) -> None:
    async with transaction():
        await Family.lock_all()
        rows = await whole_closures(year, day)
        if not rows:
            raise NotClosed(day)
        for row in rows:
            parts = ((row.start, day - ONE_DAY), (day + ONE_DAY, row.end))
            await Closure.bulk_create(
                [
                    Closure(year_id=year.id, start=first, end=last, reason=row.reason)
                    for first, last in parts
                    if first <= last
                ]
            )
        await Closure.filter(id__in=[row.id for row in rows]).delete()
        await _lay_out(year, member, now)
        await Event.note(
            now, f"member:{member}", "closure.lifted", f"school_year:{year.id}",
            day=day.isoformat(), reason=rows[0].reason,
        )  # fmt: skip


async def whole_closures(year: SchoolYear, day: date) -> list[Closure]:
    """Those of the whole commune that hold the day."""
    mine = Closure.filter(year_id=year.id, start__lte=day, end__gte=day)
    return await mine.filter(schools__isnull=True, activities__isnull=True).order_by("id")


async def _activities(year: SchoolYear) -> Sequence[Activity]:
    return await Activity.filter(year_id=year.id).order_by("position", "id")


async def _lay_out(year: SchoolYear, member: int, now: datetime) -> None:
    """The days of every activity as the calendar says them now."""
    for row in await _activities(year):
        definition = await read(row.id)
        slots = {one.code: one.id for one in await Slot.filter(activity_id=row.id)}
        groups = {one.code: one.id for one in await Group.filter(activity_id=row.id)}
        written = Written(row.id, slots, groups)
        calendar = await calendar_of(definition, year)
        await openings.lay_out(definition.said, written, calendar, now, f"member:{member}")
    await catalogue.read()  # what no page could draw is not kept
