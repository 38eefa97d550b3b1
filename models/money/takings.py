"""What was paid, month by month and till by till: what the bank said is paid and kept, and what a counter kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models.rules.deadlines import PARIS, paris
from models.rules.postings import COUNTER
from models.rules.states.debits import DebitState
from models.rules.states.payments import PaymentMethod, PaymentState
from models.storage.database import as_date, as_instant, instant, rows


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


@dataclass(frozen=True, slots=True)
class Electronic:
    """What a bank should credit of one day by itself: cards online and at a counter, or a batch of debits."""

    day: date
    means: str  # « cartes en ligne », « cartes au guichet », « prélèvements »
    number: int
    cents: int


async def electronic(till: int, since: date) -> list[Electronic]:
    """By day and means, the newest first. A bank credits cards a day or two later, less its fees."""
    start = instant(paris(since, 0))
    sums: dict[tuple[date, str], list[int]] = {}
    for row in await rows(_CARDS, [till, start]):
        day = as_instant(row["paid_at"]).astimezone(PARIS).date()  # type: ignore[union-attr]
        means = "cartes au guichet" if row["provider"] == COUNTER else "cartes en ligne"
        sums.setdefault((day, means), []).append(row["cents"])
    for row in await rows(_DEBITS, [till, since]):
        sums.setdefault((as_date(row["collect_on"]), "prélèvements"), []).append(row["cents"])
    found = [Electronic(day, means, len(cents), sum(cents)) for (day, means), cents in sums.items()]
    return sorted(found, key=lambda one: (one.day, one.means), reverse=True)


_CARDS = f"""
SELECT payment.paid_at, payment.provider, payment.cents FROM payment
WHERE payment.till_id = ? AND payment.paid_at >= ? AND payment.state = '{PaymentState.PAID}'
  AND payment.method = '{PaymentMethod.CARD}'
  AND NOT EXISTS (SELECT 1 FROM reversal WHERE reversal.payment_id = payment.id)
"""  # noqa: S608
_DEBITS = f"""
SELECT batch.collect_on, debit.cents FROM direct_debit AS debit JOIN debit_batch AS batch ON batch.id = debit.batch_id
WHERE batch.till_id = ? AND batch.collect_on >= ? AND debit.state IN ('{DebitState.SENT}', '{DebitState.PAID}')
"""  # noqa: S608
