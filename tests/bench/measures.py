"""How each goal is measured."""

import asyncio
import itertools
import statistics
import time
from collections.abc import Iterator, Sequence
from typing import Any

from tests.bench.figures import Figure, Series
from tests.bench.machines import Portal, Town
from tests.bench.town import PLACES
from tests.bench.wire import Answer, Wire, get, post, wire
from tests.portal import hidden

RECAP = "/planning/recapitulatif"
ROUNDS = 3
MANY = 32


def pages(towns: Sequence[Town]) -> Iterator[Figure]:
    """S4: the month of three children and three slots."""
    for town in towns:
        told, where = town.page(), f"{town.engine}, {town.families} families"
        yield Figure("S4", f"month page, 3 × 3: {where}", told["ms"], 8, "ms")
        yield Figure("S4", f"its queries: {where}", told["queries"], 5)
        yield Figure("S4", f"its size, gz: {where}", told["gz"], 8, "kB")


def invoicing(told: dict[str, Any], families: int) -> Iterator[Figure]:
    """S8: a month's invoices with their papers."""
    detail = f"two processes; the last invoice had left after {told['issued']:.1f} s, all after {told['all']:.1f} s"
    each = told["all"] * 1000 / families
    yield Figure("S8", f"invoiced with PDFs, per 1,000: {families} families", each, 12, "s", detail=detail)
    yield Figure("S8", f"its memory: {families} families", told["memory"], 200, "MB")


def importing(told: dict[str, Any], engine: str, families: int) -> Iterator[Figure]:
    """A town's file of pupils and parents: shown, written, taken back."""
    where = f"{families} families, {engine}"
    detail = (
        f"shown in {told['preview']:.1f} s, again {told['again']:.1f} s, taken back in {told['undo']:.1f} s"
    )
    yield Figure("–", f"a file of families written: {where}", told["write"], 120, "s", detail=detail)
    yield Figure("–", f"its memory: {where}", told["memory"], 50, "MB")
    yield Figure("–", f"faults found by verify after it: {where}", told["faults"], 0, how="=")


async def one_client(bare: str, towns: Sequence[Town], portals: Sequence[Portal]) -> list[Figure]:
    """S1, S2, S6: hello and ticks in turn, one client each."""
    empty = await wire(bare)
    doors = [await wire(portal.address) for portal in portals]
    ticked = [ticks(town, 0) for town in towns]
    hello: list[Series] = []
    ours: list[list[Series]] = [[] for _ in towns]
    for turn in range(ROUNDS + 1):
        hello.append(await keep_asking(empty, itertools.repeat(get("/")), 1.0))
        for n, door in enumerate(doors):
            ours[n].append(await keep_asking(door, ticked[n], 2.0))
        if turn == 0:  # it warmed up
            hello, ours = [], [[] for _ in towns]
    for connection in (empty, *doors):
        connection.close()
    assert not any(series.failed for series in hello)
    floor = statistics.median(series.median for series in hello)
    goals = {"PostgreSQL": ("S1", 25), "SQLite": ("S2", 25)}
    figures = []
    for town, rounds in zip(towns, ours, strict=True):
        code, goal = goals[town.engine]
        median = statistics.median(series.median for series in rounds)
        count, failed = sum(len(s.times) for s in rounds), sum(s.failed for s in rounds)
        detail = (
            f"{median:.2f} ms, hello {floor:.3f} ms, a bare tick {town.bare_tick():.2f} ms, {count} ticks"
        )
        figures.append(
            Figure(code, f"one tick, {town.engine}: × a hello", median / floor, goal, "×", detail=detail)
        )
        figures.append(Figure(code, f"ticks that failed, {town.engine}", failed, 0, how="="))
    return figures + _bytes(towns[0], ours[0][-1].last)


def _bytes(town: Town, answer: Answer | None) -> list[Figure]:
    """S6: whole messages, headers included, nothing compressed; a browser's own headers come on top."""
    assert answer
    request = next(ticks(town, 0))
    return [
        Figure("S6", "one tick, up (ours; a browser adds its headers)", len(request), 600, "B"),
        Figure("S6", "one tick, down", len(answer.raw), 2000, "B", detail=f"body {len(answer.body)} B"),
    ]


async def many_clients(town: Town, portals: Sequence[Portal], seconds: float) -> Series:
    """32 families tick as fast as they are answered, spread over the web processes."""
    doors = [await wire(portals[n % len(portals)].address) for n in range(MANY)]
    start = time.perf_counter()
    parts = await asyncio.gather(
        *(keep_asking(door, ticks(town, n), seconds) for n, door in enumerate(doors))
    )
    took = time.perf_counter() - start
    for door in doors:
        door.close()
    return Series([t for part in parts for t in part.times], sum(part.failed for part in parts), took)


