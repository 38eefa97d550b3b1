"""S15: what plannings that lie open cost the server, at rest and while other parents tick."""

import asyncio
import itertools
from collections.abc import Awaitable

from tests.bench.figures import Figure
from tests.bench.machines import Portal, Town
from tests.bench.measures import ticks
from tests.bench.wire import stream, wire

FAMILIES, PAGES = 250, 500
RATE = 5  # ticks a second
STREAM = "/planning/direct"
WARM_UP = 3.0  # seconds


async def open_pages(town: Town, portal: Portal, seconds: float) -> list[Figure]:
    """Two pages of each family, held open by a stream each; the CPU time of the web process, in % of a core."""
    who = town.said["clients"][:FAMILIES]
    await _tick(town, portal, FAMILIES, every=0)  # the first tick of each reads its household
    alone = await _cpu(portal, _tick(town, portal, int(seconds * RATE)))
    turns = itertools.islice(itertools.cycle(who), PAGES)
    pages = [await stream(portal.address, STREAM, one["cookie"]) for one in turns]
    await asyncio.sleep(WARM_UP)
    opened = sum(page.events for page in pages)
    rest = await _cpu(portal, asyncio.sleep(seconds))
    busy = await _cpu(portal, _tick(town, portal, int(seconds * RATE)))
    await asyncio.sleep(WARM_UP)
    told = sum(page.events for page in pages) - opened
    for page in pages:
        page.close()
    where, more = f"{PAGES} open pages, {town.engine}", f"{busy:.1f} % in all, {told} told"
    return [
        Figure("S15", f"{where}: CPU at rest", rest, 2, "%", detail=f"{opened} told at once"),
        Figure("S15", f"what they add to {RATE} ticks/s", busy - alone, 4, "%", detail=more),
    ]


async def _cpu(portal: Portal, work: Awaitable[None]) -> float:
    loop = asyncio.get_running_loop()
    start, used = loop.time(), portal.cpu_seconds
    await work
    return 100 * (portal.cpu_seconds - used) / (loop.time() - start)


async def _tick(town: Town, portal: Portal, count: int, every: float = 1 / RATE) -> None:
    """Every family in its turn."""
    door = await wire(portal.address)
    mine = [ticks(town, n) for n in range(FAMILIES)]
    for n in range(count):
        answer = await door.ask(next(mine[n % FAMILIES]))
        assert answer.status == 200, answer.raw
        await asyncio.sleep(every)
    door.close()
