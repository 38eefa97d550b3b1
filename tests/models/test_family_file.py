"""A family's file at the mairie: made once, whatever is sent twice or at the same moment."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date

import pytest

from models import clock
from models.access.member import Member
from models.activities.activity import Activity
from models.commune.school import School
from models.commune.school_year import SchoolYear
from models.families.child import Child, Schooling
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.guardian import Guardian
from models.family_file import creating
from models.family_file.checks import CannotEnrol
from models.family_file.creating import NewChild, NewFamily, NewGuardian
from models.work.audit_log import Event
from tests.portal import Portal

OpenPortal = Callable[..., Awaitable[Portal]]


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now="2025-09-22T10:00:00")


async def child(name: str, level: str, *activities: str) -> NewChild:
    ids = [(await Activity.get(code=code)).id for code in activities]
    school = await School.get(code="lilas" if level in ("PS", "MS", "GS") else "ferry")
    return NewChild(name, "Roux", date(2018, 3, 4), school.id, level, tuple(ids))


async def roux(click: str = "one", *children: NewChild) -> NewFamily:
    parent = NewGuardian("Nadia", "Roux", "nadia@roux.example", "06 00 00 20 01")
    return NewFamily(
        click,
        (parent,),
        children or (await child("Tom", "CE1", "cantine"),),
        quotient=(640, date(2025, 9, 1)),
    )


async def make(said: NewFamily) -> int:
    year = await SchoolYear.all().get()
    return await creating.create(said, year.id, (await Member.get(username="gestion")).id, clock.now())


async def test_a_family_is_made_whole_and_once(town: Portal) -> None:
    said = await roux("one", await child("Tom", "CE1", "cantine", "periscolaire"), await child("Ana", "PS"))
    id = await make(said)
    assert await make(said) == id and (await Family.get(id=id)).number == "VF-1009"
    parent = await Guardian.get(family_id=id)
    assert len(parent.username) == 9 and parent.password is None and parent.activated_at is None
    tom, ana = await Child.filter(homes__family_id=id).order_by("id")
    assert [(row.child_id, row.level) for row in await Schooling.filter(child_id__in=[tom.id, ana.id])] == [
        (tom.id, "CE1"),
        (ana.id, "PS"),
    ]
    enrolled = await Enrolment.filter(family_id=id).select_related("activity", "group").order_by("position")
    assert [row.activity.code for row in enrolled] == ["cantine", "periscolaire"]
    assert all(row.start == date(2025, 9, 22) and row.end == row.activity.closes for row in enrolled)
    [event] = await Event.filter(action="family.created")
    assert event.family_id == id and event.details["children"] == ["Tom Roux", "Ana Roux"]
    await town.verify()


async def test_two_at_the_same_moment_get_two_numbers_and_one_click_one_family(town: Portal) -> None:
    said = await roux()
    clicks = ["a", "b", "b", "c"]
    ids = await asyncio.gather(*(make(replace(said, click=click)) for click in clicks))
    assert ids[1] == ids[2] and len(set(ids)) == 3
    numbers = {row.number for row in await Family.filter(id__in=ids)}
    assert numbers == {"VF-1009", "VF-1010", "VF-1011"}
    await town.verify()


async def test_who_is_there_already_is_told(town: Portal) -> None:
    lina = NewChild("LINA", "Durand", date(2017, 5, 12), None, None)
    found = await creating.likenesses([lina], ["Sophie@Moreau.example", ""])
    assert [(one.number, one.name) for one in found] == [
        ("VF-1001", "Lina Durand"),
        ("VF-1002", "Sophie Moreau"),
    ]
    assert await creating.likenesses([replace(lina, born=date(2017, 5, 13))], []) == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_an_activity_takes_whom_it_is_for(town: Portal) -> None:
    for one, why in (
        (await child("Tom", "PS", "ateliers"), "group"),
        (await child("Tom", "CE1", "espace-jeux"), "membership"),
    ):
        with pytest.raises(CannotEnrol) as refused:
            await make(await roux("x", one))
        assert refused.value.why == why
    assert not await Family.exists(click="x")
