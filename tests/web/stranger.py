"""What `test_strangers.py` says of a route: whose it is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.town import People

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
