"""Messages on both databases: several who write at once, what the schema refuses, what a reload of the file leaves."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tortoise.exceptions import BaseORMException

from models import clock, commune_file
from models.access.member import Member
from models.commune_file import load_departments
from models.families.guardian import Guardian
from models.messages import attachment, inbox
from models.messages.attachment import MessageAttachment
from models.messages.department import Department, Topic, offered
from models.messages.thread import Draft, Message, MessageThread
from models.rules.states.threads import ThreadState
from models.storage import integrity
from models.storage.paging import Cut
from tests.engines import ON_SQLITE
from tests.portal import Portal
from tests.web.messaging import PDF

OpenPortal = Callable[..., Awaitable[Portal]]


@pytest.fixture
async def lens(portal: OpenPortal) -> Portal:
    return await portal("lens", now="2018-08-27T10:00:00")


async def begun(click: str = "click") -> MessageThread:
    claire, topic = await Guardian.get(username="famille15"), await Topic.all().order_by("id").first()
    assert topic
    draft = Draft("Bonjour", click, await attachment.check("mot.pdf", PDF))
    return await MessageThread.begin(claire, topic, None, "Une question", draft, clock.now(), confirm=True)


async def test_clicks_at_once_are_one_message(lens: Portal) -> None:
    threads = await asyncio.gather(*(begun() for _ in range(6)))
    assert len({thread.id for thread in threads}) == 1
    assert (await Message.all().count(), await MessageAttachment.all().count()) == (1, 1)
    thread, member = threads[0], await Member.get(username="gestion")
    answers = (thread.answer(member, Draft(f"Réponse {n}", f"click{n % 3}"), clock.now()) for n in range(6))
    await asyncio.gather(*answers)
    assert await Message.filter(member_id=member.id).count() == 3
    claire = await Guardian.get(username="famille15")
    await asyncio.gather(*(thread.reply(claire, Draft("Merci", "x"), clock.now()) for _ in range(3)))
    assert await Message.filter(guardian_id=claire.id).count() == 2
    assert (await MessageThread.get()).state == ThreadState.OPEN
    await lens.run_jobs()
    assert await integrity.verify() == []


async def test_each_side_reads_the_other(lens: Portal) -> None:
    thread, member = await begun(), await Member.get(username="gestion")
    assert (await inbox.counts())["unread"] == 1
    [row] = (await inbox.page(Cut("last"), unread=True, search="famille")).rows
    assert (row.unread, row.files, row.state) == (1, 1, ThreadState.OPEN)
    assert await inbox.waiting() == (1, thread.begun_at)
    await thread.answer(member, Draft("Bonjour", "a"), clock.now())
    assert (await inbox.counts())["unread"] == 0  # who answers has read
    assert (await inbox.waiting())[0] == 0
    [line], _ = await inbox.of_family(thread.family_id, received=True)
    assert (line.preview, line.unread, line.by_mairie) == ("Bonjour", 1, True)
    assert [await thread.read_by_family(clock.now()) for _ in range(2)] == [1, 0]
    assert (await inbox.of_family(thread.family_id, received=True))[0][0].unread == 0
    assert [message.unread for message in await inbox.messages(thread.id)] == [False, False]


@pytest.mark.parametrize(
    "change",
    [
        lambda thread: Message.create(thread_id=thread.id, key="nobody's", text="…", sent_at=clock.now()),
        lambda thread: Message.create(
            thread_id=thread.id, guardian_id=1, member_id=1, key="both", text="…", sent_at=clock.now()
        ),
        lambda thread: MessageThread.all().update(state="lost"),
        lambda thread: MessageAttachment.all().update(kind="text/html"),
        lambda thread: MessageAttachment.all().update(content=b"other"),
        lambda thread: MessageAttachment.all().delete(),
        lambda thread: MessageThread.all().delete(),
        lambda thread: Topic.all().delete(),
    ],
)
async def test_the_schema_refuses(lens: Portal, change: Callable[[MessageThread], Awaitable[Any]]) -> None:
    thread = await begun()
    with pytest.raises((BaseORMException, Exception)) as refused:
        await change(thread)
    assert not isinstance(refused.value, AssertionError | TypeError | AttributeError)


@ON_SQLITE
async def test_what_the_file_names_no_more_is_kept_and_not_offered(lens: Portal) -> None:
    thread = await begun()
    said = commune_file.read(commune_file.shipped("alixan")).departments
    await load_departments.load(said)
    assert [one.code for one, _ in await offered()] == ["periscolaire"]
    assert (await Department.get(id=thread.department_id)).offered is False
    assert (await load_departments.export())[0]["topics"] == ["Cantine", "Garderie", "Adhésion", "Factures"]
    member = await Member.get(username="gestion")
    await thread.answer(member, Draft("Toujours là", "a"), clock.now())
    await load_departments.load(commune_file.read(commune_file.shipped("lens")).departments)
    assert [one.code for one, _ in await offered()] == ["restauration"]
