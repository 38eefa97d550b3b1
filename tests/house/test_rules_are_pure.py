"""Rules take `now` and whole cents as arguments; beyond that they have only the standard library."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.files import ROOT

CLOCKS = {"now", "utcnow", "today", "monotonic", "perf_counter"}
OUTSIDE = {
    "os",
    "time",
    "random",
    "secrets",
    "socket",
    "subprocess",
    "asyncio",
    "sqlite3",
    "pathlib",
    "urllib",
}
RULES = sorted((ROOT / "models" / "rules").rglob("*.py"))


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_a_rule_is_pure(path: Path) -> None:
    assert list(faults(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "datetime.now(PARIS)",
        "date.today()",
        "price = 1.5",
        "price: float",
        "import time",
        "import httpx",
        "from models.bookings.cart import CartLine",
        "async def price(): ...",
        "print(1)",
    ],
)
def test_what_is_not_pure_is_found(source: str) -> None:
    assert list(faults(source))


@pytest.mark.parametrize(
    "source", ["from models.rules import money", "from datetime import date", "now < end"]
)
def test_what_is_pure_is_left_alone(source: str) -> None:
    assert list(faults(source)) == []


def faults(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if fault := fault_of(node):
            yield f"line {getattr(node, 'lineno', '?')}: {fault}"


def fault_of(node: ast.AST) -> str | None:
    match node:
        case ast.Call(func=ast.Attribute(attr=name)) if name in CLOCKS:
            return f"reads a clock with {name}()"
        case ast.Constant(value=float()) | ast.Name(id="float"):
            return "uses a float"
        case ast.AsyncFunctionDef() | ast.Await():
            return "waits"
        case ast.Call(func=ast.Name(id="print" | "open" | "input")):
            return "talks to the outside"
        case ast.Import(names=names):
            return next((f"imports {alias.name}" for alias in names if not allowed(alias.name)), None)
        case ast.ImportFrom(module=module, level=0) if not allowed(module or ""):
            return f"imports {module}"
    return None


def allowed(module: str) -> bool:
    top = module.partition(".")[0]
    return module.startswith("models.rules") or (top in sys.stdlib_module_names and top not in OUTSIDE)
