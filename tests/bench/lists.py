"""Every page of the mairie's menu in a town of 3,000 families and 4,200 children, beside one as small as the demo.

`python -m tests.bench.lists` tells of both as a table, on SQLite, with `--postgres` on PostgreSQL; with a URL and a
number of families, of one town as JSON.
"""

import asyncio
import json
import logging
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from pathlib import Path
from typing import Any

from models import banks, clock, commune_file
from models.access.member import Member
from models.access.session import Session
from models.activities.activity import Activity
from models.activities.opening import Opening
from models.activities.slot import Slot
from models.bookings.absence import Absence
from models.bookings.booking import Booking
from models.bookings.family_request import FamilyRequest
from models.bookings.waiting_list import Waiting
from models.families.enrolment import Enrolment
from models.families.guardian import Guardian
from models.messages.department import Topic
from models.messages.thread import Message, MessageThread
from models.rules.booking import BookingState
from models.rules.states.requests import RequestKind
from models.settings import read
from models.storage import database, encryption
from models.storage.migrate import migrate
from tests import servers
from tests.bench import machines
from tests.bench.figures import Figure
from tests.bench.inside import ask
from tests.bench.town import document
from web.app import create_app, menu
from web.http import signing

NOW, DAY = "2018-09-10T10:00:00", date(2018, 9, 10)
FEW, TOWN = 8, 3_000  # families
ROUNDS = 9
FLOOR = 50.0  # milliseconds: below it a page is quick, whatever another takes
SCHOOLS = 12
LINE = {"child": "Alix", "label": "Restauration scolaire", "quantity": 7, "unit_cents": 330}


def town(families: int) -> dict[str, Any]:
    """Two children in two families of five, one in the others, in twelve schools; an old invoice each."""
    content = document(families)
    content["schools"] = [
        content["schools"][0] | {"code": f"ecole{n}", "name": f"École {n}"} for n in range(SCHOOLS)
    ]
    for n, family in enumerate(content["families"]):
        family["children"] = family["children"][: 2 if n % 5 < 2 else 1]
        for child in family["children"]:
            child["school"] = f"ecole{n % SCHOOLS}"
        paid = 0 if n % 3 else 2310
        family["invoices"] = [{"number": f"B{n}", "on": date(2018, 3, 1), "paid": paid, "lines": [LINE]}]
    return content


async def live(now: datetime) -> None:
    """Each child eats today, one of three stays; some are absent, wait, asked, or their parents wrote."""
    first = {one.slot_id: one for one in await Opening.filter(day=DAY).order_by("id")}
    slots, canteen = await Slot.all().order_by("id"), await Activity.get(code="restauration")
    bookings = []
    for n, one in enumerate(await Enrolment.all().order_by("id")):
        for slot in slots:
            stays = one.activity_id == canteen.id or n % 3 == 0
            if slot.activity_id == one.activity_id and slot.id in first and stays:
                state = {0: BookingState.REQUESTED, 25: BookingState.WAITING}.get(
                    n % 50, BookingState.CONFIRMED
                )
                bookings.append(_booking(one, slot.id, first[slot.id].id, state, now))
    await Booking.bulk_create(bookings, batch_size=500)
    made = await Booking.all().order_by("id")
    absent = [one for n, one in enumerate(made) if one.state == "confirmed" and n % 21 == 0]
    await Absence.bulk_create([
        Absence(family_id=one.family_id, booking_id=one.id, reason="sick", billed=True, told_at=now) for one in absent
    ])  # fmt: skip
    await Waiting.bulk_create([
        Waiting(booking_id=one.id, opening_id=one.opening_id, since=now) for one in made if one.state == "waiting"
    ])  # fmt: skip
    asked = {"kind": RequestKind.BOOKING, "made_at": now}
    await FamilyRequest.bulk_create([
        FamilyRequest(family_id=one.family_id, subject=f"booking:{one.id}", booking_id=one.id, **asked)
        for one in made if one.state == "requested"
    ])  # fmt: skip
    await _letters(now)


def _booking(one: Enrolment, slot: int, opening: int, state: str, now: datetime) -> Booking:
    whose: dict[str, Any] = {"child_id": one.child_id, "family_id": one.family_id, "enrolment_id": one.id}
    when: dict[str, Any] = {"day": DAY, "made_at": now, "changed_at": now}
    return Booking(**whose, slot_id=slot, opening_id=opening, state=state, cents=330, billed=False, **when)


