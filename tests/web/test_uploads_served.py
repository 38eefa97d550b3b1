"""Files over a real connection: uvicorn reads no faster than a route takes them, keeps none, and answers at once."""

import asyncio
import json
import socket
import tracemalloc
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import repeat

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from models.settings import Settings
from tests.portal import Client
from tests.town import settle
from tests.web.test_uploads import END, MULTIPART, PIECE, field, file
from tests.web.trial import of
from web.__main__ import config
from web.http.auth import ParentRequest, parent
from web.http.uploads import sent, uploads

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

MEGA = 1024 * 1024
LIMIT = 40 * MEGA
FLAT = 6 * MEGA  # a megabyte of the file stays in memory, the connection has its buffers
UNREAD = 4 * MEGA  # more than the system takes from a sender before anybody reads it
ROOM = 256 * 1024  # bytes of each socket's own buffer
PATH = "/essai/fichier"


@uploads(limit_bytes=LIMIT)
@parent
async def take(request: ParentRequest) -> Response:
    digest = sha256()
    async with sent(request) as form:
        photo = form["photo"]
        assert isinstance(photo, UploadFile)
        while piece := await photo.read(PIECE):
            digest.update(piece)
    return JSONResponse(digest.hexdigest())


@dataclass
class Door:
    app: Starlette
    address: tuple[str, int]
    headers: dict[str, str]  # of a signed-in parent
    token: str

    async def post(self, pieces: Iterable[bytes]) -> tuple[int, bytes, int]:
        """Status and body of the answer, and how many bytes were sent until it came: then the sender stops."""
        loop = asyncio.get_running_loop()
        with socket.socket() as line:
            line.setblocking(False)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ROOM)
            await loop.sock_connect(line, self.address)
            answering = asyncio.ensure_future(self._answer(line))
            await loop.sock_sendall(line, self._head())
            count = 0
            for piece in pieces:
                sending = asyncio.ensure_future(
                    loop.sock_sendall(line, b"%x\r\n%s\r\n" % (len(piece), piece))
                )
                await asyncio.wait({answering, sending}, return_when=asyncio.FIRST_COMPLETED)
                if answering.done():
                    sending.cancel()
                    await asyncio.gather(sending, return_exceptions=True)
                    break
                count += len(piece)
            else:
                await loop.sock_sendall(line, b"0\r\n\r\n")
            status, body = await answering
            return status, body, count

    def _head(self) -> bytes:
        host, port = self.address
        lines = [f"POST {PATH} HTTP/1.1", f"host: {host}:{port}", "transfer-encoding: chunked"]
        lines += [f"{name}: {value}" for name, value in {**MULTIPART, **self.headers}.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    async def _answer(self, line: socket.socket) -> tuple[int, bytes]:
        loop, came = asyncio.get_running_loop(), b""
        while b"\r\n\r\n" not in came:
            came += (await loop.sock_recv(line, PIECE)) or b"\r\n\r\n"
        head, _, body = came.partition(b"\r\n\r\n")
        length = next(
            (
                int(one.split(b":")[1])
                for one in head.split(b"\r\n")
                if one.lower().startswith(b"content-length")
            ),
            0,
        )
        while len(body) < length and (more := await loop.sock_recv(line, PIECE)):
            body += more
        return int(head.split()[1]), body


@asynccontextmanager
async def served(app: Starlette, door: socket.socket) -> AsyncIterator[None]:
    """As `python -m web` serves it, in the loop of the test."""
    how = config(app)
    how.lifespan = "off"
    server = uvicorn.Server(how)
    serving = asyncio.ensure_future(server.serve(sockets=[door]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


@pytest.fixture
async def door(db: str, settings: Settings) -> AsyncIterator[Door]:
    await settle()
    portal = of(settings)
    portal.app.router.routes.append(Route(PATH, take, methods=["POST"]))
    browser: Client = await portal.client("durand15")
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(
            socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM
        )  # else the system takes tens of megabytes
        token = await browser.token()
        async with served(portal.app, listening):
            yield Door(portal.app, listening.getsockname(), {"cookie": cookies}, token)
    await portal.close()


def photo(size: int) -> Iterable[bytes]:
    """A file of so many bytes, without its end."""
    yield file("photo", b"").removesuffix(b"\r\n")
    yield from repeat(b"x" * PIECE, size // PIECE)


async def test_a_long_file_is_not_kept_in_memory(door: Door) -> None:
    size = LIMIT - LIMIT % PIECE
    tracemalloc.start()
    try:
        status, body, _ = await door.post([field("csrf", door.token), *photo(size), b"\r\n" + END])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (status, json.loads(body)) == (200, sha256(b"x" * size).hexdigest())
    assert peak < FLAT, f"{peak / MEGA:.1f} MB"


async def test_a_byte_too_many_is_answered_while_the_rest_is_coming(door: Door) -> None:
    status, body, count = await door.post([field("csrf", door.token), *photo(2 * LIMIT)])
    assert status == 413 and "40\u00a0Mo au maximum" in body.decode()
    assert LIMIT < count < LIMIT + UNREAD


@pytest.mark.parametrize("token", ["", "A" * 43])
async def test_without_its_token_a_file_is_answered_before_it_is_read(door: Door, token: str) -> None:
    status, _, count = await door.post([field("csrf", token), *photo(LIMIT)])
    assert status == 403 and count < UNREAD


async def test_a_file_of_nobody_is_answered_before_it_is_read(door: Door) -> None:
    door.headers = {}
    status, _, count = await door.post(photo(LIMIT))
    assert status == 403 and count < UNREAD
