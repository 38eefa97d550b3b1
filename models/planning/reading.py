"""The rows that the facts of cells are read from: the cart, the bookings and the places, a query each."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from models.bookings.waiting_list import RANK
from models.planning.cell import Key, Line
from models.rules.booking import LIVE, Booked, BookingState, WaitingState
from models.rules.states.orders import LineAction
from models.rules.states.requests import RequestKind, RequestState
from models.storage.database import as_date, as_instant, marks, records, sql_list

_SHOWN = (*LIVE, BookingState.REFUSED)


@dataclass(frozen=True, slots=True)
class Capacity:
    opening: int
    places: int | None
    taken: int
    queue: int


async def cart(family: int) -> list[tuple[Line, BookingState | None]]:
    """The whole cart of the family; beside a cancellation, the state of the booking that it cancels."""
    rows = await records(_CART, [family])
    return [(_line(row), BookingState(row["booked"]) if row["booked"] else None) for row in rows]


async def bookings(family: int, children: list[int], first: date, last: date) -> dict[Key, Booked]:
    """The live booking of each cell, whichever household made it; else the last of this one that was refused."""
    found: dict[Key, Booked] = {}
    question = _BOOKED.format(children=marks(children))
    for row in await records(question, [*children, first, last, family]):
        key = (row["child_id"], row["slot_id"], as_date(row["day"]))
        if row["state"] != BookingState.REFUSED or key not in found:
            found[key] = _booked(row, family)
    return found


async def places(
    slots: list[int], groups: list[int], first: date, last: date
) -> dict[tuple[int, int, date], Capacity]:
    """By slot, group and day."""
    question = _PLACES.format(slots=marks(slots), groups=marks(groups))
    return {
        (row["slot_id"], row["group_id"], as_date(row["day"])): Capacity(
            row["id"], row["places"], row["taken"], row["queue"]
        )
        for row in await records(question, [*slots, *groups, first, last])
    }


def _line(row: Any) -> Line:
    return Line(
        row["id"], row["child_id"], row["slot_id"], as_date(row["day"]), LineAction(row["action"]), row["cents"],
        row["reason"], bool(row["waits"]), row["order_id"],
    )  # fmt: skip


def _booked(row: Any, family: int) -> Booked:
    return Booked(
        id=row["id"],
        state=BookingState(row["state"]),
        cents=row["cents"],
        own=row["family_id"] == family,
        cancel_asked=bool(row["cancel_asked"]),
        rank=row["rank"] or 0,
        note=row["note"],
        reason=row["reason"],
        tariff=row["tariff_id"],
        offered_until=as_instant(row["offered_until"]),
    )


_CART = f"""
SELECT id, child_id, slot_id, day, action, cents, reason, waits, order_id,
  CASE WHEN action = '{LineAction.CANCEL}' THEN (
    SELECT booking.state FROM booking WHERE booking.child_id = cart_line.child_id
    AND booking.slot_id = cart_line.slot_id AND booking.day = cart_line.day
    AND booking.state IN {sql_list(LIVE)}) END AS booked
FROM cart_line WHERE family_id = ?
"""  # noqa: S608

_BOOKED = f"""
SELECT b.id, b.child_id, b.family_id, b.slot_id, b.day, b.state, b.cents, b.reason, b.tariff_id, b.note,
  mine.offered_until,
  EXISTS (SELECT 1 FROM request WHERE request.booking_id = b.id AND kind = '{RequestKind.CANCELLATION}'
    AND request.state = '{RequestState.PENDING}') AS cancel_asked,
  CASE WHEN b.state = '{BookingState.WAITING}' THEN {RANK} END AS rank
FROM booking AS b LEFT JOIN waiting AS mine ON mine.booking_id = b.id
WHERE b.child_id IN ({{children}}) AND b.day BETWEEN ? AND ? AND b.state IN {sql_list(_SHOWN)}
  AND (b.family_id = ? OR b.state <> '{BookingState.REFUSED}') ORDER BY b.id DESC
"""  # noqa: S608

_PLACES = f"""
SELECT id, slot_id, group_id, day, places, taken, CASE WHEN places IS NULL THEN 0 ELSE (
    SELECT COUNT(*) FROM waiting WHERE waiting.opening_id = opening.id AND waiting.state = '{WaitingState.WAITING}')
  END AS queue
FROM opening WHERE slot_id IN ({{slots}}) AND group_id IN ({{groups}}) AND day BETWEEN ? AND ?
"""  # noqa: S608
