"""« Mon dossier » and « Mes démarches »: what parents read, change, ask, send and take back."""

import re
from collections.abc import Awaitable, Callable

import pytest

from models import clock
from models.bookings.booking import Booking
from models.bookings.family_request import FamilyRequest
from models.families.child import Child
from models.families.family import Family
from models.families.file.contact import ChildContact
from models.families.file.required_document import RequiredDocument
from models.families.file.sent_document import SentDocument
from models.family_file import request_answers
from models.rules.booking import BookingState
from models.rules.states.requests import RequestState
from models.work.email import Email
from models.work.notice import GATHERING
from tests.models.family_file import emma, known_meals, member, sophie
from tests.portal import Client, Portal
from tests.web.checkout import hidden, parent, words
from tests.web.messaging import PDF, with_file

OpenPortal = Callable[..., Awaitable[Portal]]
HERE = "3 rue Neuve\n38999 Val-Fleuri"
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    opened = await portal("demo", now="2025-11-03T10:00")
    await known_meals()
    return opened


@pytest.fixture
async def browser(town: Portal) -> Client:
    return await town.client("sophie.moreau")


async def test_the_file_says_what_is_known_and_who_may_change_it(browser: Client) -> None:
    page = words(await browser.get_page("/dossier"))
    for said in (
        "Dossier VF-1002",
        "modifiable ici changé tout de suite sur demande la mairie répond en mairie",
        "Emma Moreau 7 ans · CE1, École élémentaire Jules-Ferry",
        "Emma Moreau, fille, le 21/07/2018, CE1 à École élémentaire Jules-Ferry",
        "Repas Sans porc · allergies : arachide, lait",
        "Projet d’accueil (PAI) Non",
        "Téléphone du domicile 01 99 00 10 03",
        "Nom de l’allocataire Sophie Moreau",
        "Régime et numéro CAF, 1234567",
        "Enfants à charge 3",
        "Quotient familial 980 depuis le 01/09/2025, jusqu’au 31/12/2025",
        "Mes factures sur le portail",
        "Assurance scolaire à envoyer",
        "Justificatif de domicile à envoyer",
        "Je confirme mes informations",
    ):
        assert said in page, said
    home = words(await browser.get_page("/accueil"))
    assert "Mon dossier" in home and "Mes démarches" in home and "4 documents à envoyer" in home


async def test_what_is_changed_here_is_changed_at_once(town: Portal, browser: Client) -> None:
    await browser.get_page("/dossier/telephones")
    typed = {"mobile": "+33 6 11 22 33 44", "domicile": "12", "travail": ""}
    answer = await browser.post_form("/dossier/telephones", typed)
    page = words(answer.text)
    assert answer.status_code == 422 and "Saisissez un numéro de téléphone à 10 chiffres" in page
    assert (
        'value="+33 6 11 22 33 44"' in answer.text
        and "<title>Erreur : Mes téléphones" in answer.text.replace("\u00a0", " ")
    )
    answer = await browser.post_form("/dossier/telephones", {**typed, "domicile": "04.76.00.00.01"})
    assert answer.headers["location"] == "/dossier?fait=fait"
    mother = await sophie()
    assert (mother.phone, mother.home_phone, mother.work_phone) == ("06 11 22 33 44", "04 76 00 00 01", None)
    assert 'value="portal"' in await browser.get_page("/dossier/factures")
    await browser.post_form("/dossier/factures", {"factures": "post"})
    assert (await Family.get(id=mother.family_id)).invoice_delivery == "post"
    assert (await browser.post_form("/dossier/factures", {"factures": "pigeon"})).status_code == 422
    for _ in range(2):
        assert (await browser.post_form("/dossier/confirmation")).status_code == 303
    page = words(await browser.get_page("/dossier"))
    assert "Vos informations sont confirmées depuis le 03/11/2025" in page and "Je confirme" not in page
    await town.verify()


async def test_both_homes_are_told_who_may_fetch_their_child(town: Portal) -> None:
    julie, zoe = await town.client("julie.leroy"), (await Child.get(first_name="Zoé")).id
    click = hidden(await julie.get_page(f"/dossier/enfants/{zoe}/personnes"), "click")
    typed = {"click": click, "nom": "Odile Leroy", "lien": "grand-mère", "telephone": "06 00 00 10 33"}
    for use, status in (("", 422), ("collects", 303), ("collects", 303)):
        form = {**typed, **({"role": use} if use else {})}
        answer = await julie.post_form(f"/dossier/enfants/{zoe}/personnes", form)
        assert answer.status_code == status
    thomas = await town.client("thomas.leroy")
    said = "Odile Leroy, grand-mère 06 00 00 10 33 · peut venir chercher"
    assert said in words(await thomas.get_page("/dossier"))
    row = await ChildContact.get()
    for id, status in ((row.id, 303), (row.id, 303), (999999, 404)):
        answer = await thomas.post_form(f"/dossier/enfants/{zoe}/personnes/{id}/retrait")
        assert answer.status_code == status
    assert "Odile Leroy" not in await julie.get_page("/dossier")
    await town.run_jobs(within=GATHERING)
    told = [email.recipient async for email in Email.filter(subject__contains="Odile Leroy")]
    assert sorted(told) == sorted(["julie@leroy.example", "thomas@leroy.example"] * 2)
    await town.verify()


