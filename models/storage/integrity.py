"""Everything that must be true whatever happened, computed again from the rows. A fault is an incident.

Each check is one SELECT of what breaks it, so that it sees one moment even while the portal serves; the journal alone
is read in pieces. Every fact is told twice, and the two must say the same, both ways: what a parent ordered and what is
booked, the ledger and what explains it, a payment and the bank's own books, what a file brought and the journal.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any, Protocol

from models import clock
from models.clock import real
from models.money.invoice import fingerprint
from models.storage.database import as_date, as_instant, is_sqlite, rows
from models.work.audit_log import HOUSE, link

NAMED = 5  # what a fault names
LATE = timedelta(minutes=5)  # a hold may outlive its end by this much: the sweeper comes every minute
UNANSWERED = timedelta(minutes=10)  # an offer, likewise: its sweeper comes every five
UNHEARD = timedelta(
    minutes=30
)  # a paid charge: the bank is asked again at least this often while it can be paid
DAY = 24 * 3600.0
PIECE = 5000  # journal rows read at once


@dataclass(frozen=True, slots=True)
class Fault:
    invariant: str
    what: str

    def __str__(self) -> str:
        return f"{self.invariant}\u00a0: {self.what}"


class Promise(Protocol):
    @property
    def invariant(self) -> str: ...
    @property
    def what(self) -> str: ...
    async def broken(self) -> Sequence[str]:
        """What breaks it, named; one more than NAMED is enough."""


@dataclass(frozen=True, slots=True)
class Check:
    """`faulty` selects one column, `id`: nothing when all is well."""

    invariant: str
    what: str
    faulty: str
    values: Callable[[], Sequence[Any]] = tuple

    async def broken(self) -> Sequence[str]:
        sql = f"SELECT DISTINCT id FROM ({self.faulty}) AS faulty ORDER BY id LIMIT {NAMED + 1}"  # noqa: S608
        return [str(row["id"]) for row in await rows(sql, self.values())]


@dataclass(frozen=True, slots=True)
class Reading:
    """What SQL cannot say on both databases: the facts are one SELECT still, and `faults` names what is wrong."""

    invariant: str
    what: str
    facts: str
    faults: Callable[[Sequence[dict[str, Any]]], Iterable[str]]

    async def broken(self) -> Sequence[str]:
        return list(self.faults(await rows(self.facts)))


async def verify() -> list[Fault]:
    """Every promise that is broken; an empty list is what one hopes for."""
    faults = []
    for promise in PROMISES:
        broken = await promise.broken()
        if broken:
            named = ", ".join(broken[:NAMED]) + ("…" if len(broken) > NAMED else "")
            faults.append(Fault(promise.invariant, f"{promise.what} ({named})"))
    return faults


def _before(some: timedelta) -> Any:
    limit = (clock.now() - some).astimezone(UTC)
    return str(limit) if is_sqlite() else limit


def _yesterday() -> list[float]:
    return [real() - DAY, real() - 2 * DAY]


UNBALANCED = """
SELECT entry.id FROM entry LEFT JOIN leg ON leg.entry_id = entry.id
GROUP BY entry.id HAVING COUNT(leg.id) < 2 OR SUM(leg.cents) <> 0
"""

TOTAL = "SELECT total AS id FROM (SELECT COALESCE(SUM(cents), 0) AS total FROM leg) AS legs WHERE total <> 0"

# Whose money it is: an account's code says what its columns say, and what it names is there.
ACCOUNTS = """
SELECT account.code AS id FROM account
LEFT JOIN activity ON account.code = 'revenue:' || activity.code
LEFT JOIN family_order ON account.code = 'hold:' || family_order.id
WHERE NOT CASE account.kind
  WHEN 'family' THEN account.family_id IS NOT NULL AND account.till_id IS NOT NULL
    AND account.code = 'family:' || account.family_id || ':' || account.till_id
  WHEN 'bank' THEN account.family_id IS NULL AND account.till_id IS NOT NULL
    AND account.code LIKE 'bank:%:' || account.till_id
  WHEN 'opening' THEN account.family_id IS NULL AND account.till_id IS NOT NULL
    AND account.code = 'opening:' || account.till_id
  WHEN 'hold' THEN account.family_id IS NULL AND COALESCE(account.till_id = family_order.till_id, FALSE)
  WHEN 'revenue' THEN account.family_id IS NULL AND activity.id IS NOT NULL
  ELSE FALSE END
