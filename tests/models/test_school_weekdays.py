"""The weekdays of school in a database of before: rows that were there get the four days."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget

from models.commune.school import School
from models.commune.school_year import SchoolYear
from models.storage import database
from models.storage.migrate import migrate
from tests import servers

APPS: dict[str, Any] = {"models": {"models": [], "migrations": "models.migrations"}}


@pytest.fixture
async def before(engine: Any, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a database as it was before schools had weekdays, connected."""
    sqlite = isinstance(engine, Path)
    url = (
        f"sqlite://{tmp_path / 'before.sqlite3'}" if sqlite else await servers.create_database(engine.server)
    )
    await database.connect(url)
    executor = MigrationExecutor(database.client(), APPS)
    await executor.migrate([MigrationTarget("models", "0005_batch_back")])
    yield url
    await database.close()
    if not sqlite:
        await servers.drop_database(url, engine.server)


async def test_a_year_and_a_school_of_before_have_four_days(before: str) -> None:
    await database.write(
        "INSERT INTO school_year (name, starts, ends) VALUES ('2018-2019', '2018-09-03', '2019-07-05')"
    )
    await database.write("INSERT INTO school (code, name, levels, position) VALUES ('a', 'A', '[]', 0)")
    await database.close()
    await migrate(before)
    await database.connect(before)
    assert (await SchoolYear.get(name="2018-2019")).weekdays == [0, 1, 3, 4]
    assert (await School.get(code="a")).weekdays is None
