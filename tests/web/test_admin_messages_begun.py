"""« Messages » of the mairie: a conversation that it begins, whose it is, its notes; a message to many families."""

import re
from collections.abc import Awaitable, Callable

import pytest

from models.families.family import Family
from models.messages.canned_answer import CannedAnswer
from models.messages.department import Topic
from models.messages.mass.mass_message import MassMessage
from models.messages.note import ThreadNote
from models.messages.thread import Message, MessageThread
from models.rules.states.threads import ThreadState
from models.work.audit_log import Event
from models.work.email import Email
from tests.portal import Client, Portal, hidden
from tests.web.checkout import words
from tests.web.messaging import PDF, pdf, with_file

OpenPortal = Callable[..., Awaitable[Portal]]
PLACE = "/mairie/messages"
NEW = "/mairie/messages/nouveau"
MASS = "/mairie/messages/envois"
NEW_MASS = "/mairie/messages/envois/nouveau"
PREVIEW = "/mairie/messages/envois/apercu"
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now="2025-09-22T10:00:00")


@pytest.fixture
async def mairie(town: Portal) -> Client:
    return await town.client("gestion")


async def written(**more: str) -> dict[str, str]:
    topic = await Topic.get(name="Facture")
    said = {
        "theme": str(topic.id),
        "objet": "Certificat d’Emma",
        "message": "Bonjour,\nil nous manque.",
        "click": "c",
    }
    return said | more


async def test_the_mairie_begins_a_conversation_which_the_family_goes_on(
    town: Portal, mairie: Client
) -> None:
    """Found by a name, sent twice and with a file that is refused first; told, read, answered, looked after."""
    family = await Family.get(number="VF-1002")
    assert "Sophie Moreau" in words(await mairie.get_page(f"{NEW}?recherche=moreau"))
    assert "Rien ne correspond" in words(await mairie.get_page(f"{NEW}?recherche=personne"))
    page = await mairie.get_page(f"{NEW}?famille={family.id}")
    assert "Emma" in words(page) and "Facture" in page
    form = await written(famille=str(family.id))
    sending = with_file(mairie)
    for wrong in ({"objet": ""}, {"theme": "0"}, {"message": " "}):
        answer = await sending.post(NEW, form | wrong)
        assert answer.status_code == 422
        assert ("il nous manque" in answer.text) is ("message" not in wrong)
    heavy = await sending.post(NEW, form, ("scan.pdf", pdf(2 * 1024 * 1024 + 1)))
    assert heavy.status_code == 413 and "il nous manque" in heavy.text and "2 Mo" in words(heavy.text)
    assert not await MessageThread.all().exists()
    answers = [await sending.post(NEW, form, ("modele.pdf", PDF)) for _ in range(2)]
    thread = await MessageThread.get()
    assert {answer.headers["location"] for answer in answers} == {f"{PLACE}/{thread.id}?fait=debut"}
    page = words(await mairie.get_page(f"{PLACE}/{thread.id}?fait=debut"))
    assert "Votre message est envoyé." in page and "par Gestion" in page and "Répondu" in page
    await town.run_jobs()
    mail = await Email.get(recipient="sophie@moreau.example")
    assert "La mairie vous écrit" in mail.subject and "il nous manque" not in mail.text and mail.no_reply
    sophie = await town.client("sophie.moreau")
    assert "non lu" in words(await sophie.get_page("/messages"))
    theirs = words(await sophie.get_page(f"/messages/{thread.id}"))
    assert "il nous manque" in theirs and "modele.pdf" in theirs and "Gestion" not in theirs
    await with_file(sophie).post(f"/messages/{thread.id}", {"message": "Le voici.", "click": "d"})
    await _looked_after(town, mairie, sophie, thread.id)


