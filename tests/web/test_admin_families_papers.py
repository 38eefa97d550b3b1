"""The tabs « Santé » and « Pièces » of a family, and what is asked of its file: who reads which of it."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from models import clock
from models.access.member import Member
from models.families.file.health import ChildHealth
from models.families.file.required_document import RequiredDocument
from models.families.file.sent_document import SentDocument
from models.rules.families.health import FIELDS, NEEDED_BY, Health
from models.rules.roles import ROLES
from models.work.audit_log import Event
from tests.models.family_file import emma, known_meals, paper, sophie
from tests.portal import Client, Portal
from tests.web.checkout import hidden, words

OpenPortal = Callable[..., Awaitable[Portal]]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
WHOLE = Health("sans porc", ("lait",), True, date(2026, 7, 3))
KITCHEN = {"diet", "allergens"}
SEES = {  # by role, the fields that somebody needs for their work
    "administrator": set(FIELDS),
    "manager": set(FIELDS),
    "leader": set(FIELDS),
    "kitchen": KITCHEN,
    "cashier": set(),
    "reader": set(),
}


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    opened = await portal("demo", now="2025-11-03T10:00")
    await known_meals()
    return opened


@pytest.fixture
async def mairie(town: Portal) -> Client:
    return await town.client("gestion")


@pytest.mark.parametrize("role", ROLES)
def test_a_role_sees_the_fields_that_its_work_needs(engine: str, role: str) -> None:
    seen = WHOLE.seen_by([role])
    assert {name for name in FIELDS if getattr(seen, name)} == SEES[role]
    assert NEEDED_BY.keys() == set(FIELDS)


async def test_who_opens_the_health_of_a_family(town: Portal, mairie: Client) -> None:
    place = f"/mairie/familles/{(await sophie()).family_id}/sante"
    assert "Régime alimentaire sans porc Allergies arachide, lait" in words(await mairie.get_page(place))
    read = await Event.get(action="health.read")
    assert read.actor == f"member:{(await Member.get(username='gestion')).id}"
    page = words(await (await town.client("elu")).get_page(place))
    assert "sans porc" not in page and "réservés" in page
    for username in ("regie", "cantine", "animateur"):
        assert (await (await town.client(username)).get(place)).status_code == 403
    cashier = await (await town.client("regie")).get_page(place.removesuffix("/sante"))
    assert "/sante" not in cashier and "/pieces" not in cashier
    assert await Event.filter(action="health.read").count() == 1


async def test_the_mairie_changes_what_a_child_eats(town: Portal, mairie: Client) -> None:
    mother, child = await sophie(), await emma()
    family, id = mother.family_id, child.id
    place = f"/mairie/familles/{family}/sante"
    seen = hidden(await mairie.get_page(f"{place}?modifier={child.id}"), "lu")
    form = [("lu", seen), ("regime", "végétarien"), ("allergies", "fruits_à_coque"), ("pai", "oui")]
    assert (await mairie.post_form(f"/mairie/familles/{family}/sante/{id}", form)).status_code == 303
    known = (await ChildHealth.known([child.id]))[child.id]
    assert known == Health("végétarien", ("fruits à coque",), True)
    assert (await mairie.post_form(f"/mairie/familles/{family}/sante/{id}", form)).status_code == 409
    wrong = [("lu", "2"), ("regime", "halal")]
    assert (await mairie.post_form(f"/mairie/familles/{family}/sante/{id}", wrong)).status_code == 422
    assert (await mairie.post_form(f"/mairie/familles/{family}/sante/999999", form)).status_code == 404
    reader = await town.client("elu")
    assert (await reader.post_form(f"/mairie/familles/{family}/sante/{id}", form)).status_code == 403
    await town.verify()


async def test_a_paper_is_accepted_or_refused_with_a_reason(town: Portal, mairie: Client) -> None:
    mother, child, insurance = await sophie(), await emma(), await RequiredDocument.get(code="assurance")
    family = mother.family_id
    place = f"/mairie/familles/{family}/pieces"
    await SentDocument.send(mother, insurance, child.id, paper("a"), clock.now())
    first = await SentDocument.get(click="a")
    assert "Assurance scolaire, Emma À vérifier" in words(await mairie.get_page(place))
    assert (await mairie.get(f"/mairie/familles/{family}/pieces/{first.id}")).content.startswith(b"%PDF")
    answer = await mairie.post_form(f"/mairie/familles/{family}/pieces/{first.id}/refus", {"motif": ""})
    assert answer.status_code == 422 and "Indiquez ce qui ne va pas." in answer.text
    assert (
        await mairie.post_form(f"/mairie/familles/{family}/pieces/{first.id}/refus", {"motif": "Illisible"})
    ).status_code == 303
    assert "Refusée : Illisible" in words(await mairie.get_page(place))
    await SentDocument.send(mother, insurance, child.id, paper("b"), clock.now())
    second = await SentDocument.get(click="b")
    late = {"jusqu_au": "pas une date"}
    assert (
        await mairie.post_form(f"/mairie/familles/{family}/pieces/{second.id}/acceptation", late)
    ).status_code == 422
    until = {"jusqu_au": "2026-08-31"}
    assert (
        await mairie.post_form(f"/mairie/familles/{family}/pieces/{second.id}/acceptation", until)
    ).status_code == 303
    assert "Acceptée, valable jusqu’au 31/08/2026" in words(await mairie.get_page(place))
    other = f"/mairie/familles/1/pieces/{second.id}"
    assert (await mairie.get(other)).status_code == 404
    await town.verify()
