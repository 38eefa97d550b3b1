"""« Guide d’utilisation »: the chapters of what the commune has, and its paper."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from jobs import papers
from models.french.guide.chapters import CHAPTERS
from tests.documents.reading import words as words_of_pdf
from tests.portal import Portal
from tests.web.checkout import words

OpenPortal = Callable[..., Awaitable[Portal]]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def test_it_has_the_chapters_of_what_is_on_and_a_paper(portal: OpenPortal) -> None:
    town = await portal("demo", now="2025-09-22T10:00")
    visitor = await town.client()
    page = await visitor.get_page("/aide/guide")
    for chapter in CHAPTERS:
        assert f'id="{chapter.anchor}"' in page and f'href="#{chapter.anchor}"' in page, chapter.anchor
    for step in ("payer-1", "payer-2", "payer-4", "absence-2", "absence-3", "factures-2", "factures-3"):
        assert page.index(f'id="{step[:-2]}"') < page.index(f"guide-{step}"), step
    assert "Le Pdf est en préparation." in words(page)
    assert (await visitor.get("/aide/guide/pdf")).status_code == 303
    for _ in range(2):
        await papers.draw_rulebook()
    assert "Télécharger en Pdf" in words(await visitor.get_page("/aide/guide"))
    paper = (await visitor.get("/aide/guide/pdf")).content
    read = " ".join(words_of_pdf(paper).split())
    assert paper.count(b"/Subtype /Image") == page.count("guide__picture"), "each picture of the page"
    assert "Guide d’utilisation" in read and "Réserver une semaine" in read and "4. " in read
    parent = await town.client("sophie.moreau")
    for view, anchor in (("semaine", "une-semaine"), ("mois", "un-mois")):
        assert f'href="/aide/guide#{anchor}"' in await parent.get_page(f"/planning?vue={view}")
    await town.verify()


async def test_what_the_commune_does_not_offer_has_no_chapter(portal: OpenPortal) -> None:
    def less(content: dict[str, Any]) -> None:
        content["commune"]["menu"] = {"factures": False}
        content["departments"] = []

    town = await portal("demo", now="2025-09-22T10:00", change=less)
    page = await (await town.client()).get_page("/aide/guide")
    assert 'id="factures"' not in page and 'id="messages"' not in page and 'id="absence"' in page
