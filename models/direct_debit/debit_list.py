"""Collections as people read them: what a till will collect, its batches, a family's own."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from models.direct_debit.debit_batch import DebitBatch
from models.rules.states.debits import AT_THE_BANK, REJECTABLE, BatchState, DebitState, Sequence
from models.rules.till import sepa
from models.storage.database import as_date, rows


@dataclass(frozen=True, slots=True)
class Planned:
    """What a till told for one day: how many collections, and what is left to pay of their invoices, in cents."""

    till: int
    till_name: str
    on: date
    number: int
    cents: int


@dataclass(frozen=True, slots=True)
class DebitRow:
    id: int
    reference: str
    family: str  # its number
    name: str
    invoice: int
    number: str  # of the invoice
    holder: str
    last_four: str
    rum: str
    collect_on: date
    batch: int | None
    cents: int  # what is asked for; before that, what is left to pay
    sequence: str
    state: DebitState
    reason: str

    @property
    def masked(self) -> str:
        return sepa.masked(self.last_four)

    @property
    def is_first(self) -> bool:
        return self.sequence == Sequence.FIRST

    @property
    def may_be_rejected(self) -> bool:
        return self.state in REJECTABLE

    @property
    def may_be_asked_again(self) -> bool:
        return self.state == DebitState.REJECTED and sepa.may_ask_again([self.reason])

    @property
    def is_next(self) -> bool:
        return self.state == DebitState.PLANNED or self.state in AT_THE_BANK


async def planned() -> list[Planned]:
    """By till and day; only those that something is left of."""
    return [
        Planned(
            row["till"], row["till_name"], as_date(row["collect_on"]), int(row["number"]), int(row["total"])
        )
        for row in await rows(_PLANNED)
    ]


async def batches() -> list[DebitBatch]:
    """The newest first."""
    found = DebitBatch.exclude(state=BatchState.DISCARDED).order_by("-id").limit(100)
    return await found.select_related("till")


async def waiting(today: date) -> int:
    """Batches that somebody has to hand over, or whose money should be there."""
    prepared = await DebitBatch.filter(state=BatchState.PREPARED).count()
    return prepared + await DebitBatch.filter(state=BatchState.SENT, collect_on__lte=today).count()


async def of_batch(id: int) -> list[DebitRow]:
    return [_row(row) for row in await rows(f"{_ROWS} WHERE debit.batch_id = ? ORDER BY debit.id", [id])]


async def of_family(family: int) -> list[DebitRow]:
    """The latest first; what came to nothing is left out."""
    where = f"WHERE mandate.family_id = ? AND debit.state <> '{DebitState.DROPPED}'"
    return [
        _row(row)
        for row in await rows(f"{_ROWS} {where} ORDER BY debit.collect_on DESC, debit.id DESC", [family])
    ]


def _row(row: dict[str, Any]) -> DebitRow:
    said = {**row, "collect_on": as_date(row["collect_on"]), "state": DebitState(row["state"])}
    return DebitRow(**{**said, "name": row["name"] or "", "cents": int(row["cents"] or 0)})


_LEFT = "(SELECT COALESCE(SUM(leg.cents), 0) FROM leg WHERE leg.invoice_id = debit.invoice_id)"
_PARENT = """(SELECT guardian.first_name || ' ' || guardian.last_name FROM guardian
  WHERE guardian.family_id = family.id ORDER BY guardian.position, guardian.id LIMIT 1)"""
_ROWS = f"""
SELECT debit.id, 'PRLV-' || debit.id AS reference, family.number AS family, {_PARENT} AS name,
  invoice.id AS invoice, invoice.number, mandate.holder, mandate.last_four, mandate.rum,
  COALESCE(batch.collect_on, debit.collect_on) AS collect_on, batch.id AS batch,
  COALESCE(debit.cents, {_LEFT}) AS cents, debit.sequence, debit.state, debit.reason
FROM direct_debit AS debit JOIN mandate ON mandate.id = debit.mandate_id JOIN family ON family.id = mandate.family_id
JOIN invoice ON invoice.id = debit.invoice_id LEFT JOIN debit_batch AS batch ON batch.id = debit.batch_id
"""  # noqa: S608
_PLANNED = f"""
SELECT till.id AS till, till.name AS till_name, collect_on, COUNT(*) AS number, SUM(own) AS total FROM (
  SELECT mandate.till_id, debit.collect_on, {_LEFT} AS own FROM direct_debit AS debit
  JOIN mandate ON mandate.id = debit.mandate_id WHERE debit.state = '{DebitState.PLANNED}'
) AS found JOIN till ON till.id = found.till_id WHERE own > 0
GROUP BY till.id, till.name, till.position, collect_on ORDER BY collect_on, till.position, till.id
"""  # noqa: S608
