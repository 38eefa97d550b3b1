"""The journal of a till's day: takings, what was taken or given back, the newest first, and their sums by means."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from models.french.payments import METHODS
from models.rules.states.payments import AT_COUNTER, PaymentMethod
from models.storage.database import as_instant, marks, rows


@dataclass(frozen=True, slots=True)
class JournalRow:
    """`cents` is negative for what was taken back, or given back in cash."""

    receipt: int  # or the discharge
    number: str
    till: int
    at: datetime
    payer: str
    method: PaymentMethod
    cents: int
    is_reversal: bool
    is_discharge: bool
    reversed: bool  # a taking that was taken back, that day or later


@dataclass(frozen=True, slots=True)
class Sum:
    method: PaymentMethod
    number: int  # of takings
    cents: int


async def of_day(till: int, day: date) -> list[JournalRow]:
    """The newest first."""
    return [_row(row) for row in await rows(_OF_DAY, [till, day] * 3)]


def sums(lines: Sequence[JournalRow]) -> list[Sum]:
    """By means, in the order of the counter; those that there were."""
    numbers = Counter(line.method for line in lines if not line.is_reversal and not line.is_discharge)
    cents: Counter[PaymentMethod] = Counter()
    for line in lines:
        cents[line.method] += line.cents
    return [
        Sum(method, numbers[method], cents[method])
        for method in AT_COUNTER
        if numbers[method] or cents[method]
    ]


@dataclass(frozen=True, slots=True)
class Paid:
    """What a receipt paid of an invoice."""

    payment: int
    number: str  # of the receipt
    at: datetime
    method: PaymentMethod
    cents: int
    reversed: bool

    @property
    def means(self) -> str:
        return METHODS[self.method]


async def of_invoices(invoices: Sequence[int]) -> dict[int, list[Paid]]:
    """By invoice, the oldest first: what was paid of it at a counter."""
    found: dict[int, list[Paid]] = {id: [] for id in invoices}
    for row in await rows(_OF_INVOICES.format(marks=marks(invoices)), list(invoices)) if invoices else ():
        found[row["invoice_id"]].append(
            Paid(
                row["payment_id"],
                row["number"],
                cast(datetime, as_instant(row["at"])),
                PaymentMethod(row["method"]),
                int(row["cents"]),
                bool(row["reversed"]),
            )
        )
    return found


def _row(row: dict[str, object]) -> JournalRow:
    return JournalRow(
        receipt=cast(int, row["receipt"]),
        number=str(row["number"]),
        till=cast(int, row["till"]),
        at=cast(datetime, as_instant(cast(datetime, row["at"]))),
        payer=str(row["payer"]),
        method=PaymentMethod(str(row["method"])),
        cents=cast(int, row["cents"]),
        is_reversal=bool(row["is_reversal"]),
        is_discharge=bool(row["is_discharge"]),
        reversed=bool(row["reversed"]),
    )


_REVERSED = "EXISTS (SELECT 1 FROM reversal WHERE reversal.payment_id = payment.id)"
_OF_DAY = f"""
SELECT receipt.id AS receipt, receipt.number, receipt.till_id AS till, receipt.taken_at AS at, receipt.payer,
  payment.method, payment.cents, 0 AS is_reversal, CASE WHEN {_REVERSED} THEN 1 ELSE 0 END AS reversed,
  0 AS is_discharge
FROM receipt JOIN payment ON payment.id = receipt.payment_id WHERE receipt.till_id = ? AND receipt.day = ?
UNION ALL
SELECT receipt.id, receipt.number, receipt.till_id, reversal.at, receipt.payer, payment.method, -payment.cents, 1, 0, 0
FROM reversal JOIN payment ON payment.id = reversal.payment_id JOIN receipt ON receipt.payment_id = payment.id
WHERE reversal.till_id = ? AND reversal.day = ?
UNION ALL
SELECT discharge.id, discharge.number, discharge.till_id, discharge.given_at, discharge.payee, refund.method,
  -refund.cents, 0, 0, 1
FROM discharge JOIN refund ON refund.id = discharge.refund_id WHERE discharge.till_id = ? AND discharge.day = ?
ORDER BY 4 DESC, 1 DESC
"""  # noqa: S608
_OF_INVOICES = f"""
SELECT part.invoice_id, payment.id AS payment_id, receipt.number, receipt.taken_at AS at, payment.method, part.cents,
  CASE WHEN {_REVERSED} THEN 1 ELSE 0 END AS reversed
FROM payment_part AS part JOIN payment ON payment.id = part.payment_id
JOIN receipt ON receipt.payment_id = payment.id WHERE part.invoice_id IN ({{marks}}) ORDER BY receipt.id
"""  # noqa: S608
