"""What parents do about an activity: enrol a child at once, ask the mairie, wait for a place, leave the line."""

from datetime import datetime
from typing import Any

from models.activities.catalogue import current_catalogue
from models.bookings.family_request import AlreadyAsked, Asked, FamilyRequest
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.guardian import Guardian
from models.families.household import Household
from models.family_file import seats
from models.family_file.seats import Newcomer
from models.rules.families.enrolling import Enrols, WaitState
from models.rules.states.requests import RequestKind, RequestState
from models.storage.database import retrying, transaction
from models.work.audit_log import Event


class NotYet(Exception):
    """Enrolling begins later for this family."""

    def __init__(self, opens: datetime) -> None:
        super().__init__(opens)
        self.opens = opens


class Full(Exception):
    """No place is left, or others wait for the next."""


class Elsewhere(Exception):
    """Not this way: a membership is to be paid, the mairie is to be asked, or nobody may wait."""


async def enrol(guardian: Guardian, child: int, activity: int, now: datetime) -> None:
    """At once. Sent twice, it is done once. Raises LookupError, NotYet, Full, Elsewhere."""
    one = await _checked(guardian, child, activity, Enrols.ONLINE, now)
    await retrying(lambda: _enrol(one, guardian.actor, now))


async def _enrol(one: Newcomer, actor: str, now: datetime) -> None:
    async with transaction():
        await Family.lock(one.family)
        if await _is_there(one):
            return
        left = await Enrolment.get_or_none(**_of(one))
        done = await (
            seats.take(one, actor, now) if left is None else seats.take_again(one, left, actor, now)
        )
        if done is None:
            raise Full


async def wait(guardian: Guardian, child: int, activity: int, now: datetime) -> None:
    """A rank; the place itself where one came free meanwhile. Raises LookupError, NotYet, Elsewhere."""
    one = await _checked(guardian, child, activity, Enrols.ONLINE, now)
    if not one.activity.waiting_list:
        raise Elsewhere
    await retrying(lambda: give(one, guardian.actor, now))


async def give(one: Newcomer, actor: str, now: datetime) -> None:
    """A place, or else a rank."""
    async with transaction():
        await Family.lock(one.family)
        if not await _is_there(one) and await seats.take(one, actor, now) is None:
            await seats.wait(one, actor, now)


async def ask(guardian: Guardian, child: int, activity: int, form: str, now: datetime) -> None:
    """The mairie is asked; the same form twice is one request. Raises LookupError, NotYet, Elsewhere, AlreadyAsked."""
    one = await _checked(guardian, child, activity, Enrols.REQUEST, now)
    async with transaction():
        await Family.lock(one.family)
        if await _is_there(one):
            return
        for row in await asked(one.family):
            if row.subject == f"child:{child}" and row.after["activity"] == activity and row.form != form:
                raise AlreadyAsked
        after = {"activity": activity, "enrolment": one.activity.name}
        said = Asked(one.family, RequestKind.ENROLMENT, f"child:{child}", {}, after, form)
        await FamilyRequest.ask_change(said, guardian.actor, now)


async def asked(family: int) -> list[FamilyRequest]:
    """What waits for the mairie's answer."""
    return await FamilyRequest.filter(
        family_id=family, kind=RequestKind.ENROLMENT, state=RequestState.PENDING
    )


async def leave(guardian: Guardian, child: int, activity: int, now: datetime) -> bool:
    """« Quitter la liste d’attente ». False when the child does not wait there."""
    family = guardian.family_id
    async with transaction():
        await Family.lock(family)
        if not await seats.drop_wait(child, family, activity, WaitState.LEFT, now):
            return False
        name = (await current_catalogue()).activities[activity].name
        await Event.note(
            now, guardian.actor, "enrolment.left", f"child:{child}", family, activity=activity, name=name
        )
    return True


async def _checked(guardian: Guardian, child: int, activity: int, way: Enrols, now: datetime) -> Newcomer:
    catalogue = await current_catalogue()
    household = await Household.read(guardian.family_id)
    one = seats.newcomer(catalogue, household, child, activity)
    if one is None or one.activity.timetable.closes < now.date():
        raise LookupError(child, activity)
    opens = one.activity.visible_at(household.category)
    if opens is not None and now < opens:
        raise NotYet(opens)
    pays = one.activity.enrolment == Enrols.ONLINE and one.activity.membership_fee is not None
    if one.activity.enrolment != way or pays:
        raise Elsewhere
    return one


async def _is_there(one: Newcomer) -> bool:
    """Enrolled already, or once: what the mairie has ended, it alone begins again; what they ended, they do."""
    return await Enrolment.exists(left_at=None, **_of(one))


def _of(one: Newcomer) -> dict[str, Any]:
    return {"child_id": one.child, "family_id": one.family, "activity_id": one.activity.id}
