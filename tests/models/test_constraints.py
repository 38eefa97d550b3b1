"""The schema's safety nets: each refuses its bad row, and the portal refuses to start without one of them."""

import asyncio
from typing import Any

import pytest
from tortoise import Tortoise
from tortoise.exceptions import BaseORMException

from models import NOUNS, clock
from models.activities.opening import Opening
from models.commune.till import Till
from models.money.ledger import Account, Entry, Leg
from models.storage import constraints, database
from models.storage.constraints import AppendOnly, Check, ConstraintMissing, Unique
from models.storage.migrate import migrate
from models.work.audit_log import Event


async def run(sql: str) -> None:
    await database.client().execute_query(sql)


async def test_a_fresh_database_has_them_all(db: str) -> None:
    await constraints.check_schema()


async def test_without_a_unique_index_the_portal_does_not_start(db: str) -> None:
    name = Unique("cart_line", "family_id, child_id, slot_id, day").name
    await run(f"DROP INDEX {name}")
    with pytest.raises(ConstraintMissing, match=name):
        await constraints.check_schema()


async def test_nor_without_the_partial_one_that_keeps_a_day_single(db: str) -> None:
    name = Unique("booking", "child_id, slot_id, day", constraints.IS_LIVE).name
    await run(f"DROP INDEX {name}")
    with pytest.raises(ConstraintMissing, match=name):
        await migrate(db)


async def test_nor_without_a_trigger(db: str) -> None:
    sqlite = database.is_sqlite()
    await run("DROP TRIGGER frozen_leg_update" if sqlite else "DROP TRIGGER frozen_leg_change ON leg")
    with pytest.raises(ConstraintMissing, match="frozen_leg"):
        await constraints.check_schema()


async def test_nor_without_a_check(db: str) -> None:
    sqlite = database.is_sqlite()
    await run(
        "DROP TRIGGER ck_leg_cents_insert" if sqlite else "ALTER TABLE leg DROP CONSTRAINT ck_leg_cents"
    )
    with pytest.raises(ConstraintMissing, match="ck_leg_cents"):
        await constraints.check_schema()


async def refused(work: Any) -> bool:
    try:
        await work
    except BaseORMException:
        return True
    except Exception as exc:  # a trigger's own error, as the driver tells it
        return "append-only" in str(exc)
    return False


async def test_what_is_written_for_ever_cannot_change(db: str) -> None:
    await Event.note(clock.now(), "member:1", "tested", "event:1")
    till = await Till.create(code="a", name="A", bank_label="A")
    account = await Account.create(code="family:1:1", kind="family", till=till)
    entry = await Entry.create(key="k", kind="sale", label="x", occurred_at=clock.now(), actor="a")
    await Leg.create(entry=entry, account=account, cents=5)
    for constraint in constraints.CONSTRAINTS:
        if isinstance(constraint, AppendOnly) and constraint.table in ("event", "entry", "leg"):
            assert await refused(run(f"UPDATE {constraint.table} SET id = id + 100"))
            assert await refused(run(f"DELETE FROM {constraint.table}"))
    assert await Event.all().count() == await Entry.all().count() == await Leg.all().count() == 1


def test_an_erasure_empties_columns_that_are_there_and_keeps_all_others() -> None:
    Tortoise.init_models(NOUNS, "models")
    columns = {
        noun._meta.db_table: {*noun._meta.fields_db_projection.values()}
        for noun in Tortoise.apps["models"].values()
    }
    emptied = [one for one in constraints.CONSTRAINTS if isinstance(one, AppendOnly) and one.emptied]
    assert {one.table: one.needs for one in emptied} == {one.table: columns[one.table] for one in emptied}


async def test_a_row_of_the_journal_changes_only_by_being_emptied(db: str) -> None:
    await Event.note(clock.now(), "member:1", "tested", "event:1", name="Moreau")
    at = "emptied_at = '2025-11-03 07:00:00+00:00'"
    for wrong in (
        "details = '{}'",
        f"details = '{{}}', {at}",
        f"salt = NULL, {at}",
        f"details = '{{\"a\": 1}}', salt = NULL, {at}",
        f"details = '{{}}', salt = 'x', {at}",
        "details = '{}', salt = NULL",
        at,
        "digest = 'x'",
        *(
            f"details = '{{}}', salt = NULL, {at}, {more} = 'x'"
            for more in ("actor", "digest", "hash", "object")
        ),
    ):
        assert await refused(run(f"UPDATE event SET {wrong}")), wrong
    await run(f"UPDATE event SET details = '{{}}', salt = NULL, {at}")
    assert (await Event.get()).details == {}
    assert await refused(run("UPDATE event SET emptied_at = '2026-11-03 07:00:00+00:00'"))
    assert await refused(run("DELETE FROM event"))


async def test_a_row_that_breaks_a_check_is_refused(portal: Any) -> None:
    await portal("lens", now="2018-08-27T10:00:00")
    opening = await Opening.all().first()
    assert opening
    assert await refused(run(f"UPDATE opening SET taken = -1 WHERE id = {opening.id}"))
    await run(f"UPDATE opening SET places = 2, taken = 2 WHERE id = {opening.id}")
    assert await refused(run(f"UPDATE opening SET taken = 3 WHERE id = {opening.id}"))
    assert await refused(run(f"UPDATE opening SET places = 1 WHERE id = {opening.id}"))
    assert await refused(Leg.create(entry_id=1, account_id=1, cents=0))
    assert {constraint.table for constraint in constraints.CONSTRAINTS if isinstance(constraint, Check)} >= {
        "opening",
        "leg",
        "payment",
        "booking",
    }


async def test_a_second_migration_changes_nothing_and_keeps_the_rows(portal: Any, db: str) -> None:
    await portal("lens", now="2018-08-27T10:00:00")
    before = await Opening.all().count()
    await database.close()
    await migrate(db)
    await migrate(db)
    await database.connect(db)
    assert await Opening.all().count() == before > 0


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_two_processes_that_start_at_once_take_turns(db: str, tmp_path: Any) -> None:
    url = f"sqlite://{tmp_path / 'new.sqlite3'}"
    code = f"import asyncio; from models.storage.migrate import migrate; asyncio.run(migrate({url!r}))"
    import sys

    started = [await asyncio.create_subprocess_exec(sys.executable, "-c", code) for _ in range(3)]
    assert [await one.wait() for one in started] == [0, 0, 0]
