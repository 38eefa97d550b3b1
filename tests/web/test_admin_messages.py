"""« Messages » of the mairie: the inbox, a conversation and its answer, the answers that are often given."""

from collections.abc import Awaitable, Callable

import pytest

from models.messages.attachment import MessageAttachment
from models.messages.canned_answer import CannedAnswer
from models.messages.department import Department
from models.messages.thread import Message, MessageThread
from models.rules.states.threads import ThreadState
from models.work.audit_log import Event
from tests.portal import Client, Portal
from tests.web.checkout import words
from tests.web.messaging import NEW, PDF, with_file, written

OpenPortal = Callable[..., Awaitable[Portal]]
PLACE = "/mairie/messages"
CANNED = "/mairie/messages/reponses-types"
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    """Sophie asks about Emma's canteen, Camille about her invoice, with a paper."""
    town = await portal("demo", now="2025-09-22T10:00:00")
    for who, topic, subject, chosen in (
        ("sophie.moreau", "Absence", "Emma absente vendredi", ("", b"")),
        ("camille.durand", "Facture", "Facture de mai", ("facture.pdf", PDF)),
    ):
        answer = await with_file(await town.client(who)).post(
            NEW, await written(topic, objet=subject), chosen
        )
        assert answer.status_code == 303
    return town


@pytest.fixture
async def mairie(town: Portal) -> Client:
    return await town.client("gestion")


async def thread_of(subject: str) -> MessageThread:
    return await MessageThread.get(subject=subject)


async def test_the_inbox_is_filtered_and_exported(town: Portal, mairie: Client) -> None:
    page = words(await mairie.get_page(PLACE))
    assert "2 conversations à traiter" in page and "dont 2 avec du nouveau" in page and "1 fichier" in page
    emma, invoice = await thread_of("Emma absente vendredi"), await thread_of("Facture de mai")
    await mairie.get_page(f"{PLACE}/{emma.id}")  # read
    await with_file(mairie).post(f"{PLACE}/{invoice.id}", {"message": "La voici."}, ("duplicata.pdf", PDF))
    for asked, subjects in (
        ("", {"Emma absente vendredi", "Facture de mai"}),
        ("etat=a-traiter", {"Emma absente vendredi"}),
        ("etat=repondus", {"Facture de mai"}),
        ("etat=non-lus", set()),
        ("etat=clos", set()),
        (f"service={invoice.department_id}", {"Facture de mai"}),
        ("recherche=moreau", {"Emma absente vendredi"}),
        ("recherche=VF-1001", {"Facture de mai"}),
        ("recherche=absence", {"Emma absente vendredi"}),
        ("recherche=personne", set()),
        ("tri=objet", {"Emma absente vendredi", "Facture de mai"}),
        ("tri=-famille", {"Emma absente vendredi", "Facture de mai"}),
    ):
        file = (await mairie.get(f"{PLACE}?{asked}&export=csv")).content.decode("utf-8-sig")
        found = {subject for subject in ("Emma absente vendredi", "Facture de mai") if subject in file}
        assert found == subjects, asked
        shown = words(await mairie.get_page(f"{PLACE}?{asked}"))
        assert all(subject in shown for subject in subjects), asked


async def test_a_conversation_is_answered_closed_and_opened_again(town: Portal, mairie: Client) -> None:
    invoice = await thread_of("Facture de mai")
    place = f"{PLACE}/{invoice.id}"
    page = words(await mairie.get_page(place))
    for said in (
        "Camille Durand",
        "dossier VF-1001",
        "Lina, Noé",
        "facture.pdf",
        "À traiter",
        "06 00 00 10 01",
    ):
        assert said in page, said
    assert "« Régie », et non votre nom" in page
    kept = await MessageAttachment.get()
    assert (await mairie.get(f"{PLACE}/{invoice.id}/pieces/{kept.id}")).content == PDF
    assert (await with_file(mairie).post(place, {"message": " "})).status_code == 422
    answer = await with_file(mairie).post(
        place, {"message": "La voici.\r\nBonne journée"}, ("duplicata.pdf", PDF)
    )
    page = words(await mairie.get_page(answer.headers["location"]))
    assert "Votre réponse est envoyée." in page and "Gestion" in page and "pas encore lu" in page
    camille = await town.client("camille.durand")
    theirs = words(await camille.get_page(f"/messages/{invoice.id}"))
    assert "La voici. Bonne journée" in theirs and "duplicata.pdf" in theirs and "Gestion" not in theirs
    assert "lu par la famille" in words(await mairie.get_page(place))
    for verb, state, said in (
        ("cloture", ThreadState.CLOSED, "La conversation est close."),
        ("reouverture", ThreadState.ANSWERED, "La conversation est rouverte."),
        ("cloture", ThreadState.CLOSED, "La conversation est close."),
    ):
        for _ in range(2):  # twice is once
            answer = await mairie.post_form(f"{place}/{verb}")
        assert said in words(await mairie.get_page(answer.headers["location"]))
        assert (await thread_of("Facture de mai")).state == state
    assert "votre réponse la rouvrira" in words(await camille.get_page(f"/messages/{invoice.id}"))
    await with_file(camille).post(f"/messages/{invoice.id}", {"message": "Merci"})
    assert (await thread_of("Facture de mai")).state == ThreadState.OPEN
    actions = (
        await Event.filter(object=f"thread:{invoice.id}").order_by("id").values_list("action", flat=True)
    )
    assert list(map(str, actions)) == ["thread.closed", "thread.reopened", "thread.closed"]
    await mairie.post_form(f"{PLACE}/{invoice.id}/cloture")
    await mairie.post_form(f"{PLACE}/{invoice.id}/reouverture")
    assert (await thread_of("Facture de mai")).state == ThreadState.OPEN  # the family had the last word


