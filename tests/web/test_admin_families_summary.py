"""The summary of a family: its week, what is to settle with it, the note that the mairie keeps for itself."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest

from models import clock
from models.commune.till import Till
from models.families.family import Family
from models.families.file.required_document import RequiredDocument
from models.families.file.sent_document import SentDocument
from models.work.audit_log import Event
from tests.models.family_file import emma, paper, sophie
from tests.models.invoicing import drafted, issued
from tests.portal import Client, Portal
from tests.web.checkout import hidden, parent, words

OpenPortal = Callable[..., Awaitable[Portal]]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now="2025-10-01T10:00:00")


@pytest.fixture
async def moreau(town: Portal) -> Family:
    return await Family.get(number="VF-1002")


@pytest.fixture
async def desk(town: Portal) -> Client:
    return await town.client("gestion")


def place(family: Family) -> str:
    return f"/mairie/familles/{family.id}"


async def test_the_week_is_what_is_booked_and_not_what_is_ticked(
    town: Portal, moreau: Family, desk: Client
) -> None:
    assert "Rien n’est réservé." in words(await desk.get_page(place(moreau)))
    mother = await parent(town, "sophie.moreau")
    await mother.tick("Emma", "Accueil du matin", "2025-10-03")
    assert "matin réservé" not in words(await desk.get_page(place(moreau)))
    await mother.click()
    assert words(await desk.get_page(place(moreau))).count("matin réservé") == 1


async def test_what_is_to_settle_is_said_with_its_way(town: Portal, moreau: Family, desk: Client) -> None:
    mother = await parent(town, "sophie.moreau")
    await mother.tick("Emma", "Accueil du matin", "2025-10-03")
    await mother.click()
    clock.shift_to(clock.now() + timedelta(days=31))
    await Till.all().update(least_invoice=None)
    for till in await Till.all():
        await issued(town, await drafted(town, date(2025, 10, 1), date(2025, 10, 31), till))
    assert "échue le" not in words(await desk.get_page(place(moreau)))
    clock.shift_to(clock.now() + timedelta(days=60))
    assert "échue le" in words(await desk.get_page(place(moreau)))
    insurance, child = await RequiredDocument.all().order_by("position").first(), await emma()
    assert insurance
    whose = child.id if insurance.per == "child" else None
    await SentDocument.send(await sophie(), insurance, whose, paper(), clock.now())
    page = await desk.get_page(place(moreau))
    assert "reçue le 31/12/2025, à vérifier" in words(page) and "Vérifier" in words(page)
    assert f'href="{place(moreau)}/pieces"' in page
    cashiers = await (await town.client("regie")).get_page(place(moreau))
    assert "à vérifier" not in words(cashiers), "a cashier needs no papers"
    assert f"/mairie/regie?famille={moreau.id}" in cashiers


async def test_a_note_is_the_mairies_own(town: Portal, moreau: Family, desk: Client) -> None:
    seen = hidden(await desk.get_page(f"{place(moreau)}?modifier=note"), "lu")
    first = await desk.post_form(
        f"/mairie/familles/{moreau.id}/note", {"note": "Appeler après 17 h.", "lu": seen}
    )
    assert first.status_code == 303
    assert "Appeler après 17 h." in words(await desk.get_page(place(moreau)))
    late = await desk.post_form(f"/mairie/familles/{moreau.id}/note", {"note": "Autre chose.", "lu": seen})
    assert late.status_code == 409 and "Autre chose." in words(late.text), "what was typed is kept"
    long = await desk.post_form(f"/mairie/familles/{moreau.id}/note", {"note": "a" * 1001, "lu": seen})
    assert long.status_code == 422 and "1000 caractères au maximum" in words(long.text)
    [noted] = await Event.filter(action="family.noted")
    assert noted.details == {} and noted.family_id == moreau.id
    reader = await town.client("elu")
    assert (
        await reader.post_form(f"/mairie/familles/{moreau.id}/note", {"note": "x", "lu": seen})
    ).status_code == 403
    for username in ("regie", "sophie.moreau"):
        page = "/dossier" if username.startswith("sophie") else place(moreau)
        assert "Appeler après" not in await (await town.client(username)).get_page(page)
