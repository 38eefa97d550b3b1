"""Absences told twice, too late, or of what has changed meanwhile."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest

from models.bookings.absence import Absence
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.family_request import FamilyRequest
from models.families.child import Child
from models.work.audit_log import Event
from tests.portal import Portal
from tests.web.away import MEAL, PAGE, OpenPortal, booked, box, boxes, credit, of, tell, told
from tests.web.checkout import Parent, parent, words
from tests.web.grid import tick

At = Callable[[str], Any]
LATE = "2018-09-03T08:00:00"  # the week's days can no longer be cancelled


@pytest.fixture
async def claire(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    """She paid two meals and an evening."""
    claire = await of(portal, monkeypatch)
    await booked(claire)
    return claire


async def test_sent_twice_it_is_told_once(claire: Parent) -> None:
    page = await claire.browser.get_page(PAGE)
    value = await box(page, "Chloé", MEAL, "2018-09-06")
    first, second = await asyncio.gather(tell(claire, page, value), tell(claire, page, value))
    other = await tell(claire, page, value, click="another tab")
    places = {answer.headers["location"] for answer in (first, second, other)}
    assert len(places) == 1 and await Absence.all().count() == 1 and await credit(claire) == 340
    await claire.town.run_jobs()
    await claire.town.verify()


async def test_an_old_page_does_not_cancel_what_was_booked_again(claire: Parent) -> None:
    page = await claire.browser.get_page(PAGE)
    value = await box(page, "Chloé", MEAL, "2018-09-06")
    first = await tell(claire, page, value)
    await claire.tick("Chloé", MEAL, "2018-09-06")
    await claire.click()
    again = await tell(claire, page, value)
    assert again.headers["location"] == first.headers["location"]
    assert await Booking.filter(day="2018-09-06", slot__name=MEAL, state="confirmed").count() == 1
    fresh = await claire.browser.get_page(PAGE)
    assert (await tell(claire, fresh, value)).headers["location"] != first.headers["location"]
    await claire.town.verify()


async def test_other_days_of_the_same_page_count(claire: Parent) -> None:
    page = await claire.browser.get_page(PAGE)
    await told(claire, page, await box(page, "Chloé", MEAL, "2018-09-06"))
    await told(claire, page, await box(page, "Chloé", MEAL, "2018-09-07"))  # after « Précédent »
    assert await credit(claire) == 680
    await claire.town.verify()


async def nothing_told(claire: Parent, of: int = 3) -> None:
    assert not await Absence.exists() and not await CartLine.filter(action="cancel").exists()
    assert await Booking.filter(state="confirmed").count() == of and await credit(claire) == 0
    assert not await Event.filter(action="absence.told").exists()
    await claire.town.verify()


async def test_the_deadline_passes_between_the_page_and_the_click(claire: Parent, at: At) -> None:
    page = await claire.browser.get_page(PAGE)
    at(LATE)
    values = [value for cells, value in boxes(page).items() if "," not in cells]
    answer = await tell(claire, page, *values, motif="trip")
    text = words(answer.text)
    assert answer.status_code == 409 and "Rien n’a été enregistré." in text
    assert "une limite vient de passer" in text and "Hors délai : ce jour reste facturé" in text
    assert answer.text.count(" checked>") == 4 and re.search(r'value="trip"\s+checked', answer.text)
    await nothing_told(claire)


async def test_one_day_that_changed_stops_all(claire: Parent) -> None:
    page = await claire.browser.get_page(PAGE)
    await claire.tick("Chloé", "ACM du Soir", "2018-09-06", ticked=False)
    await claire.click()
    answer = await tell(claire, page, *(value for cells, value in boxes(page).items() if "," not in cells))
    assert answer.status_code == 409 and await Absence.all().count() == 0
    assert await Booking.filter(state="confirmed").count() == 2
    await claire.town.verify()


async def test_what_the_browser_promises_is_not_believed(claire: Parent) -> None:
    page = await claire.browser.get_page(PAGE)
    value = await box(page, "Chloé", MEAL, "2018-09-06")
    for wrong in (value.replace(":340", ":9900"), value.replace("credited:340", "kept:0")):
        assert (await tell(claire, page, wrong)).status_code == 409
    assert (await tell(claire, page, value.replace("2018-09-06", "2018-09-04"))).status_code == 409
    await nothing_told(claire)


async def test_a_payment_under_way_comes_first(claire: Parent, at: At) -> None:
    await claire.tick("Léo", MEAL, "2018-09-10")
    await claire.click()
    page = await claire.browser.get_page(PAGE)
    answer = await tell(claire, page, await box(page, "Chloé", MEAL, "2018-09-06"))
    assert answer.status_code == 409 and "Un paiement est en cours" in words(answer.text)
    await nothing_told(claire)


async def test_bad_entries_are_told_and_kept(claire: Parent) -> None:
    page = await claire.browser.get_page(PAGE)
    answer = await tell(claire, page, motif="trip")
    assert answer.status_code == 422 and "Choisissez au moins un jour." in answer.text
    assert "<title>Erreur\u00a0: " in answer.text and re.search(r'value="trip"\s+checked', answer.text)
    value = await box(page, "Chloé", MEAL, "2018-09-06")
    answer = await tell(claire, page, value, motif="flemme")
    assert answer.status_code == 422 and "Choisissez un motif." in answer.text
    assert f'value="{value}" checked' in answer.text
    for odd in ("x", "1-1-2018-09-06", "999-1-2018-09-06:kept:0", "", value.replace("2018-09-06", "hier")):
        assert (await tell(claire, page, odd)).status_code == 404, odd
    await nothing_told(claire)


async def test_a_stranger_finds_nothing(claire: Parent) -> None:
    page = await claire.browser.get_page(PAGE)
    done = await tell(claire, page, await box(page, "Chloé", MEAL, "2018-09-06"))
    from models.access.session import Session
    from models.families.guardian import Guardian

    marc = await Guardian.get(username="delattre17")
    assert await Session.open(guardian=marc.id)
    other = Parent(claire.town, await claire.town.client("delattre17"), marc.family_id)
    assert (await other.browser.get(done.headers["location"])).status_code == 404
    own = await other.browser.get_page(PAGE)
    assert "Chloé" not in own
    stolen = [("jour", await box(page, "Chloé", MEAL, "2018-09-07")), ("motif", "sick")]
    assert (await other.browser.post_form(PAGE, stolen)).status_code == 404


async def test_the_queries_do_not_grow_with_the_days(
    claire: Parent, count_queries: Callable[[], int]
) -> None:
    await claire.browser.get_page(PAGE)
    before = count_queries()
    await claire.browser.get_page(PAGE)
    few = count_queries() - before
    await claire.tick("Léo", MEAL, "2018-09-03", "2018-09-04", "2018-09-06", "2018-09-07")
    await claire.pay()
    before = count_queries()
    await claire.browser.get_page(PAGE)
    assert count_queries() - before == few


async def test_the_home_page_leads_there(claire: Parent) -> None:
    page = await claire.browser.get_page("/accueil")
    assert f'href="{PAGE}"' in page and "Prévenir d’une absence" in page


async def test_a_late_untick_that_is_refused_leads_to_the_absence(portal: Any, at: At) -> None:
    town: Portal = await portal("lezignan", now="2016-09-16T10:00:00")
    nadia = await parent(town, "nadia.roux")
    await nadia.tick("Tom", "Repas", "2016-10-03")
    await nadia.click()
    mairie = await town.client("mairie")
    await mairie.post_part(f"/mairie/demandes/{(await FamilyRequest.get()).id}/acceptation")
    at("2016-10-03T08:00:00")
    answer = await tick(nadia.browser, "Tom", "Repas", "2016-10-03", on=False, debut="2016-10-01")
    child = await Child.get(first_name="Tom")
    link = f'<a href="/absences/nouvelle?jour=2016-10-03&amp;enfant={child.id}">Prévenir d’une absence</a>'
    assert "Trop tard pour lundi 3 octobre" in answer and link in answer
    at("2016-10-04T08:00:00")
    answer = await tick(nadia.browser, "Tom", "Repas", "2016-10-03", on=False, debut="2016-10-01")
    assert "Trop tard" in answer and "/absences/nouvelle" not in answer
