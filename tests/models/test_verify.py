"""Each promise is broken by hand, its guard taken away first, and `verify` tells that one and no other."""

from collections.abc import Awaitable, Callable

import pytest

from models import clock
from models.database import client
from models.verify import Fault, verify
from tests.portal import Portal
from tests.web.checkout import Parent, hear_the_bank, parent

OpenPortal = Callable[..., Awaitable[Portal]]
MEAL = "Rest Sco Pré Paiement 2018-2019"


@pytest.fixture
async def claire(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    """She paid two meals, gave one back for a credit, and is at the bank for three more, her credit set aside."""
    town = await portal("lens", now="2018-08-27T10:00")
    hear_the_bank(town, monkeypatch)
    claire = await parent(town, "famille15")
    await claire.tick("Chloé", MEAL, "2018-09-03", "2018-09-06")
    await claire.pay()
    await claire.tick("Chloé", MEAL, "2018-09-06", ticked=False)
    await claire.click()
    await claire.tick("Léo", MEAL, "2018-09-10", "2018-09-11", "2018-09-13")
    await claire.click()
    await town.run_jobs()
    return claire


async def test_a_busy_portal_keeps_every_promise(claire: Parent) -> None:
    sums = "SELECT credit, due FROM family_order WHERE state = 'held'"
    assert [dict(row) for row in (await client().execute_query(sums))[1]] == [{"credit": 340, "due": 680}]
    assert await verify() == []


def leg_of(kind: str, *, of: str = "%", which: str = "MIN") -> str:
    return (
        f"(SELECT {which}(leg.id) FROM leg JOIN account ON account.id = leg.account_id "
        f"JOIN entry ON entry.id = leg.entry_id WHERE account.kind = '{kind}' AND entry.key LIKE '{of}')"
    )


def moved(leg: str, account: str) -> str:
    return f"UPDATE leg SET account_id = (SELECT id FROM account WHERE code = '{account}') WHERE id = {leg}"


def new_account(code: str, family: str = "NULL") -> str:
    kind = code.partition(":")[0]
    till = "(SELECT MIN(id) FROM till)"
    return (
        f"INSERT INTO account (code, kind, family_id, till_id) VALUES ('{code}', '{kind}', {family}, {till})"
    )


def unguarded(*names: str) -> list[str]:
    return [f"DROP TRIGGER {name}" for name in names]


LEGS = unguarded("frozen_leg_update")
MEAL_BOOKED = "(SELECT MIN(id) FROM booking WHERE state = 'confirmed')"
ITS_OPENING = f"(SELECT opening_id FROM booking WHERE id = {MEAL_BOOKED})"
FREED = f"UPDATE opening SET taken = taken - 1 WHERE id = {ITS_OPENING}"
CONFIRMED = "(SELECT MIN(id) FROM family_order WHERE state = 'confirmed')"
HELD = "(SELECT id FROM family_order WHERE state = 'held')"
MOMENT = "'2018-08-27 08:00:00+00:00'"


def request(kind: str, state: str) -> str:
    return (
        "INSERT INTO request (family_id, booking_id, kind, state, made_at) "
        f"SELECT family_id, id, '{kind}', '{state}', {MOMENT} FROM booking WHERE id = {MEAL_BOOKED}"
    )


def told(billed: bool, family: str = "family_id") -> str:
    return (
        "INSERT INTO absence (family_id, booking_id, reason, billed, told_at) "
        f"SELECT {family}, id, 'sick', {int(billed)}, {MOMENT} FROM booking WHERE id = {MEAL_BOOKED}"
    )


BROKEN = {
    "two entries are off by a cent, one each way": (
        "I1",
        [
            *LEGS,
            f"UPDATE leg SET cents = cents + 1 WHERE id = {leg_of('opening')}",
            f"UPDATE leg SET cents = cents - 1 WHERE id = {leg_of('opening', which='MAX')}",
        ],
    ),
    "an entry of one leg": (
        "I1",
        ["INSERT INTO entry (key, kind, label, occurred_at, actor) VALUES ('x', 'sale', '', "
         f"{MOMENT}, 'test')"],
    ),
    "a leg of no entry": (
        "I2",
        ["PRAGMA foreign_keys = OFF",
         "INSERT INTO leg (entry_id, account_id, cents) SELECT 999999, id, 5 FROM account WHERE kind = 'opening'"],
    ),
    "a payment on another family's account": (
        "I3",
        [*LEGS, new_account("family:0:0", "(SELECT MAX(id) FROM family)"),
         moved(leg_of("family", of="pay:%"), "family:0:0")],
    ),
    "a sale on another family's account": (
        "I3",
        [*LEGS, new_account("family:0:0", "(SELECT MAX(id) FROM family)"),
         moved(leg_of("family", of="sale:%"), "family:0:0")],
    ),
    "money at another bank": ("I4", [*LEGS, new_account("bank:x:0"), moved(leg_of("bank"), "bank:x:0")]),
    "a payment without its entry": (
        "I5",
        [*unguarded("frozen_entry_update"), "UPDATE entry SET key = 'pay:demo:X' WHERE kind = 'payment'"],
    ),
    "a credit set aside for no order": (
        "I6", [*LEGS, new_account("hold:0"), moved(leg_of("hold"), "hold:0")],
    ),
    "a sale of another activity": (
        "I7", [*LEGS, new_account("revenue:x"), moved(leg_of("revenue"), "revenue:x")],
    ),
    "a cancellation accepted without its credit": (
        "I7",
        [request("cancel", "accepted"), FREED,
         f"UPDATE booking SET state = 'cancelled' WHERE id = {MEAL_BOOKED}"],
    ),
    "a place nobody has": ("I8", ["UPDATE opening SET taken = taken + 1 WHERE id = (SELECT MIN(id) FROM opening)"]),
    "a place too many": (
        "I8",
        [*unguarded("ck_opening_places_update"), f"UPDATE opening SET places = 0 WHERE id = {ITS_OPENING}"],
    ),
    "a line of an invoice": (
        "I10",
        [*unguarded("frozen_invoice_line_update"),
         "UPDATE invoice_line SET cents = cents + 1 WHERE id = (SELECT MIN(id) FROM invoice_line)"],
    ),
    "an invoice on another family's account": (
        "I10",
        [*LEGS, new_account("family:0:0", "(SELECT MAX(id) FROM family)"),
         moved(leg_of("family", of="opening:invoice:%"), "family:0:0")],
    ),
    "an order held six minutes too long": (
        "I11", [f"UPDATE family_order SET hold_until = '2018-08-27 07:54:00+00:00' WHERE id = {HELD}"],
    ),
    "a payment nobody has a receipt of": (
        "I12", ["DELETE FROM task WHERE key LIKE 'receipt:%'", "DELETE FROM letter WHERE key LIKE 'receipt:%'"],
    ),
    "work that nobody does": (
        "I12",
        ["UPDATE task SET state = 'ready', due = due - 2 * 86400 WHERE id = (SELECT MIN(id) FROM task)"],
    ),
    "a booking held by an order that is over": (
        "commandes", [f"UPDATE booking SET state = 'held' WHERE id = {MEAL_BOOKED}"],
    ),
    "an order that holds a confirmed booking": (
        "commandes", ["UPDATE booking SET state = 'confirmed' WHERE state = 'held'"],
    ),
    "a line locked by an order that is over": ("commandes", [f"UPDATE cart_line SET order_id = {CONFIRMED}"]),
    "an attempt to pay what is paid": (
        "commandes",
        ["INSERT INTO payment (order_id, family_id, till_id, provider, reference, state, cents, made_at) "
         f"SELECT id, family_id, till_id, 'demo', 'X', 'created', 340, {MOMENT} FROM family_order "
         f"WHERE id = {CONFIRMED}"],
    ),
    "a rank for a place one has": (
        "attente",
        ["INSERT INTO waiting (booking_id, opening_id, priority, since, state) "
         f"SELECT id, opening_id, 0, {MOMENT}, 'waiting' FROM booking WHERE id = {MEAL_BOOKED}"],
    ),
    "a booking that waits without a rank": (
        "attente", [FREED, f"UPDATE booking SET state = 'waiting' WHERE id = {MEAL_BOOKED}"],
    ),
    "a question about a place one has": ("demandes", [request("book", "pending")]),
    "a booking asked for without a question": (
        "demandes", [FREED, f"UPDATE booking SET state = 'requested' WHERE id = {MEAL_BOOKED}"],
    ),
    "an absence told for nothing whose day stays billed": ("absences", [told(billed=False)]),
    "an absence that another family told": (
        "absences", [told(billed=True, family="(SELECT MAX(id) FROM family)")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("invariant", "statements"), BROKEN.values(), ids=BROKEN.keys())
async def test_one_broken_promise_is_told(claire: Parent, invariant: str, statements: list[str]) -> None:
    for statement in statements:
        _, changed = await client().execute_query(statement)
    assert [fault.invariant for fault in await verify()] == [invariant], changed


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "statements", [[told(billed=True)], [told(billed=False), request("cancel", "pending")]]
)
async def test_an_absence_told_late_or_not_answered_yet_is_none(
    claire: Parent, statements: list[str]
) -> None:
    for statement in statements:
        await client().execute_query(statement)
    assert await verify() == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_hold_may_outlive_its_end_by_a_few_minutes(claire: Parent) -> None:
    late = f"UPDATE family_order SET hold_until = '2018-08-27 07:56:30+00:00' WHERE id = {HELD}"
    await client().execute_query(late)
    assert f"{clock.now():%H:%M}" == "10:00"
    assert await verify() == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_fault_names_the_first_rows(claire: Parent) -> None:
    await client().execute_query("UPDATE opening SET taken = taken + 1 WHERE id <= 2")
    fault = (await verify())[0]
    assert fault == Fault("I8", "places prises mal comptées, ou de trop (1, 2)")
    assert str(fault) == "I8\u00a0: places prises mal comptées, ou de trop (1, 2)"
    await client().execute_query("UPDATE opening SET taken = taken + 1 WHERE id <= 9")
    assert (await verify())[0].what.endswith("(1, 2, 3, 4, 5…)")
