"""Shuttles: a child's stop stands in its file, its parent reads it, and the list of a day says who gets on where."""

import pytest

from models.commune.shuttle import ShuttleLine, ShuttleStop
from models.families.child import Child
from models.families.child_stop import ChildStop
from models.work.audit_log import Event
from tests.portal import Portal
from tests.web.checkout import hear_the_bank, parent, words

LIST = "/mairie/listes/navettes"


@pytest.fixture
async def town(portal, monkeypatch: pytest.MonkeyPatch) -> Portal:
    town: Portal = await portal("demo", now="2025-09-22T10:00:00")
    hear_the_bank(town, monkeypatch)
    return town


async def test_a_child_gets_on_where_its_file_says(town: Portal) -> None:
    camille, sophie = [await parent(town, name) for name in ("camille.durand", "sophie.moreau")]
    await camille.tick("Lina", "Repas de midi", "2025-10-07")
    await camille.pay()
    line, stop = await ShuttleLine.get(), await ShuttleStop.get(name="Les Tilleuls")
    lina, mairie = await Child.get(first_name="Lina"), await town.client("gestion")
    tab, field = f"/mairie/familles/{camille.family}/navettes", f"arret-{lina.id}-{line.id}"
    for _ in range(2):
        assert (await mairie.post_form(tab, {field: stop.id})).status_code == 303
    assert f'<option value="{stop.id}" selected>' in await mairie.get_page(tab)
    row = await ChildStop.get()
    assert (row.child_id, row.stop_id, row.ended_at) == (lina.id, stop.id, None)
    noted = await Event.get(action="shuttle.changed")
    assert noted.details["after"] == {"stop": "Les Tilleuls"} and noted.family_id == camille.family

    shown = words(await (await town.client("animateur")).get_page(f"{LIST}?jour=2025-10-07"))
    assert "Navette Nord 1 attendu" in shown and "07:50 Les Tilleuls Durand Lina" in shown
    assert "07:40 Place du Marché Personne" in shown
    assert "Lina" not in words(await mairie.get_page(f"{LIST}?jour=2025-10-09")), "not booked"
    await (await town.client("cantine")).get_page(f"{LIST}?jour=2025-10-07", status=403)
    own = words(await camille.browser.get_page("/dossier"))
    assert "Mes navettes Navette Nord : 07:50, Les Tilleuls" in own
    assert "Mes navettes, Lina" in words(await camille.browser.get_page("/inscriptions"))
    assert "Mes navettes" not in words(await sophie.browser.get_page("/dossier"))

    assert (await mairie.post_form(tab, {field: ""})).status_code == 303
    assert (await ChildStop.get()).ended_at, "what was stays written"
    assert "Lina" not in words(await mairie.get_page(f"{LIST}?jour=2025-10-07"))
