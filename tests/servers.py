"""The tests' own PostgreSQL, Redis and mail server: on loopback, in a temporary folder, gone afterwards."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any, cast

import asyncpg
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.tools import postgres_programs

HOST = "127.0.0.1"
PATIENCE = 90  # seconds for a server to answer
_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "jit=off")
QUICK = tuple(word for setting in _QUICK for word in ("-c", setting))
MEMORY, ROOM = Path("/dev/shm"), 3 << 30  # noqa: S108 # no disk; what a server may need


@contextmanager
def postgres(durable: bool = False) -> Iterator[str]:
    """The address of a server where databases can be created; `durable` keeps what a crash must not lose."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield _with_scheme(given, "asyncpg")
        return
    with own_postgres(durable) as server:
        yield server.url


class OwnPostgres:
    """A server that tests may stop and start again. Its files are copied from `made`, where there are some."""

    def __init__(self, programs: Path, folder: Path, options: Sequence[str], made: Path | None) -> None:
        self._data, self._folder, port = folder / "data", folder, free_port()
        words = ("--pgdata", self._data, "--username", "portail", *INITDB)
        if made:
            _run_as(None, folder, *COPY, made, self._data)
        else:
            _run_as(_owner(), folder, programs / "initdb", *words)
        self._command = [programs / "postgres", "-D", self._data, "-p", port, *POSTGRES, *options]
        self._ready = [programs / "pg_isready", "--quiet", "--host", HOST, "--port", port]
        self._running = ExitStack()
        self.url = f"asyncpg://portail@{HOST}:{port}/postgres"

    def start(self) -> None:
        ready = partial(_succeeds, self._ready)
        self._running.enter_context(_server(self._command, ready, self._folder, _owner(), stop=signal.SIGINT))

    def stop(self) -> None:
        self._running.close()

    def keep(self, path: Path) -> None:
        """Copy its files, which are whole once it was stopped."""
        _run_as(None, self._folder, *COPY, self._data, path)


@contextmanager
def own_postgres(durable: bool = False, made: Path | None = None) -> Iterator[OwnPostgres]:
    programs = postgres_programs()
    if programs is None:
        raise RuntimeError("PostgreSQL is missing: `apt-get install postgresql`, or set TEST_DATABASE_URL.")
    with _folder(_owner(), None if durable else _memory()) as folder:
        server = OwnPostgres(programs, folder, () if durable else QUICK, made)
        server.start()
        try:
            yield server
        finally:
            server.stop()


COPY = ("cp", "--archive")  # owners too
INITDB = ("--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync")
POSTGRES = ("-c", f"listen_addresses={HOST}", "-c", "unix_socket_directories=", "-c", "max_connections=200")


