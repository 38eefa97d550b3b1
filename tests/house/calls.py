"""Which functions of the portal a function may call, as its text says it."""

import ast
import importlib
import inspect
import pkgutil
import textwrap
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from types import FunctionType, MethodType, ModuleType
from typing import Any

from tortoise.models import Model

import models

OURS = ("models.", "web.components.")


def reaches(
    start: Callable[..., Any], wanted: Iterable[Callable[..., Any]], past: Iterable[Callable[..., Any]] = ()
) -> bool:
    """May `start` come to one of these, through whatever functions of the portal but `past`?"""
    goals, seen, left = {_plain(one) for one in wanted}, {_plain(one) for one in past}, [_plain(start)]
    while left:
        one = left.pop()
        if one in goals:
            return True
        if one is not None and one not in seen:
            seen.add(one)
            left += _called(one)
    return False


@cache
def _called(function: FunctionType) -> tuple[FunctionType, ...]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    names = {**function.__globals__, **_imported(tree)}
    for name in _own(tree):
        names.pop(name, None)
    owner = function.__qualname__.rpartition(".")[0]
    if owner in names:
        names |= {"cls": names[owner], "self": names[owner]}
    found: set[FunctionType] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            found.update(_functions(_value(node, names)))
        if isinstance(node, ast.Await) and isinstance(node.value, ast.Call):
            found.update(_of_a_row(node.value.func, names))
    return tuple(found - {function})


def _own(tree: ast.AST) -> Iterator[str]:
    """What a function gives a value itself is not what its module calls so."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _imported(tree: ast.AST) -> dict[str, Any]:
    """What a function imports for itself."""
    found: dict[str, Any] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            module = importlib.import_module(node.module)
            for alias in node.names:
                try:
                    found[alias.asname or alias.name] = getattr(module, alias.name)
                except AttributeError:
                    found[alias.asname or alias.name] = importlib.import_module(f"{node.module}.{alias.name}")
    return found


def _functions(value: Any) -> Iterator[FunctionType]:
    values = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else (value,)
    for one in values:
        for part in one if isinstance(one, tuple) else (one,):
            if (plain := _plain(part)) is not None:
                yield plain


def _of_a_row(verb: ast.expr, names: dict[str, Any]) -> list[FunctionType]:
    """`await row.verb(…)`: that of the one noun that has such a verb, or of the one that the module speaks of."""
    if not isinstance(verb, ast.Attribute) or _value(verb, names) is not None:
        return []
    found = _methods().get(verb.attr, [])
    named = [one for one in found if one.__qualname__.partition(".")[0] in names]
    return next((some for some in (found, named) if len(some) == 1), [])


def _value(node: ast.expr, names: dict[str, Any]) -> Any:
    """Of a name, or of what is written behind one: a module's function, a noun's verb."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if not isinstance(node, ast.Attribute):
        return None
    owner = _value(node.value, names)
    return getattr(owner, node.attr, None) if isinstance(owner, ModuleType | type) else None


def _plain(value: Any) -> FunctionType | None:
    value = inspect.unwrap(value) if callable(value) else value
    value = value.__func__ if isinstance(value, MethodType) else value
    return value if isinstance(value, FunctionType) and value.__module__.startswith(OURS) else None


@cache
def _methods() -> dict[str, list[FunctionType]]:
    """The verbs of all nouns by name: of a row, a text does not say which noun's it is."""
    found: dict[str, list[FunctionType]] = {}
    for info in pkgutil.walk_packages(models.__path__, "models."):
        if ".migrations" in info.name or info.name.endswith("__main__"):
            continue
        module = importlib.import_module(info.name)
        for noun in vars(module).values():
            if isinstance(noun, type) and noun.__module__ == info.name:
                for name, method in vars(noun).items():
                    if (plain := _plain(getattr(method, "__func__", method))) and not hasattr(Model, name):
                        found.setdefault(name, []).append(plain)
    return found
