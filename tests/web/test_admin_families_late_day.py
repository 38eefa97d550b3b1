"""The mairie books a day beyond the limit: as usual but for the limit, once, told, and taken back while it is fresh."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from models.activities.opening import Opening
from models.activities.slot import Slot
from models.bookings.booking import Booking
from models.checkout import desk_booking
from models.commune.till import Till
from models.money import ledger
from models.storage.integrity import verify
from models.work.audit_log import Event
from models.work.email import Email
from tests.engines import ON_SQLITE
from tests.portal import Client, Portal
from tests.web.checkout import parent, words

MEAL, CARE, DAY = "Repas de midi", "Accueil du matin", date(2025, 10, 7)
LATE = "2025-10-07T08:00:00"
REASON = "Le bus scolaire est en panne."


@pytest.fixture
async def town(portal: Any, at: Callable[[str | datetime], datetime]) -> Portal:
    town: Portal = await portal("demo", now="2025-09-22T10:00:00")
    at(LATE)
    return town


async def ask(mairie: Client, family: int, slot: str, **said: str) -> tuple[int, str]:
    """Lina, on that day; the answer's status and the page that it leads to."""
    shown = await mairie.get_page(f"/mairie/familles/{family}/reservation")
    child = re.search(rf'<option value="(\d+-\d+)"[^>]*>Lina, {slot}<', shown)
    click = re.search(r'name="clic" value="([0-9a-f]+)"', shown)
    assert child and click
    form = {"pour": child[1], "jour": DAY.isoformat(), "motif": REASON, "clic": click[1], **said}
    first, again = [await mairie.post_form(f"/mairie/familles/{family}/reservation", form) for _ in range(2)]
    assert first.headers.get("location") == again.headers.get("location") or "clic" in said
    return first.status_code, first.headers.get("location", first.text)


@ON_SQLITE
@pytest.mark.parametrize("slot", [MEAL, CARE])
async def test_a_day_beyond_the_limit_is_booked_once_and_taken_back(town: Portal, slot: str) -> None:
    camille = await parent(town, "camille.durand")
    assert not await Booking.exists(day=DAY)
    mairie, family = await town.client("gestion"), camille.family
    status, place = await ask(mairie, family, slot)
    row = await Booking.get(day=DAY, child__first_name="Lina", slot__name=slot).select_related(
        "slot__activity", "opening"
    )
    assert (status, row.state, row.opening.taken) == (303, "confirmed", 1)
    assert row.cents > 0 and row.reason, "at the price of the planning"
    prepaid = row.slot.activity.billing == "prepaid"
    till = await Till.get(id=row.slot.activity.till_id)
    assert await ledger.standing(camille.family, till.id) == (row.cents if prepaid else 0)
    noted = await Event.get(action="order.by_mairie")
    assert noted.details["after"] == {"reason": REASON} and noted.family_id == camille.family
    await town.run_jobs(within=3600)
    assert await Email.filter(recipient__contains="camille", text__contains=slot).exists(), (
        "the parent is told"
    )
    assert await verify() == []

    shown = await mairie.get_page(place)
    assert "La famille en est prévenue." in words(shown)
    for _ in range(2):
        back = await mairie.post_form(f"/mairie/familles/{family}/reservation/{row.id}/retour")
        assert back.status_code == 303
    await row.refresh_from_db()
    assert (row.state, row.billed, (await Opening.get(id=row.opening_id)).taken) == ("cancelled", False, 0)
    assert await ledger.standing(camille.family, till.id) == 0
    assert await verify() == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_all_but_the_limit_holds(town: Portal) -> None:
    camille = await parent(town, "camille.durand")
    mairie, family = await town.client("gestion"), camille.family
    slot = await Slot.get(name=MEAL)
    await Opening.filter(slot_id=slot.id, day=DAY).update(places=0)
    for said, why in (
        ({}, "Complet"),
        ({"jour": "2025-10-06"}, "Ce jour est passé."),
        ({"jour": "2025-10-12"}, "rien n’ouvre ce jour-là"),
        ({"motif": ""}, "Dites pourquoi"),
    ):
        status, text = await ask(mairie, family, MEAL, **said)
        assert status == 422 and why in words(text), (said, why)
    assert not await Booking.exists(day=DAY)
    own = await Booking.all().first()
    assert own is None
    with pytest.raises(desk_booking.NotPossible):
        await desk_booking.take_back(camille.family, 1, 1, datetime.fromisoformat(f"{LATE}+02:00"))
