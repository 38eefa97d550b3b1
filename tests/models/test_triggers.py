"""What the planning rests on moves its number by itself, whoever writes."""

import logging
import re
from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from models import clock
from models.activities.catalogue import current_catalogue, forget
from models.families.family import Family
from models.families.household import Household
from models.families.membership import decline
from models.storage import constraints, triggers
from models.storage.database import rows, write
from tests.models.class_events import send_a_class_away
from tests.portal import Portal

OpenPortal = Callable[..., Awaitable[Portal]]
ITSELF = "UPDATE {table} SET id = id WHERE id = (SELECT min(id) FROM {table})"
TABLES = [counter.table for counter in triggers.COUNTERS]
READ = re.compile(r'(?:FROM|JOIN) "?(\w+)"?')


async def revision() -> int:
    return int((await rows("SELECT revision FROM commune"))[0]["revision"])


async def facts() -> dict[int, int]:
    return dict(await Family.all().values_list("id", "facts"))


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    """The demo has a row in every table but two."""
    town = await portal("demo", now="2025-09-22T10:00")
    home = (await rows("SELECT family_id, child_id FROM home ORDER BY id"))[0]
    activity = (await rows("SELECT min(id) AS id FROM activity"))[0]["id"]
    guardian = (await rows("SELECT min(id) AS id FROM guardian"))[0]["id"]
    await decline(home["family_id"], home["child_id"], activity, clock.now(), guardian)
    await send_a_class_away(date(2025, 10, 6))
    return town


@pytest.mark.parametrize("table", TABLES)
async def test_a_change_moves_the_number_of_those_it_concerns(town: Portal, table: str) -> None:
    """Any hand: no verb of the portal is called."""
    before, households = await revision(), await facts()
    counted = next(one for one in triggers.COUNTERS if one.table == table)
    change = "UPDATE family SET category = 'outside' WHERE id = (SELECT min(id) FROM family)"
    assert await write(change if table == "family" else ITSELF.format(table=table))
    moved = {family for family, number in (await facts()).items() if number != households[family]}
    if table == "family" or (isinstance(counted, triggers.Counter) and counted.families):
        assert moved and len(moved) < len(households) and await revision() == before
    else:
        assert not moved and await revision() > before


async def test_rows_that_come_and_go_count_too(town: Portal) -> None:
    [family] = (await rows("SELECT family_id AS id FROM home ORDER BY id LIMIT 1"))[0].values()
    told = [(await facts())[family]]
    await write("INSERT INTO quotient (family_id, start, value) VALUES (?, '2020-01-01', 700)", [family])
    told.append((await facts())[family])
    await write("DELETE FROM quotient WHERE family_id = ? AND value = 700", [family])
    told.append((await facts())[family])
    assert told == sorted(set(told))


async def test_who_is_left_is_told_as_who_is_joined(town: Portal) -> None:
    """A child's home that becomes another family's."""
    before = await facts()
    one = (await rows("SELECT id, family_id FROM home ORDER BY id LIMIT 1"))[0]
    other = (await rows("SELECT max(id) AS id FROM family"))[0]["id"]
    await write("UPDATE home SET family_id = ? WHERE id = ?", [other, one["id"]])
    moved = {family for family, number in (await facts()).items() if number != before[family]}
    assert moved == {one["family_id"], other}


async def test_a_tick_moves_none_of_them(town: Portal) -> None:
    """Each tick writes its family's version; what is kept in memory stays."""
    before = (await revision(), await facts())
    await Family.lock(min(before[1]))
    assert (await revision(), await facts()) == before


async def test_whatever_the_planning_reads_is_counted(town: Portal, caplog: pytest.LogCaptureFixture) -> None:
    """A table that is read and not listed would be shown as it was until the next restart."""
    family = await Family.all().first()
    assert family
    forget()
    caplog.set_level(logging.DEBUG, logger="tortoise.db_client")
    caplog.clear()
    await current_catalogue()
    await Household.read(family.id)
    said = " ".join(record.getMessage() for record in caplog.records if record.name == "tortoise.db_client")
    counted = set(READ.findall(said)) - {"town_logo"}  # which never changes: the commune names another
    assert counted == set(TABLES)


async def test_without_one_of_them_the_portal_does_not_start(town: Portal) -> None:
    await triggers._take_off({"counts_quotient_insert"}, "quotient")
    with pytest.raises(constraints.ConstraintMissing, match="counts_quotient_insert"):
        await constraints.check_schema()
    await triggers.put_on()
    await constraints.check_schema()
