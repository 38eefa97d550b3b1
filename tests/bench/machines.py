"""The servers of a bench: each a process of its own on loopback, ended by its id."""

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import tomli_w

from tests import servers
from tests.bench.town import NOW, document
from tests.tools import ROOT

OURS = ("PORTAIL_", "DATABASE_URL", "REDIS_URL", "SMTP_URL")
KEY = "a-key-of-the-bench-that-is-no-secret-at-all"
NO_BYTECODE = (
    "PYTHONDONTWRITEBYTECODE"  # an installed portal has its own: compiling at start takes 25 MB and a second
)
PATIENCE = 60  # seconds for a server to start


@dataclass
class Town:
    """A filled database."""

    engine: str
    families: int
    url: str
    folder: Path
    said: dict[str, Any]  # as tests/bench/town.py told it

    def page(self) -> dict[str, float]:
        """What the month page costs (tests/bench/inside.py)."""
        return _told(["tests.bench.inside", self.url], self.folder, json.dumps(self.said))

    def bare_tick(self) -> float:
        """The least that the driver takes for a tick, in milliseconds (tests/bench/floor.py)."""
        told: float = _told(["tests.bench.floor", self.url], self.folder, json.dumps(self.said))["ms"]
        return told

    def ticking(self) -> dict[str, Any]:
        """Where the time of a tick goes (tests/bench/ticking.py)."""
        return _told(["tests.bench.ticking", self.url], self.folder, json.dumps(self.said))

    def verify(self) -> str:
        """What `python -m models verify` has to say; empty when all is well."""
        done = _run(["models", "verify"], self.folder, DATABASE_URL=self.url)
        return "" if done.returncode == 0 else done.stderr.strip()


def build(engine: str, server: str, families: int, clients: int, folder: Path) -> Town:
    folder.mkdir()
    url = (
        f"sqlite://{folder / 'bench.sqlite3'}"
        if engine == "SQLite"
        else asyncio.run(servers.create_database(server))
    )
    said = _told(["tests.bench.town", url, str(families), str(clients)], folder)
    small = document(1)
    (folder / "bench.toml").write_text(tomli_w.dumps(small), encoding="utf-8")
    return Town(engine, families, url, folder, said)


def invoiced(server: str, families: int, folder: Path) -> dict[str, Any]:
    """What it took to invoice a month of so many families on PostgreSQL (tests/bench/invoicing.py)."""
    folder.mkdir()
    url = asyncio.run(servers.create_database(server))
    given = (url, str(families))
    _told(["tests.bench.invoicing", "prepare", *given], folder)
    with ThreadPoolExecutor(2) as pool:
        issue, draw = (
            pool.submit(_told, ["tests.bench.invoicing", step, *given], folder) for step in ("issue", "draw")
        )
        first, second = issue.result(), draw.result()
    return {
        "issued": first["issued"] - first["start"],
        "all": max(first["end"], second["end"]) - first["start"],
        "memory": max(first["memory"], second["memory"]),
    }


def imported(engine: str, server: str, families: int, folder: Path) -> dict[str, Any]:
    """What it took to take so many families from a file (tests/bench/importing.py)."""
    folder.mkdir()
    file = f"sqlite://{folder / 'books.sqlite3'}"
    url = asyncio.run(servers.create_database(server)) if engine == "PostgreSQL" else file
    return _told(["tests.bench.importing", url, str(families)], folder)


def listed(engine: str, server: str, families: int, folder: Path) -> dict[str, Any]:
    """What each page of the mairie's menu takes among so many families (tests/bench/lists.py)."""
    folder.mkdir()
    file = f"sqlite://{folder / 'lists.sqlite3'}"
    url = asyncio.run(servers.create_database(server)) if engine == "PostgreSQL" else file
    return _told(["tests.bench.lists", url, str(families)], folder)


@dataclass
class Portal:
    address: str
    log: Path
    pid: int

    @property
    def cpu_seconds(self) -> float:
        """What its process has used of the processors since it began."""
        told = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def resident_mb(self) -> float:
        """What its process holds in memory, the libraries that others share included."""
        pages = Path(f"/proc/{self.pid}/statm").read_text(encoding="utf-8").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1_000_000


@contextmanager
def portal(town: Town, name: str = "web") -> Iterator[Portal]:
    """`python -m web` on this town."""
    log = town.folder / f"{name}.log"
    command = ["web", "--port", "0", "--demo", str(town.folder / "bench.toml")]
    with _process(command, town.folder, log, DATABASE_URL=town.url, PORTAIL_NOW=NOW) as (address, pid):
        yield Portal(address, log, pid)


@contextmanager
def hello(folder: Path) -> Iterator[str]:
    with _process(["tests.bench.hello"], folder, folder / "hello.log") as (address, _):
        yield address


@contextmanager
def _process(command: Sequence[str], folder: Path, log: Path, **more: str) -> Iterator[tuple[str, int]]:
    """Its address, once it has printed it, and its id. What it says later goes nowhere; its log is kept."""
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=_environment(folder, **more),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    impatient = threading.Timer(PATIENCE, process.kill)
    impatient.start()
    try:
        assert process.stdout
        address = next((line.strip() for line in process.stdout if line.startswith("http")), "")
        if not address:
            raise RuntimeError(f"{command[0]} does not start:\n{log.read_text(errors='replace')}")
        impatient.cancel()
        time.sleep(0.5)  # its lifespan begins once the address is said
        yield address, process.pid
    finally:
        impatient.cancel()
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _told(command: Sequence[str], folder: Path, given: str = "") -> dict[str, Any]:
    done = _run(command, folder, given)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stderr}")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _run(
    command: Sequence[str], folder: Path, given: str = "", **more: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=_environment(folder, **more),
        input=given,
        capture_output=True,
        text=True,
        timeout=240,
    )


def _environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith((*OURS, NO_BYTECODE))}
    return {**kept, "PORTAIL_DATA_DIR": str(folder), "PORTAIL_SECRET_KEYS": KEY, **more}


def versions(server: str) -> str:
    """The machine, in a line."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        "?",
    )
    return (
        f"{os.cpu_count()} cores ({model}), Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}, "
        f"PostgreSQL {_version(server)}"
    )


def _version(server: str) -> str:
    async def ask() -> str:
        connection = await asyncpg.connect(server.replace("asyncpg://", "postgresql://"))
        try:
            return str(await connection.fetchval("SHOW server_version")).split()[0]
        finally:
            await connection.close()

    return asyncio.run(ask())


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines() if os.path.exists(path) else []
