"""What is on the screens is written as French is printed: no-break spaces, ’, capitals with their accents."""

import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.files import ROOT

TEMPLATES = sorted((ROOT / "web").rglob("*.html"))
MODULES = sorted((ROOT / "web").rglob("*.py"))
BREAKS = re.compile("[ \u202f](?=[:;!?€»](?!=))|«(?!\u00a0)|[0-9] %(?!})")
GLUED = re.compile(r"[\w»)][:;!?€](?=\s|$)", re.MULTILINE)
STRAIGHT = re.compile(r"[^\W\d_]'[^\W\d_]")
WRONG = re.compile(r"\bA (payer|régler|faire|venir|noter|partir)\b|Tarifification|\bEtat\b|\bEcole")

each_template = pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "web"))
)


@each_template
def test_a_template_breaks_no_line_before_a_colon(path: Path) -> None:
    source = re.sub(r"(?s){#.*?#}", "", path.read_text(encoding="utf-8"))
    assert around(BREAKS, source) == []


@each_template
def test_a_template_is_printed_french(path: Path) -> None:
    said = words_of(path.read_text(encoding="utf-8"))
    assert [*around(GLUED, said), *around(STRAIGHT, said), *around(WRONG, said)] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT / "web")))
def test_a_sentence_of_a_page_breaks_no_line_before_a_colon(path: Path) -> None:
    found = [around(pattern, text) for text in sentences(path) for pattern in (BREAKS, WRONG)]
    assert [place for places in found for place in places] == []


def test_these_rules_can_fail() -> None:
    for wrong in ("Total : 3", "3 €", "« ici\u00a0»", "«\u00a0ici »", "quoi ?", "50 % du prix"):
        assert around(BREAKS, wrong) != [], wrong
    assert around(BREAKS, "Total\u00a0: 3\u00a0€ {% if a != b %}") == []
    assert around(GLUED, words_of('<p title="Quoi?">Bonjour!</p>{{ a }}: oui')) != []
    assert around(STRAIGHT, words_of("<p>l'école</p>")) and around(WRONG, words_of("<b>A payer</b>"))


def around(pattern: re.Pattern[str], text: str) -> list[str]:
    return [text[max(0, found.start() - 12) : found.end() + 12].strip() for found in pattern.finditer(text)]


def words_of(source: str) -> str:
    """What is read on the page: the text, and the attributes that are read aloud."""
    source = re.sub(r"(?s){#.*?#}|{%.*?%}", "", source)
    source = re.sub(r"(?s){{.*?}}", "x", source)
    aloud = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', source)
    return html.unescape("\n".join([re.sub(r"(?s)<[^>]*>", " ", source), *aloud]))


def sentences(path: Path) -> Iterator[str]:
    """The texts of a module that are no docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    notes = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            yield node.value
