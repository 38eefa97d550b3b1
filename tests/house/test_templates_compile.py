from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from tests.house.files import ROOT


def test_every_template_compiles_and_can_be_found_by_a_page() -> None:
    environment = pages_environment()
    names = environment.list_templates(extensions=["html"])
    found = {Path(environment.get_template(name).filename or "").resolve() for name in names}
    assert found == {path.resolve() for path in (ROOT / "web").rglob("*.html")}


def pages_environment() -> Environment:
    """The one that draws the pages: it knows their filters."""
    if not find_spec("web") or not find_spec("web.page.templates"):
        return Environment(loader=FileSystemLoader(ROOT / "web"), autoescape=True)
    page = import_module("web.page.templates")
    return next(value for value in vars(page).values() if isinstance(value, Environment))
