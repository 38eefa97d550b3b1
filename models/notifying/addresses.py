"""Addresses that the mail server refuses for good: whose they are is marked, until it takes one or another is given."""

from datetime import datetime

from models.families.family import Family
from models.families.guardian import Guardian
from models.storage.database import transaction
from models.work.audit_log import Event


async def refused(address: str, now: datetime) -> None:
    """Of each parent who has this address; twice is once."""
    for guardian in await Guardian.filter(email=address).order_by("id"):
        if guardian.unreachable_since:
            continue
        async with transaction():
            await Family.lock(guardian.family_id)
            same = Guardian.filter(id=guardian.id, email=address)
            if await same.update(refused_at=now, refused_email=address):
                await Event.note(now, "email", "email.refused", guardian.actor, guardian.family_id)


async def accepted(address: str) -> None:
    """An e-mail went there: it works again."""
    marked = Guardian.filter(email=address, refused_at__not_isnull=True)
    await marked.update(refused_at=None, refused_email=None)