async def _looked_after(town: Portal, mairie: Client, sophie: Client, id: int) -> None:
    place = f"{PLACE}/{id}"
    page = await mairie.get_page(place)
    agent = re.search(r'<option value="(\d+)" translate="no">Gestion', page)
    assert agent
    for _ in range(2):  # twice is once
        await mairie.post_form(f"{PLACE}/{id}/suivi", {"agent": agent[1]})
        await mairie.post_form(f"{PLACE}/{id}/notes", {"note": "Vu avec l’école", "click": "n"})
        await mairie.post_form(f"{PLACE}/{id}/attente")
    await mairie.post_form(f"{place}/suivi", {"agent": "999"})
    thread = await MessageThread.get(id=id)
    assert (thread.state, thread.assigned_id) == (ThreadState.SET_ASIDE, int(agent[1]))
    assert await ThreadNote.all().count() == 1
    page = words(await mairie.get_page(place))
    assert "Vu avec l’école" in page and "En attente" in page
    for asked, there in (
        ("etat=en-attente", True),
        ("etat=a-traiter", False),
        (f"agent={agent[1]}", True),
        ("agent=personne", False),
    ):
        assert ("Certificat d’Emma" in await mairie.get_page(f"{PLACE}?{asked}")) is there, asked
    theirs = await sophie.get_page(f"/messages/{id}")
    assert "Vu avec" not in theirs and "Gestion" not in theirs and "En attente" in theirs
    reader = await town.client("elu")
    assert "Vu avec l’école" in words(await reader.get_page(place))
    for verb in ("suivi", "notes", "attente"):
        assert (await reader.post_form(f"{place}/{verb}", {"note": "x"})).status_code == 403
    actions = await Event.filter(object=f"thread:{id}").order_by("id").values_list("action", flat=True)
    assert list(map(str, actions)) == ["thread.assigned", "thread.noted", "thread.set_aside"]
    await mairie.post_form(f"{place}/suivi", {"agent": ""})
    assert (await MessageThread.get(id=id)).assigned_id is None
    await CannedAnswer.create(title="Limite", text="Avant {limite}.", made_at=thread.begun_at)
    canned = await CannedAnswer.get()
    filled = words(await mairie.get_page(f"{place}?modele={canned.id}"))
    assert re.search(r"Avant \w+ \d+ \w+ 2025 à \d+:\d+\.|Avant \w+ \d+ \w+ à \d+:\d+\.", filled), filled


async def test_a_message_to_many_is_counted_confirmed_by_a_word_and_sent_once(
    town: Portal, mairie: Client
) -> None:
    """Urgent: its words are in the e-mail. The families answer, and the mairie finds that in its inbox."""
    number = await Family.all().count()
    page = words(await mairie.get_page(NEW_MASS))
    assert f"{number} familles, c’est-à-dire toutes" in page
    part = words((await mairie.get(f"{PREVIEW}?solde=du")).text)
    assert "avec une somme à régler" in part and f"{number} familles" not in part
    form = await written(objet="Grève jeudi", message="La cantine ferme jeudi.", envoi="urgent", click="m")
    assert (await mairie.post_form(NEW_MASS, form | {"objet": ""})).status_code == 422
    assert (
        await mairie.post_form(NEW_MASS, form | {"jour": "2025-09-28"})
    ).status_code == 422  # nobody comes
    confirm = await mairie.post_form(NEW_MASS, form)
    assert confirm.status_code == 200 and "Tapez URGENT" in words(confirm.text)
    sent = form | {"lu": hidden(confirm.text, "lu"), "confirmer": "1"}
    for wrong in ({"mot": ""}, {"mot": "ENVOYER"}, {"mot": "urgent", "lu": "3-x"}):
        assert (await mairie.post_form(NEW_MASS, sent | wrong)).status_code == 422, wrong
    assert not await MassMessage.all().exists()
    answers = [await mairie.post_form(NEW_MASS, sent | {"mot": "urgent"}) for _ in range(2)]
    mass = await MassMessage.get()
    place = f"{MASS}/{mass.id}"
    assert [answer.headers["location"] for answer in answers] == [place] * 2
    assert f"0 sur {number}" in words(await mairie.get_page(f"{MASS}/{mass.id}"))
    assert f"0 sur {number}" in words((await mairie.get(f"{MASS}/{mass.id}/avancement")).text)
    await town.run_jobs()
    assert (await mairie.get(f"{MASS}/{mass.id}/avancement")).headers["hx-refresh"] == "true"
    assert await Message.all().count() == number
    [mail] = await Email.filter(recipient="sophie@moreau.example")
    assert "URGENT" in mail.subject and "La cantine ferme jeudi." in mail.text
    sophie = await town.client("sophie.moreau")
    thread = await MessageThread.get(family__number="VF-1002")
    assert "La cantine ferme jeudi." in words(await sophie.get_page(f"/messages/{thread.id}"))
    assert "Grève jeudi" not in await mairie.get_page(PLACE)
    await with_file(sophie).post(f"/messages/{thread.id}", {"message": "Merci.", "click": "d"})
    assert "Grève jeudi" in await mairie.get_page(PLACE)
    listed = words(await mairie.get_page(MASS))
    assert f"{number} sur {number} 1 1" in listed, listed
    assert await Event.filter(action="mass_message.sent").count() == 1
    reader = await town.client("elu")
    assert (
        "Grève jeudi" in await reader.get_page(MASS)
        and (await reader.post_form(NEW_MASS, sent)).status_code == 403
    )
