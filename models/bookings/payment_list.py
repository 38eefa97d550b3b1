"""« Mes paiements »: what a family paid but by direct debit, the newest first, one page at a time; and for what.

What was collected stands in « Mes prélèvements ».
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from models.families.file.merge import FamilyMerge
from models.rules.postings import COUNTER
from models.rules.states.payments import PartKind, PaymentMethod, PaymentState
from models.storage.database import as_instant, marks, rows
from models.storage.paging import Cut, Listing, Page, Where

ROWS = 20  # of one page


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """`at`: when the bank said that it is paid, else when it was begun. `is_credit`: paid, but for nothing."""

    id: int
    family: int  # whose payment it is, and the number of that file
    file: str
    at: datetime
    till: str
    cents: int
    state: PaymentState
    is_credit: bool
    taken_by: PaymentMethod | None  # the means, of what a counter took
    is_reversed: bool  # the counter took it back


async def page(family: int, number: int) -> Page[PaymentLine]:
    """`number`: which page, the first is 1. Of files that were merged into this one, what was paid."""
    files = await FamilyMerge.files_of(family)
    where = Where("payment.method <> ?", (PaymentMethod.DEBIT,))
    where = where.and_also(f"payment.family_id IN ({marks(files)})", *files)
    where = where.and_also("payment.family_id = ? OR payment.state = ?", family, PaymentState.PAID)
    return await _LISTING.page(where, Cut("at", down=True, page=number, size=ROWS))


async def purposes(payments: Sequence[int]) -> dict[int, dict[str, int]]:
    """What each payment is for: how many of each LineAction of its order, of each other PartKind."""
    found: dict[int, dict[str, int]] = {payment: {} for payment in payments}
    for row in await rows(_PURPOSES.format(marks=marks(payments)), list(payments)) if payments else ():
        found[row["payment_id"]][row["action"] or row["kind"]] = int(row["number"])
    return found


_LISTING = Listing(
    columns="payment.id, payment.family_id, family.number AS file, "
    "COALESCE(payment.paid_at, payment.made_at) AS at, till.name AS till, payment.cents, "
    "payment.state, payment.anomaly, payment.provider, payment.method, "
    "EXISTS (SELECT 1 FROM reversal WHERE reversal.payment_id = payment.id) AS is_reversed",
    source="payment JOIN till ON till.id = payment.till_id JOIN family ON family.id = payment.family_id",
    orders={"at": ("COALESCE(payment.paid_at, payment.made_at)", "payment.id")},
    row=lambda row: _line(row),
)

_PURPOSES = f"""
SELECT payment_part.payment_id, payment_part.kind, order_line.action, COUNT(*) AS number FROM payment_part
LEFT JOIN order_line ON order_line.order_id = payment_part.order_id AND payment_part.kind = '{PartKind.ORDER}'
WHERE payment_part.payment_id IN ({{marks}})
GROUP BY payment_part.payment_id, payment_part.kind, order_line.action
"""  # noqa: S608


def _line(row: Mapping[str, Any]) -> PaymentLine:
    state = PaymentState(row["state"])
    return PaymentLine(
        id=row["id"],
        family=row["family_id"],
        file=row["file"],
        at=cast(datetime, as_instant(row["at"])),
        till=row["till"],
        cents=row["cents"],
        state=state,
        is_credit=state == PaymentState.PAID and row["anomaly"] is not None,
        taken_by=PaymentMethod(row["method"]) if row["provider"] == COUNTER else None,
        is_reversed=bool(row["is_reversed"]),
    )
