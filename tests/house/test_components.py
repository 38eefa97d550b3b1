import ast
import inspect
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import get_type_hints

import pytest
from starlette.responses import Response

from tests.house.files import COMPONENTS, ROOT, components
from web.http.auth import PortalRequest, anyone, member, parent, staff

each_component = pytest.mark.parametrize(
    "folder", components(), ids=lambda folder: str(folder.relative_to(COMPONENTS))
)


@each_component
def test_a_component_is_a_package_with_a_module_of_its_name(folder: Path) -> None:
    assert (folder / f"{folder.name}.py").exists()
    assert (folder / "__init__.py").exists(), "without it the import contracts do not see the component"


@each_component
def test_a_component_is_in_the_table_of_contents(folder: Path) -> None:
    assert folder.name in words_of(ROOT / "web" / "app.py")


@each_component
def test_a_component_has_its_tests(folder: Path) -> None:
    """Each of its routes is asked for by them, with its method. A part may have a file of its own (`peek.html`,
    `test_peek.py`), and so may a subject (`test_payment_ends.py`); helpers that they import from beside them count.
    """
    prefix = "admin_" if folder.parent.name == "admin" else ""
    own = ROOT / "tests" / "web" / f"test_{prefix}{folder.name}.py"
    assert own.exists()
    parts = [own.with_name(f"test_{path.stem}.py") for path in folder.glob("*.*") if path.stem != folder.name]
    parts += own.parent.glob(f"{own.stem}_*.py")
    asked = set().union(*(asks(path) for path in with_helpers([own, *filter(Path.exists, parts)])))
    name = ".".join(("web.components", *folder.relative_to(COMPONENTS).parts, folder.name))
    routes = [
        (method, route.path) for route in import_module(name).routes for method in route.methods - {"HEAD"}
    ]
    unasked = [
        f"{method} {path}" for method, path in routes if not any(answers(path, method, ask) for ask in asked)
    ]
    assert unasked == [], f"no test in {own.name} asks for these"


@each_component
def test_each_handler_has_a_guard(folder: Path) -> None:
    """It says whose requests the handler takes, and types them."""
    routes = import_module(
        ".".join(("web.components", *folder.relative_to(COMPONENTS).parts, folder.name))
    ).routes
    bare = [route.path for route in routes if not is_guarded(route.endpoint)]
    assert bare == [], "put @anyone, @parent, @staff(*menu.roles) or @member of web/http/auth.py above"


def test_a_handler_without_a_guard_is_noticed() -> None:
    async def bare(request: PortalRequest) -> Response:
        return Response()

    assert not is_guarded(bare)
    assert all(is_guarded(guard(bare)) for guard in (anyone, parent, member, staff("cashier")))


@each_component
def test_nothing_is_untyped_between_a_guard_and_a_verb(folder: Path) -> None:
    """A handler says whose request it takes, and no function of a component takes or gives back just anything."""
    module = import_module(".".join(("web.components", *folder.relative_to(COMPONENTS).parts, folder.name)))
    vague = []
    for route in module.routes:
        said = get_type_hints(inspect.unwrap(route.endpoint))
        asked, answered = said.get("request"), said.get("return")
        if not (isinstance(asked, type) and issubclass(asked, PortalRequest) and answered is Response):
            vague.append(f"{route.path}: request: {asked}, returns {answered}")
    for path in folder.glob("*.py"):
        vague += [f"{path.name}: {name}" for name in anythings(ast.parse(path.read_text(encoding="utf-8")))]
    assert vague == [], (
        "ParentRequest, StaffRequest or PortalRequest of web/http/auth.py; a type for the rest"
    )


