"""What a connection may cost before anybody knows who it is: bytes of headers, seconds of waiting.

uvicorn limits neither with httptools: it keeps whatever comes until a request is whole. A proxy in front has limits of
its own; these hold without one.
"""

from asyncio import TimerHandle
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n"
    b"cache-control: no-store\r\nx-content-type-options: nosniff\r\n\r\n"
)


class TooLarge(Exception):
    """Stops the parser in the middle of a request."""


class LimitedHttp(HttpToolsProtocol):
    LONGEST_HEAD = 32 * 1024  # bytes: address, headers, and whatever else is no body
    MOST_HEADERS = 100
    HEAD_TIME = 20.0  # seconds for a request's headers, from the first byte; or before any comes
    BODY_TIME = 20.0  # seconds for its body, and more for one that is long:
    SLOWEST = 500  # bytes a second
    STALL_TIME = 60.0  # seconds in which a reader takes nothing

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._size = 0  # of this request's head, as parsed
        self._pending = 0  # bytes received since the parser last told of something
        self._count = 0
        self._too_large = False
        self._in_body = False
        self._deadline = 0.0
        self._timer: TimerHandle | None = None
        self._stalled: TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._expect(self.HEAD_TIME)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._rest()
        self.resume_writing()

    def data_received(self, data: bytes) -> None:
        if self._timer is None:
            self._expect(self.HEAD_TIME)
        self._pending += len(data)
        super().data_received(data)
        if self._size + self._pending > self.LONGEST_HEAD and not self.transport.is_closing():
            self._refuse()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._size = self._count = 0

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._grow(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._count += 1
        self._grow(len(name) + len(value))

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._pending = 0
        self._in_body = True
        self._expect(self.BODY_TIME)

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._pending = 0
        if not self.cycle.response_complete:  # what nobody waits for earns no time
            self._deadline += len(body) / self.SLOWEST

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._pending = 0
        self._in_body = False
        self._rest()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            self.loop.call_later(self.STALL_TIME, self.transport.abort)

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self.loop.call_later(self.STALL_TIME, self.transport.abort)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(self.STALL_TIME, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stalled:
            self._stalled.cancel()
            self._stalled = None

    def send_400_response(self, msg: str) -> None:
        if self._too_large:
            self._refuse()
        else:
            super().send_400_response(msg)

    def _grow(self, more: int) -> None:
        self._pending = 0
        self._size += more
        if self._size > self.LONGEST_HEAD or self._count > self.MOST_HEADERS:
            self._too_large = True
            raise TooLarge

    def _refuse(self) -> None:
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            self.transport.write(TOO_LARGE)
        self.transport.close()

    def _expect(self, seconds: float) -> None:
        self._rest()
        self._deadline = self.loop.time() + seconds
        self._timer = self.loop.call_later(seconds, self._look)

    def _rest(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        """Late, unless it is we who do not read, or who have not answered what came before."""
        answering = self.cycle is not None and not self.cycle.response_complete
        if self.flow.read_paused or (answering and not self._in_body):
            self._expect(self.HEAD_TIME)
        elif (left := self._deadline - self.loop.time()) > 0:
            self._timer = self.loop.call_later(left, self._look)
        else:
            self.transport.abort()
