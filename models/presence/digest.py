"""What a family is told of days that the portal booked by itself, or took back: once for a run, child by child."""

from datetime import datetime
from typing import Any

from models.rules.booking import BookingState
from models.rules.states.notices import NoticeKind
from models.rules.states.orders import LineAction
from models.storage.database import as_date, rows, transaction
from models.work.notice import Notice


async def tell_booked(activity: int, family: int, click: str, now: datetime) -> None:
    """Of the orders of this run, whose clicks begin so. Nothing where it booked nothing; twice is once."""
    await _tell(NoticeKind.BOOKED_BY_DEFAULT, _BOOKED, activity, family, click, now)


async def tell_taken_back(activity: int, family: int, click: str, now: datetime) -> None:
    await _tell(NoticeKind.DEFAULT_TAKEN_BACK, _TAKEN_BACK, activity, family, click, now)


async def _tell(kind: NoticeKind, sql: str, activity: int, family: int, click: str, now: datetime) -> None:
    found = await rows(sql, [family, f"{click}%"])
    if not found:
        return
    async with transaction():
        await Notice.say(
            kind,
            family,
            f"activity:{activity}",
            now,
            key=f"{click}{family}",
            children=[_child(row) for row in found],
        )


def _child(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "child": row["first_name"],
        "days": int(row["days"]),
        "waits": int(row["waits"]),
        "first": as_date(row["first"]).isoformat(),
        "last": as_date(row["last"]).isoformat(),
    }


_OF = "SELECT child.id, child.first_name, MIN(booking.day) AS first, MAX(booking.day) AS last"
_BOOKED = f"""{_OF},
  COUNT(DISTINCT CASE WHEN waiting.id IS NULL THEN booking.day END) AS days,
  COUNT(DISTINCT CASE WHEN waiting.id IS NOT NULL THEN booking.day END) AS waits
FROM booking JOIN child ON child.id = booking.child_id LEFT JOIN waiting ON waiting.booking_id = booking.id
JOIN family_order ON family_order.id = booking.order_id
WHERE booking.family_id = ? AND family_order.click LIKE ? AND booking.state <> '{BookingState.CANCELLED}'
GROUP BY child.id, child.first_name ORDER BY child.id
"""
# A day of which one slot was booked and another waited for is one day.
_TAKEN_BACK = f"""{_OF}, COUNT(DISTINCT booking.day) AS days, 0 AS waits
FROM booking JOIN child ON child.id = booking.child_id
JOIN order_line ON order_line.booking_id = booking.id AND order_line.action = '{LineAction.CANCEL}'
JOIN family_order ON family_order.id = order_line.order_id
WHERE booking.family_id = ? AND family_order.click LIKE ?
GROUP BY child.id, child.first_name ORDER BY child.id
"""