def anythings(tree: ast.Module) -> list[str]:
    """Functions with an argument or a result that is `Any`; what goes through to a template as `**facts` may be."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            hints = [one.annotation for one in given] + [node.returns]
            if any(isinstance(hint, ast.Name) and hint.id == "Any" for hint in hints):
                found.append(node.name)
    return found


def test_an_untyped_function_is_noticed() -> None:
    assert anythings(ast.parse("def f(a: Any, **more: Any) -> int: ...")) == ["f"]
    assert anythings(ast.parse("async def g(a: int, **more: Any) -> Any: ...")) == ["g"]
    assert anythings(ast.parse("def h(a: dict[str, Any], **more: Any) -> int: ...")) == []


def is_guarded(handler: Callable[..., object]) -> bool:
    return inspect.unwrap(handler) is not handler


def test_a_route_that_no_test_asks_for_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "test_thing.py"
    path.write_text(
        'PAGE = "/chose"\n'
        "async def test_it(browser, id):\n"
        '    await browser.get_page(f"{PAGE}?jour=3")\n'
        '    await browser.post_form(f"/chose/{id}/fin")\n'
        '    assert "/autre" in await browser.get("/chose/" + "loin")\n',
        encoding="utf-8",
    )
    asked = asks(path)
    assert any(answers("/chose", "GET", ask) for ask in asked)
    assert any(answers("/chose/{id:int}/fin", "POST", ask) for ask in asked)
    for missing in (
        ("/chose", "POST"),
        ("/chose/{id:int}/fin", "GET"),
        ("/autre", "GET"),
        ("/chose/{id:int}", "POST"),
    ):
        assert not any(answers(*missing, ask) for ask in asked), missing


@pytest.mark.parametrize("folder", ["web", "models", "jobs"])
def test_every_folder_of_code_is_a_package(folder: str) -> None:
    """The import contracts look only into packages."""
    folders = {path.parent for path in (ROOT / folder).rglob("*.py")}
    assert [path for path in sorted(folders) if not (path / "__init__.py").exists()] == []


def words_of(path: Path) -> set[str]:
    """The names that the code uses; those in comments and texts do not count."""
    words: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                words.add(name)
            case ast.alias(name=name):
                words.update(name.split("."))
            case ast.ImportFrom(module=str(name)):
                words.update(name.split("."))
    return words


GETS = {"get", "get_page", "get_part", "stream"}
POSTS = {"post", "post_form", "post_part"}
ANY = "\0"  # what is only known when the test runs


def asks(path: Path) -> set[tuple[str, str]]:
    """(method, address) of each request that the file writes down; what is put in is ANY."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = constants(tree)
    found = set()
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        if name in GETS | POSTS:
            found |= {("GET" if name in GETS else "POST", text) for text in texts(call.args[0], said)}
        elif name == "request" and len(call.args) > 1 and isinstance(call.args[0], ast.Constant):
            found |= {(str(call.args[0].value), text) for text in texts(call.args[1], said)}
    return found


def constants(tree: ast.Module) -> dict[str, str]:
    """Names of the module that stand for a text, also those that it takes from another."""
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant | ast.JoinedStr):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            found.update((name, text) for name in names for text in texts(node.value, found))
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("tests."):
            module = import_module(str(node.module))
            values = {alias.name: getattr(module, alias.name) for alias in node.names}
            found.update((name, value) for name, value in values.items() if isinstance(value, str))
    return found


def texts(node: ast.expr, said: dict[str, str]) -> set[str]:
    match node:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.Name(id=name) if name in said:
            return {said[name]}
        case ast.JoinedStr(values=parts):
            return {"".join(min(texts(part, said) or {ANY}) for part in parts)}
        case ast.FormattedValue(value=value):
            return texts(value, said)
        case ast.BinOp(left=left, op=ast.Add()):
            return {f"{text}{ANY}" for text in texts(left, said)}
        case ast.IfExp(body=body, orelse=other):
            return texts(body, said) | texts(other, said)
    return set()


def answers(path: str, method: str, ask: tuple[str, str]) -> bool:
    """Would this route take that request? What a test puts in fills one part of an address."""
    address = ask[1].partition("?")[0]
    wanted = "".join(
        "[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"({[^}]*})", path)
    )
    if ask[0] != method or not address.strip(ANY):
        return False
    filled = "".join("[^/]+" if part == ANY else re.escape(part) for part in re.split(f"({ANY})", address))
    return bool(re.fullmatch(wanted, address) or re.fullmatch(filled, path))


def with_helpers(files: list[Path]) -> list[Path]:
    """And what they import from tests/web: the steps that several of them share."""
    found = list(files)
    for path in found:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("tests.web."):
                helper = ROOT / f"{str(node.module).replace('.', '/')}.py"
                if helper.exists() and not helper.name.startswith("test_") and helper not in found:
                    found.append(helper)
    return found
