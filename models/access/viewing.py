"""« Voir comme la famille »: a member looks at a parent's pages, and changes nothing.

The session keeps whose pages they are; what a request may do is `web/http/middleware.py`'s: it lets no form through.
"""

from datetime import datetime

from models.access.member import Member
from models.access.session import Session
from models.families.family import Family
from models.families.guardian import Guardian
from models.storage.database import transaction
from models.work.audit_log import Event

VIEWERS = ("manager",)  # who sees the whole file, health too


def may_view(member: Member) -> bool:
    return member.may(VIEWERS, change=True)


async def begin(session: Session, member: Member, guardian: Guardian, now: datetime) -> None:
    """Look as this parent from now on; who was looked at before is left. Asked twice, it begins once."""
    if session.viewed_id == guardian.id:
        return
    await end(session, member, now)
    async with transaction():
        await Family.lock(guardian.family_id)
        if await Session.filter(id=session.id, viewed_id=None).update(viewed_id=guardian.id):
            await Event.note(now, member.actor, "view.began", guardian.actor, guardian.family_id)


async def end(session: Session, member: Member, now: datetime) -> int | None:
    """Back at the mairie; the family that was looked at, None where nobody was."""
    viewed = await Guardian.get_or_none(id=session.viewed_id) if session.viewed_id else None
    if viewed is None:
        return None
    async with transaction():
        await Family.lock(viewed.family_id)
        if await Session.filter(id=session.id, viewed_id=viewed.id).update(viewed_id=None):
            await Event.note(now, member.actor, "view.ended", viewed.actor, viewed.family_id)
    return viewed.family_id
