"""`[commune.menu]`: what the entries of the parents' menu are called, and which there are."""

import re
from typing import Any

import pytest

from tests.web.checkout import words
from tests.web.test_published import OpenPortal

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
NOW = "2018-08-27T10:00:00"


def entries(page: str, name: str) -> list[str]:
    """The words of a menu, in its order."""
    found = re.search(rf'<nav class="{name}".*?</nav>', page, re.S)
    assert found
    return [words(one) for one in re.findall(r"<a .*?</a>", found[0], re.S)]


async def test_without_a_word_of_the_commune_the_menu_is_the_usual_one(portal: OpenPortal) -> None:
    page = await (await (await portal("lens", now=NOW)).client("famille15")).get_page("/accueil")
    assert entries(page, "topnav") == [
        "Accueil",
        "Planning",
        "Récapitulatif",
        "Factures",
        "Messages",
        "Inscriptions",
    ]
    assert entries(page, "tabbar") == ["Accueil", "Planning", "Récap", "Factures", "Compte"]


def own(content: dict[str, Any]) -> None:
    content["commune"]["menu"] = {
        "planning": "Mon planning",
        "recapitulatif": "Panier",
        "factures": "Facturation",
        "messages": False,
        "actualites": True,
        "menus": "À table",
    }


async def test_the_commune_has_its_own_words_on_phone_and_desktop(portal: OpenPortal) -> None:
    page = await (await (await portal("lens", now=NOW, change=own)).client("famille15")).get_page("/accueil")
    assert entries(page, "topnav") == [
        "Accueil",
        "Mon planning",
        "Panier",
        "Facturation",
        "Inscriptions",
        "Actualités",
        "À table",
    ]
    assert entries(page, "tabbar") == ["Accueil", "Mon planning", "Panier", "Facturation", "Compte"]
    tiles = re.search(r'<nav class="tiles".*?</nav>', page, re.S)
    assert tiles and "À table" in words(tiles[0]) and "Messages" not in words(tiles[0])
