"""The rows that the facts of cells are read from: the cart, the bookings and the places."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from models.activities.catalogue import Catalogue
from models.bookings.waiting_list import RANK
from models.families.file.lacking import Lack, lacking
from models.families.household import Household
from models.money import suspension
from models.planning.cell import Key, Line
from models.rules.booking import LIVE, Bar, Booked, BookingState, WaitingState
from models.rules.states.attendance import AttendanceState
from models.rules.states.orders import LineAction
from models.rules.states.requests import RequestKind, RequestState
from models.storage.database import as_date, as_instant, marks, records, sql_list

_SHOWN = (*LIVE, BookingState.REFUSED)


class Capacity(NamedTuple):
    opening: int
    places: int | None
    taken: int
    queue: int


@dataclass(frozen=True, slots=True)
class Barred:
    """Why the family books no more days: the tills that it owes too much, the papers that it has not sent."""

    tills: frozenset[int] = frozenset()
    lacks: tuple[Lack, ...] = ()  # those whose day is to come too
    today: date = date.min

    def of(self, till: int, child: int) -> tuple[Bar, str]:
        """Of one child at one till, and the paper's name where one is missing. Arrears are said first."""
        if till in self.tills:
            return "suspended", ""
        name = next((one.condition.name for one in self.lacks if one.blocks(child, self.today)), "")
        return ("papers", name) if name else ("", "")


NOT_BARRED = Barred()


async def barred(catalogue: Catalogue, household: Household, today: date) -> Barred:
    """No question for a family that owes little, where the commune waits for no paper."""
    tills = await suspension.tills(catalogue.tills.values(), household.family, today)
    children = [child.id for child in household.children]
    found = await lacking(catalogue.conditions, household.family, children, today)
    return Barred(tills, tuple(found), today)


@dataclass(frozen=True, slots=True)
class Rows:
    """What a family's planning is drawn from."""

    cart: tuple[
        tuple[Line, BookingState | None], ...
    ]  # the whole; a cancellation with the state of its booking
    booked: dict[
        Key, Booked
    ]  # the live one, whichever household made it; else this one's last that was refused
    places: dict[tuple[int, int, date], Capacity]  # by slot, group and day
    repeated: bool  # was the batch applied before?


async def everything(
    family: int,
    children: Sequence[int],
    slots: Sequence[int],
    groups: Sequence[int],
    first: date,
    last: date,
    batch: str | None = None,
) -> Rows:
    """In one statement: each trip to the database costs more than what it brings."""
    question = _ALL.format(children=marks(children), slots=marks(slots), groups=marks(groups))
    of_bookings, of_places = [*children, first, last, family], [*slots, *groups, first, last]
    cart: list[tuple[Line, BookingState | None]] = []
    booked: dict[Key, Booked] = {}
    places: dict[tuple[int, int, date], Capacity] = {}
    repeated = False
    for row in await records(question, [family, *of_bookings, *of_places, family, batch or ""]):
        what, id, child, slot, day, other, word, cents, text, one, two, flag, late, note, moment, said = row
        if what == _OF_PLACES:
            places[slot, other, as_date(day)] = Capacity(id, one, cents, two)
        elif what == _OF_CART:
            line = Line(id, child, slot, as_date(day), _ACTIONS[word], cents, text, bool(flag), other)
            cart.append((line, BookingState(note) if note else None))
        elif what == _OF_BATCH:
            repeated = True
        else:
            key, state, until = (child, slot, as_date(day)), BookingState(word), as_instant(moment)
            if state != BookingState.REFUSED or _is_last_refused(booked.get(key), id):
                booked[key] = Booked(
                    id,
                    state,
                    cents,
                    other == family,
                    bool(flag),
                    two or 0,
                    note,
                    until,
                    text,
                    one,
                    bool(late),
                    said or "",
                )
    return Rows(tuple(cart), booked, places, repeated)


def _is_last_refused(found: Booked | None, id: int) -> bool:
    """Is nothing live there, nor anything refused since?"""
    return found is None or (found.state == BookingState.REFUSED and found.id < id)


_ACTIONS = {action.value: action for action in LineAction}
_OF_CART, _OF_BOOKINGS, _OF_PLACES, _OF_BATCH = range(4)
_NONE = "CAST(NULL AS INTEGER)"  # PostgreSQL wants to know of what type nothing is

# What the roll call says of a booking that stands; nothing where a word was taken back.
ATTENDED = f"""CASE WHEN b.state <> '{BookingState.CONFIRMED}' THEN NULL
    WHEN attendance.state = '{AttendanceState.PRESENT}' THEN 'present'
    WHEN attendance.state = '{AttendanceState.ABSENT}' AND attendance.due_cents = 0 THEN 'absent_free'
    WHEN attendance.state = '{AttendanceState.ABSENT}' THEN 'absent' END"""

_ALL = f"""
SELECT {_OF_CART} AS what, id, child_id, slot_id, day, order_id AS other, action AS word, cents, reason AS text,
  {_NONE} AS one, {_NONE} AS two, waits AS flag, FALSE AS late,
  CASE WHEN action = '{LineAction.CANCEL}' THEN (
    SELECT booking.state FROM booking WHERE booking.child_id = cart_line.child_id
    AND booking.slot_id = cart_line.slot_id AND booking.day = cart_line.day
    AND booking.state IN {sql_list(LIVE)}) END AS note,
  CAST(NULL AS TIMESTAMP WITH TIME ZONE) AS moment, CAST(NULL AS TEXT) AS said
FROM cart_line WHERE family_id = ?
UNION ALL
SELECT {_OF_BOOKINGS}, b.id, b.child_id, b.slot_id, b.day, b.family_id, b.state, b.cents, b.reason, b.tariff_id,
  CASE WHEN b.state = '{BookingState.WAITING}' THEN {RANK} END,
  EXISTS (SELECT 1 FROM request WHERE request.booking_id = b.id AND kind = '{RequestKind.CANCELLATION}'
    AND request.state = '{RequestState.PENDING}'),
  b.late, b.note, mine.offered_until, {ATTENDED}
FROM booking AS b LEFT JOIN waiting AS mine ON mine.booking_id = b.id
LEFT JOIN attendance ON attendance.booking_id = b.id
WHERE b.child_id IN ({{children}}) AND b.day BETWEEN ? AND ? AND b.state IN {sql_list(_SHOWN)}
  AND (b.family_id = ? OR b.state <> '{BookingState.REFUSED}')
UNION ALL
SELECT {_OF_PLACES}, id, NULL, slot_id, day, group_id, NULL, taken, NULL, places, CASE WHEN places IS NULL THEN 0
  ELSE (SELECT COUNT(*) FROM waiting WHERE waiting.opening_id = opening.id
    AND waiting.state = '{WaitingState.WAITING}') END, NULL, NULL, NULL, NULL, NULL
FROM opening WHERE slot_id IN ({{slots}}) AND group_id IN ({{groups}}) AND day BETWEEN ? AND ?
UNION ALL
SELECT {_OF_BATCH}, id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM batch WHERE family_id = ? AND key = ?
"""  # noqa: S608