"""

# The ledger, computed again: what each order, payment and answered request must have posted, less what is posted. A
# family of keys comes here with the rows that explain it; an entry that none explains is a fault.
#
# A membership's line counts when its very order made the membership. A cancelled line counts when it cancelled the
# booking: the mairie's own credit has its own key. A credit was set aside when the order asked less of the bank than
# it cost; it was given back when the order was released. One that was released and paid after all uses none.
EXPLAINED = """
WITH
paid AS (SELECT order_id, MAX(paid_at) AS at FROM payment WHERE state = 'paid' GROUP BY order_id),
counted AS (
  SELECT family_order.id AS id, family_order.family_id AS family, family_order.till_id AS till,
    activity.code AS activity, order_line.cents AS cents
  FROM family_order JOIN order_line ON order_line.order_id = family_order.id
  JOIN activity ON activity.id = order_line.activity_id
  LEFT JOIN booking ON booking.id = order_line.booking_id
  LEFT JOIN entry AS back ON back.key = 'cancel:' || order_line.booking_id
  LEFT JOIN paid ON paid.order_id = family_order.id
  LEFT JOIN membership ON membership.child_id = order_line.child_id AND membership.family_id = family_order.family_id
    AND membership.activity_id = order_line.activity_id
    AND membership.paid_at = COALESCE(paid.at, family_order.made_at)
  WHERE family_order.state = 'confirmed' AND (
    (family_order.kind = 'prepaid' AND order_line.action = 'add')
    OR (family_order.kind = 'prepaid' AND order_line.action = 'cancel'
      AND booking.state = 'cancelled' AND NOT booking.billed AND back.id IS NULL)
    OR (order_line.action = 'membership' AND membership.id IS NOT NULL))
),
reserved AS (
  SELECT held.id AS id, held.state AS state,
    held.net + held.debt - held.due AS cents,
    held.state = 'released' OR (held.state = 'confirmed' AND given.id IS NOT NULL) AS back,
    'family:' || held.family_id || ':' || held.till_id AS family_account, 'hold:' || held.id AS aside
  FROM family_order AS held LEFT JOIN entry AS given ON given.key = 'unhold:' || held.id
  WHERE held.kind = 'prepaid' AND held.due > 0 AND held.net + held.debt > held.due
),
credited AS (
  SELECT booking.id AS id, booking.cents AS cents, activity.code AS activity,
    'family:' || booking.family_id || ':' || family_order.till_id AS family_account
  FROM booking JOIN family_order ON family_order.id = booking.order_id
  JOIN slot ON slot.id = booking.slot_id JOIN activity ON activity.id = slot.activity_id
  WHERE family_order.kind = 'prepaid' AND booking.state = 'cancelled' AND booking.cents > 0
    AND EXISTS (SELECT 1 FROM request WHERE request.booking_id = booking.id
      AND request.kind = 'cancellation' AND request.state = 'accepted')
    AND NOT EXISTS (SELECT 1 FROM order_line JOIN family_order AS other ON other.id = order_line.order_id
      WHERE order_line.booking_id = booking.id AND order_line.action = 'cancel'
        AND other.kind = 'prepaid' AND other.state = 'confirmed')
),
sides AS (
  SELECT entry.key AS key, entry.kind AS kind, account.code AS code, leg.cents AS cents
  FROM entry JOIN leg ON leg.entry_id = entry.id JOIN account ON account.id = leg.account_id
  WHERE entry.kind <> 'opening'
  UNION ALL SELECT 'pay:' || provider || ':' || reference, 'payment', 'bank:' || provider || ':' || till_id, -cents
  FROM payment WHERE state = 'paid'
  UNION ALL SELECT 'pay:' || provider || ':' || reference, 'payment', 'family:' || family_id || ':' || till_id, cents
  FROM payment WHERE state = 'paid'
  UNION ALL SELECT 'sale:' || id, 'sale', 'revenue:' || activity, cents FROM counted
  UNION ALL SELECT 'sale:' || id, 'sale', 'family:' || family || ':' || till, -cents FROM counted
  UNION ALL SELECT 'hold:' || id, 'hold', family_account, -cents FROM reserved
  UNION ALL SELECT 'hold:' || id, 'hold', aside, cents FROM reserved
  UNION ALL SELECT 'unhold:' || id, 'hold', family_account, cents FROM reserved WHERE back
  UNION ALL SELECT 'unhold:' || id, 'hold', aside, -cents FROM reserved WHERE back
  UNION ALL SELECT 'spend:' || id, 'hold', family_account, cents FROM reserved WHERE state = 'confirmed' AND NOT back
  UNION ALL SELECT 'spend:' || id, 'hold', aside, -cents FROM reserved WHERE state = 'confirmed' AND NOT back
  UNION ALL SELECT 'cancel:' || id, 'credit', 'revenue:' || activity, -cents FROM credited
  UNION ALL SELECT 'cancel:' || id, 'credit', family_account, cents FROM credited
)
SELECT key AS id FROM sides GROUP BY key, kind, code HAVING SUM(cents) <> 0
"""

# What stood before the portal: one side is the family's, the other its till's.
BEFORE = """
SELECT entry.key AS id FROM entry JOIN leg ON leg.entry_id = entry.id JOIN account ON account.id = leg.account_id
WHERE entry.kind = 'opening' GROUP BY entry.key
HAVING entry.key NOT LIKE 'opening:%' OR COUNT(*) <> 2
  OR MIN(account.kind) <> 'family' OR MAX(account.kind) <> 'opening' OR MIN(account.till_id) <> MAX(account.till_id)
