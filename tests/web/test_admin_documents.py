"""« Documents » of the mairie: a file is checked as those of messages are, then everybody may download it."""

import html

import pytest

from models.publishing.published_document import PublishedDocument
from models.work.audit_log import Event
from tests.portal import Client, Portal, hidden
from tests.web.checkout import words
from tests.web.hostile import REFUSED, TAKEN, made
from tests.web.messaging import PDF, pdf, with_file
from tests.web.test_admin_news import OpenPortal

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
PLACE = "/mairie/documents"
NEW = "/mairie/documents/nouveau"
WRITTEN = {"titre": "Menus d’automne", "rubrique": "Cantine", "du": "2025-09-22", "au": "", "click": "one"}


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now="2025-09-22T10:00:00")


@pytest.fixture
async def mairie(town: Portal) -> Client:
    return await town.client("gestion")


async def test_what_the_mairie_publishes_a_stranger_downloads(town: Portal, mairie: Client) -> None:
    await mairie.get_page(NEW)
    for _ in range(2):  # a double click
        answer = await with_file(mairie).post(NEW, WRITTEN, ("automne.pdf", PDF))
        assert (answer.status_code, answer.headers["location"]) == (303, f"{PLACE}?fait=1")
    paper = await PublishedDocument.get(title="Menus d’automne")
    assert "Menus d’automne" in html.unescape(await mairie.get_page(PLACE))
    stranger = await town.client()
    assert "Cantine · Pdf" in words(await stranger.get_page("/documents"))
    assert (await stranger.get(f"/documents/{paper.id}")).content == PDF
    assert await Event.filter(action="document.written").count() == 1
    await town.verify()


async def test_it_keeps_its_file_until_another_comes(mairie: Client) -> None:
    paper = await PublishedDocument.get(code="guide")
    place = f"{PLACE}/{paper.id}"
    page = await mairie.get_page(place)
    assert "guide-portail.pdf" in page
    changed = {**WRITTEN, "revision": hidden(page, "revision")}
    assert (await with_file(mairie).post(place, changed)).status_code == 303
    kept = await PublishedDocument.get(id=paper.id)
    assert (kept.title, kept.sha256) == ("Menus d’automne", paper.sha256)
    over = await with_file(mairie).post(place, {**changed, "titre": "Autre"}, ("autre.pdf", PDF))
    assert over.status_code == 409 and "modifié entre-temps" in words(over.text)
    assert (
        await with_file(mairie).post(place, {**changed, "revision": "1"}, ("autre.pdf", PDF))
    ).status_code == 303
    assert (await mairie.get(f"{PLACE}/{paper.id}/fichier")).content == PDF
    assert (await with_file(mairie).post(place, {**changed, "titre": ""})).status_code == 422


async def test_withdrawn_then_put_back(town: Portal, mairie: Client) -> None:
    paper, stranger = await PublishedDocument.get(code="guide"), await town.client()
    answer = await mairie.post_form(f"{PLACE}/{paper.id}/retrait")
    assert "Le document est retiré." in words(await mairie.get_page(answer.headers["location"]))
    await stranger.get_page(f"/documents/{paper.id}", 404)
    await mairie.get_page(f"{PLACE}?etat=retires&recherche=aide")
    await mairie.post_form(f"{PLACE}/{paper.id}/remise")
    assert (await stranger.get(f"/documents/{paper.id}")).status_code == 200
    assert (await (await town.client("elu")).post_form(f"{PLACE}/{paper.id}/retrait")).status_code == 403


async def test_a_document_without_file_title_or_days_is_said_so(mairie: Client) -> None:
    answer = await with_file(mairie).post(NEW, {**WRITTEN, "titre": "", "au": "2025-09-01"})
    read = words(answer.text)
    assert answer.status_code == 422
    for said in (
        "Donnez un titre",
        "Choisissez un fichier.",
        "se termine avant de commencer",
    ):
        assert said in read
    long = await with_file(mairie).post(NEW, WRITTEN, ("gros.pdf", pdf(2 * 1024 * 1024 + 1)))
    assert long.status_code == 422 and "2 Mo au maximum" in words(long.text) and "Cantine" in long.text


async def test_no_file_that_nobody_should_open_is_published(mairie: Client) -> None:
    before = await PublishedDocument.all().count()
    for n, (what, (name, content, why)) in enumerate(REFUSED.items()):
        answer = await with_file(mairie).post(NEW, {**WRITTEN, "click": f"r{n}"}, (name, made(content)))
        assert answer.status_code == 422 and why in words(answer.text).replace("\u00a0", " "), what
    assert await PublishedDocument.all().count() == before
    for n, (what, (name, content, kept)) in enumerate(TAKEN.items()):
        answer = await with_file(mairie).post(NEW, {**WRITTEN, "click": f"t{n}"}, (name, made(content)))
        assert answer.status_code == 303, what
        paper = await PublishedDocument.all().order_by("-id").first()
        assert paper and paper.name == kept and b"<script>" not in paper.content, what
