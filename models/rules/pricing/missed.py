"""Which days of an absence are due? Source: the commune's règlement, one rule for each reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.rules.deadlines import later, utc
from models.rules.money import reduce


@dataclass(frozen=True, slots=True)
class AbsenceRule:
    """`due_days` first days stay due; of the others `credit` percent come back, once a proof has come in time."""

    reason: str
    due_days: int = 0
    proof_hours: int | None = None  # after the absence began; none: no proof is asked for
    credit: int = 100


def absence_rule_of(line: Mapping[str, Any]) -> AbsenceRule:
    """The rule that a line of the commune file writes."""
    return AbsenceRule(**line)


def due_of_absence(
    rule: AbsenceRule, days: Sequence[tuple[date, int]], began: datetime, proved: datetime | None
) -> list[tuple[date, int]]:
    """Cents that stay due for each day (a day with its price) of one absence.

    Days are told apart by date: two slots of one day are one day of absence. Without its proof, or with one that came
    too late, every day stays due.
    """
    dates = sorted({day for day, _ in days})
    kept = set(dates if _lacks_proof(rule, began, proved) else dates[: rule.due_days])
    return [(day, cents if day in kept else reduce(cents, rule.credit)) for day, cents in days]


def _lacks_proof(rule: AbsenceRule, began: datetime, proved: datetime | None) -> bool:
    if rule.proof_hours is None:
        return False
    return proved is None or utc(proved) > utc(later(began, hours=rule.proof_hours))
