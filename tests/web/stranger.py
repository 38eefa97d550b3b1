"""What `test_strangers.py` says of a route: whose it is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.routing import Route

from tests.portal import Client
from tests.town import People
from web.app import routes

Form = dict[str, str]


@dataclass(frozen=True)
class Open:
    why: str


@dataclass(frozen=True)
class Own:
    form: Callable[[People], Form] | None = None  # names something of the Durands all the same
    answers: tuple[int, ...] = (200, 303, 404, 422)


@dataclass(frozen=True)
class Theirs:
    """`address` may make what it names, and returns the path that the Durands would use."""

    address: Callable[[People], Awaitable[str]]
    form: Callable[[People], Form] = field(default=lambda people: {})


@dataclass(frozen=True)
class Mairie:
    path: str  # where the route has parameters: of an object that does not exist
    roles: tuple[str, ...]  # as its guard says them


def all_routes() -> dict[str, Route]:
    """ "GET /planning", "POST /planning/operations"… HEAD goes with GET."""
    found: dict[str, Route] = {}
    for route in routes():
        assert isinstance(route, Route), f"{route} hides routes from this test: list them one by one"
        found |= {f"{method} {route.path}": route for method in sorted((route.methods or set()) - {"HEAD"})}
    return found


async def send(browser: Client, line: str, path: str, form: Form) -> tuple[int, str, str]:
    """Status, text and destination of the answer."""
    answer = await (browser.get(path) if line.startswith("GET ") else browser.post_form(path, form))
    return answer.status_code, answer.text, answer.headers.get("location", "")
