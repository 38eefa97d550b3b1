"""The till's counter: receipts, reversals, closed days and deposits, each beside what it tells of."""

from models.rules.postings import COUNTER
from models.rules.states.notices import NoticeKind
from models.rules.states.payments import AT_COUNTER, ON_PAPER, PaymentMethod, PaymentState
from models.storage.database import sql_list
from models.storage.integrity.promises import Check, Promise

# What a counter took has its receipt, at that till; nothing else has one: a card online, a debit.
RECEIPTS = f"""
SELECT 'paiement ' || payment.id AS id FROM payment LEFT JOIN receipt ON receipt.payment_id = payment.id
WHERE CASE payment.provider WHEN '{COUNTER}'
  THEN receipt.id IS NULL OR receipt.till_id <> payment.till_id OR payment.state <> '{PaymentState.PAID}'
    OR payment.paid_at IS NULL OR payment.method NOT IN {sql_list(AT_COUNTER)} OR receipt.taken_at <> payment.paid_at
    OR receipt.tendered <= payment.cents OR (receipt.tendered IS NOT NULL AND payment.method <> '{PaymentMethod.CASH}')
  ELSE receipt.id IS NOT NULL OR payment.method NOT IN ('{PaymentMethod.CARD}', '{PaymentMethod.DEBIT}') END
"""

# The journal, which nobody rewrites, says what was taken and what was taken back.
SAID = """
SELECT 'reçu ' || receipt.id AS id FROM receipt JOIN payment ON payment.id = receipt.payment_id
WHERE NOT EXISTS (SELECT 1 FROM event WHERE event.action = 'counter.taken'
  AND event.object = 'receipt:' || receipt.id AND event.family_id = payment.family_id
  AND event.details->>'number' = receipt.number AND event.details->>'method' = payment.method
  AND CAST(event.details->>'cents' AS INTEGER) = payment.cents)
UNION
SELECT event.object FROM event WHERE event.action = 'counter.taken'
  AND NOT EXISTS (SELECT 1 FROM receipt WHERE event.object = 'receipt:' || receipt.id)
UNION
SELECT 'reçu ' || receipt.id FROM receipt JOIN reversal ON reversal.payment_id = receipt.payment_id
WHERE NOT EXISTS (SELECT 1 FROM event WHERE event.action = 'counter.reversed'
  AND event.object = 'receipt:' || receipt.id
  AND (event.emptied_at IS NOT NULL OR event.details->>'reason' = reversal.reason))
UNION
SELECT event.object FROM event WHERE event.action = 'counter.reversed' AND NOT EXISTS (
  SELECT 1 FROM receipt JOIN reversal ON reversal.payment_id = receipt.payment_id
  WHERE event.object = 'receipt:' || receipt.id)
"""

# Only what a counter took is taken back there, at its till; from the bank just what is there.
REVERSALS = f"""
SELECT 'contre-passation ' || reversal.id AS id FROM reversal JOIN payment ON payment.id = reversal.payment_id
LEFT JOIN receipt ON receipt.payment_id = payment.id
WHERE payment.provider <> '{COUNTER}' OR reversal.till_id <> payment.till_id
  OR reversal.from_bank <> (payment.method = '{PaymentMethod.CARD}' OR EXISTS (
    SELECT 1 FROM deposited_receipt WHERE deposited_receipt.receipt_id = receipt.id)
    OR EXISTS (SELECT 1 FROM bank_match WHERE bank_match.payment_id = payment.id AND bank_match.undone_at IS NULL))
"""

