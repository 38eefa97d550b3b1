"""A browser that a parent lets the portal ring: where it is reached, and the keys that only it can open."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.families.family import Family
from models.families.guardian import Guardian
from models.notifying.push_services import LONGEST, is_push_service
from models.storage.database import transaction
from models.storage.fields import Instant
from models.work.audit_log import Event

MOST = 10  # of a parent: beyond, the oldest goes
POINT, SECRET = 65, 16  # bytes


class WrongSubscription(ValueError):
    """No browser says that."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What a browser says of itself."""

    endpoint: str
    key: str  # p256dh, base64
    secret: str  # auth, base64


class PushSubscription(Model):
    id = fields.IntField(primary_key=True)
    guardian: fields.ForeignKeyRelation[Guardian] = fields.ForeignKeyField(
        "models.Guardian", "push_subscriptions", on_delete=fields.RESTRICT
    )
    endpoint = fields.CharField(max_length=LONGEST)
    key = fields.CharField(max_length=100)
    secret = fields.CharField(max_length=40)
    device = fields.CharField(max_length=120)
    made_at = Instant()

    guardian_id: int

    class Meta:
        table = "push_subscription"

    @classmethod
    async def of(cls, guardian: int) -> list["PushSubscription"]:
        return await cls.filter(guardian_id=guardian).order_by("id")

    @classmethod
    async def add(
        cls, guardian: Guardian, offered: Offered, device: str, now: datetime, *, trial: bool
    ) -> "PushSubscription":
        """This browser rings for this parent, and for nobody else any more. Again, it is the same row.

        `trial`: services of this very machine too. Raises WrongSubscription.
        """
        _check(offered, trial)
        async with transaction():
            await Family.lock(guardian.family_id)
            same = cls.filter(endpoint=offered.endpoint)
            known = await same.get_or_none(guardian_id=guardian.id, key=offered.key, secret=offered.secret)
            if known:
                return known
            await same.delete()
            row = await cls.create(
                guardian_id=guardian.id,
                endpoint=offered.endpoint,
                key=offered.key,
                secret=offered.secret,
                device=device[:120],
                made_at=now,
            )
            for old in (await cls.filter(guardian_id=guardian.id).order_by("-id"))[MOST:]:
                await old.delete()
            await _note(guardian, "push.subscribed", row.id, now)
        return row

    @classmethod
    async def remove(cls, guardian: Guardian, id: int, now: datetime) -> bool:
        """It rings no more. False when this parent has no such browser."""
        async with transaction():
            await Family.lock(guardian.family_id)
            if not await cls.filter(id=id, guardian_id=guardian.id).delete():
                return False
            await _note(guardian, "push.unsubscribed", id, now)
        return True

    async def gone(self, now: datetime) -> None:
        """Its service says that there is no such browser any more."""
        async with transaction():
            guardian = await Guardian.get(id=self.guardian_id)
            await Family.lock(guardian.family_id)
            if await PushSubscription.filter(id=self.id).delete():
                about = f"push_subscription:{self.id}"
                await Event.note(now, "push", "push.gone", about, guardian.family_id)


async def _note(guardian: Guardian, action: str, id: int, now: datetime) -> None:
    await Event.note(now, guardian.actor, action, f"push_subscription:{id}", guardian.family_id)


def _check(offered: Offered, trial: bool) -> None:
    if not is_push_service(offered.endpoint, trial=trial):
        raise WrongSubscription("endpoint")
    if not _is_point(decoded(offered.key)):
        raise WrongSubscription("key")
    if len(decoded(offered.secret)) != SECRET:
        raise WrongSubscription("secret")


def _is_point(key: bytes) -> bool:
    """Of the curve P-256, which alone can be encrypted for."""
    from cryptography.hazmat.primitives.asymmetric import ec

    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
    except ValueError:
        return False
    return len(key) == POINT


def decoded(text: str) -> bytes:
    """Of base64 as browsers write it; nothing where it is none."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
