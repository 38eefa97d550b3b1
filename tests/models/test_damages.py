"""Whatever is changed, taken away or added behind the portal's back, `verify` tells it. On both databases.

One busy town; each damage is done in a transaction with every guard off, told, and taken back.
"""

from collections.abc import Awaitable, Callable

import pytest

from models import clock
from models.storage.database import client, is_sqlite, rows, transaction
from models.storage.integrity import Fault, verify
from models.work.audit_log import Event
from tests.models import busy
from tests.portal import Portal

OpenPortal = Callable[..., Awaitable[Portal]]
Damage = list[str]


def booking(child: str, slot: str, day: str, column: str = "id") -> str:
    return (
        f"(SELECT b.{column} FROM booking AS b JOIN child AS c ON c.id = b.child_id JOIN slot AS s ON s.id = b.slot_id "
        f"WHERE c.first_name = '{child}' AND s.name = '{slot}' AND b.day = '{day}' AND b.state <> 'released')"
    )


def change(table: str, which: str, what: str) -> str:
    return f"UPDATE {table} SET {what} WHERE {which if ' = ' in which.split('(')[0] else f'id = {which}'}"


def copied(table: str, which: str, columns: str, **others: str) -> str:
    """One more row like this one, but for some columns."""
    names, values = ", ".join([columns, *others]), ", ".join([columns, *others.values()])
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE id = {which}"


def account(code: str) -> str:
    return f"(SELECT id FROM account WHERE code = {code})"


def entry(key: str) -> str:
    return f"(SELECT id FROM entry WHERE key = {key})"


def posted(key: str, kind: str, *legs: tuple[str, int]) -> Damage:
    columns = "INSERT INTO entry (key, kind, label, occurred_at, actor)"
    return [
        f"{columns} VALUES ({key}, '{kind}', 'x', {MOMENT}, 'x')",
        *(
            f"INSERT INTO leg (entry_id, account_id, cents) VALUES ({entry(key)}, {account(code)}, {cents})"
            for code, cents in legs
        ),
    ]


def leg(kind: str, key: str) -> str:
    """The first leg on an account of this kind in an entry of such a key."""
    return (
        "(SELECT MIN(leg.id) FROM leg JOIN account ON account.id = leg.account_id "
        f"JOIN entry ON entry.id = leg.entry_id WHERE account.kind = '{kind}' AND entry.key LIKE '{key}')"
    )


def moved(which: str, code: str) -> Damage:
    """A leg on a new account of this code."""
    made = f"INSERT INTO account (code, kind, family_id, till_id) VALUES ('{code}', '{code.split(':')[0]}'"
    family = PETIT if code.startswith("family") else "NULL"
    return [f"{made}, {family}, {SCHOOL})", change("leg", which, f"account_id = {account(repr(code))}")]


def freed(opening: str) -> str:
    return change("opening", opening, "taken = taken - 1")


def taken(opening: str) -> str:
    return change("opening", opening, "taken = taken + 1")


def one_more(order: str, state: str, opening: str) -> Damage:
    """Another booking of Lina's meals."""
    same = "child_id, family_id, enrolment_id, slot_id, cents, billed, reason, made_at, changed_at"
    day = f"(SELECT day FROM opening WHERE id = {opening})"
    others = {"opening_id": opening, "order_id": order, "day": day, "state": f"'{state}'"}
    return [copied("booking", PAID, same, **others), taken(opening)]


MOMENT = "'2025-11-03 09:00:00+00:00'"
LONG_AGO = "'2025-11-03 08:30:00+00:00'"
LINA, NOE, HUGO = (f"(SELECT id FROM child WHERE first_name = '{name}')" for name in ("Lina", "Noé", "Hugo"))
DURAND, MOREAU, PETIT = (f"(SELECT id FROM family WHERE number = 'VF-{n}')" for n in (1001, 1002, 1003))
SCHOOL, LEISURE = (f"(SELECT id FROM till WHERE code = '{code}')" for code in ("scolaire", "loisirs"))
CANTEEN = "(SELECT id FROM activity WHERE code = 'cantine')"

