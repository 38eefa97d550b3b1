"""A route that takes files: its limit, its token before the first of them, and files that are closed afterwards.

Every other route takes small forms, whole and in memory: `web/http/middleware.py` reads them. Here the body is left at
the door. The token comes in a header or as the first field, is checked before anything else is read, and the handler,
behind its guard, takes the rest as it arrives: into memory at first, from a megabyte on into a temporary file.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.datastructures import FormData, Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.routing import Match
from starlette.types import Receive, Scope

from web.http.auth import Handler
from web.http.forms import form as small_form

LONGEST_FORM = 256 * 1024  # bytes: a body without files, or what there is beside the files
LONGEST_FIRST = 8 * 1024  # bytes, by which the token must have come
FIELDS = 100
TOKEN = "csrf"  # noqa: S105 (its name)
MULTIPART = "multipart/form-data"
Asked = Mapping[bytes, str]
AnyHandler = TypeVar("AnyHandler", bound=Handler)


class TooLong(HTTPException):
    """A body of more bytes than its route takes."""

    def __init__(self, limit: int) -> None:
        super().__init__(413)
        self.limit = limit


@dataclass(frozen=True, slots=True)
class Uploads:
    """What a route takes: so many files, of so many bytes together."""

    limit_bytes: int
    files: int


def uploads(limit_bytes: int, files: int = 1) -> Callable[[AnyHandler], AnyHandler]:
    """Above a handler and its guard: the route takes files, `limit_bytes` in all. The handler asks `sent(request)`."""

    def declare(handler: AnyHandler) -> AnyHandler:
        handler.uploads = Uploads(limit_bytes, files)  # type: ignore[attr-defined]
        return handler

    return declare


def uploads_of(scope: Scope, asked: Asked) -> Uploads | None:
    """What the route of this request takes, if it brings files at all."""
    if not asked.get(b"content-type", "").startswith(MULTIPART):
        return None
    for route in scope["app"].routes:
        if route.matches(scope)[0] is Match.FULL:
            found: Uploads | None = getattr(route.endpoint, "uploads", None)
            return found
    return None


@asynccontextmanager
async def sent(request: Request) -> AsyncIterator[FormData]:
    """The fields and files of a route that takes files; they are closed at the end, whatever happens.

    A form that brings no file is small, and read already. Raises TooLong as soon as a byte too many has come,
    HTTPException 400, ClientDisconnect.
    """
    upload: Upload | None = request.scope.get("upload")
    form = await (upload.rest() if upload else small_form(request))
    try:
        yield form
    finally:
        await form.close()


class Upload:
    """A body with files, as far as it has come."""

    def __init__(self, takes: Uploads, scope: Scope, receive: Receive) -> None:
        """`receive` counts: it raises TooLong when more comes than files and fields may be together."""
        self._takes = takes
        self._headers = Headers(scope=scope)
        self._receive = receive
        self._came = bytearray()  # read already, for the token
        self._more = True

    async def token(self) -> str:
        """The first field, when it is the token; nothing behind it is looked at. Raises HTTPException 400."""
        first = _First(self._headers["content-type"])
        while self._more and not first.over and len(self._came) < LONGEST_FIRST:
            chunk = await self._next()
            first.write(chunk)
            self._came += chunk
        return first.value if first.over and first.name == TOKEN else ""

    async def rest(self) -> FormData:
        parser = _Counted(self._headers, self._stream(), self._takes)
        try:
            form = await parser.parse()
        except MultiPartException:
            raise HTTPException(400) from None
        if any("\0" in text for name, value in form.multi_items() for text in (name, _text(value))):
            await form.close()
            raise HTTPException(400)  # nobody types it, and PostgreSQL keeps none
        return form

    async def _stream(self) -> AsyncGenerator[bytes, None]:
        came, self._came = bytes(self._came), bytearray()
        if came:
            yield came
        while self._more:
            yield await self._next()

    async def _next(self) -> bytes:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        self._more = message.get("more_body", False)
        body: bytes = message.get("body", b"")
        return body


class _Counted(MultiPartParser):
    """Counts the bytes of the files as they come: the parser limits their number alone.

    Nor does it mind a body that is cut off: it would leave the last file out, and open.
    """

    def __init__(self, headers: Headers, stream: AsyncGenerator[bytes, None], takes: Uploads) -> None:
        super().__init__(
            headers,
            self._to_its_end(stream),
            max_files=takes.files,
            max_fields=FIELDS,
            max_part_size=LONGEST_FORM,
        )
        self._limit = self._left = takes.limit_bytes
        self._ended = False

    def on_end(self) -> None:
        self._ended = True

    async def _to_its_end(self, stream: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
        async for chunk in stream:
            yield chunk
        if not self._ended:
            raise MultiPartException("cut off")

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._current_part.file is not None:
            self._left -= end - start
            if self._left < 0:
                raise TooLong(self._limit)
        super().on_part_data(data, start, end)


class _First:
    """The first part of a body with several: its name and what it says, once it has come whole."""

    def __init__(self, content_type: str) -> None:
        self.over = False
        self.name = ""
        self._value = bytearray()
        self._header, self._said = bytearray(), bytearray()
        _, options = parse_options_header(content_type)
        if not options.get(b"boundary"):
            raise HTTPException(400)
        self._parser = MultipartParser(
            options[b"boundary"],
            {
                "on_header_field": self._reads(self._header),
                "on_header_value": self._reads(self._said),
                "on_header_end": self._header_ends,
                "on_part_data": self._reads(self._value),
                "on_part_end": self._ends,
            },
        )

    @property
    def value(self) -> str:
        return self._value.decode("utf-8", "replace")

    def write(self, chunk: bytes) -> None:
        try:
            self._parser.write(chunk)
        except FormParserError:
            raise HTTPException(400) from None

    def _reads(self, into: bytearray) -> Callable[[bytes, int, int], None]:
        def read(data: bytes, start: int, end: int) -> None:
            if not self.over:
                into.extend(data[start:end])

        return read

    def _header_ends(self) -> None:
        if not self.over and self._header.lower() == b"content-disposition":
            _, options = parse_options_header(bytes(self._said))
            is_file = b"filename" in options
            self.name = "" if is_file else options.get(b"name", b"").decode("utf-8", "replace")
        self._header.clear()
        self._said.clear()

    def _ends(self) -> None:
        self.over = True


def _text(value: str | UploadFile) -> str:
    return value if isinstance(value, str) else value.filename or ""
