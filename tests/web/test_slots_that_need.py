"""A slot that needs another one: ticked with it, unticked with it, never booked without it."""

from datetime import date
from typing import Any

import pytest

from models import clock
from models.activities.catalogue import current_catalogue
from models.activities.opening import Opening
from models.activities.slot import Slot
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.checkout import absences
from models.commune_file import WrongFile, export
from models.families.child import Child
from models.families.household import Household
from models.planning import undo
from models.planning.ticks import Tick, apply_ticks
from tests.engines import ON_SQLITE
from tests.models.test_commune_file import parse_changed
from tests.portal import Portal
from tests.web.activity_forms import PLACE, changed, opened
from tests.web.checkout import Parent, parent, words
from tests.web.grid import cell

TEN = "2022-09-01T10:00"
MONDAY, TUESDAY = "2022-09-12", "2022-09-13"
OPERATIONS = "/planning/operations"
STUDY = {"code": "etude", "name": "Étude", "starts": "17:30", "ends": "18:30", "requires": "soir"}


def study(data: dict[str, Any]) -> None:
    data["activities"][1]["slots"].append(dict(STUDY))


on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def paule(portal: Any) -> Parent:
    return await parent(await portal("alixan", now=TEN, change=study), "paule.martin")


async def answered(paule: Parent, slot: str, day: str, ticked: bool = True) -> str:
    sent = {"op": f"{await cell('Louis', slot, day)}:{int(ticked)}", "vue": "semaine", "debut": day}
    return words((await paule.browser.post_part(OPERATIONS, sent)).text)


async def wished() -> list[tuple[str, str, str]]:
    lines = await CartLine.all().order_by("day", "slot__starts").select_related("slot")
    return [(line.slot.name, str(line.day), line.action) for line in lines]


async def booked() -> list[tuple[str, str]]:
    rows = await Booking.filter(state="confirmed").order_by("day", "slot__starts").select_related("slot")
    return [(row.slot.name, str(row.day)) for row in rows]


async def fill_up(slot: str, day: str, places: int = 0) -> None:
    await Opening.filter(slot__name=slot, day=date.fromisoformat(day)).update(places=places)


EVENING = "Garderie du soir"


@on_sqlite
async def test_it_is_ticked_and_unticked_with_the_one_it_needs(paule: Parent) -> None:
    page = words(await paule.browser.get_page(f"/planning?vue=semaine&debut={MONDAY}&modifier=1"))
    assert "Demande « Garderie du soir », coché avec." in page
    answer = await answered(paule, "Étude", MONDAY)
    assert "2 réservations ajoutées" in answer and "Le décocher retire aussi « Étude »." in answer
    assert await wished() == [(EVENING, MONDAY, "add"), ("Étude", MONDAY, "add")]
    answer = await answered(paule, EVENING, MONDAY, ticked=False)
    assert "2 réservations retirées" in answer
    assert await wished() == []
    await answered(paule, EVENING, MONDAY)
    assert "Étude, lundi 12 septembre : ajoutée." in await answered(paule, "Étude", MONDAY)
    await answered(paule, "Étude", MONDAY, ticked=False)
    assert await wished() == [(EVENING, MONDAY, "add")]
    said = words(await paule.browser.get_page("/reglement"))
    assert (
        "« Étude » demande « Garderie du soir » : le même jour, l’un ne se réserve pas sans l’autre" in said
    )


@ON_SQLITE
async def test_what_is_booked_goes_with_it_and_an_absence_takes_both(paule: Parent) -> None:
    await paule.tick("Louis", "Étude", MONDAY, TUESDAY)
    assert (await paule.click()).status_code == 303
    both = [(EVENING, MONDAY), ("Étude", MONDAY)]
    assert await booked() == [*both, (EVENING, TUESDAY), ("Étude", TUESDAY)]
    await paule.tick("Louis", EVENING, TUESDAY, ticked=False)
    assert await wished() == [(EVENING, TUESDAY, "cancel"), ("Étude", TUESDAY, "cancel")]
    assert (await paule.click()).status_code == 303
    assert await booked() == both
    catalogue, household = await current_catalogue(), await Household.read(paule.family)
    day = date.fromisoformat(MONDAY)
    found = await absences.choices(catalogue, household, clock.now(), day, day)
    evening = next(one.promise for one in found if one.slot_name == EVENING)
    await absences.tell(catalogue, paule.family, [evening], "sick", clock.now(), "click")
    assert await booked() == []


@on_sqlite
async def test_without_a_place_in_the_one_neither_is_taken(paule: Parent) -> None:
    await fill_up(EVENING, MONDAY)
    answer = await answered(paule, "Étude", MONDAY)
    assert "Garderie du soir, lundi 12 septembre : complet." in answer
    assert await wished() == []
    await fill_up(EVENING, MONDAY, places=30)
    await paule.tick("Louis", "Étude", MONDAY)
    await paule.tick("Louis", "Garderie du matin", MONDAY)
    await fill_up(EVENING, MONDAY)
    shown = await paule.recap()
    assert "Étude" in words(shown)
    assert (await paule.click(shown)).status_code == 303
    assert await booked() == [("Garderie du matin", MONDAY)]


@on_sqlite
async def test_a_change_of_many_days_is_taken_back_whole(paule: Parent) -> None:
    catalogue, household = await current_catalogue(), await Household.read(paule.family)
    louis, slot = await Child.get(first_name="Louis"), await Slot.get(name=EVENING)
    await paule.tick("Louis", "Étude", MONDAY)
    op = [Tick(louis.id, slot.id, date.fromisoformat(MONDAY), False)]
    await apply_ticks(catalogue, paule.family, op, clock.now(), key="many", undoable=True)
    assert await wished() == []
    await undo.take_back(catalogue, household, "many", clock.now())
    assert await wished() == [(EVENING, MONDAY, "add"), ("Étude", MONDAY, "add")]


@on_sqlite
async def test_the_mairie_says_it_by_the_name_of_the_slot(portal: Any) -> None:
    town: Portal = await portal("alixan", now=TEN, change=study)
    mairie = await town.client("mairie")
    care = (await Slot.get(name=EVENING)).activity_id
    sent = await opened(mairie, care, "seances")
    assert ("creneau-2-demande", EVENING) in sent
    save = f"{PLACE}/{care}/seances"
    wrong = await mairie.post_form(save, dict(changed(sent, creneau_2_demande="Le goûter")))
    assert wrong.status_code == 422 and "Aucun créneau de cette activité n’a ce nom." in wrong.text
    loop = await mairie.post_form(save, dict(changed(sent, creneau_1_demande="étude")))
    assert loop.status_code == 422 and "ce créneau se demanderait lui-même" in words(loop.text)
    morning = dict(changed(sent, creneau_2_demande="garderie du MATIN"))
    assert (await mairie.post_form(save, morning)).status_code == 303
    written = (await export())["activities"][1]["slots"]
    assert [slot.get("requires") for slot in written] == [None, None, "matin"]


def test_a_file_names_a_slot_of_the_same_activity() -> None:

    def other(data: dict[str, Any]) -> None:
        data["activities"][1]["slots"].append(STUDY | {"requires": "repas"})

    with pytest.raises(WrongFile, match="« requires » « repas » n’existe pas"):
        parse_changed("alixan", other)