"""

# What an order asked for is what its lines cost, with a debt or less a credit; no credit was more than there was. The
# account as it stood is read before the entry that used the credit: one family's entries are written in turn.
SUMS = """
WITH
running AS (
  SELECT leg.entry_id AS entry, account.code AS code,
    SUM(leg.cents) OVER (PARTITION BY leg.account_id ORDER BY leg.entry_id, leg.id) - leg.cents AS stood
  FROM leg JOIN account ON account.id = leg.account_id WHERE account.kind = 'family' AND leg.invoice_id IS NULL
),
sums AS (SELECT order_id, SUM(cents) AS cents FROM order_line GROUP BY order_id)
SELECT bill.id FROM family_order AS bill LEFT JOIN sums ON sums.order_id = bill.id
LEFT JOIN entry AS used ON used.key = CASE WHEN bill.due > 0 THEN 'hold:' ELSE 'sale:' END || bill.id
LEFT JOIN running ON running.entry = used.id AND running.code = 'family:' || bill.family_id || ':' || bill.till_id
WHERE CASE
  WHEN bill.kind = 'invoiced' THEN bill.debt <> 0 OR bill.credit <> 0 OR bill.due <> 0
  WHEN COALESCE(sums.cents, 0) <> bill.net THEN TRUE
  WHEN bill.net <= 0 THEN bill.debt <> 0 OR bill.credit <> 0 OR bill.due <> 0
  WHEN bill.due > 0 THEN (bill.due <> bill.net + bill.debt - bill.credit
      AND NOT (bill.state = 'confirmed' AND bill.credit = 0 AND bill.due < bill.net + bill.debt))
    OR (bill.credit > 0 AND (bill.debt > 0 OR bill.credit > bill.net OR COALESCE(bill.credit > -running.stood, TRUE)))
  ELSE bill.credit > bill.net + bill.debt OR (bill.state = 'confirmed' AND (
    (bill.credit > 0 AND COALESCE(bill.credit > -running.stood, TRUE))
    OR (bill.debt > 0 AND COALESCE(bill.debt > running.stood, TRUE))))
  END
"""

# The journal knows each order as it was made, and each of its lines.
ORDERED = """
SELECT family_order.id FROM family_order LEFT JOIN event ON event.object = 'order:' || family_order.id
WHERE event.id IS NULL OR event.family_id IS NULL OR event.family_id <> family_order.family_id
  OR CAST(event.details->>'net' AS INTEGER) <> family_order.net
  OR CAST(event.details->>'debt' AS INTEGER) <> family_order.debt
  OR CAST(event.details->>'due' AS INTEGER) <> family_order.due
  OR (CAST(event.details->>'credit' AS INTEGER) <> family_order.credit
    AND NOT (family_order.credit = 0 AND family_order.state = 'confirmed' AND family_order.due > 0))
