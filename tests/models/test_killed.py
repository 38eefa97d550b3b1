"""The process is killed (-9) before each statement of the checkout and of the settlement that is more than a reading.

Whoever dies before a SELECT leaves what a death before the next of these leaves. After it either nothing happened or
everything did; the same click and the same notification then finish the work. Each try is a forked process, which
kills itself at its n-th statement.
"""

import asyncio
import os
import shutil
import signal
import sqlite3
import traceback
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import aiosqlite
import asyncpg
import pytest

from models import banks, clock, commune_file
from models.activities.catalogue import current_catalogue
from models.activities.opening import Opening
from models.activities.slot import Slot
from models.banks import BankNotice
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.order import Order
from models.checkout import recap, settlement
from models.checkout.commit import commit
from models.commune import school_calendar
from models.families.child import Child
from models.families.family import Family
from models.money.payment import Payment
from models.planning import ticks
from models.planning.ticks import Tick
from models.rules.states.payments import BankState
from models.settings import Settings
from models.storage import database
from models.storage.integrity import verify
from models.work.notice import Notice
from models.work.task import Task
from tests import servers
from tests.conftest import KEYS, Postgres, _forget
from tests.models.rush import DAY

LENS = "2018-08-27T10:00:00"
TICKS = 3
LONGEST = 400  # statements: far more than there are
EVERY = 8

Work = Callable[[], Awaitable[None]]


def in_a_child(url: str, work: Work, kill_at: int = 0) -> bool:
    """Run it in a forked process; true when it was killed. Any other failure fails the test."""
    return was_killed(started(url, work, kill_at))


def started(url: str, work: Work, kill_at: int = 0) -> int:
    """The process that runs it."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            asyncio.run(_run(url, work, kill_at))
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    return pid


def was_killed(pid: int) -> bool:
    """Once it has ended."""
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


async def _run(url: str, work: Work, kill_at: int) -> None:
    _forget()
    await database.connect(url)
    banks.configure(SETTINGS)
    clock.shift_to(clock.datetime.fromisoformat(LENS).replace(tzinfo=clock.PARIS))
    if kill_at:
        _count_down(kill_at)
    await work()
    await database.close()


def _count_down(left: int) -> None:
    """Kill this process instead of its n-th statement that writes or locks, BEGIN and COMMIT included."""

    def counted(call: Any) -> Any:
        async def one(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            left -= not reads(*args)
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return await call(*args, **kwargs)

        return one

    for owner, names in CALLS:
        for name in names:
            setattr(owner, name, counted(getattr(owner, name)))


def reads(_: Any, *given: Any) -> bool:
    """`given`: what the drivers pass on, the statement as text or, of SQLite's, the function that is called."""
    statement = next((one for one in given if isinstance(one, str)), "")
    if not statement:
        return given[0].__name__ not in ("commit", "rollback")
    return (
        statement.lstrip().upper().startswith(("SELECT", "WITH", "PRAGMA")) and "FOR UPDATE" not in statement
    )


CALLS = (
    (aiosqlite.core.Connection, ("_execute",)),
    (asyncpg.connection.Connection, ("execute", "_execute", "_executemany")),
)


def without_transactions() -> None:
    """Each statement stands alone: what the transactions protect from."""
    execute = aiosqlite.core.Connection._execute

    async def at_once(self: Any, call: Any, *args: Any, **kwargs: Any) -> Any:
        begins = bool(args) and str(args[0]).startswith("BEGIN")
        return await execute(self, call, *(("SELECT 1",) if begins else args), **kwargs)

    aiosqlite.core.Connection._execute = at_once  # type: ignore[method-assign, assignment]


SETTINGS = Settings(Path("."), "", None, None, "http://127.0.0.1:8000", KEYS, None, demo=True)


async def prepare() -> None:
    await commune_file.load(commune_file.read(commune_file.shipped("lens")), demo=True)
    child = await Child.get(first_name="Chloé")
    ops = [Tick(child.id, slot.id, DAY, True) for slot in await Slot.all()]
    assert len(ops) == TICKS
    await ticks.apply_ticks(await current_catalogue(), (await family()).id, ops, clock.now())


async def family() -> Family:
    return await Family.get(number="15.1606")


async def click() -> None:
    mine = (await family()).id
    catalogue = await current_catalogue()
    shown = await recap.read(catalogue, mine, clock.now())
    if shown.lines or await Order.exists(click="the click"):
        await commit(catalogue, mine, clock.now(), "the click", shown.seen)


async def settle() -> None:
    one = await Payment.get()
    await settlement.settle(
        BankNotice("demo", one.reference, BankState.PAID, one.cents, "4970", "A", "T"), clock.now()
    )


async def begin() -> None:
    await click()
    await settlement.begin((await Payment.get()).id, clock.now())


