"""Avoirs that are given back: asked for, answered, told; cash with its discharge, cards with their bank."""

from models.rules.postings import COUNTER
from models.rules.states.notices import NoticeKind
from models.rules.states.payments import (
    REFUND_OPEN,
    UNDER_WAY,
    CardRefundState,
    PaymentMethod,
    PaymentState,
    RefundState,
)
from models.storage.database import sql_list
from models.storage.integrity.promises import Check, Promise

# What is given back, the journal says, with who, why and how; an answer is told to the family.
GIVEN_BACK = f"""
SELECT 'remboursement ' || refund.id AS id FROM refund WHERE NOT EXISTS (SELECT 1 FROM event
  WHERE event.action = 'refund.asked' AND event.object = 'refund:' || refund.id
    AND event.family_id = refund.family_id AND event.actor = refund.asked_by
    AND (event.emptied_at IS NOT NULL OR (event.details->>'reason' = refund.reason
      AND CAST(event.details->>'cents' AS INTEGER) = refund.cents)))
UNION
SELECT 'remboursement ' || refund.id FROM refund WHERE refund.state NOT IN {sql_list(REFUND_OPEN)} AND (
  refund.answered_at IS NULL OR (refund.state = '{RefundState.REFUSED}' AND refund.answer IS NULL)
  OR NOT EXISTS (SELECT 1 FROM event WHERE event.action = 'refund.' || refund.state
    AND event.object = 'refund:' || refund.id AND event.actor = 'member:' || refund.answered_by_id
    AND (event.emptied_at IS NOT NULL
      OR COALESCE(event.details->>'method', '{PaymentMethod.TRANSFER}') = refund.method))
  OR NOT EXISTS (SELECT 1 FROM notice WHERE notice.kind = '{NoticeKind.REFUND_ANSWERED}'
    AND notice.about = 'refund:' || refund.id AND notice.family_id = refund.family_id))
"""

# Cash that was given back has its discharge, by who answered and when; nothing else has one.
DISCHARGES = f"""
SELECT 'remboursement ' || refund.id AS id FROM refund LEFT JOIN discharge ON discharge.refund_id = refund.id
WHERE CASE WHEN refund.state = '{RefundState.SENT}' AND refund.method = '{PaymentMethod.CASH}'
  THEN discharge.id IS NULL OR discharge.till_id <> refund.till_id OR discharge.given_at <> refund.answered_at
    OR discharge.member_id <> refund.answered_by_id
  ELSE discharge.id IS NOT NULL END
"""

# A card gets back what it paid, of its own family, at its own till, never more; a refund is at the bank while an order
# is under way, and gone when one is done. Who ordered it, the journal says.
CARDS = f"""
SELECT 'remboursement ' || refund.id AS id FROM card_refund JOIN refund ON refund.id = card_refund.refund_id
JOIN payment ON payment.id = card_refund.payment_id
WHERE payment.family_id <> refund.family_id OR payment.till_id <> refund.till_id
  OR payment.provider = '{COUNTER}' OR payment.method <> '{PaymentMethod.CARD}'
  OR payment.state <> '{PaymentState.PAID}'
  OR (card_refund.state IN {sql_list(UNDER_WAY)}) <> (card_refund.ended_at IS NULL)
  OR NOT EXISTS (SELECT 1 FROM event WHERE event.action = 'refund.ordered'
    AND event.object = 'card_refund:' || card_refund.id AND event.family_id = refund.family_id
    AND event.actor = 'member:' || card_refund.ordered_by_id
    AND CAST(event.details->>'payment' AS INTEGER) = card_refund.payment_id)
  OR (card_refund.state <> '{CardRefundState.ORDERED}' AND NOT EXISTS (SELECT 1 FROM event
    WHERE event.action = 'refund.card_' || card_refund.state AND event.object = 'card_refund:' || card_refund.id))
UNION
SELECT 'remboursement ' || refund.id FROM refund
WHERE (refund.state = '{RefundState.ORDERED}') <> EXISTS (SELECT 1 FROM card_refund
    WHERE card_refund.refund_id = refund.id AND card_refund.state IN {sql_list(UNDER_WAY)})
  OR (refund.state = '{RefundState.SENT}' AND refund.method = '{PaymentMethod.CARD}') <> EXISTS (
    SELECT 1 FROM card_refund WHERE card_refund.refund_id = refund.id
      AND card_refund.state = '{CardRefundState.GIVEN}')
UNION
SELECT 'paiement ' || payment.id FROM card_refund JOIN refund ON refund.id = card_refund.refund_id
JOIN payment ON payment.id = card_refund.payment_id WHERE card_refund.state <> '{CardRefundState.REFUSED}'
GROUP BY payment.id, payment.cents HAVING SUM(refund.cents) > payment.cents
"""

# The only bank whose books are here: it gave back what was done, and perhaps what is under way.
AT_THE_DEMO_BANK = f"""
SELECT reference AS id FROM (
  SELECT demo_charge.reference, demo_charge.given_back, COALESCE((SELECT SUM(refund.cents) FROM payment
      JOIN card_refund ON card_refund.payment_id = payment.id JOIN refund ON refund.id = card_refund.refund_id
      WHERE payment.provider = 'demo' AND payment.reference = demo_charge.reference
        AND card_refund.state = '{CardRefundState.GIVEN}'), 0) AS done,
    COALESCE((SELECT SUM(refund.cents) FROM payment
      JOIN card_refund ON card_refund.payment_id = payment.id JOIN refund ON refund.id = card_refund.refund_id
      WHERE payment.provider = 'demo' AND payment.reference = demo_charge.reference
        AND card_refund.state IN {sql_list(UNDER_WAY)}), 0) AS under_way
  FROM demo_charge
) AS charge WHERE given_back <> done AND given_back <> done + under_way
"""

PROMISES: tuple[Promise, ...] = (
    Check("régie", "avoirs rendus que le journal ne dit pas, ou autrement", GIVEN_BACK),
    Check("régie", "avoirs rendus en espèces sans leur décharge, ou l’inverse", DISCHARGES),
    Check("régie", "avoirs rendus sur une carte qui n’a pas payé autant, ou que rien n’explique", CARDS),
    Check("régie", "remboursements dont la banque dit autre chose", AT_THE_DEMO_BANK),
)
