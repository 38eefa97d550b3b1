"""« Journal »: who did what, found again by who, whose, what and when."""

from collections.abc import Awaitable, Callable

import pytest

from models.access.member import Member
from models.bookings.family_request import FamilyRequest
from models.work.audit_log import Event
from tests.portal import Client, Portal
from tests.web.checkout import parent, words

Open = Callable[..., Awaitable[Portal]]
PLACE = "/mairie/journal"


@pytest.fixture
async def town(portal: Open) -> Portal:
    """Lina's request was refused; somebody's phone was changed."""
    town = await portal("demo", now="2025-09-22T10:00:00")
    camille = await parent(town, "camille.durand")
    await camille.tick("Lina", "Atelier", "2025-10-07")
    await camille.click()
    return town


@pytest.fixture
async def anne(town: Portal) -> Client:
    browser = await town.client("mairie")
    request = await FamilyRequest.all().first()
    assert request
    answer = await browser.post_form(f"/mairie/demandes/{request.id}/refus", {"motif": "Complet"})
    assert answer.status_code == 303
    return browser


async def test_a_sentence_is_found_by_who_whose_what_and_when(town: Portal, anne: Client) -> None:
    sentence = "Mairie (administration) a refusé une demande (Lina, Atelier, 07/10/2025)"
    me = await Member.get(username="mairie")
    page = words(await anne.get_page(PLACE))
    assert sentence in page and "Camille Durand a validé des réservations" in page
    assert 'type="date" value' not in await anne.get_page(PLACE), "a search is not of today alone"
    assert page.index(sentence) < page.index("a validé des réservations"), "the last first"
    for asked, found in (
        (f"qui=member:{me.id}", True), ("qui=guardian", False), ("qui=machine", False), ("qui=member", True),
        ("objet=jours", True), ("objet=argent", False), ("recherche=durand", True), ("recherche=moreau", False),
        ("recherche=vf-1001", True), ("du=2025-09-22&au=2025-09-22", True), ("du=2025-09-23", False),
        ("au=2025-09-21", False), ("objet=jours&qui=member&recherche=CAMILLE", True), ("qui=nobody", True),
    ):  # fmt: skip
        assert (sentence in words(await anne.get_page(f"{PLACE}?{asked}"))) == found, asked
    assert "Rien ne correspond" in words(await anne.get_page(f"{PLACE}?recherche=personne"))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_it_pages_and_is_exported_with_before_and_after(town: Portal, anne: Client) -> None:
    before, after = {"roles": ["kitchen"]}, {"roles": ["manager"]}
    for number in range(60):
        await Event.note(
            (await Event.all().first()).at,  # type: ignore[union-attr]
            "member:1", "member.changed", f"member:{1 + number % 2}", None, before=before, after=after,
        )  # fmt: skip
    assert "Page 1 sur" in words(await anne.get_page(PLACE))
    assert "Page 2 sur" in words(await anne.get_page(f"{PLACE}?page=2"))
    page = words(await anne.get_page(f"{PLACE}?objet=comptes"))
    assert "Rôles : Cantine → devient Gestionnaire" in page
    csv = (await anne.get(f"{PLACE}?export=csv&objet=comptes&qui=member:1")).content.decode("utf-8-sig")
    assert csv.count("rôles : Gestionnaire".replace(" :", "\u00a0:")) == 60
    await town.verify()
