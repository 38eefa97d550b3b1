"""« Demandes »: accepted takes a place, refused says why, each once."""

import re
from datetime import timedelta

import pytest

from models.booking import Booking
from models.letter import Letter
from models.opening import Opening
from models.request import GATHERED, Request
from tests.portal import Client, Portal
from tests.web.checkout import Parent, parent

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


async def test_the_oldest_pending_request_is_shown_first(nadia: Parent, mairie: Client) -> None:
    page = await mairie.get_page("/mairie/demandes")
    assert "Tom Roux" in page and "reste 35 places" in page
    first, second = await Request.all().order_by("id")
    assert order(page) == [first.id, second.id]
    await Request.filter(id=first.id).update(made_at=first.made_at + timedelta(minutes=1))
    assert order(await mairie.get_page("/mairie/demandes")) == [second.id, first.id]


def order(page: str) -> list[int]:
    """The requests as the page lists them."""
    return [int(id) for id in re.findall(r'<tr id="demande-([0-9]+)"', page)]


async def test_accepting_takes_a_place_once(town: Portal, nadia: Parent, mairie: Client) -> None:
    request = await Request.all().order_by("id").first()
    assert request
    for _ in range(2):
        answer = await mairie.post_part(f"/mairie/demandes/{request.id}/acceptation")
        assert answer.status_code == 200
    assert f'id="demande-{request.id}"' in answer.text and "acceptée" in answer.text
    booking = await Booking.get(id=request.booking_id)
    assert booking.state == "confirmed" and (await Opening.get(id=booking.opening_id)).taken == 1
    await town.run_jobs(within=GATHERED)
    assert await Letter.filter(subject__contains="acceptée").count() == 1
    await town.verify()


async def test_refusing_needs_a_reason_which_the_parent_reads(
    town: Portal, nadia: Parent, mairie: Client
) -> None:
    request = await Request.all().order_by("id").first()
    assert request
    answer = await mairie.post_form(f"/mairie/demandes/{request.id}/refus", {"motif": "  "})
    assert answer.status_code == 422 and "Indiquez le motif du refus." in answer.text
    answer = await mairie.post_form(f"/mairie/demandes/{request.id}/refus", {"motif": "Sortie scolaire"})
    assert answer.status_code == 303
    page = await nadia.browser.get_page("/planning?vue=mois&debut=2016-10-01")
    assert "refusée par la mairie\u00a0: Sortie scolaire" in page
    await town.verify()


async def test_several_are_accepted_together(town: Portal, nadia: Parent, mairie: Client) -> None:
    answer = await mairie.post_form("/mairie/demandes", {})
    assert answer.status_code == 422 and "Cochez au moins une demande." in answer.text
    ids = await Request.all().values_list("id", flat=True)
    answer = await mairie.post_form("/mairie/demandes", {"demande": list(ids)})
    assert answer.status_code == 303
    assert await Booking.filter(state="confirmed").count() == len(DAYS)
    assert "Aucune demande en attente." in await mairie.get_page("/mairie/demandes")
    await town.verify()


async def test_a_day_that_filled_meanwhile_gives_a_rank(town: Portal, nadia: Parent, mairie: Client) -> None:
    request = await Request.all().order_by("id").first()
    assert request
    opening = (await Booking.get(id=request.booking_id)).opening_id
    await Opening.filter(id=opening).update(places=0)
    answer = await mairie.post_part(f"/mairie/demandes/{request.id}/acceptation")
    assert "sur la liste d’attente" in answer.text
    assert (await Booking.get(id=request.booking_id)).state == "waiting"
    await town.verify()


async def test_the_kitchen_does_not_answer_requests(town: Portal, nadia: Parent) -> None:
    cook = await town.client("cantine")
    await cook.get_page("/mairie/demandes", status=403)
    request = await Request.all().first()
    assert request
    answer = await cook.post_form(f"/mairie/demandes/{request.id}/acceptation")
    assert answer.status_code == 403
    assert (await Request.get(id=request.id)).state == "pending"


async def test_a_request_that_is_not_there_is_not_found(mairie: Client) -> None:
    assert (await mairie.post_form("/mairie/demandes/999/acceptation")).status_code == 404
