"""A message to many families: whom it reaches, and once to each whatever dies, repeats or comes at once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from models import clock
from models.access.member import Member
from models.activities.activity import Activity
from models.commune.school import School
from models.families.family import Family
from models.messages import inbox
from models.messages.department import Topic
from models.messages.mass import sending
from models.messages.mass.mass_message import MassMessage, MassRecipient
from models.messages.mass.reach import Reach, reached
from models.messages.thread import Draft, Message, MessageThread
from models.rules.states.notices import NoticeKind
from models.rules.states.threads import ThreadState
from models.storage.paging import Cut
from models.work.notice import Notice
from models.work.task import Task
from tests.models.damages_of_messages import MESSAGES
from tests.models.test_damages import silent
from tests.portal import Portal
from tests.web.checkout import hear_the_bank, parent

OpenPortal = Callable[..., Awaitable[Portal]]


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now="2025-09-22T10:00:00")


async def wished(click: str = "click", **more: Any) -> tuple[sending.Wish, str]:
    topic, today = await Topic.all().order_by("id").first(), clock.now().date()
    assert topic
    wish = sending.Wish(Reach(), "toutes", topic, "Grève jeudi", "La cantine ferme jeudi.", False, click)
    wish = replace(wish, **more)
    return wish, (await reached(wish.reach, today)).read


async def begun(click: str = "click", **more: Any) -> MassMessage:
    wish, read = await wished(click, **more)
    return await sending.begin(wish, await Member.get(username="gestion"), read, clock.now())


async def said_once() -> bool:
    """Each family has one conversation of one message, and was told of it once."""
    families = await Family.all().count()
    told = await Notice.filter(kind=NoticeKind.MESSAGE_BEGUN).values_list("family_id", flat=True)
    return (
        families
        == len(told)
        == len(set(told))
        == await MessageThread.all().count()
        == await Message.all().count()
        == await MassRecipient.exclude(thread_id=None).count()
    )


async def test_who_dies_half_way_is_followed_and_nobody_is_told_twice(
    town: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sent twice and at once it is one; killed in the middle of a family's turn, nothing of that turn is there."""
    first, second = await asyncio.gather(begun(), begun())
    assert first.id == second.id and await MassMessage.all().count() == 1
    say, left = Notice.say, 3

    async def dies(*args: Any, **more: Any) -> None:
        nonlocal left
        await say(*args, **more)
        left -= 1
        if not left:
            raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(Notice, "say", dies)
        with pytest.raises(asyncio.CancelledError):
            await sending.send_mass_message(first.id, 0, clock.now())
    assert await Message.all().count() == await Notice.all().count() == 2
    assert (await sending.progress(first.id)).gone == 2
    await asyncio.gather(*(sending.send_mass_message(first.id, 0, clock.now()) for _ in range(3)))
    assert await said_once()
    await town.run_jobs()
    assert await said_once() and (await MassMessage.get()).done_at
    assert await Task.filter(name="tell").count() == await Family.all().count()
    await town.verify()


async def test_many_families_are_several_jobs(town: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "TOGETHER", 2)
    await begun()
    assert (await town.run_jobs()).count("send_mass_message") > 2
    assert await said_once()
    assert await silent(MESSAGES) == []


async def test_what_changed_since_it_was_counted_is_not_sent(town: Portal) -> None:
    wish, read = await wished()
    member = await Member.get(username="gestion")
    with pytest.raises(sending.ReachChanged):
        await sending.begin(replace(wish, reach=Reach(owing=True)), member, read, clock.now())
    nobody = Reach(day=date(2025, 9, 28))
    with pytest.raises(ValueError):
        await sending.begin(
            replace(wish, reach=nobody), member, (await reached(nobody, wish_day())).read, clock.now()
        )
    assert not await MassMessage.all().exists()


def wish_day() -> date:
    return clock.now().date()


async def test_families_are_counted_by_school_class_activity_day_and_debt(
    town: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one and the same child: Emma eats on Monday, nobody of her school who does not."""
    hear_the_bank(town, monkeypatch)
    sophie = await parent(town, "sophie.moreau")
    await sophie.tick("Emma", "Repas de midi", "2025-10-06")
    await sophie.pay()
    today, monday = clock.now().date(), date(2025, 10, 6)
    everybody = len((await reached(Reach(), today)).families)
    assert everybody == await Family.all().count()
    by_school = [len((await reached(Reach(school=one.id), today)).families) for one in await School.all()]
    assert by_school and all(0 < number < everybody for number in by_school)
    meals = [
        one.id
        for one in await Activity.all()
        if (await reached(Reach(activity=one.id, day=monday), today)).families
    ]
    assert len(meals) == 1
    assert list((await reached(Reach(day=monday), today)).families) == [sophie.family]
    assert not (await reached(Reach(day=monday, level="ailleurs"), today)).families
    enrolled = (await reached(Reach(activity=meals[0]), today)).families
    assert sophie.family in enrolled and len(enrolled) > 1
    owing = (await reached(Reach(owing=True), today)).families
    assert 0 < len(owing) < everybody


async def test_the_inbox_shows_those_that_were_answered(town: Portal) -> None:
    """A family that goes on begins a conversation like any other; the silent ones are only searched for."""
    await begun()
    await town.run_jobs()
    assert (await inbox.page(Cut("last"))).total == 0
    counts = await inbox.counts()
    assert sum(counts[state] for state in ThreadState) == 0
    assert (await inbox.page(Cut("last"), search="grève")).total == await Family.all().count()
    thread = await MessageThread.all().order_by("id").first().select_related("guardian")
    assert thread
    await thread.reply(thread.guardian, Draft("Merci", "a"), clock.now())
    [row] = (await inbox.page(Cut("last"))).rows
    assert (row.id, row.state, row.unread) == (thread.id, ThreadState.OPEN, 1)
    assert (await inbox.counts())[ThreadState.OPEN] == 1
