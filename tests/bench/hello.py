"""What the machine can do: a bare page on the portal's own server. `python -m tests.bench.hello`."""

import socket

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route


async def hello(request: Request) -> Response:
    return PlainTextResponse("hello, world")


def main() -> None:
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    door.listen(2048)
    print(f"http://127.0.0.1:{door.getsockname()[1]}", flush=True)
    config = uvicorn.Config(
        Starlette(routes=[Route("/", hello)]),
        loop="uvloop",
        http="httptools",
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=60,  # it waits while the others have their turn
    )
    uvicorn.Server(config).run(sockets=[door])


if __name__ == "__main__":
    main()
