"""Direct debits: a collection, its mandate, its batch and its payment say the same; a batch's file asks just that."""

import hashlib
import xml.etree.ElementTree as ET  # of files that this portal made
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from models.rules.states.debits import IN_BATCH, BatchState, DebitState, MandateState
from models.rules.states.notices import NoticeKind
from models.rules.states.payments import PartKind, PaymentMethod, PaymentState
from models.storage import encryption
from models.storage.database import rows, sql_list
from models.storage.integrity.promises import Check, Promise

# A collection is of an invoice of the mandate's family and till, told in time, and stands where its batch does.
DEBITS = f"""
SELECT debit.id FROM direct_debit AS debit JOIN mandate ON mandate.id = debit.mandate_id
JOIN invoice ON invoice.id = debit.invoice_id LEFT JOIN debit_batch AS batch ON batch.id = debit.batch_id
WHERE invoice.family_id <> mandate.family_id OR invoice.till_id <> mandate.till_id
  OR debit.cents > invoice.cents OR debit.told_on < mandate.signed_on OR batch.till_id <> mandate.till_id
  OR (debit.state = '{DebitState.PLANNED}' AND mandate.state <> '{MandateState.ACTIVE}')
  OR (debit.batch_id IS NOT NULL AND NOT COALESCE(CASE batch.state
    WHEN '{BatchState.PREPARED}' THEN debit.state = '{DebitState.PREPARED}'
    WHEN '{BatchState.SENT}' THEN debit.state IN ('{DebitState.SENT}', '{DebitState.PAID}', '{DebitState.REJECTED}')
    WHEN '{BatchState.SETTLED}' THEN debit.state IN ('{DebitState.PAID}', '{DebitState.REJECTED}')
    ELSE FALSE END, FALSE))
  OR (debit.state = '{DebitState.REJECTED}' AND (debit.reason = '' OR debit.rejected_at IS NULL))
"""

# What was collected is a payment of that very invoice, and every payment by direct debit is of a collection.
COLLECTED = f"""
SELECT 'prélèvement ' || debit.id AS id FROM direct_debit AS debit
JOIN mandate ON mandate.id = debit.mandate_id LEFT JOIN payment ON payment.id = debit.payment_id
WHERE (debit.state = '{DebitState.PAID}' AND payment.id IS NULL)
  OR (payment.id IS NOT NULL AND (payment.state <> '{PaymentState.PAID}' OR payment.cents <> debit.cents
    OR payment.method <> '{PaymentMethod.DEBIT}' OR payment.reference <> 'PRLV-' || debit.id
    OR payment.family_id <> mandate.family_id OR payment.till_id <> mandate.till_id
    OR NOT EXISTS (SELECT 1 FROM payment_part AS part WHERE part.payment_id = payment.id
      AND part.kind = '{PartKind.INVOICE}' AND part.invoice_id = debit.invoice_id AND part.cents = debit.cents)))
UNION
SELECT 'paiement ' || payment.id FROM payment
WHERE (payment.method = '{PaymentMethod.DEBIT}' OR payment.provider = 'debit')
  AND NOT EXISTS (SELECT 1 FROM direct_debit AS debit WHERE debit.payment_id = payment.id)
"""

BATCHES = f"""
SELECT batch.id FROM debit_batch AS batch LEFT JOIN direct_debit AS debit ON debit.batch_id = batch.id
GROUP BY batch.id, batch.state, batch.number, batch.cents
HAVING CASE batch.state WHEN '{BatchState.DISCARDED}' THEN COUNT(debit.id) > 0
  ELSE COUNT(debit.id) <> batch.number OR COALESCE(SUM(debit.cents), 0) <> batch.cents END
"""

# The family and the mairie are told of each reject once, in the transaction that records it.
TOLD = f"""
SELECT debit.id FROM direct_debit AS debit WHERE debit.state = '{DebitState.REJECTED}' AND NOT EXISTS (
  SELECT 1 FROM notice WHERE notice.kind = '{NoticeKind.DEBIT_REJECTED}' AND notice.about = 'debit:' || debit.id)
UNION
SELECT debit.id FROM direct_debit AS debit WHERE debit.state = '{DebitState.REJECTED}' AND NOT EXISTS (
  SELECT 1 FROM anomaly WHERE anomaly.key = 'rejected:debit:' || debit.id)
"""

