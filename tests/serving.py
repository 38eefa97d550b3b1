"""The portal as a process of its own, as `python -m web` starts it; and folders where it was started before."""

import fcntl
import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import pytest

from tests.tools import ROOT

LOG = "server.log"
OURS = ("PORTAIL_", "DATABASE_URL", "REDIS_URL", "SMTP_URL")


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "PORTAIL_DATA_DIR": str(folder), **more}


def start(folder: Path, *arguments: str, **more: str) -> "subprocess.Popen[str]":
    return launch(folder, arguments, more, subprocess.PIPE)


def launch(
    folder: Path, arguments: Sequence[str], more: Mapping[str, str], errors: int | IO[str]
) -> "subprocess.Popen[str]":
    """A test that makes it log much gives a file for that: a pipe that nobody reads would hold it up."""
    command = [sys.executable, "-m", "web", "--port", "0", *arguments]
    known, pipe = environment(folder, **more), subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=known, stdout=pipe, stderr=errors, text=True)


@contextmanager
def served(folder: Path, *arguments: str, **more: str) -> Iterator[tuple[str, str]]:
    """What it said, and its address. What it logs is in the folder's `server.log`."""
    with (folder / LOG).open("a") as log:
        process = launch(folder, arguments, more, log)
    try:
        yield heard(process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


def heard(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """What it says until it serves, and its address."""
    assert process.stdout
    said = ""
    while line := process.stdout.readline():
        if line.startswith("http"):
            return said, line.strip()
        said += line
    pytest.fail(process.communicate()[1] or "the portal did not start: its log says why")


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
                pass
            (making / LOG).unlink()
            with closing(sqlite3.connect(making / "portail.sqlite3")) as books:
                books.execute("DELETE FROM clock")  # each start has its own moment
                books.commit()
            making.rename(made)
    shutil.copytree(made, folder, dirs_exist_ok=True)
