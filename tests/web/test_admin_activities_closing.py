"""A session that never served is taken away; one that was booked is closed from a day on, what it breaks read first."""

import html
import re
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from models import clock, commune_file
from models.activities.activity import Activity
from models.activities.catalogue import current_catalogue
from models.activities.group import Group
from models.activities.opening import Opening
from models.activities.slot import Slot
from models.activity_file.definition import read
from models.bookings.booking import Booking
from models.families.child import Child
from models.planning.ticks import Tick, apply_ticks
from tests.portal import Client, Portal
from tests.web.activity_forms import PLACE, changed, opened
from tests.web.checkout import parent, words

OpenPortal = Callable[..., Awaitable[Portal]]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
NOW = "2025-11-20T09:00:00"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')
EVENING = "Accueil du soir"


async def saved(mairie: Client, activity: int, **changes: str) -> tuple[int, str]:
    """Of « Séances et groupes »: the status and the words of the answer."""
    sent = changed(await opened(mairie, activity, "seances"), **changes)
    answer = await mairie.post_form(f"{PLACE}/{activity}/seances", sent)
    return answer.status_code, answer.text


async def test_a_session_that_was_booked_is_closed_from_a_day_on(
    portal: OpenPortal, at: Callable[[str], object]
) -> None:
    town = await portal("demo", now=NOW)
    at(NOW)
    mairie, camille = await town.client("gestion"), await parent(town, "camille.durand")
    await camille.tick("Lina", EVENING, "2025-11-28", "2025-12-04")
    await camille.click()
    care = (await Activity.get(code="periscolaire")).id
    status, page = await saved(mairie, care, creneau_1_nom="")
    assert status == 422
    assert "Cette séance a 2 réservations : elle peut être fermée, pas supprimée." in words(
        html.unescape(page)
    )

    status, page = await saved(mairie, care, creneau_0_nom="", creneau_1_debut="")
    assert status == 422 and re.findall(r'name="([^"]*)"[^>]*aria-invalid', page) == ["creneau-1-debut"]

    status, page = await saved(mairie, care, creneau_1_ferme="2025-11-28")
    assert status == 409 and "1 réservation, 0,00 € d’avoirs." in words(page).replace("\u00a0", " ")
    confirm = [(name, html.unescape(value)) for name, value in HIDDEN.findall(page) if name != "csrf"]
    typed = [*confirm, ("mot", "confirmer"), ("raison", "Plus d’agent")]
    assert (await mairie.post_form(f"{PLACE}/{care}/seances", typed)).status_code == 303
    booked = Booking.filter(slot__name=EVENING).order_by("day")
    assert [(row.day.isoformat(), row.state) for row in await booked] == [
        ("2025-11-28", "confirmed"), ("2025-12-04", "cancelled"),
    ]  # fmt: skip
    left = Opening.filter(slot__name=EVENING, day__gt=date(2025, 11, 28))
    assert [row.places for row in await left] == [0], "the day that was booked keeps its row, without places"
    assert await Opening.exists(slot__name="Accueil du matin", day=date(2025, 12, 4))

    lina, slot = await Child.get(first_name="Lina"), await Slot.get(name=EVENING)
    tick = Tick(lina.id, slot.id, date(2025, 12, 4), ticked=True)
    outcome = await apply_ticks(await current_catalogue(), camille.family, [tick], clock.now())
    assert [cell.shown.state for cell in outcome.refused] == ["closed"]
    assert "jusqu’au vendredi 28 novembre 2025" in words(await (await town.client()).get_page("/reglement"))
    loaded = commune_file.parse(await commune_file.export(), "export").activities
    assert next(one for one in loaded if one.code == "periscolaire") == (await read(care)).said

    status, _ = await saved(mairie, care, creneau_1_ferme="")
    outcome = await apply_ticks(await current_catalogue(), camille.family, [tick], clock.now())
    assert status == 303 and not outcome.refused, "opened again"
    await town.verify()


async def test_what_never_served_is_taken_away(portal: OpenPortal, at: Callable[[str], object]) -> None:
    town = await portal("demo", now=NOW)
    at(NOW)
    mairie = await town.client("gestion")
    clubs = (await Activity.get(code="ateliers")).id
    before = await read(clubs)
    name = before.said.slots[0].name
    added = {"creneau_1_nom": "Étude", "creneau_1_debut": "18:00", "creneau_1_fin": "18:30"}
    status, _ = await saved(mairie, clubs, **added, creneau_1_demande=name, groupe_2_nom="Collège")
    assert status == 303 and await Opening.exists(slot__name="Étude", group__name="Collège")
    status, page = await saved(mairie, clubs, creneau_0_nom="")
    assert status == 422 and "« Étude » demande cette séance" in words(html.unescape(page)).replace(
        "\u00a0", " "
    )
    status, page = await saved(mairie, clubs, groupe_0_nom="")
    assert status == 422 and "il peut être fermé, pas supprimé" in words(html.unescape(page))
    status, _ = await saved(mairie, clubs, creneau_1_nom="", groupe_2_nom="")
    assert status == 303 and await read(clubs) == before
    assert not await Slot.exists(name="Étude") and not await Group.exists(name="Collège")
    await town.verify()


async def test_a_group_that_was_booked_is_closed_from_a_day_on(
    portal: OpenPortal, at: Callable[[str], object]
) -> None:
    def at_once(content: dict[str, Any]) -> None:
        next(one for one in content["activities"] if one["code"] == "ateliers")["acceptance"] = "automatic"

    town = await portal("demo", now=NOW, change=at_once)
    at(NOW)
    mairie, camille = await town.client("gestion"), await parent(town, "camille.durand")
    await camille.tick("Lina", "Atelier", "2025-11-27", "2025-12-04")
    await camille.click()
    clubs = (await Activity.get(code="ateliers")).id
    status, page = await saved(mairie, clubs, groupe_0_ferme="2025-11-28")
    assert status == 409 and "1 réservation, 0,00 € d’avoirs." in words(page).replace("\u00a0", " ")
    confirm = [(name, html.unescape(value)) for name, value in HIDDEN.findall(page) if name != "csrf"]
    typed = [*confirm, ("mot", "confirmer"), ("raison", "Plus d’agent")]
    assert (await mairie.post_form(f"{PLACE}/{clubs}/seances", typed)).status_code == 303
    booked = Booking.filter(slot__name="Atelier").order_by("day")
    assert [row.state for row in await booked] == ["confirmed", "cancelled"]
    after = Opening.filter(slot__name="Atelier", day__gt=date(2025, 11, 28))
    assert [row.places for row in await after.filter(group__code="cycle2")] == [0]
    assert await after.filter(group__code="cycle3", places=12).exists(), "the other group goes on"

    lina, slot = await Child.get(first_name="Lina"), await Slot.get(name="Atelier")
    ticks = [Tick(lina.id, slot.id, date(2025, 12, day), ticked=True) for day in (4, 11)]
    outcome = await apply_ticks(await current_catalogue(), camille.family, ticks, clock.now())
    assert [cell.shown.state for cell in outcome.refused] == ["closed", "closed"]
    await town.verify()
