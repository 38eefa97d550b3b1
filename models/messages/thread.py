"""A conversation between a family and a department of the mairie: who may write in it, what each word changes.

Each message has a key, so that a form sent twice says it once. The family's turn (`Family.lock`) comes first, whoever
writes: two answers at once stand one below the other.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.families.child import Child
from models.families.family import Family
from models.families.guardian import Guardian
from models.messages.attachment import CheckedFile, MessageAttachment
from models.messages.department import Department, Topic
from models.rules.states.notices import NoticeKind
from models.rules.states.threads import ThreadState
from models.storage.database import transaction
from models.storage.fields import Instant
from models.work.audit_log import Event
from models.work.notice import Notice
from models.work.task import Task

LONGEST_SUBJECT = 100
LONGEST_TEXT = 4000
MOST_A_DAY = 50  # messages of a family


class NobodyToWriteTo(Exception):
    """The family has no parent."""


class TooManyMessages(Exception):
    """The family wrote MOST_A_DAY messages within a day."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to say. `click` is the form's own name: the same twice is one message."""

    text: str
    click: str
    file: CheckedFile | None = None


class MessageThread(Model):
    id = fields.IntField(primary_key=True)
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField(
        "models.Family", "message_threads", on_delete=fields.RESTRICT
    )
    guardian: fields.ForeignKeyRelation[Guardian] = fields.ForeignKeyField(
        "models.Guardian", "message_threads", on_delete=fields.RESTRICT
    )  # who began it, or to whom the mairie did
    begun_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", "begun_threads", null=True, on_delete=fields.RESTRICT
    )  # of the mairie; null: the family began
    assigned: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", "assigned_threads", null=True, on_delete=fields.RESTRICT
    )  # who of the mairie takes care of it
    department: fields.ForeignKeyRelation[Department] = fields.ForeignKeyField(
        "models.Department", "threads", on_delete=fields.RESTRICT
    )
    topic: fields.ForeignKeyRelation[Topic] = fields.ForeignKeyField(
        "models.Topic", "threads", on_delete=fields.RESTRICT
    )
    child: fields.ForeignKeyNullableRelation[Child] = fields.ForeignKeyField(
        "models.Child", "message_threads", null=True, on_delete=fields.RESTRICT
    )  # whom it is about
    subject = fields.CharField(max_length=LONGEST_SUBJECT)
    state = fields.CharField(max_length=10, default=ThreadState.OPEN)  # a ThreadState
    begun_at = Instant()
    last_at = Instant()  # of its last message

    family_id: int
    guardian_id: int
    department_id: int
    topic_id: int
    child_id: int | None
    begun_by_id: int | None
    assigned_id: int | None

    class Meta:
        table = "message_thread"

    @classmethod
    async def begin(
        cls, guardian: Guardian, topic: Topic, child: int | None, subject: str, draft: Draft, now: datetime,
        *, confirm: bool
    ) -> "MessageThread":  # fmt: skip
        """A family writes. `confirm`: an e-mail says that it came. Raises TooManyMessages, RefusedFile."""
        async with transaction():
            await Family.lock(guardian.family_id)
            key = f"{guardian.actor}:{draft.click}"
            if known := await Message.get_or_none(key=key).select_related("thread"):
                return known.thread
            thread = await cls.create(
                family_id=guardian.family_id,
                guardian_id=guardian.id,
                department_id=topic.department_id,
                topic_id=topic.id,
                child_id=child,
                subject=subject,
                begun_at=now,
                last_at=now,
            )
            message = await thread._of_family(guardian, key, draft, now)
            if confirm:
                await Notice.say(
                    NoticeKind.MESSAGE_RECEIVED, thread.family_id, message.about, now, only=guardian.id
                )
        return thread

    @classmethod
    async def begin_with(
        cls, family: int, member: Member, topic: Topic, subject: str, draft: Draft, now: datetime
    ) -> "MessageThread":
        """The mairie writes first; the household is told. Raises NobodyToWriteTo."""
        async with transaction():
            await Family.lock(family)
            key = f"{member.actor}:{draft.click}"
            if known := await Message.get_or_none(key=key).select_related("thread"):
                return known.thread
            thread, message = await cls.open_with(family, member.id, topic, subject, key, draft, now)
            await Event.note(now, member.actor, "thread.begun", message.about, family)
            await Notice.say(NoticeKind.MESSAGE_BEGUN, family, message.about, now)
        return thread

    @classmethod
    async def open_with(
        cls, family: int, member: int, topic: Topic, subject: str, key: str, draft: Draft, now: datetime
    ) -> tuple["MessageThread", "Message"]:
        """In a transaction, after Family.lock: addressed to the first of the parents. Raises NobodyToWriteTo."""
        guardian = await Guardian.filter(family_id=family).order_by("position", "id").first()
        if guardian is None:
            raise NobodyToWriteTo(family)
        thread = await cls.create(
            family_id=family,
            guardian_id=guardian.id,
            begun_by_id=member,
            department_id=topic.department_id,
            topic_id=topic.id,
            subject=subject,
            state=ThreadState.ANSWERED,
            begun_at=now,
            last_at=now,
        )
        return thread, await thread._add(key, draft, now, member=member)

    async def reply(self, guardian: Guardian, draft: Draft, now: datetime) -> None:
        """The family goes on, also where the mairie had closed it. Raises TooManyMessages, RefusedFile."""
        async with transaction():
            await Family.lock(self.family_id)
            key = f"{guardian.actor}:{draft.click}"
            if not await Message.exists(key=key):
                await self._of_family(guardian, key, draft, now)

    async def answer(self, member: Member, draft: Draft, now: datetime) -> None:
        """The mairie answers; the household is told. Raises RefusedFile."""
        async with transaction():
            await Family.lock(self.family_id)
            key = f"{member.actor}:{draft.click}"
            if await Message.exists(key=key):
                return
            message = await self._add(key, draft, now, member=member.id)
            await self._became(ThreadState.ANSWERED, last_at=now)
            await self._read(now, by_mairie=True)  # who answers has read
            await Event.note(now, member.actor, "message.answered", message.about, self.family_id)
            await Notice.say(NoticeKind.MESSAGE_ANSWERED, self.family_id, message.about, now)

    async def close(self, member: Member, now: datetime) -> bool:
        """False where it was closed already."""
        return await self._turn(member, ThreadState.CLOSED, "thread.closed", now)

    async def reopen(self, member: Member, now: datetime) -> bool:
        """Open again, or answered where the mairie had the last word. False where it was not closed."""
        last = await Message.filter(thread_id=self.id).order_by("-id").first()
        state = ThreadState.ANSWERED if last and last.member_id else ThreadState.OPEN
        return await self._turn(member, state, "thread.reopened", now)

    async def set_aside(self, member: Member, now: datetime) -> bool:
        """It waits for somebody else than who reads it. False where it does not wait for the mairie's answer."""
        async with transaction():
            await Family.lock(self.family_id)
            if not await MessageThread.filter(id=self.id, state=ThreadState.OPEN).update(
                state=ThreadState.SET_ASIDE
            ):
                return False
            await Event.note(now, member.actor, "thread.set_aside", f"thread:{self.id}", self.family_id)
        return True

    async def assign(self, to: Member | None, member: Member, now: datetime) -> None:
        """Who takes care of it; nobody in particular. Twice is once."""
        async with transaction():
            await Family.lock(self.family_id)
            before = (await MessageThread.get(id=self.id).select_related("assigned")).assigned
            if (before.id if before else None) == (to.id if to else None):
                return
            await MessageThread.filter(id=self.id).update(assigned_id=to.id if to else None)
            await Event.note(
                now, member.actor, "thread.assigned", f"thread:{self.id}", self.family_id,
                before={"assigned": before.name if before else ""}, after={"assigned": to.name if to else ""},
            )  # fmt: skip

    async def read_by_family(self, now: datetime) -> int:
        """How many answers of the mairie were new to it."""
        return await self._read(now, by_mairie=False)

    async def read_by_mairie(self, now: datetime) -> int:
        return await self._read(now, by_mairie=True)

    async def _of_family(self, guardian: Guardian, key: str, draft: Draft, now: datetime) -> "Message":
        day_before = now - timedelta(days=1)
        own = Message.filter(
            thread__family_id=self.family_id, guardian_id__isnull=False, sent_at__gt=day_before
        )
        if await own.count() >= MOST_A_DAY:
            raise TooManyMessages
        if draft.file:
            await MessageAttachment.check_room(self.family_id, draft.file, day_before)
        message = await self._add(key, draft, now, guardian=guardian.id)
        await self._became(ThreadState.OPEN, last_at=now)
        await Event.note(now, guardian.actor, "message.sent", message.about, self.family_id)
        await Task.later("write_department", message.id, key=f"department:{message.id}")
        return message

    async def _add(
        self, key: str, draft: Draft, now: datetime, guardian: int | None = None, member: int | None = None
    ) -> "Message":
        message = await Message.create(
            thread_id=self.id, guardian_id=guardian, member_id=member, key=key, text=draft.text, sent_at=now
        )
        if draft.file:
            await MessageAttachment.keep(message.id, draft.file)
        return message

    async def _turn(self, member: Member, state: ThreadState, action: str, now: datetime) -> bool:
        async with transaction():
            await Family.lock(self.family_id)
            found = await MessageThread.get(id=self.id)
            if (found.state == ThreadState.CLOSED) is (state == ThreadState.CLOSED):
                return False
            await found._became(state)
            await Event.note(now, member.actor, action, f"thread:{self.id}", self.family_id)
        return True

    async def _became(self, state: ThreadState, **more: datetime) -> None:
        await MessageThread.filter(id=self.id).update(state=state, **more)

    async def _read(self, now: datetime, *, by_mairie: bool) -> int:
        """A mark and no word of anybody: no journal, and no turn to take."""
        unread = Message.filter(thread_id=self.id, read_at=None, member_id__isnull=by_mairie)
        return await unread.update(read_at=now) if await unread.exists() else 0


class Message(Model):
    id = fields.IntField(primary_key=True)
    thread: fields.ForeignKeyRelation[MessageThread] = fields.ForeignKeyField(
        "models.MessageThread", "messages", on_delete=fields.RESTRICT
    )
    # One of them wrote it.
    guardian: fields.ForeignKeyNullableRelation[Guardian] = fields.ForeignKeyField(
        "models.Guardian", "messages", null=True, on_delete=fields.RESTRICT
    )
    member: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", "messages", null=True, on_delete=fields.RESTRICT
    )
    key = fields.CharField(max_length=160)  # unique: who, and the name of the form that was sent
    text = fields.TextField()
    sent_at = Instant()
    read_at = Instant(null=True)  # by the other side

    guardian_id: int | None
    member_id: int | None
    thread_id: int

    class Meta:
        table = "message"

    @property
    def about(self) -> str:
        """As the journal names it."""
        return f"message:{self.id}"