# A deposit is what it names: papers of its till, and the cash.
DEPOSITS = f"""
SELECT number AS id FROM deposit WHERE cents <> cash_cents + (SELECT COALESCE(SUM(payment.cents), 0)
  FROM deposited_receipt JOIN receipt ON receipt.id = deposited_receipt.receipt_id
  JOIN payment ON payment.id = receipt.payment_id WHERE deposited_receipt.deposit_id = deposit.id)
UNION
SELECT deposit.number FROM deposited_receipt JOIN deposit ON deposit.id = deposited_receipt.deposit_id
JOIN receipt ON receipt.id = deposited_receipt.receipt_id JOIN payment ON payment.id = receipt.payment_id
WHERE receipt.till_id <> deposit.till_id OR payment.method NOT IN {sql_list(ON_PAPER)}
UNION
SELECT deposit.number FROM deposit WHERE NOT EXISTS (SELECT 1 FROM event WHERE event.action = 'till.deposited'
  AND event.object = 'deposit:' || deposit.id AND CAST(event.details->>'cents' AS INTEGER) = deposit.cents)
"""

# A closed day is as it was when it was counted: nothing came to it afterwards, and its cash is that of the rows.
CLOSED = f"""
SELECT 'régie ' || closing.till_id || ', ' || closing.day AS id FROM till_closing AS closing
WHERE closing.expected_cents <> closing.float_cents + COALESCE((SELECT SUM(payment.cents)
    FROM receipt JOIN payment ON payment.id = receipt.payment_id WHERE receipt.till_id = closing.till_id
      AND receipt.day <= closing.day AND payment.method = '{PaymentMethod.CASH}'), 0)
  - COALESCE((SELECT SUM(payment.cents) FROM reversal JOIN payment ON payment.id = reversal.payment_id
    WHERE reversal.till_id = closing.till_id AND reversal.day <= closing.day
      AND payment.method = '{PaymentMethod.CASH}'), 0)
  - COALESCE((SELECT SUM(refund.cents) FROM discharge JOIN refund ON refund.id = discharge.refund_id
    WHERE discharge.till_id = closing.till_id AND discharge.day <= closing.day), 0)
  - COALESCE((SELECT SUM(deposit.cash_cents) FROM deposit WHERE deposit.till_id = closing.till_id
    AND deposit.day <= closing.day), 0)
  OR NOT EXISTS (SELECT 1 FROM event WHERE event.action = 'till.closed'
    AND event.object = 'till_closing:' || closing.id
    AND CAST(event.details->>'counted' AS INTEGER) = closing.counted_cents)
  OR closing.receipts <> (SELECT COUNT(*) FROM receipt
    WHERE receipt.till_id = closing.till_id AND receipt.day = closing.day)
  OR closing.taken_cents <> (SELECT COALESCE(SUM(payment.cents), 0) FROM receipt
      JOIN payment ON payment.id = receipt.payment_id
      WHERE receipt.till_id = closing.till_id AND receipt.day = closing.day)
    - (SELECT COALESCE(SUM(payment.cents), 0) FROM reversal JOIN payment ON payment.id = reversal.payment_id
      WHERE reversal.till_id = closing.till_id AND reversal.day = closing.day)
    - (SELECT COALESCE(SUM(refund.cents), 0) FROM discharge JOIN refund ON refund.id = discharge.refund_id
      WHERE discharge.till_id = closing.till_id AND discharge.day = closing.day)
"""

# What is given up, the journal says, with who and why.
GIVEN_UP = """
SELECT 'abandon ' || write_off.id AS id FROM write_off LEFT JOIN invoice ON invoice.id = write_off.invoice_id
WHERE invoice.family_id <> write_off.family_id OR invoice.till_id <> write_off.till_id
  OR NOT EXISTS (SELECT 1 FROM event WHERE event.action = 'counter.written_off'
    AND event.object = 'write_off:' || write_off.id AND event.family_id = write_off.family_id
    AND event.actor = 'member:' || write_off.member_id
    AND (event.emptied_at IS NOT NULL OR (event.details->>'reason' = write_off.reason
      AND CAST(event.details->>'cents' AS INTEGER) = write_off.cents)))
UNION
SELECT event.object FROM event WHERE event.action = 'counter.written_off'
  AND NOT EXISTS (SELECT 1 FROM write_off WHERE event.object = 'write_off:' || write_off.id)
"""

