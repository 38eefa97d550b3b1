"""« Situation financière »: what a family can pay now, invoice by invoice and debt by debt, at each till.

Three kinds: an issued invoice that is not paid in full, a debt from before the portal (it says for which child and
activity), and what is owed besides at a till (an order below the bank's minimum, for one).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from models.money import ledger
from models.money.payment import PaymentPart
from models.rules.deadlines import PARIS
from models.rules.dues import settle_oldest
from models.rules.states.payments import OPEN, PartKind, PaymentState
from models.storage.database import as_date, as_instant, marks, rows, sql_list


class DueKind(StrEnum):
    INVOICE = "facture"  # French: they stand in addresses
    DEBT = "dette"  # an entry of before the portal
    REST = "reste"  # of a till


@dataclass(frozen=True, slots=True)
class AmountDue:
    """`charged` and `open` are cents: what it was, and what is left to pay of it."""

    kind: DueKind
    id: int  # of the invoice, of the entry, of the till
    till: int
    label: str
    child: str  # "" when it is not said, or of several
    activity: str
    on: date | None
    due_on: date | None
    charged: int
    open: int
    period: tuple[date, date] | None = None
    paying: int | None = None  # the attempt under way that is for it

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.id}"

    @property
    def paid(self) -> int:
        return self.charged - self.open

    def is_overdue(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today

    def part(self, cents: int) -> PaymentPart:
        """Of a payment, what pays so many cents of it."""
        if self.kind is DueKind.INVOICE:
            return PaymentPart(kind=PartKind.INVOICE, invoice_id=self.id, cents=cents)
        entry = self.id if self.kind is DueKind.DEBT else None
        return PaymentPart(kind=PartKind.DEBT, till_id=self.till, entry_id=entry, cents=cents)


async def of_family(family: int) -> list[AmountDue]:
    """What is open, the oldest first; four questions, whatever there is."""
    return (await of_families([family], await ledger.standings_of([family])))[family]


async def of_families(
    families: Sequence[int], standings: Mapping[int, Mapping[int, int]]
) -> dict[int, list[AmountDue]]:
    """`of_family` of each of them; three questions, however many. `standings`: those of the ledger."""
    paying, invoices, debts = (
        await _by_family(_UNDER_WAY, families),
        await _by_family(_INVOICES, families),
        await _by_family(_DEBTS, families),
    )
    found: dict[int, list[AmountDue]] = {}
    for family in families:
        under_way = _under_way(paying[family])
        dues = (*map(_invoice, invoices[family]), *_debts(debts[family], standings.get(family, {})))
        found[family] = [replace(due, paying=under_way.get((due.kind, due.id))) for due in dues if due.open]
    return found


async def _by_family(question: str, families: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {family: [] for family in families}
    for row in await rows(question.format(marks=marks(families)), list(families)):
        found[row["family_id"]].append(row)
    return found


async def credits_of(family: int) -> dict[int, int]:
    """By till: the avoir that an invoice of it may use, in cents."""
    return {till: -cents for till, cents in (await ledger.standings(family)).items() if cents < 0}


def _debts(debts: Sequence[dict[str, Any]], standings: Mapping[int, int]) -> list[AmountDue]:
    by_till: dict[int, list[AmountDue]] = defaultdict(list)
    for row in debts:
        by_till[row["till_id"]].append(_debt(row))
    found = []
    for till in sorted({*by_till, *standings}):
        known = by_till[till]
        left, rest = settle_oldest(standings.get(till, 0), [due.open for due in known])
        found += [replace(due, open=cents) for due, cents in zip(known, left, strict=True)]
        if rest:
            found.append(AmountDue(DueKind.REST, till, till, "Restant dû", "", "", None, None, rest, rest))
    return found


def _invoice(row: dict[str, Any]) -> AmountDue:
    start, end = row["period_start"], row["period_end"]
    return AmountDue(
        kind=DueKind.INVOICE,
        id=row["id"],
        till=row["till_id"],
        label=row["number"],
        child="",
        activity="",
        on=as_date(row["issued_on"]),
        due_on=as_date(row["due_on"]) if row["due_on"] else None,
        charged=int(row["cents"]),
        open=int(row["open"]),
        period=(as_date(start), as_date(end)) if start and end else None,
    )


def _debt(row: dict[str, Any]) -> AmountDue:
    at = as_instant(row["occurred_at"])
    return AmountDue(
        kind=DueKind.DEBT,
        id=row["id"],
        till=row["till_id"],
        label=row["label"],
        child=row["child"],
        activity=row["activity"],
        on=at.astimezone(PARIS).date() if at else None,
        due_on=None,
        charged=int(row["cents"]),
        open=max(0, int(row["cents"]) - int(row["paid"])),
    )


def _under_way(parts: Sequence[dict[str, Any]]) -> dict[tuple[DueKind, int], int]:
    found: dict[tuple[DueKind, int], int] = {}
    for row in parts:
        kind, id = DueKind.REST, row["till_id"]
        if row["invoice_id"]:
            kind, id = DueKind.INVOICE, row["invoice_id"]
        elif row["entry_id"]:
            kind, id = DueKind.DEBT, row["entry_id"]
        if id:
            found[kind, id] = row["payment_id"]
    return found


def of_till(dues: Sequence[AmountDue], till: int) -> list[AmountDue]:
    return [due for due in dues if due.till == till]


_INVOICES = """
SELECT invoice.family_id, invoice.id, invoice.till_id, invoice.number, invoice.issued_on, invoice.due_on,
  invoice.period_start, invoice.period_end, invoice.cents, SUM(leg.cents) AS open
