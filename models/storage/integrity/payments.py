"""Payments: what they are for, what the bank says of them, what they opened."""

from datetime import timedelta

from models.rules.states.notices import NoticeKind
from models.rules.states.orders import STANDING, LineAction, OrderState
from models.rules.states.payments import OPEN, BankState, PartKind, PaymentMethod, PaymentState
from models.storage.database import sql_list
from models.storage.integrity.promises import Check, Promise, before

# A paid charge: the bank is asked again at least this often while it can be paid.
UNHEARD = timedelta(minutes=30)

# A payment is the sum of what it is for.
PARTS = """
SELECT payment.id FROM payment LEFT JOIN payment_part ON payment_part.payment_id = payment.id
GROUP BY payment.id, payment.cents HAVING COALESCE(SUM(payment_part.cents), 0) <> payment.cents
"""

# A part is for the payment's own order, for an invoice of its family and till, or for the debt of its till. Of an
# order's payment, what the order asked for and the debt it took over are told apart, and nothing else is paid with it.
TARGETS = f"""
SELECT part.payment_id AS id FROM payment_part AS part JOIN payment ON payment.id = part.payment_id
LEFT JOIN invoice ON invoice.id = part.invoice_id
WHERE NOT COALESCE(CASE part.kind
  WHEN '{PartKind.ORDER}' THEN part.order_id = payment.order_id
  WHEN '{PartKind.INVOICE}' THEN invoice.family_id = payment.family_id AND invoice.till_id = payment.till_id
  WHEN '{PartKind.DEBT}' THEN part.till_id = payment.till_id AND (part.entry_id IS NULL OR EXISTS (
    SELECT 1 FROM entry JOIN leg ON leg.entry_id = entry.id JOIN account ON account.id = leg.account_id
    WHERE entry.id = part.entry_id AND entry.kind = 'opening' AND account.kind = 'family'
      AND account.family_id = payment.family_id AND account.till_id = payment.till_id))
  ELSE part.kind = '{PartKind.ADVANCE}' END, FALSE)
UNION
SELECT payment.id FROM payment JOIN family_order ON family_order.id = payment.order_id
LEFT JOIN payment_part AS part ON part.payment_id = payment.id
GROUP BY payment.id, family_order.due, family_order.debt
HAVING COALESCE(SUM(CASE part.kind WHEN '{PartKind.ORDER}' THEN part.cents END), 0)
    <> family_order.due - family_order.debt
  OR COALESCE(SUM(CASE part.kind WHEN '{PartKind.DEBT}' THEN part.cents END), 0) <> family_order.debt
"""

# A payment is the attempt of its order: the same family, till, sum and moment. A paid order is confirmed, unless the
# money came too late, which the mairie is told.
PAID = f"""
SELECT payment.id FROM payment JOIN family_order ON family_order.id = payment.order_id
WHERE payment.family_id <> family_order.family_id OR payment.till_id <> family_order.till_id
  OR payment.cents <> family_order.due OR payment.made_at <> family_order.made_at
  OR (payment.state = '{PaymentState.PAID}' AND family_order.state <> '{OrderState.CONFIRMED}'
    AND payment.anomaly IS NULL)
  OR (payment.state IN {sql_list(OPEN)} AND family_order.state <> '{OrderState.HELD}')
"""

UNPAID = f"""
SELECT family_order.id FROM family_order LEFT JOIN payment ON payment.order_id = family_order.id
  AND (payment.state = '{PaymentState.PAID}'
    OR (family_order.state = '{OrderState.HELD}' AND payment.state IN {sql_list(OPEN)}))
WHERE family_order.due > 0 AND family_order.state IN {sql_list(STANDING)}
GROUP BY family_order.id HAVING COUNT(payment.id) <> 1
"""

# The only bank whose books are here. What it says of another sum or of nobody's charge, the mairie is told.
CHARGES = f"""
SELECT demo_charge.reference AS id FROM demo_charge
LEFT JOIN payment ON payment.provider = 'demo' AND payment.reference = demo_charge.reference
WHERE demo_charge.state = '{BankState.PAID}'
  AND NOT EXISTS (SELECT 1 FROM anomaly WHERE anomaly.kind IN ('amount', 'unknown')
    AND anomaly.actor = 'bank:demo' AND anomaly.reference = demo_charge.reference)
  AND (payment.id IS NULL OR payment.cents <> demo_charge.cents OR (payment.state <> '{PaymentState.PAID}' AND (
    demo_charge.answered_at IS NULL OR demo_charge.answered_at < ?
    OR (payment.state NOT IN {sql_list(OPEN)} AND NOT EXISTS (SELECT 1 FROM task
      WHERE task.key = 'demo-bank:' || demo_charge.id AND task.state = 'ready')))))
"""

# A membership that was paid has its line, and a line that was paid has the membership, though another home's.
JOINED = f"""
SELECT 'adhésion ' || membership.id AS id FROM membership WHERE membership.paid_at IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM order_line JOIN family_order ON family_order.id = order_line.order_id
  WHERE order_line.action = '{LineAction.MEMBERSHIP}' AND order_line.child_id = membership.child_id
    AND order_line.activity_id = membership.activity_id AND order_line.cents = membership.cents
    AND family_order.family_id = membership.family_id AND family_order.state = '{OrderState.CONFIRMED}')
UNION
SELECT 'commande ' || family_order.id FROM order_line JOIN family_order ON family_order.id = order_line.order_id
LEFT JOIN membership ON membership.child_id = order_line.child_id
  AND membership.activity_id = order_line.activity_id
WHERE order_line.action = '{LineAction.MEMBERSHIP}' AND family_order.state = '{OrderState.CONFIRMED}'
  AND membership.id IS NULL
"""

# Told or not yet: a family is told of its payment once, in the transaction that records it. Of a collection it was
# told before, with its invoice.
RECEIPTS = f"""
SELECT payment.id FROM payment WHERE payment.state = '{PaymentState.PAID}'
  AND payment.method <> '{PaymentMethod.DEBIT}' AND NOT EXISTS (SELECT 1 FROM notice
  WHERE notice.kind IN ('{NoticeKind.PAYMENT_RECEIVED}', '{NoticeKind.PAYMENT_LATE}')
    AND notice.about = 'payment:' || payment.id)
"""

PROMISES: tuple[Promise, ...] = (
    Check("paiements", "paiements qui ne sont pas la somme de leurs parts", PARTS),
    Check("paiements", "paiements dont une part est pour autre chose", TARGETS),
    Check("paiements", "paiements dont la commande dit autre chose", PAID),
    Check("paiements", "commandes à payer sans leur paiement", UNPAID),
    Check(
        "paiements",
        "débits de la banque que le portail n’a pas entendus",
        CHARGES,
        lambda: [before(UNHEARD)],
    ),
    Check("adhésions", "adhésions sans paiement, ou l’inverse", JOINED),
    Check("I12", "paiements sans reçu demandé", RECEIPTS),
)
