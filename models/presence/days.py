"""Which days are to be booked by default, and what switching an activity to it would book. Amounts are cents."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.activities.catalogue import Catalogue, current_catalogue
from models.rules.booking import BookingState, WaitingState, is_full
from models.rules.calendar import Kind
from models.rules.deadlines import PARIS, is_open
from models.storage.database import as_date, rows


@dataclass(frozen=True, slots=True)
class FreeDay:
    """A child is enrolled on a day that opens, and nobody has said anything of it: no booking, no untick."""

    enrolment: int
    family: int
    child: int
    slot: int
    opening: int
    day: date
    places: int | None
    taken: int
    queue: int
    school: str
    level: str


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What the portal would book by itself."""

    bookings: int = 0
    waits: int = 0
    children: int = 0
    families: int = 0


async def free_days(
    activity: int, now: datetime, family: int | None = None, within: tuple[date, date] | None = None
) -> list[FreeDay]:
    """Those to come, by day. A child of two homes is the home's whose week it is, else who enrolled it first."""
    first, last = within or (date.min, date.max)
    today = now.astimezone(PARIS).date()
    values: list[Any] = [activity, max(first, today), last] + ([family] if family else [])
    sql = _FREE.format(family="AND enrolment.family_id = ?" if family else "")
    found = await rows(sql, values)
    return [_day(row) for row in found if _is_its_week(row["weeks"], as_date(row["day"]))]


async def foreseen(activity: int, now: datetime, catalogue: Catalogue | None = None) -> Foreseen:
    """As the activity stands: deadlines, calendar and places; a family that may not book now is counted too.

    `catalogue`: of what is only tried, and that nobody else may be shown.
    """
    catalogue = catalogue or await current_catalogue()
    facts = catalogue.activities[activity]
    taken: Counter[int] = Counter()
    booked, waits = [], 0
    for one in await free_days(activity, now):
        if not _could_be_unticked(catalogue, one, now):
            continue
        if not is_full(one.places, one.taken + taken[one.opening], one.queue):
            taken[one.opening] += 1
            booked.append(one)
        elif facts.waiting_list:
            waits += 1
    children, families = {one.child for one in booked}, {one.family for one in booked}
    return Foreseen(len(booked), waits, len(children), len(families))


def _could_be_unticked(catalogue: Catalogue, one: FreeDay, now: datetime) -> bool:
    activity = catalogue.activity_of(one.slot)
    if catalogue.day(activity, one.school, one.day, one.level).kind is not Kind.open:
        return False
    limits = [catalogue.closes(one.slot, action, one.day, one.school) for action in ("book", "cancel")]
    if late := catalogue.late_from(one.slot, one.day, one.school):
        limits.append(late)
    return all(is_open(now, limit) for limit in limits)


def _is_its_week(weeks: str, day: date) -> bool:
    return weeks == "all" or weeks == ("odd" if day.isocalendar().week % 2 else "even")


def _day(row: dict[str, Any]) -> FreeDay:
    same = ("enrolment", "family", "child", "slot", "opening", "places", "taken")
    return FreeDay(
        **{name: row[name] for name in same},
        day=as_date(row["day"]),
        queue=int(row["queue"]),
        school=row["school"] or "",
        level=row["level"] or "",
    )


# What the mairie gave back with its day, or with an enrolment that ended, may come again; what anybody else said holds,
# of a child that was entered twice under the row that was closed too, until something is said under the other.
_FREE = f"""
SELECT enrolment.id AS enrolment, enrolment.family_id AS family, enrolment.child_id AS child, opening.slot_id AS slot,
  opening.id AS opening, opening.day, opening.places, opening.taken, home.weeks, school.code AS school, schooling.level,
  (SELECT COUNT(*) FROM waiting
    WHERE waiting.opening_id = opening.id AND waiting.state = '{WaitingState.WAITING}') AS queue
FROM enrolment JOIN opening ON opening.group_id = enrolment.group_id AND opening.day >= enrolment.start
  AND opening.day <= enrolment."end"
JOIN home ON home.child_id = enrolment.child_id AND home.family_id = enrolment.family_id
JOIN activity ON activity.id = enrolment.activity_id
LEFT JOIN schooling ON schooling.child_id = enrolment.child_id AND schooling.year_id = activity.year_id
LEFT JOIN school ON school.id = schooling.school_id
WHERE enrolment.activity_id = ? AND (opening.places IS NULL OR opening.places > 0)
  AND opening.day >= ? AND opening.day <= ? {{family}}
AND NOT EXISTS (SELECT 1 FROM booking WHERE booking.child_id = enrolment.child_id
  AND booking.slot_id = opening.slot_id AND booking.day = opening.day
  AND NOT (booking.state = '{BookingState.CANCELLED}' AND booking.returns))
AND NOT EXISTS (SELECT 1 FROM merged_child JOIN booking AS before ON before.child_id = merged_child.child_id
  WHERE merged_child.kept_id = enrolment.child_id AND before.slot_id = opening.slot_id AND before.day = opening.day
    AND NOT (before.state = '{BookingState.CANCELLED}' AND before.returns)
    AND NOT EXISTS (SELECT 1 FROM booking AS mine WHERE mine.child_id = enrolment.child_id
      AND mine.slot_id = before.slot_id AND mine.day = before.day))
AND NOT EXISTS (SELECT 1 FROM enrolment AS other
  JOIN home AS there ON there.child_id = other.child_id AND there.family_id = other.family_id
  WHERE other.child_id = enrolment.child_id AND other.activity_id = enrolment.activity_id
    AND other.id < enrolment.id AND there.weeks IN ('all', home.weeks)
    AND opening.day >= other.start AND opening.day <= other."end")
ORDER BY opening.day, enrolment.id, opening.id
"""  # noqa: S608
