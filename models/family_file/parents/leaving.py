"""A parent ends an enrolment: at once where parents enrol, else the mairie is asked.

What becomes of the days booked after it is said before: those that can still be given back are, with what was paid for
them as an avoir; one that cannot holds the end off until the day after it.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from models.activities.catalogue import ActivityFacts, Catalogue, current_catalogue
from models.bookings.family_request import AlreadyAsked, Asked, FamilyRequest
from models.checkout import cancelling
from models.checkout.submission import Stale, Submission
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.guardian import Guardian
from models.families.household import ChildFacts, EnrolmentFacts, Household
from models.family_file import seats
from models.family_file.enrolling import days_after, write_end
from models.planning.cell import Key
from models.planning.facts import PlanningFacts
from models.rules.booking import LIVE, Booked, Does, effect
from models.rules.families.enrolling import BY_PARENTS, Enrols
from models.rules.states.orders import LineAction
from models.rules.states.requests import RequestKind, RequestState
from models.storage.database import retrying, transaction

ONE_DAY = timedelta(days=1)
GIVEN_BACK = (
    Does.CANCEL,
    Does.WITHDRAW,
)  # for nothing: what is billed all the same, or asked, holds the end off


class HeldOff(Exception):
    """A day after it is booked and cannot be given back."""


@dataclass(frozen=True, slots=True)
class After:
    """A day that is booked after the last one."""

    key: Key
    activity: str
    slot: str
    day: date
    stays: bool  # it cannot be given back by a click
    cents: int  # what becomes an avoir


@dataclass(frozen=True, slots=True)
class Leaving:
    """What ending it would do, `since` being the first day without it."""

    enrolment: EnrolmentFacts
    activity: ActivityFacts
    child: ChildFacts
    since: date
    at_once: bool
    days: tuple[After, ...]

    @property
    def last(self) -> date:
        return self.since - ONE_DAY

    @property
    def held(self) -> list[After]:
        """What the mairie answers, and what is booked then, would contradict each other: there every day holds it."""
        return [one for one in self.days if one.stays or not self.at_once]

    @property
    def freed(self) -> list[After]:
        return [one for one in self.days if not one.stays and self.at_once]

    @property
    def credit(self) -> int:
        """Cents."""
        return sum(one.cents for one in self.freed)

    @property
    def possible_from(self) -> date | None:
        """From when on nothing holds it off; None where nothing does, or it is over before."""
        first = max((one.day for one in self.held), default=self.last) + ONE_DAY
        return first if self.since < first <= self.enrolment.end else None

    @property
    def seen(self) -> str:
        """A fingerprint of what is shown: the click takes effect only if it still says the same."""
        said = [f"{self.enrolment.id}:{self.enrolment.end}:{self.since}"]
        said += [f"{one.key}:{one.stays}:{one.cents}" for one in self.days]
        return hashlib.sha256("|".join(said).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Click:
    """Of the confirmed form: its first day without the activity, its own name, what it had shown."""

    since: date
    nonce: str
    seen: str


@dataclass(frozen=True, slots=True)
class Done:
    child: int
    at_once: bool  # else the mairie is asked


def may_leave(activity: ActivityFacts, mine: EnrolmentFacts, today: date) -> bool:
    """Do the parents say when it ends? Not of what the mairie enrols in, nor of what is over."""
    return activity.enrolment in BY_PARENTS and mine.start <= mine.end and today <= mine.end


def is_at_once(activity: ActivityFacts) -> bool:
    """A membership that was paid is the mairie's to look at."""
    return activity.enrolment == Enrols.ONLINE and activity.membership_fee is None


async def read(family: int, enrolment: int, since: date | None, now: datetime) -> Leaving:
    """From today on where no day is said, and no later than its last. Raises LookupError: not theirs, or over."""
    household, catalogue = await Household.read(family), await current_catalogue()
    shown, _ = await _read(catalogue, household, enrolment, since or now.date(), now)
    return shown


async def leave(guardian: Guardian, enrolment: int, click: Click, now: datetime) -> Done:
    """All of it or nothing; the same form twice is one end, or one request.

    Raises LookupError, HeldOff, Stale, AlreadyPaying, AlreadyAsked.
    """
    mine = await Enrolment.get_or_none(id=enrolment, family_id=guardian.family_id)
    if mine is None:
        raise LookupError(enrolment)
    if not is_at_once((await current_catalogue()).activities[mine.activity_id]):
        await retrying(lambda: _ask(guardian, enrolment, click, now))
        return Done(mine.child_id, at_once=False)
    await retrying(lambda: _leave(guardian, enrolment, click, now))
    await seats.serve(mine.group_id, now)
    return Done(mine.child_id, at_once=True)


