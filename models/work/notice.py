"""What a family is told: said once, in the transaction of what happened, whatever then carries it.

It holds no sentence and no address. An e-mail is drawn from it now; a push message, the bell and paper can be drawn
from the same row.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.rules.states.notices import GATHERED, NoticeKind
from models.storage.fields import Instant
from models.work.task import Task

# Seconds: what is said to a family meanwhile is told with it. Until then it may be taken back.
GATHERING = 30.0


class Notice(Model):
    id = fields.IntField(primary_key=True)
    key = fields.CharField(max_length=200)  # unique: the same event is never said twice
    kind = fields.CharField(max_length=30)  # a NoticeKind
    # The nouns that these name stand above this one, so it imports none of them.
    family: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField("models.Family", "notices")
    guardian: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Guardian", "notices", null=True
    )  # whom alone it is for
    about = fields.CharField(max_length=100)  # as the journal names it: "request:12"
    facts: Any = fields.JSONField(default=dict)  # what no row says any more when it is told
    at = Instant()
    told_at = Instant(null=True)

    family_id: int
    guardian_id: int | None

    class Meta:
        table = "notice"

    @property
    def id_of_about(self) -> int:
        """12, of « request:12 »."""
        return int(self.about.rpartition(":")[2])

    @classmethod
    async def say(
        cls,
        kind: NoticeKind,
        family: int,
        about: str,
        at: datetime,
        key: str = "",
        only: int | None = None,
        **facts: Any,
    ) -> None:
        """Say it, and ask for it to be told. `key` tells events of one kind about one thing apart; `only` is the one
        guardian whom it is for."""
        key = f"{kind}:{key or about}"
        noun, _, id = about.partition(":")
        alone = int(id) if noun == "guardian" else only
        row = cls(key=key, kind=kind, family_id=family, guardian_id=alone, about=about, facts=facts, at=at)
        await cls.bulk_create([row], ignore_conflicts=True)
        said = await cls.get(key=key)
        if kind not in GATHERED:
            return await Task.later("tell", said.id, key=said.task)
        await Task.later("tell", said.id, key=said.task, after=GATHERING)
        # Those that were said before wait for this one, so that it too may be taken back.
        await Task.postpone([notice.task for notice in await said.digest()], GATHERING)

    @classmethod
    async def say_each(cls, kind: NoticeKind, about: Mapping[int, str], at: datetime) -> None:
        """The same kind of news to many families, each about a thing of its own, and told alone."""
        await cls._say_all(kind, {f"{kind}:{what}": (family, what) for family, what in about.items()}, at)

    @classmethod
    async def say_to_each(cls, kind: NoticeKind, families: Sequence[int], about: str, at: datetime) -> None:
        """The same news to many families, once to each."""
        await cls._say_all(kind, {f"{kind}:{about}:{family}": (family, about) for family in families}, at)

    @classmethod
    async def _say_all(cls, kind: NoticeKind, keys: Mapping[str, tuple[int, str]], at: datetime) -> None:
        made = [
            cls(key=key, kind=kind, family_id=family, about=what, facts={}, at=at)
            for key, (family, what) in keys.items()
        ]
        await cls.bulk_create(made, ignore_conflicts=True)
        said = await cls.filter(key__in=list(keys)).order_by("id")
        await Task.later_each("tell", {notice.task: [notice.id] for notice in said})

    @classmethod
    async def unsay(cls, kind: NoticeKind, about: str) -> bool:
        """Take it back, after Family.lock: nobody is told. False when they were told, or it was never said."""
        said = await cls.get_or_none(key=f"{kind}:{about}", told_at=None)
        if said is None:
            return False
        await Task.drop(said.task)
        await said.delete()
        return True

    @property
    def task(self) -> str:
        """The key of the work that tells it."""
        return f"notice:{self.id}"

    async def digest(self) -> list["Notice"]:
        """What is told with it, the oldest first: it alone, or all of its kind that the family has not been told."""
        untold = Notice.filter(kind=self.kind, family_id=self.family_id, told_at=None).order_by("id")
        return await (untold if self.kind in GATHERED else untold.filter(id=self.id))

    @classmethod
    async def tell(cls, digest: Sequence["Notice"], now: datetime) -> bool:
        """They are told now, in the transaction that hands them over, after Family.lock.

        False: others wait meanwhile, or somebody told these.
        """
        ids = [notice.id for notice in digest]
        if [notice.id for notice in await digest[0].digest()] != ids:
            return False
        await cls.filter(id__in=ids).update(told_at=now)
        return True
