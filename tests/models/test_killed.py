"""The process is killed (-9) before each statement of the checkout and of the settlement.

After it either nothing happened or everything did; the same click and the same notification then finish the work.
Each try is a forked process on a copy of the same file, which kills itself at its n-th statement.
"""

import asyncio
import os
import shutil
import signal
import traceback
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import aiosqlite
import pytest

from models import banks, clock, commune_file, database, recap, wishes
from models.banks import BankNotice
from models.booking import Booking
from models.cart import CartLine
from models.catalogue import catalogue
from models.checkout import commit
from models.child import Child
from models.family import Family
from models.migrate import migrate
from models.opening import Opening
from models.order import Order
from models.payment import Payment
from models.settings import Settings
from models.slot import Slot
from models.task import Task
from models.verify import verify
from models.wishes import Op
from tests.conftest import KEYS, _forget
from tests.models.rush import DAY

LENS = "2018-08-27T10:00:00"
TICKS = 3
LONGEST = 400  # statements: far more than there are

Work = Callable[[], Awaitable[None]]


def in_a_child(url: str, work: Work, kill_at: int = 0) -> bool:
    """Run it in a forked process; true when it was killed. Any other failure fails the test."""
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
    """Kill this process instead of its n-th call to the database, BEGIN and COMMIT included."""
    execute = aiosqlite.core.Connection._execute

    async def counted(self: Any, *args: Any, **kwargs: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return await execute(self, *args, **kwargs)

    aiosqlite.core.Connection._execute = counted  # type: ignore[method-assign]


SETTINGS = Settings(Path("."), "", None, None, "http://127.0.0.1:8000", KEYS, None, demo=True)


async def prepare() -> None:
    await commune_file.load(commune_file.read(commune_file.shipped("lens")), demo=True)
    child = await Child.get(first_name="Chloé")
    ops = [Op(child.id, slot.id, DAY, True) for slot in await Slot.all()]
    assert len(ops) == TICKS
    await wishes.wish(await catalogue(), (await family()).id, ops, clock.now())


async def family() -> Family:
    return await Family.get(number="15.1606")


async def click() -> None:
    mine = (await family()).id
    known = await catalogue()
    shown = await recap.read(known, mine, clock.now())
    if shown.lines or await Order.exists(click="the click"):
        await commit(known, mine, clock.now(), "the click", shown.seen)


async def settle() -> None:
    one = await Payment.get()
    await Payment.settle(BankNotice("demo", one.reference, "paid", one.cents, "4970", "A", "T"), clock.now())


async def begin() -> None:
    await click()
    await Payment.begin((await Payment.get()).id, clock.now())


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
        assert paid == confirmed == await Task.exists(name="write_receipt")
        assert await Task.filter(name="poll_bank").count() >= 1
    await click()
    await settle()
    assert await Booking.filter(state="confirmed").count() == TICKS and await CartLine.all().count() == 0
    assert await Task.filter(name="write_receipt").count() == 1
    assert await verify() == []


@pytest.mark.parametrize("work", [click, settle], ids=["checkout", "settlement"])
def test_killed_at_any_statement_it_is_nothing_or_everything(tmp_path: Path, work: Work) -> None:
    import_module("holidays"), import_module("vacances_scolaires_france")  # once, not in every child
    base = tmp_path / "base.sqlite3"
    asyncio.run(migrate(f"sqlite://{base}"))
    in_a_child(f"sqlite://{base}", prepare)
    if work is settle:
        in_a_child(f"sqlite://{base}", begin)
    killed = 0
    for n in range(1, LONGEST):
        url = f"sqlite://{shutil.copy(base, tmp_path / 'try.sqlite3')}"
        for tail in ("-wal", "-shm"):
            (tmp_path / f"try.sqlite3{tail}").unlink(missing_ok=True)
        if not in_a_child(url, work, kill_at=n):
            break
        killed += 1
        in_a_child(url, none_or_all)
    assert 15 < killed < LONGEST - 1