async def test_an_answer_sent_twice_is_one(town: Portal, mairie: Client) -> None:
    place = f"{PLACE}/{(await thread_of('Facture de mai')).id}"
    for _ in range(2):
        await with_file(mairie).post(place, {"message": "La voici.", "click": "once"})
    assert await Message.filter(member_id__isnull=False).count() == 1


async def test_a_reader_reads_and_marks_nothing(town: Portal) -> None:
    reader, emma = await town.client("elu"), await thread_of("Emma absente vendredi")
    page = words(await reader.get_page(f"{PLACE}/{emma.id}"))
    assert "je ne comprends pas" in page
    assert "Répondre" not in page and "Clore" not in page and "Gérer" not in page
    assert await Message.filter(read_at=None).count() == 2
    for path in (f"{PLACE}/{emma.id}/cloture", f"{PLACE}/{emma.id}/reouverture", CANNED):
        assert (await reader.post_form(path)).status_code == 403
    assert (await with_file(reader).post(f"{PLACE}/{emma.id}", {"message": "Non"})).status_code == 403
    assert "Nouvelle réponse type" not in await reader.get_page(CANNED)


async def test_what_waits_is_counted_in_the_menu(town: Portal, mairie: Client) -> None:
    assert '<b id="menu-messages">2</b>' in await mairie.get_page(PLACE)
    board = words(await mairie.get_page("/mairie/tableau-de-bord"))
    assert "le plus ancien depuis lundi 22 sept. à 10:00" in board


async def test_canned_answers_are_written_used_and_retired(town: Portal, mairie: Client) -> None:
    assert "Aucune réponse type" in words(await mairie.get_page(CANNED))
    answer = await mairie.post_form(CANNED, {"titre": "", "texte": "Bonjour {prénom}"})
    assert (
        answer.status_code == 422 and "Donnez un titre" in answer.text and "Bonjour {prénom}" in answer.text
    )
    regie = await Department.get(code="regie")
    text = "Bonjour {prénom} {nom},\nau sujet de « {objet} » (dossier {dossier}, {enfant}) : {autre}"
    form = {"titre": "Facture reçue", "texte": text, "service": str(regie.id)}
    answer = await mairie.post_form(CANNED, form)
    assert "enregistrée" in words(await mairie.get_page(answer.headers["location"]))
    canned = await CannedAnswer.get()
    invoice, emma = await thread_of("Facture de mai"), await thread_of("Emma absente vendredi")
    assert "Facture reçue" in await mairie.get_page(f"{PLACE}/{invoice.id}")
    assert "Facture reçue" not in await mairie.get_page(f"{PLACE}/{emma.id}")
    page = words(await mairie.get_page(f"{PLACE}/{invoice.id}?modele={canned.id}"))
    assert (
        "Bonjour Camille Durand, au sujet de « Facture de mai » (dossier VF-1001, votre enfant) : {autre}"
        in page
    )
    assert await Message.filter(member_id__isnull=False).count() == 0
    assert "Facture reçue" in await mairie.get_page(f"{CANNED}/{canned.id}")
    changed = await mairie.post_form(f"{CANNED}/{canned.id}", {**form, "titre": "Facture", "service": ""})
    assert changed.status_code == 303 and (await CannedAnswer.get()).department_id is None
    assert (await mairie.post_form(f"{CANNED}/{canned.id}", {**form, "texte": ""})).status_code == 422
    for _ in range(2):
        answer = await mairie.post_form(f"{CANNED}/{canned.id}/retrait")
    assert answer.status_code == 404 and (await CannedAnswer.get()).retired_at
    assert (await mairie.get(f"{CANNED}/{canned.id}")).status_code == 404
    assert "Facture</a>" not in await mairie.get_page(f"{PLACE}/{invoice.id}?modele={canned.id}")
    actions = await Event.filter(action__startswith="canned_answer").values_list("action", flat=True)
    assert sorted(map(str, actions)) == ["canned_answer.retired", *["canned_answer.written"] * 2]
