"""What is written is used: every function, method, class and constant has a caller outside the tests."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.house.files import ROOT, ours

PRODUCT = ("web", "models", "jobs")
KIT_PAGE = ROOT / "tests" / "kit"  # shows the parts of the mairie's kit that no screen uses yet
NAME = re.compile(r"\b[A-Za-z_]\w*\b")
# Called by a library under this name, or read by nothing but tools.
BY_NAME = {
    "to_db_value": "Tortoise's field",
    "get_reset_query": "Tortoise's pool of connections",
    "_in_transaction": "Tortoise's client",
    "_find_related_models": "Tortoise's state of a migration",
    "_reload": "Tortoise's state of a migration",
    "_project_state": "Tortoise's migrations",
    "dispatch": "Starlette's middleware",
    "on_end": "Starlette's reader of forms with files",
}
OF_TESTS = {
    "run_due": "one round of the runner, without its loop",
    "run_all": "the runner until nothing is left: what the loop does for ever",
    "token_of": "a test's browser needs what a form holds",
}


def test_every_function_has_a_caller_outside_the_tests() -> None:
    paths = [path for path in ours() if path.relative_to(ROOT).parts[0] in PRODUCT]
    used = Counter(
        name
        for path in [*paths, *KIT_PAGE.glob("*.py")]
        if path.suffix in (".py", ".html", ".txt")
        for name in NAME.findall(path.read_text("utf-8"))
    )
    dead = [
        f"{path.relative_to(ROOT)}: {name} is used nowhere; delete it, or say in {Path(__file__).name} who calls it"
        for path in paths
        if path.suffix == ".py" and "migrations" not in path.parts
        for name in defined(ast.parse(path.read_text("utf-8")).body)
        if used[name] == 1 and name not in BY_NAME | OF_TESTS
    ]
    assert dead == [], "\n".join(dead)


def test_every_rule_decides_something() -> None:
    """A rule that only tests call proves nothing about the portal. Here a mere word of the same name is no caller."""
    product = [path for path in ours() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PRODUCT]
    called = {name for path in product for name in calls(path)}
    idle = [
        f"{path.relative_to(ROOT)}: nobody calls {node.name}()"
        for path in sorted((ROOT / "models" / "rules").rglob("*.py"))
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if called.isdisjoint({f"{path.stem}.{node.name}", f"{path.parent.name}.{node.name}"})
    ]
    assert idle == [], "\n".join(idle)


def calls(path: Path) -> Iterator[str]:
    """`deadlines.is_open`, for what the file uses of a rule: imported by name, through its module, or at home."""
    tree = ast.parse(path.read_text("utf-8"))
    loaded = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    if "rules" in path.parts:
        yield from (f"{path.stem}.{name}" for name in loaded)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("models.rules."):
            module = (node.module or "").rpartition(".")[2]
            yield from (
                f"{module}.{alias.name}" for alias in node.names if (alias.asname or alias.name) in loaded
            )
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"


def test_what_is_excused_is_there() -> None:
    words = {
        name for path in ours() if path.suffix == ".py" for name in NAME.findall(path.read_text("utf-8"))
    }
    assert BY_NAME.keys() | OF_TESTS.keys() <= words


def defined(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        match node:
            case ast.ClassDef():
                yield node.name
                yield from defined([one for one in node.body if not isinstance(one, ast.Assign)])
            case ast.FunctionDef() | ast.AsyncFunctionDef() if not node.name.startswith("__"):
                yield node.name
            case ast.Assign():
                yield from (
                    target.id
                    for target in node.targets
                    if isinstance(target, ast.Name) and not target.id.startswith("__")
                )
