"""Damages to entries, legs, invoices and payments: what tells it, then each damage and its statements."""

from tests.models import busy
from tests.models.damage_sql import (
    BANK,
    BEFORE,
    BILL,
    CANTEEN,
    CANTEEN_SOLD,
    FAR,
    HELD,
    INVOICE,
    INVOICED,
    ISSUED,
    LATER,
    LEISURE,
    LONG_AGO,
    NOTE,
    OFFER,
    OPENING,
    OTHER_PURSE,
    PAID,
    PAYMENT,
    PETIT,
    PRINTED,
    PURSE,
    SALE,
    STANDING,
    Damage,
    account,
    asked,
    booking,
    change,
    copied,
    entry,
    freed,
    leg,
    membership,
    moved,
    posted,
    taken,
)


def _numbered(rank: int | str) -> str:
    """One more invoice, which bears this number."""
    return copied(
        "invoice", ISSUED, f"{PRINTED}, issued_on, before_portal, series_year", number="'x'", rank=str(rank)
    )


MONEY: dict[str, dict[str, Damage]] = {
    "I1": {
        "two entries off by a cent, one each way": [
            change("leg", leg("opening", "%:0"), "cents = cents + 1"),
            change("leg", leg("opening", "%:1"), "cents = cents - 1"),
        ],
        "an entry of no leg": posted("'x'", "sale"),
    },
    "I2": {
        "a leg of no entry": [
            f"INSERT INTO leg (entry_id, account_id, cents) VALUES (999999, {account(PURSE)}, 5)"
        ],
    },
    "I3": {
        "a debt from before that no file said": posted(
            "'opening:VF-1001:0'", "opening", (PURSE, 500), (BEFORE, -500)
        ),
        "a payment from before that no file said": posted(
            "'opening:VF-1001:0:paid'", "opening", (PURSE, -500), (BEFORE, 500)
        ),
        "a debt from before lowered on both sides": [
            change("leg", leg("family", "opening:VF-1002:0"), "cents = 4100"),
            change("leg", leg("opening", "opening:VF-1002:0"), "cents = -4100"),
        ],
        "a debt from before taken away": [
            f"DELETE FROM leg WHERE entry_id = {entry(repr('opening:VF-1002:1'))}",
            "DELETE FROM entry WHERE key = 'opening:VF-1002:1'",
        ],
        "a debt from before that a credit pays": moved(leg("opening", "opening:VF-1002:1"), "revenue:aines"),
        "a re-owned account": [change("account", account(PURSE), f"family_id = {PETIT}")],
        "an account of another till": [change("account", account(PURSE), f"till_id = {LEISURE}")],
        "an account of another kind": [change("account", account(BANK), "kind = 'revenue'")],
        "a membership for nothing": [membership(CANTEEN, "NULL")],
        "an invoice, its line and its entry raised together": [
            change("invoice", INVOICE, "cents = cents + 240"),
            f"UPDATE invoice_line SET quantity = 10, cents = 2400 WHERE invoice_id = {INVOICE} AND quantity = 9",
            f"UPDATE leg SET cents = cents + 240 WHERE entry_id = {BILL} AND cents > 0",
            f"UPDATE leg SET cents = cents - 240 WHERE entry_id = {BILL} AND cents < 0",
        ],
        "an invoice for something else": [
            f"UPDATE invoice_line SET label = 'Autre chose' WHERE invoice_id = {INVOICE}"
        ],
        "an invoice of another day": [change("invoice", INVOICE, "issued_on = '2025-10-31'")],
        "an invoice taken away whole": [
            f"DELETE FROM leg WHERE entry_id IN (SELECT entry_id FROM leg WHERE invoice_id = {INVOICE})",
            "DELETE FROM entry WHERE id NOT IN (SELECT entry_id FROM leg)",
            f"DELETE FROM invoice_line WHERE invoice_id = {INVOICE}",
            f"DELETE FROM invoice WHERE id = {INVOICE}",
        ],
    },
    "I3-I7": {
        "a credit that balances, of no known kind": posted(
            "'gift:1'", "sale", (PURSE, -500), (CANTEEN_SOLD, 500)
        ),
        "a transfer between families": posted("'move:1'", "sale", (PURSE, -500), (OTHER_PURSE, 500)),
        "a credit for a booking that nobody cancelled": posted(
            f"'cancel:' || {PAID}", "credit", (PURSE, -120), (CANTEEN_SOLD, 120)
        ),
        "a credit of more than was paid": [
            change("leg", leg("family", "cancel:%"), "cents = cents - 100"),
            change("leg", leg("revenue", "cancel:%"), "cents = cents + 100"),
        ],
        "a sale of no order": posted("'sale:999'", "sale", (PURSE, -500), (CANTEEN_SOLD, 500)),
        "a sale of an order that is not paid": posted(
            f"'sale:' || {HELD}", "sale", (PURSE, 360), (CANTEEN_SOLD, -360)
        ),
        "a payment of no bank": posted("'pay:demo:X'", "payment", (PURSE, -500), (BANK, 500)),
        "a reserved credit given back twice": posted(
            f"'unhold:' || {HELD}", "hold", (PURSE, -120), (f"'hold:' || {HELD}", 120)
        ),
        "an entry taken away": [
            f"DELETE FROM leg WHERE entry_id = {entry(SALE)}", f"DELETE FROM entry WHERE key = {SALE}"
        ],
        "an entry under another key": [change("entry", entry(SALE), "key = 'sale:999'")],
        "an entry of another kind": [change("entry", entry(SALE), "kind = 'opening'")],
        "a payment that its part says pays an invoice": [
            f"UPDATE payment_part SET kind = 'invoice', order_id = NULL, invoice_id = {INVOICE} "
            f"WHERE payment_id = {PAYMENT}"
        ],
        "an invoice paid by money that was for something else": [
            change("leg", leg("family", "pay:%"), f"invoice_id = {INVOICE}")
        ],
        "a payment for nothing": [f"DELETE FROM payment_part WHERE payment_id = {PAYMENT}"],
        "an invoice without its entry": [change("entry", "(SELECT id FROM entry WHERE key LIKE 'inv:%')", "key = 'x'")],
        "a credit note without its entry": [
            change("entry", "(SELECT id FROM entry WHERE key LIKE 'credit:%')", "key = 'x'")
        ],
        "a credit note that became an avoir": [change("leg", leg("family", "credit:%"), "invoice_id = NULL")],
        "an invoice of another activity": moved(leg("revenue", "inv:%"), "revenue:aines"),
        "a payment without its entry": [change("entry", entry(f"'pay:demo:' || (SELECT reference FROM payment "
                                               f"WHERE id = {PAYMENT})"), "key = 'pay:demo:X'")],
        "all of an account on another": [
            f"UPDATE leg SET account_id = {account(OTHER_PURSE)} WHERE account_id = {account(PURSE)}"
        ],
        "two accounts exchanged": [
            change("account", account(PURSE), "code = 'x'"),
            change("account", account(OTHER_PURSE), f"code = {PURSE}"),
            change("account", account("'x'"), f"code = {OTHER_PURSE}"),
        ],
        "a payment on another family's account": moved(leg("family", "pay:%"), "family:0:0"),
        "a sale on another family's account": moved(leg("family", "sale:%"), "family:0:0"),
        "money at another bank": moved(leg("bank", "%"), "bank:x:0"),
        "a credit set aside for no order": moved(leg("hold", "%"), "hold:0"),
        "a sale of another activity": moved(leg("revenue", "sale:%"), "revenue:aines"),
        "a cancellation accepted without its credit": [
            asked("cancellation", "accepted"), freed(OPENING),
            change("booking", PAID, "state = 'cancelled', billed = false"),
        ],
    },
    "I7": {
        "an invoiced day at another price": [change("invoiced_booking", STANDING, "cents = cents + 1")],
        "an invoice that names another day": [change("invoiced_booking", STANDING, f"booking_id = {PAID}")],
        "an invoice that names another child's day": [
            change("invoiced_booking", STANDING, f"booking_id = {booking('Noé', busy.MEAL, '2025-11-24')}")
        ],
        "a day that is on no invoice": [
            copied("booking", INVOICED, "child_id, family_id, enrolment_id, slot_id, state, cents, billed, reason, "
                   "made_at, changed_at", opening_id=FAR, day="'2025-11-18'")
        ],
    },
    "I8": {
        "a place nobody has": [taken(FAR)],
        "a place too many": [change("opening", booking(*("Noé", busy.MEAL, "2025-11-24"), "opening_id"), "places = 0")],
        "one more than was let in": [
            freed(booking("Lina", busy.MEAL, "2025-11-28", "opening_id")), taken(OPENING),
            change("booking", LATER, f"opening_id = {OPENING}"),
        ],
        "more let in than was said": [change("opening", OPENING, "overrun = 2")],
        "let in by somebody else": [change("opening", OPENING, "overrun_by = 'member:9'")],
        "let in by nobody": [change("opening", OPENING, "overrun_by = NULL")],
    },
    "I9": {
        "a hole in the numbers": [_numbered(3)],
        "an invoice without a number in the series": [_numbered("NULL")],
        "the last number taken away": [
            f"DELETE FROM invoice_line WHERE invoice_id = {ISSUED}", f"DELETE FROM invoice WHERE id = {ISSUED}"
        ],
        "a credit note taken away": [f"DELETE FROM credit_note WHERE id = {NOTE}"],
    },
    "I10": {
        "an invoice, its line, its entry and its day raised together": [
            f"UPDATE invoice SET cents = cents + 1 WHERE id = {ISSUED}",
            f"UPDATE invoice_draft SET cents = cents + 1 WHERE invoice_id = {ISSUED}",
            f"UPDATE invoice_line SET cents = cents + 1 WHERE invoice_id = {ISSUED}",
            change("invoiced_booking", STANDING, "cents = cents + 1"),
            change("leg", leg("family", "inv:%"), "cents = cents + 1"),
            change("leg", leg("revenue", "inv:%"), "cents = cents - 1"),
        ],
        "an invoice that nobody read": [f"DELETE FROM invoice_draft WHERE invoice_id = {ISSUED}"],
        "a day put back on an invoice": [
            "UPDATE invoiced_booking SET credit_note_id = NULL WHERE credit_note_id IS NOT NULL"
        ],
        "a day taken off by nothing": [change("invoiced_booking", STANDING, f"credit_note_id = {NOTE}")],
        "a line of a credit note": ["UPDATE credit_note_line SET cents = cents + 1"],
        "a credit note of another family": [change("credit_note", NOTE, f"family_id = {PETIT}")],
        "a credit note on another family's invoice": [change("credit_note", NOTE, f"invoice_id = {INVOICE}")],
        "a line of an invoice": [
            f"UPDATE invoice_line SET cents = cents + 1 WHERE invoice_id = {INVOICE} AND quantity = 9"
        ],
        "an invoice on another family's account": moved(leg("family", "opening:invoice:%"), "family:0:0"),
        "an invoice of another family": [change("invoice", INVOICE, f"family_id = {PETIT}")],
        "a debt hidden by an invoice that is nowhere": [
            f"UPDATE leg SET invoice_id = 999 WHERE account_id = {account(OTHER_PURSE)} AND cents > 0"
        ],
        "a debt hidden by an invoice of another family": [
            f"UPDATE leg SET invoice_id = {INVOICE} WHERE account_id = {account(OTHER_PURSE)} AND cents < 0"
        ],
        "an invoice whose debt is none": [
            f"UPDATE leg SET invoice_id = NULL WHERE invoice_id = {INVOICE}"
        ],
    },
    "I11": {
        "an order held six minutes too long": [
            change("family_order", HELD, "hold_until = '2025-11-03 08:54:00+00:00'")
        ],
        "an offer past its limit": [change("waiting", OFFER, f"offered_until = {LONG_AGO}")],
        "an offer without a limit": [change("waiting", OFFER, "offered_until = NULL")],
    },
    "I12": {
        "a payment nobody has a receipt of": [
            "DELETE FROM notice WHERE kind = 'payment_received'"
        ],
        "another family's bell": [
            "UPDATE bell_entry SET guardian_id = (SELECT MIN(id) FROM guardian WHERE family_id <> "
            "(SELECT family_id FROM guardian mine WHERE mine.id = bell_entry.guardian_id)) "
            "WHERE id = (SELECT MIN(id) FROM bell_entry)"
        ],
        "a bell that nobody rang": [
            "UPDATE notice SET told_at = NULL WHERE id = (SELECT MIN(notice_id) FROM bell_entry)"
        ],
        "work that nobody does": [
            change("task", "(SELECT MIN(id) FROM task)", "state = 'ready', due = due - 2 * 86400")
        ],
    },
}  # fmt: skip
