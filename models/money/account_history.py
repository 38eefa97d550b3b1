"""« Historique de mon compte »: every movement of a family's account at a till, each with the balance after it.

A credit that an order set aside and has used or given back moved nothing in the end, and is left out.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from models.rules.states.payments import PaymentMethod
from models.storage.database import as_instant, rows

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
