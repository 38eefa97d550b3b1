"""SQL about the rows of the busy town, for those who damage them."""

from tests.models import busy

Damage = list[str]  # statements


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


def away(which: str, cents: str, returned_at: str = "NULL") -> Damage:
    """A class event that cancelled this booking, and nothing else."""
    return [
        "INSERT INTO class_event (year_id, kind, classes, days, ends, words, made_at, made_by, click) "
        f"SELECT MIN(id), 'trip', '[]', '[]', '2025-11-24', 'x', {MOMENT}, 'member:1', 'x' FROM school_year",
        "INSERT INTO cancelled_day (event_id, booking_id, was, cents, returned_at, kept) "
        f"SELECT (SELECT MAX(id) FROM class_event), id, 'confirmed', {cents}, {returned_at}, '' "
        f"FROM booking WHERE id = {which}",
    ]


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
OTHER_TARIFF = f"(SELECT MIN(id) FROM tariff WHERE activity_id <> {CANTEEN})"

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
CREDITED_DAY = booking(*CREDITED)
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
ISSUED = "(SELECT id FROM invoice WHERE NOT before_portal)"
NOTE = "(SELECT id FROM credit_note)"
STANDING = "(SELECT id FROM invoiced_booking WHERE credit_note_id IS NULL)"
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


def enrolment_wait(state: str, ended_at: str) -> str:
    """Of the child of the first enrolment, for that very activity."""
    return (
        "INSERT INTO enrolment_wait (child_id, family_id, activity_id, group_id, since, state, ended_at) "
        f"SELECT child_id, family_id, activity_id, group_id, {MOMENT}, '{state}', {ended_at} FROM enrolment "
        "WHERE id = (SELECT MIN(id) FROM enrolment)"
    )
