"""The roll call: the latest word stands, a closed service settles what was paid, nothing is ever lost or told twice."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest

from models import clock
from models.access.member import Member
from models.activities.catalogue import current_catalogue
from models.activities.opening import Opening
from models.bookings.booking import Booking
from models.bookings.roll import closing, noting, roll_list, unbooked
from models.bookings.roll.attendance import Attendance
from models.bookings.roll.roll_charge import RollCharge
from models.bookings.roll.roll_closing import RollClosing
from models.bookings.roll.unbooked import NotPossible
from models.commune.till import Till
from models.families.enrolment import Enrolment
from models.money import ledger
from models.work.audit_log import Event
from tests.engines import ON_SQLITE
from tests.models.roll import DAYS, EVENING, MEAL, NOW, absent, close, meals, say, word
from tests.portal import Portal
from tests.web.checkout import Parent

OpenPortal = Callable[..., Awaitable[Portal]]
MONDAY, TUESDAY, THURSDAY = DAYS
At = Callable[[str], object]


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now=NOW)


@pytest.fixture
async def sophie(town: Portal, monkeypatch: pytest.MonkeyPatch, at: At) -> Parent:
    """Emma eats on three days, 3,28 € each, paid; it is the Friday after."""
    sophie = await meals(town, monkeypatch)
    at("2025-10-10T17:00")
    return sophie


async def owed(family: int) -> int:
    till = await Till.get(code="scolaire")
    return await ledger.standing(family, till.id)


async def charges() -> list[int]:
    return [row.cents for row in await RollCharge.all().order_by("id")]


@ON_SQLITE
async def test_an_illness_gives_back_what_the_certificate_frees(town: Portal, sophie: Parent) -> None:
    before = await owed(sophie.family)
    for day in DAYS:
        await absent("Emma", MEAL, day, "sick")
    assert await charges() == []
    await close(MEAL, *DAYS)
    assert await charges() == []  # no certificate: every day stays due
    proof = await word("Emma", MEAL, MONDAY, "proved_on", "2025-10-08")
    assert (await say(proof)).changed == 0  # the mairie's alone to say
    assert (await say(proof, corrects=True)).changed == 1
    assert await charges() == [-328, -328] and await owed(sophie.family) == before - 656
    assert (await say(proof, corrects=True)).changed == 0 and len(await charges()) == 2
    await town.verify()
    there = await word("Emma", MEAL, TUESDAY, "presence", "present")
    assert (await say(there)).closed == 1
    await say(there, corrects=True)
    # she ate on Tuesday: due; so Thursday is the first day of another illness, without a certificate
    assert await charges() == [-328, -328, 328, 328] and await owed(sophie.family) == before
    assert [row.due_cents for row in await Attendance.all().order_by("booking__day")] == [328, 328, 328]
    await town.verify()


@ON_SQLITE
async def test_a_strike_gives_back_all_of_it_at_the_close_and_once(town: Portal, sophie: Parent) -> None:
    await absent("Emma", MEAL, TUESDAY, "strike")
    assert await charges() == []  # the leaders may still change it
    opening = await Opening.get(slot__name=MEAL, group__code="grands", day=date.fromisoformat(TUESDAY))
    member = (await Member.get(username="animateur")).id
    catalogue = await current_catalogue()
    done = await asyncio.gather(*[closing.close(catalogue, opening, member, clock.now()) for _ in range(3)])
    assert sorted(done) == [False, False, True] and await RollClosing.all().count() == 1
    assert await charges() == [-328] and await Event.filter(action="roll.charged").count() == 1
    await town.verify()


async def test_what_parents_told_is_there_without_a_tap(town: Portal, sophie: Parent) -> None:
    from models.bookings.absence import Absence

    booking = await Booking.get(day=date.fromisoformat(TUESDAY))
    await Absence.create(
        family_id=sophie.family, booking_id=booking.id, reason="strike", billed=True, told_at=clock.now()
    )
    [line] = await roll_list.of(booking.opening_id)
    assert (line.told, line.is_away, line.is_called) == ("strike", True, False)
    assert line.guardians == ("Sophie Moreau",)
    await close(MEAL, TUESDAY)
    row = await Attendance.get()
    assert (row.state, row.reason, row.due_cents) == ("absent", "strike", 0) and await charges() == [-328]
    await town.verify()


async def test_the_latest_word_stands_whenever_it_arrives(town: Portal, sophie: Parent) -> None:
    now = clock.now()
    early, late = now - timedelta(hours=2), now - timedelta(hours=1)
    await say(await word("Emma", MEAL, MONDAY, "presence", "absent", late))
    await say(await word("Emma", MEAL, MONDAY, "presence", "present", early))
    row = await Attendance.get()
    assert row.state == "absent" and row.noted_at == late
    assert await Event.filter(action="roll.overtaken").count() == 1
    await say(await word("Emma", MEAL, MONDAY, "arrived", "700", early))
    assert (await Attendance.get()).arrived is None
    await say(await word("Emma", MEAL, MONDAY, "presence", "present", now))
    await say(await word("Emma", MEAL, MONDAY, "arrived", "700", early))  # nobody has said since when
    row = await Attendance.get()
    assert (row.state, row.arrived, row.noted_at) == ("present", 700, now)
    await say(await word("Emma", MEAL, MONDAY, "presence", "undone", now))
    assert (await Attendance.get()).state == "undone"
    await town.verify()


async def test_two_tablets_at_once_keep_one_row(town: Portal, sophie: Parent) -> None:
    now = clock.now()
    words = [
        await word("Emma", MEAL, MONDAY, "presence", value, now - timedelta(seconds=n))
        for n, value in enumerate(("present", "absent", "present", "absent"))
    ]
    await asyncio.gather(*[say(one) for one in words])
    assert (await Attendance.get()).state == "present"
    await town.verify()


@ON_SQLITE
async def test_what_cannot_be_is_refused_and_the_rest_is_kept(town: Portal, sophie: Parent) -> None:
    wrong = [
        await word("Emma", MEAL, MONDAY, "presence", "asleep"),
        await word("Emma", MEAL, MONDAY, "arrived", "2000"),
        await word("Hugo", MEAL, MONDAY, "presence", "present"),
        await word("Emma", MEAL, "2025-12-01", "presence", "present"),
    ]
    told = await say(*wrong, await word("Emma", MEAL, TUESDAY, "presence", "present"))
    assert (told.unknown, told.changed) == (4, 1)
    backwards = [
        await word("Emma", MEAL, MONDAY, about, at) for about, at in (("arrived", "800"), ("departed", "700"))
    ]
    assert (await say(*backwards)).unknown == 1 and await Attendance.all().count() == 1


async def test_a_child_without_booking_pays_its_supplement_and_leaves_its_place(
    town: Portal, sophie: Parent
) -> None:
    member = (await Member.get(username="animateur")).id
    day, catalogue, before = date.fromisoformat(MONDAY), await current_catalogue(), await owed(sophie.family)
    [hugo] = await unbooked.candidates(
        catalogue.slots[(await Booking.all())[0].slot_id].activity, day, "hugo mor"
    )
    slot = (await Booking.all())[0].slot_id
    opening = await Opening.get(slot_id=slot, day=day, group__code="grands")
    await Opening.filter(id=opening.id).update(places=opening.taken)
    made = await unbooked.add(catalogue, hugo.enrolment, slot, day, member, clock.now())
    booking = await Booking.get(id=made.booking_id)
    assert (booking.cents, booking.state) == (615, "confirmed")  # 4,10 € and half of it
    assert booking.reason.endswith("présent sans réservation\u00a0: +50\u00a0%")
    assert await owed(sophie.family) == before + 615
    full = await Opening.get(id=opening.id)
    assert (full.taken, full.overrun, full.overrun_by) == (opening.taken + 1, 1, f"member:{member}")
    with pytest.raises(NotPossible, match="there"):
        await unbooked.add(catalogue, hugo.enrolment, slot, day, member, clock.now())
    await town.verify()
    await close(MEAL, MONDAY)
    await say(await word("Hugo", MEAL, MONDAY, "presence", "absent"), corrects=True)
    assert (await Booking.get(id=booking.id)).state == "cancelled" and await owed(sophie.family) == before
    assert (await Opening.get(id=opening.id)).taken == opening.taken and await charges() == [-615]
    await town.verify()


async def test_no_child_comes_to_a_closed_service_nor_to_one_it_is_not_enrolled_in(
    town: Portal, sophie: Parent
) -> None:
    member, catalogue, now = (
        (await Member.get(username="animateur")).id,
        await current_catalogue(),
        clock.now(),
    )
    await close(MEAL, MONDAY)
    hugo = await Enrolment.get(child__first_name="Hugo", activity__code="cantine")
    jeux = await Enrolment.get(child__first_name="Emma", activity__code="espace-jeux")
    slot, day = (await Booking.all())[0].slot_id, date.fromisoformat(MONDAY)
    with pytest.raises(NotPossible, match="closed"):
        await unbooked.add(catalogue, hugo.id, slot, day, member, now)
    with pytest.raises(NotPossible, match="nowhere"):
        await unbooked.add(catalogue, jeux.id, slot, day, member, now)
    with pytest.raises(NotPossible, match="nowhere"):
        await unbooked.add(catalogue, hugo.id, slot, date(2025, 10, 12), member, now)
    assert await unbooked.add(catalogue, hugo.id, slot, day, member, now, corrects=True)
    assert await noting.note(catalogue, [], member, now) == noting.Noted()
    with pytest.raises(closing.NotYet):
        await closing.close(
            catalogue,
            await Opening.get(slot_id=slot, day=date(2025, 12, 1), group__code="grands"),
            member,
            now,
        )
    await town.verify()


@ON_SQLITE
async def test_services_are_counted(town: Portal, sophie: Parent) -> None:
    await absent("Emma", MEAL, MONDAY)
    found = {
        (one.slot_name, one.group_name): one for one in await roll_list.services(date.fromisoformat(MONDAY))
    }
    meal = found[MEAL, "Grands"]
    assert (meal.booked, meal.called, meal.closed_at) == (1, 1, None) and found[MEAL, "Petits"].booked == 0
    assert EVENING in {slot for slot, _ in found}
    await close(MEAL, MONDAY)
    [again] = [
        one for one in await roll_list.services(date.fromisoformat(MONDAY)) if one.opening == meal.opening
    ]
    assert again.closed_at and again.closed_by == "Animation"
    told = roll_list.counts(await roll_list.of(meal.opening))
    assert (told.all, told.there, told.away, told.left) == (1, 0, 1, 0)
