"""A portal that dies again and again under a parent who keeps trying: nothing is half done, nobody pays twice.

The parent is a browser without scripts, in a thread of its own. The web process (with its jobs) is killed (-9) at a
random moment of each week's booking and payment, and started again on the same database.
"""

import asyncio
import random
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import httpx

from models.access.passwords import DEMO_PASSWORD
from models.banks.demo import DemoCharge
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.order import Order
from models.clock import real
from models.money.payment import Payment
from models.storage.integrity import verify
from models.work.email import Email
from models.work.task import Task
from tests import servers
from tests.conftest import Postgres, _connected, copy_of
from tests.portal import hidden
from tests.serving import Forked, heard

HOLIDAYS = (
    (date(2018, 10, 20), date(2018, 11, 4)),
    (date(2018, 12, 22), date(2019, 1, 6)),
    (date(2019, 2, 9), date(2019, 2, 24)),
)
FIRST, KILLS = date(2018, 9, 3), 20
WARM = 2  # weeks before the first kill
WEEKS = WARM + KILLS
SLOT = "ACM du Soir"
PATIENCE = 180.0  # seconds for one week


@dataclass
class Machine:
    """Where the portal runs: switched off at any moment, and on again."""

    folder: Path
    url: str
    port: int = field(default_factory=servers.free_port)
    process: Forked | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def switch_on(self) -> None:
        more = {"DATABASE_URL": self.url, "PORTAIL_NOW": "2018-08-27T10:00:00"}
        arguments = ("--demo", "lens", "--port", str(self.port))
        self.process = Forked(self.folder, *arguments, **more)
        heard(self.process)

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.communicate()
        assert self.process.exitcode == -signal.SIGKILL


class Parent:
    """Claire, who reloads until it is done."""

    def __init__(self, address: str) -> None:
        self.asked = 0  # requests
        hooks = {"request": [self._count]}
        self.browser = httpx.Client(base_url=address, trust_env=False, timeout=PATIENCE, event_hooks=hooks)

    def _count(self, _: httpx.Request) -> None:
        self.asked += 1

    def page(self, path: str) -> str:
        answer = self.browser.get(path, follow_redirects=True)
        if answer.url.path == "/connexion":
            typed = {"identifiant": "famille15", "mot_de_passe": DEMO_PASSWORD}
            self.browser.post("/connexion", data={"csrf": hidden(answer.text, "csrf"), **typed})
            answer = self.browser.get(path, follow_redirects=True)
        answer.raise_for_status()
        return answer.text

    def cells(self, week: str) -> dict[str, str]:
        """Key and state of SLOT's Monday and Tuesday."""
        row = next(row for row in re.findall(r"(?s)<tr.*?</tr>", week) if SLOT in row)
        found = re.findall(r'data-s="(\w+)"><input[^>]* id="op-([\d-]+)"', row)
        return {key: state for state, key in found[:2]}

    def try_once(self, monday: date) -> bool:
        """Go on from wherever the last try stopped; true when the week is booked."""
        week = self.page(f"/planning?vue=semaine&debut={monday}&modifier=1")
        cells = self.cells(week)
        assert len(cells) == 2, cells
        if set(cells.values()) == {"booked"}:
            return True
        if free := [key for key, state in cells.items() if state == "free"]:
            form = {"csrf": hidden(week, "csrf"), "vue": "semaine", "debut": str(monday), "modifier": "1"}
            self.browser.post("/planning/operations", data={**form, "op": [f"{key}:1" for key in free]})
        recap = self.page("/planning/recapitulatif")
        if 'name="click"' in recap:
            form = {name: hidden(recap, name) for name in ("csrf", "click", "seen")}
            answer = self.browser.post("/planning/recapitulatif", data=form)
        elif paying := re.search(r'action="(/paiement/\d+/payer)"', recap):
            answer = self.browser.post(paying[1], data={"csrf": hidden(recap, "csrf")})
        else:
            return False
        if "/banque/" in answer.headers.get("location", ""):
            self.at_the_bank(httpx.URL(answer.headers["location"]).path)
        return False

    def at_the_bank(self, path: str) -> None:
        card = {"numero": "4970 1000 0000 0014", "fin": "12/30", "cryptogramme": "123"}
        steps = ({"etape": "saisie", **card}, {"etape": "code", "code": "123456"})
        for step in steps:
            answer = self.browser.post(path, data=step)
        self.browser.get(answer.headers["location"])

    def book(self, monday: date) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(httpx.TransportError):
                if self.try_once(monday):
                    return
            time.sleep(0.05)
        raise AssertionError(f"the week of {monday} could not be booked")


def weeks() -> list[date]:
    mondays = [FIRST + timedelta(7 * n) for n in range(WEEKS + 8)]
    return [day for day in mondays if not any(first <= day <= last for first, last in HOLIDAYS)][:WEEKS]


async def a_minute_passes(url: str) -> None:
    """What the dead process had claimed is free again, and tries that wait are due."""
    async with _connected(url):
        await Task.filter(state="ready").update(lease=0, due=real())


async def test_killed_at_twenty_random_moments(engine: Path | Postgres, tmp_path: Path) -> None:
    if isinstance(engine, Path):
        await _twenty(copy_of(engine, tmp_path), tmp_path)
        return
    url = await servers.create_database(engine.server, engine.template)
    try:
        await _twenty(url, tmp_path)
    finally:
        await servers.drop_database(url, engine.server)


async def _twenty(url: str, folder: Path) -> None:
    chance = random.Random(20180827)
    machine = Machine(folder, url)
    machine.switch_on()
    thread = ThreadPoolExecutor(1)
    try:
        claire, took, requests = Parent(machine.address), 0.0, 0
        interrupted = 0
        for n, monday in enumerate(weeks()):
            began, before = time.monotonic(), claire.asked
            booking = thread.submit(claire.book, monday)
            if n >= WARM:
                moment = chance.uniform(0, 0.9 * requests)
                while claire.asked - before <= int(moment) and not booking.done():
                    time.sleep(0.001)
                time.sleep(moment % 1 * took / requests)
                interrupted += not booking.done()
                machine.kill()
                await a_minute_passes(url)
                machine.switch_on()
            await asyncio.wrap_future(booking)
            if n < WARM:
                took, requests = time.monotonic() - began, claire.asked - before  # the story without trouble
        machine.kill()
        assert interrupted > KILLS // 4, interrupted  # a machine that gets quicker meanwhile books in time
        await a_minute_passes(url)
        machine.switch_on()
        await _nothing_lost(url)
    finally:
        machine.kill()


async def _nothing_lost(url: str) -> None:
    async with _connected(url):
        until = time.monotonic() + PATIENCE
        while await Task.filter(state="ready", name__in=["tell", "send_email"]).exists():
            assert time.monotonic() < until, await Task.filter(state="ready").values("name", "error")
            time.sleep(0.2)
        assert await verify() == []
        assert await Booking.filter(state="confirmed").count() == 2 * WEEKS
        assert await CartLine.all().count() == 0
        paid = await Payment.filter(state="paid").values_list("id", flat=True)
        assert len(paid) == await Order.filter(state="confirmed").count() == WEEKS
        assert await DemoCharge.filter(state="paid").count() == WEEKS
        for id in paid:
            assert await Email.filter(
                key__startswith=f"payment_received:payment:{id}:", sent_at__isnull=False
            ).exists()
        assert not await Task.filter(state="failed").exists()
