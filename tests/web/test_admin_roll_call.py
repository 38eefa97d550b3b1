"""« Pointage »: taps that a tablet sends now or later, what the other tablets read, the close of a service."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest

from models import clock
from models.activities.opening import Opening
from models.bookings.booking import Booking
from models.bookings.roll import parts
from models.bookings.roll.attendance import Attendance
from models.bookings.roll.roll_closing import RollClosing
from models.commune.school import School
from models.families.enrolment import Enrolment
from models.work.audit_log import Event
from tests.models.roll import DAYS, EVENING, MEAL, NOW, meals
from tests.portal import Client, Portal
from tests.web.checkout import Parent, parent, words

OpenPortal = Callable[..., Awaitable[Portal]]
PLACE = "/mairie/pointage"
WORDS = "/mairie/pointage/mots"
DAY = DAYS[0]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now=NOW)


@pytest.fixture
async def sophie(town: Portal, monkeypatch: pytest.MonkeyPatch, at: Callable[[str], object]) -> Parent:
    """Emma eats, and it is noon."""
    sophie = await meals(town, monkeypatch)
    at(f"{DAY}T12:05")
    return sophie


@pytest.fixture
async def leader(town: Portal, sophie: Parent) -> Client:
    return await town.client("animateur")


async def service() -> Opening:
    return await Opening.get(slot__name=MEAL, group__code="grands", day=date.fromisoformat(DAY))


async def cell() -> str:
    booking = await Booking.get(day=date.fromisoformat(DAY))
    return f"{booking.child_id}-{booking.slot_id}-{DAY}"


async def tap(leader: Client, *ops: str, status: int = 200) -> str:
    """As the outbox sends them."""
    opening, key = await service(), await cell()
    sent = [("service", str(opening.id)), *(("op", f"{key}-{op}") for op in ops)]
    answer = await leader.post_part(WORDS, sent)
    assert answer.status_code == status, answer.text
    return answer.text


async def test_the_service_of_this_hour_is_open_with_its_children_and_no_money(leader: Client) -> None:
    page = await leader.get_page(PLACE)
    text = words(page)
    assert f"{MEAL} · Grands" in text and "Emma MOREAU" in text and "1 à pointer sur 1" in text
    assert "€" not in text and "Sophie Moreau" in page
    assert "Rien n’ouvre ce jour" in words(await leader.get_page(f"{PLACE}?jour=2025-10-05"))
    opening = await service()
    await leader.get_page(f"{PLACE}?jour=hier&service={opening.id}")


async def test_a_tap_is_noted_and_the_other_tablets_read_it(town: Portal, leader: Client) -> None:
    assert 'data-said="present"' in await tap(leader, "presence:present")
    row = await Attendance.get()
    assert (row.state, row.arrived) == ("present", None)
    other = await town.client("gestion")
    seen = await other.get(f"{PLACE}/etat", params={"service": (await service()).id})
    assert f'id="pt-{await cell()}-presence" data-said="present"' in seen.text
    await tap(leader, "arrivee:12:01", "depart:maintenant", "confie:Sophie  Moreau")
    row = await Attendance.get()
    assert (row.arrived, row.fetched_by) == (721, "Sophie Moreau")
    assert row.departed and 12 * 60 + 5 <= row.departed < 12 * 60 + 30
    text = words(await other.get_page(PLACE))
    assert f"arrivée 12:01, départ 12:{row.departed - 720:02d}, avec Sophie Moreau" in text
    assert "Noté par Animation" in text
    details = str([event.details for event in await Event.filter(action="roll.noted")])
    assert "Sophie" not in details and str(row.departed) in details
    await town.verify()


async def test_without_scripts_a_button_and_the_fields_do_the_same(town: Portal, leader: Client) -> None:
    opening = await service()
    answer = await leader.post_form(WORDS, {"service": opening.id, "op": f"{await cell()}-presence:absent"})
    assert answer.status_code == 303 and f"service={opening.id}" in answer.headers["location"]
    key = await cell()
    await leader.post_form(WORDS, {"service": opening.id, f"{key}-motif": "sick", f"{key}-arrivee": ""})
    row = await Attendance.get()
    assert (row.state, row.reason, row.arrived) == ("absent", "sick", None)
    assert "absence : maladie" in words(await leader.get_page(PLACE)).replace("\u00a0", " ")
    pressed = (await leader.get_page(PLACE)).split('data-value="absent"')[1][:200]
    assert f"{key}-presence:vide" in pressed and 'aria-pressed="true"' in pressed


@pytest.mark.parametrize(
    "op", ["presence:assise", "arrivee:25:00", "depart:tard", "presence", "justificatif:hier", "couleur:bleu"]
)
async def test_what_no_page_says_is_told_and_changes_nothing(leader: Client, op: str) -> None:
    assert "rechargez-la" in await tap(leader, op, status=422)
    assert not await Attendance.exists()


async def test_a_word_bears_the_moment_of_its_tap(leader: Client) -> None:
    await tap(leader, "presence:present@60000")
    await tap(leader, "presence:absent@600000", "depart:maintenant@600000")
    row = await Attendance.get()
    assert row.state == "present" and row.departed and row.departed >= 11 * 60 + 55  # ten minutes ago
    assert clock.now() - row.noted_at >= timedelta(minutes=1)
    await tap(leader, "presence:absent@0")
    assert (await Attendance.get()).state == "absent"


async def test_all_present_then_the_service_is_closed(town: Portal, leader: Client) -> None:
    opening = await service()
    assert (await leader.post_form(f"{PLACE}/{opening.id}/presents")).status_code == 303
    assert (await Attendance.get()).state == "present"
    for _ in range(2):
        assert (await leader.post_form(f"{PLACE}/{opening.id}/cloture")).status_code == 303
    assert await RollClosing.all().count() == 1
    page = await leader.get_page(f"{PLACE}?jour={DAY}&service={opening.id}")
    assert "Service clos" in words(page) and "Tous présents" not in page and "data-op=" not in page
    assert "Ce service est clos" in await tap(leader, "presence:absent")
    answer = await leader.post_form(WORDS, {"service": opening.id, "op": f"{await cell()}-presence:absent"})
    assert answer.status_code == 422 and (await Attendance.get()).state == "present"
    manager = await town.client("gestion")
    assert "change ce que la famille doit" in words(
        await manager.get_page(PLACE + f"?service={opening.id}&jour={DAY}")
    )
    await tap(manager, "presence:absent", "motif:sick", f"justificatif:{DAY}")
    row = await Attendance.get()
    assert (row.state, row.reason, row.proved_on) == ("absent", "sick", date.fromisoformat(DAY))
    await town.verify()


async def test_a_service_to_come_is_read_and_not_called(leader: Client) -> None:
    ahead = await Opening.get(slot__name=MEAL, group__code="grands", day=date.fromisoformat(DAYS[1]))
    page = words(await leader.get_page(f"{PLACE}?jour={DAYS[1]}&service={ahead.id}"))
    assert "s’ouvre le jour même" in page and "Clôturer" not in page
    answer = await leader.post_form(f"{PLACE}/{ahead.id}/cloture")
    assert answer.status_code == 422 and not await RollClosing.exists()
    assert (await leader.post_form(f"{PLACE}/{ahead.id}/presents")).status_code == 422
    assert (await leader.post_form(f"{PLACE}/999999/cloture")).status_code == 404


async def test_a_child_that_nobody_booked_is_found_and_added_once(town: Portal, leader: Client) -> None:
    opening = await service()
    page = await leader.get_page(f"{PLACE}?jour={DAY}&service={opening.id}&recherche=hugo")
    assert "Hugo MOREAU" in words(page)
    enrolment = page.split('name="inscription" value="')[1].split('"')[0]
    sent = {"inscription": enrolment}
    assert (await leader.post_form(f"/mairie/pointage/{opening.id}/enfants", sent)).status_code == 303
    again = await leader.post_form(f"/mairie/pointage/{opening.id}/enfants", sent)
    assert again.status_code == 422 and "déjà sur la liste" in words(again.text)
    shown = words(await leader.get_page(f"{PLACE}?jour={DAY}&service={opening.id}"))
    assert "Hugo MOREAU" in shown and "sans réservation" in shown and "€" not in shown
    nobody = words(await leader.get_page(f"{PLACE}?jour={DAY}&service={opening.id}&recherche=zzz"))
    assert "Aucun enfant inscrit ne porte ce nom" in nobody
    await town.verify()


async def test_a_reader_reads_and_the_kitchen_stays_outside(town: Portal, leader: Client) -> None:
    reader = await town.client("elu")
    page = await reader.get_page(PLACE)
    assert "Emma" in page and "data-op=" not in page and "Clôturer" not in page
    opening = await service()
    assert (await reader.post_form(f"{PLACE}/{opening.id}/cloture")).status_code == 403
    await (await town.client("cantine")).get_page(PLACE, status=403)


async def test_a_long_roll_is_called_school_by_school_and_class_by_class(
    town: Portal, monkeypatch: pytest.MonkeyPatch, at: Callable[[str], object]
) -> None:
    for username, child in (("sophie.moreau", "Emma"), ("linh.nguyen", "Mai"), ("camille.durand", "Noé")):
        someone = await parent(town, username)
        await someone.tick(child, EVENING, DAY)
        await someone.click()
    at(f"{DAY}T16:40")
    leader = await town.client("animateur")
    opening = await Opening.get(slot__name=EVENING, day=date.fromisoformat(DAY))
    ferry = (await School.get(code="ferry")).id
    service, act = f"{PLACE}?jour={DAY}&service={opening.id}", f"{PLACE}/{opening.id}"
    whole = words(await leader.get_page(service))
    assert "3 à pointer sur 3" in whole and "Toutes les écoles 0/3" in whole and "CE1 0/1" not in whole
    alone = words(await leader.get_page(f"{service}&ecole={ferry}"))
    assert "2 à pointer sur 2" in alone and "Noé DURAND" not in alone
    assert "3 à pointer sur 3" in words(await leader.get_page(service)), "it is short enough to be whole"
    monkeypatch.setattr(parts, "LONG", 1)
    near = words(await leader.get_page(f"{service}&ecole="))
    assert "Mai NGUYEN" in near and "1 à pointer sur 1" in near, "the school that was chosen, its first class"
    assert "Toutes les écoles 0/" not in near and "Les Lilas 0/1" in near and "CP 0/1" in near
    page = await leader.get_page(f"{service}&ecole={ferry}&classe=CE1")
    assert "Emma MOREAU" in words(page) and "Mai" not in words(page) and "GS 0/1" not in words(page)
    assert "Toutes les écoles et classes : 0 / 3 pointés" in words(page).replace("\u00a0", " ")
    everybody = page.split(f'action="{act}/presents')[1].split('"')[0].replace("&amp;", "&")
    answer = await leader.post_form(f"{act}/presents{everybody}")
    assert answer.headers["location"] == f"{service}&ecole={ferry}&classe=CE1"
    assert (
        await Attendance.filter(booking__child__first_name="Emma").count()
        == await Attendance.all().count()
        == 1
    )
    assert "Emma MOREAU" in words(await leader.get_page(PLACE)), "the tablet remembers its class"
    marks = await leader.get(f"{PLACE}/etat", params={"service": opening.id, "ecole": ferry, "classe": "CE1"})
    assert 'data-rangs="1"' in marks.text
    lina = (await Enrolment.get(child__first_name="Lina", activity__code="periscolaire")).id
    answer = await leader.post_form(f"{act}/enfants{everybody}", {"inscription": lina})
    assert answer.headers["location"].endswith(f"&ecole={ferry}&classe=CE2"), "where the child is called"
    assert "Lina DURAND" in words(await leader.get_page(answer.headers["location"]))
    await leader.post_form(f"{act}/cloture{everybody}")
    closed = words(await leader.get_page(f"{service}&ecole={ferry}&classe=CP"))
    assert "Service clos" in closed and "Mai NGUYEN" in closed, "of all its schools"
