"""What the mairie shows from one day to another, withdraws and puts back. Nothing is deleted."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Self

from tortoise import fields
from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.access.member import Member
from models.rules.states.publication import PublicationState, publication_state
from models.storage.database import transaction
from models.storage.fields import Instant
from models.work.audit_log import Event


class ChangedMeanwhile(Exception):
    """Somebody else has saved it since its form was drawn."""


class Published(Model):
    """What News and PublishedDocument share."""

    id = fields.IntField(primary_key=True)
    code = fields.CharField(
        max_length=60
    )  # the commune file's, or of the form that made it: sent twice is once
    title = fields.CharField(max_length=200)
    starts = fields.DateField()
    ends = fields.DateField(null=True)  # the last day; null: until it is withdrawn
    withdrawn_at = Instant(null=True)
    changed_at = Instant(null=True)  # by the mairie's screens
    revision = fields.IntField(default=0)

    NOUN: ClassVar[str]  # as the journal names it

    class Meta:
        abstract = True

    def state(self, today: date) -> PublicationState:
        return publication_state(self.starts, self.ends, self.withdrawn_at, today)

    @property
    def dated(self) -> date:
        """The day of its last change that a reader would notice."""
        return max(self.starts, self.changed_at.date()) if self.changed_at else self.starts

    @classmethod
    def shown(cls, today: date) -> QuerySet[Self]:
        return cls.filter(Q(ends=None) | Q(ends__gte=today), withdrawn_at=None, starts__lte=today)

    @classmethod
    async def add(cls, code: str, said: Mapping[str, Any], member: Member, now: datetime) -> int:
        """A new one, by its columns; its id. The same code again is the same one."""
        try:
            async with transaction():
                made = await cls.create(code=code, changed_at=now, **said)
                await cls._note("written", made.id, said, member, now)
                return int(made.id)
        except IntegrityError:
            return int((await cls.get(code=code)).id)

    @classmethod
    async def change(
        cls, id: int, revision: int, said: Mapping[str, Any], member: Member, now: datetime
    ) -> None:
        """Other words for one. Raises ChangedMeanwhile, unless it says this already."""
        async with transaction():
            moved = cls.filter(id=id, revision=revision)
            if await moved.update(**said, changed_at=now, revision=revision + 1):
                await cls._note("written", id, said, member, now)
            elif not await cls.filter(id=id, **said).exists():
                raise ChangedMeanwhile

    @classmethod
    async def withdraw(cls, id: int, member: Member, now: datetime) -> None:
        """Shown no more; twice is once."""
        async with transaction():
            if await cls.filter(id=id, withdrawn_at=None).update(withdrawn_at=now):
                await cls._note("withdrawn", id, {}, member, now)

    @classmethod
    async def restore(cls, id: int, member: Member, now: datetime) -> None:
        """As it was before it was withdrawn."""
        async with transaction():
            if await cls.filter(id=id, withdrawn_at__not_isnull=True).update(withdrawn_at=None):
                await cls._note("restored", id, {}, member, now)

    @classmethod
    async def _note(cls, what: str, id: int, said: Mapping[str, Any], member: Member, now: datetime) -> None:
        told: dict[str, Any] = {key: str(said[key]) for key in ("title", "starts", "ends") if said.get(key)}
        await Event.note(now, member.actor, f"{cls.NOUN}.{what}", f"{cls.NOUN}:{id}", **told)
