"""Damages to what a till's counter took: what tells it, then each damage and its statements."""

from tests.models.damage_sql import PETIT, Damage, change, copied, leg, moved, row

CHEQUE = "(SELECT MIN(payment.id) FROM payment WHERE provider = 'counter' AND method = 'cheque')"
CASH = "(SELECT MIN(payment.id) FROM payment WHERE provider = 'counter' AND method = 'cash')"
ONLINE = "(SELECT MIN(payment.id) FROM payment WHERE provider = 'demo' AND state = 'paid')"
RECEIPT = f"(SELECT id FROM receipt WHERE payment_id = {CHEQUE})"
CASH_RECEIPT = f"(SELECT id FROM receipt WHERE payment_id = {CASH})"
LAST = "(SELECT MAX(id) FROM receipt)"
REVERSAL = "(SELECT id FROM reversal)"
DEPOSIT = "(SELECT id FROM deposit)"
CLOSING = "(SELECT MIN(id) FROM till_closing)"
WRITE_OFF = "(SELECT id FROM write_off)"
ASKED, SENT, REFUSED = (
    f"(SELECT id FROM refund WHERE state = '{state}' AND method = 'transfer')"
    for state in ("requested", "sent", "refused")
)
IN_CASH, ON_CARD = (f"(SELECT id FROM refund WHERE method = '{method}')" for method in ("cash", "card"))
DONE, ORDERED = (f"(SELECT id FROM card_refund WHERE state = '{state}')" for state in ("given", "ordered"))
ONLINE_ELSEWHERE = (
    "(SELECT MAX(id) FROM payment WHERE provider = 'demo' AND state = 'paid' AND family_id <> ("
    "SELECT MIN(payment.family_id) FROM card_refund JOIN payment ON payment.id = card_refund.payment_id))"
)
EXEMPTION = "(SELECT id FROM exemption)"
SEEN = "(SELECT id FROM bank_match WHERE payment_id IS NOT NULL AND undone_at IS NULL)"
UNDONE = "(SELECT id FROM bank_match WHERE undone_at IS NOT NULL)"
ASIDE, TAKEN_UP = (
    f"(SELECT id FROM bank_aside WHERE ended_at {what})" for what in ("IS NULL", "IS NOT NULL")
)
ALONE = "(SELECT id FROM bank_line WHERE label = 'SUBVENTION')"
OTHER_TILL = "(SELECT MAX(id) FROM till WHERE id <> (SELECT till_id FROM deposit))"
SAME = "till_id, series_year, day, taken_at, member_id, payer, paper_number, bank, drawer"

