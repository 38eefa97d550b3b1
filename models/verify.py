"""Everything that must be true whatever happened, computed again from the rows. A fault is an incident.

Each check is one SELECT of what breaks it, so that it sees one moment even while the portal serves. The books come
first (I…); then the rows that tell the same thing twice and must agree.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

from models import clock
from models.clock import real
from models.database import is_sqlite, rows

NAMED = 5  # ids that a fault tells
LATE = timedelta(minutes=5)  # a hold may outlive its end by this much: the sweeper comes every minute
DAY = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Fault:
    invariant: str
    what: str

    def __str__(self) -> str:
        return f"{self.invariant}\u00a0: {self.what}"


@dataclass(frozen=True, slots=True)
class Check:
    """`faulty` selects one column, `id`: nothing when all is well."""

    invariant: str
    what: str
    faulty: str
    values: Callable[[], Sequence[Any]] = tuple

    async def run(self) -> Fault | None:
        sql = f"SELECT id FROM ({self.faulty}) AS faulty ORDER BY id LIMIT {NAMED + 1}"  # noqa: S608
        found = [str(row["id"]) for row in await rows(sql, self.values())]
        if not found:
            return None
        named = ", ".join(found[:NAMED]) + ("…" if len(found) > NAMED else "")
        return Fault(self.invariant, f"{self.what} ({named})")


async def verify() -> list[Fault]:
    """Every promise that is broken; an empty list is what one hopes for."""
    found = [await check.run() for check in CHECKS]
    return [fault for fault in found if fault]


def _long_over() -> list[Any]:
    limit = (clock.now() - LATE).astimezone(UTC)
    return [str(limit) if is_sqlite() else limit]


def _yesterday() -> list[float]:
    return [real() - DAY, real() - 2 * DAY]


UNBALANCED = """
SELECT entry.id FROM entry LEFT JOIN leg ON leg.entry_id = entry.id
GROUP BY entry.id HAVING COUNT(leg.id) < 2 OR SUM(leg.cents) <> 0
"""

TOTAL = "SELECT total AS id FROM (SELECT COALESCE(SUM(cents), 0) AS total FROM leg) AS legs WHERE total <> 0"

# A family's account is what was sold to it, less what it paid, was credited or has set aside for an order. What it
# was sold and credited is read from the other side of the entry, and whose it is from the order or the booking.
FAMILIES = """
SELECT 'famille ' || family || ', régie ' || till AS id FROM (
  SELECT account.family_id AS family, account.till_id AS till, leg.cents AS cents
  FROM leg JOIN account ON account.id = leg.account_id JOIN entry ON entry.id = leg.entry_id
  WHERE account.kind = 'family' AND leg.invoice_id IS NULL
    AND (entry.kind IN ('payment', 'hold') OR entry.key LIKE 'sale:%' OR entry.key LIKE 'cancel:%')
  UNION ALL SELECT family_id, till_id, cents FROM payment WHERE state = 'paid'
  UNION ALL SELECT family_id, till_id, -credit FROM family_order WHERE state = 'held' AND due > 0
  UNION ALL
  SELECT family_order.family_id, family_order.till_id, leg.cents
  FROM family_order JOIN entry ON entry.key = 'sale:' || family_order.id
  JOIN leg ON leg.entry_id = entry.id JOIN account ON account.id = leg.account_id
  WHERE account.kind = 'revenue'
  UNION ALL
  SELECT booking.family_id, family_order.till_id, leg.cents
  FROM booking JOIN family_order ON family_order.id = booking.order_id
  JOIN entry ON entry.key = 'cancel:' || booking.id
  JOIN leg ON leg.entry_id = entry.id JOIN account ON account.id = leg.account_id
  WHERE account.kind = 'revenue'
) AS sides GROUP BY family, till HAVING SUM(cents) <> 0
"""

BANKS = """
SELECT code AS id FROM (
  SELECT account.code AS code, leg.cents AS cents
  FROM leg JOIN account ON account.id = leg.account_id WHERE account.kind = 'bank'
  UNION ALL SELECT 'bank:' || provider || ':' || till_id, -cents FROM payment WHERE state = 'paid'
) AS sides GROUP BY code HAVING SUM(cents) <> 0
"""

# Keys are unique, so one of each side makes two.
POSTED = """
SELECT fact AS id FROM (
  SELECT 'pay:' || provider || ':' || reference AS fact FROM payment WHERE state = 'paid'
  UNION ALL SELECT key FROM entry WHERE kind = 'payment'
) AS sides GROUP BY fact HAVING COUNT(*) <> 2
"""

HOLDS = """
SELECT code AS id FROM (
  SELECT account.code AS code, leg.cents AS cents
  FROM leg JOIN account ON account.id = leg.account_id WHERE account.kind = 'hold'
  UNION ALL SELECT 'hold:' || id, credit FROM family_order WHERE state = 'held' AND due > 0
) AS sides GROUP BY code HAVING SUM(cents) <> 0
"""

# A cancelled line counts when its booking was cancelled by it: the mairie's own credit has its own key.
SALES = """
SELECT 'famille ' || family || ', ' || code AS id FROM (
  SELECT family_order.family_id AS family, account.code AS code, leg.cents AS cents
  FROM family_order JOIN entry ON entry.key = 'sale:' || family_order.id
  JOIN leg ON leg.entry_id = entry.id JOIN account ON account.id = leg.account_id
  WHERE account.kind = 'revenue'
  UNION ALL
  SELECT family_order.family_id, 'revenue:' || activity.code, order_line.cents
  FROM order_line JOIN family_order ON family_order.id = order_line.order_id
  JOIN activity ON activity.id = order_line.activity_id
  LEFT JOIN booking ON booking.id = order_line.booking_id
  WHERE family_order.state = 'confirmed' AND family_order.kind = 'prepaid' AND (
    order_line.action = 'add' OR (booking.state = 'cancelled' AND NOT EXISTS (
      SELECT 1 FROM entry WHERE entry.key = 'cancel:' || booking.id)))
  UNION ALL
  SELECT membership.family_id, 'revenue:' || activity.code, membership.cents
  FROM membership JOIN activity ON activity.id = membership.activity_id WHERE membership.paid_at IS NOT NULL
) AS sides GROUP BY family, code HAVING SUM(cents) <> 0
"""

# The mairie accepted to cancel what was paid: the price came back, once.
CREDITS = """
SELECT fact AS id FROM (
  SELECT entry.key AS fact, leg.cents AS cents
  FROM entry JOIN leg ON leg.entry_id = entry.id JOIN account ON account.id = leg.account_id
  WHERE account.kind = 'revenue' AND entry.key LIKE 'cancel:%'
  UNION ALL
  SELECT 'cancel:' || booking.id, -booking.cents
  FROM booking JOIN slot ON slot.id = booking.slot_id JOIN activity ON activity.id = slot.activity_id
  WHERE activity.billing = 'prepaid' AND booking.state = 'cancelled' AND booking.order_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM request WHERE request.booking_id = booking.id
      AND request.kind = 'cancel' AND request.state = 'accepted')
    AND NOT EXISTS (SELECT 1 FROM order_line JOIN family_order ON family_order.id = order_line.order_id
      WHERE order_line.booking_id = booking.id AND order_line.action = 'cancel'
        AND family_order.kind = 'prepaid' AND family_order.state = 'confirmed')
) AS sides GROUP BY fact HAVING SUM(cents) <> 0
"""

PLACES = """
SELECT opening.id FROM opening
LEFT JOIN booking ON booking.opening_id = opening.id AND booking.state IN ('held', 'confirmed', 'offered')
GROUP BY opening.id, opening.taken, opening.places, opening.overridden
HAVING opening.taken <> COUNT(booking.id) OR (opening.taken > opening.places AND NOT opening.overridden)
"""

INVOICES = """
SELECT number AS id FROM invoice
WHERE cents <> (SELECT COALESCE(SUM(invoice_line.cents), 0) FROM invoice_line
    WHERE invoice_line.invoice_id = invoice.id)
  OR cents <> (SELECT COALESCE(SUM(leg.cents), 0) FROM leg JOIN account ON account.id = leg.account_id
    WHERE leg.invoice_id = invoice.id AND leg.cents > 0 AND account.kind = 'family'
      AND account.family_id = invoice.family_id AND account.till_id = invoice.till_id)
