"""Answers to requests that are taken back, and what goes wrong with them."""

import pytest

from models.bookings.booking import Booking
from models.bookings.family_request import FamilyRequest
from models.work.notice import GATHERING
from tests.engines import ON_SQLITE
from tests.portal import Client, Portal
from tests.web.checkout import Parent, parent, words
from tests.web.request_list import boxes, order

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


@ON_SQLITE
async def test_an_answer_is_undone_from_the_toast(town: Portal, nadia: Parent, mairie: Client) -> None:
    first, second = await FamilyRequest.all().order_by("id")
    answer = await mairie.post_part(f"{PAGE}/{first.id}/acceptation")
    said = "Tom Roux, réserver Repas, lundi 3 octobre 2016 : acceptée. La famille sera prévenue dans quelques"
    assert words(answer.text).count(said) == 2, "shown, and announced"
    assert f'action="{PAGE}/retour"' in answer.text
    other = await town.client("elu")
    assert f"{PAGE}/retour" not in await other.get_page(f"{PAGE}?fait={first.id}"), "only who answered undoes"
    answer = await mairie.post_form(f"{PAGE}/retour", {"demande": first.id, "retour": f"{PAGE}?tri=-jour"})
    assert answer.headers["location"] == f"{PAGE}?tri=-jour&demande={first.id}"
    assert order(await mairie.get_page(answer.headers["location"])) == [second.id, first.id]
    assert not await Booking.filter(state="confirmed").exists()
    assert (await mairie.post_form(f"{PAGE}/retour", {"demande": [999]})).status_code == 303
    await town.verify()


async def test_a_click_that_answered_several_is_undone(town: Portal, nadia: Parent, mairie: Client) -> None:
    wanted = [request.id for request in await FamilyRequest.all().order_by("id")]
    form = {"demande": wanted, "reponse": "refus", "motif": "Sortie scolaire"}
    page = await mairie.get_page((await mairie.post_form(PAGE, form)).headers["location"])
    assert "2 demandes refusées. La famille sera prévenue dans quelques secondes." in words(page)
    assert boxes(page) == wanted, "the toast sends them back"
    await mairie.post_form(f"{PAGE}/retour", {"demande": wanted})
    assert await FamilyRequest.filter(state="pending", reason=None).count() == len(wanted)
    await town.verify()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_click_without_a_database_says_how_to_go_on(
    nadia: Parent, mairie: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = await FamilyRequest.all().order_by("id").first()
    assert request

    async def away(*_: object) -> bool:
        raise ConnectionRefusedError

    monkeypatch.setattr(FamilyRequest, "accept", away)
    headers = {"hx-current-url": f"http://testserver{PAGE}?tri=-jour"}
    answer = await mairie.post_part(f"{PAGE}/{request.id}/acceptation", headers=headers)
    assert answer.status_code == 503 and answer.headers["hx-retarget"] == "#alerte"
    assert "indisponible pour un moment" in answer.text and "<html" not in answer.text
    assert f'<a href="{PAGE}?tri=-jour">Recharger la page</a>' in answer.text


@ON_SQLITE
async def test_too_late_to_undo_the_page_says_why(town: Portal, nadia: Parent, mairie: Client) -> None:
    request = await FamilyRequest.all().order_by("id").first()
    assert request
    await mairie.post_form(f"{PAGE}/{request.id}/acceptation")
    await town.run_jobs(within=GATHERING)
    page = await mairie.get_page(f"{PAGE}?fait={request.id}")
    assert "La famille est prévenue." in page and f"{PAGE}/retour" not in page
    answer = await mairie.post_form(f"{PAGE}/retour", {"demande": request.id})
    assert answer.status_code == 409
    said = "Tom Roux, Repas, lundi 3 octobre 2016 : la famille est prévenue, la réponse ne peut plus être annulée."
    assert said in words(answer.text)
    assert (await FamilyRequest.get(id=request.id)).state == "accepted"


async def test_a_reason_that_is_too_long_is_kept_and_said(nadia: Parent, mairie: Client) -> None:
    request = await FamilyRequest.all().order_by("id").first()
    assert request
    answer = await mairie.post_form(f"{PAGE}/{request.id}/refus", {"motif": "Trop " * 101})
    assert answer.status_code == 422 and answer.text.count("500 caractères au maximum.") == 2
    assert f'href="#motif-{request.id}"' in answer.text and f'id="motif-{request.id}"' in answer.text
    assert "Trop " * 100 in answer.text, "what was typed stays"
    answer = await mairie.post_part(f"{PAGE}/{request.id}/refus", {"motif": " "})
    assert answer.status_code == 422 and "<html" not in answer.text, "one sentence in the page's alert"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_reason_that_is_a_sentence_has_one_full_stop(nadia: Parent, mairie: Client) -> None:
    request = await FamilyRequest.all().order_by("id").first()
    assert request
    answer = await mairie.post_part(f"{PAGE}/{request.id}/refus", {"motif": "Le groupe est complet."})
    assert "refusée : Le groupe est complet. La famille" in words(answer.text)
