"""An access that the mairie closes, from the next request on, and opens again."""

from datetime import datetime

from models.access.guardian_account import close_others
from models.access.throttle import Throttle
from models.access.token import Token
from models.families.family import Family
from models.families.guardian import Guardian
from models.rules.accounts.letter import number_typed
from models.storage.database import transaction
from models.work.audit_log import Event


async def block(guardian: Guardian, actor: str, now: datetime) -> bool:
    """Signed out everywhere, links and calendar closed. False when it was blocked already."""
    async with transaction():
        await Family.lock(guardian.family_id)
        if not await Guardian.filter(id=guardian.id, blocked_at=None).update(blocked_at=now):
            return False
        await close_others(guardian, 0)
        await Token.revoke(guardian.id)
        await Event.note(now, actor, "account.block", guardian.actor, guardian.family_id)
    return True


async def unblock(guardian: Guardian, actor: str, now: datetime) -> None:
    """Whatever kept them out: the mairie, or too many tries lately. `guardian` comes with its family."""
    async with transaction():
        await Family.lock(guardian.family_id)
        await Guardian.filter(id=guardian.id).update(blocked_at=None)
        await Event.note(now, actor, "account.unblock", guardian.actor, guardian.family_id)
    for key in ("account", "device", "password"):
        await Throttle.reset(f"{key}:{guardian.actor}")
    await Throttle.reset(f"first:{number_typed(guardian.family.number)}")
