"""An open planning's stream, held open as a browser holds it: each event is waited for, nothing is timed."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.portal import Client

STREAM = "/planning/direct"
AS_EVENTS = {"accept": "text/event-stream"}
DATA = re.compile(rb"data: (\d+)\n\n")
PATIENCE = 30  # seconds: what does not come within them never comes


class Ear:
    def __init__(self) -> None:
        self.status = 0
        self.headers = httpx.Headers()
        self.ended = asyncio.Event()
        self._begun = asyncio.Event()
        self._gone = asyncio.Event()
        self._told: asyncio.Queue[int] = asyncio.Queue()

    async def next(self) -> int:
        """The number of the next event."""
        return await asyncio.wait_for(self._told.get(), PATIENCE)

    @property
    def heard(self) -> int:
        """Events that nobody has asked for yet."""
        return self._told.qsize()

    async def begun(self) -> None:
        await asyncio.wait_for(self._begun.wait(), PATIENCE)

    def close(self) -> None:
        """The browser goes."""
        self._gone.set()

    async def listen(self, browser: Client) -> None:
        transport: Any = browser._transport
        request = browser.build_request("GET", STREAM, headers=AS_EVENTS)
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "scheme": request.url.scheme,
            "path": STREAM,
            "raw_path": STREAM.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8000),
        }
        try:
            await transport.app(scope, self._receive, self._send)
        finally:
            self.ended.set()
            self._begun.set()

    async def _receive(self) -> dict[str, str]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], httpx.Headers(message["headers"])
            self._begun.set()
        for number in DATA.findall(message.get("body", b"")):
            self._told.put_nowait(int(number))


@asynccontextmanager
async def ear(browser: Client) -> AsyncIterator[Ear]:
    """Its stream, begun; closed at the end of the block."""
    mine = Ear()
    task = asyncio.create_task(mine.listen(browser))
    await mine.begun()
    try:
        yield mine
    finally:
        mine.close()
        await asyncio.wait_for(task, PATIENCE)
