"""What a commune file publishes: what it may say, and what it is told where it is wrong."""

import base64
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models.commune_file import WrongFile, parse, read, shift_to_year, shipped
from models.rules.menus.dishes import DishKind
from tests.models.test_commune_file import content
from tests.web.messaging import PDF

Change = Callable[[dict[str, Any]], object]
NEWS = {"code": "x", "title": "Titre", "from": date(2018, 9, 3), "body": "Texte"}
PAPER = {"code": "x", "title": "Titre", "from": date(2018, 9, 3), "file": "guide-portail.pdf"}


def with_news(**more: Any) -> Change:
    return lambda data: data.update(news=[NEWS | more])


def with_paper(**more: Any) -> Change:
    return lambda data: data.update(documents=[PAPER | more])


def with_menus(*weeks: dict[str, Any]) -> Change:
    return lambda data: data.update(menus=list(weeks))


def with_entries(**said: Any) -> Change:
    return lambda data: data["commune"].update(menu=said)


@pytest.mark.parametrize(
    ("change", "key", "expected"),
    [
        (lambda data: data.update(news=[NEWS, NEWS]), "news[1]", "« x » est déjà pris plus haut"),
        (with_news(to=date(2018, 9, 2)), "news[0]", "attendu le jour de « from » ou après"),
        (with_news(body=""), "news[0]", "« body » attendu, un texte"),
        (with_news(urgent="oui"), "news[0]", "attendu true ou false"),
        (with_news(html="<b>"), "news[0]", "n’est pas une clé connue ici"),
        (with_paper(file="../lens.toml"), "documents[0]", "dans le dossier de celui-ci"),
        (with_paper(file="/etc/passwd"), "documents[0]", "dans le dossier de celui-ci"),
        (with_paper(file="absent.pdf"), "documents[0]", "introuvable"),
        (with_paper(file="lens.toml"), "documents[0]", "un PDF simple"),
        (with_paper(content="pas du base64 !"), "documents[0]", "attendu en base64"),
        (with_paper(content=base64.b64encode(PDF[:40]).decode()), "documents[0]", "(damaged)"),
        (with_paper(to=date(2018, 9, 2)), "documents[0]", "attendu le jour de « from » ou après"),
        (with_menus({}), "menus[0]", "les plats d’un jour au moins"),
        (
            with_menus({"mon": [{"entrée": "Colin [poison]"}]}),
            "menus[0].mon[0]",
            "« poison » n’est ni un allergène",
        ),
        (with_menus({"mon": [{"entrée": "Colin [lait"}]}), "menus[0].mon[0]", "attendu, un nom de plat"),
        (with_menus({"mon": [{"plat": "Colin"}]}), "menus[0].mon[0]", "n’est pas une clé connue ici"),
        (with_entries(planning=False), "commune.menu", "il est toujours là"),
        (with_entries(factures="x" * 25), "commune.menu", "« factures »"),
        (with_entries(cantine="Cantine"), "commune.menu", "n’est pas une clé connue ici"),
        (lambda data: data["commune"].update(siret="123"), "commune", "un SIRET de 14 chiffres"),
    ],
)
def test_a_mistake_is_told_with_its_key(change: Change, key: str, expected: str) -> None:
    data = content("lens")
    change(data)
    with pytest.raises(WrongFile) as refused:
        parse(data, "lens.toml")
    assert refused.value.key == key and expected in str(refused.value).replace("\u00a0", " ")


def test_a_document_lies_beside_its_commune_file_or_in_it(tmp_path: Path) -> None:
    text = shipped("lens").read_text(encoding="utf-8")
    (tmp_path / "lens.toml").write_text(text, encoding="utf-8")
    assert read(tmp_path / "lens.toml") == read(shipped("lens")), "a copy without it has the product’s own"
    (tmp_path / "guide-portail.pdf").write_bytes(PDF)
    assert read(tmp_path / "lens.toml").documents[0].content == PDF
    data = content("lens")
    with_paper(content=base64.b64encode(PDF).decode())(data)
    assert parse(data, "lens.toml", tmp_path).documents[0].content == PDF


def test_what_is_dated_moves_with_the_demo_s_year() -> None:
    demo = shift_to_year(read(shipped("demo")), date(2026, 11, 30))
    assert {one.code: one.start for one in demo.news}["greve"] == date(2026, 11, 3)
    assert demo.documents[0].start == date(2026, 8, 25)


def test_a_week_has_its_dishes_by_day_and_kind() -> None:
    days = dict(read(shipped("demo")).menus[1].days)
    assert set(days) == {0, 1, 3, 4}
    assert [(dish.kind, dish.name) for dish in days[0][:2]] == [
        (DishKind.STARTER, "Velouté de potiron"),
        (DishKind.MAIN, "Filet de colin"),
    ]
