"""One thing has one name everywhere, local names included: what is of these types is called so."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.files import ROOT, ours

NAMES = {"Catalogue": "catalogue", "Household": "household"}
# The verbs that read one: « catalogue = await current_catalogue() ».
READERS = {
    "current_catalogue": "catalogue",
    "catalogue": "catalogue",  # request.catalogue()
    "Household.read": "household",
    "Household.of": "household",
}


def test_one_thing_has_one_name() -> None:
    rooms = ("models", "jobs", "web")
    product = [p for p in ours() if p.suffix == ".py" and p.relative_to(ROOT).parts[0] in rooms]
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: « {name} » is called « {right} » everywhere"
        for path in product
        for line, name, right in misnamed(path.read_text())
    ]
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize(
    "source",
    [
        "def price(known: Catalogue) -> int: ...",
        "def ask(people: Household | None) -> int: ...",
        "known = await current_catalogue()",
        "user, known = request.user, await request.catalogue()",
        "people = await Household.read(family)",
    ],
)
def test_another_name_is_found(source: str) -> None:
    [(_, name, right)] = misnamed(source)
    assert name in ("known", "people") and right in ("catalogue", "household")


@pytest.mark.parametrize(
    "source",
    [
        "def price(catalogue: Catalogue, households: dict[int, Household]) -> int: ...",
        "catalogue, now = await request.catalogue(), request.now",
        "tills = (await current_catalogue()).tills",
        "_kept: Catalogue | None = None",
    ],
)
def test_the_right_name_and_other_things_pass(source: str) -> None:
    assert list(misnamed(source)) == []


def misnamed(source: str) -> Iterator[tuple[int, str, str]]:
    """Line, name, and what it should be. A module's own `_kept` is private: it is not passed around."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.arg(arg=name, annotation=ast.expr() as annotation):
                right = NAMES.get(ast.unparse(annotation).removesuffix(" | None"), name)
                if name != right:
                    yield node.lineno, name, right
            case ast.Assign(targets=[target], value=value):
                for name, right in pairs(target, value):
                    if name != right:
                        yield node.lineno, name, right


def pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, str]]:
    """A name that is assigned, and the one that what it gets is called by."""
    match target, value:
        case ast.Tuple(elts=targets), ast.Tuple(elts=values):
            for one, its in zip(targets, values, strict=False):
                yield from pairs(one, its)
        case ast.Name(id=name), ast.Await(value=ast.Call(func=func)):
            read = ast.unparse(func)
            yield name, READERS.get(read, READERS.get(read.rpartition(".")[2], name))
