"""A change shows in a diff: lines, rules and files that one reads at once."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.files import ROOT, ours

TEMPLATE_LINE, FILE_LINES, MODULES, DECLARATIONS = 160, 300, 15, 4
TEMPLATES = [
    path
    for path in ours()
    if path.suffix in (".html", ".txt") and path.relative_to(ROOT).parts[0] in ("web", "jobs")
]
SHEETS = [
    path
    for path in ours()
    if path.suffix == ".css"
    and path.relative_to(ROOT).parts[0] in ("web", "static")
    and "vendor" not in path.parts
]
CODE = [
    path
    for path in ours()
    if path.suffix == ".py"
    and path.relative_to(ROOT).parts[0] in ("models", "web", "jobs", "tests")
    and "migrations" not in path.parts
]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_a_template_has_one_element_a_line_where_a_line_would_be_long() -> None:
    long = [
        f"{name(path)}:{n}"
        for path in TEMPLATES
        for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > TEMPLATE_LINE
    ]
    assert long == [], (
        "one element a line; {#- #} or {%- %} where no space may show, and what is decided goes to Python"
    )


def test_a_rule_of_many_declarations_has_one_a_line() -> None:
    crowded = [
        f"{name(path)}:{n}" for path in SHEETS for n in crowded_rules(path.read_text(encoding="utf-8"))
    ]
    assert crowded == [], "one declaration a line: the sheet is made small when it is served"


def test_a_crowded_rule_is_noticed() -> None:
    assert list(crowded_rules("a { b: c; d: e; f: g; h: i; }")) == []
    assert list(crowded_rules("\n@media x {\n  a { b: c; d: e; f: g; h: i; j: k }\n}")) == [3]
    assert list(crowded_rules("a {\n  b: c;\n  d: e;\n  f: g; h: i;\n  j: k;\n}")) == [1]
    assert (
        list(crowded_rules('a {\n  b: url("x;y;z");\n  d: e;\n  f: g;\n  /* ; */\n  h: i;\n  j: k;\n}')) == []
    )


def crowded_rules(css: str) -> Iterator[int]:
    """The line of each rule that has more than four declarations, and two of them on one line."""
    bare = re.sub(r"/\*.*?\*/|\"[^\"]*\"", lambda found: "\n" * found[0].count("\n"), css, flags=re.DOTALL)
    for rule in re.finditer(r"{([^{}]*)}", bare):
        declarations = [part for part in rule[1].split(";") if part.strip()]
        lines = sum(1 for line in rule[1].splitlines() if ":" in line)
        if len(declarations) > DECLARATIONS and lines < len(declarations):
            yield bare.count("\n", 0, rule.start()) + 1


def test_a_file_of_code_is_short() -> None:
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in CODE}
    long = {path: lines for path, lines in lengths.items() if lines > FILE_LINES}
    assert long == {}, "split it by what it is about"


def test_a_folder_holds_few_modules() -> None:
    folders = {path.parent for path in CODE if path.relative_to(ROOT).parts[0] in ("models", "web")}
    crowded = [name(folder) for folder in sorted(folders) if len(modules_of(folder)) > MODULES]
    assert crowded == [], "give what belongs together a folder of its own"


def modules_of(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*.py") if path.name not in ("__init__.py", "__main__.py")]
