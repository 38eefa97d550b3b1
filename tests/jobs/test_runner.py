import asyncio
import subprocess
import sys
import time
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from jobs import loop, perform, runner
from jobs.registry import JOBS
from jobs.runner import Runner
from models.work import task as tasks
from models.work.task import GiveUp, Task
from tests.engines import ON_SQLITE
from tests.house.files import ROOT
from tests.jobs.process import LEASE


@pytest.fixture
def ctx(settings):
    return {"settings": settings}


@pytest.fixture
def noted(monkeypatch):
    """What the job « note » was given, in order."""
    notes: list[object] = []

    async def note(ctx, what=None):
        await asyncio.sleep(0.01)
        notes.append(what)

    monkeypatch.setitem(JOBS, "note", note)
    return notes


def job(monkeypatch, function):
    monkeypatch.setitem(JOBS, "note", function)


@asynccontextmanager
async def running(*runners):
    for one in runners:
        one._scheduler = runner.Scheduler({})
        await one.start()
    try:
        yield
    finally:
        for one in runners:
            await one.stop()


async def until(done, patience=60.0):
    end = time.monotonic() + patience
    while not await done():
        assert time.monotonic() < end, "it does not come"
        await asyncio.sleep(0.01)


async def all_done():
    return not await Task.filter(state="ready").exists()


async def test_two_runners_side_by_side_run_each_task_once(db, ctx, noted, monkeypatch):
    hold = Task.hold

    async def hold_late(self):
        await asyncio.sleep(0.05)  # both have read the same rows by now
        return await hold(self)

    monkeypatch.setattr(Task, "hold", hold_late)
    for n in range(8):
        await Task.later("note", n)
    async with running(Runner(ctx), Runner(ctx)):
        await until(all_done)
    assert sorted(noted) == list(range(8))


@ON_SQLITE
async def test_control_without_the_conditional_claim_they_run_some_twice(db, ctx, noted, monkeypatch):
    async def hold_anyway(self):
        await asyncio.sleep(0.05)
        await Task.filter(id=self.id).update(lease=tasks.real() + 60, tries=1)
        self.tries = 1
        return True

    monkeypatch.setattr(Task, "hold", hold_anyway)
    for n in range(8):
        await Task.later("note", n)
    async with running(Runner(ctx), Runner(ctx)):
        await until(all_done)
    assert len(noted) > 8


@ON_SQLITE
async def test_a_ring_is_answered_before_the_next_look(db, ctx, noted, monkeypatch):
    monkeypatch.setattr(loop, "POLL", 3600)
    async with running(Runner(ctx)):
        await asyncio.sleep(0.1)
        await Task.later("note", 1)
        await until(all_done)
        await Task.later("note", 2, after=0.2)
        await asyncio.sleep(0.3)
        for wake in tasks.wakeups:
            wake()
        await until(all_done)
    assert noted == [1, 2]


async def test_without_a_ring_work_is_found_all_the_same(db, ctx, noted, monkeypatch):
    monkeypatch.setattr(loop, "POLL", 0.05)
    async with running(Runner(ctx)):
        await asyncio.sleep(0.1)
        tasks.wakeups.clear()
        await Task.later("note", 1)
        await until(all_done)


async def test_an_idle_runner_hardly_asks(db, ctx, monkeypatch):
    monkeypatch.setattr(loop, "POLL", 0.1)
    looks = []

    async def poll():
        looks.append(1)

    one = Runner(ctx)
    monkeypatch.setattr(one, "poll", poll)
    begun = time.monotonic()
    async with running(one):
        await asyncio.sleep(0.5)
    assert len(looks) <= (time.monotonic() - begun) / loop.POLL + 2  # the first, and the last as it ends


async def test_a_slow_job_does_not_keep_others_waiting(db, ctx, monkeypatch):
    """The first goes on until the second has ended."""
    ended = []
    quick = asyncio.Event()

    async def note(ctx, how):
        if how == "slow":
            await quick.wait()
        ended.append(how)
        quick.set()

    job(monkeypatch, note)
    await Task.later("note", "slow")
    await Task.later("note", "quick")
    async with running(Runner(ctx)):
        await until(all_done)
    assert ended == ["quick", "slow"]


async def test_an_error_is_kept_without_secrets_and_tried_again(db, settings, monkeypatch):
    settings = replace(settings, smtp_url="smtp://mairie:s%C3%A9same@mail.example", secret_keys=("k" * 40,))

    async def note(ctx):
        raise OSError(f"mairie:sésame s%C3%A9same {'k' * 40} refused")

    job(monkeypatch, note)
    await Task.later("note")
    await Runner({"settings": settings}).run_due()
    row = await Task.all().get()
    assert (row.state, row.error) == ("ready", "OSError: mairie:… … … refused")
    assert 0 < row.due - tasks.real() <= tasks.BACKOFF[0]


