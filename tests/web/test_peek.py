"""The lines of the draft, in the sheet that opens from the cart of the planning."""

import re
from collections.abc import Awaitable, Callable

import pytest

from tests.engines import ON_SQLITE
from tests.portal import Client, Portal
from tests.web.checkout import Parent, parent, words
from tests.web.grid import cell, element

OpenPortal = Callable[..., Awaitable[Portal]]
MEAL = "Rest Sco Pré Paiement 2018-2019"
LINES = "/planning/panier"
WEEK = "/planning?vue=semaine&debut=2018-09-03&modifier=1"


@pytest.fixture
async def lens(portal: OpenPortal) -> Parent:
    return await parent(await portal("lens", now="2018-08-27T10:00"), "famille15")


async def test_each_line_has_its_child_its_day_and_its_price(lens: Parent) -> None:
    await lens.tick("Juliette", MEAL, "2018-09-03")
    await lens.tick("Chloé", "ACM du Soir", "2018-09-04")
    await lens.tick("Chloé", MEAL, "2018-09-03")
    said = words(await lens.browser.get_page(LINES))
    assert f"Chloé Paiement immédiat {MEAL} lundi 3 septembre : 3,40 €" in said
    assert "ACM du Soir mardi 4 septembre : 1,50 €" in said
    assert said.index("Chloé") < said.index("Juliette") and said.rstrip().endswith("Total : 8,30 €")


@ON_SQLITE
async def test_without_lines_it_says_so(lens: Parent) -> None:
    assert words(await lens.browser.get_page(LINES)).strip() == "Aucune modification en attente."


async def test_without_scripts_the_text_leads_to_the_recap(lens: Parent) -> None:
    way = '<a class="bag" href="/planning/recapitulatif" data-dialog="saisies" aria-haspopup="dialog">'
    for page in (await lens.browser.get_page(WEEK), await lens.browser.get_page("/planning")):
        inside = page.partition(way)[2].partition("</a>")[0]
        assert '<p class="say" id="panier">' in inside
        assert '<dialog class="drawer" id="saisies"' in page


@ON_SQLITE
async def test_a_tick_makes_the_sheet_fetch_again(lens: Parent) -> None:
    answer = await ticked(lens.browser)
    assert "Chargement…" in element(answer, "lignes") and f'data-hx-get="{LINES}"' in answer
    assert len(answer.encode()) <= 1500


async def ticked(browser: Client) -> str:
    op = f"{await cell('Juliette', 'ACM du Matin', '2018-09-03')}:1"
    place = [("vue", "semaine"), ("debut", "2018-09-03"), ("modifier", "1")]
    answer = await browser.post_part("/planning/operations", [("op", op), *place])
    assert re.search(r'id="lignes"[^>]*data-hx-swap-oob="true"', answer.text)
    return answer.text