# What was added to a collection after the invoice was issued, its family was told; a bank is asked twice at most.
ADDED = f"""
SELECT event.object AS id FROM event WHERE event.action = 'debit.planned' AND (NOT EXISTS (
    SELECT 1 FROM direct_debit AS debit WHERE event.object = 'debit:' || debit.id)
  OR NOT EXISTS (SELECT 1 FROM notice WHERE notice.kind = '{NoticeKind.DEBIT_PLANNED}'
    AND notice.about = event.object AND notice.family_id = event.family_id))
UNION
SELECT notice.about FROM notice WHERE notice.kind = '{NoticeKind.DEBIT_PLANNED}' AND NOT EXISTS (
  SELECT 1 FROM event WHERE event.action = 'debit.planned' AND event.object = notice.about)
UNION
SELECT 'facture ' || debit.invoice_id FROM direct_debit AS debit WHERE debit.state IN {sql_list(IN_BATCH)}
GROUP BY debit.invoice_id HAVING COUNT(*) > 2
"""


@dataclass(frozen=True, slots=True)
class Files:
    """A batch's file is the one that was made, and asks what its collections say: sums, accounts, mandates."""

    invariant: str = "prélèvements"
    what: str = "fichiers de prélèvement qui demandent autre chose, ou que la clé du portail n’ouvre pas"

    async def broken(self) -> Sequence[str]:
        asked: dict[int, set[tuple[str, ...]]] = defaultdict(set)
        for row in await rows(self.ASKED):
            asked[row["batch_id"]].add(_said(row))
        found = []
        for row in await rows(self.FILES):
            if not _is_of(row, asked[row["id"]]):
                found.append(str(row["id"]))
        return found

    FILES = f"""
SELECT id, state, file, sha256 FROM debit_batch WHERE state <> '{BatchState.DISCARDED}'
  AND (file IS NOT NULL OR state <> '{BatchState.PREPARED}') ORDER BY id
"""
    ASKED = """
SELECT debit.batch_id, debit.id, debit.cents, mandate.rum, mandate.last_four FROM direct_debit AS debit
JOIN mandate ON mandate.id = debit.mandate_id WHERE debit.batch_id IS NOT NULL
"""


def _said(row: dict[str, Any]) -> tuple[str, ...]:
    cents = int(row["cents"])
    return f"PRLV-{row['id']}", f"{cents // 100}.{cents % 100:02}", row["rum"], row["last_four"]


def _is_of(row: dict[str, Any], asked: set[tuple[str, ...]]) -> bool:
    if row["file"] is None:
        return False
    try:
        content = encryption.unseal(_bytes(row["file"]))
    except encryption.Unreadable:
        return False
    same: bool = hashlib.sha256(content).hexdigest() == row["sha256"]
    return same and set(_read(content)) == asked


def _read(content: bytes) -> Iterator[tuple[str, ...]]:
    for one in ET.fromstring(content).iter():  # noqa: S314
        if one.tag.endswith("}DrctDbtTxInf"):
            said = {part.tag.rpartition("}")[2]: part.text or "" for part in one.iter()}
            yield said["EndToEndId"], said["InstdAmt"], said["MndtId"], said["IBAN"][-4:]


@dataclass(frozen=True, slots=True)
class Accounts:
    """The account of a mandate opens with a key of the portal, and is the one whose end pages show."""

    invariant: str = "prélèvements"
    what: str = "mandats dont le compte ne s’ouvre pas, ou n’est pas celui qui est montré"

    async def broken(self) -> Sequence[str]:
        found = await rows("SELECT rum, iban, last_four FROM mandate ORDER BY id")
        return [row["rum"] for row in found if not _opens(row)]


def _opens(row: dict[str, Any]) -> bool:
    try:
        end: str = encryption.unseal(_bytes(row["iban"])).decode()[-4:]
    except encryption.Unreadable:
        return False
    same: bool = end == row["last_four"]
    return same


def _bytes(column: Any) -> bytes:
    """SQLite gives a text back where somebody wrote one."""
    return column.encode() if isinstance(column, str) else bytes(column)


PROMISES: tuple[Promise, ...] = (
    Check("prélèvements", "prélèvements d’une autre famille, d’un autre lot, ou dits trop tard", DEBITS),
    Check("prélèvements", "prélèvements et paiements qui se contredisent", COLLECTED),
    Check("prélèvements", "lots qui ne sont pas la somme de leurs prélèvements", BATCHES),
    Check("prélèvements", "rejets que la famille ou la mairie ne sait pas", TOLD),
    Check("prélèvements", "prélèvements ajoutés que la famille ignore, ou demandés plus de deux fois", ADDED),
    Files(),
    Accounts(),
)
