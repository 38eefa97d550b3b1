"""An issued invoice joins the next collection: the mandate came after it, or a bank refused it for want of money.

Told that very day, collected 14 days later at least. A bank is asked twice for one invoice at most.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from models.direct_debit.debit import DirectDebit
from models.direct_debit.mandate import Mandate
from models.families.family import Family
from models.money import ledger
from models.money.invoice import Invoice
from models.rules.states.debits import LIVE, DebitState
from models.rules.states.notices import NoticeKind
from models.rules.till import sepa
from models.storage.database import retrying, rows, sql_list
from models.work.audit_log import Event
from models.work.notice import Notice

Why = Literal["settled", "planned", "mandate", "again"]


class NotCollectable(Exception):
    """Nothing is left of it, it waits for its collection, no mandate serves, or its bank was asked often enough."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


@dataclass(frozen=True, slots=True)
class Collectable:
    """An invoice that may be added: cents that are left of it."""

    id: int
    number: str
    cents: int


async def add(invoice: int, actor: str, now: datetime) -> DirectDebit:
    """Raises LookupError, NotCollectable."""
    return await retrying(lambda: _add(invoice, actor, now))


async def _add(id: int, actor: str, now: datetime) -> DirectDebit:
    invoice = await Invoice.get_or_none(id=id).select_related("till")
    if invoice is None:
        raise LookupError(id)
    async with Family.turn(invoice.family_id):
        if await ledger.open_of(id) <= 0:
            raise NotCollectable("settled")
        before = await DirectDebit.filter(invoice_id=id).order_by("id")
        if any(debit.state in LIVE for debit in before):
            raise NotCollectable("planned")
        mandate = (await Mandate.active(invoice.till_id, [invoice.family_id])).get(invoice.family_id)
        day = sepa.collection_day(now.date(), now.date())
        if mandate is None or not invoice.till.collects or day >= mandate.expires_on:
            raise NotCollectable("mandate")
        if not sepa.may_ask_again(_refusals(before)):
            raise NotCollectable("again")
        made = await DirectDebit.create(
            invoice_id=id, mandate_id=mandate.id, collect_on=day, told_on=now.date()
        )
        await Event.note(
            now, actor, "debit.planned", f"debit:{made.id}", invoice.family_id, invoice=id, on=day.isoformat()
        )
        await Notice.say(NoticeKind.DEBIT_PLANNED, invoice.family_id, f"debit:{made.id}", now)
    return made


async def collectable(family: int) -> list[Collectable]:
    """The family's open invoices that `add` would take today, the oldest first."""
    mandates = {one.till_id for one in await Mandate.filter(family_id=family) if one.is_active}
    found = []
    for row in await rows(_OPEN, [family]):
        refused = await DirectDebit.filter(invoice_id=row["id"], state=DebitState.REJECTED).order_by("id")
        if row["till_id"] in mandates and sepa.may_ask_again(_refusals(refused)):
            found.append(Collectable(row["id"], row["number"], int(row["cents"])))
    return found


def _refusals(debits: Sequence[DirectDebit]) -> list[str]:
    return [debit.reason for debit in debits if debit.state == DebitState.REJECTED]


_OPEN = f"""
SELECT invoice.id, invoice.till_id, invoice.number, SUM(leg.cents) AS cents
FROM invoice JOIN leg ON leg.invoice_id = invoice.id WHERE invoice.family_id = ?
  AND NOT EXISTS (SELECT 1 FROM direct_debit WHERE direct_debit.invoice_id = invoice.id
    AND direct_debit.state IN {sql_list(LIVE)})
GROUP BY invoice.id, invoice.till_id, invoice.number HAVING SUM(leg.cents) > 0 ORDER BY invoice.id
"""  # noqa: S608