async def test_consents_have_a_version_and_a_day(town: Portal, browser: Client) -> None:
    child = (await emma()).id
    assert "publications" in await browser.get_page(f"/dossier/enfants/{child}/autorisations")
    answers = {"photo": "oui", "leaves_alone": "non", "outings": "oui", "urgent_care": "oui"}
    for form, status in (({"photo": "oui"}, 422), (answers, 303)):
        answer = await browser.post_form(f"/dossier/enfants/{child}/autorisations", form)
        assert answer.status_code == status
    page = words(await browser.get_page("/dossier"))
    assert "Photos : oui le 03/11/2025, version 1" in page and "Sortir seul : non" in page
    await town.verify()


async def test_what_needs_the_mairie_is_asked_then_done(town: Portal, browser: Client) -> None:
    """Of the address, the fund, a child's meals, a new person: each form is sent twice, and asks once."""
    child = (await emma()).id
    meals = [("regime", "végétarien"), ("allergies", "lait"), ("allergies", "œufs"), ("pai", "oui")]
    rose = {"qui": "child", "prenom": "Rose", "nom": "Moreau", "naissance": "05/01/2023"}
    luc = {"qui": "guardian", "prenom": "Luc", "nom": "Moreau", "courriel": "luc@moreau.example"}
    fund = {"allocataire": "Sophie Moreau", "regime": "msa", "numero": "99", "enfants": "3"}
    assert "La mairie répond" in words(await browser.get_page("/dossier/adresse"))
    assert 'value="1234567"' in await browser.get_page("/dossier/allocataire")
    assert "Un autre responsable" in await browser.get_page("/dossier/personne")
    assert "chiffrées" in await browser.get_page(f"/dossier/enfants/{child}/repas")
    for _ in range(2):
        sent = [
            await browser.post_form("/dossier/adresse", {"adresse": HERE, "click": "a"}),
            await browser.post_form("/dossier/allocataire", {**fund, "click": "b"}),
            await browser.post_form(
                f"/dossier/enfants/{child}/repas", [*meals, ("pai_fin", "2026-07-03"), ("click", "c")]
            ),
            await browser.post_form("/dossier/personne", {**rose, "click": "d"}),
            await browser.post_form("/dossier/personne", {**luc, "click": "e"}),
        ]
        assert all(answer.headers["location"].startswith("/dossier?fait=demande") for answer in sent)
    assert await FamilyRequest.all().count() == 5
    twice = await browser.post_form("/dossier/adresse", {"adresse": "4 rue Neuve"})
    assert twice.status_code == 409 and "attend déjà" in twice.text
    unborn = await browser.post_form("/dossier/personne", {"qui": "child", "prenom": "X", "nom": "Y"})
    assert unborn.status_code == 422 and "date de naissance" in unborn.text
    assert words(await browser.get_page("/dossier")).count("en attente") >= 6
    for row in await FamilyRequest.all().order_by("id"):
        assert await request_answers.accept(row.id, await member(), clock.now())
    page = words(await browser.get_page("/dossier"))
    health = ("Végétarien · allergies : œufs, lait", "Oui, jusqu’au 03/07/2026")
    for said in ("3 rue Neuve", "MSA, 99", "Rose Moreau", "Luc Moreau", *health):
        assert said in page, said
    same = await browser.post_form("/dossier/adresse", {"adresse": HERE})
    assert same.status_code == 422 and "déjà ainsi" in same.text
    await town.verify()


async def test_no_religion_is_offered_for_a_meal(browser: Client) -> None:
    page = await browser.get_page(f"/dossier/enfants/{(await emma()).id}/repas")
    offered = re.findall(r"<option value=\"([^\"]*)\"", page)
    assert offered == ["", "sans viande", "sans porc", "végétarien", "sans gluten"]
    answer = await browser.post_form(f"/dossier/enfants/{(await emma()).id}/repas", {"regime": "halal"})
    assert answer.status_code == 422


