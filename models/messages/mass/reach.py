"""Whom a message to many would reach: families of a school, a class, an activity, a day, with something to pay."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.commune.school_year import SchoolYear
from models.rules.booking import BookingState
from models.storage.database import rows
from models.storage.paging import Where


@dataclass(frozen=True, slots=True)
class Reach:
    """Of one and the same child; nothing chosen is every family."""

    school: int | None = None
    level: str = ""  # of its class this year
    activity: int | None = None  # enrolled today or later; with a day, booked
    day: date | None = None  # booked on it
    owing: bool = False  # the family owes something at a till


@dataclass(frozen=True, slots=True)
class Reached:
    """Families with a parent to write to, in the order of their numbers."""

    families: Sequence[int]
    without_email: int  # among them: they read it on the portal only

    @property
    def read(self) -> str:
        """What somebody has read before they send it."""
        said = ",".join(map(str, self.families))
        return f"{len(self.families)}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"


async def reached(reach: Reach, today: date) -> Reached:
    """One question, however many families."""
    where = await _where(reach, today)
    found = await rows(_FAMILIES.format(where=where.sql), where.values)
    return Reached([row["id"] for row in found], sum(not row["mailed"] for row in found))


async def levels(today: date) -> list[str]:
    """Of this year's classes."""
    year = await SchoolYear.current(today)
    return [row["level"] for row in await rows(_LEVELS, [year.id])] if year else []


async def _where(reach: Reach, today: date) -> Where:
    where = Where()
    if reach.owing:
        where = where.and_also(_OWING)
    child = await _child(reach, today)
    if child.values:
        where = where.and_also(_CHILD.format(where=child.sql), *child.values)
    return where


async def _child(reach: Reach, today: date) -> Where:
    child = Where()
    if reach.school is not None or reach.level:
        year = await SchoolYear.current(today)
        of_class: list[Any] = [year.id if year else 0]
        said = "schooling.year_id = ?"
        if reach.school is not None:
            said, of_class = f"{said} AND schooling.school_id = ?", [*of_class, reach.school]
        if reach.level:
            said, of_class = f"{said} AND schooling.level = ?", [*of_class, reach.level]
        child = child.and_also(_SCHOOLING.format(where=said), *of_class)
    if reach.day is not None:
        of_day: list[Any] = [reach.day, BookingState.CONFIRMED]
        said = "booking.day = ? AND booking.state = ?"
        if reach.activity is not None:
            said, of_day = f"{said} AND slot.activity_id = ?", [*of_day, reach.activity]
        child = child.and_also(_BOOKED.format(where=said), *of_day)
    elif reach.activity is not None:
        child = child.and_also(_ENROLLED, reach.activity, today)
    return child


_FAMILIES = """
SELECT family.id,
  EXISTS (SELECT 1 FROM guardian WHERE guardian.family_id = family.id AND guardian.email <> '') AS mailed
FROM family WHERE EXISTS (SELECT 1 FROM guardian WHERE guardian.family_id = family.id)
  AND NOT EXISTS (SELECT 1 FROM family_merge WHERE family_merge.family_id = family.id) AND {where}
ORDER BY family.number, family.id
"""
_OWING = """EXISTS (SELECT 1 FROM account JOIN leg ON leg.account_id = account.id
  WHERE account.family_id = family.id AND account.kind = 'family' GROUP BY account.id HAVING SUM(leg.cents) > 0)"""
_CHILD = "EXISTS (SELECT 1 FROM home WHERE home.family_id = family.id AND {where})"
_SCHOOLING = "EXISTS (SELECT 1 FROM schooling WHERE schooling.child_id = home.child_id AND {where})"
_BOOKED = """EXISTS (SELECT 1 FROM booking JOIN slot ON slot.id = booking.slot_id
  WHERE booking.child_id = home.child_id AND booking.family_id = home.family_id AND {where})"""
_ENROLLED = """EXISTS (SELECT 1 FROM enrolment WHERE enrolment.child_id = home.child_id
  AND enrolment.family_id = home.family_id AND enrolment.activity_id = ? AND enrolment."end" >= ?)"""
_LEVELS = "SELECT DISTINCT level FROM schooling WHERE year_id = ? AND level <> '' ORDER BY level"
