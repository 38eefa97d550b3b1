"""Invitations by e-mail: a link to the address that the mairie knows, with which the account is opened."""

from collections.abc import Sequence
from datetime import datetime

from models.access.token import Purpose, Token
from models.families.family import Family
from models.families.guardian import Guardian
from models.rules.states.notices import NoticeKind
from models.storage.database import transaction
from models.work.audit_log import Event
from models.work.notice import Notice


async def invite(guardians: Sequence[int], click: str, actor: str, now: datetime) -> int:
    """How many got one: those who have an address and no account yet. The same click writes to each once."""
    found = Guardian.filter(id__in=guardians, password=None, blocked_at=None).exclude(email="").order_by("id")
    return sum([await _invite(guardian, click, actor, now) for guardian in await found])


async def _invite(guardian: Guardian, click: str, actor: str, now: datetime) -> bool:
    kind, key = NoticeKind.ACCOUNT_ACTIVATION, f"{click}:{guardian.id}"
    async with transaction():
        await Family.lock(guardian.family_id)
        if await Notice.exists(key=f"{kind}:{key}"):
            return True
        if not await Guardian.exists(id=guardian.id, password=None, blocked_at=None):
            return False
        await Token.revoke(guardian.id, Purpose.ACTIVATION)
        token = await Token.make(guardian, Purpose.ACTIVATION, guardian.email.strip(), now)
        await Notice.say(kind, guardian.family_id, token.about, now, key=key, only=guardian.id)
        await Event.note(now, actor, "account.invited", guardian.actor, guardian.family_id)
    return True