async def test_a_quotient_comes_with_its_proof(town: Portal, browser: Client) -> None:
    click = hidden(await browser.get_page("/dossier/quotient"), "click")
    form = {"click": click, "quotient": "700", "debut": "2026-02-01"}
    answer = await with_file(browser).post("/dossier/quotient", form)
    assert (
        answer.status_code == 422 and "Choisissez un fichier." in answer.text and 'value="700"' in answer.text
    )
    answer = await with_file(browser).post("/dossier/quotient", form, ("x.html", b"<script>"))
    assert answer.status_code == 422 and not await SentDocument.exists()
    for _ in range(2):
        answer = await with_file(browser).post("/dossier/quotient", form, ("caf.pdf", PDF))
        assert answer.headers["location"] == "/dossier?fait=demande"
    proof, row = await SentDocument.get(), await FamilyRequest.get()
    assert proof.request_id == row.id and row.after == {"value": 700, "start": "2026-02-01"}
    assert "en attente : Quotient" not in words(await browser.get_page("/dossier"))
    await town.verify()


async def test_papers_that_are_asked_are_sent_and_answered(town: Portal, browser: Client) -> None:
    child, piece = (await emma()).id, (await RequiredDocument.get(code="assurance")).id
    click = hidden(await browser.get_page(f"/dossier/pieces/{piece}?enfant={child}"), "click")
    for chosen, status in ((("", b""), 422), (("assurance.pdf", PDF), 303), (("assurance.pdf", PDF), 303)):
        form = {"click": click}
        answer = await with_file(browser).post(f"/dossier/pieces/{piece}?enfant={child}", form, chosen)
        assert answer.status_code == status
    assert answer.headers["location"] == f"/dossier?fait=piece#enfant-{child}"
    sent = await SentDocument.get()
    waits = "Assurance scolaire envoyé le 03/11/2025, la mairie vérifie"
    assert waits in words(await browser.get_page("/dossier"))
    mine = await browser.get(f"/dossier/pieces/envoyees/{sent.id}")
    assert mine.content == PDF and mine.headers["content-disposition"].startswith("attachment")
    assert await sent.refuse("Illisible", "member:1", clock.now())
    assert "Assurance scolaire refusé : Illisible" in words(await browser.get_page("/dossier"))
    assert (await browser.get("/dossier/pieces/999999")).status_code == 404
    await town.verify()


async def test_what_waits_is_deleted_by_its_family(town: Portal) -> None:
    """Story Z5: each démarche with its date and state, « Supprimer » while it waits."""
    asking = await parent(town, "camille.durand")
    await asking.tick("Lina", "Atelier", "2025-11-25", "2025-11-27")
    await asking.click()
    camille = asking.browser
    await camille.post_form("/dossier/adresse", {"adresse": "3 rue Neuve", "click": "a"})
    insurance, lina = await RequiredDocument.get(code="assurance"), await Child.get(first_name="Lina")
    path = f"/dossier/pieces/{insurance.id}?enfant={lina.id}"
    await with_file(camille).post(path, {"click": "b"}, ("a.pdf", PDF))
    page = words(await camille.get_page("/demarches"))
    assert "Toutes 4 Famille 1 Individu 1 Inscription 0 Demande 2" in page
    assert "Changement : adresse 03/11/2025 · Attente" in page and page.count("Supprimer") == 4
    only = words(await camille.get_page("/demarches?objet=demande"))
    assert "25/11/2025, Lina" in only and "adresse" not in only
    first, second, address = await FamilyRequest.all().order_by("id")
    await FamilyRequest.refuse(first.id, await member(), "Sortie scolaire", clock.now())
    sent = await SentDocument.get()
    for done in ("supprime", "repondu"):
        for id in (second.id, address.id):
            answer = await camille.post_form(f"/demarches/{id}/suppression")
            assert answer.headers["location"] == f"/demarches?fait={done}"
        answer = await camille.post_form(f"/demarches/pieces/{sent.id}/suppression")
        assert answer.headers["location"] == f"/demarches?fait={done}"
    late = await camille.post_form(f"/demarches/{first.id}/suppression")
    assert late.headers["location"] == "/demarches?fait=repondu"
    page = words(await camille.get_page("/demarches"))
    assert "Refusée : Sortie scolaire" in page and "Supprimer" not in page and page.count("· Supprimée") == 3
    states = [row.state async for row in FamilyRequest.all().order_by("id")]
    assert states == [RequestState.REFUSED, RequestState.WITHDRAWN, RequestState.WITHDRAWN]
    assert (await Booking.get(id=second.booking_id)).state == BookingState.CANCELLED
    await town.verify()


async def test_a_stranger_finds_no_child_and_no_paper(town: Portal, browser: Client) -> None:
    insurance, child = await RequiredDocument.get(code="assurance"), await emma()
    karim = await town.client("karim.petit")
    for path in (
        f"/dossier/enfants/{child.id}/repas",
        f"/dossier/enfants/{child.id}/personnes",
        f"/dossier/enfants/{child.id}/autorisations",
        f"/dossier/pieces/{insurance.id}?enfant={child.id}",
    ):
        assert (await karim.get(path)).status_code == 404
    assert "Emma" not in await karim.get_page("/dossier")
