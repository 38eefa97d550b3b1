"""A family's file whole: what it owes, its children with their classes and activities, what waits, what comes."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.families.enrolment_wait import RANK
from models.families.quotient import Quotient
from models.money import amounts_due
from models.money.amounts_due import AmountDue
from models.rules.booking import LIVE, BookingState
from models.rules.families.enrolling import WaitState
from models.rules.families.quotients import Span
from models.rules.states.requests import RequestState
from models.rules.states.threads import ThreadState
from models.storage.database import as_date, rows, sql_list

SOON = 40  # days to come that the page shows


@dataclass(frozen=True, slots=True)
class TillLine:
    """Cents: what is to be paid there, what of it is past its day, what the family has in its favour."""

    id: int
    name: str
    owed: int
    late: int
    credit: int
    due_on: date | None  # the next day to pay
    overdue: tuple[AmountDue, ...]  # what is past its day, the oldest first


@dataclass(frozen=True, slots=True)
class EnrolmentLine:
    id: int
    activity: int
    name: str
    group: str  # "" where the activity has no groups
    category: str | None
    start: date
    end: date
    booked: int  # days to come


@dataclass(frozen=True, slots=True)
class ChildLine:
    id: int
    first_name: str
    last_name: str
    born: date
    sex: str
    school: str  # of the year; "": an adult, or not in a school here
    school_id: int | None
    level: str
    weeks: str  # all | even | odd
    elsewhere: str  # the number of the other home's file
    enrolments: tuple[EnrolmentLine, ...] = ()
    members: tuple[str, ...] = ()  # activities whose membership is paid
    waits: tuple[tuple[str, int], ...] = ()  # for a place in an activity: its name, the rank

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def age(self, today: date) -> int:
        """Whole years."""
        return today.year - self.born.year - ((today.month, today.day) < (self.born.month, self.born.day))


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many of each wait for somebody of the mairie."""

    requests: int
    threads: int
    anomalies: int


@dataclass(frozen=True, slots=True)
class DayToCome:
    day: date
    child: str
    slot: str
    state: BookingState


async def tills(family: int, today: date) -> list[TillLine]:
    """Those at which there is something to pay, or an avoir."""
    due, credits = await amounts_due.of_family(family), await amounts_due.credits_of(family)
    names = {row["id"]: row["name"] for row in await rows("SELECT id, name FROM till ORDER BY position, id")}
    found = []
    for id, name in names.items():
        mine = amounts_due.of_till(due, id)
        if mine or id in credits:
            owed = sum(one.open for one in mine)
            overdue = tuple(one for one in mine if one.is_overdue(today))
            late = sum(one.open for one in overdue)
            coming = [one.due_on for one in mine if one.due_on and not one.is_overdue(today)]
            found.append(
                TillLine(id, name, owed, late, credits.get(id, 0), min(coming, default=None), overdue)
            )
    return found


async def children(family: int, year: int | None, today: date) -> list[ChildLine]:
    """In the family's own order; `year` is the school year whose class is shown. Four questions."""
    enrolled: defaultdict[int, list[EnrolmentLine]] = defaultdict(list)
    for row in await rows(_ENROLLED, [today, family]):
        enrolled[row["child_id"]].append(_enrolment(row))
    members: defaultdict[int, list[str]] = defaultdict(list)
    for row in await rows(_MEMBERS, [family]):
        members[row["child_id"]].append(row["name"])
    waits: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    for row in await rows(_WAITS, [family]):
        waits[row["child_id"]].append((row["name"], int(row["rank"])))
    return [
        ChildLine(
            **{name: row[name] for name in ("id", "first_name", "last_name", "weeks", "school_id", "sex")},
            born=as_date(row["born"]),
            school=row["school"] or "",
            level=row["level"] or "",
            elsewhere=row["elsewhere"] or "",
            enrolments=tuple(enrolled[row["id"]]),
            members=tuple(members[row["id"]]),
            waits=tuple(waits[row["id"]]),
        )
        for row in await rows(_CHILDREN, [year or 0, family])
    ]


