"""The files of messages: what is refused and why, what is kept, that nothing is ever shown inside a page."""

import hashlib
import re
from collections.abc import Awaitable, Callable
from io import BytesIO

import pytest
from PIL import Image

from models.messages.attachment import MessageAttachment
from models.messages.thread import Message
from models.rules.attachments import LONGEST_NAME, MOST_A_DAY, MOST_BYTES, FileType
from tests.portal import Client, Portal
from tests.web.checkout import words
from tests.web.hostile import REFUSED, SCRIPT, TAKEN, made
from tests.web.messaging import NEW, PDF, pdf, picture, with_file, written
from web.http.attachments import HEARD

OpenPortal = Callable[..., Awaitable[Portal]]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
KEPT_TEXT = "je ne comprends pas la facture de mai."
ALL = {"application/pdf", "image/jpeg", "image/png"}


@pytest.fixture
async def lens(portal: OpenPortal) -> Portal:
    return await portal("lens", now="2018-08-27T10:00:00")


@pytest.fixture
async def claire(lens: Portal) -> Client:
    return await lens.client("famille15")


async def test_a_file_of_two_megabytes_goes_and_a_byte_more_does_not(claire: Client) -> None:
    """Story L8: it is refused with its size, and the text is kept."""
    content = pdf(MOST_BYTES)
    assert len(content) == MOST_BYTES
    answer = await with_file(claire).post(NEW, await written(), ("mot.pdf", content))
    assert answer.status_code == 303
    kept = await MessageAttachment.get()
    assert (kept.size, kept.sha256) == (MOST_BYTES, hashlib.sha256(content).hexdigest())
    answer = await with_file(claire).post(NEW, await written(), ("mot.pdf", pdf(MOST_BYTES + 1)))
    page = words(answer.text)
    assert answer.status_code == 413 and KEPT_TEXT in page and "Facture de mai" in answer.text
    assert (
        "Le fichier « mot.pdf » pèse un peu plus de 2 Mo. Choisissez un fichier de 2 Mo au maximum." in page
    )
    assert await Message.all().count() == 1


async def test_a_photo_of_a_telephone_is_refused_with_its_size(claire: Client) -> None:
    answer = await with_file(claire).post(
        NEW, await written(), ("photo.jpg", picture() + bytes(5 * 1024 * 1024))
    )
    assert answer.status_code == 413 and KEPT_TEXT in answer.text
    assert "pèse 5 Mo" in words(answer.text)
    assert re.search(r'<option value="\d+" selected>Facturation et paiement', answer.text)
    answer = await with_file(claire).post(NEW, await written(), ("photo.jpg", bytes(HEARD + 1)))
    assert answer.status_code == 413 and "2\u00a0Mo au maximum" in answer.text
    assert not await Message.exists()


@pytest.mark.parametrize("name", REFUSED)
async def test_a_hostile_file_is_refused_and_the_text_is_kept(claire: Client, name: str) -> None:
    called, content, why = REFUSED[name]
    answer = await with_file(claire).post(NEW, await written(), (called, made(content)))
    page = words(answer.text)
    assert answer.status_code == 422 and why in page and KEPT_TEXT in page
    assert "Votre texte est gardé" in page and "alert(" not in answer.text
    assert not await MessageAttachment.exists() and not await Message.exists()


@pytest.mark.parametrize("name", TAKEN)
async def test_what_is_kept_is_only_what_it_says(lens: Portal, claire: Client, name: str) -> None:
    called, content, kept_as = TAKEN[name]
    answer = await with_file(claire).post(NEW, await written(), (called, made(content)))
    assert answer.status_code == 303, words(answer.text)
    kept = await MessageAttachment.get()
    assert kept.name == kept_as and SCRIPT not in kept.content
    assert kept.sha256 == hashlib.sha256(kept.content).hexdigest() and kept.size == len(kept.content)
    path = answer.headers["location"].partition("?")[0] + f"/pieces/{kept.id}"
    for browser, where in ((claire, path), (await lens.client("gestion"), f"/mairie{path}")):
        served = await browser.get(where)
        assert served.status_code == 200 and served.content == kept.content
        assert served.headers["content-type"] in ALL
        assert served.headers["content-disposition"].startswith('attachment; filename="')
        assert served.headers["x-content-type-options"] == "nosniff"
        assert served.headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert served.headers["cache-control"] == "no-store"


async def test_a_picture_is_upright_and_says_nothing_of_where_it_was_taken(claire: Client) -> None:
    marks = Image.Exif()
    marks[0x0112], marks[0x010F] = 6, "A telephone"  # lies on its side
    answer = await with_file(claire).post(
        NEW, await written(), ("photo.jpg", picture(size=(40, 30), exif=marks))
    )
    assert answer.status_code == 303
    with Image.open(BytesIO((await MessageAttachment.get()).content)) as shown:
        assert shown.size == (30, 40) and not shown.getexif() and shown.format == "JPEG"


async def test_a_long_name_is_cut_and_its_ending_kept(claire: Client) -> None:
    await with_file(claire).post(NEW, await written(), ("é" * 200 + ".PDF", PDF))
    kept = await MessageAttachment.get()
    assert len(kept.name) == LONGEST_NAME and kept.name.endswith("é.pdf") and kept.kind == FileType.PDF


async def test_a_family_sends_so_many_files_a_day(claire: Client) -> None:
    await with_file(claire).post(NEW, await written(), ("mot.pdf", PDF))
    message = await Message.get()
    for n in range(MOST_A_DAY - 1):
        await MessageAttachment.create(
            message_id=message.id, name=f"{n}.pdf", kind=FileType.PDF, size=1, sha256="0" * 64, content=b"%"
        )
    answer = await with_file(claire).post(
        f"/messages/{message.thread_id}", {"message": "Un autre"}, ("mot.pdf", PDF)
    )
    assert answer.status_code == 429 and "20 fichiers en un jour" in words(answer.text)
    assert "Un autre" in answer.text and await Message.all().count() == 1
    await MessageAttachment.create(
        message_id=message.id,
        name="x.pdf",
        kind=FileType.PDF,
        size=50 * 1024**2,
        sha256="0" * 64,
        content=b"%",
    )
    assert (
        await with_file(claire).post(f"/messages/{message.thread_id}", {"message": "Sans"})
    ).status_code == 303


@pytest.mark.parametrize("place", ["/messages", "/mairie/messages"])
async def test_an_answer_keeps_its_text_too(lens: Portal, claire: Client, place: str) -> None:
    await with_file(claire).post(NEW, await written())
    thread = (await Message.get()).thread_id
    browser = claire if place == "/messages" else await lens.client("gestion")
    for chosen in (("mot.pdf", SCRIPT), ("mot.pdf", pdf(MOST_BYTES + 1))):
        answer = await with_file(browser).post(f"{place}/{thread}", {"message": "Ma réponse"}, chosen)
        assert answer.status_code in (413, 422) and "Ma réponse" in answer.text, answer.status_code
        assert "Le fichier « mot.pdf »" in words(answer.text)
    assert await Message.all().count() == 1


async def test_a_file_of_another_conversation_is_not_there(claire: Client) -> None:
    for _ in range(2):
        await with_file(claire).post(NEW, await written(), ("mot.pdf", PDF))
    first, second = await MessageAttachment.all().order_by("id").values_list("id", "message__thread_id")
    assert (await claire.get(f"/messages/{second[1]}/pieces/{first[0]}")).status_code == 404
    assert (await claire.get(f"/messages/{second[1]}/pieces/{second[0]}")).status_code == 200
