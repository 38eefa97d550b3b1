"""Damages to the roll call: what tells it, then each damage and its statements.

In a town where Emma was there on a Monday, away on the Tuesday for a strike, and Hugo came without a booking; both
services are closed.
"""

from tests.models.damage_sql import MOMENT, Damage, account, change, copied, entry, leg

EMMA = "SELECT attendance.id FROM attendance JOIN booking ON booking.id = attendance.booking_id WHERE"
THERE = f"({EMMA} booking.day = '2025-10-06' AND NOT attendance.unbooked)"
AWAY = f"({EMMA} booking.day = '2025-10-07')"
DOOR = "(SELECT id FROM attendance WHERE unbooked)"
ITS_BOOKING = "(SELECT booking_id FROM attendance WHERE unbooked)"
CLOSING = "(SELECT MIN(id) FROM roll_closing)"
CHARGE = "(SELECT MIN(id) FROM roll_charge)"
ANOTHER = "(SELECT MAX(code) FROM account WHERE kind = 'family')"
KEY = f"'roll:' || {CHARGE}"

ROLL: dict[str, dict[str, Damage]] = {
    "pointage": {
        "a child that was there, away": [change("attendance", THERE, "state = 'absent'")],
        "a word taken back": [change("attendance", THERE, "state = 'undone'")],
        "another hour": [change("attendance", THERE, "departed = 800")],
        "an hour taken away": [change("attendance", THERE, "arrived = NULL")],
        "a presence that is nowhere": [f"DELETE FROM attendance WHERE id = {THERE}"],
        "a presence of a day that is given back": [
            change("booking", f"(SELECT booking_id FROM attendance WHERE id = {THERE})", "state = 'cancelled'")
        ],
        "a place at the door that nobody took": [change("attendance", DOOR, "state = 'undone'")],
        "a service that is open again": [f"DELETE FROM roll_closing WHERE id = {CLOSING}"],
        "a service closed by somebody else": [change("roll_closing", CLOSING, "member_id = 1")],
        "a service closed at another hour": [change("roll_closing", CLOSING, f"at = {MOMENT}")],
        "a service that nobody closed": [
            copied("roll_closing", CLOSING, "member_id, at", opening_id="(SELECT MAX(id) FROM opening)")
        ],
        "an absence that costs something after all": [change("attendance", AWAY, "due_cents = 328")],
        "an absence that costs less": [change("attendance", THERE, "due_cents = 0")],
        "what came back, more": [change("roll_charge", CHARGE, "cents = cents - 1")],
        "what came back, twice": [copied("roll_charge", CHARGE, "attendance_id, cents, member_id, at")],
        "what came back, nowhere": [f"DELETE FROM roll_charge WHERE id = {CHARGE}"],
        "what came back, of another day": [change("roll_charge", CHARGE, f"attendance_id = {THERE}")],
    },
    "I3-I7": {
        "an entry of the roll call taken away": [
            f"DELETE FROM leg WHERE entry_id = {entry(KEY)}", f"DELETE FROM entry WHERE key = {KEY}"
        ],
        "a charge of another family": [
            change("leg", leg("family", "roll:%"), f"account_id = {account(ANOTHER)}")
        ],
        "a charge that no entry tells": [copied("roll_charge", CHARGE, "attendance_id, cents, member_id, at")],
    },
    "commandes": {
        "another sum at the door": [change("booking", ITS_BOOKING, "cents = cents + 1")],
    },
    "réservations": {
        "a place at the door that is cancelled": [change("booking", ITS_BOOKING, "state = 'cancelled'")],
    },
}  # fmt: skip