async def create_database(server: str, template: str = "template1") -> str:
    """A fresh database, copied from another one of the same server (to which nobody is connected)."""
    name = f"test_{uuid.uuid4().hex}"
    await _execute(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return f"{server.rpartition('/')[0]}/{name}"


async def empty(url: str) -> str:
    """Take every row out of the database, and every guest but us; what its schema looks like."""
    connection = await asyncpg.connect(_with_scheme(url, "postgresql"))
    try:
        await connection.execute(_EMPTY)
        return str(await connection.fetchval(_SCHEMA))
    finally:
        await connection.close()


# TRUNCATE makes new files for a table and its indexes, which takes milliseconds; DELETE takes none from a small one. No
# place that it leaves is used again before (no autovacuum), so that rows still lie in the order of their making. A
# sequence also moves when what it counted was taken back.
_EMPTY = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
DO $$
DECLARE
  one RECORD;
  names TEXT[] := '{}';
  quick BOOLEAN := current_setting('is_superuser')::BOOLEAN;
BEGIN
  IF quick THEN SET LOCAL session_replication_role = replica; END IF;
  FOR one IN SELECT format('%I', relname) AS name, pg_relation_size(oid) AS bytes FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'tortoise_migrations'
  LOOP
    IF quick AND one.bytes BETWEEN 1 AND 500000 THEN EXECUTE 'DELETE FROM ' || one.name;
    ELSIF one.bytes > 0 THEN names := names || one.name;
    END IF;
  END LOOP;
  IF names <> '{}' THEN EXECUTE 'TRUNCATE ' || array_to_string(names, ', ') || ' CASCADE'; END IF;
  PERFORM setval(format('public.%I', sequencename)::regclass, start_value, false) FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL AND sequencename NOT LIKE 'tortoise_migrations%';
END $$
"""
_SCHEMA = """
SELECT md5(string_agg(part, E'\n' ORDER BY part)) FROM (
  SELECT 'row ' || name AS part FROM tortoise_migrations
  UNION ALL SELECT 'column ' || attrelid::regclass || ' ' || attname || ' ' || atttypid::regtype || ' ' || attnotnull
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
  UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT 'trigger ' || tgrelid::regclass || ' ' || tgenabled::text || pg_get_triggerdef(oid)
    FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT 'function ' || oid::regprocedure || md5(prosrc)
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
) AS parts
"""


async def drop_database(url: str, server: str) -> None:
    await _execute(server, f'DROP DATABASE IF EXISTS "{url.rpartition("/")[2]}" WITH (FORCE)')


async def _execute(server: str, statement: str) -> None:
    connection = await asyncpg.connect(_with_scheme(server, "postgresql"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@contextmanager
def redis() -> Iterator[str]:
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given
        return
    program = shutil.which("redis-server")
    if program is None:
        raise RuntimeError("Redis is missing: `apt-get install redis-server`, or set TEST_REDIS_URL.")
    with _folder() as folder:
        port = free_port()
        where = ("--bind", HOST, "--port", port, "--dir", folder)
        command = [program, *where, "--save", "", "--appendonly", "no"]
        with _server(command, lambda: _pongs(port), folder):
            yield f"redis://{HOST}:{port}/0"


@dataclass
class Postbox:
    """What the mail server received; a reply in `refuse` (« 451 busy ») is given instead of accepting."""

    url: str
    refuse: str | None = None
    emails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refuse:
            return self.refuse
        text = cast(bytes, envelope.content).replace(b"\r\n", b"\n")
        email = message_from_bytes(text, policy=policy.default)
        self.emails.append(email)
        return "250 OK"


@contextmanager
def smtp(kind: type[Postbox] = Postbox) -> Iterator[Postbox]:
    port = free_port()
    postbox = kind(f"smtp://{HOST}:{port}")
    controller = Controller(postbox, hostname=HOST, port=port)
    controller.start()
    try:
        yield postbox
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return cast(int, probe.getsockname()[1])


@contextmanager
def _server(
    command: Sequence[object],
    ready: Callable[[], bool],
    folder: Path,
    user: str | None = None,
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[None]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(_words(command), cwd=folder, stdout=log, stderr=log, **_identity(user))
    try:
        _wait(process, ready, folder / "log")
        yield
    finally:
        process.send_signal(stop)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", ready: Callable[[], bool], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while not ready():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"{process.args!r} does not answer:\n{log.read_text(errors='replace')}")
        time.sleep(0.05)


def _succeeds(command: Sequence[object]) -> bool:
    return subprocess.run(_words(command), capture_output=True).returncode == 0


def _pongs(port: int, password: str = "") -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\n".encode() if password else b"PING\r\n")
            return connection.recv(16).startswith((b"+PONG", b"+OK"))
    except OSError:
        return False


@contextmanager
def _folder(owner: str | None = None, place: Path | None = None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="portail-", dir=place) as name:
        if owner:
            shutil.chown(name, owner)
        yield Path(name)


def _memory() -> Path | None:
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None


def _owner() -> str | None:
    """PostgreSQL refuses to run as root; Debian's package comes with a user for it."""
    if os.geteuid():
        return None
    return "postgres" if any(user.pw_name == "postgres" for user in pwd.getpwall()) else "nobody"


def _run_as(user: str | None, folder: Path, *command: object) -> None:
    done = subprocess.run(_words(command), cwd=folder, capture_output=True, text=True, **_identity(user))
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr}")


def _identity(user: str | None) -> dict[str, Any]:
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}


def _words(command: Sequence[object]) -> list[str]:
    return [str(word) for word in command]


def _with_scheme(url: str, scheme: str) -> str:
    return f"{scheme}://{url.partition('://')[2]}"
