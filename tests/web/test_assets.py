import gzip
import re
from pathlib import Path

import brotli
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from web.page.assets import ROOT, SCRIPT, SHEET, addresses, asset, scripts, staff_scripts, static_routes

client = TestClient(Starlette(routes=static_routes))


def test_an_address_changes_with_the_content_and_is_kept_for_ever() -> None:
    answer = client.get(asset(SHEET))
    assert re.fullmatch(r"/static/portail-[0-9a-f]{12}\.css", asset(SHEET))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    again = client.get(asset(SHEET), headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("accepted", "how"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=1.0, gzip;q=0.8", "br"),
        ("gzip", "gzip"),
        ("brand-new", None),
        ("identity", None),
    ],
)
def test_texts_are_packed_for_who_can_read_it(accepted: str, how: str | None) -> None:
    path = asset("htmx-4.0.1.min.js")
    plain = client.get(path, headers={"Accept-Encoding": "identity"}).content
    with client.stream("GET", path, headers={"Accept-Encoding": accepted}) as answer:
        sent = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding") == how and answer.headers["vary"] == "Accept-Encoding"
    unpacked = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[how](sent)
    assert unpacked == plain and int(answer.headers["content-length"]) == len(sent)
    assert len(sent) <= {"br": 0.33, "gzip": 0.36, None: 1}[how] * len(plain)


def test_a_file_opened_by_itself_loads_nothing() -> None:
    for name in (SHEET, SCRIPT, "icons.svg"):
        assert client.get(asset(name)).headers["content-security-policy"].startswith("default-src 'none';")


def test_scripts_travel_without_their_comments() -> None:
    written = [path.read_text() for path in [*scripts(), *staff_scripts()]]
    sent = client.get(asset(SCRIPT)).text
    assert all(script.startswith("//") for script in written) and len(sent) < len("".join(written)) * 0.8
    assert "function outboxStore(" in sent and "Entries of two tabs" not in sent
    vendored = (ROOT / "static" / "vendor" / "htmx-4.0.1.min.js").read_text()
    assert client.get(asset("htmx-4.0.1.min.js")).text == vendored


def test_each_statement_of_a_script_ends_so_that_its_line_can_go() -> None:
    assert [path.name for path in [*scripts(), *staff_scripts()] if runs_on(path.read_text())] == []
    assert runs_on("first() // so\nsecond();") and runs_on("const act = () => {\n  first();\n}\nsecond();")
    assert not runs_on("function act() {\n  first();\n}\nact();")


def runs_on(script: str) -> bool:
    """Does a statement end with its line alone, or with the brace of what it names?"""
    bare = re.sub(r"(^|\s)//.*", "", script)
    line, brace = (
        r"^( *)\S.*[\w)\]\"'`]\n\1(?=[\w(\[])",
        r"^( *)(?:const|let|return)\b.*\n(?:(?:\1 .*)?\n)*?\1}$",
    )
    return any(re.search(pattern, bare, re.MULTILINE) for pattern in (line, brace))


def test_the_sheet_travels_without_comments_and_needless_spaces() -> None:
    """Except what an empty value is made of, and what stands between quotes."""
    sheet = client.get(asset(SHEET)).text
    assert "/*" not in sheet and not re.search(r"[{};,]\s", re.sub(r'"[^"]*"', "", sheet))
    assert (
        "--light:initial;--dark: ;" in sheet
        and "svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'" in sheet
    )
    assert "calc(3.5rem + 1px + env(" in sheet and ".hello h1{" in sheet


def test_what_is_not_there_is_not_found() -> None:
    assert client.get("/static/portail.css").status_code == 404
    assert client.get("/static/..%2Fpyproject.toml").status_code == 404


def test_the_sheet_holds_every_component_and_names_its_layers_first() -> None:
    sheet = client.get(asset(SHEET)).text
    assert sheet.startswith("@layer tokens,base,parts,screens;")
    assert sheet.count("@layer tokens,") == 1
    for part in (".cell", ".ticket", ".hero"):
        assert part in sheet


def test_parents_do_not_fetch_the_sheets_of_the_mairie_and_of_the_demo_bank() -> None:
    sheet = client.get(asset(SHEET)).text
    for name, part in (("mairie.css", ".sidenav"), ("banque.css", ".bank"), ("reglement.css", ".rulebook")):
        assert part in client.get(asset(name)).text and part not in sheet
        assert asset(name) not in addresses()


def test_style_keeps_the_rules_of_the_house() -> None:
    """No !important, directions by reading order, every colour has a name."""
    for path in sheets():
        css = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        assert "!important" not in css, path
        assert not re.search(r"(margin|padding|border)-(left|right|top|bottom)\b", css), path
        coloured = re.findall(r"([\w-]+)\s*:[^;{}]*#[0-9a-fA-F]{3,8}\b", css)
        assert [name for name in coloured if not name.startswith("--")] == [], path


def sheets() -> list[Path]:
    return [*ROOT.glob("static/*.css"), *ROOT.glob("web/components/**/*.css")]
