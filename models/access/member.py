"""Somebody of the mairie (agent), with what they may do."""

from collections.abc import Collection
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.rules import roles
from models.rules.accounts.one_time_code import is_required
from models.storage import encryption
from models.storage.fields import Instant


class Member(Model):
    id = fields.IntField(primary_key=True)
    username = fields.CharField(max_length=100)
    name = fields.CharField(max_length=200)
    email = fields.CharField(max_length=254, null=True)
    password = fields.CharField(max_length=200)  # "": none was chosen yet
    roles: Any = fields.JSONField()
    blocked_at: Any = Instant(null=True)  # a datetime, or None
    # The second step: the secret that a telephone shares, since when, and the last half minute whose code was used.
    code_secret = fields.BinaryField(null=True)  # sealed
    code_since: Any = Instant(null=True)  # a datetime, or None
    code_step = fields.BigIntField(default=0, db_default=0)
    roll_pin = fields.CharField(
        max_length=120, null=True
    )  # what opens a covered tablet, `roll_pin.py` makes it

    class Meta:
        table = "member"

    @property
    def actor(self) -> str:
        """As the journal names them."""
        return f"member:{self.id}"

    @property
    def secret(self) -> bytes | None:
        """What their telephone makes codes of; None without a second step. Raises encryption.Unreadable."""
        return encryption.unseal(bytes(self.code_secret)) if self.code_since and self.code_secret else None

    @classmethod
    async def renew_seals(cls) -> int:
        """Seal every secret under the newest key; how many were not. Raises encryption.Unreadable."""
        changed = 0
        for member in await cls.exclude(code_secret=None).order_by("id"):
            sealed = encryption.renewed(bytes(member.code_secret or b""))
            if sealed is not None:
                same = cls.filter(id=member.id, code_secret=member.code_secret)
                changed += await same.update(code_secret=sealed)
        return changed

    def lacks_second_step(self, of_all: bool) -> bool:
        """Must they set it up before anything else? `of_all`: the commune asks it of every agent."""
        return self.code_since is None and is_required(self.roles, of_all)

    def may(self, opened: Collection[str], *, change: bool = False) -> bool:
        return roles.may(self.roles, opened, change=change)