FIRST = ("Lina", busy.MEAL, "2025-11-24")  # paid by card, with another day
PAID, ORDER, OPENING, SLOT = (
    booking(*FIRST, column) for column in ("id", "order_id", "opening_id", "slot_id")
)
PAYMENT = f"(SELECT id FROM payment WHERE order_id = {ORDER})"
ITS_CHARGE = f"reference = (SELECT reference FROM payment WHERE order_id = {ORDER})"
LINE = f"(SELECT id FROM order_line WHERE booking_id = {PAID})"
LATER = booking("Lina", busy.MEAL, "2025-11-28")  # of an order of the same sum
OTHER = booking("Lina", busy.MEAL, "2025-11-28", "order_id")
FAR = f"(SELECT MAX(id) FROM opening WHERE day = '2026-01-15' AND slot_id = {SLOT})"

MONTHLY = ("Lina", busy.MORNING, "2025-11-24")  # on the month's invoice
INVOICED, ITS_PLACE, MONTH = (booking(*MONTHLY, column) for column in ("id", "opening_id", "order_id"))
CREDITED = ("Lina", busy.HOLIDAY, "2026-02-10")  # cancelled by the mairie's answer
GIVEN_BACK = ("Lina", busy.MEAL, "2025-11-25")  # cancelled in time
NOT_COMING = ("Lina", busy.MORNING, "2025-11-25")  # cancelled in time, on the month's invoice
WITH_DEBT = booking("Hugo", busy.MEAL, "2025-11-24", "order_id")
POSTPONED = booking("Noé", busy.MEAL, "2025-11-25", "order_id")  # some credit; the rest too small for a card
HELD = "(SELECT id FROM family_order WHERE state = 'held')"
ACCEPTED = "(SELECT MIN(id) FROM request WHERE state = 'accepted')"
FILED = "(SELECT id FROM request WHERE kind = 'file_change')"
OFFER = "(SELECT MAX(id) FROM waiting WHERE state = 'offered')"

PURSE = f"'family:' || {DURAND} || ':' || {SCHOOL}"
OTHER_PURSE = f"'family:' || {MOREAU} || ':' || {SCHOOL}"
BANK, BEFORE = f"'bank:demo:' || {SCHOOL}", f"'opening:' || {SCHOOL}"
CANTEEN_SOLD = "'revenue:cantine'"
SALE = f"'sale:' || {ORDER}"

INVOICE = "(SELECT id FROM invoice WHERE number = 'PERI-0498')"
BILL = entry(f"'opening:invoice:' || {SCHOOL} || ':PERI-0498'")
PRINTED = "family_id, till_id, cents"
ITS_LINE = "order_id, child_id, activity_id, slot_id, action, day, booking_id, cents, reason"
ORDERED = "family_id, till_id, made_at"


def row(which: str, action: str) -> str:
    return f"id = (SELECT {which}(id) FROM event WHERE action = '{action}')"


def asked(kind: str, state: str) -> str:
    return (
        "INSERT INTO request (family_id, booking_id, subject, kind, state, made_at) "
        f"SELECT family_id, id, 'booking:' || id, '{kind}', '{state}', {MOMENT} FROM booking WHERE id = {PAID}"
    )


def told(billed: str, family: str) -> str:
    return (
        "INSERT INTO absence (family_id, booking_id, reason, billed, told_at) "
        f"SELECT {family}, id, 'sick', {billed}, {MOMENT} FROM booking WHERE id = {PAID}"
    )


def membership(activity: str, paid_at: str) -> str:
    values = f"{LINA}, {activity}, {DURAND}, 0, {paid_at}"
    return f"INSERT INTO membership (child_id, activity_id, family_id, cents, paid_at) VALUES ({values})"


def attempt(reference: str) -> str:
    """One more like the first payment, for no order, that waits for its bank."""
    same = "family_id, till_id, provider, cents, made_at"
    return copied("payment", PAYMENT, same, reference=f"'{reference}'", state="'created'")


def part(reference: str, kind: str, column: str, target: str, cents: str) -> str:
    values = f"'{kind}', {target}, {cents}"
    return (
        f"INSERT INTO payment_part (payment_id, kind, {column}, cents) "
        f"SELECT id, {values} FROM payment WHERE reference = '{reference}'"
    )


