"""The letter with which somebody opens their account: a code for one guardian, used once, replaced by the next one."""

import secrets
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.access.session import digest
from models.families.guardian import Guardian
from models.rules.accounts.letter import ALPHABET, LENGTH
from models.storage import encryption
from models.storage.fields import Instant


class LetterRun(Model):
    # Letters that were made together, as one file to print. The file holds codes: it is kept sealed.
    id = fields.IntField(primary_key=True)
    click = fields.CharField(max_length=64)  # unique: a form that is sent twice makes them once
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", "letter_runs", on_delete=fields.RESTRICT
    )
    count = fields.IntField()
    made_at = Instant()
    file = fields.BinaryField(null=True)  # sealed; null: not drawn yet

    class Meta:
        table = "letter_run"

    @property
    def content(self) -> bytes | None:
        """The PDF; None while its job has not drawn it. Raises encryption.Unreadable."""
        return encryption.unseal(bytes(self.file)) if self.file else None

    async def keep(self, content: bytes) -> None:
        """The first one stays."""
        await LetterRun.filter(id=self.id, file=None).update(file=encryption.seal(content))

    @classmethod
    async def renew_seals(cls) -> int:
        """Seal every file under the newest key; how many were not. Raises encryption.Unreadable."""
        changed = 0
        for id in await cls.exclude(file=None).order_by("id").values_list("id", flat=True):
            run = await cls.get(id=id)  # one at a time: each may hold five hundred letters
            sealed = encryption.renewed(bytes(run.file or b""))
            if sealed is not None:
                changed += await cls.filter(id=run.id).update(file=sealed)
        return changed


class Letter(Model):
    id = fields.IntField(primary_key=True)
    guardian: fields.ForeignKeyRelation[Guardian] = fields.ForeignKeyField(
        "models.Guardian", "letters", on_delete=fields.RESTRICT
    )
    run: fields.ForeignKeyRelation[LetterRun] = fields.ForeignKeyField(
        "models.LetterRun", "letters", on_delete=fields.RESTRICT
    )
    digest = fields.CharField(max_length=64)  # of the code
    sealed = fields.BinaryField()  # the code, for its paper
    made_at = Instant()
    used_at = Instant(null=True)
    revoked_at = Instant(null=True)  # a guardian has one at most that is neither used nor revoked

    guardian_id: int
    run_id: int

    class Meta:
        table = "access_letter"

    @property
    def code(self) -> str:
        """Raises encryption.Unreadable."""
        return encryption.unseal(bytes(self.sealed)).decode()

    @classmethod
    def to(cls, guardian: int, run: int, now: datetime) -> "Letter":
        """A new row with a code of its own, to be kept."""
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        return cls(
            guardian_id=guardian,
            run_id=run,
            digest=digest(code),
            sealed=encryption.seal(code.encode()),
            made_at=now,
        )

    @classmethod
    async def renew_seals(cls) -> int:
        """Seal every code under the newest key; how many were not. Raises encryption.Unreadable."""
        changed = 0
        for letter in await cls.all().order_by("id"):
            sealed = encryption.renewed(bytes(letter.sealed))
            if sealed is not None:
                changed += await cls.filter(id=letter.id).update(sealed=sealed)
        return changed

    @classmethod
    async def of(cls, code: str) -> "Letter | None":
        """The one that still opens an account with this code, with its guardian and family."""
        live = cls.filter(digest=digest(code), used_at=None, revoked_at=None)
        return await live.select_related("guardian", "guardian__family").first()
