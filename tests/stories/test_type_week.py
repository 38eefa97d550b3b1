"""A year at once: Mondays and Thursdays of a whole school year, seen first, added in one action, taken back."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from models.activities.catalogue import current_catalogue
from models.activities.slot import Slot
from models.bookings.booking import Booking
from models.bookings.cart import Batch, CartLine
from models.families.child import Child
from models.rules.calendar import day_of
from tests.engines import ON_SQLITE
from tests.portal import Portal, hidden
from tests.web.checkout import Parent, hear_the_bank, parent, words

OpenPortal = Callable[..., Awaitable[Portal]]
HOME = "/planning/semaine-type"


@pytest.fixture
async def paule(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    town = await portal("alixan", now="2022-07-04T14:00:00")
    hear_the_bank(town, monkeypatch)
    return await parent(town, "paule.martin")


async def week(child: str, slot: str, *weekdays: int, **more: str) -> list[tuple[str, str]]:
    one, meal = await Child.get(first_name=child), await Slot.get(name=slot)
    said = {"enfant": str(one.id), "periode": "dates", "du": "2022-07-04", "au": "07/07/2023", "ignorer": "1"}
    ticks = [("jour", f"0-{meal.id}-{weekday}") for weekday in weekdays]
    return [*(said | more).items(), *ticks]


async def join(paule: Parent, child: str) -> None:
    """Pay the membership: without it no meal can be booked."""
    home = "/inscriptions/paiement-immediat"
    page, row = await paule.browser.get_page(home), await Child.get(first_name=child)
    box = re.findall(rf'value="({row.id}-\d[^"]*)"', page)[0]  # the page's token may begin like it
    page = await paule.browser.get_page(f"{home}/recapitulatif?inscription={box}")
    form = {"inscription": box, "click": hidden(page, "click")}
    answer = await paule.browser.post_form(f"{home}/recapitulatif", form)
    await paule.at_the_bank(answer.headers["location"])
    await paule.town.run_jobs()


async def closed_days() -> set[date]:
    """Mondays and Thursdays of the year without a meal."""
    catalogue = await current_catalogue()
    activity = next(one for one in catalogue.activities.values() if one.code == "cantine")
    span = [date.fromordinal(n) for n in range(date(2022, 9, 1).toordinal(), date(2023, 7, 8).toordinal())]
    calendar = catalogue.calendars[activity.year]
    return {
        day
        for day in span
        if day.weekday() in (0, 3) and day_of(calendar, activity.timetable, "alixan", day).kind != "open"
    }


async def test_a_year_of_mondays_and_thursdays(paule: Parent) -> None:
    form = await week("Louis", "Cantine d'Alixan", 0, 3)
    answer = await paule.browser.post_form(HOME, form)
    assert "Adhésion à payer d’abord" in words(answer.text) and "/appliquer" not in answer.text

    await join(paule, "Louis")
    page = (await paule.browser.post_form(HOME, form)).text
    text = words(page)
    assert "68 réservations, 340,00 €" in text and "jour complet" not in text
    assert "Vacances de Noël : 5 jours" in text and "Lundi de Pentecôte : 1 jour" in text
    year = [("periode", "annee"), *(pair for pair in form if pair[0] != "periode")]
    assert "68 réservations, 340,00 €" in words((await paule.browser.post_form(HOME, year)).text)
    assert "septembre 2022 9 45,00 €" in text and "juillet 2023 2 10,00 €" in text
    assert not await CartLine.exists()

    echoed = [("vu", hidden(page, "vu")), ("cle", "a-year")]
    answer = await paule.browser.post_form(f"{HOME}/appliquer", [*form, *echoed])
    louis = await Child.get(first_name="Louis")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(
        f"/planning?par=enfant&id={louis.id}&debut=2022-09-01&modifier=1"
    )
    lines = await CartLine.all().values_list("day", "action", "cents")
    assert len(lines) == 68 and {(action, cents) for _, action, cents in lines} == {("add", 500)}
    days = {day for day, _, _ in lines}
    assert sum(day.weekday() == 0 for day in days) == 32 and sum(day.weekday() == 3 for day in days) == 36
    assert not days & await closed_days() and max(days) <= date(2023, 7, 7)

    again = await paule.browser.post_form(f"{HOME}/appliquer", [*form, *echoed])
    assert again.status_code == 303 and await CartLine.all().count() == 68
    recap = words(await paule.recap())
    assert "Total de vos modifications à l’unité : 340,00 €" in recap
    assert (await paule.click()).status_code == 303
    assert await Booking.filter(state="confirmed").count() == 68
    await paule.town.verify()


@ON_SQLITE
async def test_it_can_be_taken_back_as_long_as_it_is_a_draft(paule: Parent) -> None:
    await join(paule, "Louis")
    await paule.tick("Louis", "Cantine d'Alixan", "2022-09-02", "2022-09-05")
    form = await week("Louis", "Cantine d'Alixan", 0, 3)
    text = words((await paule.browser.post_form(HOME, form)).text)
    assert "67 réservations, 335,00 €" in text
    assert "Déjà réservés ou modifiés, laissés tels quels : 1 jour" in text
    await paule.browser.post_form(f"{HOME}/appliquer", [*form, ("cle", "a-year")])
    assert await CartLine.all().count() == 69
    page = words(await paule.browser.get_page(HOME))
    assert "67 jours ajoutés aux modifications pour Louis" in page

    await paule.tick("Louis", "Cantine d'Alixan", "2022-09-08", ticked=False)
    await paule.tick("Louis", "Cantine d'Alixan", "2022-09-08")  # by hand: it is the parent's now
    answer = await paule.browser.post_form(f"{HOME}/annuler", {"lot": "a-year"})
    assert answer.status_code == 303 and "modifier=1" in answer.headers["location"]
    kept = await CartLine.all().order_by("day").values_list("day", flat=True)
    assert kept == [date(2022, 9, 2), date(2022, 9, 5), date(2022, 9, 8)]
    assert (await paule.browser.post_form(f"{HOME}/annuler", {"lot": "a-year"})).status_code == 303
    assert await CartLine.all().count() == 3
    assert "ajoutés pour Louis" not in words(await paule.browser.get_page(HOME))


async def test_what_was_validated_meanwhile_stays(paule: Parent) -> None:
    form = await week("Louis", "Garderie du matin", 1, du="2022-09-05", au="2022-09-18")
    await paule.browser.post_form(f"{HOME}/appliquer", [*form, ("cle", "mornings")])
    assert (await paule.click()).status_code == 303
    assert await Booking.filter(state="confirmed").count() == 2
    await paule.browser.post_form(f"{HOME}/annuler", {"lot": "mornings"})
    assert await Booking.filter(state="confirmed").count() == 2 and not await CartLine.exists()
    await paule.town.verify()


async def test_a_slot_that_the_child_does_not_have(paule: Parent) -> None:
    form, slot = await week("Théo", "Cantine d'Alixan", 0), await Slot.get(name="Garderie du matin")
    answer = await paule.browser.post_form(HOME, [*form, ("jour", f"0-{slot.id}-1")])
    assert answer.status_code == 404


async def booked_then_unticked(paule: Parent) -> list[tuple[str, str]]:
    """Two mornings booked, one of them with its cancellation in the draft."""
    form = await week("Louis", "Garderie du matin", 1, du="2022-09-05", au="2022-09-18")
    await paule.browser.post_form(f"{HOME}/appliquer", form)
    assert (await paule.click()).status_code == 303
    await paule.tick("Louis", "Garderie du matin", "2022-09-06", ticked=False)
    return form


async def test_a_cancellation_is_kept_or_given_up_and_comes_back(paule: Parent) -> None:
    form = await booked_then_unticked(paule)
    assert "Rien à ajouter" in words((await paule.browser.post_form(HOME, form)).text)
    every = [pair for pair in form if pair[0] != "ignorer"]
    assert "1 réservation, 1,50 €" in words((await paule.browser.post_form(HOME, every)).text)
    await paule.browser.post_form(f"{HOME}/appliquer", [*every, ("cle", "keep")])
    assert not await CartLine.exists()
    await paule.browser.post_form(f"{HOME}/annuler", {"lot": "keep"})
    assert await CartLine.all().values_list("day", "action") == [(date(2022, 9, 6), "cancel")]


async def test_an_erased_cancellation_comes_back(paule: Parent) -> None:
    await booked_then_unticked(paule)
    await paule.tick("Louis", "Garderie du matin", "2022-09-13", ticked=False)
    louis = await Child.get(first_name="Louis")
    page = words(await paule.browser.get_page(HOME))
    assert "Louis, septembre 2022 : 2 annulations en attente, −3,00 €." in page
    form = {"enfant": str(louis.id), "debut": "2022-09-01", "cle": "gone"}
    for _ in range(2):
        assert (await paule.browser.post_form("/planning/effacer", form)).status_code == 303
    assert not await CartLine.exists()
    await paule.tick("Louis", "Garderie du matin", "2022-09-13", ticked=False)
    await paule.browser.post_form(f"{HOME}/annuler", {"lot": "gone"})
    lines = await CartLine.all().order_by("day").values_list("day", "action")
    assert lines == [(date(2022, 9, 6), "cancel"), (date(2022, 9, 13), "cancel")]
    assert (await paule.click()).status_code == 303
    assert await Booking.filter(state="confirmed").count() == 0
    await paule.town.verify()


async def test_a_day_that_closed_meanwhile_does_not_come_back(
    paule: Parent, at: Callable[[str], Any]
) -> None:
    await paule.tick("Louis", "Garderie du matin", "2022-09-06", "2022-09-08")
    louis = await Child.get(first_name="Louis")
    at("2022-09-05T20:00:00")
    form = {"enfant": str(louis.id), "debut": "2022-09-01", "cle": "gone"}
    await paule.browser.post_form("/planning/effacer", form)
    at("2022-09-06T08:00:00")
    await paule.browser.post_form(f"{HOME}/annuler", {"lot": "gone"})
    assert await CartLine.all().values_list("day", flat=True) == [date(2022, 9, 8)]


async def test_two_clicks_at_once_are_one(paule: Parent) -> None:
    form = await week("Louis", "Garderie du matin", 1, 4)
    sent = [*form, ("cle", "twice")]
    answers = await asyncio.gather(*(paule.browser.post_form(f"{HOME}/appliquer", sent) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {303}
    assert await Batch.all().count() == 1
    text = words(await paule.browser.get_page(HOME))
    assert f"{await CartLine.all().count()} jours ajoutés aux modifications pour Louis" in text
    undone = {"lot": "twice"}
    answers = await asyncio.gather(*(paule.browser.post_form(f"{HOME}/annuler", undone) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {303} and not await CartLine.exists()