# Who may book on, the journal says, until when and why; and who ended that.
EXEMPT = """
SELECT 'exemption ' || exemption.id AS id FROM exemption WHERE NOT EXISTS (SELECT 1 FROM event
  WHERE event.action = 'exemption.made' AND event.object = 'exemption:' || exemption.id
    AND event.family_id = exemption.family_id AND event.actor = 'member:' || exemption.member_id
    AND (event.emptied_at IS NOT NULL OR (event.details->>'reason' = exemption.reason
      AND COALESCE(event.details->>'kind', 'arrears') = exemption.kind
      AND event.details->>'until' = CAST(exemption.until AS TEXT))))
UNION
SELECT 'exemption ' || exemption.id FROM exemption WHERE exemption.ended_at IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM event WHERE event.action = 'exemption.ended' AND event.object = 'exemption:' || exemption.id
    AND event.actor = 'member:' || exemption.ended_by_id)
UNION
SELECT event.object FROM event WHERE event.action = 'exemption.ended' AND NOT EXISTS (
  SELECT 1 FROM exemption WHERE event.object = 'exemption:' || exemption.id AND exemption.ended_at IS NOT NULL)
UNION
SELECT event.object FROM event WHERE event.action = 'exemption.made'
  AND NOT EXISTS (SELECT 1 FROM exemption WHERE event.object = 'exemption:' || exemption.id)
"""

# A reminder is the sum of the invoices that it names, which are its family's and till's; its level follows the last.
REMINDERS = f"""
SELECT 'relance ' || reminder.id AS id FROM reminder WHERE cents <> (SELECT COALESCE(SUM(named.cents), 0)
    FROM reminded_invoice AS named WHERE named.reminder_id = reminder.id)
  OR NOT EXISTS (SELECT 1 FROM event WHERE event.action = 'reminder.sent'
    AND event.object = 'reminder:' || reminder.id AND event.family_id = reminder.family_id
    AND CAST(event.details->>'level' AS INTEGER) = reminder.level
    AND CAST(event.details->>'cents' AS INTEGER) = reminder.cents)
  OR NOT EXISTS (SELECT 1 FROM notice WHERE notice.kind = '{NoticeKind.PAYMENT_REMINDER}'
    AND notice.about = 'reminder:' || reminder.id AND notice.family_id = reminder.family_id)
UNION
SELECT 'relance ' || reminder.id FROM reminded_invoice AS named JOIN reminder ON reminder.id = named.reminder_id
JOIN invoice ON invoice.id = named.invoice_id
WHERE invoice.family_id <> reminder.family_id OR invoice.till_id <> reminder.till_id
"""

