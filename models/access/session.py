"""Who is signed in, on which device. The cookie carries a random id; this row is the truth and can be revoked.

Real time throughout, in seconds: a portal that replays September must not keep anybody signed in for years.
"""

import hashlib
import secrets

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.clock import real
from models.families.guardian import Guardian

HOUR, DAY = 3600.0, 86400.0
IDLE, LONGEST = 0.5 * HOUR, 12 * HOUR
IDLE_REMEMBERED, LONGEST_REMEMBERED = 30 * DAY, 90 * DAY
STAFF_LONGEST = 10 * HOUR
TOUCH = 60.0  # `seen` is written at most once a minute: a tick stays one short transaction


class Session(Model):
    id = fields.IntField(primary_key=True)
    digest = fields.CharField(max_length=64)
    guardian: fields.ForeignKeyNullableRelation[Guardian] = fields.ForeignKeyField(
        "models.Guardian", "sessions", null=True
    )
    member: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", "sessions", null=True
    )
    # The parent whose pages a member looks at meanwhile (`models/access/viewing.py`).
    viewed: fields.ForeignKeyNullableRelation[Guardian] = fields.ForeignKeyField(
        "models.Guardian", "viewers", null=True, on_delete=fields.RESTRICT
    )
    remembered = fields.BooleanField(default=False)
    device = fields.CharField(max_length=120, default="")
    created = fields.FloatField()
    seen = fields.FloatField()
    revoked = fields.BooleanField(default=False)

    guardian_id: int | None
    member_id: int | None
    viewed_id: int | None

    class Meta:
        table = "session"

    @classmethod
    async def open(
        cls,
        *,
        guardian: int | None = None,
        member: int | None = None,
        remembered: bool = False,
        device: str = "",
    ) -> str:
        """Sign somebody in; returns the secret that the cookie carries, which is kept nowhere."""
        secret = secrets.token_urlsafe(32)
        moment = real()
        await cls.create(
            digest=digest(secret),
            guardian_id=guardian,
            member_id=member,
            remembered=remembered and member is None,
            device=device[:120],
            created=moment,
            seen=moment,
        )
        return secret

    @classmethod
    async def find(cls, secret: str) -> "Session | None":
        """The live session of a cookie, with its person."""
        session = await cls.get_or_none(digest=digest(secret), revoked=False).select_related(
            "guardian", "guardian__family", "member"
        )
        if session is None or not session.lives(real()):
            return None
        return session

    def lives(self, moment: float) -> bool:
        return not self.revoked and self.left(moment) > 0

    def left(self, moment: float) -> float:
        """Seconds until it ends, where nobody uses it meanwhile."""
        idle, longest = self._lengths()
        return min(self.seen + idle, self.created + longest) - moment

    def is_at_its_longest(self, moment: float) -> bool:
        """Would a use make it no longer?"""
        idle, longest = self._lengths()
        return self.created + longest <= moment + min(idle, TOUCH * 3)

    def _lengths(self) -> tuple[float, float]:
        """Unused, and in all."""
        if self.remembered:
            return IDLE_REMEMBERED, LONGEST_REMEMBERED
        return IDLE, STAFF_LONGEST if self.member_id else LONGEST

    async def touch(self) -> None:
        moment = real()
        if moment > self.seen + TOUCH:
            self.seen = moment
            await Session.filter(id=self.id).update(seen=moment)

    @classmethod
    async def close(cls, secret: str) -> None:
        await cls.filter(digest=digest(secret)).update(revoked=True)

    @classmethod
    async def sweep(cls, kept_days: int) -> None:
        """`kept_days`: after their end."""
        await cls.filter(created__lt=real() - LONGEST_REMEMBERED - kept_days * DAY).delete()


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
