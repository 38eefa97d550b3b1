"""An activity changed by two agents at once, made fuller than its places, listed; on both databases."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from models.activities.activity import Activity
from models.activities.definition.description import Activity as Description
from models.activities.definition.description import Group
from models.activities.definition.writer import Written, write
from models.activities.opening import Opening
from models.activity_file import activity_list
from models.activity_file.change import Asked, Breaks, ChangedMeanwhile, Mistaken, change
from models.activity_file.definition import Definition, OwnClosure, read
from models.activity_file.draft import ActivityDraft, blank
from models.commune.school_year import Closure, SchoolYear
from models.commune.till import Till
from models.families.enrolment import Enrolment
from models.storage.paging import Cut
from models.work.audit_log import Event
from tests.engines import ON_SQLITE
from tests.models.test_definition import FIRST, LAST, MEALS, NOW, laid_out
from tests.town import People, settle


@pytest.fixture
async def people(db: str) -> People:
    return await settle()


@pytest.fixture
async def written(people: People) -> Written:
    """Little ones without a limit, two places for the others."""
    year = await SchoolYear.create(name="2025-2026", starts=FIRST, ends=LAST, weekdays=[0, 1, 3, 4])
    till = await Till.create(code="caisse", name="Caisse", bank_label="Caisse")
    groups = (replace(MEALS.groups[0], schools=None, levels=None), replace(MEALS.groups[1], levels=None))
    said = replace(MEALS, groups=groups)
    rows = await write(said, year.id, till.id, 0)
    await laid_out(said, rows)
    return rows


def asked(
    people: People, written: Written, wanted: Definition, seen: Definition, confirmed: str = ""
) -> Asked:
    return Asked(written.id, wanted, seen.mark, people.administrator.id, confirmed)


def named(seen: Definition, name: str) -> Definition:
    return replace(seen, said=replace(seen.said, name=name))


async def test_of_two_agents_at_once_one_writes_and_the_other_is_told(
    people: People, written: Written
) -> None:
    seen = await read(written.id)
    wanted = [named(seen, name) for name in ("Cantine", "Restaurant")]
    tried = [change(asked(people, written, one, seen), NOW) for one in wanted]
    found = await asyncio.gather(*tried, return_exceptions=True)
    assert [type(one) for one in found].count(ChangedMeanwhile) == 1, found
    assert (await read(written.id)) in wanted
    assert await Event.filter(action="activity.changed").count() == 1


async def test_a_limit_below_what_is_taken_is_read_before_it_is_set(people: People, written: Written) -> None:
    """Also where there was none before."""
    opening = await Opening.get(group_id=written.groups["petits"], day=date(2025, 9, 8))
    assert await Opening.take(opening.id)
    seen = await read(written.id)
    wanted = replace(
        seen, said=replace(seen.said, groups=(replace(seen.said.groups[0], places=0), seen.said.groups[1]))
    )
    with pytest.raises(Breaks) as broken:
        await change(asked(people, written, wanted, seen), NOW)
    assert [(one.day, one.taken) for one in broken.value.impact.overruns] == [(date(2025, 9, 8), 1)]
    assert await read(written.id) == seen
    await change(asked(people, written, wanted, seen, broken.value.impact.mark), NOW)
    await opening.refresh_from_db()
    assert (opening.taken, opening.places, opening.overrun) == (1, 0, 1)


@ON_SQLITE
async def test_its_own_closures_come_and_go_and_the_others_stay(people: People, written: Written) -> None:
    await Closure.create(year_id=(await SchoolYear.get()).id, start=LAST, end=LAST, reason="Fête")
    seen = await read(written.id)
    assert seen.closures == ()
    day = date(2025, 12, 4)
    closed = replace(seen, closures=(OwnClosure(day, day, "Travaux"),))
    await change(asked(people, written, closed, seen), NOW)
    assert await read(written.id) == closed and not await Opening.filter(day=day).exists()
    await change(asked(people, written, seen, closed), NOW)
    assert await Opening.filter(day=day).count() == 2
    assert [row.reason for row in await Closure.all()] == ["Fête"]
    with pytest.raises(Mistaken):
        await change(asked(people, written, replace(seen, said=replace(seen.said, slots=())), seen), NOW)
    event = (await Event.filter(action="activity.changed").order_by("id"))[0]
    assert (event.details["before"], len(event.details["after"]["closures"])) == ({"closures": []}, 1)


async def test_a_list_counts_who_is_enrolled_and_the_places(people: People, written: Written) -> None:
    year = await SchoolYear.get()
    await Enrolment.create(
        child=people.chloe, family_id=people.durand.family_id, activity_id=written.id,
        group_id=written.groups["petits"], start=FIRST, end=LAST,
    )  # fmt: skip
    found = await activity_list.page(Cut("name"), year.id, FIRST, "meal", "restau")
    assert [(row.name, row.enrolled, row.places) for row in found.rows] == [(MEALS.name, 1, None)]
    assert (await activity_list.page(Cut("name"), year.id, FIRST, "care")).total == 0


async def test_a_draft_published_twice_at_once_is_one_activity(people: People, written: Written) -> None:
    year, member = await SchoolYear.get(), people.administrator.id
    said: Description = replace(MEALS, code="", name="Cantine du soir", groups=(Group("", "", places=3),))
    draft = await ActivityDraft.begin("click", year, blank(year, "caisse", "x"), member, NOW)
    await draft.keep(Definition(said), "tarifs", member, NOW)
    with pytest.raises(ChangedMeanwhile):
        await draft.keep(Definition(said), "delais", member, NOW)
    one, other = await asyncio.gather(draft.publish(member, NOW), draft.publish(member, NOW))
    assert one == other and await Activity.all().count() == 2
    assert (await read(one)).said == replace(said, code="cantine-du-soir")
