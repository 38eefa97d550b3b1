"""« Qui vient : tous les inscrits, d’office »: read before it is done, told to parents, taken back within a day."""

import html
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from models import commune_file
from models.activities.activity import Activity
from models.bookings.booking import Booking
from models.work.audit_log import Event
from tests.portal import Portal
from tests.web.activity_forms import PLACE, changed, opened
from tests.web.checkout import words

OpenPortal = Callable[..., Awaitable[Portal]]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')


def few_families(content: dict[str, Any]) -> None:
    content["families"] = content["families"][:3]


async def test_it_is_read_first_then_done_then_taken_back(
    portal: OpenPortal, at: Callable[[str], object]
) -> None:
    town = await portal("demo", now="2026-06-25T09:00:00", change=few_families)
    at("2026-06-25T09:00:00")
    mairie = await town.client("gestion")
    meals = (await Activity.get(code="cantine")).id
    sent = changed(await opened(mairie, meals, "identite"), presence="default")
    refused = await mairie.post_form(f"{PLACE}/{meals}/identite", sent)
    assert refused.status_code == 422
    assert "un jour payé d’avance ne se réserve pas d’office" in refused.text

    care = (await Activity.get(code="periscolaire")).id
    sent = changed(await opened(mairie, care, "identite"), presence="default")
    asked = await mairie.post_form(f"{PLACE}/{care}/identite", sent)
    assert asked.status_code == 409
    said = words(asked.text)
    found = re.search(
        r"(\d+) réservations pour 4 enfants, 0,00 € à payer maintenant", said.replace("\u00a0", " ")
    )
    assert found, said
    assert not await Booking.exists(by_default=True)
    confirm = [(name, html.unescape(value)) for name, value in HIDDEN.findall(asked.text) if name != "csrf"]
    done = await mairie.post_form(f"{PLACE}/{care}/identite", [*confirm, ("mot", "confirmer")])
    assert done.status_code == 303
    await town.run_jobs()
    assert await Booking.filter(by_default=True, state="confirmed").count() == int(found[1]) > 20
    exported = (await commune_file.export())["activities"]
    assert [one["code"] for one in exported if one.get("presence") == "default"] == ["periscolaire"]

    parent = await town.client("camille.durand")
    assert "est inscrit d’office" in await parent.get_page("/planning?vue=mois")
    assert "chacun est réservé d’office" in await (await town.client()).get_page("/reglement")
    assert "tous les inscrits, d’office" in words(
        await (await town.client("mairie")).get_page("/mairie/journal")
    )

    page = await mairie.get_page(f"{PLACE}/{care}/identite")
    assert "Revenir aux réservations jour par jour" in page
    assert (await mairie.post_form(f"{PLACE}/{care}/presence/annulation")).status_code == 303
    assert (await mairie.post_form(f"{PLACE}/{care}/presence/annulation")).status_code == 409
    await town.run_jobs()
    assert not await Booking.exists(by_default=True, state="confirmed")
    assert await Event.filter(action="activity.changed", object=f"activity:{care}").count() == 2
    assert "Revenir aux réservations" not in await mairie.get_page(f"{PLACE}/{care}/identite")
    await town.verify()
