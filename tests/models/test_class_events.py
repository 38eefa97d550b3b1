"""A class that is not there: its days are cancelled and paid back, and booked again when that is taken back."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest

from models import clock
from models.access.member import Member
from models.activities.catalogue import current_catalogue
from models.activities.opening import Opening
from models.activities.slot import Slot
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.family_request import FamilyRequest
from models.bookings.order import Order
from models.bookings.waiting_list import Waiting
from models.class_events.affected import preview
from models.class_events.cancelled_day import CancelledDay
from models.class_events.carrying_out import (
    PreviewChanged,
    begin,
    cancel_class_days,
    keep_class_days,
    reach_of,
    withdraw,
)
from models.commune.class_event import ClassEvent
from models.families.child import Child, Schooling
from models.families.guardian import Guardian
from models.families.household import Household
from models.money import ledger
from models.planning.facts import PlanningFacts
from models.planning.ticks import Tick, apply_ticks
from models.rules.booking import LIVE
from models.rules.states.class_events import Kept
from models.rules.states.requests import RequestKind
from models.work.audit_log import Event
from models.work.email import Email
from tests.engines import ON_SQLITE
from tests.models import busy
from tests.models.class_events import send_a_class_away, wish_of
from tests.portal import Portal

OpenPortal = Callable[..., Awaitable[Portal]]
WEEK = [date(2025, 11, 24) + timedelta(days=n) for n in (0, 1, 3, 4)]


@pytest.fixture
async def town(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Portal:
    found = await portal("demo", now=busy.NOW)
    await busy.fill_before_invoices(found, monkeypatch)
    return found


async def balances() -> dict[tuple[int, int], int]:
    accounts = await ledger.Account.filter(kind="family").values_list("family_id", "till_id")
    return {(family, till): await ledger.standing(family, till) for family, till in accounts}


async def booked() -> set[int]:
    return {row.id for row in await Booking.filter(state="confirmed", day__in=WEEK)}


async def taken() -> dict[int, int]:
    return dict(await Opening.filter(taken__gt=0).values_list("id", "taken"))


async def test_its_days_are_cancelled_once_and_booked_again(town: Portal) -> None:
    await town.verify()
    before, places, told = await balances(), await taken(), await Email.all().count()
    live = await booked()
    asked = await Booking.get(id=min(live))
    await FamilyRequest.ask(RequestKind.CANCELLATION, asked.family_id, asked.id, clock.now())
    event = await send_a_class_away(*WEEK)
    seen = await preview(reach_of(event))
    await town.run_jobs()

    assert not await FamilyRequest.exists(state="pending", booking_id=asked.id), "nothing is left to answer"
    days = await CancelledDay.filter(event_id=event.id, was="confirmed").select_related("booking")
    assert {day.booking_id for day in days} == live and len(live) == seen.bookings > 5
    paid = {key: cents - (await balances())[key] for key, cents in before.items()}
    assert sum(paid.values()) == seen.cents == sum(day.cents for day in days) > 0
    assert not await Booking.exists(day__in=WEEK, state__in=["confirmed", "waiting", "offered", "requested"])
    assert not await Waiting.exists(booking__day__in=WEEK, state__in=["waiting", "offered"])
    families = {day.booking.family_id for day in days}
    assert await Email.all().count() >= told + len(families)
    await town.verify()

    await cancel_class_days(event.id, clock.now())
    await town.run_jobs()
    assert await CancelledDay.filter(event_id=event.id).count() == len(days) + seen.waiting
    await town.verify()

    assert await withdraw(event.id, 1, clock.now()) and not await withdraw(event.id, 1, clock.now())
    await town.run_jobs()
    again = await booked()
    kept = await CancelledDay.filter(event_id=event.id, kept=Kept.FULL).count()
    assert again <= live and len(again) == len(live) - kept
    if not kept:
        assert await balances() == before
    assert {opening: n for opening, n in (await taken()).items() if n > places.get(opening, 0)} == {}
    actions = sorted(
        {row.action.split(".")[1] for row in await Event.filter(object=f"class_event:{event.id}")}
    )
    assert actions == ["cancelled", "made", "returned", "withdrawn"]
    await town.verify()


async def test_a_place_that_somebody_took_meanwhile_stays_theirs(town: Portal) -> None:
    """The avoir stays with it, and the family reads why."""
    event = await send_a_class_away(WEEK[0])
    await town.run_jobs()
    day = await CancelledDay.filter(event_id=event.id, cents__gt=0).select_related("booking").first()
    assert day
    await Opening.filter(id=day.booking.opening_id).update(places=0)
    assert await withdraw(event.id, 1, clock.now())
    await town.run_jobs()
    assert await CancelledDay.exists(id=day.id, kept=Kept.FULL, returned_at=None)
    assert await ledger.Entry.exists(key=day.key) and not await ledger.Entry.exists(key=day.return_key)
    email = await Email.filter(text__contains="a été donnée à une autre famille").first()
    assert email and "Sortie scolaire" in email.text


@ON_SQLITE
async def test_nothing_is_booked_there_any_more_while_other_classes_book(town: Portal) -> None:
    lina, noe = [await Child.get(first_name=name, last_name="Durand") for name in ("Lina", "Noé")]
    at_school = await Schooling.get(child_id=lina.id, year__name__startswith="2025").select_related("school")
    day = date(2025, 12, 18)
    await send_a_class_away(day, classes=[(at_school.school.code, at_school.level)])
    catalogue, slot = await current_catalogue(), await Slot.get(name=busy.MEAL)
    family = (await Guardian.get(username="camille.durand")).family_id
    ticks = [Tick(child.id, slot.id, day, True) for child in (lina, noe)]
    await apply_ticks(catalogue, family, ticks, clock.now())
    assert [line.child_id for line in await CartLine.filter(day=day)] == [noe.id]
    household = await Household.read(family)
    facts = await PlanningFacts.read(catalogue, household, clock.now(), [lina.id], [slot.id], day, day)
    cell = facts.cell(household.own(lina.id), slot.id, day)
    assert (cell.shown.state, cell.closed_by) == ("closed", "Sortie scolaire")


async def test_what_is_paid_meanwhile_is_cancelled_by_the_clock(town: Portal) -> None:
    order = await Order.filter(state="held").first()
    assert order
    held = await Booking.filter(order_id=order.id, state="held").first()
    assert held
    event = await send_a_class_away(held.day)
    assert (await preview(reach_of(event))).paying
    await town.run_jobs()
    assert await Booking.exists(id=held.id, state="held")
    await Booking.filter(order_id=order.id, state="held").update(state="confirmed")
    await Order.filter(id=order.id).update(state="confirmed")
    assert await keep_class_days(clock.now()) == 1
    assert await Booking.exists(id=held.id, state="cancelled")


@ON_SQLITE
async def test_a_click_twice_is_one_and_another_preview_is_refused(town: Portal) -> None:
    first = await send_a_class_away(*WEEK)
    assert (await send_a_class_away(*WEEK)).id == first.id and await ClassEvent.all().count() == 1
    wish = await wish_of([WEEK[0]], click="other")
    with pytest.raises(PreviewChanged):
        await begin(wish, "99-99-0-0", 1, clock.now())


@ON_SQLITE
async def test_a_day_later_it_stays(town: Portal, at: Callable[..., Awaitable[None]]) -> None:
    event = await send_a_class_away(WEEK[0])
    assert not await withdraw(event.id, 1, clock.now())  # families are still being told
    await town.run_jobs()
    assert not await withdraw(event.id, 1, event.made_at + timedelta(hours=24))
    assert await withdraw(event.id, 1, event.made_at + timedelta(hours=23, minutes=59))


@ON_SQLITE
async def test_what_was_asked_is_refused_with_the_words(town: Portal) -> None:
    request = await FamilyRequest.filter(kind="booking", state="pending").select_related("booking").first()
    assert request and request.booking
    event = await send_a_class_away(request.booking.day)
    await town.run_jobs()
    answered = await FamilyRequest.get(id=request.id)
    assert (answered.state, answered.reason) == ("refused", event.words)
    assert answered.answered_by_id == (await Member.all().order_by("id").first()).id  # type: ignore[union-attr]
    assert not await Booking.exists(id=request.booking_id, state__in=LIVE)
    await town.verify()