COUNTER: dict[str, dict[str, Damage]] = {
    "régie": {
        "a receipt taken away": [f"DELETE FROM receipt WHERE id = {CASH_RECEIPT}"],
        "a receipt of an online payment": [
            copied("receipt", RECEIPT, SAME, number="'X9'", rank="99", payment_id=ONLINE)
        ],
        "a receipt of another till": [change("receipt", CASH_RECEIPT, f"till_id = {OTHER_TILL}")],
        "a receipt of another moment": [change("receipt", CASH_RECEIPT, "taken_at = '2025-11-03 09:05:00+00:00'")],
        "change given for a cheque": [change("receipt", RECEIPT, "tendered = 99999")],
        "a means that no counter takes": [change("payment", CASH, "method = 'debit'")],
        "an online payment in cash": [change("payment", ONLINE, "method = 'cash'")],
        "a receipt under another number": [change("receipt", CASH_RECEIPT, "number = 'X'")],
        "a taking that nobody told": [change("event", row("MIN", "counter.taken"), "action = 'x'")],
        "a taking told without its receipt": [
            change("event", row("MAX", "counter.taken"), "object = 'receipt:999'")
        ],
        "a reversal that nobody told": [change("event", row("MAX", "counter.reversed"), "action = 'x'")],
        "a reversal for another reason": [change("reversal", REVERSAL, "reason = 'Autre'")],
        "a reversal told that is not there": [f"DELETE FROM reversal WHERE id = {REVERSAL}"],
        "a reversal of an online payment": [change("reversal", REVERSAL, f"payment_id = {ONLINE}")],
        "a reversal at another till": [change("reversal", REVERSAL, f"till_id = {OTHER_TILL}")],
        "a reversal of money that was not at the bank": [change("reversal", REVERSAL, "from_bank = true")],
        "a cheque taken out of a deposit": ["DELETE FROM deposited_receipt"],
        "cash in a deposit's list": [
            change("deposited_receipt", f"receipt_id = {RECEIPT}", f"receipt_id = {CASH_RECEIPT}")
        ],
        "a deposit that nobody told": [change("event", row("MAX", "till.deposited"), "action = 'x'")],
        "a deposit of another sum": [change("deposit", DEPOSIT, "cents = cents + 1")],
        "more cash expected in a closed day": [change("till_closing", CLOSING, "expected_cents = expected_cents + 1")],
        "more cash counted in a closed day": [change("till_closing", CLOSING, "counted_cents = counted_cents + 1")],
        "a sum given up that nobody told": [change("event", row("MAX", "counter.written_off"), "action = 'x'")],
        "a sum given up for another reason": [change("write_off", WRITE_OFF, "reason = 'Autre'")],
        "a sum given up by somebody else": [change("write_off", WRITE_OFF, "member_id = 1")],
        "a refund that nobody asked for": [change("event", row("MAX", "refund.asked"), "action = 'x'")],
        "a refund asked by another person": [change("refund", SENT, "asked_by = 'guardian:1'")],
        "a refund sent by nobody": [change("event", row("MAX", "refund.sent"), "action = 'x'")],
        "a refund refused without a word": [change("refund", REFUSED, "answer = NULL")],
        "an answer that no family heard": ["DELETE FROM notice WHERE kind = 'refund_answered'"],
        "a refund in cash without its discharge": ["DELETE FROM discharge"],
        "a discharge of a transfer": [change("refund", IN_CASH, "method = 'transfer'")],
        "a discharge by somebody else": ["UPDATE discharge SET member_id = 1"],
        "a discharge moved out of a closed day": ["UPDATE discharge SET day = '2025-11-10'"],
        "more on a card than it paid": [
            change("payment", f"(SELECT payment_id FROM card_refund WHERE id = {DONE})", "cents = 150")
        ],
        "a card refund of another household": [change("card_refund", DONE, f"payment_id = {ONLINE_ELSEWHERE}")],
        "a card refund that nobody ordered": [change("event", row("MIN", "refund.ordered"), "action = 'x'")],
        "a card refund done that is not": [change("card_refund", DONE, "state = 'refused'")],
        "a card refund whose order is gone": [f"DELETE FROM card_refund WHERE id = {ORDERED}"],
        "a card refund that the bank never told of": [
            change("event", row("MAX", "refund.card_given"), "action = 'x'")
        ],
        "a bank that gave nothing back": ["UPDATE demo_charge SET given_back = 0 WHERE given_back > 0"],
        "an exemption that nobody told": [change("event", row("MIN", "exemption.made"), "action = 'x'")],
        "an exemption until another day": [change("exemption", EXEMPTION, "until = '2030-01-01'")],
        "an exemption from something else": [change("exemption", EXEMPTION, "kind = 'papers'")],
        "an exemption for another reason": [change("exemption", EXEMPTION, "reason = 'Autre'")],
        "an exemption by somebody else": [change("exemption", EXEMPTION, "member_id = 1")],
        "an exemption ended by nobody": [change("event", row("MIN", "exemption.ended"), "action = 'x'")],
        "an exemption that goes on": [change("exemption", EXEMPTION, "ended_at = NULL")],
        "an exemption told that is not there": [f"DELETE FROM exemption WHERE id = {EXEMPTION}"],
        "a reminder of another sum": ["UPDATE reminder SET cents = cents + 1"],
        "a reminder of another level": ["UPDATE reminder SET level = 3"],
        "a reminder that nobody told": [change("event", row("MAX", "reminder.sent"), "action = 'x'")],
        "a reminder that no family heard": ["DELETE FROM notice WHERE kind = 'payment_reminder'"],
        "a reminder of another family's invoice": ["UPDATE reminder SET till_id = " + OTHER_TILL],
        "a line of the bank taken away": [f"DELETE FROM bank_line WHERE id = {ALONE}"],
        "a line of the bank of another till": [change("bank_line", ALONE, f"till_id = {OTHER_TILL}")],
        "a line of the bank of another sum": [change("bank_line", ALONE, "cents = cents + 1")],
        "a bank file that nobody told": [change("event", row("MAX", "bank.imported"), "action = 'x'")],
        "a bank file told that is not there": [
            change("event", row("MAX", "bank.imported"), "object = 'bank_file:999'")
        ],
        "a bank file brought by somebody else": ["UPDATE bank_file SET member_id = 1"],
        "a match that nobody told": [change("event", row("MIN", "bank.matched"), "action = 'x'")],
        "a match told that is not there": ["DELETE FROM bank_match WHERE deposit_id IS NOT NULL"],
        "a match by somebody else": ["UPDATE bank_match SET member_id = 1"],
        "a match with another line": [change("bank_match", SEEN, f"line_id = {ALONE}")],
        "a match with an online payment": [change("bank_match", SEEN, f"payment_id = {ONLINE}")],
        "a transfer taken back that the bank has": [
            change("reversal", REVERSAL, f"payment_id = (SELECT payment_id FROM bank_match WHERE id = {SEEN})")
        ],
        "a match undone that nobody told": [change("event", row("MIN", "bank.unmatched"), "action = 'x'")],
        "a match undone for another reason": [change("bank_match", UNDONE, "reason = 'Autre'")],
        "a match undone by somebody else": [change("bank_match", UNDONE, "undone_by_id = 1")],
        "a line set aside that nobody told": [change("event", row("MAX", "bank.set_aside"), "action = 'x'")],
        "a line set aside for another reason": [change("bank_aside", ASIDE, "reason = 'Autre'")],
        "a line taken up that nobody told": [change("event", row("MIN", "bank.taken_up"), "action = 'x'")],
        "a line taken up that is not": [f"DELETE FROM bank_aside WHERE id = {TAKEN_UP}"],
        "a line set aside that stands for something": [
            change("bank_aside", ASIDE, f"line_id = (SELECT line_id FROM bank_match WHERE id = {SEEN})")
        ],
        "cash moved out of a closed day": [change("receipt", CASH_RECEIPT, "day = '2025-11-10'")],
        "a cheque moved out of a closed day": [change("receipt", RECEIPT, "day = '2025-11-10'")],
        "a reversal moved out of a closed day": [change("reversal", REVERSAL, "day = '2025-11-10'")],
    },
    "I9": {
        "the last receipt's number taken away": [f"DELETE FROM receipt WHERE id = {LAST}"],
        "a hole in the numbers of receipts": [change("receipt", LAST, "rank = 99")],
        "a hole in the numbers of discharges": ["UPDATE discharge SET rank = 2"],
        "a hole in the numbers of deposits": [change("deposit", DEPOSIT, "rank = 2")],
    },
    "I3-I7": {
        "cash that was a cheque": [change("payment", CASH, "method = 'cheque'")],
        "cash in another till's drawer": moved(leg("cash", "pay:counter:%"), "cash:0"),
        "a taking on another family's account": [change("payment", CASH, f"family_id = {PETIT}")],
        "a reversal without its entry": [
            change("entry", "(SELECT id FROM entry WHERE key LIKE 'reverse:%')", "key = 'x'")
        ],
        "a deposit without its entry": [
            change("entry", "(SELECT id FROM entry WHERE key LIKE 'deposit:%')", "key = 'x'")
        ],
        "a sum given up of another amount": [change("write_off", WRITE_OFF, "cents = cents + 1")],
        "a sum given up of no invoice": [change("write_off", WRITE_OFF, "invoice_id = NULL")],
        "a refund of another sum": [change("refund", SENT, "cents = cents + 1")],
        "a refund sent again": [change("refund", ASKED, "state = 'sent'")],
        "a refund refused that was sent": [change("refund", SENT, "state = 'refused'")],
        "cash given back by a transfer": [change("refund", IN_CASH, "method = 'transfer'")],
        "a refund on a card by a transfer": [change("refund", ON_CARD, "method = 'transfer'")],
        "a transfer that the bank shows without its entry": [
            change("entry", "(SELECT MIN(id) FROM entry WHERE key LIKE 'seen:%')", "key = 'x'")
        ],
        "a match that is not undone in the books": [
            change("entry", "(SELECT id FROM entry WHERE key LIKE 'unseen:%')", "key = 'x'")
        ],
        "a match undone in its row alone": [
            change("bank_match", SEEN, "undone_at = '2025-11-03 09:00:00+00:00', undone_by_id = 1, reason = 'x'")
        ],
        "a transfer that the bank no longer shows": [f"DELETE FROM bank_match WHERE id = {SEEN}"],
        "a transfer seen at another till": [
            change("bank_line", f"(SELECT line_id FROM bank_match WHERE id = {SEEN})", f"till_id = {OTHER_TILL}")
        ],
        "less cash deposited than the slip says": [change("deposit", DEPOSIT, "cash_cents = cash_cents - 1")],
    },
    "I3": {
        "a drawer that belongs to another till": [
            change("account", "(SELECT MIN(id) FROM account WHERE kind = 'cash')", f"till_id = {OTHER_TILL}")
        ],
    },
}  # fmt: skip