# What tells it, then each damage and its statements.
DAMAGES: dict[str, dict[str, Damage]] = {
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
        "a hole in the numbers": [
            copied("invoice", INVOICE, PRINTED, number=f"'2025-{n}'", issued_on="'2025-11-30'", before_portal="false")
            for n in (1, 3)
        ],
        "a number twice": [
            copied("invoice", INVOICE, PRINTED, number=f"'{n}-1'", issued_on="'2025-11-30'", before_portal="false")
            for n in ("A", "B")
        ],
    },
    "I10": {
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
            "DELETE FROM task WHERE key LIKE 'receipt:%'", "DELETE FROM email WHERE key LIKE 'receipt:%'"
        ],
        "work that nobody does": [
            change("task", "(SELECT MIN(id) FROM task)", "state = 'ready', due = due - 2 * 86400")
        ],
    },
    "commandes": {
        "an order's net": [change("family_order", ORDER, "net = net + 1")],
        "an order's debt": [change("family_order", WITH_DEBT, "debt = debt + 1")],
        "an order's debt, where none was": [change("family_order", POSTPONED, "debt = 100")],
        "an order's credit": [change("family_order", POSTPONED, "credit = credit + 1")],
        "an order's credit forgotten": [change("family_order", POSTPONED, "credit = 0")],
        "a reserved credit": [change("family_order", HELD, "credit = credit - 1")],
        "an order's due": [change("family_order", ORDER, "due = due - 1")],
        "an order's net and due together": [change("family_order", ORDER, "net = 230, due = 230")],
        "an order's debt and due together": [change("family_order", ORDER, "debt = 100, due = 340")],
        "the net of an order for the month's invoice": [change("family_order", MONTH, "net = net - 80")],
        "an order of another family": [change("family_order", ORDER, f"family_id = {PETIT}")],
        "an order nobody made": [
            copied("family_order", ORDER, ORDERED, kind="'prepaid'", state="'confirmed'", click="'x'",
                   net="0", debt="0", credit="0", due="0")
        ],
        "an order that is nowhere": [
            f"DELETE FROM order_line WHERE order_id = {MONTH}", f"DELETE FROM family_order WHERE id = {MONTH}"
        ],
        "a line taken away": [f"DELETE FROM order_line WHERE id = {LINE}"],
        "a line twice": [copied("order_line", LINE, ITS_LINE)],
        "a line for another day": [change("order_line", LINE, "day = '2025-12-18'")],
        "a line and its booking for another child": [
            f"UPDATE order_line SET child_id = {NOE} WHERE booking_id = {LATER}",
            change("booking", LATER, f"child_id = {NOE}, enrolment_id = (SELECT id FROM enrolment "
                                     f"WHERE child_id = {NOE} AND activity_id = {CANTEEN})"),
        ],
        "a raised price": [change("booking", PAID, "cents = cents + 100")],
        "a lowered price": [change("booking", PAID, "cents = cents - 100")],
        "a raised price, on the month's invoice": [change("booking", INVOICED, "cents = cents + 100")],
        "a paid booking deleted": [freed(OPENING), f"DELETE FROM booking WHERE id = {PAID}"],
        "a paid booking released": [freed(OPENING), change("booking", PAID, "state = 'released'")],
        "a paid booking refused": [freed(OPENING), change("booking", PAID, "state = 'refused'")],
        "an invoiced booking deleted": [freed(ITS_PLACE), f"DELETE FROM booking WHERE id = {INVOICED}"],
        "a cancelled booking that is booked again": [
            taken(booking(*GIVEN_BACK, "opening_id")), change("booking", booking(*GIVEN_BACK), "state = 'confirmed'")
        ],
        "a booking cancelled on the month's invoice that is booked again": [
            taken(booking(*NOT_COMING, "opening_id")), change("booking", booking(*NOT_COMING), "state = 'confirmed'")
        ],
        "a booking of another child": [change("booking", LATER, f"child_id = {NOE}")],
        "a booking of another family": [change("booking", PAID, f"family_id = {MOREAU}")],
        "a booking held by an order that is over": [change("booking", PAID, "state = 'held'")],
        "an order that holds a confirmed booking": [
            f"UPDATE booking SET state = 'confirmed' WHERE order_id = {HELD}"
        ],
        "a line of the draft locked by an order that is over": [f"UPDATE cart_line SET order_id = {ORDER}"],
    },
    "paiements": {
        "a confirmed order that is released": [change("family_order", ORDER, "state = 'released'")],
        "an order of another till": [change("family_order", OTHER, f"till_id = {LEISURE}")],
        "an attempt that is for nothing": [attempt("X")],
        "an invoice of another family paid": [
            attempt("X"), part("X", "invoice", "invoice_id", INVOICE, "cents")
        ],
        "a debt settled at another till": [
            f"UPDATE payment_part SET till_id = {LEISURE} WHERE kind = 'debt'"
        ],
        "a debt that its payment calls an advance": [
            "UPDATE payment_part SET kind = 'advance', till_id = NULL WHERE kind = 'debt'"
        ],
        "a part for another order": [
            f"UPDATE payment_part SET order_id = {OTHER} WHERE payment_id = {PAYMENT}"
        ],
        "a payment of no order": [change("payment", PAYMENT, "order_id = NULL")],
        "a payment of another order": [change("payment", PAYMENT, f"order_id = {OTHER}")],
        "two payments exchanged": [
            f"UPDATE payment SET order_id = CASE order_id WHEN {ORDER} THEN {OTHER} ELSE {ORDER} END "
            f"WHERE order_id IN ({ORDER}, {OTHER})"
        ],
        "a payment of another family": [change("payment", PAYMENT, f"family_id = {PETIT}")],
        "a payment of another sum": [change("payment", PAYMENT, "cents = cents + 1")],
        "a payment that was none": [change("payment", PAYMENT, "state = 'refused'")],
        "a payment that is nowhere": [f"DELETE FROM payment WHERE id = {PAYMENT}"],
        "an attempt to pay what is paid": [
            copied("payment", PAYMENT, "order_id, family_id, till_id, provider, cents, made_at", reference="'X'",
                   state="'created'")
        ],
        "a paid charge that nobody heard": [
            "UPDATE demo_charge SET state = 'paid', answered_at = asked_at WHERE state = 'refused'"
        ],
        "a charge paid an hour ago, and its order still waits": [
            f"UPDATE demo_charge SET state = 'paid', answered_at = '2025-11-03 08:00:00+00:00' "
            f"WHERE reference = (SELECT reference FROM payment WHERE order_id = {HELD})"
        ],
        "a paid charge of no payment": [f"UPDATE demo_charge SET reference = 'X' WHERE {ITS_CHARGE}"],
        "a charge of another sum": [f"UPDATE demo_charge SET cents = cents + 1 WHERE {ITS_CHARGE}"],
    },
    "adhésions": {
        "a membership paid with nothing": [membership(CANTEEN, MOMENT)],
        "a paid membership taken away": ["DELETE FROM membership WHERE paid_at IS NOT NULL"],
        "a paid membership of another family": [
            f"UPDATE membership SET family_id = {PETIT} WHERE paid_at IS NOT NULL"
        ],
        "a membership of another child": [f"UPDATE membership SET child_id = {NOE} WHERE paid_at IS NOT NULL"],
    },
    "réservations": {
        "a prepaid booking without order": one_more("NULL", "confirmed", FAR),
        "a prepaid booking without line": one_more(ORDER, "confirmed", FAR),
        "a prepaid booking held without line": one_more(HELD, "held", FAR),
        "a prepaid booking of an order for the month's invoice": [change("booking", PAID, f"order_id = {MONTH}")],
        "a paid booking cancelled without credit": [
            freed(OPENING), change("booking", PAID, "state = 'cancelled', billed = false")
        ],
        "a paid booking cancelled, and billed without a word": [
            freed(OPENING), change("booking", PAID, "state = 'cancelled'")
        ],
        "an invoiced booking cancelled without a word": [
            freed(ITS_PLACE), change("booking", INVOICED, "state = 'cancelled', billed = false")
        ],
        "a booking in another child's enrolment": [
            change("booking", PAID, f"enrolment_id = {booking('Hugo', busy.MEAL, '2025-11-24', 'enrolment_id')}")
        ],
        "a booking of another day than its opening": [change("booking", INVOICED, "day = '2025-12-18'")],
        "a booking in another opening": [
            freed(OPENING), taken(FAR), change("booking", PAID, f"opening_id = {FAR}")
        ],
        "an opening on another day": [change("opening", OPENING, "day = '2025-12-20'")],
    },
    "attente": {
        "a rank for a place one has": [
            "INSERT INTO waiting (booking_id, opening_id, priority, since, state) "
            f"SELECT id, opening_id, 0, {MOMENT}, 'waiting' FROM booking WHERE id = {PAID}"
        ],
        "a booking that waits without a rank": [freed(OPENING), change("booking", PAID, "state = 'waiting'")],
        "an offered place taken without paying": [
            change("booking", f"(SELECT booking_id FROM waiting WHERE id = {OFFER})", "state = 'confirmed'")
        ],
    },
    "demandes": {
        "a question about a place one has": [asked("booking", "pending")],
        "a booking asked for without a question": [
            freed(OPENING), change("booking", PAID, "state = 'requested'")
        ],
        "a question about nothing": [f"UPDATE request SET booking_id = NULL WHERE id = {ACCEPTED}"],
        "a question about another booking": [f"UPDATE request SET subject = 'booking:0' WHERE id = {ACCEPTED}"],
        "a question of another family": [f"UPDATE request SET family_id = {PETIT} WHERE id = {ACCEPTED}"],
        "an answer that nobody gave": [f"UPDATE request SET state = 'refused' WHERE id = {ACCEPTED}"],
        "an answer that nobody took back": [change("request", FILED, "state = 'pending'")],
        "an answer that nobody is told": [f"DELETE FROM notice WHERE about = 'request:' || {ACCEPTED}"],
        "a change of the file without what it changes": [change("request", FILED, "after = NULL")],
        "a change of the file that nobody made": [change("request", FILED, "subject = 'child:0'")],
    },
    "absences": {
        "an absence told for nothing whose day stays billed": [told("false", "family_id")],
        "an absence that another family told": [told("true", MOREAU)],
    },
    "journal": {
        "a row rewritten": [change("event", row("MIN", "order.made"), "actor = 'member:9'")],
        "a row's moment": [change("event", row("MAX", "order.made"), "at = '2025-11-03 07:00:00+00:00'")],
        "a row's details": [change("event", row("MIN", "commune.load"), """details = '{"file": "x"}'""")],
        "a row's hash": [change("event", row("MIN", "order.made"), "hash = ''")],
        "a row of another family": [change("event", row("MAX", "order.made"), f"family_id = {PETIT}")],
        "a row deleted": [f"DELETE FROM event WHERE {row('MIN', 'request.accepted')}"],
        "the last row deleted": ["DELETE FROM event WHERE id = (SELECT MAX(id) FROM event)"],
        "the last row of a family deleted": [
            f"DELETE FROM event WHERE id = (SELECT MAX(id) FROM event WHERE family_id = {PETIT})"
        ],
        "every row deleted": ["DELETE FROM event"],
        "a row invented": [
            "INSERT INTO event (at, actor, action, object, details) "
            f"VALUES ({MOMENT}, 'member:1', 'x', 'x', '{{}}')"
        ],
        "a chain's end deleted": [f"DELETE FROM event_chain WHERE id = {PETIT}"],
    },
}  # fmt: skip


