"""Connections that cost: long heads, slow senders, readers who take nothing. Bounded, on this machine only."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from tests.serving import served
from web import __main__ as main
from web.http.protocol import LimitedHttp

PATIENCE = 90.0
ENDLESS = 4 * 1024 * 1024  # bytes after which a test gives up sending
PAGE = 32 * 1024 * 1024  # more than the kernel keeps for a reader

Connect = Callable[..., Any]


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answers how long the body was; a large page to /page."""
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    body = b"x" * PAGE if scope["path"] == "/page" else str(size).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """`await connect(HEAD_TIME=0.5)`: a connection to a server of these limits."""
    servers: list[tuple[uvicorn.Server, asyncio.Task[None], socket.socket]] = []

    async def to_one(
        kind: type[LimitedHttp] = LimitedHttp, **limits: float
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        door = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(
            app,
            http=type("Quick", (kind,), limits),
            lifespan="off",
            log_config=None,
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        servers.append((server, asyncio.create_task(server.serve(sockets=[door])), door))
        while not server.started:  # noqa: ASYNC110 (uvicorn has no event for it)
            await asyncio.sleep(0.01)
        return await asyncio.open_connection(*door.getsockname())

    yield to_one
    for server, running, door in servers:
        server.should_exit = True
        await running
        door.close()


async def answer(reader: asyncio.StreamReader) -> bytes:
    """All that comes before the server closes."""
    said = b""
    async with asyncio.timeout(PATIENCE):
        try:
            while part := await reader.read(65536):
                said += part
        except ConnectionError:
            pass
    return said


async def trickle(writer: asyncio.StreamWriter, part: bytes, pause: float) -> None:
    """Send it again and again until the other side closes; fails when it never does."""
    async with asyncio.timeout(PATIENCE):
        sent = 0
        try:
            while not writer.is_closing():
                writer.write(part)
                await writer.drain()
                sent += len(part)
                assert sent < ENDLESS, "whatever is sent is taken"
                await asyncio.sleep(pause)
        except ConnectionError:
            return


HEADS = {
    "one header without end": (b"GET / HTTP/1.1\r\nhost: a\r\nx: ", b"y" * 4096),
    "headers without end": (b"GET / HTTP/1.1\r\nhost: a\r\n", b"x: " + b"y" * 4093 + b"\r\n"),
    "more headers than anybody sends": (b"GET / HTTP/1.1\r\nhost: a\r\n", b"x: y\r\n"),
    "an address without end": (b"GET /", b"y" * 4096),
    "headers after the body": (
        b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n1\r\nz\r\n0\r\n",
        b"x: " + b"y" * 4093 + b"\r\n",
    ),
    "a chunk of which the size says more and more": (
        b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n1;",
        b"y" * 4096,
    ),
}


@pytest.mark.parametrize("kind", HEADS)
async def test_a_head_without_end_is_refused(connect: Connect, kind: str) -> None:
    begin, again = HEADS[kind]
    reader, writer = await connect()
    heard = asyncio.create_task(answer(reader))
    writer.write(begin)
    await trickle(writer, again, 0)
    assert not (said := await heard) or said.startswith(b"HTTP/1.1 431 ")


async def test_a_long_head_that_comes_at_once_is_told_why(connect: Connect) -> None:
    reader, writer = await connect()
    writer.write(b"GET / HTTP/1.1\r\nhost: a\r\nx: " + b"y" * LimitedHttp.LONGEST_HEAD + b"\r\n\r\n")
    assert (await answer(reader)).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(("more", "status"), [(0, b"200"), (1, b"431")])
async def test_a_hundred_headers_are_enough(connect: Connect, more: int, status: bytes) -> None:
    """Short ones: each costs more than its bytes."""
    reader, writer = await connect()
    lines = b"x: y\r\n" * (LimitedHttp.MOST_HEADERS - 2 + more)
    writer.write(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n" + lines + b"\r\n")
    assert (await answer(reader)).startswith(b"HTTP/1.1 " + status)


SLOW = {
    "nothing is said": (b"", b""),
    "the headers come byte by byte": (b"GET / HTTP/1.1\r\nx: ", b"y"),
    "empty lines": (b"", b"\r\n"),
    "the body comes byte by byte": (b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9999\r\n\r\n", b"y"),
    "the body never comes": (b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9999\r\n\r\n", b""),
    "after a first request, the headers of a second": (b"GET / HTTP/1.1\r\nhost: a\r\n\r\nGET / HT", b""),
}


@pytest.mark.parametrize("kind", SLOW)
async def test_who_is_too_slow_is_shown_out(connect: Connect, kind: str) -> None:
    begin, again = SLOW[kind]
    reader, writer = await connect(HEAD_TIME=0.5, BODY_TIME=0.5)
    heard = asyncio.create_task(answer(reader))
    writer.write(begin)
    if again:
        await trickle(writer, again, 0.05)
    await heard


async def test_a_phone_on_a_slow_network_is_waited_for(connect: Connect) -> None:
    """Seconds for the headers, and a body that takes longer than its time but goes on coming."""
    reader, writer = await connect(BODY_TIME=3.0, SLOWEST=2)
    head = b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 80\r\nconnection: close\r\n\r\n"
    for n in range(0, len(head), 12):
        writer.write(head[n : n + 12])
        await asyncio.sleep(0.3)
    for _ in range(4):
        writer.write(b"y" * 20)
        await asyncio.sleep(1)
    assert (await answer(reader)).endswith(b"80")
    assert LimitedHttp.HEAD_TIME >= 10 and LimitedHttp.BODY_TIME >= 10


async def test_a_connection_serves_one_request_after_the_other(connect: Connect) -> None:
    reader, writer = await connect()
    for body in (b"", b"y" * 100_000, b"yy"):
        writer.write(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))
        async with asyncio.timeout(PATIENCE):
            head = await reader.readuntil(b"\r\n\r\n")
            size = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            assert int(await reader.readexactly(size)) == len(body)
    writer.close()


async def test_who_asks_for_a_page_and_does_not_read_it_is_shown_out(connect: Connect) -> None:
    left = asyncio.Event()

    class Watched(LimitedHttp):
        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            left.set()

    reader, writer = await connect(Watched, STALL_TIME=0.5)
    writer.transport.pause_reading()
    writer.write(b"GET /page HTTP/1.1\r\nhost: a\r\n\r\n")
    async with asyncio.timeout(PATIENCE):
        await left.wait()
    writer.transport.resume_reading()
    assert len(await answer(reader)) < PAGE


def test_the_portal_is_served_with_these_limits() -> None:
    config = main.config(app)
    assert config.http is LimitedHttp and config.limit_concurrency == main.CONNECTIONS > 1000


@asynccontextmanager
async def held(address: str, count: int) -> AsyncIterator[None]:
    """So many connections that have begun a request and do not go on."""
    url = httpx.URL(address)
    open_ones = [await asyncio.open_connection(url.host, url.port) for _ in range(count)]
    try:
        for _, writer in open_ones:
            writer.write(b"POST /connexion HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 10\r\nx: ")
        yield
    finally:
        for _, writer in open_ones:
            writer.close()


async def test_everybody_is_served_while_five_hundred_hold_the_door(
    tmp_path: Path, sqlite_template: Path
) -> None:
    shutil.copy(sqlite_template, tmp_path / "portail.sqlite3")
    with served(tmp_path) as (_, address):
        async with (
            held(address, 500),
            httpx.AsyncClient(base_url=address, trust_env=False, timeout=PATIENCE) as client,
        ):
            for path in ("/connexion", "/sante"):
                assert (await client.get(path)).status_code == 200
            answer = await client.get("/connexion", headers={"cookie": "x=" + "y" * LimitedHttp.LONGEST_HEAD})
            assert answer.status_code == 431
