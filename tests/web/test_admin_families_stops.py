"""The tab « Navettes » of a family: its own children alone, and a stop of that very line."""

import pytest

from models.commune.shuttle import ShuttleLine, ShuttleStop
from models.families.child import Child, Home
from models.families.child_stop import ChildStop
from models.families.family import Family
from tests.portal import Portal


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_stop_is_of_its_line_and_a_child_of_its_family(portal) -> None:
    town: Portal = await portal("demo", now="2025-09-22T10:00:00")
    line, stop = await ShuttleLine.get(), await ShuttleStop.get(name="Les Tilleuls")
    lina = await Child.get(first_name="Lina")
    own, field = (await Home.get(child_id=lina.id)).family_id, f"arret-{lina.id}-{line.id}"
    mairie = await town.client("gestion")
    sent = {field: stop.id}
    assert (await mairie.post_form(f"/mairie/familles/{own}/navettes", sent)).status_code == 303
    assert f'<option value="{stop.id}" selected>' in await mairie.get_page(f"/mairie/familles/{own}/navettes")
    parent = await town.client("camille.durand")
    assert f'href="/dossier#enfant-{lina.id}">Mes navettes' in await parent.get_page("/inscriptions")
    other = await ShuttleStop.create(
        line_id=(await ShuttleLine.create(code="x", name="X")).id, name="Y", at=1
    )
    wrong = await mairie.post_form(f"/mairie/familles/{own}/navettes", {field: other.id})
    assert wrong.status_code == 404, "a stop of another line"
    family = (await Family.exclude(id=own).order_by("id"))[0].id
    await mairie.post_form(f"/mairie/familles/{family}/navettes", {field: ""})
    assert (await ChildStop.get()).ended_at is None, "nobody moves a child of another family"
