"""What the roll call makes of a child's days: what is due of each, and what changes of those that were paid before.

A prepaid day is settled once its service is closed, by the difference alone: called again, or corrected, the next
difference follows. What an invoice bills, the invoice prices.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.activities.catalogue import Catalogue
from models.bookings.roll.attendance import Attendance
from models.bookings.roll.called_days import AROUND, MARKED, mark_of
from models.bookings.roll.roll_charge import RollCharge
from models.french.orders import charge_label
from models.money import ledger
from models.rules import postings
from models.rules.booking import BookingState
from models.rules.postings import FamilyAccount
from models.rules.pricing.attended import CalledDay, corrected, due_of_absences
from models.rules.states.attendance import AttendanceState
from models.rules.states.requests import RequestKind, RequestState
from models.storage.database import as_date, marks, rows
from models.work.audit_log import Event


@dataclass(frozen=True, slots=True)
class Reach:
    """The days that a word about some of them may change: the same children and activities, some weeks around."""

    children: Sequence[int]
    activities: Sequence[int]
    first: date
    last: date

    @property
    def values(self) -> list[Any]:
        return [*self.children, *self.activities, self.first - AROUND, self.last + AROUND]


async def families_of(reach: Reach) -> list[int]:
    """Whose account settling may move: lock them first."""
    question = f"SELECT DISTINCT booking.family_id AS id {_DAYS}"
    return [row["id"] for row in await rows(_filled(question, reach), reach.values)]


async def settle(catalogue: Catalogue, reach: Reach, member: int, now: datetime) -> None:
    """Call inside a transaction that holds the families of `families_of`."""
    found = await rows(_filled(_FACTS, reach), reach.values)
    due = _due(catalogue, found)
    for row in found:
        if row["attendance"] is None:
            continue
        cents, undone = due[row["booking"]], row["state"] == AttendanceState.UNDONE
        told = None if undone and not row["unbooked"] else cents
        if told != row["due_cents"]:
            await Attendance.filter(id=row["attendance"]).update(due_cents=told)
        if catalogue.activity_of(row["slot"]).prepaid and row["closed"] and not row["asked"]:
            change = cents - row["cents"] - int(row["charged"] or 0)
            if change:
                await _charge(catalogue, row, change, member, now)


def _due(catalogue: Catalogue, found: Sequence[dict[str, Any]]) -> dict[int, int]:
    """By booking, in cents of what was paid for it, or would have been."""
    due: dict[int, int] = {}
    together: defaultdict[tuple[int, int], list[CalledDay]] = defaultdict(list)
    for row in found:
        slot, mark = catalogue.slots[row["slot"]], mark_of(row)
        due[row["booking"]] = corrected(row["cents"], mark, slot.timing, slot.late_pickup)
        if row["unbooked"] and mark is None:
            due[row["booking"]] = 0  # nobody was there after all
            continue
        day = CalledDay(row["booking"], as_date(row["day"]), slot.starts, row["cents"], mark)
        together[row["child"], slot.activity].append(day)
    for (_, activity), days in together.items():
        due |= due_of_absences(catalogue.activities[activity].absences, days)
    return due


async def _charge(catalogue: Catalogue, row: dict[str, Any], cents: int, member: int, now: datetime) -> None:
    charge = await RollCharge.create(attendance_id=row["attendance"], cents=cents, member_id=member, at=now)
    activity = catalogue.activity_of(row["slot"])
    account = FamilyAccount(row["family"], activity.till)
    label = charge_label(as_date(row["day"]), catalogue.slots[row["slot"]].name, cents)
    posting = postings.called(account, charge.id, activity.code, cents, label)
    await ledger.post(posting, at=now, actor=f"member:{member}")
    about = f"attendance:{row['attendance']}"
    await Event.note(now, f"member:{member}", "roll.charged", about, row["family"], cents=cents)


def _filled(question: str, reach: Reach) -> str:
    return question.format(children=marks(reach.children), activities=marks(reach.activities))


def reach_of(catalogue: Catalogue, cells: Collection[tuple[int, int, date]]) -> Reach:
    """Of children in slots on days."""
    days = [day for _, _, day in cells]
    activities = {catalogue.slots[slot].activity for _, slot, _ in cells}
    return Reach(sorted({child for child, _, _ in cells}), sorted(activities), min(days), max(days))


# A child's days in the order of ids: whoever settles the same ones writes them in the same order. A place that somebody
# made at the door and took back is no booking any more, but what it cost is still to be given back.
_DAYS = f"""
FROM booking JOIN slot ON slot.id = booking.slot_id LEFT JOIN attendance ON attendance.booking_id = booking.id
WHERE booking.child_id IN ({{children}}) AND slot.activity_id IN ({{activities}}) AND booking.day BETWEEN ? AND ?
  AND (booking.state = '{BookingState.CONFIRMED}' OR attendance.unbooked)
"""
_FACTS = f"""
SELECT booking.id AS booking, booking.child_id AS child, booking.slot_id AS slot, booking.day,
  booking.family_id AS family, booking.cents, attendance.id AS attendance, attendance.due_cents, {MARKED},
  EXISTS (SELECT 1 FROM roll_closing WHERE roll_closing.opening_id = booking.opening_id) AS closed,
  EXISTS (SELECT 1 FROM request WHERE request.booking_id = booking.id
    AND request.kind = '{RequestKind.CANCELLATION}' AND request.state = '{RequestState.PENDING}') AS asked,
  (SELECT SUM(roll_charge.cents) FROM roll_charge WHERE roll_charge.attendance_id = attendance.id) AS charged
{_DAYS} ORDER BY booking.id
"""  # noqa: S608
