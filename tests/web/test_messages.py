"""« Messages »: a parent writes, the mairie answers, each sees what is new; whose conversation it is."""

import re
from collections.abc import Awaitable, Callable

import pytest

from models.messages.department import Topic
from models.messages.thread import MOST_A_DAY, Message, MessageThread
from models.rules.attachments import MOST_BYTES
from models.rules.states.threads import ThreadState
from models.work.audit_log import Event
from models.work.email import Email
from tests.portal import Client, Portal
from tests.web.checkout import words
from tests.web.messaging import NEW, pdf, picture, with_file, written

OpenPortal = Callable[..., Awaitable[Portal]]
HOME = "/messages"


@pytest.fixture
async def lens(portal: OpenPortal) -> Portal:
    return await portal("lens", now="2018-08-27T10:00:00")


@pytest.fixture
async def claire(lens: Portal) -> Client:
    return await lens.client("famille15")


async def begun(browser: Client, **more: str) -> MessageThread:
    answer = await with_file(browser).post(NEW, await written(**more))
    assert answer.status_code == 303, words(answer.text)
    return await MessageThread.all().order_by("-id").first()  # type: ignore[return-value]


async def answered(town: Portal, thread: MessageThread, text: str = "Bonjour, la voici.") -> None:
    mairie = await town.client("gestion")
    answer = await with_file(mairie).post(f"/mairie/messages/{thread.id}", {"message": text})
    assert answer.status_code == 303, words(answer.text)
    await town.run_jobs()


async def emails() -> dict[str, Email]:
    return {email.recipient: email for email in await Email.all().order_by("id")}


def counted(page: str) -> bool:
    """Does the menu count unread answers? The bell beside it counts its own."""
    return bool(re.search(r'href="/messages"[^>]*>Messages\s*<span class="pip">1<', page))


