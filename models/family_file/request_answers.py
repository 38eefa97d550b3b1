"""What the mairie's answer does to the family's file: health, a new quotient, a new person. And the two answers.

Importing it makes those requests answerable: they need the verbs of the file, which stand above the requests.
"""

from collections.abc import Iterable
from datetime import date, datetime

from models.access.member import Member
from models.activities.catalogue import current_catalogue
from models.bookings import family_request, request_reopening
from models.bookings.family_request import Answer, FamilyRequest, Verbs
from models.bookings.request_reopening import AnswerStays, Final
from models.families.child import Child, Home
from models.families.enrolment import Enrolment
from models.families.file.health import ChildHealth, note_read, unsealed
from models.families.file.sent_document import SentDocument
from models.families.file_change import FileChanged
from models.families.guardian import Guardian
from models.families.household import Household
from models.family_file import creating, editing, enrolling, seats, writer
from models.family_file.creating import NewGuardian
from models.invoicing import drafting
from models.rules.families.health import Health, may_read
from models.rules.states.requests import RequestKind, RequestState
from models.work.audit_log import Event


async def accept(id: int, member: int, now: datetime) -> bool:
    """As FamilyRequest.accept; what is only drafted for an invoice is priced anew where the quotient changed.

    Raises DayOver, FileChanged.
    """
    done = await FamilyRequest.accept(id, member, now)
    await _redraft([id])
    return done


async def accept_all(ids: Iterable[int], member: int, now: datetime) -> list[int]:
    """As FamilyRequest.accept_all: those that can only be refused."""
    asked = list(ids)
    over = await FamilyRequest.accept_all(asked, member, now)
    await _redraft(asked)
    return over


async def health_of(id: int, member: Member, now: datetime) -> tuple[Health, Health]:
    """Before and after, as far as this member needs it; the journal keeps that it was read.

    Raises encryption.Unreadable.
    """
    request = await FamilyRequest.get(id=id)
    before, after = (
        unsealed(side["sealed"]).seen_by(member.roles) for side in (request.before, request.after)
    )
    if may_read(member.roles):
        await note_read(member.actor, request.subject, request.family_id, now)
    return before, after


async def proof_of(id: int) -> SentDocument | None:
    return await SentDocument.filter(request_id=id).first()


async def _redraft(ids: list[int]) -> None:
    priced = FamilyRequest.filter(id__in=ids, kind=RequestKind.QUOTIENT, state=RequestState.ACCEPTED)
    for family in sorted({row.family_id for row in await priced}):
        await drafting.redraft(family)


async def _change_health(answer: Answer) -> None:
    request = answer.request
    await ChildHealth.write(
        _id_of(request.subject),
        request.family_id,
        unsealed(request.after["sealed"]),
        int(request.before["version"]),
        answer.actor,
        answer.now,
    )


async def _unchange_health(request: FamilyRequest, now: datetime) -> None:
    version, actor = int(request.before["version"]) + 1, f"member:{request.answered_by_id}"
    before = unsealed(request.before["sealed"])
    try:
        await ChildHealth.write(_id_of(request.subject), request.family_id, before, version, actor, now)
    except FileChanged:
        raise AnswerStays(request.id, Final.CHANGED) from None


async def _set_quotient(answer: Answer) -> None:
    """As it was when it was asked, or it is asked again: somebody has said another one meanwhile."""
    request = answer.request
    start = date.fromisoformat(request.after["start"])
    if await editing.quotient_on(request.family_id, start) != request.before["value"]:
        raise FileChanged(request.subject)
    changed = await editing.write_quotient(
        request.family_id, int(request.after["value"]), start, None, answer.actor, answer.now
    )
    if not changed:
        raise FileChanged(request.subject)


async def _add_person(answer: Answer) -> None:
    """A child without class nor activities, which the mairie gives it; or a parent, whom a letter lets in."""
    request, said = answer.request, answer.request.after
    if said["role"] == "guardian":
        row = NewGuardian(said["first_name"], said["last_name"], said["email"], said["phone"])
        mine = Guardian.filter(family_id=request.family_id)
        if await mine.filter(email=row.email, first_name=row.first_name).exists():
            raise FileChanged(request.subject)
        made = await creating.write_guardian(request.family_id, row, await mine.count())
        await Event.note(answer.now, answer.actor, "guardian.added", f"guardian:{made.id}", request.family_id)
        return
    born = date.fromisoformat(said["born"])
    known = Child.filter(homes__family_id=request.family_id)
    if await known.filter(first_name=said["first_name"], last_name=said["last_name"], born=born).exists():
        raise FileChanged(request.subject)
    child = await Child.create(first_name=said["first_name"], last_name=said["last_name"], born=born)
    await writer.write_homes(
        [Home(child_id=child.id, family_id=request.family_id, position=await known.count())]
    )
    await Event.note(answer.now, answer.actor, "child.added", f"child:{child.id}", request.family_id)


async def _enrol(answer: Answer) -> None:
    """A place, or a rank where none is left. Somebody who fits no more, or is in it by now, can only be refused."""
    request = answer.request
    child, activity = _id_of(request.subject), int(request.after["activity"])
    household = await Household.read(request.family_id)
    one = seats.newcomer(await current_catalogue(), household, child, activity)
    if one is None or household.enrolment(child, activity):
        raise FileChanged(request.subject)
    if await seats.take(one, answer.actor, answer.now) is None:
        if one.activity.timetable.closes < answer.now.date():
            raise FileChanged(request.subject)
        await seats.wait(one, answer.actor, answer.now)


async def _end_enrolment(answer: Answer) -> None:
    """As it was when it was asked, and nothing booked since for a day after it; else it is asked again."""
    request, last = answer.request, date.fromisoformat(answer.request.after["end"])
    mine = await Enrolment.get_or_none(id=request.after["id"], family_id=request.family_id)
    if (
        mine is None
        or mine.end.isoformat() != request.before["end"]
        or await enrolling.days_after(mine.id, last)
    ):
        raise FileChanged(request.subject)
    await enrolling.write_end(mine, last, answer.actor, answer.now)


async def _leave(answer: Answer) -> None:
    """Nothing was changed before the answer."""


async def _nothing(request: FamilyRequest, now: datetime) -> None:
    """A refusal changed nothing."""


def _id_of(subject: str) -> int:
    return int(subject.partition(":")[2])


family_request.ANSWERS |= {
    RequestKind.HEALTH_CHANGE: Verbs(accept=_change_health, refuse=_leave),
    RequestKind.QUOTIENT: Verbs(accept=_set_quotient, refuse=_leave),
    RequestKind.NEW_PERSON: Verbs(accept=_add_person, refuse=_leave),
    RequestKind.ENROLMENT: Verbs(accept=_enrol, refuse=_leave),
    RequestKind.ENROLMENT_END: Verbs(accept=_end_enrolment, refuse=_leave),
}
# A quotient that was set, and somebody who was added, stay: prices and letters may rest on them already.
request_reopening.UNDONE |= {
    (RequestKind.HEALTH_CHANGE, RequestState.ACCEPTED): _unchange_health,
    **{(kind, RequestState.REFUSED): _nothing for kind in (
        RequestKind.HEALTH_CHANGE, RequestKind.QUOTIENT, RequestKind.NEW_PERSON, RequestKind.ENROLMENT,
        RequestKind.ENROLMENT_END,
    )},
}  # fmt: skip
