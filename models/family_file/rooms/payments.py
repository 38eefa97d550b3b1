"""What a family paid, whatever the means and wherever it was taken, as its file at the mairie shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from models.rules.states.payments import PaymentMethod, PaymentState
from models.storage.database import as_instant, marks
from models.storage.paging import Cut, Listing, Page, Where


@dataclass(frozen=True, slots=True)
class PaidLine:
    """`at`: when it is known to be paid, else when it was begun."""

    id: int
    at: datetime
    till: str
    cents: int
    method: PaymentMethod
    state: PaymentState
    receipt: int | None  # the counter's
    receipt_number: str
    is_reversed: bool  # the counter took it back


async def page(families: Sequence[int], cut: Cut) -> Page[PaidLine]:
    """Of a file, and of those that were merged into it. Two questions."""
    return await _LISTING.page(Where(f"payment.family_id IN ({marks(families)})", tuple(families)), cut)


def _line(row: Mapping[str, Any]) -> PaidLine:
    return PaidLine(
        id=row["id"],
        at=cast(datetime, as_instant(row["at"])),
        till=row["till"],
        cents=row["cents"],
        method=PaymentMethod(row["method"]),
        state=PaymentState(row["state"]),
        receipt=row["receipt"],
        receipt_number=row["receipt_number"] or "",
        is_reversed=bool(row["is_reversed"]),
    )


_LISTING = Listing(
    columns="payment.id, COALESCE(payment.paid_at, payment.made_at) AS at, till.name AS till, payment.cents, "
    "payment.method, payment.state, receipt.id AS receipt, receipt.number AS receipt_number, "
    "EXISTS (SELECT 1 FROM reversal WHERE reversal.payment_id = payment.id) AS is_reversed",
    source="payment JOIN till ON till.id = payment.till_id LEFT JOIN receipt ON receipt.payment_id = payment.id",
    orders={
        "at": ("COALESCE(payment.paid_at, payment.made_at)", "payment.id"),
        "cents": ("payment.cents", "payment.id"),
    },
    row=_line,
)
