"""Whatever the mairie can undo, undone leaves balances, days and places as they were: drawn anew at each run.

Several things are done, one over the other, and undone from the last to the first; `--randomly-seed=N` draws again.
"""

import random
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest

from models import clock
from models.access.member import Member
from models.activities.catalogue import current_catalogue
from models.activities.opening import Opening
from models.activities.slot import Slot
from models.activity_file import town_closure
from models.activity_file.town_closure import Closing
from models.bookings.booking import Booking
from models.bookings.family_request import FamilyRequest
from models.bookings.request_reopening import reopen
from models.checkout import desk_booking
from models.checkout.desk_booking import Wanted
from models.class_events import carrying_out
from models.class_events.affected import preview
from models.commune.school import School
from models.commune.school_year import SchoolYear
from models.families.child import Child, Home, Schooling
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.family_file import classes, passing
from models.family_file.passing import Turn
from models.family_imports import bringing, undoing, writing
from models.family_imports.bringing import Brought
from models.family_imports.family_import import FamilyImport
from models.rules.booking import LIVE
from models.rules.states.requests import RequestKind
from models.storage.database import rows
from models.storage.integrity import verify
from tests.models.class_events import wish_of
from tests.models.family_imports import PUPILS, pupil
from tests.models.roll import say, word
from tests.portal import Portal
from tests.web.checkout import hear_the_bank, parent

OpenPortal = Callable[..., Awaitable[Portal]]
Undo = Callable[[], Awaitable[object]]
Act = Callable[[Portal, int], Awaitable[Undo]]
MEAL = "Repas de midi"
TODAY = date(2025, 11, 24)
WEEKS = [
    TODAY + timedelta(days=7 * n + day) for n in (1, 2) for day in (0, 1, 3, 4)
]  # Wednesdays have no meal


