"""« Actualités » of the mairie: written, looked at, shown, withdrawn, put back."""

import html
import re
from collections.abc import Awaitable, Callable

import pytest

from models.publishing.news import News
from models.work.audit_log import Event
from tests.portal import Client, Portal, hidden
from tests.web.checkout import words

OpenPortal = Callable[..., Awaitable[Portal]]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
PLACE = "/mairie/actualites"
NEW = "/mairie/actualites/nouvelle"
WRITTEN = {
    "titre": "Kermesse le 3 octobre",
    "resume": "Venez nombreux.",
    "texte": "**Samedi** à l’école\u00a0:\n\n- jeux\n- [programme](/documents)",
    "du": "2025-09-22",
    "au": "2025-10-03",
    "click": "one",
}


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now="2025-09-22T10:00:00")


@pytest.fixture
async def mairie(town: Portal) -> Client:
    return await town.client("gestion")


async def test_what_the_mairie_writes_a_stranger_reads(town: Portal, mairie: Client) -> None:
    assert 'value="2025-09-22"' in await mairie.get_page(NEW)
    for _ in range(2):  # a double click
        answer = await mairie.post_form(NEW, WRITTEN)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{PLACE}?fait=1")
    news = await News.get(title="Kermesse le 3 octobre")
    assert "L’actualité est enregistrée." in words(await mairie.get_page(f"{PLACE}?fait=1"))
    stranger = await town.client()
    assert "Kermesse le 3 octobre" in await stranger.get_page("/")
    page = await stranger.get_page(f"/actualites/{news.id}")
    assert "<strong>Samedi</strong>" in page and "<li>jeux</li>" in page and 'href="/documents"' in page
    event = await Event.get(action="news.written")
    assert event.details == {"title": "Kermesse le 3 octobre", "starts": "2025-09-22", "ends": "2025-10-03"}
    await town.verify()


async def test_a_preview_writes_nothing_and_shows_no_html(mairie: Client) -> None:
    hostile = {
        **WRITTEN,
        "texte": "**Oui** <script>alert(1)</script> [ici](javascript:alert(1))",
        "apercu": "1",
    }
    answer = await mairie.post_form(NEW, hostile)
    assert answer.status_code == 200 and "<strong>Oui</strong>" in answer.text
    assert "<script>alert" not in answer.text and 'href="javascript' not in answer.text
    assert hidden(answer.text, "click") == "one" and "Kermesse" in answer.text
    assert not await News.filter(title=WRITTEN["titre"]).exists()


async def test_what_is_missing_or_wrong_is_said_and_the_rest_kept(mairie: Client) -> None:
    answer = await mairie.post_form(NEW, {**WRITTEN, "titre": "", "texte": "", "au": "2025-09-01"})
    read = words(answer.text)
    assert answer.status_code == 422 and "Erreur" in answer.text.partition("</title>")[0]
    for said in ("Donnez un titre", "Écrivez le texte", "se termine avant de commencer"):
        assert said in read
    assert "Venez nombreux." in html.unescape(answer.text)


async def test_a_change_over_somebody_elses_is_told(town: Portal, mairie: Client) -> None:
    news = await News.get(code="rentree")
    place = f"{PLACE}/{news.id}"
    page = await mairie.get_page(place)
    assert "Réserver la rentrée" in html.unescape(page)
    changed = {**WRITTEN, "revision": hidden(page, "revision")}
    preview = await mairie.post_form(place, {**changed, "apercu": "1"})
    assert hidden(preview.text, "revision") == "0" and (await News.get(code="rentree")).revision == 0
    assert (await mairie.post_form(place, changed)).status_code == 303
    other = await (await town.client("mairie")).post_form(place, {**changed, "titre": "Autre"})
    assert other.status_code == 409 and "a été modifiée entre-temps" in words(other.text)
    assert (await News.get(code="rentree")).title == "Kermesse le 3 octobre"
    assert (await mairie.post_form(place, {**changed, "titre": ""})).status_code == 422


async def test_withdrawn_then_put_back_from_the_list(town: Portal, mairie: Client) -> None:
    news = await News.get(code="rentree")
    answer = await mairie.post_form(f"{PLACE}/{news.id}/retrait")
    page = await mairie.get_page(answer.headers["location"])
    assert "L’actualité est retirée." in words(page) and f'action="{PLACE}/{news.id}/remise"' in page
    stranger = await town.client()
    await stranger.get_page(f"/actualites/{news.id}", 404)
    listed = words(await mairie.get_page(f"{PLACE}?etat=retirees"))
    assert "Réserver la rentrée" in listed and "végétarien" not in listed
    await mairie.post_form(f"{PLACE}/{news.id}/remise")
    await stranger.get_page(f"/actualites/{news.id}")
    assert await Event.filter(object=f"news:{news.id}").count() == 2


async def test_the_list_filters_sorts_and_finds(mairie: Client) -> None:
    for asked, titles in (
        ("", ["greve", "vegetarien", "rentree"]),
        ("?tri=du", ["rentree", "vegetarien", "greve"]),
        ("?etat=a-venir", ["greve"]),
        ("?etat=publiees", ["vegetarien", "rentree"]),
        ("?etat=passees", []),
        ("?recherche=vegetarien", ["vegetarien"]),
    ):
        page = await mairie.get_page(f"{PLACE}{asked}")
        ids = [int(id) for id in re.findall(r'id="actualite-(\d+)"', page)]
        assert [(await News.get(id=id)).code for id in ids] == titles, asked


async def test_a_reader_looks_and_changes_nothing(town: Portal) -> None:
    reader, news = await town.client("elu"), await News.get(code="rentree")
    assert "Nouvelle actualité" not in await reader.get_page(PLACE)
    assert "Aperçu" in await reader.get_page(f"{PLACE}/{news.id}")
    assert (await reader.post_form(f"{PLACE}/{news.id}/retrait")).status_code == 403
    await (await town.client("gestion")).get_page(f"{PLACE}/999999", 404)
