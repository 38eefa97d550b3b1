"""A bank's server on this machine: real sockets, in a thread of its own."""

import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

Reply = tuple[int, str, bytes]


@dataclass(frozen=True)
class Asked:
    path: str
    body: bytes
    headers: Any


class Server:
    """`reply` is the bank's; `hold()` makes it keep its answers back until `release()`."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.knocked = threading.Event()  # a question has come in
        self._released = threading.Event()
        self._released.set()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                asked = Asked(urlsplit(self.path).path, body, self.headers)
                owner.asked.append(asked)
                owner.knocked.set()
                owner._released.wait(60)
                status, kind, said = owner.reply(asked)
                try:
                    self.send_response(status)
                    self.send_header("content-type", kind)
                    self.send_header("content-length", str(len(said)))
                    self.end_headers()
                    self.wfile.write(said)
                except OSError:
                    pass  # whoever asked has gone

            def do_GET(self) -> None:
                said = owner.show(self.path).encode()
                self.send_response(200)
                self.send_header("content-type", "text/html; charset=utf-8")
                self.send_header("content-length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, format: str, *words: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def reply(self, asked: Asked) -> Reply:
        raise NotImplementedError

    def show(self, address: str) -> str:
        """A page of the bank's own, as customers see it."""
        raise NotImplementedError

    def hold(self) -> None:
        self.knocked.clear()
        self._released.clear()

    def release(self) -> None:
        self._released.set()

    def close(self) -> None:
        """Nobody answers at its address any more."""
        self.release()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
