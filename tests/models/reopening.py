"""Answers of the mairie that are given, taken back, or stay."""

import pytest

from models import clock
from models.access.member import Member
from models.bookings.family_request import FamilyRequest
from models.bookings.request_reopening import AnswerStays, Final, reopen
from models.rules.states.requests import RequestState
from models.work.audit_log import Event
from models.work.notice import Notice
from models.work.task import Task


async def member() -> int:
    return (await Member.get(username="mairie")).id


async def the_request() -> FamilyRequest:
    found = await FamilyRequest.all().order_by("-id").first()
    assert found
    return found


async def answered(accept: bool) -> FamilyRequest:
    request, who = await the_request(), await member()
    if accept:
        assert await FamilyRequest.accept(request.id, who, clock.now())
    else:
        assert await FamilyRequest.refuse(request.id, who, "Sortie scolaire", clock.now())
    return await the_request()


async def taken_back(request: FamilyRequest) -> None:
    """Nothing is left of the answer but the journal; and it can be given again."""
    assert await reopen(request.id, await member(), clock.now())
    assert not await reopen(request.id, await member(), clock.now())
    empty = {"reason": None, "answered_at": None, "answered_by_id": None}
    assert await FamilyRequest.filter(id=request.id, state=RequestState.PENDING, **empty).exists()
    assert not await Notice.exists(about=f"request:{request.id}")
    to_tell = [task.args[0] for task in await Task.filter(name="tell", state="ready")]
    assert await Notice.filter(id__in=to_tell).count() == len(to_tell), "nobody is told what was taken back"
    assert (await Event.get(action="request.reopened")).details == {"was": request.state}


async def why_it_stays(request: FamilyRequest) -> Final:
    """Nothing of it was undone."""
    before = await FamilyRequest.filter(id=request.id).values()
    with pytest.raises(AnswerStays) as stays:
        await reopen(request.id, await member(), clock.now())
    assert await FamilyRequest.filter(id=request.id).values() == before
    return stays.value.why