class _TakeBack(Exception):
    """Ends the transaction of a damage."""


async def unguard() -> None:
    """Inside a transaction: no trigger, no foreign key, no CHECK."""
    if is_sqlite():
        await client().execute_query("PRAGMA defer_foreign_keys = ON")
        for one in await rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            await client().execute_query(f"DROP TRIGGER {one['name']}")
        return
    await client().execute_query("SET LOCAL session_replication_role = replica")
    checks = "SELECT conname, conrelid::regclass AS owner FROM pg_constraint WHERE contype = 'c'"
    for one in await rows(f"{checks} AND connamespace = current_schema()::regnamespace"):
        await client().execute_query(f"ALTER TABLE {one['owner']} DROP CONSTRAINT {one['conname']}")


async def faults_of(damage: Damage) -> list[Fault]:
    """What `verify` says of a damage; it is taken back afterwards."""
    faults: list[Fault] = []
    try:
        async with transaction():
            await unguard()
            for statement in damage:
                changed, _ = await client().execute_query(statement)
                assert changed or statement.startswith("INSERT"), statement
            faults = await verify()
            raise _TakeBack
    except _TakeBack:
        return faults


@pytest.fixture
async def town(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Portal:
    opened = await portal("demo", now=busy.NOW)
    await busy.fill(opened, monkeypatch)
    return opened


async def test_every_damage_is_told(town: Portal) -> None:
    assert await verify() == []
    silent = [
        f"{by}: {what}"
        for by, damages in DAMAGES.items()
        for what, damage in damages.items()
        if by not in [fault.invariant for fault in await faults_of(damage)]
    ]
    assert silent == []
    assert await verify() == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("how_many", [0, 7])
async def test_the_journal_is_read_in_pieces(
    town: Portal, monkeypatch: pytest.MonkeyPatch, how_many: int
) -> None:
    monkeypatch.setattr("models.storage.integrity.work.PIECE", 5)
    for n in range(how_many):
        await Event.note(clock.now(), "member:1", "x", f"x:{n}", 1 if n % 2 else None, n=n)
    assert await verify() == []
    (fault,) = await faults_of([change("event", "(SELECT MAX(id) - 6 FROM event)", "actor = 'x'")])
    assert fault.invariant == "journal"
