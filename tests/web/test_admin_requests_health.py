"""Requests about a child's health, and about a quotient with its proof: what the inbox shows, and to whom."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from models import clock
from models.bookings.family_request import FamilyRequest
from models.family_file.parents import asking
from models.rules.families.health import Health
from models.work.audit_log import Event
from tests.models.family_file import emma, known_meals, paper, sophie
from tests.portal import Client, Portal
from tests.web.checkout import words

OpenPortal = Callable[..., Awaitable[Portal]]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    opened = await portal("demo", now="2025-11-03T10:00")
    await known_meals()
    return opened


@pytest.fixture
async def mairie(town: Portal) -> Client:
    return await town.client("gestion")


async def test_asked_health_is_shown_to_who_opens_it(town: Portal, mairie: Client) -> None:
    mother, child, now = await sophie(), await emma(), clock.now()
    await asking.health(mother, child.id, Health("végétarien", ("lait",)), "h", now)
    await asking.quotient(mother, 700, date(2026, 2, 1), paper("p"), "q", now)
    health, quotient = await FamilyRequest.all().order_by("id")
    listed = words(await mairie.get_page("/mairie/demandes?objet=sante"))
    assert "régime alimentaire" in listed.lower() and "végétarien" not in listed
    assert not await Event.exists(action="health.read")
    opened = words(await mairie.get_page(f"/mairie/demandes?demande={health.id}"))
    assert "sans porc → devient végétarien" in opened
    assert await Event.filter(action="health.read", object=f"child:{child.id}").count() == 1
    reader = await town.client("elu")
    assert "végétarien" not in await reader.get_page(f"/mairie/demandes?demande={health.id}")
    proof = f"/mairie/demandes/{quotient.id}/justificatif"
    assert proof in await mairie.get_page(f"/mairie/demandes?demande={quotient.id}")
    assert (await mairie.get(proof)).content.startswith(b"%PDF")
    assert (await mairie.get(f"/mairie/demandes/{health.id}/justificatif")).status_code == 404
    answer = await mairie.post_form(f"/mairie/demandes/{quotient.id}/acceptation")
    page = words(await mairie.get_page(answer.headers["location"]))
    assert "c’est écrit au dossier" in page and "Annuler" not in page
    await town.verify()