UNION
SELECT order_line.order_id FROM order_line JOIN event ON event.object = 'order:' || order_line.order_id
WHERE event.action = 'order.made' AND event.details->>'lines' NOT LIKE '%"' ||
  CASE order_line.action WHEN 'add' THEN '+' ELSE '-' END ||
  order_line.child_id || '-' || order_line.slot_id || '-' || CAST(order_line.day AS TEXT) || '"%'
"""

# An order that the journal knows and that is nowhere.
LOST = """
SELECT event.object AS id FROM event LEFT JOIN family_order ON event.object = 'order:' || family_order.id
WHERE event.action IN ('order.made', 'membership.asked') AND family_order.id IS NULL
"""

# What was ordered is booked, for the same child, slot, day, family and price. An offered place was asked for by one
# order and is paid by another, at the price of that day.
LINES = """
SELECT order_line.id FROM order_line JOIN family_order ON family_order.id = order_line.order_id
LEFT JOIN booking ON booking.id = order_line.booking_id LEFT JOIN slot ON slot.id = order_line.slot_id
WHERE order_line.action IN ('add', 'cancel') AND family_order.state IN ('held', 'confirmed') AND (
  booking.id IS NULL OR booking.child_id <> order_line.child_id OR booking.slot_id <> order_line.slot_id
  OR booking.day <> order_line.day OR booking.family_id <> family_order.family_id
  OR slot.activity_id <> order_line.activity_id
  OR (order_line.action = 'add' AND booking.order_id = family_order.id AND booking.cents <> order_line.cents)
  OR (order_line.action = 'add' AND family_order.kind = 'prepaid' AND (
    booking.order_id IS NULL OR booking.order_id <> family_order.id
    OR booking.state NOT IN (family_order.state, CASE family_order.state WHEN 'held' THEN 'held' ELSE 'cancelled' END)))
  OR (order_line.action = 'add' AND family_order.kind = 'invoiced' AND booking.state = 'released')
  OR (order_line.action = 'cancel' AND order_line.cents NOT IN (-booking.cents,
    CASE family_order.kind WHEN 'prepaid' THEN -booking.cents ELSE 0 END))
  OR (order_line.action = 'cancel' AND family_order.state = 'confirmed' AND booking.state <> 'cancelled'
    AND NOT (family_order.kind = 'invoiced' AND EXISTS (SELECT 1 FROM request
      WHERE request.booking_id = booking.id AND request.kind = 'cancellation'))))
UNION
SELECT MAX(id) FROM order_line WHERE action IN ('add', 'cancel')
GROUP BY order_id, booking_id, action HAVING COUNT(*) > 1
"""

# What is booked was ordered: what is prepaid by a prepaid order, with its line. Who took a rank has no line yet.
BOOKED = """
SELECT booking.id FROM booking JOIN slot ON slot.id = booking.slot_id JOIN activity ON activity.id = slot.activity_id
LEFT JOIN family_order ON family_order.id = booking.order_id
LEFT JOIN order_line ON order_line.order_id = booking.order_id AND order_line.booking_id = booking.id
  AND order_line.action = 'add'
LEFT JOIN waiting ON waiting.booking_id = booking.id
WHERE (booking.order_id IS NOT NULL AND order_line.id IS NULL AND waiting.id IS NULL)
  OR (booking.state IN ('held', 'confirmed') AND activity.billing = 'prepaid' AND (
    order_line.id IS NULL OR family_order.kind <> 'prepaid' OR family_order.state <> booking.state))
"""

# The booking, its opening and its enrolment speak of the same thing.
PLACED = """
SELECT booking.id FROM booking JOIN opening ON opening.id = booking.opening_id
JOIN slot ON slot.id = booking.slot_id JOIN enrolment ON enrolment.id = booking.enrolment_id
WHERE booking.day <> opening.day OR booking.slot_id <> opening.slot_id OR enrolment.child_id <> booking.child_id
  OR enrolment.family_id <> booking.family_id OR enrolment.activity_id <> slot.activity_id
