"""Damages to orders, bookings, ranks, requests: what tells it, then each damage and its statements."""

from tests.models import busy
from tests.models.damage_sql import (
    ACCEPTED,
    CANTEEN,
    CREDITED_DAY,
    FAR,
    FILED,
    GIVEN_BACK,
    HELD,
    INVOICE,
    INVOICED,
    ITS_CHARGE,
    ITS_LINE,
    ITS_PLACE,
    LATER,
    LEISURE,
    LINE,
    MOMENT,
    MONTH,
    MOREAU,
    NOE,
    NOT_COMING,
    OFFER,
    OPENING,
    ORDER,
    ORDERED,
    OTHER,
    OTHER_TARIFF,
    PAID,
    PAYMENT,
    PETIT,
    POSTPONED,
    SLOT,
    WITH_DEBT,
    Damage,
    asked,
    attempt,
    away,
    booking,
    change,
    copied,
    enrolment_wait,
    freed,
    membership,
    one_more,
    part,
    row,
    taken,
    told,
)

EMPTY = f"details = '{{}}', salt = NULL, emptied_at = {MOMENT}"

DAYS: dict[str, dict[str, Damage]] = {
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
        "a booking by default of no such order": [change("booking", INVOICED, "by_default = true")],
        "an order by default whose days are not": [
            "INSERT INTO event (at, actor, action, object, details) "
            f"VALUES ({MOMENT}, 'clock', 'order.by_default', 'order:' || {MONTH}, '{{}}')"
        ],
        "a booked day that comes again": [change("booking", INVOICED, "returns = true")],
        "a day that its family gave back, and that comes again": [
            change("booking", booking(*GIVEN_BACK), "returns = true")
        ],
        "an invoiced booking cancelled without a word": [
            freed(ITS_PLACE), change("booking", INVOICED, "state = 'cancelled', billed = false")
        ],
        "a day that a class event cancelled, booked still": away(PAID, "cents"),
        "a day that a class event cancelled, for another credit": away(CREDITED_DAY, "cents + 1"),
        "a day booked again that nobody took back": away(PAID, "cents", MOMENT),
        "a booking in another child's enrolment": [
            change("booking", PAID, f"enrolment_id = {booking('Hugo', busy.MEAL, '2025-11-24', 'enrolment_id')}")
        ],
        "a booking of another day than its opening": [change("booking", INVOICED, "day = '2025-12-18'")],
        "a booking in another opening": [
            freed(OPENING), taken(FAR), change("booking", PAID, f"opening_id = {FAR}")
        ],
        "an opening on another day": [change("opening", OPENING, "day = '2025-12-20'")],
        "a booking and its line at the price of another activity": [
            change("booking", PAID, f"tariff_id = {OTHER_TARIFF}"),
            change("order_line", LINE, f"tariff_id = {OTHER_TARIFF}"),
        ],
        "a draft at the price of another activity": [
            f"UPDATE cart_line SET tariff_id = {OTHER_TARIFF} WHERE slot_id = {SLOT}"
        ],
        "a membership at the price of a slot": [
            f"UPDATE order_line SET tariff_id = {OTHER_TARIFF} WHERE action = 'membership'"
        ],
        "a price of another slot": [
            f"UPDATE tariff SET slot_code = 'x' WHERE id = (SELECT tariff_id FROM booking WHERE id = {PAID})"
        ],
        "a line at another tariff than what it booked": [change("order_line", LINE, "tariff_id = NULL")],
        "a booking said late at a price that is not": [change("booking", PAID, "late = true")],
    },
    "aides": {
        "an aid of another family's child": [
            "UPDATE aid SET child_id = (SELECT id FROM child WHERE first_name = 'Hugo') WHERE child_id IS NOT NULL"
        ],
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
        "somebody who waits for an activity that it is in": [enrolment_wait("waiting", "NULL")],
        "somebody who was enrolled from the line, unknown to the journal": [enrolment_wait("enrolled", MOMENT)],
    },
    "inscriptions": {
        "an enrolment that the family never ended": [
            change("enrolment", "(SELECT MIN(id) FROM enrolment)", f"left_at = {MOMENT}")
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
        "a row's details emptied alone": [change("event", row("MIN", "commune.load"), "details = '{}'")],
        "a row's salt": [change("event", row("MAX", "order.made"), "salt = '0'")],
        "a row's digest": [change("event", row("MIN", "order.made"), "digest = '0'")],
        "a row emptied though nobody was erased": [change("event", row("MIN", "order.made"), EMPTY)],
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
