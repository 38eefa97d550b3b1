"""A child is enrolled in an activity by the mairie, and leaves it; days that are booked do not vanish in silence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.activities.catalogue import ActivityFacts, current_catalogue
from models.bookings.booking import Booking
from models.bookings.family_request import FamilyRequest
from models.bookings.waiting_list import take_back_rank
from models.families.child import Home, Schooling
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.family_file import checks, seats, writer
from models.family_file.checks import CannotEnrol
from models.rules.booking import LIVE, BookingState
from models.rules.families.enrolling import WaitState
from models.rules.states.requests import RequestKind, RequestState
from models.storage.database import as_date, rows, sql_list, transaction
from models.work.audit_log import Event


@dataclass(frozen=True, slots=True)
class BookedDay:
    booking: int
    day: date
    slot: str
    state: BookingState
    by_default: bool = False

    @property
    def is_rank(self) -> bool:
        """A rank that the portal took by itself."""
        return self.by_default and self.state == BookingState.WAITING


class StillBooked(Exception):
    """Days after the last one are booked, asked for or waited for."""

    def __init__(self, days: Sequence[BookedDay]) -> None:
        super().__init__(len(days))
        self.days = list(days)

    @property
    def can_be_cancelled(self) -> bool:
        """Is each of them a booking that the mairie can give back?"""
        return all(one.state == BookingState.CONFIRMED or one.is_rank for one in self.days)


async def enrol(
    family: Family, child: int, activity: int, start: date, category: str | None, member: int, now: datetime
) -> None:
    """From a day until the activity ends; one that had ended goes on. The mairie may go beyond the places.

    Raises CannotEnrol, LookupError.
    """
    catalogue = await current_catalogue()
    facts = catalogue.activities[activity]
    opens, closes = facts.timetable.opens, facts.timetable.closes
    if start > closes:
        raise CannotEnrol(facts, "over")
    schooling = await Schooling.get_or_none(child_id=child, year_id=facts.year)
    level, school = (schooling.level, schooling.school_id) if schooling else (None, None)
    group = checks.group_of(catalogue, facts, level, school, category or family.category).id
    async with transaction():
        await Family.lock(family.id)
        if not await Home.exists(child_id=child, family_id=family.id):
            raise LookupError(child)
        mine = Enrolment.filter(child_id=child, family_id=family.id)
        before = await mine.filter(activity_id=activity).first()
        first = max(opens, start) if before is None else min(before.start, max(opens, start))
        if before and (before.start, before.end, before.category) == (first, closes, category):
            return
        dates = Dates(first, closes)
        await write(Place(child, family.id, facts, group, category), before, dates, f"member:{member}", now)


@dataclass(frozen=True, slots=True)
class Place:
    child: int
    family: int
    activity: ActivityFacts
    group: int
    category: str | None


@dataclass(frozen=True, slots=True)
class Dates:
    """The first day and the last one, both in it."""

    start: date
    end: date

    @property
    def told(self) -> dict[str, str]:
        """As the journal keeps them."""
        return {"start": self.start.isoformat(), "end": self.end.isoformat()}


async def write(place: Place, before: Enrolment | None, dates: Dates, actor: str, now: datetime) -> None:
    """`before`: the row that is there. Inside a transaction, after Family.lock."""
    child, family, activity = place.child, place.family, place.activity
    mine = Enrolment.filter(child_id=child, family_id=family)
    row = Enrolment(
        child_id=child,
        family_id=family,
        activity_id=activity.id,
        group_id=place.group,
        category=place.category,
        start=dates.start,
        end=dates.end,
        position=before.position if before else await mine.count(),
    )
    await writer.write_enrolments([row])
    await seats.drop_wait(child, family, activity.id, WaitState.ENROLLED, now)
    if before and before.group_id != place.group:
        await writer.change_group(child, family, activity.id, place.group)
    await Event.note(
        now, actor, "enrolment.made", f"child:{child}", family,
        activity=activity.id, name=activity.name, after=dates.told,
        before=Dates(before.start, before.end).told if before else {},
    )  # fmt: skip


async def end(enrolment: Enrolment, last: date, member: int, now: datetime, *, cancel: bool = False) -> None:
    """`last` is its last day. With `cancel`, the days booked after it are given back, what was paid becomes an avoir.
    Its place goes to the next who waits for one.

    Raises StillBooked, and nothing is changed.
    """
    days = await days_after(enrolment.id, last)
    if days and not (cancel and StillBooked(days).can_be_cancelled):
        raise StillBooked(days)
    for one in days:
        await _give_back(one, enrolment.family_id, member, now)
    async with transaction():
        await Family.lock(enrolment.family_id)
        if days := await days_after(enrolment.id, last):
            raise StillBooked(days)  # booked meanwhile
        before = await Enrolment.get(id=enrolment.id)
        if before.end == last:
            return
        await write_end(before, last, f"member:{member}", now)
    await seats.serve(before.group_id, now)


async def write_end(before: Enrolment, last: date, actor: str, now: datetime) -> None:
    """Call inside a transaction, after Family.lock; whoever waits is served after it, or by the clock."""
    activity = (await current_catalogue()).activities[before.activity_id]
    left_at = None if actor.startswith("member:") else now
    await Enrolment.filter(id=before.id).update(end=last, left_at=left_at)
    await Event.note(
        now, actor, "enrolment.ended", f"child:{before.child_id}", before.family_id,
        activity=activity.id, name=activity.name,
        before={"end": before.end.isoformat()}, after={"end": last.isoformat()},
    )  # fmt: skip


async def _give_back(day: BookedDay, family: int, member: int, now: datetime) -> None:
    """As if the family had asked for it and the mairie said yes. Done twice, it is done once."""
    if day.is_rank:
        async with transaction():
            await Family.lock(family)
            await take_back_rank(day.booking, family, f"member:{member}", now)
        return
    pending = FamilyRequest.filter(booking_id=day.booking, state=RequestState.PENDING)
    theirs = await pending.exists()
    if not theirs:
        await FamilyRequest.ask(RequestKind.CANCELLATION, family, day.booking, now)
    asked = await pending.first()
    if asked is not None:
        await FamilyRequest.accept(asked.id, member, now)
    if not theirs:
        await Booking.filter(id=day.booking, state=BookingState.CANCELLED).update(returns=True)


async def days_after(enrolment: int, last: date) -> list[BookedDay]:
    """Booked, asked for or waited for, in their order."""
    return [
        BookedDay(
            row["id"], as_date(row["day"]), row["slot"], BookingState(row["state"]), bool(row["by_default"])
        )
        for row in await rows(_AFTER, [enrolment, last])
    ]


_AFTER = f"""
SELECT booking.id, booking.day, slot.name AS slot, booking.state, booking.by_default
FROM booking JOIN slot ON slot.id = booking.slot_id
WHERE booking.enrolment_id = ? AND booking.day > ? AND booking.state IN {sql_list(LIVE)}
ORDER BY booking.day, slot.starts
"""  # noqa: S608