"""

# Somebody cancelled it: a parent by an order, the mairie by its answer, or a rank that ended. What was paid came back
# by that order or that answer (whose sums the ledger proves), or stays billed because it was said too late.
CANCELLED = """
SELECT booking.id FROM booking LEFT JOIN family_order AS bought ON bought.id = booking.order_id
LEFT JOIN (
  SELECT order_line.booking_id, MAX(CASE other.kind WHEN 'prepaid' THEN 1 ELSE 0 END) AS prepaid,
    MAX(CASE other.kind WHEN 'invoiced' THEN 1 ELSE 0 END) AS invoiced
  FROM order_line JOIN family_order AS other ON other.id = order_line.order_id
  WHERE order_line.action = 'cancel' AND other.state = 'confirmed' GROUP BY order_line.booking_id
) AS asked ON asked.booking_id = booking.id
LEFT JOIN (
  SELECT booking_id, MAX(id) AS id FROM request WHERE kind = 'cancellation' AND state = 'accepted' GROUP BY booking_id
) AS answer ON answer.booking_id = booking.id
LEFT JOIN waiting ON waiting.booking_id = booking.id AND waiting.state NOT IN ('waiting', 'offered', 'served')
WHERE booking.state = 'cancelled' AND NOT CASE
  WHEN booking.billed THEN COALESCE(asked.invoiced, 0) = 1
  WHEN bought.kind = 'prepaid' THEN COALESCE(asked.prepaid, 0) = 1 OR answer.id IS NOT NULL
  ELSE asked.booking_id IS NOT NULL OR answer.id IS NOT NULL OR waiting.id IS NOT NULL END
"""

# A payment is the attempt of its order: the same family, till, sum and moment. A paid order is confirmed, unless the
# money came too late, which the mairie is told.
PAID = """
SELECT payment.id FROM payment JOIN family_order ON family_order.id = payment.order_id
WHERE payment.family_id <> family_order.family_id OR payment.till_id <> family_order.till_id
  OR payment.cents <> family_order.due OR payment.made_at <> family_order.made_at
  OR (payment.state = 'paid' AND family_order.state <> 'confirmed' AND payment.anomaly IS NULL)
  OR (payment.state IN ('created', 'redirected') AND family_order.state <> 'held')
"""

UNPAID = """
SELECT family_order.id FROM family_order LEFT JOIN payment ON payment.order_id = family_order.id
  AND payment.state IN ('paid', CASE family_order.state WHEN 'held' THEN 'created' ELSE 'paid' END,
    CASE family_order.state WHEN 'held' THEN 'redirected' ELSE 'paid' END)
WHERE family_order.due > 0 AND family_order.state IN ('held', 'confirmed')
GROUP BY family_order.id HAVING COUNT(payment.id) <> 1
"""

# The only bank whose books are here. What it says of another sum or of nobody's charge, the mairie is told.
CHARGES = """
SELECT demo_charge.reference AS id FROM demo_charge
LEFT JOIN payment ON payment.provider = 'demo' AND payment.reference = demo_charge.reference
WHERE demo_charge.state = 'paid'
  AND NOT EXISTS (SELECT 1 FROM anomaly WHERE anomaly.kind IN ('amount', 'unknown')
    AND anomaly.actor = 'bank:demo' AND anomaly.reference = demo_charge.reference)
  AND (payment.id IS NULL OR payment.cents <> demo_charge.cents OR (payment.state <> 'paid' AND (
    demo_charge.answered_at IS NULL OR demo_charge.answered_at < ?
    OR (payment.state NOT IN ('created', 'redirected') AND NOT EXISTS (SELECT 1 FROM task
      WHERE task.key = 'demo-bank:' || demo_charge.id AND task.state = 'ready')))))
"""

# A membership that was paid has its line, and a line that was paid has the membership, though another home's.
JOINED = """
SELECT 'adhésion ' || membership.id AS id FROM membership WHERE membership.paid_at IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM order_line JOIN family_order ON family_order.id = order_line.order_id
  WHERE order_line.action = 'membership' AND order_line.child_id = membership.child_id
    AND order_line.activity_id = membership.activity_id AND order_line.cents = membership.cents
    AND family_order.family_id = membership.family_id AND family_order.state = 'confirmed')
UNION
SELECT 'commande ' || family_order.id FROM order_line JOIN family_order ON family_order.id = order_line.order_id
LEFT JOIN membership ON membership.child_id = order_line.child_id
  AND membership.activity_id = order_line.activity_id
