"""An agent's own code of a covered tablet."""

import asyncio
import secrets
from datetime import datetime

from models.access.member import Member
from models.rules.accounts.roll_pin import SALT, made
from models.storage.database import transaction
from models.work.audit_log import Event


async def choose(member: Member, pin: str, now: datetime) -> None:
    """Raises WeakPin."""
    kept = (await asyncio.to_thread(made, pin, secrets.token_bytes(SALT))).kept
    async with transaction():
        await Member.filter(id=member.id).update(roll_pin=kept)
        await Event.note(now, member.actor, "member.pin_chosen", f"member:{member.id}")


async def take_off(member: Member, now: datetime) -> bool:
    """False where there was none."""
    async with transaction():
        if not await Member.filter(id=member.id, roll_pin__not_isnull=True).update(roll_pin=None):
            return False
        await Event.note(now, member.actor, "member.pin_removed", f"member:{member.id}")
        return True
