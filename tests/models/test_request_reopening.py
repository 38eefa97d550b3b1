"""An answer taken back: all of it, and only while nobody was told."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from jobs.telling import tell
from models import clock
from models.access.member import Member
from models.activities.opening import Opening
from models.bookings.booking import Booking
from models.bookings.family_request import ANSWERS, FamilyRequest
from models.bookings.request_reopening import UNDONE, AnswerStays, Final, reopen
from models.bookings.waiting_list import Waiting
from models.families.guardian import Guardian
from models.family_file import request_answers
from models.notices.message import WORDS
from models.rules.states.requests import LASTING, RequestKind, RequestState
from models.work.audit_log import Event
from models.work.email import Email
from models.work.notice import GATHERING, Notice
from models.work.task import Task
from tests.engines import ON_SQLITE
from tests.models.reopening import answered, member, taken_back, the_request, why_it_stays
from tests.portal import Portal
from tests.web.checkout import Parent, parent

OpenPortal = Callable[..., Awaitable[Portal]]
At = Callable[[str], object]
DAY = "2016-10-03"
ONE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # no lock and no SQL of their own


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    """A month's invoice: Nadia's days are asked for."""
    return await portal("lezignan", now="2016-09-16T10:00:00")


@pytest.fixture
async def nadia(town: Portal) -> Parent:
    asking = await parent(town, "nadia.roux")
    await asking.tick("Tom", "Repas", DAY)
    assert (await asking.click()).status_code == 303
    return asking


@pytest.mark.parametrize("accept", [True, False])
async def test_an_answer_is_taken_back_and_given_again(town: Portal, nadia: Parent, accept: bool) -> None:
    request = await answered(accept)
    await taken_back(request)
    booking = await Booking.get(id=request.booking_id, state="requested", note=None, billed=True)
    assert (await Opening.get(id=booking.opening_id)).taken == 0
    await town.verify()
    await town.run_jobs(within=GATHERING)
    assert not await Email.filter(subject__startswith="Votre demande").exists()
    await answered(not accept)
    await town.run_jobs(within=GATHERING)
    told = await Email.get(subject__startswith="Votre demande")
    assert ("refusée" in told.subject) == accept
    await town.verify()


async def test_a_family_that_was_told_keeps_its_answer(town: Portal, nadia: Parent) -> None:
    request = await answered(accept=False)
    await town.run_jobs(within=GATHERING)
    assert await why_it_stays(request) == Final.TOLD
    await town.verify()


@ONE
async def test_an_answer_is_taken_back_by_whoever_gave_it(town: Portal, nadia: Parent) -> None:
    request = await answered(accept=True)
    other = (await Member.exclude(username="mairie").order_by("id").first()) or await Member.first()
    assert other and not await reopen(request.id, other.id, clock.now())
    assert (await FamilyRequest.get(id=request.id)).state == RequestState.ACCEPTED


@ONE
async def test_answers_of_one_family_wait_for_the_last(town: Portal, nadia: Parent) -> None:
    await nadia.tick("Tom", "Repas", "2016-10-04")
    await nadia.click()
    await town.run_jobs()  # the confirmation
    first, second = await FamilyRequest.all().order_by("id")
    await FamilyRequest.accept(first.id, await member(), clock.now())
    (told,) = await Task.filter(name="tell", state="ready")
    await Task.filter(id=told.id).update(due=told.due - GATHERING / 2)
    await FamilyRequest.accept(second.id, await member(), clock.now())
    earlier, later = await Task.filter(name="tell", state="ready").order_by("id")
    assert earlier.due == pytest.approx(later.due, abs=2)
    assert await reopen(second.id, await member(), clock.now())
    await town.run_jobs(within=GATHERING)
    assert await Email.filter(subject="Votre demande est acceptée").count() == 1
    await town.verify()


async def test_a_rank_is_taken_back(town: Portal, nadia: Parent) -> None:
    booking = await Booking.get(id=(await the_request()).booking_id)
    await Opening.filter(id=booking.opening_id).update(places=0)
    request = await answered(accept=True)
    assert (await Waiting.get(booking_id=booking.id)).state == "waiting"
    await taken_back(request)
    assert not await Waiting.exists(booking_id=booking.id)
    await town.verify()


@ONE
async def test_a_rank_that_got_its_place_stays(town: Portal, nadia: Parent) -> None:
    booking = await Booking.get(id=(await the_request()).booking_id)
    await Opening.filter(id=booking.opening_id).update(places=0)
    request = await answered(accept=True)
    await Opening.filter(id=booking.opening_id).update(places=1)
    await Task.later("promote", booking.opening_id)
    await town.run_jobs()
    assert await why_it_stays(request) == Final.TOLD
    await town.verify()


async def asked_to_cancel(nadia: Parent) -> FamilyRequest:
    """The day is booked, and is too late to give back without asking."""
    await answered(accept=True)
    await nadia.town.run_jobs(within=GATHERING)
    await FamilyRequest.ask(
        RequestKind.CANCELLATION,
        nadia.family,
        (await Booking.get(day=date.fromisoformat(DAY))).id,
        clock.now(),
    )
    return await the_request()


@pytest.mark.parametrize("accept", [True, False])
async def test_a_cancellation_is_taken_back(town: Portal, nadia: Parent, accept: bool) -> None:
    asked = await asked_to_cancel(nadia)
    request = await answered(accept)
    await taken_back(request)
    booking = await Booking.get(id=asked.booking_id)
    assert (booking.state, booking.billed) == ("confirmed", True)
    assert (await Opening.get(id=booking.opening_id)).taken == 1
    await town.verify()


@ON_SQLITE
async def test_a_place_that_somebody_took_is_not_taken_from_them(town: Portal, nadia: Parent) -> None:
    asked = await asked_to_cancel(nadia)
    booking = await Booking.get(id=asked.booking_id)
    request = await answered(accept=True)
    await Opening.filter(id=booking.opening_id).update(places=0)
    assert await why_it_stays(request) == Final.TAKEN


async def test_a_day_booked_again_meanwhile_is_left_alone(town: Portal, nadia: Parent) -> None:
    request = await answered(accept=False)
    old = await Booking.get(id=request.booking_id)
    await nadia.tick("Tom", "Repas", DAY)
    await nadia.click()
    assert await Booking.filter(child_id=old.child_id, day=old.day, state="requested").exists()
    assert await why_it_stays(request) == Final.CHANGED
    await town.verify()


@ONE
async def test_a_day_the_family_left_meanwhile_is_left_alone(town: Portal, nadia: Parent) -> None:
    request = await answered(accept=True)
    await Booking.filter(id=request.booking_id).update(state="cancelled")
    assert await why_it_stays(request) == Final.CHANGED


@ONE
@pytest.mark.parametrize("accept", [True, False])
async def test_a_change_of_the_file_is_taken_back(town: Portal, nadia: Parent, accept: bool) -> None:
    guardian = await Guardian.get(username="nadia.roux")
    await FamilyRequest.create(
        family_id=nadia.family, kind=RequestKind.FILE_CHANGE, subject=f"guardian:{guardian.id}",
        before={"phone": guardian.phone}, after={"phone": "06 11"}, made_at=clock.now(),
    )  # fmt: skip
    request = await answered(accept)
    assert ((await Guardian.get(id=guardian.id)).phone == "06 11") == accept
    await taken_back(request)
    assert (await Guardian.get(id=guardian.id)).phone == guardian.phone
    assert await Event.filter(action="file.changed").count() == 2 * accept
    await answered(accept=True)
    await Guardian.filter(id=guardian.id).update(phone="07")
    assert await why_it_stays(request) == Final.CHANGED


@pytest.mark.parametrize("first", ["reopened", "told"])
async def test_either_the_family_is_told_or_the_answer_is_taken_back(
    town: Portal, nadia: Parent, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    """At the worst moment: the e-mail is drawn, and not handed over yet."""
    request = await answered(accept=False)
    notice = await Notice.get(about=f"request:{request.id}")
    drawn, may_go = asyncio.Event(), asyncio.Event()
    words = WORDS[notice.kind]

    async def slowly(digest: Any) -> Any:
        made = await words(digest)
        drawn.set()
        await may_go.wait()
        return made

    monkeypatch.setitem(WORDS, notice.kind, slowly)
    telling = asyncio.create_task(tell(town.settings, notice.id))
    await drawn.wait()
    if first == "reopened":
        assert await reopen(request.id, await member(), clock.now())
        may_go.set()
        await telling
    else:
        may_go.set()
        await telling
        assert await why_it_stays(request) == Final.TOLD
    written = await Email.filter(subject__startswith="Votre demande").count()
    assert written == (first == "told")
    await town.verify()


async def test_the_digest_and_the_undo_at_once(town: Portal, nadia: Parent) -> None:
    days = ["2016-10-04", "2016-10-06", "2016-10-07", "2016-10-10"]
    await nadia.tick("Tom", "Repas", *days)
    await nadia.click()
    who = await member()
    for request in await FamilyRequest.all().order_by("id"):
        await FamilyRequest.refuse(request.id, who, "Non", clock.now())
        notice = await Notice.get(about=f"request:{request.id}")
        undo, _ = await asyncio.gather(
            reopen(request.id, who, clock.now()),
            tell(town.settings, notice.id),
            return_exceptions=True,
        )
        told = await Notice.exists(about=f"request:{request.id}")
        assert told == isinstance(undo, AnswerStays), undo
        assert (await FamilyRequest.get(id=request.id)).state == ("refused" if told else "pending")
    await town.verify()


def test_every_answer_can_be_taken_back_but_those_that_last() -> None:
    assert request_answers.__name__  # which makes those of the family’s file answerable
    answers = {
        (kind, state) for kind in RequestKind for state in (RequestState.ACCEPTED, RequestState.REFUSED)
    }
    assert set(UNDONE) == answers - {(kind, RequestState.ACCEPTED) for kind in LASTING}
    assert set(ANSWERS) == set(RequestKind)