# What a bank's file brought is what the journal says; a line stands beside one sum of its till, of the same cents.
AT_BANK = f"""
SELECT 'fichier ' || bank_file.id AS id FROM bank_file
WHERE bank_file.lines <> (SELECT COUNT(*) FROM bank_line AS line WHERE line.file_id = bank_file.id)
  OR bank_file.cents <> (SELECT COALESCE(SUM(line.cents), 0) FROM bank_line AS line WHERE line.file_id = bank_file.id)
  OR NOT EXISTS (SELECT 1 FROM event WHERE event.action = 'bank.imported'
    AND event.object = 'bank_file:' || bank_file.id AND event.actor = 'member:' || bank_file.member_id
    AND CAST(event.details->>'till' AS INTEGER) = bank_file.till_id
    AND CAST(event.details->>'lines' AS INTEGER) = bank_file.lines
    AND CAST(event.details->>'cents' AS INTEGER) = bank_file.cents)
UNION
SELECT 'ligne ' || line.id FROM bank_line AS line JOIN bank_file ON bank_file.id = line.file_id
WHERE line.till_id <> bank_file.till_id
UNION
SELECT 'rapprochement ' || made.id FROM bank_match AS made JOIN bank_line AS line ON line.id = made.line_id
LEFT JOIN deposit ON deposit.id = made.deposit_id LEFT JOIN payment ON payment.id = made.payment_id
WHERE COALESCE(deposit.cents, payment.cents) <> line.cents OR COALESCE(deposit.till_id, payment.till_id) <> line.till_id
  OR payment.provider <> '{COUNTER}' OR payment.method <> '{PaymentMethod.TRANSFER}'
  OR NOT EXISTS (SELECT 1 FROM event WHERE event.action = 'bank.matched'
    AND event.object = 'bank_match:' || made.id AND event.actor = 'member:' || made.member_id
    AND CAST(event.details->>'line' AS INTEGER) = made.line_id
    AND event.details->>'what' = COALESCE('remise-' || made.deposit_id, 'virement-' || made.payment_id)
    AND CAST(event.details->>'cents' AS INTEGER) = line.cents)
UNION
SELECT event.object FROM event WHERE event.action = 'bank.matched'
  AND NOT EXISTS (SELECT 1 FROM bank_match WHERE event.object = 'bank_match:' || bank_match.id)
UNION
SELECT 'rapprochement ' || made.id FROM bank_match AS made WHERE made.undone_at IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM event WHERE event.action = 'bank.unmatched' AND event.object = 'bank_match:' || made.id
    AND event.actor = 'member:' || made.undone_by_id AND event.details->>'reason' = made.reason)
UNION
SELECT event.object FROM event WHERE event.action = 'bank.unmatched' AND NOT EXISTS (SELECT 1 FROM bank_match
  WHERE event.object = 'bank_match:' || bank_match.id AND bank_match.undone_at IS NOT NULL)
UNION
SELECT 'mise de côté ' || aside.id FROM bank_aside AS aside WHERE NOT EXISTS (
  SELECT 1 FROM event WHERE event.action = 'bank.set_aside' AND event.object = 'bank_aside:' || aside.id
    AND event.actor = 'member:' || aside.member_id AND event.details->>'reason' = aside.reason
    AND CAST(event.details->>'line' AS INTEGER) = aside.line_id)
  OR (aside.ended_at IS NULL AND EXISTS (SELECT 1 FROM bank_match AS made
    WHERE made.line_id = aside.line_id AND made.undone_at IS NULL))
  OR (aside.ended_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM event WHERE event.action = 'bank.taken_up'
    AND event.object = 'bank_aside:' || aside.id AND event.actor = 'member:' || aside.ended_by_id))
UNION
SELECT event.object FROM event WHERE event.action IN ('bank.set_aside', 'bank.taken_up') AND NOT EXISTS (
  SELECT 1 FROM bank_aside AS aside WHERE event.object = 'bank_aside:' || aside.id
    AND (event.action = 'bank.set_aside' OR aside.ended_at IS NOT NULL))
UNION
SELECT event.object FROM event WHERE event.action = 'bank.imported'
  AND NOT EXISTS (SELECT 1 FROM bank_file WHERE event.object = 'bank_file:' || bank_file.id)
"""

PROMISES: tuple[Promise, ...] = (
    Check("régie", "paiements au guichet sans leur reçu, ou l’inverse", RECEIPTS),
    Check("régie", "reçus ou contre-passations que le journal ne dit pas, ou autrement", SAID),
    Check("régie", "contre-passations de ce que le guichet n’a pas reçu", REVERSALS),
    Check("régie", "bordereaux qui ne sont pas la somme de ce qu’ils nomment", DEPOSITS),
    Check("régie", "lignes de la banque qui ne sont pas ce qui est dit, ou d’une autre somme", AT_BANK),
    Check("régie", "sommes abandonnées que le journal ne dit pas, ou autrement", GIVEN_UP),
    Check("régie", "familles dispensées de suspension que le journal ne dit pas, ou autrement", EXEMPT),
    Check("régie", "relances qui ne sont pas la somme de leurs factures, ou que rien ne dit", REMINDERS),
    Check("régie", "journées clôturées qui ont changé", CLOSED),
)