async def none_or_all() -> None:
    """What the next process finds, and what the repeated click and notification make of it."""
    assert await verify() == []
    orders, bookings = await Order.all().count(), await Booking.all().count()
    assert (orders, bookings) in ((0, 0), (1, TICKS))
    assert await CartLine.filter(order_id=None).count() == (TICKS if not orders else 0)
    taken = sum(await Opening.all().values_list("taken", flat=True))  # type: ignore[arg-type]
    assert taken == bookings
    if orders:
        paid, confirmed = (await Payment.get()).state == "paid", (await Order.get()).state == "confirmed"
        assert paid == confirmed == await Notice.exists(kind="payment_received")
        assert await Task.filter(name="poll_bank").count() >= 1
    await click()
    await settle()
    assert await Booking.filter(state="confirmed").count() == TICKS and await CartLine.all().count() == 0
    assert await Notice.filter(kind="payment_received").count() == 1
    assert await verify() == []


class Copies:
    """Databases in the same state, one for each try that left something behind."""

    def __init__(self, engine: Path | Postgres, folder: Path) -> None:
        self.engine, self.folder, self.last = engine, folder, ""
        self.base = self._make(engine.template if isinstance(engine, Postgres) else engine, "base")
        asyncio.run(_known_once(self.base))

    def fresh(self) -> str:
        self.drop(self.last)
        self.last = self._make(
            self.base.rpartition("/")[2] if isinstance(self.engine, Postgres) else None, "try"
        )
        return self.last

    def content(self) -> str:
        """All rows of the last one. An id that was drawn and came to nothing leaves none."""
        if isinstance(self.engine, Postgres):
            return asyncio.run(_content(self.last))
        with closing(sqlite3.connect(self.folder / "try.sqlite3")) as file:
            return "\n".join(file.iterdump())

    def drop(self, url: str) -> None:
        if url and isinstance(self.engine, Postgres):
            asyncio.run(servers.drop_database(url, self.engine.server))

    def _make(self, origin: str | Path | None, name: str) -> str:
        if isinstance(self.engine, Postgres):
            return asyncio.run(servers.create_database(self.engine.server, str(origin)))
        path = self.folder / f"{name}.sqlite3"
        for tail in ("-wal", "-shm"):
            Path(f"{path}{tail}").unlink(missing_ok=True)
        shutil.copy(origin or self.folder / "base.sqlite3", path)
        return f"sqlite://{path}"


async def _known_once(url: str) -> None:
    """What every child would work out anew, of which a kill says nothing: what Tortoise draws of the nouns at a first
    connection, and the holidays of all years and zones, which take twenty times as long as the work itself.
    """
    school_calendar.holidays("B", 2018, 2018)
    school_calendar.public_holidays(2018, 2018)
    await database.connect(url)
    await database.close()


async def _content(url: str) -> str:
    connection = await asyncpg.connect(url.replace("asyncpg:", "postgresql:"))
    try:
        names = [name for [name] in await connection.fetch("SELECT tablename FROM pg_tables ORDER BY 1")]
        tables = [name for name in names if not name.startswith(("pg_", "sql_"))]
        rows = (f"SELECT '{name}', {name}::text FROM {name}" for name in tables)
        return repr(sorted(map(tuple, await connection.fetch(" UNION ALL ".join(rows)))))
    finally:
        await connection.close()


def sweep(copies: Copies, work: Work, after: Work, *before: Work) -> int:
    """How often it was killed before it could end: once before each of its statements.

    What a kill left is looked at where it is another content than before, and now and then where it is not: a lock is
    no row. Between two contents nothing is copied anew.
    """
    for one in before:
        in_a_child(copies.base, one)
    url, seen = copies.fresh(), {copies.content()}
    for n in range(1, LONGEST):
        if not in_a_child(url, work, kill_at=n):
            return n - 1
        found = copies.content()
        if found not in seen or n % EVERY == 0:
            in_a_child(url, after)
            url = copies.fresh()
        seen.add(found)
    raise AssertionError("it never ended")


@pytest.fixture
def copies(engine: Path | Postgres, tmp_path: Path) -> Iterator[Copies]:
    made = Copies(engine, tmp_path)
    yield made
    made.drop(made.last)
    made.drop(made.base)


@pytest.mark.parametrize(
    ("work", "before"), [(click, [prepare]), (settle, [prepare, begin])], ids=["checkout", "settlement"]
)
def test_killed_at_any_statement_it_is_nothing_or_everything(
    copies: Copies, work: Work, before: list[Work]
) -> None:
    assert sweep(copies, work, none_or_all, *before) > 15


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_without_transactions_something_is_half_done(copies: Copies) -> None:
    """The sweep sees what it looks for."""

    async def bare_click() -> None:
        without_transactions()
        await click()

    with pytest.raises(AssertionError):
        sweep(copies, bare_click, none_or_all, prepare)
