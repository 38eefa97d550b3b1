"""Several statements in one trip to the database: what they see, what is left where one of them fails."""

import asyncio
from datetime import datetime

import pytest
from tortoise.exceptions import IntegrityError

from models.bookings.cart import Batch
from models.families.family import Family
from models.planning.ticks import seen
from models.rules.deadlines import PARIS
from models.storage.database import finish, instant, transaction
from tests.engines import ON_SQLITE

NOW = datetime(2018, 8, 27, 10, tzinfo=PARIS)
KEEP = "INSERT INTO batch (family_id, key, applied_at) VALUES (?, ?, ?)"


@pytest.fixture
async def family(db: str) -> int:
    return (await Family.create(number="a")).id


@ON_SQLITE
async def test_a_turn_sees_what_the_one_before_it_wrote(family: int) -> None:
    """It waited for the lock in the same trip in which it began; a picture taken before would not have the batch."""
    begun = asyncio.Event()

    async def first() -> None:
        async with Family.turn(family):
            begun.set()
            await asyncio.sleep(0.2)
            await finish([(KEEP, [family, "x", instant(NOW)])])

    async def second() -> bool:
        await begun.wait()
        async with Family.turn(family):
            return await seen(family, "x", NOW)

    assert (await asyncio.gather(first(), second()))[1]
    assert (await Family.get(id=family)).version == 2


@ON_SQLITE
async def test_what_ends_a_transaction_is_kept_as_one(family: int) -> None:
    writes = [(KEEP, [family, key, instant(NOW)]) for key in "xy"]
    async with transaction():
        await finish(writes)
    assert {batch.key for batch in await Batch.all()} == {"x", "y"}


async def test_one_that_fails_takes_the_others_with_it(family: int) -> None:
    with pytest.raises(IntegrityError):
        async with Family.turn(family):
            await finish([(KEEP, [family, "x", instant(NOW)]), (KEEP, [0, "y", instant(NOW)])])
    assert await Batch.all().count() == 0 and (await Family.get(id=family)).version == 0
    async with Family.turn(family):
        assert not await seen(family, "x", NOW)
    assert await Batch.all().count() == 1


async def test_a_turn_that_cannot_begin_leaves_nothing_open(db: str) -> None:
    """Its lock names no table: on both databases BEGIN was understood already."""
    for _ in range(12):
        with pytest.raises(Exception, match="nowhere"):
            async with transaction("UPDATE nowhere SET version = 1"):
                pass
    family = await Family.create(number="a")
    async with asyncio.timeout(60), Family.turn(family.id):
        pass
    assert (await Family.get(id=family.id)).version == 1
