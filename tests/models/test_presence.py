"""An activity whose days are booked by themselves: who is enrolled comes, until a parent unticks a day."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from models import clock, commune_file
from models.activities.activity import Activity
from models.activities.opening import Opening
from models.activity_file import town_closure
from models.activity_file.change import Asked, Breaks, change
from models.activity_file.definition import read
from models.activity_file.town_closure import Closing, Unread
from models.bookings.booking import Booking
from models.bookings.order import Order
from models.commune.school_year import SchoolYear
from models.families.child import Child, Home
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.guardian import Guardian
from models.family_file import enrolling
from models.households import merging
from models.invoicing.invoiced_booking import InvoicedBooking
from models.presence import booking_days, switching
from models.presence.days import free_days
from models.work.email import Email
from models.work.notice import Notice
from models.work.task import Task
from tests.engines import ON_SQLITE
from tests.models.invoicing import drafted, issued
from tests.models.merges import agent, typed_twice
from tests.models.presence import DAYS, EVENING, MORNING, START, by_default, live, on, settle, untick
from tests.portal import Portal
from tests.web.checkout import parent

OpenPortal = Callable[..., Awaitable[Portal]]


@ON_SQLITE
async def test_who_is_enrolled_comes_until_a_parent_says_otherwise(
    portal: OpenPortal, at: Callable[[str], object]
) -> None:
    town = await portal("demo", now=START, change=by_default)
    at(START)
    await settle(town)
    assert [await live(name) for name in ("Lina", "Noé", "Hugo")] == [2 * DAYS] * 3
    assert (await live("Emma"), await live("Emma", "waiting")) == (0, 2 * DAYS)
    assert await Notice.filter(kind="booked_by_default").count() == 2, "one message each"
    assert await Email.filter(text__contains="en liste d’attente, du vendredi 21 novembre").exists()

    camille = await parent(town, "camille.durand")
    assert not await untick(camille, "Lina", MORNING, "2025-11-25")
    assert not await untick(camille, "Lina", MORNING, "2025-12-01")
    assert (await camille.click()).status_code == 303
    await settle(town)
    assert await on("Lina", MORNING, "2025-11-25") == ["cancelled"]
    assert await on("Emma", MORNING, "2025-11-25") == ["confirmed"], "the place goes to who waits"
    at("2025-11-24T20:00")
    assert await untick(camille, "Lina", EVENING, "2025-11-25") is False
    assert await untick(camille, "Noé", MORNING, "2025-11-25") is True, "12 hours before are over"

    year = await SchoolYear.get()
    closing = Closing(year, date(2025, 12, 1), date(2025, 12, 2), "Panne de chauffage")
    with pytest.raises(Unread) as unread:
        await town_closure.close(closing, "", 1, clock.now())
    await town_closure.close(closing, unread.value.impact.mark, 1, clock.now())
    await settle(town)
    assert await on("Hugo", MORNING, "2025-12-01") == await on("Emma", EVENING, "2025-12-01") == ["cancelled"]
    await town_closure.lift(year, date(2025, 12, 1), 1, clock.now())
    await settle(town)
    assert await on("Hugo", MORNING, "2025-12-01") == ["cancelled", "confirmed"]
    assert await on("Hugo", MORNING, "2025-12-02") == ["cancelled"]
    assert await on("Lina", MORNING, "2025-12-01") == ["cancelled"], "what a parent unticked stays so"

    await town.verify()
    await an_enrolment_ends(town)
    at("2025-12-01T09:00")
    await issued(town, await drafted(town, date(2025, 11, 1), date(2025, 11, 30)))
    months = InvoicedBooking.filter(booking__child__first_name="Hugo", booking__slot__name=MORNING)
    assert await months.count() == 5, "from the 21st to the 28th"
    await town.verify()


async def an_enrolment_ends(town: Portal) -> None:
    """Noé leaves on 5 December, and comes back."""
    noe = await Enrolment.get(child__first_name="Noé", activity__code="periscolaire")
    with pytest.raises(enrolling.StillBooked) as still:
        await enrolling.end(noe, date(2025, 12, 5), 1, clock.now())
    assert len(still.value.days) == 2 * 4
    await enrolling.end(noe, date(2025, 12, 5), 1, clock.now(), cancel=True)
    await settle(town)
    assert await on("Noé", MORNING, "2025-12-08") == ["cancelled"]
    assert await on("Emma", MORNING, "2025-12-08") == ["confirmed"]
    family = await Family.get(id=noe.family_id)
    await enrolling.enrol(
        family, noe.child_id, noe.activity_id, date(2025, 11, 25), noe.category, 1, clock.now()
    )
    await settle(town)
    assert await on("Noé", MORNING, "2025-12-08") == ["cancelled", "waiting"], "its place is another’s"


async def test_a_switch_says_what_it_books_and_is_taken_back_within_a_day(
    portal: OpenPortal, at: Callable[[str], object]
) -> None:
    def usual(content: dict[str, Any]) -> None:
        by_default(content)
        one = next(row for row in content["activities"] if row["code"] == "periscolaire")
        one |= {"presence": "booking", "waiting_list": False}

    town = await portal("demo", now=START, change=usual)
    at(START)
    camille = await parent(town, "camille.durand")
    await camille.tick("Noé", MORNING, "2025-11-27")
    await camille.click()
    await town.run_jobs()
    await a_file_says_it_too()
    activity = (await Activity.get(code="periscolaire")).id
    with pytest.raises(Breaks) as breaks:
        await switch(activity, "default")
    seen = breaks.value.impact.foreseen
    assert seen is not None
    assert (seen.bookings, seen.children, seen.families) == (2 * DAYS * 3 - 1, 3, 2)
    await switch(activity, "default", breaks.value.impact.mark)
    await settle(town)
    assert await Booking.filter(by_default=True).count() == seen.bookings
    assert await live("Emma") == 0, "there is no list, and three were first"

    assert await switching.may_undo(activity, clock.now())
    await switching.undo(activity, 1, clock.now())
    await town.run_jobs()
    await switching.take_back_defaults(activity, "again", clock.now())
    await town.run_jobs()
    assert await live("Lina") + await live("Hugo") == 0 and await live("Noé") == 1, (
        "what a parent booked stays"
    )
    assert not await Opening.filter(slot__activity_id=activity, taken__gt=1).exists()
    assert await Notice.filter(kind="default_taken_back").count() == 2
    with pytest.raises(switching.TooLate):
        await switching.undo(activity, 1, clock.now())
    await town.verify()


async def a_file_says_it_too() -> None:
    """Tried only: that days will be booked is told, and no slot closes before a booked day."""
    content = await commune_file.export()
    care = next(one for one in content["activities"] if one["code"] == "periscolaire")
    care["presence"] = "default"
    report = await commune_file.load(commune_file.parse(content, "x"), demo=False, dry_run=True)
    [said] = [flag for flag in report.flags if "seront réservés d’office" in flag]
    assert re.search(r"[1-9]\d*\s+réservations? pour \d+\s+enfants? de \d+\s+familles?", said), said
    with pytest.raises(commune_file.Refused) as refused:
        await commune_file.load(commune_file.parse(content, "x"), demo=False)
    assert said in str(refused.value) and "--confirm" in str(refused.value)
    assert not await Activity.exists(code="periscolaire", presence="default")
    care["slots"][0]["closes"] = date(2025, 11, 26)
    with pytest.raises(commune_file.Refused) as refused:
        await commune_file.load(commune_file.parse(content, "x"), demo=False, dry_run=True)
    assert "ferme avant le 27/11/2025, qui est réservé" in str(refused.value)


async def switch(activity: int, presence: str, confirmed: str = "") -> None:
    seen = await read(activity)
    wanted = replace(seen, said=replace(seen.said, presence=presence))
    await change(Asked(activity, wanted, seen.mark, 1, confirmed), clock.now())


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_work_that_comes_after_the_next_switch_does_nothing(
    portal: OpenPortal, at: Callable[[str], object]
) -> None:
    town = await portal("demo", now=START, change=by_default)
    at(START)
    activity, family = (await Activity.get(code="periscolaire")).id, (await Family.get(number="VF-1001")).id
    await Activity.filter(id=activity).update(presence="booking")
    await booking_days.book_by_default(activity, family, "late", clock.now())
    assert not await Booking.filter(by_default=True).exists()
    await Activity.filter(id=activity).update(presence="default")
    await settle(town)
    await switching.take_back_default(activity, family, "late", clock.now())
    assert await live("Lina") == 2 * DAYS


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_what_needs_a_slot_that_is_full_takes_no_place(
    portal: OpenPortal, at: Callable[[str], object]
) -> None:
    def needs(content: dict[str, Any]) -> None:
        by_default(content)
        one = next(row for row in content["activities"] if row["code"] == "periscolaire")
        one["slots"][1]["requires"] = one["slots"][0]["code"]

    town = await portal("demo", now=START, change=needs)
    at(START)
    await Opening.filter(slot__name=MORNING, day=date(2025, 12, 1)).update(places=2)
    await settle(town)
    assert await on("Hugo", MORNING, "2025-12-01") == ["waiting"] and not await on(
        "Hugo", EVENING, "2025-12-01"
    )
    evening = Opening.filter(slot__name=EVENING, slot__activity__code="periscolaire", day=date(2025, 12, 1))
    assert [row.taken for row in await evening] == [2]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_of_two_homes_each_has_its_weeks(portal: OpenPortal, at: Callable[[str], object]) -> None:
    """Zoé is at her mother’s in the even ones; each day is booked once. Where both have all, who enrolled her first."""

    def two_homes(content: dict[str, Any]) -> None:
        families = [row for row in content["families"] if row["number"] in ("VF-1005", "VF-1006")]
        by_default(content)
        families[1]["children"][0]["activities"].append("periscolaire")
        content["families"] = families

    town = await portal("demo", now=START, change=two_homes)
    at(START)
    await settle(town)
    booked = Booking.filter(by_default=True, slot__name=MORNING).order_by("day")
    found: dict[str, set[int]] = {}
    for number, day in await booked.values_list("family__number", "day"):
        found.setdefault(str(number), set()).add(day.isocalendar().week)
    assert found == {"VF-1005": {48, 50}, "VF-1006": {47, 49}}
    assert await booked.count() == DAYS

    await Home.all().update(weeks="all")
    await Booking.filter(by_default=True).update(state="cancelled", returns=True)
    free = await free_days((await Activity.get(code="periscolaire")).id, clock.now())
    assert {one.family for one in free} == {(await Family.get(number="VF-1005")).id}


@ON_SQLITE
async def test_what_was_unticked_of_a_child_entered_twice_stays_so(
    portal: OpenPortal, at: Callable[[str], object]
) -> None:
    town = await portal("demo", now=START, change=lambda content: by_default(content, 4))
    at(START)
    await settle(town)
    camille = await parent(town, "camille.durand")
    assert not await untick(camille, "Lina", MORNING, "2025-11-25")
    await camille.click()
    await settle(town)
    lina, mother = await Child.get(first_name="Lina"), await Guardian.get(username="camille.durand")
    kept = await typed_twice("Lina", lina.born, mother)
    assert await merging.merge(camille.family, kept.id, await agent(), clock.now())
    await settle(town)
    assert await on("Lina", MORNING, "2025-11-24") == ["cancelled", "confirmed"]
    assert await on("Lina", MORNING, "2025-11-25") == ["cancelled"], "under the row that is closed"
    assert await live("Lina") == 2 * DAYS - 1
    await town.verify()


@pytest.mark.parametrize("dies_at", ["order.made", "order.by_default", "told"])
async def test_killed_in_the_middle_it_is_done_once(
    portal: OpenPortal, at: Callable[[str], object], monkeypatch: pytest.MonkeyPatch, dies_at: str
) -> None:
    """In its second month; the same work is then done again, by two at once."""
    town = await portal("demo", now=START, change=by_default)
    at(START)
    await Task.filter(name="tell").delete()
    activity, family = (await Activity.get(code="periscolaire")).id, (await Family.get(number="VF-1001")).id
    die(monkeypatch, dies_at)
    with pytest.raises(KeyboardInterrupt):
        await booking_days.book_by_default(activity, family, "run", clock.now())
    monkeypatch.undo()
    at(START)
    for _ in range(2):
        await booking_days.book_by_default(activity, family, "run", clock.now())
    assert await live("Lina") == await live("Noé") == 2 * DAYS
    assert await Order.filter(family_id=family, click__startswith="default:run:").count() == 2
    assert await Notice.filter(kind="booked_by_default", family_id=family).count() == 1
    await settle(town)
    await town.verify()


def die(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """Once December is being booked, or before the family is told."""

    async def killed(*args: object, **facts: object) -> None:
        raise KeyboardInterrupt

    if where == "told":
        return monkeypatch.setattr(booking_days.digest, "tell_booked", killed)
    note, seen = booking_days.Event.note, [0]

    async def note_or_die(now: Any, actor: str, action: str, *args: Any, **facts: Any) -> None:
        seen[0] += action == where
        if seen[0] == 2:
            raise KeyboardInterrupt
        await note(now, actor, action, *args, **facts)

    monkeypatch.setattr(booking_days.Event, "note", note_or_die)
    return None