async def _leave(guardian: Guardian, enrolment: int, click: Click, now: datetime) -> None:
    catalogue, family = await current_catalogue(), guardian.family_id
    async with transaction():
        await Family.lock(family)
        before = await Enrolment.get(id=enrolment)
        if before.left_at and before.end == click.since - ONE_DAY:
            return
        household = await Household.read(family)
        shown, facts = await _read(catalogue, household, enrolment, click.since, now)
        if shown.held:
            raise HeldOff
        if shown.seen != click.seen:
            raise Stale
        submission = Submission(family, f"leaving:{click.nonce}", now, guardian.id)
        await cancelling.cancel(catalogue, household, facts, submission, [one.key for one in shown.freed])
        if await days_after(enrolment, shown.last):
            raise Stale
        await write_end(before, shown.last, guardian.actor, now)


async def _ask(guardian: Guardian, enrolment: int, click: Click, now: datetime) -> None:
    family = guardian.family_id
    async with transaction():
        await Family.lock(family)
        waiting = (await all_asked(family)).get(enrolment)
        if waiting and await FamilyRequest.exists(id=waiting, form=click.nonce):
            return
        if waiting:
            raise AlreadyAsked
        household = await Household.read(family)
        shown, _ = await _read(await current_catalogue(), household, enrolment, click.since, now)
        if shown.held:
            raise HeldOff
        if shown.seen != click.seen:
            raise Stale
        same = {"enrolment": shown.activity.name, "id": enrolment}
        before = {**same, "end": shown.enrolment.end.isoformat()}
        after = {**same, "end": shown.last.isoformat()}
        subject = f"child:{shown.child.id}"
        said = Asked(family, RequestKind.ENROLMENT_END, subject, before, after, click.nonce)
        await FamilyRequest.ask_change(said, guardian.actor, now)


async def all_asked(family: int) -> dict[int, int]:
    """By enrolment, the request that waits for the mairie's answer."""
    waiting = FamilyRequest.filter(
        family_id=family, kind=RequestKind.ENROLMENT_END, state=RequestState.PENDING
    )
    return {row.after["id"]: row.id for row in await waiting}


async def _read(
    catalogue: Catalogue, household: Household, enrolment: int, since: date, now: datetime
) -> tuple[Leaving, PlanningFacts]:
    mine = next((one for one in household.enrolments if one.id == enrolment), None)
    if mine is None or not may_leave(catalogue.activities[mine.activity], mine, now.date()):
        raise LookupError(enrolment)
    activity, child = catalogue.activities[mine.activity], household.own(mine.child)
    since = min(max(since, now.date(), mine.start), mine.end)
    slots = {slot.id for slot in activity.slots}
    slots |= {other for one in slots for other in catalogue.needs.with_it(one, ticked=False)}
    facts = await PlanningFacts.read(
        catalogue, household, now, [child.id], sorted(slots), since, max(since, activity.timetable.closes)
    )
    days = sorted(_after(facts, activity, child), key=lambda one: (one.day, one.key))
    return Leaving(mine, activity, child, since, is_at_once(activity), tuple(days)), facts


def _after(facts: PlanningFacts, activity: ActivityFacts, child: ChildFacts) -> Iterator[After]:
    """Of the activity, and of others those that cannot be without it."""
    live = {key: one for key, one in facts.booked.items() if one.own and one.state in LIVE}
    own = {slot.id for slot in activity.slots}
    mine = {key for key in live if key[1] in own}
    for _, slot, day in sorted(mine):
        mine |= {(child.id, other, day) for other in facts.catalogue.needs.with_it(slot, ticked=False)}
    for key in mine & live.keys():
        yield _day(facts, child, key, live[key])


def _day(facts: PlanningFacts, child: ChildFacts, key: Key, booked: Booked) -> After:
    _, slot, day = key
    known, activity = facts.of_cell(child, slot, day), facts.catalogue.activity_of(slot)
    locked = known.wish is not None and known.wish.locked
    does = effect(replace(known, wish=None), LineAction.CANCEL, facts.now).kind
    paid = activity.prepaid and does is Does.CANCEL
    return After(
        key, activity.name, facts.catalogue.slots[slot].name, day,
        locked or does not in GIVEN_BACK, booked.cents if paid else 0,
    )  # fmt: skip
