"""The portal as a process of its own, as `python -m web` starts it; and folders where it was started before."""

import fcntl
import hashlib
import multiprocessing
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests import forked
from tests.tools import ROOT

LOG = "server.log"
OURS = ("PORTAIL_", "DATABASE_URL", "REDIS_URL", "SMTP_URL")
PATIENCE = 60.0  # seconds to end
# To import the portal takes a second, a fork of a process that has it a few milliseconds.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.preloaded"])


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "PORTAIL_DATA_DIR": str(folder), **more}


def start(folder: Path, *arguments: str, **more: str) -> "subprocess.Popen[str]":
    """`python -m web` itself."""
    command = [sys.executable, "-m", "web", "--port", "0", *arguments]
    known, pipe = environment(folder, **more), subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=known, stdout=pipe, stderr=pipe, text=True)


class Forked:
    """What `python -m web` does, in a process forked from one where all is imported. Its log is `server.log`."""

    def __init__(self, folder: Path, *arguments: str, **more: str) -> None:
        self._log = folder / LOG
        self._log.write_text("")
        self._said = ""
        reading, writing = FORKS.Pipe(duplex=False)
        with reading, writing:
            known = (("--port", "0", *arguments), environment(folder, **more), writing, self._log)
            self._process = FORKS.Process(target=forked.play, args=known, daemon=True)
            self._process.start()
            self.stdout = os.fdopen(os.dup(reading.fileno()))

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    @property
    def exitcode(self) -> int | None:
        return self._process.exitcode

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()

    def communicate(self, timeout: float = PATIENCE) -> tuple[str, str]:
        """Wait until it has ended: what it still said, and its log."""
        self._process.join(timeout)
        if self._process.is_alive():
            self.kill()
            raise TimeoutError(f"the portal does not end: {self._log.read_text()}")
        if not self.stdout.closed:
            with self.stdout:
                self._said += self.stdout.read()
        return self._said, self._log.read_text()


@contextmanager
def served(folder: Path, *arguments: str, **more: str) -> Iterator[tuple[str, str]]:
    """What it said, and its address."""
    process = Forked(folder, *arguments, **more)
    try:
        yield heard(process)
    finally:
        process.terminate()
        process.communicate()


def heard(process: "subprocess.Popen[str] | Forked") -> tuple[str, str]:
    """What it says until it serves, and its address."""
    assert process.stdout
    said = ""
    while line := process.stdout.readline():
        if line.startswith("http"):
            return said, line.strip()
        said += line
    pytest.fail(process.communicate()[1] or "the portal did not start: its log says why")


_WORK = "SELECT id FROM task WHERE state = 'ready' AND due <= ? LIMIT 1"


def _wait_for_its_work(folder: Path) -> None:
    """What a first start leaves to be done, papers to be drawn: else each copy would do it again."""
    until = time.monotonic() + PATIENCE
    with closing(sqlite3.connect(folder / "portail.sqlite3")) as books:
        while books.execute(_WORK, [time.time()]).fetchone():
            assert time.monotonic() < until, "its tasks do not end"
            time.sleep(0.05)


def prepare(store: Path, empty: Path, folder: Path, *arguments: str, **more: str) -> None:
    """Fill the folder as a start with these words leaves it: done once for all who ask, then copied.

    To migrate and to load takes seconds: it begins with an `empty` database. What a first start does has its tests in
    tests/web/test_main.py.
    """
    key = hashlib.sha256(repr((arguments, sorted(more.items()))).encode()).hexdigest()[:16]
    made, making = store / key, store / f"{key}.making"
    with (store / f"{key}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other workers wait for it
        if not made.exists():
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir()
            shutil.copy(empty, making / "portail.sqlite3")
            with served(making, *arguments, **more):
                _wait_for_its_work(making)
            (making / LOG).unlink()
            with closing(sqlite3.connect(making / "portail.sqlite3")) as books:
                books.execute("DELETE FROM clock")  # each start has its own moment
                books.commit()
            making.rename(made)
    shutil.copytree(made, folder, dirs_exist_ok=True)
