"""Real Redis, real workers: `python -m jobs` as it is started, and forked where that is not the question."""

import asyncio
import json
import os
import pickle
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from redis.asyncio import Redis

from jobs import arq_dispatch
from jobs.arq_dispatch import ArqDispatch
from jobs.scheduler import Scheduler
from models.work.email import Email
from models.work.task import Task
from tests import forked, servers
from tests.house.files import ROOT
from tests.jobs import town
from tests.jobs.town import NOW
from tests.serving import FORKS

on_postgres = pytest.mark.parametrize("engine", ["postgres"], indirect=True)
KEY = "a-key-of-the-tests-that-is-no-secret-at-all"


def environment(folder, **changes):
    known = {"PATH": os.environ["PATH"], "PORTAIL_DATA_DIR": str(folder), "PORTAIL_SECRET_KEYS": KEY}
    return known | changes


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "`python -m jobs` needs REDIS_URL: without it the web process runs the jobs."),
        (
            {"REDIS_URL": "redis://127.0.0.1:1/0"},
            "REDIS_URL needs PostgreSQL: with SQLite the jobs run inside the web process.",
        ),
    ],
)
def test_workers_without_redis_or_with_sqlite_refuse_in_one_sentence(tmp_path, changes, said):
    command = [sys.executable, "-m", "jobs"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(tmp_path, **changes), capture_output=True, text=True
    )
    assert (done.returncode, done.stderr.strip(), done.stdout) == (2, said, "")


class RedisServer:
    """One that tests may stop, start again and empty."""

    def __init__(self, password=""):
        self.port = servers.free_port()
        self.password = password
        self.url = f"redis://{f':{password}@' if password else ''}{servers.HOST}:{self.port}/0"
        self.process = None

    def start(self):
        program = shutil.which("redis-server")
        assert program, "Redis is missing: `apt-get install redis-server`."
        options = ["--bind", servers.HOST, "--port", str(self.port), "--save", "", "--appendonly", "no"]
        options += ["--requirepass", self.password] if self.password else []
        self.process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
        end = time.monotonic() + servers.PATIENCE
        while not servers._pongs(self.port, self.password):
            assert time.monotonic() < end
            time.sleep(0.02)

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait()
            self.process = None


@pytest.fixture
def redis_server():
    server = RedisServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def bell(redis_server, monkeypatch):
    """The web process's end."""
    monkeypatch.setattr(arq_dispatch, "AGAIN", 0.5)
    one = ArqDispatch(redis_server.url)
    one._scheduler = Scheduler({})
    await one.start()
    yield one
    await one.stop()


class Worker:
    """What `python -m jobs --demo` does, in a process forked from one where all is imported. It logs to `log`."""

    def __init__(self, db, redis_server, folder, **changes):
        env = environment(folder, DATABASE_URL=db, REDIS_URL=redis_server.url, **changes)
        known = (("--demo",), env, folder / "log")
        self._process = FORKS.Process(target=forked.work, args=known, daemon=True)
        self._process.start()
        self.terminate, self.kill = self._process.terminate, self._process.kill

    def wait(self, timeout=servers.PATIENCE):
        """Its exit code, once it has ended."""
        self._process.join(timeout)
        return self._process.exitcode


def typed(db, redis_server, folder):
    """`python -m jobs` itself."""
    command = [sys.executable, "-m", "jobs", "--demo"]
    with (folder / "log").open("ab") as log:
        env = environment(folder, DATABASE_URL=db, REDIS_URL=redis_server.url)
        return subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)


@contextmanager
def worker(db, redis_server, folder, start=Worker):
    process = start(db, redis_server, folder)
    try:
        yield process
        process.terminate()
        assert process.wait(60) == 0, (folder / "log").read_text()
    finally:
        process.kill()
        process.wait()


async def write(number, first=0):
    for n in range(first, first + number):
        email = await Email.create(
            key=f"note:{n}", recipient="a@b.example", subject="s", text="t", html="h", written_at=NOW
        )
        await Task.later("send_email", email.id, key=f"email:{email.id}")


async def all_sent(patience=servers.PATIENCE):
    end = time.monotonic() + patience
    while await Task.filter(name="send_email").exclude(state="done").exists():
        left = await Task.exclude(state="done").values("name", "state", "tries", "lease", "error")
        assert time.monotonic() < end, left
        await asyncio.sleep(0.05)
    assert not await Email.filter(sent_at=None).exists()


@pytest.mark.redis
@on_postgres
async def test_workers_do_what_the_web_process_rings_for(db, redis_server, bell, tmp_path):
    await write(40)
    with worker(db, redis_server, tmp_path, start=typed):
        await all_sent()
    assert {task.tries for task in await Task.filter(name="send_email")} == {1}
    assert await Task.filter(name="expire_holds").exists(), "workers keep the schedule"


