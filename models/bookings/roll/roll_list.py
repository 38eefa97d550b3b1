"""The roll of a service: its children by name, what is known of each, who may take it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.bookings.roll.parts import Part
from models.rules.booking import BookingState
from models.rules.roll.words import Called
from models.rules.states.attendance import CALLED, AttendanceState
from models.storage.database import as_date, as_instant, marks, rows


@dataclass(frozen=True, slots=True)
class Service:
    """A slot of a day for a group."""

    opening: int
    slot: int
    slot_name: str
    activity: str
    group: int
    group_name: str
    starts: int  # minutes after midnight
    ends: int
    booked: int
    called: int
    closed_at: datetime | None
    closed_by: str


@dataclass(frozen=True, slots=True)
class RollLine:
    """A child of the roll. `told`: the reason of an absence that the parents told, "" without one."""

    child: int
    slot: int
    day: date
    first_name: str
    last_name: str
    school: str
    level: str
    told: str
    called: Called
    proved_on: date | None
    unbooked: bool
    noted_by: str
    guardians: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.child}-{self.slot}-{self.day.isoformat()}"

    @property
    def is_called(self) -> bool:
        return self.called.state in CALLED

    @property
    def is_away(self) -> bool:
        """Absent, by the roll call or, as long as nobody says otherwise, by what the parents told."""
        state = self.called.state
        return state == AttendanceState.ABSENT or (state == AttendanceState.UNDONE and bool(self.told))

    @property
    def is_there(self) -> bool:
        return self.called.state == AttendanceState.PRESENT and self.called.departed is None


async def services(day: date) -> list[Service]:
    """In the order of the day; one question."""
    same = ("opening", "slot", "slot_name", "activity", "starts", "ends", "booked", "called")
    return [
        Service(
            **{name: row[name] for name in same},
            group=row["group_id"],
            group_name=row["group_name"],
            closed_at=as_instant(row["closed_at"]),
            closed_by=row["closed_by"] or "",
        )
        for row in await rows(_SERVICES, [day, day])
    ]


async def of(opening: int, part: Part | None = None) -> list[RollLine]:
    """By name, of the whole roll or of a part of it. Two questions."""
    where, values = _within(part or Part())
    found = await rows(_ROLL + where, [opening, *values])
    known = await _guardians([row["child"] for row in found])
    ordered = sorted(found, key=lambda row: (row["last_name"].casefold(), row["first_name"].casefold()))
    return [_line(row, tuple(known[row["child"]])) for row in ordered]


async def part_of(opening: int, enrolment: int) -> Part | None:
    """The class in which this enrolment's child is called; None where it is not on the roll."""
    question = f"{_ROLL} AND booking.child_id = (SELECT child_id FROM enrolment WHERE enrolment.id = ?)"  # noqa: S608
    found = await rows(question, [opening, enrolment])
    return Part(found[0]["school_id"] or 0, found[0]["level"] or "") if found else None


@dataclass(frozen=True, slots=True)
class Counts:
    """Of a roll: children there now, gone, absent, and those of whom nobody said anything."""

    all: int
    there: int
    gone: int
    away: int
    left: int


def counts(lines: Sequence[RollLine]) -> Counts:
    found: Counter[str] = Counter(_where(line) for line in lines)
    return Counts(len(lines), found["there"], found["gone"], found["away"], found["left"])


def _where(line: RollLine) -> str:
    if line.is_away:
        return "away"
    return "there" if line.is_there else "gone" if line.is_called else "left"


def _within(part: Part) -> tuple[str, list[object]]:
    if part.school is None:
        return "", []
    school = " AND COALESCE(schooling.school_id, 0) = ?"
    if part.level is None:
        return school, [part.school]
    return f"{school} AND COALESCE(schooling.level, '') = ?", [part.school, part.level]


def _line(row: dict[str, Any], guardians: tuple[str, ...]) -> RollLine:
    same = ("child", "slot", "first_name", "last_name", "told")
    state = row["state"] or AttendanceState.UNDONE
    known = (row["reason"] or "", row["arrived"], row["departed"], row["fetched_by"] or "")
    return RollLine(
        **{name: row[name] for name in same},
        day=as_date(row["day"]),
        school=row["school"] or "",
        level=row["level"] or "",
        called=Called(AttendanceState(state), *known, as_instant(row["noted_at"])),
        proved_on=row["proved_on"] and as_date(row["proved_on"]),
        unbooked=bool(row["unbooked"]),
        noted_by=row["noted_by"] or "",
        guardians=guardians,
    )


async def _guardians(children: Sequence[int]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    if children:
        for row in await rows(_GUARDIANS.format(marks=marks(children)), children):
            found[row["child"]].append(row["name"])
    return found


_SERVICES = f"""
SELECT opening.id AS opening, slot.id AS slot, slot.name AS slot_name, activity.name AS activity, slot.starts,
  slot.ends, activity_group.id AS group_id, activity_group.name AS group_name, roll_closing.at AS closed_at,
  member.name AS closed_by, COALESCE(here.booked, 0) AS booked, COALESCE(here.called, 0) AS called
FROM opening JOIN slot ON slot.id = opening.slot_id JOIN activity ON activity.id = slot.activity_id
JOIN activity_group ON activity_group.id = opening.group_id
LEFT JOIN roll_closing ON roll_closing.opening_id = opening.id LEFT JOIN member ON member.id = roll_closing.member_id
LEFT JOIN (
  SELECT booking.opening_id, COUNT(*) AS booked,
    SUM(CASE WHEN attendance.state IN ('{CALLED[0]}', '{CALLED[1]}') THEN 1 ELSE 0 END) AS called
  FROM booking LEFT JOIN attendance ON attendance.booking_id = booking.id
  WHERE booking.day = ? AND booking.state = '{BookingState.CONFIRMED}' GROUP BY booking.opening_id
) AS here ON here.opening_id = opening.id
WHERE opening.day = ?
ORDER BY slot.starts, slot.id, activity_group.position, activity_group.id
"""  # noqa: S608
_ROLL = f"""
SELECT child.id AS child, booking.slot_id AS slot, booking.day, child.first_name, child.last_name,
  school.name AS school, schooling.school_id, schooling.level, COALESCE(absence.reason, '') AS told, attendance.state,
  attendance.reason, attendance.arrived, attendance.departed, attendance.fetched_by, attendance.proved_on,
  attendance.noted_at, COALESCE(attendance.unbooked, FALSE) AS unbooked, member.name AS noted_by
FROM booking JOIN child ON child.id = booking.child_id JOIN slot ON slot.id = booking.slot_id
JOIN activity ON activity.id = slot.activity_id
LEFT JOIN schooling ON schooling.child_id = child.id AND schooling.year_id = activity.year_id
LEFT JOIN school ON school.id = schooling.school_id LEFT JOIN absence ON absence.booking_id = booking.id
LEFT JOIN attendance ON attendance.booking_id = booking.id LEFT JOIN member ON member.id = attendance.noted_by_id
WHERE booking.opening_id = ? AND booking.state = '{BookingState.CONFIRMED}'
"""  # noqa: S608
_GUARDIANS = """
SELECT home.child_id AS child, guardian.first_name || ' ' || guardian.last_name AS name
FROM home JOIN guardian ON guardian.family_id = home.family_id
WHERE home.child_id IN ({marks}) ORDER BY home.position, home.id, guardian.position, guardian.id
"""
