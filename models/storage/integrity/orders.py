"""Orders: what they cost, what the journal says of them, what they hold."""

from datetime import timedelta

from models.rules.booking import BookingState
from models.rules.states.orders import OF_DAYS, STANDING, LineAction, OrderKind, OrderState
from models.rules.states.requests import RequestKind
from models.storage.database import sql_list
from models.storage.integrity.promises import Check, Promise, before

LATE = timedelta(minutes=5)  # a hold may outlive its end by this much: the sweeper comes every minute

# What an order asked for is what its lines cost, with a debt or less a credit; no credit was more than there was. The
# account as it stood is read before the entry that used the credit: one family's entries are written in turn.
SUMS = f"""
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
  WHEN bill.kind = '{OrderKind.INVOICED}' THEN bill.debt <> 0 OR bill.credit <> 0 OR bill.due <> 0
  WHEN COALESCE(sums.cents, 0) <> bill.net THEN TRUE
  WHEN bill.net <= 0 THEN bill.debt <> 0 OR bill.credit <> 0 OR bill.due <> 0
  WHEN bill.due > 0 THEN (bill.due <> bill.net + bill.debt - bill.credit
      AND NOT (bill.state = '{OrderState.CONFIRMED}' AND bill.credit = 0 AND bill.due < bill.net + bill.debt))
    OR (bill.credit > 0 AND (bill.debt > 0 OR bill.credit > bill.net OR COALESCE(bill.credit > -running.stood, TRUE)))
  ELSE bill.credit > bill.net + bill.debt OR (bill.state = '{OrderState.CONFIRMED}' AND (
    (bill.credit > 0 AND COALESCE(bill.credit > -running.stood, TRUE))
    OR (bill.debt > 0 AND COALESCE(bill.debt > running.stood, TRUE))))
  END
"""

# The journal knows each order as it was made, and each of its lines.
ORDERED = f"""
SELECT family_order.id FROM family_order LEFT JOIN event ON event.object = 'order:' || family_order.id
WHERE event.id IS NULL OR event.family_id IS NULL OR event.family_id <> family_order.family_id
  OR CAST(event.details->>'net' AS INTEGER) <> family_order.net
  OR CAST(event.details->>'debt' AS INTEGER) <> family_order.debt
  OR CAST(event.details->>'due' AS INTEGER) <> family_order.due
  OR (CAST(event.details->>'credit' AS INTEGER) <> family_order.credit
    AND NOT (family_order.credit = 0 AND family_order.state = '{OrderState.CONFIRMED}' AND family_order.due > 0))
UNION
SELECT order_line.order_id FROM order_line JOIN event ON event.object = 'order:' || order_line.order_id
WHERE event.action = 'order.made' AND event.details->>'lines' NOT LIKE '%"' ||
  CASE order_line.action WHEN '{LineAction.ADD}' THEN '+' ELSE '-' END ||
  order_line.child_id || '-' || order_line.slot_id || '-' || CAST(order_line.day AS TEXT) || '"%'
"""

# An order that the journal knows and that is nowhere.
LOST = """
SELECT event.object AS id FROM event LEFT JOIN family_order ON event.object = 'order:' || family_order.id
WHERE event.action IN ('order.made', 'membership.asked') AND family_order.id IS NULL
"""

# What was ordered is booked, for the same child, slot, day, family and price. An offered place was asked for by one
# order and is paid by another, at the price of that day.
LINES = f"""
SELECT order_line.id FROM order_line JOIN family_order ON family_order.id = order_line.order_id
LEFT JOIN booking ON booking.id = order_line.booking_id LEFT JOIN slot ON slot.id = order_line.slot_id
WHERE order_line.action IN {sql_list(OF_DAYS)} AND family_order.state IN {sql_list(STANDING)} AND (
  booking.id IS NULL OR booking.child_id <> order_line.child_id OR booking.slot_id <> order_line.slot_id
  OR booking.day <> order_line.day OR booking.family_id <> family_order.family_id
  OR slot.activity_id <> order_line.activity_id
  OR (order_line.action = '{LineAction.ADD}' AND booking.order_id = family_order.id
    AND booking.cents <> order_line.cents)
  OR (order_line.action = '{LineAction.ADD}' AND family_order.kind = '{OrderKind.PREPAID}' AND (
    booking.order_id IS NULL OR booking.order_id <> family_order.id
    OR booking.state NOT IN (family_order.state, CASE family_order.state
      WHEN '{OrderState.HELD}' THEN '{BookingState.HELD}' ELSE '{BookingState.CANCELLED}' END)))
  OR (order_line.action = '{LineAction.ADD}' AND family_order.kind = '{OrderKind.INVOICED}'
    AND booking.state = '{BookingState.RELEASED}')
  OR (order_line.action = '{LineAction.CANCEL}' AND order_line.cents NOT IN (-booking.cents,
    CASE family_order.kind WHEN '{OrderKind.PREPAID}' THEN -booking.cents ELSE 0 END))
  OR (order_line.action = '{LineAction.CANCEL}' AND family_order.state = '{OrderState.CONFIRMED}'
    AND booking.state <> '{BookingState.CANCELLED}' AND NOT (family_order.kind = '{OrderKind.INVOICED}'
      AND EXISTS (SELECT 1 FROM request WHERE request.booking_id = booking.id
        AND request.kind = '{RequestKind.CANCELLATION}'))))
UNION
SELECT MAX(id) FROM order_line WHERE action IN {sql_list(OF_DAYS)}
GROUP BY order_id, booking_id, action HAVING COUNT(*) > 1
"""

# What a held order holds, and only that.
HELD = f"""
SELECT booking.id FROM booking LEFT JOIN family_order ON family_order.id = booking.order_id
WHERE booking.state = '{BookingState.HELD}'
  AND (family_order.state IS NULL OR family_order.state <> '{OrderState.HELD}')
UNION
SELECT booking.id FROM order_line JOIN family_order ON family_order.id = order_line.order_id
JOIN booking ON booking.id = order_line.booking_id
WHERE family_order.state = '{OrderState.HELD}' AND order_line.action = '{LineAction.ADD}'
  AND booking.state <> '{BookingState.HELD}'
"""

LOCKED = f"""
SELECT cart_line.id FROM cart_line JOIN family_order ON family_order.id = cart_line.order_id
WHERE family_order.state <> '{OrderState.HELD}'
"""

OVERDUE = f"SELECT id FROM family_order WHERE state = '{OrderState.HELD}' AND hold_until < ?"

PROMISES: tuple[Promise, ...] = (
    Check("commandes", "montants qui ne sont pas ceux des lignes et du compte", SUMS),
    Check("commandes", "commandes qui ne sont pas celles du journal", ORDERED),
    Check("commandes", "commandes du journal qui ont disparu", LOST),
    Check("commandes", "lignes sans leur réservation, ou d’une autre", LINES),
    Check("commandes", "réservations tenues sans commande en cours, ou l’inverse", HELD),
    Check("commandes", "lignes de panier verrouillées par une commande terminée", LOCKED),
    Check("I11", "commandes tenues au-delà de leur délai", OVERDUE, lambda: [before(LATE)]),
)
