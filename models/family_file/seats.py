"""The places of an activity for the year: taken by one family at a time, passed on to whoever waits.

Locks in this order: the family, then the group, whose places are counted by one transaction at a time.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.activities.catalogue import ActivityFacts, Catalogue, current_catalogue
from models.families.enrolment import Enrolment
from models.families.enrolment_wait import EnrolmentWait
from models.families.family import Family
from models.families.household import Household
from models.family_file import checks, writer
from models.family_file.checks import CannotEnrol
from models.rules.families import enrolling
from models.rules.families.enrolling import WaitState
from models.rules.states.notices import NoticeKind
from models.storage.database import as_date, is_sqlite, retrying, rows, transaction
from models.work.audit_log import Event
from models.work.notice import Notice


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who may come into an activity, into which group, at whose price (`category` of the enrolment)."""

    family: int
    child: int
    activity: ActivityFacts
    group: int
    category: str | None


def newcomer(catalogue: Catalogue, household: Household, child: int, activity: int) -> Newcomer | None:
    """None: another family's child, no group for it, no price, or where parents do not enrol."""
    person, facts = household.child(child), catalogue.activities.get(activity)
    group = household.could_enrol(person, facts) if person and facts else None
    if facts is None or group is None:
        return None
    category = enrolling.own_category(facts.kind, household.category)
    try:
        checks.check_price(facts, category or household.category)
    except CannotEnrol:
        return None
    return Newcomer(household.family, child, facts, group.id, category)


async def is_free(one: Newcomer, today: date) -> bool:
    """As a page says it: who acts on it locks first."""
    return not await _is_waited_for(one.group) and await _free_from(one, today) is not None


async def take(one: Newcomer, actor: str, now: datetime, *, next_in_line: bool = False) -> date | None:
    """Enrol it from the first day with a place; None when there is none, or somebody waits who is not it.

    Call inside a transaction, after Family.lock.
    """
    await _lock(one.group)
    if not next_in_line and await _is_waited_for(one.group):
        return None
    start = await _free_from(one, now.date())
    if start is None:
        return None
    closes = one.activity.timetable.closes
    mine = Enrolment.filter(child_id=one.child, family_id=one.family)
    row = Enrolment(
        child_id=one.child,
        family_id=one.family,
        activity_id=one.activity.id,
        group_id=one.group,
        category=one.category,
        start=start,
        end=closes,
        position=await mine.count(),
    )
    await writer.write_enrolments([row])
    await Event.note(
        now, actor, "enrolment.made", f"child:{one.child}", one.family,
        activity=one.activity.id, name=one.activity.name,
        before={}, after={"start": start.isoformat(), "end": closes.isoformat()},
    )  # fmt: skip
    return start


async def take_again(one: Newcomer, left: Enrolment, actor: str, now: datetime) -> date | None:
    """It goes on to the end of the activity, as if it had not been left; None when its place is somebody else's by now.

    Call inside a transaction, after Family.lock.
    """
    await _lock(one.group)
    start, closes = await _free_from(one, now.date()), one.activity.timetable.closes
    goes_on = max(now.date(), left.end + enrolling.ONE_DAY, left.start)
    if await _is_waited_for(one.group) or start is None or start > goes_on:
        return None
    await Enrolment.filter(id=left.id).update(end=closes, left_at=None)
    if left.group_id != one.group:
        await writer.change_group(one.child, one.family, one.activity.id, one.group)
    await Event.note(
        now, actor, "enrolment.made", f"child:{one.child}", one.family,
        activity=one.activity.id, name=one.activity.name,
        before={"end": left.end.isoformat()}, after={"end": closes.isoformat()},
    )  # fmt: skip
    return goes_on