async def test_a_job_that_nobody_knows_waits_for_the_version_that_does(db, ctx):
    await Task.later("invented")
    await Runner(ctx).run_due()
    row = await Task.all().get()
    assert (row.state, row.error) == ("ready", "UnknownJob: invented")


async def test_a_job_may_give_up_at_once(db, ctx, monkeypatch):
    async def note(ctx):
        raise GiveUp("Rien à faire.")

    job(monkeypatch, note)
    await Task.later("note")
    await Runner(ctx).run_due()
    row = await Task.all().get()
    assert (row.state, row.error) == ("failed", "Rien à faire.")


@ON_SQLITE
async def test_a_job_that_never_ends_is_stopped_and_tried_again(db, ctx, monkeypatch):
    monkeypatch.setattr(perform, "TIMEOUT", 0.05)
    job(monkeypatch, lambda ctx: asyncio.sleep(60))
    await Task.later("note")
    await Runner(ctx).run_due()
    row = await Task.all().get()
    assert (row.state, row.error) == ("ready", "TimeoutError")


async def test_a_long_job_keeps_its_lease(db, ctx, monkeypatch):
    monkeypatch.setattr(tasks, "LEASE", 1.5)
    ran = []

    async def note(ctx):
        ran.append(1)
        await asyncio.sleep(2.5)

    job(monkeypatch, note)
    monkeypatch.setattr(loop, "POLL", 0.05)
    await Task.later("note")
    async with running(Runner(ctx), Runner(ctx)):
        await until(all_done)
    assert ran == [1]


@ON_SQLITE
async def test_a_runner_that_stops_gives_back_what_it_was_doing(db, ctx, monkeypatch):
    monkeypatch.setattr(runner, "GRACE", 0.05)
    begun = asyncio.Event()

    async def note(ctx):
        begun.set()
        await asyncio.sleep(60)

    job(monkeypatch, note)
    await Task.later("note")
    async with running(Runner(ctx)):
        await asyncio.wait_for(begun.wait(), 60)
    row = await Task.all().get()
    assert (row.state, row.lease, row.tries) == ("ready", 0, 0)
    assert row.error is None


async def test_a_runner_that_stops_lets_a_short_job_end(db, ctx, monkeypatch):
    begun = asyncio.Event()

    async def note(ctx):
        begun.set()
        await asyncio.sleep(0.1)

    job(monkeypatch, note)
    await Task.later("note")
    async with running(Runner(ctx)):
        await asyncio.wait_for(begun.wait(), 60)
    assert (await Task.all().get()).state == "done"


async def test_a_killed_process_leaves_its_task_to_another(db, ctx, noted, tmp_path, monkeypatch):
    monkeypatch.setattr(tasks, "LEASE", LEASE)
    await Task.later("note", key="note:1")
    mark = tmp_path / "mark"
    command = [sys.executable, "-m", "tests.jobs.process", "die", db, mark]
    victim = subprocess.Popen(list(map(str, command)), cwd=ROOT)
    await until(lambda: asyncio.sleep(0, mark.exists()))
    assert await Runner(ctx).run_due() == 0  # it is being done
    victim.kill()
    victim.wait()
    monkeypatch.setattr(loop, "POLL", 0.05)
    async with running(Runner(ctx)):
        await until(all_done)
    assert noted == [None]
    assert (await Task.all().get()).tries == 2


async def test_run_due_may_be_limited(db, ctx, noted):
    for n in range(3):
        await Task.later("note", n)
    assert await Runner(ctx).run_due(limit=2) == 2
    assert noted == [0, 1]


async def test_run_all_goes_on_until_nothing_is_due(db, ctx, monkeypatch):
    ran = []

    async def note(ctx, n):
        ran.append(n)
        if n == 1:
            await Task.later("note", 2, after=20)
        if ran.count(2) == 1:
            raise OSError("once")

    job(monkeypatch, note)
    await Task.later("note", 1)
    assert await Runner(ctx).run_all() == 1
    assert await Runner(ctx).run_all(horizon=60) == 2
    assert ran == [1, 2, 2]
    assert await all_done()


async def test_a_database_that_is_away_does_not_end_the_runner(db, ctx, noted, monkeypatch):
    monkeypatch.setattr(loop, "POLL", 0.02)
    claim = Task.claim
    failures = iter([OSError, OSError])

    async def trying(limit=10):
        if failure := next(failures, None):
            raise failure
        return await claim(limit)

    monkeypatch.setattr(Task, "claim", trying)
    await Task.later("note", 1)
    async with running(Runner(ctx)):
        await until(all_done)
    assert noted == [1]
