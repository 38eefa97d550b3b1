"""The refunds as the mairie's page shows them: those that wait, and the last ones."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from models.rules.states.payments import REFUND_OPEN, CardRefundState, PaymentMethod, RefundState
from models.storage.database import as_instant, rows, sql_list


@dataclass(frozen=True, slots=True)
class RefundLine:
    """As the mairie's list shows it; `name` is the family's first parent."""

    id: int
    family: int
    number: str
    name: str
    till: str
    till_id: int
    cents: int
    reason: str
    by_parent: bool
    asked_at: datetime
    state: RefundState
    answered_at: datetime | None
    answered_by: str | None
    answer: str | None
    method: PaymentMethod
    discharge: int | None  # its paper, where cash was handed over
    bank: str  # what became of the last order to a bank: a CardRefundState, "" without one
    said: str  # by the bank, where it refused


async def waiting() -> list[RefundLine]:
    """The oldest first."""
    return await _lines(f"refund.state IN {sql_list(REFUND_OPEN)} ORDER BY refund.id LIMIT 200")


async def answered() -> list[RefundLine]:
    """The last ones, the newest first."""
    return await _lines(
        f"refund.state NOT IN {sql_list(REFUND_OPEN)} ORDER BY refund.answered_at DESC, refund.id LIMIT 50"
    )


async def number_waiting() -> int:
    """To be answered, or doubtful: what waits for a bank alone is not the mairie's to do."""
    [row] = await rows(_WAITING)
    return int(row["asked"]) + int(row["doubtful"])


async def _lines(condition: str) -> list[RefundLine]:
    """`condition` is ours, never a visitor's."""
    return [_line(row) for row in await rows(f"{_LINES} WHERE {condition}")]


def _line(row: dict[str, Any]) -> RefundLine:
    return RefundLine(
        **{
            **row,
            "by_parent": bool(row["by_parent"]),
            "asked_at": cast(datetime, as_instant(row["asked_at"])),
            "answered_at": as_instant(row["answered_at"]),
            "state": RefundState(row["state"]),
            "method": PaymentMethod(row["method"]),
        }
    )


_LINES = """
SELECT refund.id, refund.family_id AS family, family.number, COALESCE((SELECT guardian.first_name || ' ' ||
    guardian.last_name FROM guardian WHERE guardian.family_id = family.id
    ORDER BY guardian.position, guardian.id LIMIT 1), '') AS name,
  till.name AS till, till.id AS till_id, refund.cents, refund.reason,
  CASE WHEN refund.asked_by LIKE 'guardian:%' THEN 1 ELSE 0 END AS by_parent, refund.asked_at, refund.state,
  refund.answered_at, member.name AS answered_by, refund.answer,
  refund.method, discharge.id AS discharge, COALESCE(tried.state, '') AS bank, COALESCE(tried.said, '') AS said
FROM refund JOIN family ON family.id = refund.family_id JOIN till ON till.id = refund.till_id
LEFT JOIN member ON member.id = refund.answered_by_id LEFT JOIN discharge ON discharge.refund_id = refund.id
LEFT JOIN card_refund AS tried ON tried.id = (SELECT MAX(id) FROM card_refund WHERE refund_id = refund.id)"""
_WAITING = f"""
SELECT (SELECT COUNT(*) FROM refund WHERE state = '{RefundState.REQUESTED}') AS asked,
  (SELECT COUNT(*) FROM card_refund WHERE state = '{CardRefundState.DOUBTFUL}') AS doubtful
"""  # noqa: S608
