"""What was paid, month by month and till by till: what the bank said is paid and kept, and what a counter kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models.rules.deadlines import paris
from models.rules.states.debits import DebitState
from models.rules.states.payments import PaymentState
from models.storage.database import instant, rows


@dataclass(frozen=True, slots=True)
class Taking:
    month: date  # its first day
    till: str
    cents: int


async def of_months(months: Sequence[date]) -> list[Taking]:
    """`months` are first days, one after the other; the last one's end is not looked for. Tills by their names."""
    starts = [instant(paris(month, 0)) for month in months]
    ends = [*starts[1:], None]
    sums, values = [], []
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        before = "" if end is None else " AND payment.paid_at < ?"
        sums.append(
            f"SUM(CASE WHEN payment.paid_at >= ?{before} THEN payment.cents ELSE 0 END) AS month_{number}"
        )
        values += [start] if end is None else [start, end]
    found = await rows(_TAKINGS.format(sums=", ".join(sums)), [*values, starts[0]])
    return [
        Taking(month, row["till"], int(row[f"month_{number}"] or 0))
        for number, month in enumerate(months)
        for row in found
    ]


_TAKINGS = f"""
SELECT till.name AS till, {{sums}} FROM till
LEFT JOIN payment ON payment.till_id = till.id AND payment.state = '{PaymentState.PAID}' AND payment.paid_at >= ?
  AND NOT EXISTS (SELECT 1 FROM reversal WHERE reversal.payment_id = payment.id)
  AND NOT EXISTS (SELECT 1 FROM direct_debit AS debit WHERE debit.payment_id = payment.id
    AND debit.state = '{DebitState.REJECTED}')
GROUP BY till.id, till.name ORDER BY till.name
"""  # noqa: S608