@pytest.fixture
async def town(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Portal:
    """Meals of two families on each day, a third child on none; the next school year is there."""
    found = await portal("demo", now="2025-11-10T10:00")
    hear_the_bank(found, monkeypatch)
    for name, child in (("camille.durand", "Lina"), ("sophie.moreau", "Emma")):
        someone = await parent(found, name)
        await someone.tick(child, MEAL, TODAY.isoformat(), *(day.isoformat() for day in WEEKS))
        await someone.pay()
        await someone.tick(child, "Accueil du matin", *(day.isoformat() for day in WEEKS))
        await someone.click()
    await SchoolYear.create(name="2026-2027", starts=date(2026, 9, 1), ends=date(2027, 7, 2))
    clock.shift_to(clock.datetime(2025, 11, 24, 13, tzinfo=clock.PARIS))
    return found


async def agent() -> int:
    return (await Member.get(username="mairie")).id


async def a_class_is_away(town: Portal, n: int) -> Undo:
    wish = await wish_of(sorted(random.sample(WEEKS[:4], 2)), click=f"trip-{n}")
    event = await carrying_out.begin(wish, (await preview(wish.reach)).read, 1, clock.now())
    await town.run_jobs()

    async def undo() -> None:
        assert await carrying_out.withdraw(event.id, 1, clock.now())
        await town.run_jobs()

    return undo


async def the_commune_closes(town: Portal, n: int) -> Undo:
    """A day on which nothing is booked: what a closure gives back stays given back."""
    year = await SchoolYear.get(name="2025-2026")
    day = date(2026, 3, random.choice([2, 3, 5, 6]))
    await town_closure.close(Closing(year, day, day, "Pont"), "", await agent(), clock.now())
    return lambda: _lift(year, day)


async def _lift(year: SchoolYear, day: date) -> None:
    await town_closure.lift(year, day, await agent(), clock.now())


async def a_request_is_answered(town: Portal, n: int) -> Undo:
    """The credit of a paid day stays where it was given: such a day is refused, or one on the month's invoice is."""
    yes = random.random() < 0.5
    slot = "Accueil du matin" if yes else MEAL
    days = Booking.filter(slot__name=slot, day__in=WEEKS[4:6], state="confirmed")
    reopened = await FamilyRequest.filter(booking_id__isnull=False).values_list("booking_id", flat=True)
    asked = random.choice(await days.exclude(id__in=reopened))
    await FamilyRequest.ask(RequestKind.CANCELLATION, asked.family_id, asked.id, clock.now())
    request = await FamilyRequest.filter(booking_id=asked.id).order_by("-id").get()
    if yes:
        assert await FamilyRequest.accept(request.id, await agent(), clock.now())
    else:
        assert await FamilyRequest.refuse(request.id, await agent(), "Non", clock.now())
    return lambda: _reopen(request.id)


async def _reopen(request: int) -> None:
    assert await reopen(request, await agent(), clock.now())


async def a_file_is_written(town: Portal, n: int) -> Undo:
    lines = [pupil(f"Roy{m}", f"Enfant{m}", "01/02/2017", "CE2") for m in range(random.randint(1, 3))]
    year, ferry = await SchoolYear.get(name="2025-2026"), await School.get(code="ferry")
    content = "\n".join([PUPILS, *lines]).encode()
    id = await bringing.bring(Brought(f"file-{n}", "onde.csv", content, year.id, ferry.id), 1, clock.now())
    file = await FamilyImport.get(id=id)
    await writing.write(file, 1, clock.now())
    return lambda: _undo_file(file.id)


async def _undo_file(file: int) -> None:
    await undoing.undo(file, 1, clock.now())


async def a_day_is_booked_late(town: Portal, n: int) -> Undo:
    hugo, slot = await Child.get(first_name="Hugo"), await Slot.get(name=MEAL)
    home = await Home.get(child_id=hugo.id)
    wanted = Wanted(
        home.family_id, hugo.id, slot.id, random.choice(WEEKS[6:]), "oubli", await agent(), f"late-{n}"
    )
    made = await desk_booking.book(await current_catalogue(), wanted, clock.now())
    return lambda: _take_back(home.family_id, made.id)


async def _take_back(family: int, booking: int) -> None:
    assert await desk_booking.take_back(family, booking, await agent(), clock.now())


async def a_year_turns(town: Portal, n: int) -> Undo:
    """Not for who came with a file: it takes back nobody to whom something has happened since."""
    year, after = await SchoolYear.all().order_by("starts")
    up: dict[tuple[int, str], list[int]] = {}
    leaving: list[int] = []
    for one in await classes.preview(year.id, after.id):
        known = [row.id for row in one.pupils if not row.last_name.startswith("Roy")]
        some = [id for id in known if random.random() < 0.7]
        if one.after and one.after.schools:
            up.setdefault((one.after.schools[0], one.after.level), []).extend(some)
        elif one.leaves:
            leaving += some
    await passing.turn(Turn(year, after, up, leaving, f"turn-{n}", await agent()), clock.now())
    return lambda: _turn_back(year)


async def _turn_back(year: SchoolYear) -> None:
    for row, *_ in await passing.standing(year.id):
        assert await passing.undo(row, await agent(), clock.now())


async def a_child_is_said_away(town: Portal, n: int) -> Undo:
    name = random.choice(["Lina", "Emma"])
    await say(await word(name, MEAL, TODAY.isoformat(), "presence", "absent"))
    return lambda: _is_there(name)


async def _is_there(name: str) -> None:
    await say(await word(name, MEAL, TODAY.isoformat(), "presence", "present"))


ACTS: tuple[Act, ...] = (
    a_class_is_away,
    the_commune_closes,
    a_request_is_answered,
    a_file_is_written,
    a_day_is_booked_late,
    a_year_turns,
    a_child_is_said_away,
)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_undone_from_the_last_to_the_first_all_is_as_before(town: Portal) -> None:
    await Enrolment.filter(child__first_name="Hugo", activity__code="cantine").update(end=date(2026, 9, 1))
    for _ in range(2):
        undos: list[tuple[str, dict[str, object], Undo]] = []
        for act in random.sample(ACTS, len(ACTS)):
            before = await state()
            undos.append((act.__name__, before, await act(town, random.getrandbits(40))))
        assert await state() != undos[0][1] and await verify() == []
        for name, before, undo in reversed(undos):
            await undo()
            assert await state() == before, f"after {name} was undone"
        assert await verify() == []


async def state() -> dict[str, object]:
    """What each family owes by till and invoice, the places, who is booked, enrolled and in which class."""
    owed = await rows(
        "SELECT account.code, leg.invoice_id AS invoice, SUM(leg.cents) AS cents FROM leg "
        "JOIN account ON account.id = leg.account_id WHERE account.kind = 'family' "
        "GROUP BY account.code, leg.invoice_id HAVING SUM(leg.cents) <> 0 ORDER BY account.code, leg.invoice_id"
    )
    return {
        "owed": [tuple(row.values()) for row in owed],
        "places": sorted(await Opening.all().values_list("slot_id", "group_id", "day", "places", "taken")),
        "days": sorted(
            await Booking.filter(state__in=LIVE).values_list("child_id", "slot_id", "day", "cents")
        ),
        "enrolled": sorted(
            await Enrolment.all().values_list("child_id", "activity_id", "group_id", "start", "end")
        ),
        "classes": sorted(await Schooling.all().values_list("child_id", "year_id", "school_id", "level")),
        "families": sorted(await Family.all().values_list("number", flat=True)),
    }
