"""« Historique de mon compte »: every movement of a family's account at a till, each with the balance after it.

A credit that an order set aside and has used or given back moved nothing in the end, and is left out.
« Mes avoirs » is what of these movements made a credit, or used it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, cast

from models.rules.dues import credit_moves
from models.rules.states.orders import LineAction
from models.rules.states.payments import PaymentMethod
from models.storage.database import as_date, as_instant, marks, rows

ROWS = 50  # of one page


@dataclass(frozen=True, slots=True)
class Movement:
    """`cents` adds to what the family owes, or lowers it; `balance` is what it owes after it (negative: an avoir)."""

    at: datetime
    kind: str  # of the entry
    label: str
    cents: int
    balance: int
    payment: int | None  # its ticket; a direct debit has none
    invoice: int | None


async def page(family: int, till: int, number: int) -> tuple[list[Movement], bool]:
    """The newest first, and whether there are older ones. `number`: which page, the first is 1."""
    code = f"family:{family}:{till}"
    found = await rows(_PAGE, [code, ROWS + 1, ROWS * (number - 1)])
    return [_movement(row) for row in found[:ROWS]], len(found) > ROWS


async def balances(family: int) -> dict[int, int]:
    """By till: what the family owes in all, invoices included (negative: in its favour)."""
    found = await rows(_BALANCES, [family])
    return {row["till_id"]: int(row["total"]) for row in found}


@dataclass(frozen=True, slots=True)
class CreditMovement:
    """`cents` is what came to the avoir, negative for what was used; `credit` what it was then.

    `given_back`: the days that it is for, as child, slot and day.
    """

    at: datetime
    kind: str
    label: str
    cents: int
    credit: int
    given_back: tuple[tuple[str, str, date], ...] = ()


async def credit_movements(family: int, till: int) -> list[CreditMovement]:
    """The newest first, all of them. What happened in one transaction is one: a card and an avoir pay together."""
    found = await rows(_OUTSIDE_INVOICES, [f"family:{family}:{till}"])
    together = [list(those) for _, those in groupby(found, key=lambda row: row["occurred_at"])]
    moves = credit_moves([sum(int(row["cents"]) for row in those) for those in together])
    kept = [(those, *move) for those, move in zip(together, moves, strict=True) if move[0]]
    days = await _given_back([row["key"] for those, cents, _ in kept if cents > 0 for row in those])
    return [_credit_movement(those, cents, credit, days) for those, cents, credit in reversed(kept)]


def _credit_movement(
    those: Sequence[dict[str, Any]], cents: int, credit: int, days: dict[str, list[tuple[str, str, date]]]
) -> CreditMovement:
    """It is called after the entry that moved most of it the same way."""
    main = min(those, key=lambda row: int(row["cents"]) if cents > 0 else -int(row["cents"]))
    back = tuple(day for row in those for day in days.get(row["key"], ())) if cents > 0 else ()
    at = cast(datetime, as_instant(main["occurred_at"]))
    return CreditMovement(at, main["kind"], main["label"], cents, credit, back)


async def _given_back(keys: Sequence[str]) -> dict[str, list[tuple[str, str, date]]]:
    """By entry, the days that it gave back: of an order, of the mairie's answer, or of a class event."""
    found: dict[str, list[tuple[str, str, date]]] = {}
    if keys:
        for row in await rows(_DAYS.format(marks=marks(keys)), [*keys, *keys, *keys]):
            found.setdefault(row["key"], []).append((row["child"], row["slot"], as_date(row["day"])))
    return found


def _movement(row: dict[str, Any]) -> Movement:
    return Movement(
        at=cast(datetime, as_instant(row["occurred_at"])),
        kind=row["kind"],
        label=row["label"],
        cents=int(row["cents"]),
        balance=int(row["balance"]),
        payment=row["payment_id"],
        invoice=row["invoice_id"],
    )


