"""The ledger, computed again: every entry has its reason, every reason its entry."""

from models.rules.booking import BookingState
from models.rules.postings import COUNTER
from models.rules.states.debits import DebitState
from models.rules.states.orders import LineAction, OrderKind, OrderState
from models.rules.states.payments import AT_COUNTER, CardRefundState, PaymentMethod, PaymentState, RefundState
from models.rules.states.requests import RequestKind, RequestState
from models.storage.integrity.promises import Check, Promise

UNBALANCED = """
SELECT entry.id FROM entry LEFT JOIN leg ON leg.entry_id = entry.id
GROUP BY entry.id HAVING COUNT(leg.id) < 2 OR SUM(leg.cents) <> 0
"""

TOTAL = "SELECT total AS id FROM (SELECT COALESCE(SUM(cents), 0) AS total FROM leg) AS legs WHERE total <> 0"

# Whose money it is: an account's code says what its columns say, and what it names is there.
OF_A_COUNTER = " ".join(
    f"WHEN '{kind}' THEN account.family_id IS NULL AND COALESCE(account.code = '{kind}:' || account.till_id, FALSE)"
    for kind in (*AT_COUNTER, "refund_due", "write_off")
    if kind != PaymentMethod.CARD
)
ACCOUNTS = f"""
SELECT account.code AS id FROM account
LEFT JOIN activity ON account.code = 'revenue:' || activity.code
LEFT JOIN family_order ON account.code = 'hold:' || family_order.id
WHERE NOT CASE account.kind
  WHEN 'family' THEN account.family_id IS NOT NULL AND account.till_id IS NOT NULL
    AND account.code = 'family:' || account.family_id || ':' || account.till_id
  WHEN 'bank' THEN account.family_id IS NULL AND account.till_id IS NOT NULL
    AND account.code LIKE 'bank:%:' || account.till_id
  WHEN 'debit' THEN account.family_id IS NULL AND account.till_id IS NOT NULL
    AND account.code = 'debit:' || account.till_id
  {OF_A_COUNTER}
  WHEN 'opening' THEN account.family_id IS NULL AND account.till_id IS NOT NULL
    AND account.code = 'opening:' || account.till_id
  WHEN 'hold' THEN account.family_id IS NULL AND COALESCE(account.till_id = family_order.till_id, FALSE)
  WHEN 'revenue' THEN account.family_id IS NULL AND activity.id IS NOT NULL
  ELSE FALSE END
"""

# The account that a payment's money came to.
PLACE = f"""CASE WHEN payment.method = '{PaymentMethod.DEBIT}' THEN 'debit'
      WHEN payment.provider <> '{COUNTER}' THEN 'bank:' || payment.provider
      WHEN payment.method = '{PaymentMethod.CARD}' THEN 'bank:{COUNTER}'
      ELSE payment.method END || ':' || payment.till_id"""

# No class event cancelled it: what one gave back has its own key.
NOT_AWAY = """NOT EXISTS (SELECT 1 FROM cancelled_day WHERE cancelled_day.booking_id = booking.id
      AND cancelled_day.returned_at IS NULL)"""