WHERE order_line.action = 'membership' AND family_order.state = 'confirmed' AND membership.id IS NULL
"""

# More than there are places only as somebody said: who, and how many.
PLACES = """
SELECT opening.id FROM opening
LEFT JOIN booking ON booking.opening_id = opening.id AND booking.state IN ('held', 'confirmed', 'offered')
GROUP BY opening.id, opening.taken, opening.places, opening.overrun
HAVING opening.taken <> COUNT(booking.id) OR opening.taken > opening.places + opening.overrun
"""

OVERRUN = """
SELECT opening.id FROM opening WHERE opening.overrun <> 0 AND NOT EXISTS (
  SELECT 1 FROM event WHERE event.object = 'opening:' || opening.id AND event.action = 'opening.overrun'
    AND event.actor = opening.overrun_by AND CAST(event.details->>'overrun' AS INTEGER) = opening.overrun)
"""

# One that was being paid when its limit came is left to the sweeper only when the hold is over.
OFFERS = """
SELECT waiting.booking_id AS id FROM waiting JOIN booking ON booking.id = waiting.booking_id
WHERE waiting.state = 'offered' AND booking.state = 'offered'
  AND (waiting.offered_until IS NULL OR waiting.offered_until < ?)
  AND NOT EXISTS (SELECT 1 FROM order_line JOIN family_order ON family_order.id = order_line.order_id
    WHERE order_line.booking_id = booking.id AND order_line.action = 'add'
      AND family_order.kind = 'prepaid' AND family_order.hold_until >= ?)
"""

# A leg that is counted with an invoice belongs to that very invoice, and the other way round.
DOCUMENTS = """
SELECT entry.key AS id FROM leg JOIN entry ON entry.id = leg.entry_id JOIN account ON account.id = leg.account_id
LEFT JOIN invoice ON invoice.id = leg.invoice_id
WHERE (leg.invoice_id IS NOT NULL AND (invoice.id IS NULL OR account.kind <> 'family'
    OR account.family_id <> invoice.family_id OR account.till_id <> invoice.till_id
    OR entry.key NOT IN ('opening:invoice:' || invoice.till_id || ':' || invoice.number,
      'opening:invoice:' || invoice.till_id || ':' || invoice.number || ':paid')))
  OR (leg.invoice_id IS NULL AND account.kind = 'family' AND entry.key LIKE 'opening:invoice:%')
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

# A receipt's task is swept after a month; its e-mail stays. Nobody to write to: no e-mail.
RECEIPTS = """
SELECT payment.id FROM payment WHERE payment.state = 'paid'
AND NOT EXISTS (SELECT 1 FROM task WHERE task.key = 'receipt:' || payment.id)
AND NOT EXISTS (SELECT 1 FROM email
  WHERE email.key LIKE 'receipt:' || payment.id || ':%' OR email.key LIKE 'late:' || payment.id || ':%')
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
  AND booking.state <> CASE request.kind WHEN 'booking' THEN 'requested' ELSE 'confirmed' END
UNION
SELECT booking.id FROM booking WHERE booking.state = 'requested' AND NOT EXISTS (
  SELECT 1 FROM request
  WHERE request.booking_id = booking.id AND request.state = 'pending' AND request.kind = 'booking')
"""

# What is asked of a booking names a booking of that very family; a change of the file, what was and what is to be. An
# answer is in the journal, with what it changed.
REQUESTS = """
SELECT request.id FROM request LEFT JOIN booking ON booking.id = request.booking_id
LEFT JOIN event ON event.object = 'request:' || request.id AND event.action = 'request.' || request.state
WHERE NOT CASE
  WHEN request.kind IN ('booking', 'cancellation') THEN COALESCE(booking.family_id = request.family_id, FALSE)
    AND request.subject = 'booking:' || request.booking_id
  ELSE request.kind = 'file_change' AND request.before IS NOT NULL AND request.after IS NOT NULL END
  OR (request.state IN ('accepted', 'refused') AND (event.id IS NULL OR NOT EXISTS (SELECT 1 FROM notice
    WHERE notice.kind = 'request_answered' AND notice.about = 'request:' || request.id)))
  OR (request.state = 'accepted' AND request.kind = 'file_change' AND NOT EXISTS (SELECT 1 FROM event AS done
    WHERE done.action = 'file.changed' AND done.object = request.subject AND done.at = request.answered_at))
"""