async def test_a_parent_writes_and_the_mairie_answers(lens: Portal, claire: Client) -> None:
    """Story L8."""
    form = await claire.get_page(NEW)
    assert "Service restauration scolaire" in form and "PDF, JPG ou PNG, 2\u00a0Mo au maximum" in form
    assert "Recevoir une confirmation par e-mail" in form
    too_large = ("Facture mai.pdf", pdf(MOST_BYTES + 1))
    answer = await with_file(claire).post(NEW, await written(), too_large)
    page = words(answer.text)
    assert answer.status_code == 413 and "pèse un peu plus de 2 Mo" in page
    assert "je ne comprends pas la facture de mai." in page and not await MessageThread.exists()
    answer = await with_file(claire).post(NEW, await written(), ("Facture mai.pdf", pdf(1_900_000)))
    assert answer.status_code == 303
    page = words(await claire.get_page(answer.headers["location"]))
    assert "Votre message est envoyé au service restauration scolaire." in page
    assert "Facture de mai" in page and "En attente" in page and "Facture mai.pdf" in page
    await lens.run_jobs()
    sent = await emails()
    assert sent["claire@famille.example"].subject == "Votre message est envoyé\u00a0: Facture de mai"
    told = sent["restauration.scolaire@lens.example"]
    assert told.subject == "Portail famille\u00a0: nouveau message (Facturation et paiement)"
    assert "comprends" not in told.text + told.html and "Claire" not in told.text + told.html
    thread = await MessageThread.get()
    assert not counted(await claire.get_page("/accueil"))
    await answered(lens, thread)
    answer_told = await Email.get(subject="La mairie vous a répondu\u00a0: Facture de mai")
    assert answer_told.no_reply and "Ne répondez pas à ce courriel" in answer_told.text
    assert f"/messages/{thread.id}" in answer_told.html and "la voici" not in answer_told.html
    home = await claire.get_page("/accueil")
    assert "1 réponse non lue" in words(home) and counted(home)
    assert counted(await claire.get_page(HOME))
    read = await claire.get_page(f"{HOME}/{thread.id}")
    page = words(read)
    assert "Bonjour, la voici." in page and "Répondu" in page and "Gestion" not in page
    assert not counted(read)
    home = await claire.get_page("/accueil")
    assert "réponse non lue" not in words(home) and not counted(home)
    answer = await with_file(claire).post(f"{HOME}/{thread.id}", {"message": "Merci !"})
    assert answer.status_code == 303
    assert (await MessageThread.get()).state == ThreadState.OPEN
    noted = await Event.filter(action__startswith="message.").order_by("id").values_list("actor", "action")
    assert [action for _, action in noted] == ["message.sent", "message.answered", "message.sent"]
    await lens.verify()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_form_sent_twice_says_it_once(lens: Portal, claire: Client) -> None:
    fields = await written(click="once")
    first, again = await with_file(claire).post(NEW, fields), await with_file(claire).post(NEW, fields)
    assert first.headers["location"] == again.headers["location"]
    thread = await MessageThread.get()
    for _ in range(2):
        await with_file(claire).post(f"{HOME}/{thread.id}", {"message": "Et aussi…", "click": "twice"})
    assert await Message.all().count() == 2


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_what_is_missing_is_said_and_the_text_is_kept(portal: OpenPortal) -> None:
    town = await portal("demo", now="2025-09-22T10:00:00")
    sophie = await town.client("sophie.moreau")
    answer = await with_file(sophie).post(NEW, {"message": "Mon texte"})
    page = words(answer.text)
    assert answer.status_code == 422 and "Mon texte" in page
    for said in ("Choisissez un service.", "Choisissez un thème.", "Saisissez un objet."):
        assert said in page, said
    other = await Topic.get(name="Facture")
    answer = await with_file(sophie).post(NEW, await written("Absence", theme=str(other.id)))
    assert answer.status_code == 422 and "Choisissez un thème de ce service." in words(answer.text)
    answer = await with_file(sophie).post(NEW, await written("Absence", objet="x" * 101))
    assert answer.status_code == 422 and "100 caractères au maximum" in words(answer.text)
    part = words((await sophie.get(f"/messages/themes?service={other.department_id}")).text)
    assert "Attestation fiscale" in part and "Absence" not in part
    assert not await Message.exists()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_without_the_box_nobody_is_told(lens: Portal, claire: Client) -> None:
    await begun(claire, confirmation="")
    await lens.run_jobs()
    assert list(await emails()) == ["restauration.scolaire@lens.example"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_commune_without_departments_has_no_messages(portal: OpenPortal) -> None:
    town = await portal("lezignan", now="2016-09-16T10:00:00")
    nadia = await town.client("nadia.roux")
    assert "/messages" not in await nadia.get_page("/accueil")
    assert "ne reçoit pas de messages" in words(await nadia.get_page(NEW))
    assert (await with_file(nadia).post(NEW, {"message": "Bonjour"})).status_code == 422


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_the_two_homes_of_a_child_read_their_own(portal: OpenPortal) -> None:
    """Zoé lives with Julie and with Thomas: what one writes about her is not the other's."""
    town = await portal("demo", now="2025-09-22T10:00:00")
    julie, thomas = await town.client("julie.leroy"), await town.client("thomas.leroy")
    page = await julie.get_page(NEW)
    zoe = re.search(r'value="(\d+)"[^>]*>Zoé', page)
    assert zoe
    answer = await with_file(julie).post(
        NEW, await written("Absence", enfant=zoe[1]), ("mot.pdf.png", picture("PNG"))
    )
    assert answer.status_code == 303
    thread = await MessageThread.get()
    assert thread.child_id == int(zoe[1])
    await answered(town, thread)
    assert "Facture de mai" not in await thomas.get_page(HOME) + await thomas.get_page(
        f"{HOME}?liste=envoyes"
    )
    assert "non lu" not in words(await thomas.get_page("/accueil"))
    for path in (f"{HOME}/{thread.id}", f"{HOME}/{thread.id}/pieces/1"):
        assert (await thomas.get(path)).status_code == 404
        assert (await julie.get(path)).status_code == 200
    assert (await with_file(thomas).post(f"{HOME}/{thread.id}", {"message": "Moi aussi"})).status_code == 404
    hers = await Topic.get(name="Absence")
    camille = await town.client("camille.durand")
    fields = await written(hers.name, enfant=zoe[1])
    assert (await with_file(camille).post(NEW, fields)).status_code == 404


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_both_parents_of_a_household_share_it(portal: OpenPortal) -> None:
    town = await portal("demo", now="2025-09-22T10:00:00")
    camille, olivier = await town.client("camille.durand"), await town.client("olivier.durand")
    thread = await begun(camille, topic="Absence")
    page = words(await olivier.get_page(f"{HOME}/{thread.id}"))
    assert "Camille Durand" in page and "Vous" not in page.split("Facture de mai")[-1]
    await answered(town, thread)
    told = await Email.filter(subject__startswith="La mairie vous a répondu").values_list(
        "recipient", flat=True
    )
    assert sorted(map(str, told)) == ["camille@durand.example", "olivier@durand.example"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_family_writes_so_many_messages_a_day(lens: Portal, claire: Client) -> None:
    thread = await begun(claire)
    await Message.bulk_create(
        [
            Message(
                thread_id=thread.id,
                guardian_id=thread.guardian_id,
                key=f"k{n}",
                text="…",
                sent_at=thread.begun_at,
            )
            for n in range(MOST_A_DAY - 1)
        ]
    )
    for path, fields in ((NEW, await written()), (f"{HOME}/{thread.id}", {"message": "Encore"})):
        answer = await with_file(claire).post(path, fields)
        assert answer.status_code == 429 and "Réessayez demain" in words(answer.text)
        assert fields["message"].split("\n")[-1] in answer.text


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_received_and_sent_are_read_page_by_page(lens: Portal, claire: Client) -> None:
    assert "rien envoyé" in words(await claire.get_page(HOME))
    first = await begun(claire, objet="Première question")
    for n in range(31):
        await begun(claire, objet=f"Question {n:02}", confirmation="")
    assert "Aucun message de la mairie" in words(await claire.get_page(f"{HOME}?liste=recus"))
    page = words(await claire.get_page(HOME))
    assert "Question 30" in page and "Première question" not in page and "Plus anciens" in page
    assert "Première question" in words(await claire.get_page(f"{HOME}?liste=envoyes&page=2"))
    await answered(lens, first)
    page = words(await claire.get_page(HOME))
    assert "Première question" in page and "Question 30" not in page


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_what_is_written_is_shown_as_text(lens: Portal, claire: Client) -> None:
    thread = await begun(claire, objet="<b>Urgent</b>", message="<script>alert(1)</script>")
    for browser, path in ((claire, HOME), (await lens.client("gestion"), "/mairie/messages")):
        page = await browser.get_page(f"{path}/{thread.id}") + await browser.get_page(path)
        assert "<script>alert" not in page and "<b>Urgent" not in page and "&lt;b&gt;Urgent" in page