# The ledger, computed again: what each order, payment and answered request must have posted, less what is posted. A
# family of keys comes here with the rows that explain it; an entry that none explains is a fault.
#
# A payment is explained by its parts: one that is for an invoice counts with that invoice, the others with none.
#
# What a counter takes lies in an account of its means until a deposit takes it to the bank, or
# the bank's file shows a transfer; a card's is there at once.
# A reversal takes it from where it lies.
#
# An issued invoice is owed, each line by its activity; a credit note gives its lines back, to the invoice what was left
# to pay of it, and the rest to the family. Those of before this portal are explained apart (opened.py).
#
# What stood on the account of a file that was merged is the other file's (its row says which, and how much).
#
# What the roll call changed of a prepaid day is charged to its family, or given back, by its activity.
#
# A membership's line counts when its very order made the membership. A cancelled line counts when it cancelled the
# booking: the mairie's own credit has its own key. A credit was set aside when the order asked less of the bank than
# it cost; it was given back when the order was released. One that was released and paid after all uses none.
EXPLAINED = f"""
WITH
paid AS (SELECT order_id, MAX(paid_at) AS at FROM payment WHERE state = '{PaymentState.PAID}' GROUP BY order_id),
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
  WHERE family_order.state = '{OrderState.CONFIRMED}' AND (
    (family_order.kind = '{OrderKind.PREPAID}' AND order_line.action = '{LineAction.ADD}')
    OR (family_order.kind = '{OrderKind.PREPAID}' AND order_line.action = '{LineAction.CANCEL}'
      AND booking.state = '{BookingState.CANCELLED}' AND NOT booking.billed AND back.id IS NULL AND {NOT_AWAY})
    OR (order_line.action = '{LineAction.MEMBERSHIP}' AND membership.id IS NOT NULL))
),
reserved AS (
  SELECT held.id AS id, held.state AS state,
    held.net + held.debt - held.due AS cents,
    held.state = '{OrderState.CONFIRMED}' AND given.id IS NULL AS spent,
    held.state = '{OrderState.RELEASED}' OR (held.state = '{OrderState.CONFIRMED}' AND given.id IS NOT NULL) AS back,
    'family:' || held.family_id || ':' || held.till_id AS family_account, 'hold:' || held.id AS aside
  FROM family_order AS held LEFT JOIN entry AS given ON given.key = 'unhold:' || held.id
  WHERE held.kind = '{OrderKind.PREPAID}' AND held.due > 0 AND held.net + held.debt > held.due
),
credited AS (
  SELECT booking.id AS id, booking.cents AS cents, activity.code AS activity,
    'family:' || booking.family_id || ':' || family_order.till_id AS family_account
  FROM booking JOIN family_order ON family_order.id = booking.order_id
  JOIN slot ON slot.id = booking.slot_id JOIN activity ON activity.id = slot.activity_id
  WHERE family_order.kind = '{OrderKind.PREPAID}' AND booking.state = '{BookingState.CANCELLED}' AND booking.cents > 0
    AND {NOT_AWAY} AND EXISTS (SELECT 1 FROM request WHERE request.booking_id = booking.id
      AND request.kind = '{RequestKind.CANCELLATION}' AND request.state = '{RequestState.ACCEPTED}')
    AND NOT EXISTS (SELECT 1 FROM order_line JOIN family_order AS other ON other.id = order_line.order_id
      WHERE order_line.booking_id = booking.id AND order_line.action = '{LineAction.CANCEL}'
        AND other.kind = '{OrderKind.PREPAID}' AND other.state = '{OrderState.CONFIRMED}')
),
away AS (
  SELECT cancelled_day.id AS id, cancelled_day.cents AS cents, cancelled_day.returned_at IS NOT NULL AS back,
    'revenue:' || activity.code AS revenue,
    'family:' || booking.family_id || ':' || family_order.till_id AS family_account
  FROM cancelled_day JOIN booking ON booking.id = cancelled_day.booking_id
  JOIN family_order ON family_order.id = booking.order_id
  JOIN slot ON slot.id = booking.slot_id JOIN activity ON activity.id = slot.activity_id
  WHERE cancelled_day.cents > 0
),
bought AS (
  SELECT 'pay:' || payment.provider || ':' || payment.reference AS key, part.invoice_id AS invoice, part.cents AS cents,
    {PLACE} AS bank,
    'family:' || payment.family_id || ':' || payment.till_id AS family_account
  FROM payment JOIN payment_part AS part ON part.payment_id = payment.id WHERE payment.state = '{PaymentState.PAID}'
),
undone AS (
  SELECT 'reverse:' || payment.id AS key, part.invoice_id AS invoice, part.cents AS cents,
    CASE WHEN reversal.from_bank THEN 'bank:{COUNTER}:' || payment.till_id ELSE {PLACE} END AS place,
    'family:' || payment.family_id || ':' || payment.till_id AS family_account
  FROM reversal JOIN payment ON payment.id = reversal.payment_id
  JOIN payment_part AS part ON part.payment_id = payment.id
),
handed_in AS (
  SELECT 'deposit:' || deposit.id AS key, 'bank:{COUNTER}:' || deposit.till_id AS bank,
    payment.method || ':' || deposit.till_id AS place, payment.cents AS cents
  FROM deposit JOIN deposited_receipt ON deposited_receipt.deposit_id = deposit.id
  JOIN receipt ON receipt.id = deposited_receipt.receipt_id JOIN payment ON payment.id = receipt.payment_id
  UNION ALL
  SELECT 'deposit:' || id, 'bank:{COUNTER}:' || till_id, '{PaymentMethod.CASH}:' || till_id, cash_cents FROM deposit
),
seen AS (
  SELECT 'seen:' || bank_match.id AS key, bank_line.cents AS cents, 'bank:{COUNTER}:' || bank_line.till_id AS bank,
    '{PaymentMethod.TRANSFER}:' || bank_line.till_id AS place
  FROM bank_match JOIN bank_line ON bank_line.id = bank_match.line_id WHERE bank_match.payment_id IS NOT NULL
),
unseen AS (
  SELECT 'unseen:' || bank_match.id AS key, seen.cents AS cents, seen.bank AS bank, seen.place AS place
  FROM bank_match JOIN seen ON seen.key = 'seen:' || bank_match.id WHERE bank_match.undone_at IS NOT NULL
),
applied AS (
  SELECT 'apply:' || credit_use.id AS key, credit_use.invoice_id AS invoice, credit_use.cents AS cents,
    'family:' || credit_use.family_id || ':' || invoice.till_id AS family_account
  FROM credit_use JOIN invoice ON invoice.id = credit_use.invoice_id
  UNION ALL
  SELECT 'over:' || payment.id || ':' || part.invoice_id, part.invoice_id, -anomaly.cents,
    'family:' || payment.family_id || ':' || payment.till_id
  FROM anomaly JOIN payment ON payment.id = anomaly.payment_id
  JOIN payment_part AS part ON part.payment_id = payment.id AND part.invoice_id IS NOT NULL
  WHERE anomaly.key = 'twice:' || payment.id || ':' || part.invoice_id
),
taken_away AS (
  SELECT 'reverse:' || payment.id AS key, debit.invoice_id AS invoice, debit.cents AS cents,
    'debit:' || payment.till_id AS bank, 'family:' || payment.family_id || ':' || payment.till_id AS family_account
  FROM direct_debit AS debit JOIN payment ON payment.id = debit.payment_id
  WHERE debit.state = '{DebitState.REJECTED}'
),
issued AS (
  SELECT 'inv:' || till_id || ':' || number AS key, id, cents,
    'family:' || family_id || ':' || till_id AS family_account
  FROM invoice WHERE NOT before_portal
),
taken_back AS (
  SELECT 'credit:' || till_id || ':' || number AS key, id, invoice_id AS invoice, cents, applied_cents AS applied,
    'family:' || family_id || ':' || till_id AS family_account
  FROM credit_note
),
abandoned AS (
  SELECT 'writeoff:' || id AS key, invoice_id AS invoice, cents, 'write_off:' || till_id AS given_up,
    'family:' || family_id || ':' || till_id AS family_account
  FROM write_off
),
refunded AS (
  SELECT refund.id, refund.state, refund.cents, 'refund_due:' || refund.till_id AS due,
    CASE refund.method WHEN '{PaymentMethod.CASH}' THEN '{PaymentMethod.CASH}'
      WHEN '{PaymentMethod.CARD}' THEN 'bank:' || payment.provider
      ELSE 'bank:{COUNTER}' END || ':' || refund.till_id AS bank,
    'family:' || refund.family_id || ':' || refund.till_id AS family_account
  FROM refund
  LEFT JOIN card_refund ON card_refund.refund_id = refund.id AND card_refund.state = '{CardRefundState.GIVEN}'
  LEFT JOIN payment ON payment.id = card_refund.payment_id
),
called AS (
  SELECT 'roll:' || charge.id AS key, CASE WHEN charge.cents > 0 THEN 'sale' ELSE 'credit' END AS kind, charge.cents,
    'revenue:' || activity.code AS revenue, 'family:' || booking.family_id || ':' || activity.till_id AS family_account
  FROM roll_charge AS charge JOIN attendance ON attendance.id = charge.attendance_id
  JOIN booking ON booking.id = attendance.booking_id JOIN slot ON slot.id = booking.slot_id
  JOIN activity ON activity.id = slot.activity_id
),
merged AS (
  SELECT 'merge:' || id AS key, invoice_id AS invoice, cents, 'family:' || family_id || ':' || till_id AS closed,
    'family:' || into_id || ':' || till_id AS kept
  FROM merged_balance
),
sides AS (
  SELECT entry.key AS key, entry.kind AS kind, account.code AS code, leg.invoice_id AS invoice, leg.cents AS cents
  FROM entry JOIN leg ON leg.entry_id = entry.id JOIN account ON account.id = leg.account_id
  WHERE entry.kind <> 'opening'
  UNION ALL SELECT key, 'payment', bank, NULL, -cents FROM bought
  UNION ALL SELECT key, 'payment', family_account, invoice, cents FROM bought
  UNION ALL SELECT key, 'reversal', family_account, invoice, -cents FROM taken_away
  UNION ALL SELECT key, 'reversal', bank, NULL, cents FROM taken_away
  UNION ALL SELECT key, 'reversal', place, NULL, cents FROM undone
  UNION ALL SELECT key, 'reversal', family_account, invoice, -cents FROM undone
  UNION ALL SELECT key, 'deposit', bank, NULL, -cents FROM handed_in
  UNION ALL SELECT key, 'deposit', place, NULL, cents FROM handed_in
  UNION ALL SELECT key, 'deposit', bank, NULL, -cents FROM seen
  UNION ALL SELECT key, 'deposit', place, NULL, cents FROM seen
  UNION ALL SELECT key, 'deposit', bank, NULL, cents FROM unseen
  UNION ALL SELECT key, 'deposit', place, NULL, -cents FROM unseen
  UNION ALL SELECT key, 'write_off', given_up, NULL, -cents FROM abandoned
  UNION ALL SELECT key, 'write_off', family_account, invoice, cents FROM abandoned
  UNION ALL SELECT 'refund:' || id, 'refund', family_account, NULL, -cents FROM refunded
  UNION ALL SELECT 'refund:' || id, 'refund', due, NULL, cents FROM refunded
  UNION ALL SELECT 'refund-sent:' || id, 'refund', due, NULL, -cents FROM refunded WHERE state = '{RefundState.SENT}'
  UNION ALL SELECT 'refund-sent:' || id, 'refund', bank, NULL, cents FROM refunded WHERE state = '{RefundState.SENT}'
  UNION ALL SELECT 'refund-refused:' || id, 'refund', family_account, NULL, cents FROM refunded
  WHERE state = '{RefundState.REFUSED}'
  UNION ALL SELECT 'refund-refused:' || id, 'refund', due, NULL, -cents FROM refunded
  WHERE state = '{RefundState.REFUSED}'
  UNION ALL SELECT key, 'apply', family_account, NULL, -cents FROM applied
  UNION ALL SELECT key, 'apply', family_account, invoice, cents FROM applied
  UNION ALL SELECT key, 'invoice', family_account, id, -cents FROM issued
  UNION ALL SELECT issued.key, 'invoice', 'revenue:' || activity.code, NULL, line.cents
  FROM issued JOIN invoice_line AS line ON line.invoice_id = issued.id JOIN activity ON activity.id = line.activity_id
  UNION ALL SELECT key, 'credit_note', family_account, invoice, applied FROM taken_back
  UNION ALL SELECT key, 'credit_note', family_account, NULL, cents - applied FROM taken_back
  UNION ALL SELECT back.key, 'credit_note', 'revenue:' || activity.code, NULL, -line.cents
  FROM taken_back AS back JOIN credit_note_line AS line ON line.credit_note_id = back.id
  JOIN activity ON activity.id = line.activity_id
  UNION ALL SELECT 'sale:' || id, 'sale', 'revenue:' || activity, NULL, cents FROM counted
  UNION ALL SELECT 'sale:' || id, 'sale', 'family:' || family || ':' || till, NULL, -cents FROM counted
  UNION ALL SELECT 'hold:' || id, 'hold', family_account, NULL, -cents FROM reserved
  UNION ALL SELECT 'hold:' || id, 'hold', aside, NULL, cents FROM reserved
  UNION ALL SELECT 'unhold:' || id, 'hold', family_account, NULL, cents FROM reserved WHERE back
  UNION ALL SELECT 'unhold:' || id, 'hold', aside, NULL, -cents FROM reserved WHERE back
  UNION ALL SELECT 'spend:' || id, 'hold', family_account, NULL, cents FROM reserved WHERE spent
  UNION ALL SELECT 'spend:' || id, 'hold', aside, NULL, -cents FROM reserved WHERE spent
  UNION ALL SELECT 'cancel:' || id, 'credit', 'revenue:' || activity, NULL, -cents FROM credited
  UNION ALL SELECT 'cancel:' || id, 'credit', family_account, NULL, cents FROM credited
  UNION ALL SELECT 'away:' || id, 'credit', revenue, NULL, -cents FROM away
  UNION ALL SELECT 'away:' || id, 'credit', family_account, NULL, cents FROM away
  UNION ALL SELECT 'away-back:' || id, 'sale', revenue, NULL, cents FROM away WHERE back
  UNION ALL SELECT 'away-back:' || id, 'sale', family_account, NULL, -cents FROM away WHERE back
  UNION ALL SELECT key, kind, revenue, NULL, cents FROM called
  UNION ALL SELECT key, kind, family_account, NULL, -cents FROM called
  UNION ALL SELECT key, 'merge', closed, invoice, cents FROM merged
  UNION ALL SELECT key, 'merge', kept, NULL, -cents FROM merged
)
SELECT key AS id FROM sides GROUP BY key, kind, code, invoice HAVING SUM(cents) <> 0
"""

# What stood before the portal: one side is the family's, the other its till's.
BEFORE = """
SELECT entry.key AS id FROM entry JOIN leg ON leg.entry_id = entry.id JOIN account ON account.id = leg.account_id
WHERE entry.kind = 'opening' GROUP BY entry.key
HAVING entry.key NOT LIKE 'opening:%' OR COUNT(*) <> 2
  OR MIN(account.kind) <> 'family' OR MAX(account.kind) <> 'opening' OR MIN(account.till_id) <> MAX(account.till_id)
"""

PROMISES: tuple[Promise, ...] = (
    Check("I1", "écritures sans équilibre", UNBALANCED),
    Check("I2", "la somme de toutes les écritures n’est pas nulle", TOTAL),
    Check("I3", "comptes qui ne sont pas à qui leur code le dit", ACCOUNTS),
    Check("I3-I7", "écritures que rien n’explique, qui manquent, ou d’un autre montant", EXPLAINED),
    Check("I3", "reprises mal écrites", BEFORE),
)
