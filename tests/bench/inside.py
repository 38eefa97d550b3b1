"""The month page, timed in process: `python -m tests.bench.inside URL < what the town said`."""

import asyncio
import gzip
import json
import logging
import statistics
import sys
import time
from collections.abc import Sequence
from typing import Any

from models import banks, clock
from models.settings import read
from models.storage import database
from tests.bench.town import NOW
from web.app import create_app

ROUNDS = 60


async def measure(url: str, town: dict[str, Any]) -> dict[str, float]:
    settings = read(demo=True)
    await database.connect(url)
    try:
        await clock.follow(NOW)
        banks.configure(settings)
        app = create_app(settings)
        query = f"par=activite&id={town['care']}&vue=mois&debut=2018-10-01&modifier=1".encode()
        cookie = town["clients"][0]["cookie"]
        for _ in range(10):
            page = await _get(app, query, cookie)
        times = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            await _get(app, query, cookie)
            times.append(time.perf_counter() - start)
        assert page.count(b'name="op"') >= 9 * 10, "the page has no grid"
        counted = _Counter()
        await _get(app, query, cookie)
        return {
            "ms": statistics.median(times) * 1000,
            "queries": counted.stop(),
            "gz": len(gzip.compress(page, 6)) / 1000,
        }
    finally:
        await database.close()


async def _get(app: Any, query: bytes, cookie: str) -> bytes:
    sent = await ask(app, "GET", "/planning", cookie, query=query)
    assert sent[0]["status"] == 200, sent[0]
    return b"".join(message.get("body", b"") for message in sent[1:])


async def ask(
    app: Any,
    method: str,
    path: str,
    cookie: str,
    headers: Sequence[tuple[bytes, bytes]] = (),
    body: bytes = b"",
    query: bytes = b"",
) -> list[Any]:
    """The messages that the portal answers."""
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "root_path": "",
        "headers": [
            (b"host", b"127.0.0.1"),
            (b"cookie", cookie.encode()),
            (b"content-length", str(len(body)).encode()),
            *headers,
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
        "app": app,
    }
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent


class _Counter(logging.Handler):
    """Statements that go to the database from now on."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._count = 0
        self._log = logging.getLogger("tortoise.db_client")
        self._log.setLevel(logging.DEBUG)
        self._log.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self._count += 1

    def stop(self) -> int:
        self._log.removeHandler(self)
        return self._count


if __name__ == "__main__":
    json.dump(asyncio.run(measure(sys.argv[1], json.load(sys.stdin))), sys.stdout)
