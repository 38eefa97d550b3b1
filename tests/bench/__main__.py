"""`python -m tests.bench`: the portal's speed beside its goals, on this machine, on SQLite and on PostgreSQL.

Everything runs on loopback, the clients too, on the same cores. Hello world and the portal take turns, so compare
figures of one run only. Exit 1: a figure is worse than twice its goal.

With `--profile` it tells instead where the time of one tick goes, beside the least that the driver takes for one.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Coroutine, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import uvloop

from tests import servers
from tests.bench import lists, machines, measures, profile
from tests.bench.figures import Figure
from tests.bench.machines import Town, build, hello, portal
from tests.bench.memory import memory
from tests.bench.open_pages import open_pages
from tests.bench.phone import phone

T = TypeVar("T")
FEW, SOME, MANY = 100, 1_000, 10_000  # families
TOWN = 3_000  # families of a file, 4,200 children
SMALL_CROWD, BIG_CROWD = 200, 500  # clients of the rush


def main(arguments: Sequence[str]) -> int:
    return _profile() if "--profile" in arguments else _bench()


def _profile() -> int:
    with tempfile.TemporaryDirectory(prefix="bench-") as name, servers.postgres(durable=True) as server:
        print(machines.versions(server))
        for engine in ("PostgreSQL", "SQLite"):
            town = _town(engine, server, FEW, 1, Path(name))
            print(f"\n{engine}, load {_load()}\n{profile.said(town.ticking())}", flush=True)
    return 0


def _bench() -> int:
    start = time.monotonic()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as name, servers.postgres(durable=True) as server:
        print(machines.versions(server))
        print(f"Load before: {_load()}\n", flush=True)
        small = [_town(engine, server, FEW, 40, Path(name)) for engine in ("PostgreSQL", "SQLite")]
        crowd = SMALL_CROWD + BIG_CROWD
        big = [_town(engine, server, MANY, crowd, Path(name)) for engine in ("PostgreSQL", "SQLite")]
        for part in (
            _pages(small, big),
            _ticks(small, Path(name)),
            _phones(small),
            _memory(small),
            _rushes(big),
            _open(big),
            _books([*small, *big]),
            _invoices(server, Path(name)),
            _imports(server, Path(name)),
            _lists(server, Path(name)),
        ):
            for figure in part:
                figures.append(figure)
                print(figure, flush=True)
    missed, hopeless = [f for f in figures if not f.met], [f for f in figures if f.hopeless]
    print(f"\n{len(figures)} figures, {len(missed)} missed, {len(hopeless)} worse than twice the goal.")
    print(f"Load after: {_load()}; {time.monotonic() - start:.0f} s in all.")
    return 1 if hopeless else 0


def _town(engine: str, server: str, families: int, clients: int, folder: Path) -> Town:
    return build(engine, server, families, clients, folder / f"{engine}-{families}")


def _pages(small: list[Town], big: list[Town]) -> Iterable[Figure]:
    return measures.pages([*small, *big])


def _ticks(towns: list[Town], folder: Path) -> Iterable[Figure]:
    postgres, sqlite = towns
    with hello(folder) as bare, portal(postgres) as first, portal(sqlite) as light:
        yield from _run(measures.one_client(bare, towns, [first, light]))
        yield from _run(measures.engines(sqlite, light, postgres, first, 10.0))
    with portal(postgres, "one") as first, portal(postgres, "two") as second:
        yield from _run(measures.crowd(postgres, [first, second], 8.0))


def _rushes(towns: list[Town]) -> Iterable[Figure]:
    for town in towns:
        days, clients = town.said["days"], town.said["clients"]
        with portal(town, "rush") as only:
            yield from _run(measures.rush(town, [only], clients[:SMALL_CROWD], days[0]))
            yield from _run(measures.rush(town, [only], clients[SMALL_CROWD:], days[1]))


def _phones(towns: list[Town]) -> Iterable[Figure]:
    for town in towns:
        with portal(town, "phone") as only:
            yield from _run(phone(town, only))


def _memory(towns: list[Town]) -> Iterable[Figure]:
    for town in towns:
        with portal(town, "memory") as only:
            yield from _run(memory(town, only))


def _open(towns: list[Town]) -> Iterable[Figure]:
    for town in towns:
        with portal(town, "open") as only:
            yield from _run(open_pages(town, only, 10.0))


def _books(towns: list[Town]) -> Iterable[Figure]:
    for town in towns:
        faults = town.verify()
        where = f"{town.engine}, {town.families} families"
        yield Figure("–", f"faults found by verify: {where}", bool(faults), 0, how="=", detail=faults)


def _invoices(server: str, folder: Path) -> Iterable[Figure]:
    for families in (SOME, MANY):
        yield from measures.invoicing(
            machines.invoiced(server, families, folder / f"invoices-{families}"), families
        )


def _imports(server: str, folder: Path) -> Iterable[Figure]:
    for engine in ("PostgreSQL", "SQLite"):
        told = machines.imported(engine, server, TOWN, folder / f"import-{engine}")
        yield from measures.importing(told, engine, TOWN)


def _lists(server: str, folder: Path) -> Iterable[Figure]:
    for engine in ("PostgreSQL", "SQLite"):
        small, big = (
            machines.listed(engine, server, families, folder / f"lists-{engine}-{families}")
            for families in (lists.FEW, TOWN)
        )
        yield from lists.figures(small, big, engine)


def _run(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def _load() -> str:
    return " ".join(f"{value:.2f}" for value in os.getloadavg())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
