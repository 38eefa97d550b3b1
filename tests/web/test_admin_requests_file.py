"""Changes of a family's file among the requests."""

import pytest

from models.bookings.family_request import FamilyRequest
from models.clock import now
from models.families.guardian import Guardian
from models.rules.states.requests import RequestKind
from tests.engines import ON_SQLITE
from tests.portal import Client, Portal
from tests.web.checkout import Parent, parent, words
from tests.web.request_list import order

PAGE = "/mairie/demandes"
DAYS = ("2016-10-03", "2016-10-04")


@pytest.fixture
async def town(portal) -> Portal:
    return await portal("lezignan", now="2016-09-16T10:00:00")


@pytest.fixture
async def nadia(town: Portal) -> Parent:
    asking = await parent(town, "nadia.roux")
    await asking.tick("Tom", "Repas", *DAYS)
    answer = await asking.click()
    assert answer.status_code == 303
    return asking


@pytest.fixture
async def mairie(town: Portal) -> Client:
    return await town.client("mairie")


async def moving(nadia: Parent, phone: str) -> FamilyRequest:
    guardian = await Guardian.get(username="nadia.roux")
    return await FamilyRequest.create(
        family_id=nadia.family,
        kind=RequestKind.FILE_CHANGE,
        subject=f"guardian:{guardian.id}",
        before={"phone": guardian.phone},
        after={"phone": phone},
        made_at=now(),
    )


@ON_SQLITE
async def test_a_change_of_the_file_shows_before_and_after(
    town: Portal, nadia: Parent, mairie: Client
) -> None:
    await Guardian.filter(username="nadia.roux").update(phone="04 67 98 20 11")
    asked = await moving(nadia, "<06 11>")
    page = await mairie.get_page("/mairie/demandes")
    assert "Nadia Roux" in page and "Changer téléphone" in page and "&lt;06 11&gt;" in page
    written = "Téléphone : 04 67 98 20 11 → devient &lt;06 11&gt;"
    assert words(page).count(written) == 1
    opened = words(await mairie.get_page(f"{PAGE}?demande={asked.id}"))
    assert opened.count(written) == 2 and "Changement du dossier pour Nadia Roux" in opened
    answer = await mairie.post_part(f"/mairie/demandes/{asked.id}/acceptation")
    assert answer.status_code == 200 and "acceptée" in answer.text
    assert (await Guardian.get(username="nadia.roux")).phone == "<06 11>"
    assert "2 demandes attendent" in await nadia.browser.get_page("/accueil")
    await town.verify()


async def test_a_change_of_the_file_is_listed_with_the_days(nadia: Parent, mairie: Client) -> None:
    first, second = await FamilyRequest.all().order_by("id")
    await Guardian.filter(username="nadia.roux").update(phone=None)
    asked = await moving(nadia, "06 11 22 33 44")
    for said, found in (
        ("objet=dossier", [asked.id]),
        ("objet=reservations", [first.id, second.id]),
        ("tri=jour", [first.id, second.id, asked.id]),
        ("tri=enfant", [asked.id, first.id, second.id]),
        ("recherche=nadia", [asked.id]),
    ):
        assert order(await mairie.get_page(f"{PAGE}?{said}")) == found, said
    answer = await mairie.get(f"{PAGE}?objet=dossier&export=csv")
    heads, line = (cells.split(";") for cells in answer.content.decode("utf-8-sig").split("\r\n")[:2])
    told = dict(zip(heads, line, strict=True))
    assert (told["Nom"], told["Prénom"], told["Objet"]) == ("Roux", "Nadia", "Changement du dossier")
    assert (told["Avant"], told["Après"]) == ("téléphone\u00a0: vide", "téléphone\u00a0: 06 11 22 33 44")
    assert told["Jour"] == told["Créneau"] == ""
    await FamilyRequest.filter(id=asked.id).update(subject=f"family:{nadia.family}")
    assert "La famille" in words(await mairie.get_page(f"{PAGE}?objet=dossier"))


@ON_SQLITE
async def test_a_family_counts_every_request_that_waits(nadia: Parent) -> None:
    await moving(nadia, "06 11 22 33 44")
    assert "3 demandes attendent la réponse de la mairie." in await nadia.browser.get_page("/accueil")


async def test_a_file_that_changed_meanwhile_can_only_be_refused(nadia: Parent, mairie: Client) -> None:
    asked = await moving(nadia, "06 11 22 33 44")
    await Guardian.filter(username="nadia.roux").update(phone="01")
    answer = await mairie.post_part(f"/mairie/demandes/{asked.id}/acceptation")
    assert answer.status_code == 409 and "le dossier a changé entre-temps" in answer.text
    answer = await mairie.post_form(f"/mairie/demandes/{asked.id}/refus", {"motif": "Demandez à nouveau"})
    assert answer.status_code == 303
    assert "refusée\u00a0: Demandez à nouveau" in await mairie.get_page(f"{PAGE}?etat=traitees")
