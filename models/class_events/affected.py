"""Which booked days a class event takes: by activity, by family, by day, before anything is written."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.rules.booking import IN_LINE, TAKES_A_PLACE, BookingState, WaitingState
from models.rules.states.attendance import AttendanceState
from models.rules.states.orders import Billing
from models.rules.states.requests import RequestState
from models.storage.database import as_date, marks, rows, sql_list

# What is cancelled at once. A request is refused; what is being paid is cancelled when it has been.
CANCELLED = (BookingState.CONFIRMED, *IN_LINE)


@dataclass(frozen=True, slots=True)
class Reach:
    """Classes, days and activities of a school year."""

    year: int
    classes: Sequence[tuple[str, str]]  # the school's code and the level
    days: Sequence[date]
    activities: Sequence[str] | None = None  # codes; None: all

    def where(self, *more: str) -> tuple[str, list[Any]]:
        """Of the rows of BOOKED, and its values."""
        pairs = [f"{school}|{level}" for school, level in self.classes]
        said = [
            "activity.year_id = ?",
            f"booking.day IN ({marks(self.days)})",
            f"school.code || '|' || schooling.level IN ({marks(pairs)})",
            *more,
        ]
        values: list[Any] = [self.year, *self.days, *pairs]
        if self.activities is not None:
            said.append(f"activity.code IN ({marks(self.activities)})" if self.activities else "1 = 0")
            values += self.activities
        return " AND ".join(said), values


@dataclass(frozen=True, slots=True)
class Affected:
    """A booked day that an event would take."""

    booking: int
    family: int
    child: int
    slot: int
    day: date
    opening: int
    state: BookingState
    cents: int  # that come back to the family as an avoir
    till: int | None  # where that avoir is
    activity_id: int
    activity: str  # its code
    request: int | None  # that waits for an answer


@dataclass
class OfActivity:
    name: str
    prepaid: bool
    bookings: int = 0
    cents: int = 0


@dataclass
class Preview:
    """What confirming would do, now."""

    activities: list[OfActivity] = field(default_factory=list)  # in the commune's order
    families: int = 0
    unreachable: list[tuple[str, str]] = field(default_factory=list)  # without an e-mail: number, name
    waiting: int = 0  # ranks and offers that end
    requests: int = 0  # that are refused
    paying: int = 0  # cancelled once they are paid
    called: int = 0  # the roll call has spoken of them, or an invoice: they stay
    others_waiting: int = 0  # children of other classes who wait for one of these places

    @property
    def bookings(self) -> int:
        return sum(one.bookings for one in self.activities)

    @property
    def cents(self) -> int:
        return sum(one.cents for one in self.activities)

    @property
    def read(self) -> str:
        """What somebody has read before they confirm it."""
        return f"{self.bookings}-{self.cents}-{self.waiting}-{self.requests}"


async def affected(reach: Reach, family: int | None = None) -> list[Affected]:
    """Of one family, or of all, in the order of openings: places are given back in it."""
    if not reach.classes or not reach.days:
        return []
    where, values = reach.where(f"booking.state IN {sql_list((*CANCELLED, BookingState.REQUESTED))}", _FREE)
    if family is not None:
        where, values = f"{where} AND booking.family_id = ?", [*values, family]
    found = await rows(f"{_AFFECTED} WHERE {where} ORDER BY booking.opening_id, booking.id", values)
    return [_affected(row) for row in found]


def _affected(row: dict[str, Any]) -> Affected:
    prepaid = row["billing"] == Billing.PREPAID and row["state"] == BookingState.CONFIRMED
    same = ("booking", "family", "child", "slot", "opening", "till", "activity_id", "activity", "request")
    return Affected(
        **{name: row[name] for name in same},
        day=as_date(row["day"]),
        state=BookingState(row["state"]),
        cents=row["cents"] if prepaid and row["till"] is not None else 0,
    )


async def preview(reach: Reach) -> Preview:
    """Six questions, however many days."""
    found = Preview()
    if not reach.classes or not reach.days:
        return found
    taken = await affected(reach)
    by_activity: dict[int, OfActivity] = {}
    for one in taken:
        if one.state == BookingState.CONFIRMED:
            of = by_activity.setdefault(one.activity_id, OfActivity("", prepaid=False))
            of.bookings += 1
            of.cents += one.cents
    for row in await rows("SELECT id, name, billing FROM activity ORDER BY position, id"):
        if counted := by_activity.get(row["id"]):
            counted.name, counted.prepaid = row["name"], row["billing"] == Billing.PREPAID
            found.activities.append(counted)
    found.waiting = sum(one.state in IN_LINE for one in taken)
    found.requests = sum(one.state == BookingState.REQUESTED for one in taken)
    families = {one.family for one in taken}
    found.families = len(families)
    found.unreachable = await _unreachable(families)
    found.paying = await _count(reach, f"booking.state = '{BookingState.HELD}'")
    found.called = await _count(reach, f"booking.state IN {sql_list(TAKES_A_PLACE)}", f"NOT ({_FREE})")
    found.others_waiting = await _others(taken)
    return found


async def by_day(reach: Reach) -> Counter[date]:
    """How many days of these classes are booked, by day."""
    if not reach.classes or not reach.days:
        return Counter()
    where, values = reach.where(f"booking.state = '{BookingState.CONFIRMED}'")
    found = await rows(
        f"SELECT booking.day, COUNT(*) AS number {_BOOKED} WHERE {where} GROUP BY booking.day", values
    )
    return Counter({as_date(row["day"]): row["number"] for row in found})


async def _count(reach: Reach, *more: str) -> int:
    where, values = reach.where(*more)
    [row] = await rows(f"SELECT COUNT(*) AS number {_BOOKED} WHERE {where}", values)
    return int(row["number"])


async def _unreachable(families: Collection[int]) -> list[tuple[str, str]]:
    ids = sorted(families)
    found = await rows(_UNREACHABLE.format(families=marks(ids)), ids) if ids else []
    return [(row["number"], row["name"]) for row in found]


async def _others(taken: Sequence[Affected]) -> int:
    """Children who wait for a place that becomes free, and whose own day is not taken."""
    freed = sorted({one.opening for one in taken if one.state in TAKES_A_PLACE})
    mine = [one.booking for one in taken if one.state in IN_LINE]
    if not freed:
        return 0
    question = _OTHERS.format(openings=marks(freed), bookings=marks(mine) or "0")
    [row] = await rows(question, [*freed, *mine])
    return int(row["number"])


# A day that the roll call has spoken of, or that is on an invoice, is not taken back by an event.
_FREE = f"""NOT EXISTS (SELECT 1 FROM attendance WHERE attendance.booking_id = booking.id
    AND attendance.state <> '{AttendanceState.UNDONE}')
  AND NOT EXISTS (SELECT 1 FROM invoiced_booking WHERE invoiced_booking.booking_id = booking.id
    AND invoiced_booking.credit_note_id IS NULL)"""  # noqa: S608
_BOOKED = """
FROM booking JOIN slot ON slot.id = booking.slot_id JOIN activity ON activity.id = slot.activity_id
JOIN schooling ON schooling.child_id = booking.child_id AND schooling.year_id = activity.year_id
JOIN school ON school.id = schooling.school_id
"""
_AFFECTED = f"""
SELECT booking.id AS booking, booking.family_id AS family, booking.child_id AS child, booking.slot_id AS slot,
  booking.day, booking.opening_id AS opening, booking.state, booking.cents, family_order.till_id AS till,
  activity.id AS activity_id, activity.code AS activity, activity.billing,
  (SELECT MIN(request.id) FROM request
    WHERE request.booking_id = booking.id AND request.state = '{RequestState.PENDING}') AS request
{_BOOKED} LEFT JOIN family_order ON family_order.id = booking.order_id
"""  # noqa: S608
_OTHERS = f"""
SELECT COUNT(*) AS number FROM waiting WHERE state = '{WaitingState.WAITING}'
  AND opening_id IN ({{openings}}) AND booking_id NOT IN ({{bookings}})
"""  # noqa: S608
_UNREACHABLE = """
SELECT family.number, COALESCE((SELECT guardian.first_name || ' ' || guardian.last_name FROM guardian
  WHERE guardian.family_id = family.id ORDER BY guardian.position, guardian.id LIMIT 1), '') AS name
FROM family WHERE family.id IN ({families})
  AND NOT EXISTS (SELECT 1 FROM guardian WHERE guardian.family_id = family.id AND guardian.email <> '')
ORDER BY family.number
"""
