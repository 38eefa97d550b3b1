"""A secret that an e-mail carries: for one thing, once, within its time.

The row keeps its digest; the secret itself stays sealed under the portal's keys until it is used, since the e-mail is
written later. So a copy of the database opens nothing. Real time, as for sessions.
"""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.access.session import DAY, HOUR, digest
from models.clock import real
from models.families.guardian import Guardian
from models.storage import encryption
from models.storage.fields import Instant


class Purpose(StrEnum):
    ACTIVATION = "activation"  # the first user name and password
    PASSWORD = "password"  # noqa: S105 (another one instead of a forgotten one)
    SIGN_IN = "sign_in"  # a session, without the password
    ADDRESS = "address"  # another e-mail address


LIFE = {
    Purpose.ACTIVATION: 7 * DAY,
    Purpose.PASSWORD: HOUR,
    Purpose.SIGN_IN: HOUR / 4,
    Purpose.ADDRESS: DAY,
}  # seconds


class LinkOver(Exception):
    """It was used, replaced, is too old, or there never was such a one: nobody is told which."""


class Token(Model):
    id = fields.IntField(primary_key=True)
    guardian: fields.ForeignKeyRelation[Guardian] = fields.ForeignKeyField(
        "models.Guardian", "tokens", on_delete=fields.RESTRICT
    )
    purpose = fields.CharField(max_length=20)  # a Purpose
    digest = fields.CharField(max_length=64)
    sealed = fields.BinaryField()  # the secret; empty once nobody needs it
    email = fields.CharField(max_length=254)  # where it went
    facts: Any = fields.JSONField(default=dict)  # what its use will change
    made_at = Instant()
    expires = fields.FloatField()
    used_at: Any = Instant(null=True)  # a datetime, or None
    revoked = fields.BooleanField(default=False)

    guardian_id: int

    class Meta:
        table = "access_token"

    @property
    def about(self) -> str:
        """As notices name it."""
        return f"token:{self.id}"

    @property
    def secret(self) -> str | None:
        """For the e-mail; None once it opens nothing any more. Raises encryption.Unreadable."""
        return encryption.unseal(bytes(self.sealed)).decode() if self._lives() else None

    @classmethod
    async def make(
        cls, guardian: Guardian, purpose: Purpose, email: str, now: datetime, **facts: Any
    ) -> "Token":
        secret = secrets.token_urlsafe(32)
        return await cls.create(
            guardian_id=guardian.id,
            purpose=purpose,
            digest=digest(secret),
            sealed=encryption.seal(secret.encode()),
            email=email,
            facts=facts,
            made_at=now,
            expires=real() + LIFE[purpose],
        )

    @classmethod
    async def find(cls, secret: str, purpose: Purpose) -> "Token":
        """The one that this secret opens, with its guardian and family. Raises LinkOver."""
        found = await cls.get_or_none(digest=digest(secret), purpose=purpose).select_related(
            "guardian", "guardian__family"
        )
        if found is None or not found._lives() or found.guardian.blocked_at:
            raise LinkOver
        return found

    async def use(self, now: datetime) -> None:
        """In the transaction of what it does, after Family.lock. Raises LinkOver when somebody was quicker."""
        live = Token.filter(id=self.id, used_at=None, revoked=False, expires__gt=real())
        if not await live.update(used_at=now, sealed=b"", facts={}):
            raise LinkOver

    @classmethod
    async def revoke(cls, guardian: int, *purposes: Purpose) -> None:
        """Those of these purposes that could still be used; of all where none is named."""
        live = cls.filter(guardian_id=guardian, used_at=None, revoked=False)
        chosen = live.filter(purpose__in=purposes) if purposes else live
        await chosen.update(revoked=True, sealed=b"", facts={})

    @classmethod
    async def sweep(cls, kept_days: int) -> None:
        """`kept_days`: after their end."""
        await cls.filter(expires__lt=real() - kept_days * DAY).delete()

    def _lives(self) -> bool:
        return self.used_at is None and not self.revoked and real() < self.expires
