import subprocess
import sys
from datetime import datetime

import pytest

from jobs.perform import perform
from jobs.registry import JOBS, SCHEDULES, Context, job
from jobs.runner import Runner
from jobs.schedule import At, Every
from jobs.scheduler import Scheduler
from models.rules.deadlines import PARIS
from models.work.task import Task
from tests.house.files import ROOT
from tests.jobs.process import MOMENT
from tests.jobs.town import troubles


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).timestamp()


async def keys():
    return await Task.all().order_by("id").values_list("key", flat=True)


def test_a_job_without_a_title_is_none():
    async def write_poems(ctx: Context) -> None: ...

    with pytest.raises(TypeError, match="say in French what the mairie reads"):
        job(write_poems)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", SCHEDULES)
async def test_every_schedule_comes_due_and_its_work_is_done(name, db, settings):
    """Also what has one day a month or a year: somewhere in the next 366 days it is due."""
    schedule = SCHEDULES[name]
    hours = (moment("2026-11-21T00:00:00") + 3600 * n for n in range(366 * 24))
    await Scheduler({name: schedule}).enqueue_due(next(at for at in hours if schedule.slot(at)))
    task = await Task.get(name=name)
    assert await task.hold()
    await perform({"settings": settings}, task)
    assert (await Task.get(id=task.id)).state == "done"


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2026-11-21T10:00:00", "2026-11-21T10:00:59", True),
        ("2026-11-21T10:00:59", "2026-11-21T10:01:00", False),
        ("2026-11-21T10:00:00", "2026-11-22T10:00:00", False),
    ],
)
def test_a_minute_is_a_slot(first, second, same):
    line = Every(60)
    assert (line.slot(moment(first)) == line.slot(moment(second))) is same


def test_the_hour_that_comes_twice_in_october_has_its_slots_twice():
    line, hour = Every(60), moment("2026-10-25T02:30:00")
    assert line.slot(hour) != line.slot(hour + 3600)


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-11-21T03:29:59", None),
        ("2026-11-21T03:30:00", "2026-11-21"),
        ("2026-11-21T23:59:59", "2026-11-21"),
        ("2026-11-22T00:00:00", None),
        ("2026-03-29T03:30:00", "2026-03-29"),  # the clocks move that night
        ("2026-10-25T03:30:00", "2026-10-25"),
    ],
)
def test_once_a_day_from_an_hour_of_paris(now, slot):
    assert At("03:30").slot(moment(now)) == slot


@pytest.mark.parametrize(
    ("schedule", "now", "slot"),
    [
        (At("18:00", weekday=6), "2026-11-22T17:59:59", None),
        (At("18:00", weekday=6), "2026-11-22T18:00:00", "2026-11-22"),
        (At("18:00", weekday=6), "2026-11-23T18:00:00", None),
        (At("00:00", day=1), "2026-11-30T23:59:59", None),
        (At("00:00", day=1), "2026-12-01T00:00:00", "2026-12-01"),
        (At("00:00", weekday=1, day=1), "2026-12-01T09:00:00", "2026-12-01"),
        (At("00:00", weekday=2, day=1), "2026-12-01T09:00:00", None),
    ],
)
def test_once_a_week_or_once_a_month(schedule, now, slot):
    assert schedule.slot(moment(now)) == slot


async def test_a_slot_is_laid_once_whatever_the_clock_does(db):
    schedulers = [Scheduler({"note": Every(60)}) for _ in range(2)]
    times = [MOMENT, MOMENT + 1, MOMENT + 60, MOMENT, MOMENT + 60]
    for scheduler in schedulers:
        for at in times:
            await scheduler.enqueue_due(at)
            for task in await Task.claim():
                await task.done()
    assert len(await keys()) == 2


async def test_an_earlier_slot_that_failed_gives_way_to_the_new_one(db, settings, monkeypatch):
    async def note(ctx):
        raise OSError("no")

    monkeypatch.setitem(JOBS, "note", note)
    scheduler = Scheduler({"note": Every(60)})
    for n in range(4):
        await scheduler.enqueue_due(MOMENT + 60 * n)
        await Runner({"settings": settings}).run_due()
    assert len(await troubles()) == len(await keys()) == 1


async def test_a_slot_that_is_being_done_is_left_alone(db):
    scheduler = Scheduler({"note": Every(60)})
    await scheduler.enqueue_due(MOMENT)
    assert len(await Task.claim()) == 1
    await scheduler.enqueue_due(MOMENT + 60)
    assert len(await keys()) == 2


async def test_two_processes_fire_once(db, tmp_path):
    effects = tmp_path / "effects"
    command = [sys.executable, "-m", "tests.jobs.process", "lay", db, str(effects)]
    processes = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    assert [process.wait(30) for process in processes] == [0, 0]
    assert sorted(effects.read_text().split()) == sorted(await keys())
    due = [name for name, schedule in SCHEDULES.items() if schedule.slot(MOMENT)]
    assert sorted(key.partition(":")[0] for key in await keys()) == sorted(due)
