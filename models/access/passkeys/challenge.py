"""What a device must sign: made by this portal, for one thing, for one person where one is known, once.

It travels sealed with the form, so that a visitor who only looks writes nothing; what was used is kept until it would
be too old anyway. Real time, as for sessions.
"""

import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.access.session import HOUR, digest
from models.clock import real
from models.storage import encryption
from models.storage.database import rows

LIFE = HOUR  # a page may stay open for so long
BYTES = 32


class Use(StrEnum):
    ADD = "add"
    SIGN_IN = "sign_in"


class ChallengeOver(Exception):
    """It was used, is too old, or was made for something or somebody else: nobody is told which."""


@dataclass(frozen=True, slots=True)
class Challenge:
    raw: bytes
    until: float
    facts: tuple[str, ...] = ()  # what the form may not change meanwhile

    @property
    def text(self) -> str:
        """As browsers read it."""
        return urlsafe_b64encode(self.raw).rstrip(b"=").decode()

    async def use(self) -> None:
        """In the transaction of what it does. Raises ChallengeOver when it served already."""
        await UsedChallenge.filter(until__lt=real()).delete()
        said = "INSERT INTO used_challenge (digest, until) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING RETURNING id"
        if not await rows(said, [digest(self.text), self.until]):
            raise ChallengeOver


def make(use: Use, who: str = "", facts: tuple[str, ...] = ()) -> tuple[Challenge, str]:
    """A new one, and what a form carries of it. `who`: the actor whom it is for."""
    made = Challenge(secrets.token_bytes(BYTES), real() + LIFE, facts)
    said = json.dumps([use, who, made.raw.hex(), made.until, facts])
    return made, encryption.seal(said.encode()).decode()


def read(sealed: str, use: Use, who: str = "") -> Challenge:
    """The one that a form brings back. Raises ChallengeOver."""
    try:
        made_for, whose, raw, until, facts = json.loads(encryption.unseal(sealed.encode()))
    except (encryption.Unreadable, ValueError):
        raise ChallengeOver from None
    if (made_for, whose) != (use, who) or until < real():
        raise ChallengeOver
    return Challenge(bytes.fromhex(raw), until, tuple(facts))


class UsedChallenge(Model):
    id = fields.IntField(primary_key=True)
    digest = fields.CharField(max_length=64)
    until = fields.FloatField()

    class Meta:
        table = "used_challenge"
