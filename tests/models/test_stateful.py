"""Cart, bank and ledger under any sequence of events: after each step the books and the places add up.

Every run is its own SQLite file. `HYPOTHESIS_PROFILE=nightly` looks deeper.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Coroutine
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from models import banks, clock, commune_file
from models.activities.activity import Activity
from models.activities.catalogue import current_catalogue
from models.activities.opening import Opening
from models.activities.slot import Slot
from models.activities.tariff import Tariff
from models.banks import BankNotice
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.order import Order
from models.bookings.waiting_list import closing, lapse_offers, promote
from models.checkout import recap, settlement
from models.checkout.commit import clear, commit, expire_holds
from models.checkout.submission import AlreadyPaying, Stale, TooManyTries
from models.families.child import Home
from models.families.family import Family
from models.money import ledger
from models.money.anomaly import Anomaly
from models.money.ledger import Account, Leg
from models.money.payment import Payment
from models.planning import ticks
from models.planning.ticks import Tick
from models.rules.deadlines import PARIS, is_open
from models.settings import Settings
from models.storage import database
from models.storage.integrity import verify
from models.work.task import Task
from tests.conftest import KEYS, _forget

R = TypeVar("R")
DAY = 24 * 60  # minutes
DAYS = [date(2018, 9, 3), date(2018, 9, 4), date(2018, 9, 6), date(2018, 9, 10)]
CHILD = st.integers(0, 2)
SOME_DAYS = st.lists(st.sampled_from(DAYS), min_size=1, unique=True)
START = datetime(2018, 8, 27, 10, tzinfo=PARIS)
SETTINGS = Settings(Path("."), "", None, None, "http://127.0.0.1:8000", KEYS, None, demo=True)
DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
FOLDER = Path(tempfile.mkdtemp(prefix="portail-stateful-"))


async def _prepare(url: str) -> None:
    """Lens with two places a day at the canteen and a waiting list: full days are the rule, not the exception."""
    content = commune_file.read(commune_file.shipped("lens"))
    await database.connect(url)
    await commune_file.load(content, demo=True)
    meal = await Slot.get(name__startswith="Rest Sco")
    await Opening.filter(slot=meal).update(places=2)

    await Activity.filter(id=meal.activity_id).update(waiting_list=True)
    await database.close()


@pytest.fixture(scope="module", autouse=True)
def base(sqlite_template: Path) -> Any:
    _forget()
    shutil.copy(sqlite_template, FOLDER / "base.sqlite3")
    asyncio.run(_prepare(f"sqlite://{FOLDER / 'base.sqlite3'}?synchronous=OFF"))
    yield
    _forget()
    shutil.rmtree(FOLDER, ignore_errors=True)


class Household(RuleBasedStateMachine):
    """One family, three children, two devices, a bank that says anything at any time."""

    def __init__(self) -> None:
        super().__init__()
        _forget()
        self.file = FOLDER / f"run-{id(self)}.sqlite3"
        shutil.copy(FOLDER / "base.sqlite3", self.file)
        self.loop = asyncio.new_event_loop()
        self.now, self.clicks, self.charged = START, 0, 0
        clock.shift_to(self.now)
        self.do(self._open())

    def do(self, work: Coroutine[Any, Any, R]) -> R:
        return self.loop.run_until_complete(work)

    async def _open(self) -> None:
        await database.connect(f"sqlite://{self.file}?synchronous=OFF")
        banks.configure(SETTINGS)
        self.family = (await Family.get(number="15.1606")).id
        self.children: Any = list(
            await Home.filter(family_id=self.family).order_by("id").values_list("child_id", flat=True)
        )
        self.slots: Any = list(await Slot.all().order_by("id").values_list("id", flat=True))

    def teardown(self) -> None:
        """A fault must not leave the connection to the next run, nor to the tests that follow."""
        try:
            self.the_books_add_up()
        finally:
            self.do(database.close())
            self.loop.close()
            _forget()
            for path in FOLDER.glob(f"{self.file.name}*"):
                path.unlink(missing_ok=True)

    @rule(child=CHILD, slot=st.integers(0, 2), day=st.sampled_from(DAYS), on=st.booleans())
    def tick(self, child: int, slot: int, day: date, on: bool) -> None:
        self.do(self._tick(Tick(self.children[child], self.slots[slot], day, on)))

    async def _tick(self, op: Tick) -> None:
        await ticks.apply_ticks(await current_catalogue(), self.family, [op], self.now)

    @rule()
    def tick_everything(self) -> None:
        for child in self.children:
            for day in DAYS[:2]:
                self.do(self._tick(Tick(child, self.slots[2], day, True)))

    @initialize(child=CHILD, days=SOME_DAYS)
    def it_began_with_a_booking_and_a_credit(self, child: int, days: list[date]) -> None:
        self.come(child, days, True, "paid")
        self.come(child, days[:1], False, "")

    @rule(
        child=CHILD, days=SOME_DAYS, on=st.booleans(), then=st.sampled_from(["paid", "refused", "late", ""])
    )
    def come(self, child: int, days: list[date], on: bool, then: str) -> None:
        """The commonest stories in one step: drawn apart, ticks, clicks, banks and clocks seldom meet."""
        for day in days:
            self.do(self._tick(Tick(self.children[child], self.slots[2], day, on)))
        self.click()
        if then == "late":
            self.time_goes_on(30)
        elif then:
            self.do(self._say(then, -1, 0))

    @rule(child=CHILD, days=SOME_DAYS, later=st.sampled_from([0, 0, 0, 30, 2 * DAY, 3 * DAY, 9 * DAY]))
    def paid_late_behind_another(self, child: int, days: list[date], later: int) -> None:
        """Left for other days at the same till, which may still be held; then the bank says that it was paid."""
        first = self.do(self._payments())
        self.come(child, days, True, "late")
        for day in days:
            self.do(self._tick(Tick(self.children[child], self.slots[2], day, False)))
        self.come(child, [day for day in DAYS if day not in days], True, "")
        if later:
            self.time_goes_on(later)
        self.do(self._say("paid", first, 0))

    async def _payments(self) -> int:
        return await Payment.all().count()

    @rule()
    def click(self) -> None:
        self.clicks += 1
        self.do(self._click(f"click-{self.clicks}"))

    @precondition(lambda self: self.clicks > 0)
    @rule()
    def click_again(self) -> None:
        self.do(self._click(f"click-{self.clicks}"))

    async def _click(self, nonce: str) -> None:
        catalogue = await current_catalogue()
        shown = await recap.read(catalogue, self.family, self.now)
        with suppress(Stale, AlreadyPaying, TooManyTries):
            await commit(catalogue, self.family, self.now, nonce, shown.seen)

    @rule(
        answer=st.sampled_from(["paid", "paid", "refused", "cancelled", "expired", "pending"]),
        n=st.integers(0, 9),
    )
    def the_bank_says(self, answer: Any, n: int) -> None:
        self.do(self._say(answer, n, 0))

    @rule(n=st.integers(0, 9), wrong=st.sampled_from([-1, 1, 100]))
    def the_bank_says_another_sum(self, n: int, wrong: int) -> None:
        self.do(self._say("paid", n, wrong))

    async def _say(self, answer: Any, n: int, wrong: int) -> None:
        payments = await Payment.all().order_by("id")
        if not payments:
            return
        one = payments[n % len(payments)]
        late = (await Order.get(id=one.order_id)).state != "held"
        before = await Booking.filter(state="confirmed").values_list("id", flat=True)
        notice = BankNotice("demo", one.reference, answer, one.cents + wrong, "4970", "A", "T")
        await settlement.settle(notice, self.now)
        if answer == "paid" and not wrong and one.state != "paid":
            self.charged += one.cents
        if late:
            await self._still_open(set(map(int, before)))  # type: ignore[arg-type]

    async def _still_open(self, before: set[int]) -> None:
        """Money that comes after the hold books no day that nobody could book any more."""
        for row in await Booking.filter(state="confirmed"):
            assert row.id in before or is_open(self.now, await closing(row)), f"{row.day} at {self.now}"

    @rule(minutes=st.sampled_from([1, 16, 30, 600, 2 * DAY]))
    def time_goes_on(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        clock.shift_to(self.now)
        self.do(expire_holds(self.now))
        self.do(lapse_offers(self.now))

    @rule()
    def freed_places_go_to_the_next(self) -> None:
        self.do(self._promote())

    async def _promote(self) -> None:
        for task in await Task.filter(name="promote", state="ready"):
            await promote(task.args[0], self.now)
            await task.done()

    @rule(cents=st.sampled_from([70, 340, 350]))
    def the_council_votes_a_price(self, cents: int) -> None:
        self.do(self._vote(cents))

    async def _vote(self, cents: int) -> None:
        tariff = await Tariff.filter(slot_code=None).first()
        assert tariff
        await Tariff.filter(id=tariff.id).update(amount=cents)

    @rule()
    def the_draft_is_emptied(self) -> None:
        self.do(clear(self.family))

    @invariant()
    def the_books_add_up(self) -> None:
        assert [str(fault) for fault in self.do(verify())] == []

    @invariant()
    def the_bank_has_what_it_charged(self) -> None:
        async def banked() -> int:
            ids = await Account.filter(kind="bank").values_list("id", flat=True)
            return sum(await Leg.filter(account_id__in=list(ids)).values_list("cents", flat=True))  # type: ignore[arg-type]

        assert self.do(banked()) == self.charged

    @invariant()
    def the_family_paid_for_what_it_has(self) -> None:
        """A model of nine lines: money in = what confirmed bookings cost + what stands to its credit (or less debt)."""

        async def both() -> tuple[int, int, int]:
            booked = Booking.filter(state="confirmed").values_list("cents", flat=True)
            reserved = await Leg.filter(account__code__startswith="hold:").values_list("cents", flat=True)
            standing = sum((await ledger.standings(self.family)).values())
            return sum(await booked), standing, sum(reserved)  # type: ignore[arg-type]

        booked, standing, reserved = self.do(both())
        assert self.charged == booked - standing - reserved

    @invariant()
    def what_money_did_not_pay_is_told(self) -> None:
        async def untold() -> list[int]:
            told = {row.payment_id for row in await Anomaly.all()}
            paid = Payment.filter(state="paid").exclude(order__state="confirmed")
            return [one.id for one in await paid if one.id not in told]

        assert self.do(untold()) == []

    @invariant()
    def what_is_being_paid_is_locked(self) -> None:
        async def loose() -> int:
            return (
                await Booking.filter(state="held").count()
                - await CartLine.exclude(order_id=None).filter(action="add").count()
            )

        assert self.do(loose()) == 0


Household.TestCase.settings = settings(
    max_examples=400 if DEEP else 60,
    stateful_step_count=50 if DEEP else 30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestHousehold = Household.TestCase
