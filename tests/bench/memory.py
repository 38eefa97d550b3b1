"""S13: what a web process holds after ten thousand mixed requests, and after ten thousand more."""

import asyncio
import itertools
from collections.abc import Iterator

from tests.bench.figures import Figure
from tests.bench.machines import Portal, Town
from tests.bench.measures import RECAP, ticks
from tests.bench.open_pages import STREAM
from tests.bench.wire import get, stream, wire

CLIENTS = 16
REQUESTS = 10_000
STREAMS = 20  # opened and closed again by each client


async def memory(town: Town, portal: Portal) -> list[Figure]:
    failed = await _visit(town, portal)
    first = portal.resident_mb
    failed += await _visit(town, portal)
    last = portal.resident_mb
    where = f"a web process after {REQUESTS:,} mixed requests, {town.engine}".replace(",", " ")
    growth = 100 * (last - first) / first
    return [
        Figure("S13", where, first, 120, "MB"),
        Figure("S13", "its growth over as many more", growth, 5, "%", detail=f"{last:.0f} MB"),
        Figure("S13", "requests that failed", failed, 0, how="="),
    ]


async def _visit(town: Town, portal: Portal) -> int:
    """The requests that failed."""
    return sum(await asyncio.gather(*(_client(town, portal, n) for n in range(CLIENTS))))


async def _client(town: Town, portal: Portal, n: int) -> int:
    door, failed = await wire(portal.address), 0
    for turn, request in enumerate(itertools.islice(_mixed(town, n), REQUESTS // CLIENTS)):
        answer = await door.ask(request)
        failed += answer.status != (404 if b"/nulle-part" in request else 200)
        if turn % (REQUESTS // CLIENTS // STREAMS) == 0:
            page = await stream(portal.address, STREAM, town.said["clients"][n]["cookie"])
            await asyncio.sleep(0)
            page.close()
    door.close()
    return failed


def _mixed(town: Town, n: int) -> Iterator[bytes]:
    """Six ticks, then the pages around them: months, weeks, a bubble, the recap, the home, what a visitor sees."""
    who, ticking, days = town.said["clients"][n], ticks(town, n), town.said["days"]
    cookie, child = who["cookie"], who["children"][0]
    for turn in itertools.count(n):
        day = days[turn % len(days)]
        yield from itertools.islice(ticking, 6)
        yield get(f"/planning?par=enfant&id={child}&vue=mois&debut={day[:8]}01&modifier=1", cookie)
        yield get(f"/planning?par=enfant&id={child}&vue=semaine&debut={day}&modifier=1", cookie)
        yield get(f"/planning/case?par=enfant&id={child}&case={child}-{town.said['meal']}-{day}", cookie)
        yield get(RECAP, cookie)
        yield get("/accueil", cookie)
        yield get("/compte", cookie)
        yield get("/connexion")
        yield get(f"/nulle-part/{turn}", cookie) if turn % 50 == 49 else get("/theme.css")