async def crowd(town: Town, portals: Sequence[Portal], seconds: float) -> list[Figure]:
    """S3."""
    await many_clients(town, portals, 2.0)
    series = await many_clients(town, portals, seconds)
    detail = f"{len(series.times)} ticks, p50 {series.median:.0f} ms"
    where = f"{MANY} clients, {len(portals)} processes, {town.engine}"
    return [
        Figure("S3", f"ticks a second, {where}", series.rate, 900, "/s", "≥", detail),
        Figure("S3", "their p99", series.at(0.99), 150, "ms"),
        Figure("S3", "ticks that failed", series.failed, 0, how="="),
    ]


async def engines(sqlite: Town, small: Portal, postgres: Town, big: Portal, seconds: float) -> list[Figure]:
    """S14: one process each, in turn, then the SQLite one's log."""
    rates: dict[str, list[Series]] = {"SQLite": [], "PostgreSQL": []}
    for _ in range(ROUNDS):
        rates["SQLite"].append(await many_clients(sqlite, [small], seconds))
        rates["PostgreSQL"].append(await many_clients(postgres, [big], seconds / 2))
    light, heavy = (statistics.median(s.rate for s in rates[name]) for name in ("SQLite", "PostgreSQL"))
    failed = sum(series.failed for name in rates for series in rates[name])
    locked = small.log.read_text(errors="replace").count("locked")
    p99 = statistics.median(series.at(0.99) for series in rates["SQLite"])
    detail = f"{light:.0f}/s against {heavy:.0f}/s, SQLite's p99 {p99:.0f} ms"
    return [
        Figure("S14", "SQLite, in % of PostgreSQL", 100 * light / heavy, 60, "%", "≥", detail),
        Figure(
            "S14", f"« database is locked », {ROUNDS * seconds:.0f} s of {MANY} clients", locked, 0, how="="
        ),
        Figure("S14", "ticks that failed", failed, 0, how="="),
    ]


async def rush(
    town: Town, portals: Sequence[Portal], clients: Sequence[dict[str, Any]], day: str
) -> list[Figure]:
    """S7: each has one meal in the cart and the recap on the screen; all click at once."""
    first = await wire(portals[0].address)
    clicks = [await _ready(town, first, who, day) for who in clients]
    first.close()
    doors = [await wire(portals[n % len(portals)].address) for n in range(len(clients))]
    start = time.perf_counter()
    answers = await asyncio.gather(*(door.ask(click) for door, click in zip(doors, clicks, strict=True)))
    seconds = time.perf_counter() - start
    for door in doors:
        door.close()
    won = sum(answer.status == 303 and b"/banque/" in answer.raw for answer in answers)
    odd = sum(answer.status not in (303, 409) for answer in answers)
    where = f"{len(clients)} clients, {town.engine}"
    return [
        Figure("S7", f"the last {PLACES} places, {where}: who won", won, PLACES, how="="),
        Figure("S7", "answers that are neither yes nor no", odd, 0, how="="),
        Figure("S7", "all answered within", seconds, 3, "s"),
    ]


async def _ready(town: Town, door: Wire, who: dict[str, Any], day: str) -> bytes:
    """A tick, then the recap; the click to send."""
    op = f"{who['children'][0]}-{town.said['meal']}-{day}:1"
    ticked = await door.ask(tick(who, op, "x"))
    assert ticked.status == 200, ticked.raw
    shown = (await door.ask(get(RECAP, who["cookie"]))).body.decode()
    fields = [("csrf", who["csrf"]), *((name, hidden(shown, name)) for name in ("click", "seen"))]
    return post(RECAP, who["cookie"], fields)


def ticks(town: Town, client: int) -> Iterator[bytes]:
    """A family ticks every cell of its first child, one by one, then unticks them, for ever."""
    who = town.said["clients"][client]
    cells = [
        f"{who['children'][0]}-{slot}-{day}" for slot in town.said["slots"] for day in town.said["days"][:40]
    ]
    for n in itertools.count():
        turn, cell = divmod(n, len(cells))
        yield tick(who, f"{cells[cell]}:{1 - turn % 2}", f"{time.time_ns():036d}")


def tick(who: dict[str, Any], op: str, key: str) -> bytes:
    """As the page's script sends it."""
    child, day = op.split("-", 1)[0], op.rpartition(":")[0][-10:]
    place = [("par", "enfant"), ("id", child), ("vue", "mois"), ("debut", f"{day[:8]}01"), ("modifier", "1")]
    fields = [("csrf", who["csrf"]), *place, ("cle", key), ("op", op)]
    return post("/planning/operations", who["cookie"], fields, part=True)


async def keep_asking(door: Wire, requests: Iterator[bytes], seconds: float) -> Series:
    times, failed, answer = [], 0, None
    start = time.perf_counter()
    while (before := time.perf_counter()) - start < seconds:
        answer = await door.ask(next(requests))
        times.append(time.perf_counter() - before)
        failed += answer.status != 200 or b"note bad" in answer.raw  # a tick refused
    return Series(times, failed, time.perf_counter() - start, answer)