async def wait(one: Newcomer, actor: str, now: datetime) -> None:
    """The last in line; whoever waits already keeps the rank. Call inside a transaction, after Family.lock."""
    mine: dict[str, Any] = {"child_id": one.child, "family_id": one.family, "activity_id": one.activity.id}
    if await EnrolmentWait.exists(state=WaitState.WAITING, **mine):
        return
    await EnrolmentWait.create(group_id=one.group, since=now, **mine)
    await Event.note(
        now, actor, "enrolment.waits", f"child:{one.child}", one.family,
        activity=one.activity.id, name=one.activity.name,
    )  # fmt: skip


async def serve(group: int, now: datetime) -> int:
    """Places are free, perhaps: enrol those who wait, in order. Returns how many were enrolled."""
    served = 0
    while await retrying(lambda: _serve_next(group, now)):
        served += 1
    return served


async def seat_waiting(now: datetime) -> int:
    """The same for every group that somebody waits for. Returns how many were enrolled."""
    groups = await rows("SELECT DISTINCT group_id FROM enrolment_wait WHERE state = ?", [WaitState.WAITING])
    return sum([await serve(row["group_id"], now) for row in groups])


async def drop_wait(child: int, family: int, activity: int, how: WaitState, now: datetime) -> bool:
    """It waits no more. Call inside a transaction, after Family.lock."""
    mine = EnrolmentWait.filter(
        child_id=child, family_id=family, activity_id=activity, state=WaitState.WAITING
    )
    return await mine.update(state=how, ended_at=now) > 0


async def _serve_next(group: int, now: datetime) -> bool:
    """False: nobody waits, no place is free, or the activity is enrolled in by the mairie alone by now."""
    first, catalogue = await _first(group), await current_catalogue()
    if first is None or catalogue.activities[first.activity_id].enrolment not in enrolling.BY_PARENTS:
        return False
    async with transaction():
        await Family.lock(first.family_id)
        await _lock(group)
        if (again := await _first(group)) is None or again.id != first.id:
            return True  # it left meanwhile: look at the next
        household = await Household.read(first.family_id)
        one = newcomer(catalogue, household, first.child_id, first.activity_id)
        if one is None or household.enrolment(first.child_id, first.activity_id):
            await _send_away(first, now)
        elif one.group != group:  # it has another class by now: the same rank in the other line
            await EnrolmentWait.filter(id=first.id).update(group_id=one.group)
        elif await take(one, "clock", now, next_in_line=True) is None:
            return False
        else:
            await EnrolmentWait.filter(id=first.id).update(state=WaitState.ENROLLED, ended_at=now)
            await Notice.say(NoticeKind.ENROLLED, first.family_id, f"enrolment_wait:{first.id}", now)
    return True


async def _send_away(wait: EnrolmentWait, now: datetime) -> None:
    """It is enrolled already, or its class is not one of the activity's any more."""
    await EnrolmentWait.filter(id=wait.id).update(state=WaitState.LEFT, ended_at=now)
    await Event.note(
        now, "clock", "enrolment.left", f"child:{wait.child_id}", wait.family_id, activity=wait.activity_id
    )


async def _first(group: int) -> EnrolmentWait | None:
    return await EnrolmentWait.filter(group_id=group, state=WaitState.WAITING).order_by("since", "id").first()


async def _lock(group: int) -> None:
    if not is_sqlite():  # there the transaction itself is the lock
        await rows("SELECT id FROM activity_group WHERE id = ? FOR NO KEY UPDATE", [group])


async def _is_waited_for(group: int) -> bool:
    return await EnrolmentWait.exists(group_id=group, state=WaitState.WAITING)


async def _free_from(one: Newcomer, today: date) -> date | None:
    """A child of two homes has one place."""
    times = one.activity.timetable
    start = max(today, times.opens)
    ends = [as_date(row["last"]) for row in await rows(_ENDS, [one.group, one.child])]
    return enrolling.first_free(ends, one.activity.enrolment_places, start, times.closes)


_ENDS = 'SELECT MAX("end") AS last FROM enrolment WHERE group_id = ? AND child_id <> ? GROUP BY child_id'
