import ast
from pathlib import Path

import pytest

from tests.house.files import COMPONENTS, ROOT, components

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
    prefix = "admin_" if folder.parent.name == "admin" else ""
    assert (ROOT / "tests" / "web" / f"test_{prefix}{folder.name}.py").exists()


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
