"""What Tortoise works out about the nouns at each connection, worked out once for each engine.

A process connects once, a worker of the tests thousands of times: each time Tortoise looked through all modules for
nouns, and drew the filters, columns and statements of a hundred of them anew, though they are the same for the same
engine.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from tortoise.apps import Apps
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.models import MetaInfo

# What depends on the engine in a noun's `_meta`: `Apps._build_initial_querysets` and what it calls.
PARTS = (
    "filters",
    "db_native_fields",
    "db_default_fields",
    "db_complex_fields",
    "basetable",
    "basequery",
    "basequery_all_fields",
)
_work_out = Apps._build_initial_querysets
_nouns_of = cache(Apps._discover_models)


@dataclass
class Drawing:
    """All nouns as one engine has them, and the statements that were written for it since."""

    nouns: dict[MetaInfo, dict[str, Any]]
    statements: dict[Any, Any]


class _Drawings:
    def __init__(self) -> None:
        self._known: dict[str, Drawing] = {}
        self._now = ""

    def draw(self, apps: Apps) -> None:
        """In place of `Apps._build_initial_querysets`."""
        engine = apps._connections.get("default").capabilities.dialect
        nouns = [noun._meta for nouns in apps.apps.values() for noun in nouns.values()]
        known = self._known.get(engine)
        if known and list(known.nouns) == nouns:
            if engine != self._now:
                self._turn_to(engine, known)
            return
        self._keep_statements()
        EXECUTOR_CACHE.clear()
        _work_out(apps)
        self._known[engine] = Drawing({noun: _parts(noun) for noun in nouns}, {})
        self._now = engine

    def _turn_to(self, engine: str, known: Drawing) -> None:
        self._keep_statements()
        for noun, parts in known.nouns.items():
            for name, part in _copied(parts).items():
                setattr(noun, name, part)
        EXECUTOR_CACHE.clear()
        EXECUTOR_CACHE.update(known.statements)
        self._now = engine

    def _keep_statements(self) -> None:
        if self._now in self._known:
            self._known[self._now].statements = dict(EXECUTOR_CACHE)


def _parts(noun: MetaInfo) -> dict[str, Any]:
    return _copied({name: getattr(noun, name) for name in PARTS})


def _copied(parts: dict[str, Any]) -> dict[str, Any]:
    """Tortoise fills some of them again in place."""
    return {name: part.copy() if isinstance(part, dict | list) else part for name, part in parts.items()}


def once() -> None:
    drawings = _Drawings()
    Apps._discover_models = staticmethod(lambda module, app: [*_nouns_of(module, app)])  # type: ignore[method-assign, assignment]
    Apps._build_initial_querysets = lambda apps: drawings.draw(apps)  # type: ignore[method-assign, assignment]
