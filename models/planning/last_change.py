"""Who changed a cell last, and when: told from the rows that each change leaves, for the family that made it.

Another household's doings are its own: only this family's rows are asked for. The mairie is nobody by name.
"""

from dataclasses import dataclass
from datetime import date, datetime

from models.rules.booking import GIVEN_UP, BookingState, WaitingState
from models.rules.states.orders import LineAction, OrderState
from models.rules.states.requests import ANSWERED
from models.storage.database import as_instant, rows, sql_list


@dataclass(frozen=True, slots=True)
class LastChange:
    """`what` is one of WHATS; `by` a guardian's name, empty when it was the mairie or the portal itself."""

    what: str
    at: datetime
    by: str


WHATS = (
    "draft_add", "draft_cancel", "booked", "asked", "ranked", WaitingState.SERVED, WaitingState.OFFERED, *GIVEN_UP,
    "cancel", "booking_accepted", "booking_owed", "booking_refused", "cancellation_accepted", "cancellation_refused",
    "absence",
)  # fmt: skip


async def last(family: int, child: int, slot: int, day: date) -> LastChange | None:
    """The last change of the family's cell; None when nobody ever touched it. One query."""
    cell = [child, slot, day]
    found = await rows(_LAST, [family, *cell, family, *cell, family, family, *cell, family])
    for row in found:
        at = as_instant(row["at"])
        if at is not None:
            return LastChange(row["what"], at, " ".join(filter(None, (row["first_name"], row["last_name"]))))
    return None


# A booking whose payment failed (released) leaves its line in the cart: that line tells. At the same moment the
# higher turn tells more: an absence that was told cancels by an order. An order younger than its booking paid for an
# offered place.
_LAST = f"""
WITH mine AS (
  SELECT b.id, b.state, b.changed_at, o.made_by_id,
    CASE WHEN o.made_at > b.made_at THEN o.made_at ELSE b.made_at END AS made_at,
    CASE WHEN o.made_at > b.made_at THEN 1 ELSE 0 END AS paid_later
  FROM booking AS b LEFT JOIN family_order AS o ON o.id = b.order_id
  WHERE b.family_id = ? AND b.child_id = ? AND b.slot_id = ? AND b.day = ? AND b.state <> '{BookingState.RELEASED}'
)
SELECT acts.what, acts.at, guardian.first_name, guardian.last_name FROM (
  SELECT 'draft_' || action AS what, made_at AS at, made_by_id AS who, 0 AS turn FROM cart_line
  WHERE family_id = ? AND child_id = ? AND slot_id = ? AND day = ?
  UNION ALL
  SELECT CASE state WHEN '{BookingState.REQUESTED}' THEN 'asked' WHEN '{BookingState.WAITING}' THEN 'ranked'
    ELSE 'booked' END, made_at, made_by_id, 1 FROM mine
  UNION ALL
  SELECT waiting.state, mine.changed_at, (
    SELECT g.id FROM event JOIN guardian AS g ON event.actor = 'guardian:' || g.id
    WHERE event.family_id = ? AND event.action = 'waiting.left' AND event.object = 'booking:' || mine.id LIMIT 1
  ), 2 FROM mine JOIN waiting ON waiting.booking_id = mine.id
  WHERE (waiting.state = '{WaitingState.OFFERED}' AND mine.state = '{BookingState.OFFERED}')
    OR (waiting.state = '{WaitingState.SERVED}' AND mine.state = '{BookingState.CONFIRMED}' AND mine.paid_later = 0)
    OR (waiting.state IN {sql_list(GIVEN_UP)} AND mine.state = '{BookingState.CANCELLED}')
  UNION ALL
  SELECT 'cancel', o.made_at, o.made_by_id, 3 FROM family_order AS o JOIN order_line AS l ON l.order_id = o.id
  WHERE o.family_id = ? AND l.child_id = ? AND l.slot_id = ? AND l.day = ?
    AND l.action = '{LineAction.CANCEL}' AND o.state <> '{OrderState.RELEASED}'
  UNION ALL
  SELECT CASE WHEN owed.id IS NULL THEN request.kind || '_' || request.state ELSE 'booking_owed' END,
    request.answered_at, NULL, 4
  FROM mine JOIN request ON request.booking_id = mine.id
  LEFT JOIN family_order AS owed ON owed.family_id = request.family_id AND owed.click = 'request:' || request.id
    AND owed.net > owed.credit
  WHERE request.family_id = ? AND request.state IN {sql_list(ANSWERED)}
  UNION ALL
  SELECT 'absence', absence.told_at, absence.told_by_id, 5 FROM mine JOIN absence ON absence.booking_id = mine.id
) AS acts LEFT JOIN guardian ON guardian.id = acts.who ORDER BY acts.at DESC, acts.turn DESC LIMIT 1
"""  # noqa: S608
