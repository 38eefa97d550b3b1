"""The mairie changes a family's file: before and after in the journal, drafts priced anew, booked days not lost."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from models import clock
from models.access.member import Member
from models.activities.activity import Activity
from models.activities.group import Group
from models.bookings.booking import Booking
from models.commune.school import School
from models.commune.school_year import SchoolYear
from models.commune.till import Till
from models.families.child import Child, Schooling
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.file_change import FileChanged
from models.families.guardian import Guardian
from models.families.quotient import Quotient
from models.family_file import classes, editing, enrolling
from models.family_file.checks import CannotEnrol
from models.family_file.enrolling import StillBooked
from models.invoicing.draft import InvoiceDraft
from models.money import ledger
from models.rules.booking import BookingState
from models.work.audit_log import Event
from tests.engines import ON_SQLITE
from tests.models.invoicing import drafted
from tests.portal import Portal
from tests.web.checkout import hear_the_bank, parent

OpenPortal = Callable[..., Awaitable[Portal]]
sqlite_only = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
MEAL, MORNING = "Repas de midi", "Accueil du matin"


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now="2025-09-22T10:00:00")


async def somebody() -> int:
    return (await Member.get(username="gestion")).id


async def durand() -> Family:
    return await Family.get(number="VF-1001")


async def enrolment(child: str, code: str) -> Enrolment:
    found = await Enrolment.filter(child__first_name=child, activity__code=code).first()
    assert found
    return found


@ON_SQLITE
async def test_a_quotient_ends_the_one_before_and_reprices_what_is_only_drafted(town: Portal) -> None:
    family, member = await durand(), await somebody()
    camille = await parent(town, "camille.durand")
    await camille.tick("Lina", MORNING, "2025-10-06", "2025-10-07")
    await camille.click()
    till = (await Activity.get(code="periscolaire")).till_id
    clock.shift_to(clock.datetime(2025, 11, 3, 9, tzinfo=clock.PARIS))
    await drafted(town, date(2025, 10, 1), date(2025, 10, 31), await Till.get(id=till))
    before = await InvoiceDraft.get(family_id=family.id)
    await editing.set_quotient(family.id, 1800, date(2025, 10, 7), None, member, clock.now())
    after = await InvoiceDraft.get(family_id=family.id)
    assert after.cents > before.cents and [row["day"] for row in after.repriced] == ["2025-10-07"]
    spans = await Quotient.filter(family_id=family.id).order_by("start").values_list("value", "start", "end")
    assert spans == [(420, date(2025, 9, 1), date(2025, 10, 6)), (1800, date(2025, 10, 7), None)]
    await editing.set_quotient(family.id, 1800, date(2025, 10, 7), None, member, clock.now())
    [event] = await Event.filter(action="quotient.set")
    assert event.details["before"] == {"value": 420, "start": "2025-09-01", "end": None}
    assert event.details["after"] == {"value": 1800, "start": "2025-10-07", "end": None}
    await editing.set_quotient(family.id, 500, date(2025, 10, 7), date(2025, 12, 31), member, clock.now())
    assert await Quotient.filter(family_id=family.id).count() == 2
    await town.verify()


@ON_SQLITE
async def test_an_enrolment_does_not_end_over_booked_days(
    town: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear_the_bank(town, monkeypatch)
    member, camille = await somebody(), await parent(town, "camille.durand")
    await camille.tick("Lina", MEAL, "2025-10-06", "2025-10-07")
    await camille.pay()
    mine, last = await enrolment("Lina", "cantine"), date(2025, 10, 6)
    with pytest.raises(StillBooked) as refused:
        await enrolling.end(mine, last, member, clock.now())
    assert [(one.day, one.slot) for one in refused.value.days] == [(date(2025, 10, 7), MEAL)]
    assert refused.value.can_be_cancelled and (await Enrolment.get(id=mine.id)).end == mine.end
    paid = await Booking.get(day="2025-10-07")
    await enrolling.end(mine, last, member, clock.now(), cancel=True)
    await enrolling.end(mine, last, member, clock.now(), cancel=True)
    assert (await Booking.get(id=paid.id)).state == BookingState.CANCELLED
    assert (await Booking.get(day="2025-10-06")).state == BookingState.CONFIRMED
    till = (await Activity.get(code="cantine")).till_id
    assert paid.cents and await ledger.standing(mine.family_id, till) == -paid.cents
    assert (await Enrolment.get(id=mine.id)).end == last
    [event] = await Event.filter(action="enrolment.ended")
    assert event.details["after"] == {"end": "2025-10-06"} and event.object == f"child:{mine.child_id}"
    await town.verify()


async def test_what_waits_for_an_answer_is_answered_first(town: Portal) -> None:
    member, camille = await somebody(), await parent(town, "camille.durand")
    await camille.tick("Lina", "Atelier", "2025-10-07")
    await camille.click()
    with pytest.raises(StillBooked) as refused:
        await enrolling.end(
            await enrolment("Lina", "ateliers"), date(2025, 9, 30), member, clock.now(), cancel=True
        )
    assert not refused.value.can_be_cancelled
    assert (await Booking.get(day="2025-10-07")).state == BookingState.REQUESTED


async def test_a_child_is_enrolled_once_and_an_ended_one_goes_on(town: Portal) -> None:
    member = await somebody()
    family = await Family.get(number="VF-1007")
    yanis = await Child.get(first_name="Yanis")
    wednesdays = await Activity.get(code="mercredis")
    for _ in range(2):
        await enrolling.enrol(family, yanis.id, wednesdays.id, date(2025, 10, 1), None, member, clock.now())
    row = await Enrolment.get(child_id=yanis.id, activity_id=wednesdays.id)
    assert (row.start, row.end) == (date(2025, 10, 1), wednesdays.closes)
    await enrolling.end(row, date(2025, 10, 31), member, clock.now())
    await enrolling.enrol(family, yanis.id, wednesdays.id, date(2026, 1, 5), "pai", member, clock.now())
    row = await Enrolment.get(id=row.id)
    assert (row.start, row.end, row.category) == (date(2025, 10, 1), wednesdays.closes, "pai")
    assert await Event.filter(action="enrolment.made").count() == 2
    with pytest.raises(CannotEnrol):
        await enrolling.enrol(
            family,
            yanis.id,
            (await Activity.get(code="ateliers")).id,
            date(2025, 10, 1),
            None,
            member,
            clock.now(),
        )
    with pytest.raises(LookupError):
        await enrolling.enrol(
            await durand(), yanis.id, wednesdays.id, date(2025, 10, 1), None, member, clock.now()
        )
    await town.verify()


@sqlite_only
async def test_a_person_changes_only_from_what_was_read(town: Portal) -> None:
    member, sophie = await somebody(), await Guardian.get(username="sophie.moreau")
    before = {"email": sophie.email, "phone": sophie.phone}
    after = {"email": "sophie@autre.example", "phone": sophie.phone}
    await editing.change_person(sophie.family_id, sophie.actor, before, after, member, clock.now())
    [event] = await Event.filter(action="file.changed")
    assert event.details == {
        "before": {"email": "sophie@moreau.example"},
        "after": {"email": "sophie@autre.example"},
    }
    with pytest.raises(FileChanged):
        await editing.change_person(
            sophie.family_id, sophie.actor, before, {**after, "email": "x@y.fr"}, member, clock.now()
        )
    emma = await Child.get(first_name="Emma")
    with pytest.raises(FileChanged):
        await editing.change_person(
            (await durand()).id,
            f"child:{emma.id}",
            {"born": emma.born},
            {"born": date(2018, 1, 1)},
            member,
            clock.now(),
        )
    await editing.change_person(
        sophie.family_id,
        f"child:{emma.id}",
        {"born": emma.born},
        {"born": date(2018, 1, 1)},
        member,
        clock.now(),
    )
    assert (await Child.get(id=emma.id)).born == date(2018, 1, 1)


@sqlite_only
async def test_a_category_without_a_price_is_refused(town: Portal) -> None:
    member, family = await somebody(), await durand()
    await editing.change_household(
        family, {"address": "1 rue Neuve", "category": "outside"}, member, clock.now()
    )
    family = await durand()
    assert (family.address, family.category) == ("1 rue Neuve", "outside")
    [event] = await Event.filter(action="family.changed")
    assert event.details["before"] == {"address": "", "category": "resident"}
    from models.activities.tariff import Tariff

    await Tariff.filter(category=None).update(category="resident")
    with pytest.raises(CannotEnrol) as refused:
        await editing.change_household(family, {"category": "staff"}, member, clock.now())
    assert refused.value.why == "tariff" and (await durand()).category == "outside"


@ON_SQLITE
async def test_classes_change_and_what_is_booked_keeps_its_group(town: Portal) -> None:
    member, year = await somebody(), await SchoolYear.all().get()
    ferry = await School.get(code="ferry")
    sophie = await parent(town, "sophie.moreau")
    await sophie.tick("Jules", MEAL, "2025-10-06")
    await sophie.click()
    noe, jules = await Child.get(first_name="Noé"), await Child.get(first_name="Jules")
    small = await Group.get(id=(await enrolment("Noé", "cantine")).group_id)
    kept = await classes.change([noe.id, jules.id], year, ferry.id, "CP", member, clock.now())
    assert {row.level for row in await Schooling.filter(child_id__in=[noe.id, jules.id])} == {"CP"}
    assert (await enrolment("Noé", "cantine")).group_id != small.id
    assert (await enrolment("Jules", "cantine")).group_id == small.id
    assert [one.child for one in kept if one.activity.startswith("Rest")] == [jules.id]
    assert await classes.change([noe.id], year, ferry.id, "CP", member, clock.now()) == []
    events = await Event.filter(action="class.changed")
    assert sorted(event.family_id or 0 for event in events) == sorted([(await durand()).id, sophie.family])
    await town.verify()