"""

OVERDUE = "SELECT id FROM family_order WHERE state = 'held' AND hold_until < ?"

# A receipt's task is swept after a month; its letter stays. Nobody to write to: no letter.
RECEIPTS = """
SELECT payment.id FROM payment WHERE payment.state = 'paid'
AND NOT EXISTS (SELECT 1 FROM task WHERE task.key = 'receipt:' || payment.id)
AND NOT EXISTS (SELECT 1 FROM letter
  WHERE letter.key LIKE 'receipt:' || payment.id || ':%' OR letter.key LIKE 'late:' || payment.id || ':%')
AND EXISTS (SELECT 1 FROM guardian WHERE guardian.family_id = payment.family_id AND guardian.email <> '')
"""

TASKS = "SELECT id FROM task WHERE state = 'ready' AND (due < ? OR (tries > 1 AND created < ?))"

# What a held order holds, and only that.
HELD = """
SELECT booking.id FROM booking LEFT JOIN family_order ON family_order.id = booking.order_id
WHERE booking.state = 'held' AND (family_order.state IS NULL OR family_order.state <> 'held')
UNION
SELECT booking.id FROM order_line JOIN family_order ON family_order.id = order_line.order_id
JOIN booking ON booking.id = order_line.booking_id
WHERE family_order.state = 'held' AND order_line.action = 'add' AND booking.state <> 'held'
"""

LOCKED = """
SELECT cart_line.id FROM cart_line JOIN family_order ON family_order.id = cart_line.order_id
WHERE family_order.state <> 'held'
"""

# While an offered place is being paid its booking is held, and the offer still stands.
RANKS = """
SELECT booking.id FROM booking LEFT JOIN waiting ON waiting.booking_id = booking.id
WHERE booking.state IN ('waiting', 'offered') AND (waiting.state IS NULL OR waiting.state <> booking.state)
UNION
SELECT booking.id FROM waiting JOIN booking ON booking.id = waiting.booking_id
WHERE (waiting.state = 'waiting' AND booking.state <> 'waiting')
  OR (waiting.state = 'offered' AND booking.state NOT IN ('offered', 'held'))
