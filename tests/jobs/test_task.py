import pytest

from models.storage.database import transaction
from models.work import task as tasks
from models.work.task import BACKOFF, Task
from tests.engines import ON_SQLITE
from tests.jobs.town import troubles


async def only() -> Task:
    return await Task.all().get()


async def due_now() -> None:
    await Task.all().update(due=0)


@ON_SQLITE
async def test_the_same_work_is_asked_once(db):
    await Task.later("note", 1, key="note:1")
    await Task.later("note", 2, key="note:1")
    assert (await only()).args == [1]


@ON_SQLITE
async def test_work_without_a_key_is_asked_each_time(db):
    await Task.later("note", 1)
    await Task.later("note", 1)
    assert await Task.all().count() == 2


async def test_work_asked_in_a_transaction_that_fails_is_not_asked(db):
    with pytest.raises(RuntimeError):
        async with transaction():
            await Task.later("note", 1)
            raise RuntimeError
    assert await Task.all().count() == 0


async def test_asking_again_inside_a_transaction_does_not_break_it(db):
    await Task.later("note", 1, key="note:1")
    async with transaction():
        await Task.later("note", 1, key="note:1")
        await Task.later("note", 2, key="note:2")
    assert await Task.all().count() == 2


@ON_SQLITE
async def test_work_for_later_is_not_claimed_before_its_hour(db):
    await Task.later("note", after=60)
    assert await Task.claim() == []
    await due_now()
    assert len(await Task.claim()) == 1


@ON_SQLITE
async def test_what_somebody_holds_is_not_claimed(db):
    await Task.later("note")
    [held] = await Task.claim()
    assert await Task.claim() == []
    assert await Task.take(held.id) is None


@ON_SQLITE
async def test_what_a_dead_owner_held_is_claimed_when_its_lease_ends(db, monkeypatch):
    monkeypatch.setattr(tasks, "LEASE", -1)
    await Task.later("note")
    [first] = await Task.claim()
    [second] = await Task.claim()
    assert (first.tries, second.tries) == (1, 2)


async def test_an_owner_whose_lease_ran_out_does_not_write_over_the_next_one(db, monkeypatch):
    await Task.later("note")
    monkeypatch.setattr(tasks, "LEASE", -1)
    [late] = await Task.claim()
    monkeypatch.setattr(tasks, "LEASE", 60)
    [owner] = await Task.claim()
    before = await only()
    await late.again("too late")
    await late.release()
    assert not await late.keep()
    assert (await only()).lease == before.lease and (await only()).error is None
    assert await owner.keep()


async def test_a_lease_written_before_the_clock_was_set_back_does_not_hold_for_hours(db):
    await Task.later("note")
    await Task.all().update(lease=tasks.real() + 3600)
    assert len(await Task.claim()) == 1


@ON_SQLITE
async def test_each_failure_waits_longer(db):
    await Task.later("note")
    for pause in BACKOFF:
        await due_now()
        [task] = await Task.claim()
        await task.again("OSError: no")
        row = await only()
        assert row.state == "ready" and row.error == "OSError: no"
        assert pause - 5 < row.due - tasks.real() <= pause


async def test_after_the_last_try_it_stays_for_the_mairie_to_see_and_to_try_again(db):
    await Task.later("note")
    await Task.all().update(tries=len(BACKOFF))
    [task] = await Task.claim()
    await task.again("OSError: no")
    row = await only()
    assert (row.state, row.error) == ("failed", "OSError: no")
    assert [trouble.id for trouble in await troubles()] == [row.id]
    assert await Task.claim() == []

    assert await Task.retry_now(row.id)
    assert await troubles() == []
    [again] = await Task.claim()
    assert again.tries == 1


async def test_what_kills_every_owner_stops_being_tried(db):
    await Task.later("note")
    await Task.all().update(tries=len(BACKOFF) + 1)
    assert await Task.claim() == []
    row = await only()
    assert (row.state, row.error) == ("failed", tasks.INTERRUPTED)


async def test_what_somebody_holds_or_is_done_is_not_tried_again(db):
    await Task.later("note")
    [task] = await Task.claim()
    assert not await Task.retry_now(task.id)
    await task.done()
    assert not await Task.retry_now(task.id)


@ON_SQLITE
async def test_a_release_is_no_failed_try(db):
    await Task.later("note")
    [task] = await Task.claim()
    await task.release()
    [again] = await Task.claim()
    assert again.tries == 1


async def test_the_sweep_keeps_what_is_recent_or_not_done(db):
    for key in ("old", "recent", "failed"):
        await Task.later("note", key=key)
    long_ago = tasks.real() - tasks.KEPT - 1
    await Task.filter(key="old").update(state="done", finished=long_ago)
    await Task.filter(key="recent").update(state="done", finished=tasks.real())
    await Task.filter(key="failed").update(state="failed", finished=long_ago)
    await Task.sweep()
    assert {task.key for task in await Task.all()} == {"recent", "failed"}
