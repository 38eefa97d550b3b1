"""« Recherche »: pages and children by a few letters, for whom they are open: a page, and the palette's list."""

import re
from collections.abc import Awaitable, Callable

import pytest

from tests.engines import ON_SQLITE
from tests.portal import Client, Portal
from tests.web.checkout import parent, words

PAGE = "/mairie/recherche"
OpenPortal = Callable[..., Awaitable[Portal]]


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    """Lina's workshops wait for an answer."""
    town = await portal("demo", now="2025-11-03T10:00")
    camille = await parent(town, "camille.durand")
    await camille.tick("Lina", "Atelier", "2025-11-25", "2025-11-27")
    await camille.click()
    return town


async def found(browser: Client, typed: str) -> list[str]:
    page = await browser.get_page(f"{PAGE}?recherche={typed}")
    listed = page.partition('<section class="card pal-list"')[2].partition("</section>")[0]
    return re.findall(r'<a href="([^"]*)"', listed)


@ON_SQLITE
async def test_without_a_word_it_lists_the_pages_of_the_menu(town: Portal) -> None:
    mairie = await town.client("mairie")
    page = await mairie.get_page(PAGE)
    assert "/mairie/demandes" in await found(mairie, "") and "/mairie/compte" in await found(mairie, "")
    assert 'href="/mairie/recherche" data-opens="palette"' in page, "the way there, without scripts too"


@ON_SQLITE
async def test_a_few_letters_find_a_page_and_a_child(town: Portal) -> None:
    mairie = await town.client("mairie")
    assert await found(mairie, "LISTE d'attente") == ["/mairie/liste-attente"]
    hrefs = await found(mairie, "lina dur")
    *asked, family = hrefs
    assert len(asked) == 2 and all(href.startswith("/mairie/demandes?demande=") for href in asked)
    assert family.startswith("/mairie/familles/")
    page = await mairie.get_page(f"{PAGE}?recherche=lina")
    assert "Réserver Atelier" in words(page) and "mardi 25 novembre 2025" in words(page)
    assert "Lina" in words(await mairie.get_page(hrefs[0]))
    assert await found(mairie, "l") != hrefs, "one letter finds pages alone"


async def test_what_is_not_there_is_said(town: Portal) -> None:
    page = words(await (await town.client("mairie")).get_page(f"{PAGE}?recherche=personne"))
    assert "Rien pour « personne »" in page and "Toutes les pages" in page


@ON_SQLITE
async def test_the_kitchen_finds_only_what_it_may_open(town: Portal) -> None:
    kitchen = await town.client("cantine")
    assert await found(kitchen, "lina") == [] and await found(kitchen, "demandes") == []
    assert await found(kitchen, "tableau") == ["/mairie/tableau-de-bord"]


@ON_SQLITE
async def test_the_palette_gets_the_list_alone(town: Portal) -> None:
    mairie = await town.client("mairie")
    answer = await mairie.get(f"{PAGE}?recherche=lina", headers={"hx-request": "true"})
    assert "<html" not in answer.text and "/mairie/demandes?demande=" in answer.text
    assert "Tableau de bord" not in answer.text, "the pages stand in the palette already"
