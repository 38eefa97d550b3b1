"""The portal's own key before the browsers' services (VAPID, RFC 8292): made at its first use, kept sealed.

Each browser that subscribed is bound to it: it is never changed, only sealed anew.
"""

import base64
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.storage import encryption
from models.storage.database import transaction
from models.storage.fields import Instant
from models.work.audit_log import Event

ONLY = 1


class PushKey(Model):
    id = fields.IntField(primary_key=True, generated=False)
    public = fields.CharField(max_length=100)  # as browsers take it: base64 of a point of P-256
    sealed = fields.BinaryField()  # the private number, 32 bytes
    made_at = Instant()

    class Meta:
        table = "push_key"

    @property
    def private(self) -> bytes:
        """Raises encryption.Unreadable."""
        return encryption.unseal(bytes(self.sealed))

    @classmethod
    async def current(cls, now: datetime) -> "PushKey":
        if found := await cls.get_or_none(id=ONLY):
            return found
        made = _made(now)
        async with transaction():
            await cls.bulk_create([made], ignore_conflicts=True)
            kept = await cls.get(id=ONLY)
            if kept.public == made.public:
                await Event.note(now, "portal", "push_key.made", f"push_key:{ONLY}")
        return kept

    @classmethod
    async def renew_seals(cls) -> None:
        for row in await cls.all():
            if fresh := encryption.renewed(bytes(row.sealed)):
                await cls.filter(id=row.id).update(sealed=fresh)


def _made(now: datetime) -> PushKey:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = ec.generate_private_key(ec.SECP256R1())
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    number = key.private_numbers().private_value.to_bytes(32, "big")
    public = base64.urlsafe_b64encode(point).rstrip(b"=").decode()
    return PushKey(id=ONLY, public=public, sealed=encryption.seal(number), made_at=now)