FROM invoice JOIN leg ON leg.invoice_id = invoice.id WHERE invoice.family_id IN ({marks})
GROUP BY invoice.family_id, invoice.id, invoice.till_id, invoice.number, invoice.issued_on, invoice.due_on,
  invoice.period_start, invoice.period_end, invoice.cents HAVING SUM(leg.cents) > 0
ORDER BY invoice.issued_on, invoice.id
"""

# What had been paid of it before the portal is the entry beside it.
_DEBTS = f"""
SELECT account.family_id, entry.id, entry.label, entry.child, entry.activity, entry.occurred_at, account.till_id,
  leg.cents,
  COALESCE((SELECT -SUM(earlier.cents) FROM entry AS before JOIN leg AS earlier ON earlier.entry_id = before.id
    WHERE before.key = entry.key || ':paid' AND earlier.account_id = leg.account_id), 0)
  + COALESCE((SELECT SUM(part.cents) FROM payment_part AS part JOIN payment ON payment.id = part.payment_id
    WHERE part.entry_id = entry.id AND payment.state = '{PaymentState.PAID}'
      AND NOT EXISTS (SELECT 1 FROM reversal WHERE reversal.payment_id = payment.id)), 0)
  + COALESCE((SELECT SUM(write_off.cents) FROM write_off WHERE write_off.entry_id = entry.id), 0) AS paid
FROM entry JOIN leg ON leg.entry_id = entry.id JOIN account ON account.id = leg.account_id
WHERE account.family_id IN ({{marks}}) AND account.kind = 'family' AND entry.kind = 'opening' AND leg.invoice_id IS NULL
  AND entry.key NOT LIKE '%:paid'
ORDER BY entry.occurred_at, entry.id
"""  # noqa: S608

_UNDER_WAY = f"""
SELECT payment.family_id, part.payment_id, part.invoice_id, part.entry_id, part.till_id FROM payment_part AS part
JOIN payment ON payment.id = part.payment_id
WHERE payment.family_id IN ({{marks}}) AND payment.state IN {sql_list(OPEN)} ORDER BY part.payment_id
"""  # noqa: S608