# Told in time, or not answered yet: the day is cancelled for nothing, or the mairie has the question.
TOLD = """
SELECT absence.id FROM absence JOIN booking ON booking.id = absence.booking_id
WHERE absence.family_id <> booking.family_id OR (NOT absence.billed
  AND NOT (booking.state = 'cancelled' AND NOT booking.billed)
  AND NOT (booking.state = 'confirmed' AND EXISTS (SELECT 1 FROM request WHERE request.booking_id = booking.id
    AND request.kind = 'cancellation' AND request.state = 'pending')))
"""

# What came with the commune file, beside what the journal says came with it.
OPENED = """
SELECT 'said' AS side, family_id AS family, CAST(details AS TEXT) AS what, '' AS child, '' AS label, 0 AS place,
  0 AS quantity, 0 AS unit_cents, 0 AS cents
FROM event WHERE action = 'family.opened'
UNION ALL
SELECT 'entries', account.family_id, entry.key, '', '', 0, 0, 0, leg.cents
FROM entry JOIN leg ON leg.entry_id = entry.id JOIN account ON account.id = leg.account_id
WHERE entry.kind = 'opening' AND account.kind = 'family'
UNION ALL
SELECT 'members', family_id, child_id || '-' || activity_id, '', '', 0, 0, 0, cents
FROM membership WHERE paid_at IS NULL
UNION ALL
SELECT 'invoices', family_id, till_id || ':' || number, '', CAST(issued_on AS TEXT), -1, 0, 0, cents
FROM invoice WHERE before_portal
UNION ALL
SELECT 'invoices', invoice.family_id, invoice.till_id || ':' || invoice.number, line.child, line.label, line.position,
  line.quantity, line.unit_cents, line.cents
FROM invoice JOIN invoice_line AS line ON line.invoice_id = invoice.id WHERE invoice.before_portal
"""