class Trap:
    """Whoever unpickles it runs what its sender wrote."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return Path.touch, (self.mark,)


@pytest.mark.redis
@on_postgres
async def test_what_somebody_else_put_into_redis_is_never_run(db, redis_server, bell, tmp_path):
    """A pickled job, and one of a function that nobody knows; the worker goes on with its own."""
    mark = tmp_path / "run"
    async with Redis.from_url(redis_server.url) as redis:
        strange = json.dumps({"t": 1, "f": "os.system", "a": [f"touch {mark}"], "k": {}, "et": 1}).encode()
        for name, job in (("a", pickle.dumps(Trap(mark))), ("b", strange)):
            await redis.set(f"arq:job:{name}", job)
            await redis.zadd("arq:queue", {name: 1})
        with worker(db, redis_server, tmp_path):
            await write(3)
            await all_sent()
        assert [await redis.zscore("arq:queue", name) for name in "ab"] == [None, None]
    assert not mark.exists()


@pytest.mark.redis
@on_postgres
async def test_what_is_handed_over_is_text_that_anybody_can_read(db, redis_server, bell):
    await write(1)
    async with Redis.from_url(redis_server.url) as redis:
        end = time.monotonic() + servers.PATIENCE
        while not (keys := await redis.keys("arq:job:*")):
            assert time.monotonic() < end
            await asyncio.sleep(0.05)
        assert json.loads(await redis.get(keys[0]))["f"] == "task"


@pytest.mark.redis
@on_postgres
async def test_redis_may_ask_for_a_password(db, tmp_path):
    server = RedisServer(password="sesame")
    server.start()
    bell = ArqDispatch(server.url)
    try:
        with socket.create_connection((servers.HOST, server.port)) as stranger:
            stranger.sendall(b"KEYS *\r\n")
            assert stranger.recv(100).startswith(b"-NOAUTH")
        await bell.start()
        with worker(db, server, tmp_path):
            await write(2)
            await all_sent()
    finally:
        await bell.stop()
        server.stop()


@pytest.mark.redis
@on_postgres
async def test_without_redis_work_is_asked_all_the_same_and_done_when_it_is_back(
    db, redis_server, bell, tmp_path
):
    with worker(db, redis_server, tmp_path):
        await write(1)
        await all_sent()
        redis_server.stop()
        begun = time.monotonic()
        await write(50, first=1)
        assert time.monotonic() - begun < 45  # not a second for each, as to wait for Redis would take
        await asyncio.sleep(1)
        redis_server.start()
        await all_sent()


@pytest.mark.redis
@on_postgres
async def test_what_redis_forgets_is_handed_again(db, redis_server, bell, tmp_path):
    await write(50)
    async with Redis.from_url(redis_server.url) as redis:
        for _ in range(900):
            if await redis.zcard("arq:queue") == 50:
                break
            await asyncio.sleep(0.1)
        assert await redis.zcard("arq:queue") == 50
        await redis.flushall()
    with worker(db, redis_server, tmp_path):
        await all_sent()


@pytest.mark.redis
@on_postgres
async def test_a_killed_worker_leaves_its_task_to_another(db, redis_server, bell, tmp_path):
    with socket.create_server((servers.HOST, 0)) as mute:  # a mail server that never says a word
        where = f"smtp://{servers.HOST}:{mute.getsockname()[1]}"
        await town.build()
        await write(1)
        victim = Worker(db, redis_server, tmp_path, SMTP_URL=where)
        try:
            caller, _ = await asyncio.wait_for(asyncio.to_thread(mute.accept), 60)
        finally:
            victim.kill()
            victim.wait()
        caller.close()
    task = await Task.get(name="send_email")
    assert task.tries == 1 and task.lease > time.time()
    await Task.filter(id=task.id).update(lease=0)  # a minute later
    with worker(db, redis_server, tmp_path):
        await all_sent()
    assert (await Task.get(id=task.id)).tries == 2


@pytest.mark.redis
@on_postgres
async def test_a_task_is_queued_once_whoever_rings(db, redis_server, bell):
    other = ArqDispatch(redis_server.url)
    other._scheduler = Scheduler({})
    await write(5)
    await asyncio.gather(bell.poll(), other.poll(), other.poll())
    async with Redis.from_url(redis_server.url) as redis:
        assert await redis.zcard("arq:queue") == 5
    await other.stop()


@on_postgres
async def test_a_doorbell_without_redis_does_not_hurt(db, settings):
    one = ArqDispatch(replace(settings, redis_url=f"redis://127.0.0.1:{servers.free_port()}/0").redis_url)
    await one.start()
    await write(2)
    await asyncio.sleep(0.2)
    await one.stop()
    assert await Task.filter(name="send_email", state="ready").count() == 2