async def quotients(family: int) -> list[Span]:
    """The last first."""
    found = Quotient.filter(family_id=family).order_by("-start", "-id")
    return [Span(row.id, row.value, row.start, row.end) for row in await found]


async def waiting(family: int) -> Waiting:
    row = (await rows(_WAITING, [family, family, family]))[0]
    return Waiting(int(row["requests"]), int(row["threads"]), int(row["anomalies"]))


async def coming(family: int, today: date) -> list[DayToCome]:
    """Booked, asked for or waited for, from today on: at most SOON."""
    return [
        DayToCome(as_date(row["day"]), row["child"], row["slot"], BookingState(row["state"]))
        for row in await rows(_COMING, [family, today, SOON])
    ]


def _enrolment(row: dict[str, Any]) -> EnrolmentLine:
    same = ("id", "activity", "name", "category")
    start, end = as_date(row["start"]), as_date(row["end"])
    group = row["group_name"] if row["group_code"] else ""
    return EnrolmentLine(
        **{name: row[name] for name in same}, group=group, start=start, end=end, booked=int(row["booked"])
    )


_ENROLLED = f"""
SELECT enrolment.id, enrolment.child_id, enrolment.activity_id AS activity, activity.name, enrolment.category,
  enrolment.start, enrolment."end", activity_group.name AS group_name, activity_group.code AS group_code,
  (SELECT COUNT(*) FROM booking WHERE booking.enrolment_id = enrolment.id AND booking.day >= ?
    AND booking.state IN {sql_list(LIVE)}) AS booked
FROM enrolment JOIN activity ON activity.id = enrolment.activity_id
JOIN activity_group ON activity_group.id = enrolment.group_id
WHERE enrolment.family_id = ? ORDER BY activity.position, enrolment.id
"""  # noqa: S608
_MEMBERS = """
SELECT DISTINCT membership.child_id, activity.name, activity.position FROM membership
JOIN activity ON activity.id = membership.activity_id JOIN home ON home.child_id = membership.child_id
WHERE home.family_id = ? ORDER BY activity.position
"""
_WAITS = f"""
SELECT mine.child_id, activity.name, {RANK} AS rank FROM enrolment_wait AS mine
JOIN activity ON activity.id = mine.activity_id
WHERE mine.state = '{WaitState.WAITING}' AND mine.family_id = ? ORDER BY activity.position
"""  # noqa: S608
_CHILDREN = """
SELECT child.id, child.first_name, child.last_name, child.born, child.sex, home.weeks,
  schooling.level, schooling.school_id, school.name AS school,
  (SELECT other.number FROM home AS second JOIN family AS other ON other.id = second.family_id
    WHERE second.child_id = child.id AND second.family_id <> home.family_id LIMIT 1) AS elsewhere
FROM home JOIN child ON child.id = home.child_id
LEFT JOIN schooling ON schooling.child_id = child.id AND schooling.year_id = ?
LEFT JOIN school ON school.id = schooling.school_id
WHERE home.family_id = ? ORDER BY home.position, child.id
"""
_WAITING = f"""
SELECT (SELECT COUNT(*) FROM request WHERE family_id = ? AND state = '{RequestState.PENDING}') AS requests,
  (SELECT COUNT(*) FROM message_thread WHERE family_id = ? AND state = '{ThreadState.OPEN}') AS threads,
  (SELECT COUNT(*) FROM anomaly WHERE family_id = ? AND seen_at IS NULL) AS anomalies
"""  # noqa: S608
_COMING = f"""
SELECT booking.day, child.first_name AS child, slot.name AS slot, booking.state FROM booking
JOIN child ON child.id = booking.child_id JOIN slot ON slot.id = booking.slot_id
WHERE booking.family_id = ? AND booking.day >= ? AND booking.state IN {sql_list(LIVE)}
ORDER BY booking.day, child.first_name, slot.starts, booking.id LIMIT ?
"""  # noqa: S608