_BALANCES = """
SELECT account.till_id, SUM(leg.cents) AS total FROM leg JOIN account ON account.id = leg.account_id
WHERE account.family_id = ? AND account.kind = 'family' GROUP BY account.till_id
"""

# An entry on one account is one movement, whatever its legs; what it moves inside the account is none.
_PAGE = f"""
WITH moved AS (
  SELECT entry.id AS id, entry.occurred_at AS occurred_at, entry.kind AS kind, entry.label AS label,
    entry.key AS key, SUM(leg.cents) AS cents,
    CASE WHEN COUNT(DISTINCT leg.invoice_id) = 1 THEN MAX(leg.invoice_id) END AS invoice_id
  FROM leg JOIN entry ON entry.id = leg.entry_id JOIN account ON account.id = leg.account_id
  WHERE account.code = ? AND NOT (entry.kind = 'hold' AND EXISTS (
    SELECT 1 FROM leg AS aside JOIN account AS held ON held.id = aside.account_id
    WHERE aside.entry_id = entry.id AND held.kind = 'hold'
      AND (SELECT SUM(any_leg.cents) FROM leg AS any_leg WHERE any_leg.account_id = held.id) = 0))
  GROUP BY entry.id, entry.occurred_at, entry.kind, entry.label, entry.key HAVING SUM(leg.cents) <> 0
),
counted AS (SELECT moved.*, SUM(cents) OVER (ORDER BY id) AS balance FROM moved)
SELECT counted.occurred_at, counted.kind, counted.label, counted.cents, counted.balance, counted.invoice_id,
  payment.id AS payment_id
FROM counted LEFT JOIN payment
  ON counted.key IN ('pay:' || payment.provider || ':' || payment.reference, 'reverse:' || payment.id)
  AND payment.method <> '{PaymentMethod.DEBIT}'
ORDER BY counted.id DESC LIMIT ? OFFSET ?
"""  # noqa: S608

# A credit that is set aside for an order under way is not to be spent: it counts as used until it comes back.
_OUTSIDE_INVOICES = """
SELECT entry.id, entry.key, entry.kind, entry.label, entry.occurred_at, SUM(leg.cents) AS cents
FROM leg JOIN entry ON entry.id = leg.entry_id JOIN account ON account.id = leg.account_id
WHERE account.code = ? AND leg.invoice_id IS NULL AND NOT (entry.kind = 'hold' AND EXISTS (
  SELECT 1 FROM leg AS aside JOIN account AS held ON held.id = aside.account_id
  WHERE aside.entry_id = entry.id AND held.kind = 'hold'
    AND (SELECT SUM(any_leg.cents) FROM leg AS any_leg WHERE any_leg.account_id = held.id) = 0))
GROUP BY entry.id, entry.key, entry.kind, entry.label, entry.occurred_at ORDER BY entry.id
"""
_DAYS = f"""
SELECT 'sale:' || line.order_id AS key, child.first_name AS child, slot.name AS slot, line.day AS day
FROM order_line AS line JOIN child ON child.id = line.child_id JOIN slot ON slot.id = line.slot_id
WHERE line.action = '{LineAction.CANCEL}' AND 'sale:' || line.order_id IN ({{marks}})
UNION ALL
SELECT 'cancel:' || booking.id, child.first_name, slot.name, booking.day
FROM booking JOIN child ON child.id = booking.child_id JOIN slot ON slot.id = booking.slot_id
WHERE 'cancel:' || booking.id IN ({{marks}})
UNION ALL
SELECT entry.key, child.first_name, slot.name, booking.day
FROM cancelled_day JOIN booking ON booking.id = cancelled_day.booking_id
JOIN entry ON entry.key IN ('away:' || cancelled_day.id, 'away-back:' || cancelled_day.id)
JOIN child ON child.id = booking.child_id JOIN slot ON slot.id = booking.slot_id
WHERE entry.key IN ({{marks}}) ORDER BY day, child, slot
"""  # noqa: S608
