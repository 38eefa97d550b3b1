"""The link with which an agent chooses their password: in an e-mail, for one use, as `models/access/token.py` for
parents. Real time, as for sessions.
"""

import secrets
from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.access import passwords
from models.access.guardian_account import WeakPassword, close_others, known
from models.access.member import Member
from models.access.session import DAY, digest
from models.access.throttle import Throttle
from models.access.token import LinkOver
from models.clock import real
from models.rules.passwords import SHORTEST_OF_STAFF, weakness
from models.storage import encryption
from models.storage.database import transaction
from models.storage.fields import Instant
from models.work.audit_log import Event
from models.work.task import Task

LIFE = 7 * DAY


class Invitation(Model):
    id = fields.IntField(primary_key=True)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", "invitations", on_delete=fields.RESTRICT
    )
    digest = fields.CharField(max_length=64)
    sealed = fields.BinaryField()  # the secret; empty once nobody needs it
    email = fields.CharField(max_length=254)  # where it goes
    made_at = Instant()
    expires = fields.FloatField()
    used_at: Any = Instant(null=True)  # a datetime, or None
    revoked_at: Any = Instant(null=True)

    member_id: int

    class Meta:
        table = "member_invitation"

    @property
    def secret(self) -> str | None:
        """For the e-mail; None once it opens nothing any more. Raises encryption.Unreadable."""
        return encryption.unseal(bytes(self.sealed)).decode() if self._lives() else None

    @classmethod
    async def make(cls, member: Member, email: str, now: datetime) -> None:
        """The one link that opens this account, and the e-mail that carries it. In a transaction."""
        await cls.end(member.id, now)
        secret = secrets.token_urlsafe(32)
        made = await cls.create(
            member_id=member.id,
            digest=digest(secret),
            sealed=encryption.seal(secret.encode()),
            email=email,
            made_at=now,
            expires=real() + LIFE,
        )
        await Task.later("write_member", made.id, key=f"invitation:{made.id}")

    @classmethod
    async def end(cls, member: int, now: datetime) -> None:
        """Whatever could still be used of this member's opens nothing any more."""
        live = cls.filter(member_id=member, used_at=None, revoked_at=None)
        await live.update(revoked_at=now, sealed=b"")

    @classmethod
    async def find(cls, secret: str) -> "Invitation":
        """With its member. Raises LinkOver."""
        found = await cls.get_or_none(digest=digest(secret)).select_related("member")
        if found is None or not found._lives() or found.member.blocked_at:
            raise LinkOver
        return found

    async def accept(self, password: str, now: datetime) -> None:
        """The password, once; every session ends. Raises LinkOver, WeakPassword."""
        member = self.member
        if why := weakness(password, await known(member), SHORTEST_OF_STAFF):
            raise WeakPassword(why)
        hashed = await passwords.hash(password)
        async with transaction():
            live = Invitation.filter(id=self.id, used_at=None, revoked_at=None, expires__gt=real())
            if not await live.update(used_at=now, sealed=b""):
                raise LinkOver
            if not await Member.filter(id=member.id, blocked_at=None).update(password=hashed):
                raise LinkOver
            await close_others(member, 0)
            await Event.note(now, member.actor, "member.joined", member.actor)
        await Throttle.reset(f"account:{member.actor}")

    @classmethod
    async def sweep(cls, kept_days: int) -> None:
        """`kept_days`: after their end."""
        await cls.filter(expires__lt=real() - kept_days * DAY).delete()

    def _lives(self) -> bool:
        return self.used_at is None and self.revoked_at is None and real() < self.expires
