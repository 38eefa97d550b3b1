"""An HTTP/1.1 client that costs next to nothing, so that what is measured is the server."""

import asyncio
import re
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode, urlsplit

LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
Fields = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    raw: bytes

    @property
    def body(self) -> bytes:
        return self.raw.partition(b"\r\n\r\n")[2]


class Wire(asyncio.Protocol):
    """One kept connection; one request at a time."""

    def __init__(self) -> None:
        self._buffer = b""
        self._whole = 0
        self._answer: asyncio.Future[Answer] | None = None

    async def ask(self, request: bytes) -> Answer:
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own is no subclass

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._whole:
            head = self._buffer.find(b"\r\n\r\n")
            if head < 0:
                return
            length = LENGTH.search(self._buffer, 0, head + 2)
            self._whole = head + 4 + (int(length[1]) if length else 0)
        if len(self._buffer) >= self._whole and self._answer and not self._answer.done():
            raw, self._buffer, self._whole = self._buffer, b"", 0
            self._answer.set_result(Answer(int(raw[9:12]), raw))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("the server hung up"))


async def wire(address: str) -> Wire:
    parts = urlsplit(address)
    _, made = await asyncio.get_running_loop().create_connection(Wire, parts.hostname or "", parts.port or 80)
    return made


class Events(asyncio.Protocol):
    """A kept connection on which server-sent events come: how many came."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self.events = 0

    def close(self) -> None:
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self.events += data.count(b"data: ")


async def stream(address: str, path: str, cookie: str) -> Events:
    parts, loop = urlsplit(address), asyncio.get_running_loop()
    _, made = await loop.create_connection(
        lambda: Events(get(path, cookie)), parts.hostname or "", parts.port or 80
    )
    return made


def get(path: str, cookie: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\n{_head(cookie)}\r\n".encode()


def post(path: str, cookie: str, fields: Fields, part: bool = False) -> bytes:
    """`part`: as htmx sends it."""
    body = urlencode(fields)
    htmx = "HX-Request: true\r\n" if part else ""
    kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
    return f"POST {path} HTTP/1.1\r\n{_head(cookie)}{htmx}{kind}\r\n{body}".encode()


def _head(cookie: str) -> str:
    return "Host: 127.0.0.1\r\n" + (f"Cookie: {cookie}\r\n" if cookie else "")
