"""A message to many families goes out: to each its own conversation, which it can answer, and one notice, once.

Each family is one short transaction that writes its conversation and says it; killed anywhere, the next process goes on
with those who have none yet, and two at once take turns at each family.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from tortoise.exceptions import IntegrityError

from models.access.member import Member
from models.families.family import Family
from models.families.guardian import Guardian
from models.messages.attachment import MessageAttachment
from models.messages.department import Topic
from models.messages.mass.mass_attachment import MassAttachment
from models.messages.mass.mass_message import MassMessage, MassRecipient
from models.messages.mass.reach import Reach, reached
from models.messages.thread import Draft, MessageThread
from models.rules.states.notices import NoticeKind
from models.storage.database import retrying, rows, transaction
from models.work.audit_log import Event
from models.work.notice import Notice
from models.work.task import Task

TOGETHER = 200  # families of one job
FILE = ("id", "name", "kind", "size", "sha256")  # and not what it holds


class ReachChanged(Exception):
    """They are not the families that were read any more."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to say to many. `click` is the form's own name: the same twice is one message."""

    reach: Reach
    to_whom: str
    topic: Topic
    subject: str
    text: str
    urgent: bool
    click: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one has come: families, and what they did with it."""

    families: int
    gone: int
    read: int
    answered: int


async def begin(wish: Wish, member: Member, read: str, now: datetime) -> MassMessage:
    """It goes out in the background. Raises ReachChanged, and ValueError where it reaches nobody."""
    if before := await MassMessage.get_or_none(click=wish.click):
        return before
    found = await reached(wish.reach, now.date())
    if found.read != read:
        raise ReachChanged
    if not found.families:
        raise ValueError(wish.reach)
    try:
        return await _begin(wish, member, list(found.families), now)
    except IntegrityError:  # its twin was first
        return await MassMessage.get(click=wish.click)


async def _begin(wish: Wish, member: Member, families: list[int], now: datetime) -> MassMessage:
    async with transaction():
        mass = await MassMessage.create(
            member_id=member.id,
            topic_id=wish.topic.id,
            to_whom=wish.to_whom,
            subject=wish.subject,
            text=wish.text,
            urgent=wish.urgent,
            click=wish.click,
            made_at=now,
        )
        await MassRecipient.bulk_create(
            MassRecipient(mass_id=mass.id, family_id=family) for family in families
        )
        await Event.note(
            now, member.actor, "mass_message.sent", mass.about, title=wish.subject, families=len(families)
        )
        await _go_on(mass.id, 0)
    return mass


async def send_mass_message(id: int, after: int, now: datetime) -> None:
    """Some of its families, then it asks for the rest. Done twice, it is done once."""
    mass = await MassMessage.get(id=id).select_related("topic")
    waiting = MassRecipient.filter(mass_id=id, thread_id=None, id__gt=after).order_by("id")
    found = await waiting.limit(TOGETHER)
    file = await MassAttachment.filter(click=mass.click).only(*FILE).first()
    for one in found:
        await retrying(partial(_write_to, mass, file, one, now))
    if len(found) == TOGETHER:
        return await _go_on(id, found[-1].id)
    await MassMessage.filter(id=id, done_at=None).update(done_at=now)


async def _write_to(
    mass: MassMessage, file: MassAttachment | None, recipient: MassRecipient, now: datetime
) -> None:
    async with Family.turn(recipient.family_id):
        if not await MassRecipient.exists(id=recipient.id, thread_id=None):
            return
        if not await Guardian.exists(family_id=recipient.family_id):
            return  # it left meanwhile: nobody would read it
        draft, key = Draft(mass.text, mass.click), f"mass_recipient:{recipient.id}"
        thread, message = await MessageThread.open_with(
            recipient.family_id, mass.member_id, mass.topic, mass.subject, key, draft, now
        )
        await MassRecipient.filter(id=recipient.id).update(thread_id=thread.id)
        if file is not None:
            same = {name: getattr(file, name) for name in FILE if name != "id"}
            await MessageAttachment.create(message_id=message.id, content=b"", mass_id=file.id, **same)
        kind = NoticeKind.MESSAGE_URGENT if mass.urgent else NoticeKind.MESSAGE_BEGUN
        await Notice.say(kind, recipient.family_id, message.about, now)


async def _go_on(id: int, after: int) -> None:
    await Task.later("send_mass_message", id, after, key=f"mass_message:{id}:{after}")


async def progress(id: int) -> Progress:
    """Two sides of it: how many have it, how many opened it and wrote back."""
    found = (await rows(_PROGRESS, [id]))[0]
    return Progress(*(int(found[name] or 0) for name in ("families", "gone", "read", "answered")))


_PROGRESS = """
SELECT COUNT(*) AS families, COUNT(thread_id) AS gone,
  SUM(CASE WHEN EXISTS (SELECT 1 FROM message WHERE message.thread_id = mass_recipient.thread_id
    AND message.member_id IS NOT NULL AND message.read_at IS NOT NULL) THEN 1 ELSE 0 END) AS read,
  SUM(CASE WHEN EXISTS (SELECT 1 FROM message WHERE message.thread_id = mass_recipient.thread_id
    AND message.guardian_id IS NOT NULL) THEN 1 ELSE 0 END) AS answered
FROM mass_recipient WHERE mass_id = ?
"""