"""

ASKED = """
SELECT booking.id FROM request JOIN booking ON booking.id = request.booking_id
WHERE request.state = 'pending'
  AND booking.state <> CASE request.kind WHEN 'book' THEN 'requested' ELSE 'confirmed' END
UNION
SELECT booking.id FROM booking WHERE booking.state = 'requested' AND NOT EXISTS (
  SELECT 1 FROM request
  WHERE request.booking_id = booking.id AND request.state = 'pending' AND request.kind = 'book')
"""

# Told in time, or not answered yet: the day is cancelled for nothing, or the mairie has the question.
TOLD = """
SELECT absence.id FROM absence JOIN booking ON booking.id = absence.booking_id
WHERE absence.family_id <> booking.family_id OR (NOT absence.billed
  AND NOT (booking.state = 'cancelled' AND NOT booking.billed)
  AND NOT (booking.state = 'confirmed' AND EXISTS (SELECT 1 FROM request WHERE request.booking_id = booking.id
    AND request.kind = 'cancel' AND request.state = 'pending')))
"""

# A paid order is confirmed, unless the money came too late, which the mairie is told.
PAID = """
SELECT payment.id FROM payment JOIN family_order ON family_order.id = payment.order_id
WHERE payment.state = 'paid' AND family_order.state <> 'confirmed' AND payment.anomaly IS NULL
UNION
SELECT payment.id FROM payment JOIN family_order ON family_order.id = payment.order_id
WHERE payment.state IN ('created', 'redirected') AND family_order.state <> 'held'
"""

CHECKS = (
    Check("I1", "écritures sans équilibre", UNBALANCED),
    Check("I2", "la somme de toutes les écritures n’est pas nulle", TOTAL),
    Check("I3", "comptes de familles que rien n’explique", FAMILIES),
    Check("I4", "comptes de banque qui ne sont pas la somme des paiements", BANKS),
    Check("I5", "paiements et écritures qui ne se répondent pas un à un", POSTED),
    Check("I6", "avoirs réservés sans commande en cours, ou d’un autre montant", HOLDS),
    Check("I7", "recettes qui ne sont pas celles des commandes", SALES),
    Check("I7", "avoirs d’annulation absents, ou d’un autre montant", CREDITS),
    Check("I8", "places prises mal comptées, ou de trop", PLACES),
    Check("I10", "factures qui ne sont pas la somme de leurs lignes, ou de leur écriture", INVOICES),
    Check("I11", "commandes tenues au-delà de leur délai", OVERDUE, _long_over),
    Check("I12", "paiements sans reçu demandé", RECEIPTS),
    Check("I12", "travaux en attente depuis plus de 24 heures", TASKS, _yesterday),
    Check("commandes", "réservations tenues sans commande en cours, ou l’inverse", HELD),
    Check("commandes", "lignes de panier verrouillées par une commande terminée", LOCKED),
    Check("commandes", "paiements dont la commande dit autre chose", PAID),
    Check("attente", "réservations et rangs qui se contredisent", RANKS),
    Check("demandes", "réservations et demandes qui se contredisent", ASKED),
    Check("absences", "absences dites sans frais, dont le jour reste pourtant facturé", TOLD),
)
