"""Every change of the nouns has its migration, and every migration runs where families are."""

from collections.abc import Awaitable, Callable, Iterable
from copy import copy
from functools import partial
from graphlib import TopologicalSorter
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest
from tortoise import Tortoise, fields
from tortoise.fields.relational import ManyToManyFieldInstance
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.migration import Migration
from tortoise.migrations.operations import AddField, Operation
from tortoise.migrations.schema_generator.state import State

from models.families.guardian import Guardian
from models.storage import database, heartbeat
from models.storage import migrate as migration
from models.storage.integrity import verify
from tests.conftest import Postgres
from tests.house.books import Files, Server
from tests.house.files import ROOT
from tests.house.lived import NOW, live, one_place
from tests.house.past import Past, bring_to
from tests.migrations import TORTOISE_ORM
from tests.models import counter, family_file, merges, roll
from tests.models.class_events import a_day_goes
from tests.models.debits import one_prepared
from tests.models.invoicing import invoice_and_take_back
from tests.portal import Portal

NAMES = sorted(path.stem for path in (ROOT / "models" / "migrations").glob("[0-9]*.py"))


async def test_every_change_of_the_nouns_has_its_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `tortoise makemigrations` looks for changes, without writing them, and as quick as `migrate`."""
    await Tortoise.init(config=TORTOISE_ORM, _enable_global_fallback=True)
    try:
        written = migration._executor()
        await written.loader.build_graph()
        detector = MigrationAutodetector(Tortoise.apps, TORTOISE_ORM["apps"])
        all_of_them = partial(written._project_state, set(written.loader.graph.nodes))
        monkeypatch.setattr(detector, "_project_state", all_of_them)
        missing = await detector.changes()
    finally:
        await database.close()
    assert [one.as_string() for one in missing] == [], "`make migration NAME=…` writes it"


def bare_columns(operations: Iterable[Any]) -> list[str]:
    """What no table with rows can take."""
    added = [(one, cast(Any, one.field)) for one in operations if isinstance(one, AddField)]
    return [
        f"{one.model_name}.{one.name} is NOT NULL and has no default in the database, so a table with rows refuses "
        "it. Give the field `db_default=…`, in the noun and in the migration: `default=` is Python's alone."
        for one, field in added
        if not (isinstance(field, ManyToManyFieldInstance) or field.null or field.has_db_default())
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_new_column_has_a_default_for_the_rows_that_are_there(name: str) -> None:
    operations = import_module(f"models.migrations.{name}").Migration.operations
    assert bare_columns(operations) == []


def test_a_new_column_without_one_is_told_with_its_cure() -> None:
    bare = AddField("Guardian", "mobile", fields.CharField(default="auto", max_length=6))
    cured = AddField("Guardian", "mobile", fields.CharField(db_default="auto", max_length=6))
    free = AddField("Guardian", "mobile", fields.CharField(null=True, max_length=6))
    [said] = bare_columns([bare, cured, free])
    assert "Guardian.mobile" in said and "db_default" in said


async def test_every_earlier_schema_with_its_rows_comes_to_todays(
    portal: Callable[..., Awaitable[Portal]],
    db: str,
    engine: Path | Postgres,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The demo, where something of everything has happened, as each earlier version would hold it."""
    monkeypatch.setattr(heartbeat, "_written", float("-inf"))
    town = await portal("demo", now=NOW, change=one_place)
    await live(town, monkeypatch)
    books: Files | Server = Files(tmp_path) if isinstance(engine, Path) else Server(engine.server)
    order = tables()
    before = (await books.read(db))[1]
    # No earlier version could leave the traces of these in the books.
    await invoice_and_take_back(town)
    invoiced = (await books.read(db))[1]
    await counter.a_day()
    counted = (await books.read(db))[1]
    await one_prepared()
    whole = (await books.read(db))[1]
    await counter.at_the_bank()
    reconciled = (await books.read(db))[1]
    await roll.a_meal_comes_back()
    called = (await books.read(db))[1]
    await counter.put_right()
    corrected = (await books.read(db))[1]
    await counter.given_back((await Guardian.get(username="sophie.moreau")).family_id)
    refunded = (await books.read(db))[1]
    await family_file.live()
    filed = (await books.read(db))[1]
    await a_day_goes(town)
    away = (await books.read(db))[1]
    await merges.live()
    shape, merged = await books.read(db)
    assert [table for table in order if not merged[table]] == [], "live() makes a row of each"
    assert await verify() == []
    await database.close()
    known_states(monkeypatch)
    since = {
        MERGED_SINCE: merged,
        AWAY_SINCE: away,
        FILE_SINCE: filed,
        REFUNDS_SINCE: refunded,
        MONEY_SINCE: corrected,
        ROLL_SINCE: called,
        BANK_SINCE: reconciled,
        DEBITS_SINCE: whole,
        COUNTER_SINCE: counted,
        INVOICES_SINCE: invoiced,
        NAMES[0]: before,
    }
    past = Past(books, order, shape, since)
    url = await books.empty()
    await bring_to(url, NAMES[0])
    for name, following in pairwise(NAMES):
        if name in since or following == NAMES[-1]:
            await past.comes_to_today(url, name)
        await past.goes_on(url, name, following)
    await books.drop(url)


def known_states(monkeypatch: pytest.MonkeyPatch) -> None:
    """The nouns are drawn for each operation of each migration: once is enough for all databases."""
    project = migration._Executor._project_state
    known: dict[int, State] = {}  # by how many migrations were applied
    steps: dict[
        str, list[tuple[Operation, State, State]]
    ] = {}  # of a migration: before and after each operation

    async def projected(self: migration._Executor, applied: set[Any], upto: Any = None) -> State:
        if len(applied) not in known:
            known[len(applied)] = await project(self, applied)
        return copy(known[len(applied)])

    async def apply(self: Migration, state: State, *, schema_editor: Any = None, **_: Any) -> None:
        """Tortoise's own, but that it lets `state` become what it was after the first time."""
        if self.name not in steps:
            steps[self.name] = []
            after = copy(state)
            for operation in self.operations:
                before, after = after, after.clone()
                operation.state_forward(self.app_label, after)
                steps[self.name].append((operation, before, after))
        if schema_editor:
            atomic = schema_editor.client.capabilities.supports_transactions
            for operation, before, after in steps[self.name]:
                await self._run_database_forward(operation, before, after, schema_editor, atomic)
        last = steps[self.name][-1][2]
        state.models, state.apps = last.models, last.apps

    monkeypatch.setattr(migration._Executor, "_project_state", projected)
    monkeypatch.setattr(Migration, "apply", apply)


def tables() -> list[str]:
    """Those of today's nouns, parents before children."""
    leans: dict[str, set[str]] = {}
    for noun in Tortoise.apps["models"].values():
        parents = {noun._meta.fields_map[name].related_model._meta.db_table for name in noun._meta.fk_fields}
        leans[noun._meta.db_table] = parents - {noun._meta.db_table}
    return list(TopologicalSorter(leans).static_order())


INVOICES_SINCE = "0019_invoicing"
COUNTER_SINCE = "0020_counter"
DEBITS_SINCE = "0021_direct_debit"
BANK_SINCE = "0025_counter_bank"
FILE_SINCE = "0032_family_file"
MERGED_SINCE = "0049_household_merges"
MONEY_SINCE = "0030_money"
REFUNDS_SINCE = "0031_refunds"
AWAY_SINCE = "0036_class_events"
ROLL_SINCE = "0028_attendance"
