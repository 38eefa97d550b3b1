"""A paper that a family sent: for what the commune asks, or as the proof of a request. Its bytes stay as they came."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.families.child import Child
from models.families.family import Family
from models.families.file.health import note_read
from models.families.file.required_document import RequiredDocument
from models.families.guardian import Guardian
from models.rules import attachments
from models.rules.families.documents import PLAN, Paper, last_day
from models.rules.states.notices import NoticeKind
from models.rules.states.requests import RequestState
from models.storage import encryption
from models.storage.database import instant, rows, transaction
from models.storage.fields import Instant
from models.work.audit_log import Event
from models.work.notice import Notice

A_DAY = timedelta(days=1)
LISTED = (
    "id", "family_id", "child_id", "required_id", "name", "kind", "size", "sent_at", "state", "reason", "until",
    "answered_at",
)  # without its bytes  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewPaper:
    """A file that was checked already. `click` is the form's own: sent twice, it is one paper."""

    click: str
    name: str
    kind: str  # a FileType
    content: bytes


class Lost(Exception):
    """It is sealed, and none of the portal's keys opens it."""


class SentDocument(Model):
    id = fields.IntField(primary_key=True)
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField(
        "models.Family", "sent_documents", on_delete=fields.RESTRICT
    )
    child: fields.ForeignKeyNullableRelation[Child] = fields.ForeignKeyField(
        "models.Child", "sent_documents", null=True, on_delete=fields.RESTRICT
    )
    required: fields.ForeignKeyNullableRelation[RequiredDocument] = fields.ForeignKeyField(
        "models.RequiredDocument", "sent", null=True, on_delete=fields.RESTRICT
    )
    request: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.FamilyRequest", "proofs", null=True, on_delete=fields.RESTRICT
    )  # it proves; that noun stands above this one
    guardian: fields.ForeignKeyRelation[Guardian] = fields.ForeignKeyField(
        "models.Guardian", "sent_documents", on_delete=fields.RESTRICT
    )
    click = fields.CharField(max_length=64)
    name = fields.CharField(max_length=attachments.LONGEST_NAME)
    kind = fields.CharField(max_length=30)  # a FileType
    size = fields.IntField()  # bytes
    sha256 = fields.CharField(max_length=64)
    content = fields.BinaryField()
    sealed = fields.BooleanField(default=False, db_default=False)  # the bytes: those of a care plan
    sent_at = Instant()
    state = fields.CharField(max_length=10)  # a RequestState; that of a proof is its request's
    reason = fields.CharField(max_length=500, default="", db_default="")  # of a refusal
    until: Any = fields.DateField(null=True)  # of an accepted one: its last day; none: for ever
    answered_at = Instant(null=True)
    answered_by = fields.CharField(max_length=100, null=True)  # as the journal names them: "member:3"

    family_id: int
    child_id: int | None
    required_id: int | None
    request_id: int | None
    guardian_id: int

    class Meta:
        table = "sent_document"

    @property
    def paper(self) -> Paper:
        return Paper(RequestState(self.state), self.until)

    @property
    def plain(self) -> bytes:
        """As it came. Raises encryption.Unreadable."""
        return encryption.unseal(bytes(self.content)) if self.sealed else bytes(self.content)

    async def open(self, actor: str, now: datetime) -> bytes:
        """As it came, for somebody of the mairie: of what is sealed the journal says who. Raises Lost."""
        content = await self.give_back(actor, now)
        if self.sealed:
            await note_read(actor, f"child:{self.child_id}", self.family_id, now)
        return content

    async def give_back(self, actor: str, now: datetime) -> bytes:
        """As it came, for who sent it. Raises Lost, which the journal keeps once."""
        try:
            return self.plain
        except encryption.Unreadable:
            await self._note_lost(actor, now)
            raise Lost from None

    async def _note_lost(self, actor: str, now: datetime) -> None:
        about = f"document:{self.id}"
        async with transaction():
            await Family.lock(self.family_id)
            if not await Event.exists(action="proof.lost", object=about):
                await Event.note(now, actor, "proof.lost", about, self.family_id)

    @classmethod
    async def renew_seals(cls) -> int:
        """Seal every one under the newest key; how many were not. Raises encryption.Unreadable."""
        renewed = 0
        for id in await cls.filter(sealed=True).values_list("id", flat=True):
            row = await cls.get(id=id)
            content = encryption.renewed(bytes(row.content))
            renewed += await cls.filter(id=row.id).update(content=content) if content is not None else 0
        return renewed

    @classmethod
    async def send(
        cls, guardian: Guardian, required: RequiredDocument, child: int | None, said: NewPaper, now: datetime
    ) -> None:
        """For something that is asked. One that waits still is replaced. Raises RefusedFile."""
        async with transaction():
            await Family.lock(guardian.family_id)
            if await cls.exists(family_id=guardian.family_id, click=said.click):
                return
            waiting = cls.filter(
                family_id=guardian.family_id,
                required_id=required.id,
                child_id=child,
                state=RequestState.PENDING,
            )
            await waiting.update(state=RequestState.WITHDRAWN, answered_at=now)
            sealed = required.per == PLAN
            row = await cls.keep(guardian, said, now, required_id=required.id, child_id=child, sealed=sealed)
            await Event.note(
                now,
                guardian.actor,
                "proof.sent",
                f"document:{row.id}",
                guardian.family_id,
                name=required.name,
            )

    @classmethod
    async def keep(cls, guardian: Guardian, said: NewPaper, now: datetime, **of: Any) -> "SentDocument":
        """Inside a transaction, after Family.lock; `of` says what for. Raises RefusedFile where there is no room."""
        found = (await rows(_SENT, [instant(now - A_DAY), guardian.family_id]))[0]
        attachments.check_room(int(found["today"] or 0), int(found["bytes"] or 0), len(said.content))
        return await cls.create(
            family_id=guardian.family_id,
            guardian_id=guardian.id,
            click=said.click,
            name=said.name,
            kind=said.kind,
            size=len(said.content),
            sha256=hashlib.sha256(said.content).hexdigest(),
            content=encryption.seal(said.content) if of.get("sealed") else said.content,
            sent_at=now,
            state=RequestState.PENDING,
            **of,
        )

    @classmethod
    async def withdraw(cls, id: int, guardian: Guardian, now: datetime) -> bool:
        """The family takes it back, before an answer. False when it was answered, or is not theirs."""
        async with transaction():
            await Family.lock(guardian.family_id)
            mine = cls.filter(
                id=id, family_id=guardian.family_id, request_id=None, state=RequestState.PENDING
            )
            if not await mine.update(state=RequestState.WITHDRAWN, answered_at=now):
                return False
            await Event.note(now, guardian.actor, "proof.withdrawn", f"document:{id}", guardian.family_id)
            return True

    async def accept(self, actor: str, now: datetime, until: date | None = None) -> bool:
        """Good until `until`, else for as long as the commune says. False when it was answered before."""
        required = await RequiredDocument.get(id=self.required_id)
        end = until or last_day(now.date(), required.months)
        return await self._answer(RequestState.ACCEPTED, actor, now, until=end)

    async def refuse(self, reason: str, actor: str, now: datetime) -> bool:
        """The family reads why. False when it was answered before."""
        return await self._answer(RequestState.REFUSED, actor, now, reason=reason)

    async def _answer(self, state: RequestState, actor: str, now: datetime, **facts: Any) -> bool:
        async with transaction():
            await Family.lock(self.family_id)
            waiting = SentDocument.filter(id=self.id, request_id=None, state=RequestState.PENDING)
            if not await waiting.update(state=state, answered_at=now, answered_by=actor, **facts):
                return False
            await Event.note(now, actor, f"proof.{state}", f"document:{self.id}", self.family_id)
            await Notice.say(NoticeKind.DOCUMENT_ANSWERED, self.family_id, f"document:{self.id}", now)
            return True


_SENT = """
SELECT SUM(CASE WHEN sent_at > ? THEN 1 ELSE 0 END) AS today, SUM(size) AS bytes FROM sent_document
WHERE family_id = ?
"""
