"""A child spends a day in another group: places move, nothing else does, and the parent may still give the day back."""

from datetime import date
from typing import Any

import pytest

from models.activities.opening import Opening
from models.bookings.booking import Booking
from models.bookings.day.regrouping import CannotMove, move
from models.clock import now
from models.storage.integrity import verify
from models.work.audit_log import Event
from tests.portal import Portal
from tests.web.checkout import hear_the_bank, parent, words

MEAL, CARE, DAY = "Repas de midi", "Accueil du matin", date(2025, 10, 7)
PAGE = "/mairie/listes/groupes"


def two_groups(content: dict[str, Any]) -> None:
    """Of the care that is invoiced too."""
    for activity in content["activities"]:
        if any(slot["name"] == CARE for slot in activity["slots"]):
            levels = [level for school in content["schools"] for level in school["levels"]]
            activity.pop("places", None)
            activity["groups"] = [
                {"code": "tous", "name": "Tous", "levels": levels},
                {"code": "autres", "name": "Autres", "levels": [], "places": 1},
            ]


@pytest.fixture
async def town(portal: Any, monkeypatch: pytest.MonkeyPatch) -> Portal:
    town: Portal = await portal("demo", now="2025-09-22T10:00:00", change=two_groups)
    hear_the_bank(town, monkeypatch)
    return town


async def test_a_child_changes_groups_for_a_day(town: Portal) -> None:
    camille = await parent(town, "camille.durand")
    await camille.tick("Lina", CARE, DAY.isoformat())
    await camille.click()
    row = await Booking.get(day=DAY).select_related("opening")
    price = (row.cents, row.reason, row.tariff_id)
    other = await Opening.exclude(id=row.opening_id).get(slot_id=row.slot_id, day=DAY)
    mairie = await town.client("gestion")
    shown = await mairie.get_page(f"{PAGE}?jour={DAY}&creneau={row.slot_id}")
    assert "Durand Lina" in words(shown)
    sent = {"jour": DAY.isoformat(), "creneau": row.slot_id, f"groupe-{row.id}": other.group_id}
    for _ in range(2):
        assert (await mairie.post_form(PAGE, sent)).status_code == 303
    after = await Booking.get(id=row.id)
    assert after.opening_id == other.id and (after.cents, after.reason, after.tariff_id) == price
    taken = {one.id: one.taken for one in await Opening.filter(id__in=[row.opening_id, other.id])}
    assert taken == {row.opening_id: 0, other.id: 1}
    noted = await Event.get(action="group.assigned")
    assert (noted.details["before"], noted.details["after"]) == ({"group": "Tous"}, {"group": "Autres"})
    assert await verify() == []

    await camille.tick("Lina", CARE, DAY.isoformat(), ticked=False)
    await camille.click()
    assert (await Booking.get(id=row.id)).state == "cancelled"
    assert not (await Opening.get(id=other.id)).taken, "the place that is free is that of the day's group"
    assert await verify() == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_full_group_stops_the_child_alone(town: Portal) -> None:
    rows = []
    for username, child in (("camille.durand", "Lina"), ("sophie.moreau", "Emma")):
        claire = await parent(town, username)
        await claire.tick(child, CARE, DAY.isoformat())
        await claire.click()
        rows.append(await Booking.get(day=DAY, child__first_name=child))
    [other] = await Opening.filter(slot_id=rows[0].slot_id, day=DAY, places=1)
    mairie = await town.client("gestion")
    sent: dict[str, Any] = {"jour": DAY.isoformat(), "creneau": rows[0].slot_id}
    sent |= {f"groupe-{row.id}": other.group_id for row in rows}
    answer = await mairie.post_form(PAGE, sent)
    assert answer.status_code == 409 and "ce groupe est complet" in words(answer.text)
    moved = [row for row in rows if (await Booking.get(id=row.id)).opening_id == other.id]
    assert len(moved) == 1 and await verify() == []
    with pytest.raises(CannotMove):
        await move(rows[0].id, 10_000, 1, now())
