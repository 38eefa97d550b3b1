"""Whatever is changed, taken away or added behind the portal's back, `verify` tells it. On both databases.

One busy town; each damage is done in a transaction with every guard off, told, and taken back.
"""

from collections.abc import Awaitable, Callable, Mapping

import pytest

from models import clock
from models.direct_debit import adding, rejecting
from models.direct_debit.rejecting import Reject
from models.money.invoice import Invoice
from models.storage.database import client, is_sqlite, rows, transaction
from models.storage.integrity import PROMISES, Fault, verify
from models.work.audit_log import Event
from tests.models import busy, debits, roll
from tests.models.damage_sql import Damage, change
from tests.models.damages_of_counter import COUNTER
from tests.models.damages_of_days import DAYS
from tests.models.damages_of_debits import DEBITS
from tests.models.damages_of_money import MONEY
from tests.models.damages_of_roll import ROLL
from tests.portal import Portal

OpenPortal = Callable[..., Awaitable[Portal]]


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
            await _do(damage)
            faults = await verify()
            raise _TakeBack
    except _TakeBack:
        return faults


async def silent(damages: Mapping[str, Mapping[str, Damage]]) -> list[str]:
    """Those that the promises of their invariant do not tell. The guards are off once for all of them: to take a
    hundred off again for each damage, and to ask the promises of every other invariant, took most of the time.
    """
    untold = []
    try:
        async with transaction():
            await unguard()
            for by, of_it in damages.items():
                promises = [promise for promise in PROMISES if promise.invariant == by]
                for what, damage in of_it.items():
                    await client().execute_query("SAVEPOINT damage")
                    await _do(damage)
                    if not any([await promise.broken() for promise in promises]):
                        untold.append(f"{by}: {what}")
                    await client().execute_query("ROLLBACK TO SAVEPOINT damage")
            raise _TakeBack
    except _TakeBack:
        return untold


async def _do(damage: Damage) -> None:
    for statement in damage:
        changed, _ = await client().execute_query(statement)
        assert changed or statement.startswith("INSERT"), statement


@pytest.fixture
async def town(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Portal:
    opened = await portal("demo", now=busy.NOW)
    await busy.fill(opened, monkeypatch)
    return opened


async def test_every_damage_is_told(town: Portal) -> None:
    assert await verify() == []
    for damages in (MONEY, DAYS, COUNTER):
        assert await silent(damages) == []
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
    faults = await faults_of([change("event", "(SELECT MAX(id) - 5 FROM event)", "actor = 'x'")])
    assert "journal" in [fault.invariant for fault in faults]


@pytest.fixture
async def collected(portal: OpenPortal) -> Portal:
    """One collection was paid, the other taken back afterwards; a third is of an invoice from before its mandate."""
    opened = await portal("demo", now=debits.BOOKED, change=debits.every_invoice)
    camille, sophie = await debits.booked(opened)
    await debits.signed(camille.family)
    await debits.signed(sophie.family, debits.OTHER_IBAN, "Sophie Moreau")
    await debits.invoiced(opened)
    await debits.settled(await debits.sent(await debits.prepared()))
    late = Reject((await debits.of(sophie.family)).id, "AM04")
    assert await rejecting.reject([late], "member:1", clock.now())
    older = await Invoice.get(number="PERI-0498")
    await debits.signed(older.family_id, holder="Linh Nguyen")
    await adding.add(older.id, "member:1", clock.now())
    return opened


async def test_every_damage_to_direct_debits_is_told(collected: Portal) -> None:
    assert await verify() == []
    assert await silent(DEBITS) == []
    assert await verify() == []


@pytest.fixture
async def called(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Portal:
    """A roll was called on two days, and both services are closed."""
    opened = await portal("demo", now=roll.NOW)
    await roll.two_days(opened, monkeypatch)
    return opened


async def test_every_damage_to_the_roll_call_is_told(called: Portal) -> None:
    assert await verify() == []
    assert await silent(ROLL) == []
    assert await verify() == []