def _unsaid(facts: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Debts, invoices and memberships that no file brought, that are not as they came, or that are gone."""
    said: dict[tuple[Any, str, str], Any] = {}
    there: dict[tuple[Any, str, str], Any] = {}
    papers: dict[tuple[Any, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in facts:
        at = row["family"], row["side"], row["what"]
        if row["side"] == "invoices":
            papers[at].append(row)
        elif row["side"] != "said":
            there[at] = row["cents"]
        else:
            brought = json.loads(row["what"])
            found = {**brought, "members": dict.fromkeys(brought.get("members", ()), 0)}
            said |= {
                (row["family"], side, what): to for side, all_ in found.items() for what, to in all_.items()
            }
    for at, pieces in papers.items():
        head, *lines = sorted(pieces, key=lambda row: row["place"])
        shown = [tuple(line[name] for name in PRINTED) for line in lines]
        there[at] = fingerprint(head["label"], head["cents"], shown)
    wrong = (
        at for at in said.keys() | there.keys() if at not in said or at not in there or said[at] != there[at]
    )
    return (f"famille {family}, {what}" for family, _, what in sorted(wrong, key=str))


PRINTED = ("child", "label", "quantity", "unit_cents", "cents")

# Those of before this portal were numbered elsewhere.
NUMBERS = "SELECT till_id, issued_on, number FROM invoice WHERE NOT before_portal"


def _holes(facts: Sequence[dict[str, Any]]) -> Iterator[str]:
    """By till and year, the numbers count 1, 2, 3…: the last digits of what is printed."""
    series: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row in facts:
        digits = re.search(r"(\d+)\D*$", row["number"])
        series[row["till_id"], as_date(row["issued_on"]).year].append(int(digits[1]) if digits else 0)
    for (till, year), numbers in sorted(series.items()):
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            yield f"régie {till}, {year}"


@dataclass(frozen=True, slots=True)
class Journal:
    """Each row follows the one before it in its chain, and no chain is shorter or longer than it was written.

    It grows meanwhile: what was there when the reading began must be there, and nothing that is not at its end.
    """

    invariant: str = "journal"
    what: str = "lignes réécrites, ajoutées ou effacées"

    async def broken(self) -> Sequence[str]:
        before = await self._ends()
        found: list[str] = []
        chains: dict[int, tuple[int, str]] = {}
        last = 0
        while piece := await rows(self.ROWS, [last, PIECE]):
            last = piece[-1]["id"]
            for row in piece:
                chain = row["family_id"] or HOUSE
                length, previous = chains.get(chain, (0, ""))
                chains[chain] = length + 1, row["hash"]
                cut = chain in before and length + 1 == before[chain][0] and row["hash"] != before[chain][1]
                if cut or row["hash"] != _hash(previous, row):
                    found.append(f"n° {row['id']}")
        after = await self._ends()
        for chain in sorted({*before, *after, *chains}):
            length, _ = chains.get(chain, (0, ""))
            if not before.get(chain, (0, ""))[0] <= length <= after.get(chain, (0, ""))[0]:
                found.append(f"famille {chain}" if chain else "commune")
        return found

    async def _ends(self) -> dict[int, tuple[int, str]]:
        return {row["id"]: (row["length"], row["hash"]) for row in await rows(self.ENDS)}

    ENDS = "SELECT id, length, hash FROM event_chain"
    ROWS = """
SELECT id, at, actor, action, object, family_id, details, hash FROM event WHERE id > ? ORDER BY id LIMIT ?
"""


def _hash(previous: str, row: dict[str, Any]) -> str:
    details, at = row["details"], as_instant(row["at"])
    details = json.loads(details) if isinstance(details, str) else details
    facts = (row["actor"], row["action"], row["object"], row["family_id"], details)
    return link(previous, at, *facts) if at else ""


PROMISES: tuple[Promise, ...] = (
    Check("I1", "écritures sans équilibre", UNBALANCED),
    Check("I2", "la somme de toutes les écritures n’est pas nulle", TOTAL),
    Check("I3", "comptes qui ne sont pas à qui leur code le dit", ACCOUNTS),
    Check("I3-I7", "écritures que rien n’explique, qui manquent, ou d’un autre montant", EXPLAINED),
    Check("I3", "reprises mal écrites", BEFORE),
    Reading("I3", "reprises que le fichier de la commune n’a pas dites, ou autrement", OPENED, _unsaid),
    Check("I8", "places prises mal comptées, ou de trop", PLACES),
    Check("I8", "places en plus que personne n’a accordées", OVERRUN),
    Reading("I9", "numéros de factures qui ne se suivent pas", NUMBERS, _holes),
    Check("I10", "factures qui ne sont pas la somme de leurs lignes, ou de leur écriture", INVOICES),
    Check("I10", "écritures rattachées à une facture qui n’est pas la leur", DOCUMENTS),
    Check("I11", "commandes tenues au-delà de leur délai", OVERDUE, lambda: [_before(LATE)]),
    Check("I11", "places proposées au-delà de leur délai", OFFERS, lambda: [_before(UNANSWERED)] * 2),
    Check("I12", "paiements sans reçu demandé", RECEIPTS),
    Check("I12", "travaux en attente depuis plus de 24 heures", TASKS, _yesterday),
    Check("commandes", "montants qui ne sont pas ceux des lignes et du compte", SUMS),
    Check("commandes", "commandes qui ne sont pas celles du journal", ORDERED),
    Check("commandes", "commandes du journal qui ont disparu", LOST),
    Check("commandes", "lignes sans leur réservation, ou d’une autre", LINES),
    Check("commandes", "réservations tenues sans commande en cours, ou l’inverse", HELD),
    Check("commandes", "lignes de panier verrouillées par une commande terminée", LOCKED),
    Check("paiements", "paiements dont la commande dit autre chose", PAID),
    Check("paiements", "commandes à payer sans leur paiement", UNPAID),
    Check(
        "paiements",
        "débits de la banque que le portail n’a pas entendus",
        CHARGES,
        lambda: [_before(UNHEARD)],
    ),
    Check("adhésions", "adhésions sans paiement, ou l’inverse", JOINED),
    Check("réservations", "réservations sans leur commande", BOOKED),
    Check("réservations", "réservations d’un autre jour, d’un autre enfant ou d’une autre famille", PLACED),
    Check("réservations", "réservations annulées par personne, ou sans avoir", CANCELLED),
    Check("attente", "réservations et rangs qui se contredisent", RANKS),
    Check("demandes", "demandes d’une autre famille, répondues par personne ou sans le dire", REQUESTS),
    Check("demandes", "réservations et demandes qui se contredisent", ASKED),
    Check("absences", "absences dites sans frais, dont le jour reste pourtant facturé", TOLD),
    Journal(),
)