async def _letters(now: datetime) -> None:
    topic = await Topic.all().order_by("id").first()
    if topic is None:
        return
    about: dict[str, Any] = {
        "department_id": topic.department_id,
        "topic_id": topic.id,
        "begun_at": now,
        "last_at": now,
    }
    for guardian in (await Guardian.all().order_by("id"))[::5]:
        thread = await MessageThread.create(
            family_id=guardian.family_id, guardian_id=guardian.id, subject="Une question", **about
        )
        await Message.create(
            thread=thread, guardian_id=guardian.id, text="Bonjour", key=f"b:{thread.id}", sent_at=now
        )


async def measure(url: str, families: int) -> dict[str, Any]:
    """By address: milliseconds of the quickest answer, its questions, its kilobytes."""
    settings = read(demo=True)
    await migrate(url)
    await database.connect(url)
    try:
        await clock.follow(NOW)
        encryption.use(settings.secret_keys)
        await commune_file.load(commune_file.parse(town(families), "bench.toml"), demo=True)
        await live(clock.now())
        await database.rows("ANALYZE")  # as a server does by itself, once it had a minute
        banks.configure(settings)
        member = await Member.get(username="mairie")
        secret = await Session.open(member=member.id)
        cookie = f"{signing.session_cookie(settings)}={signing.seal(settings, secret)}"
        app = create_app(settings)
        return {entry.href: await _page(app, entry.href, cookie) for entry in menu()}
    finally:
        await database.close()


async def _page(app: Any, path: str, cookie: str) -> dict[str, float]:
    answer = await ask(app, "GET", path, cookie)
    if answer[0]["status"] != 200:
        raise RuntimeError(f"{path}: {answer[0]['status']}")
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        await ask(app, "GET", path, cookie)
        times.append(time.perf_counter() - start)
    counted = Questions()
    await ask(app, "GET", path, cookie)
    size = sum(len(message.get("body", b"")) for message in answer[1:])
    return {"ms": min(times) * 1000, "queries": counted.stop(), "kb": size / 1000}


class Questions(logging.Handler):
    """Statements that went to the database, from here to `stop`."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._number, self._log = 0, logging.getLogger("tortoise.db_client")
        self._level = self._log.level
        self._log.addHandler(self)
        self._log.setLevel(logging.DEBUG)

    def emit(self, record: logging.LogRecord) -> None:
        self._number += 1

    def stop(self) -> int:
        self._log.removeHandler(self)
        self._log.setLevel(self._level)
        return self._number


def figures(small: dict[str, Any], big: dict[str, Any], engine: str) -> Iterator[Figure]:
    """No question more than where nearly nobody lives, and at most twice its time."""
    for path, one in big.items():
        few = small[path]
        where = f"{path.removeprefix('/mairie/')}, {TOWN} families, {engine}"
        more = one["queries"] - few["queries"]
        yield Figure("–", f"questions more: {where}", more, 0, detail=f"{one['queries']} questions")
        goal = max(FLOOR, 2 * few["ms"])
        detail = f"{few['ms']:.1f} ms in a town of {FEW}; {one['kb']:.0f} kB"
        yield Figure("–", f"its time: {where}", one["ms"], goal, "ms", detail=detail)


def main(arguments: Sequence[str]) -> int:
    engine = "PostgreSQL" if "--postgres" in arguments else "SQLite"
    with tempfile.TemporaryDirectory(prefix="bench-") as name, _server(engine) as server:
        small, big = (machines.listed(engine, server, n, Path(name, str(n))) for n in (FEW, TOWN))
    found = list(figures(small, big, engine))
    print(*found, sep="\n")
    return int(any(one.hopeless for one in found))


def _server(engine: str) -> AbstractContextManager[str]:
    return servers.postgres() if engine == "PostgreSQL" else nullcontext("")


if __name__ == "__main__":
    if sys.argv[1:] in ([], ["--postgres"]):
        sys.exit(main(sys.argv[1:]))
    print(json.dumps(asyncio.run(measure(sys.argv[1], int(sys.argv[2])))))
