"""« Supprimer mon compte en ligne »: a parent's own access ends; the family's file, days and money stay."""

from datetime import datetime

from models.access.calendar_feed import CalendarFeed
from models.access.guardian_account import close_others, prove
from models.access.letter import Letter
from models.access.passkeys.passkey import Passkey
from models.access.token import Token
from models.families.family import Family
from models.families.guardian import Guardian
from models.notifying.push_subscription import PushSubscription
from models.rules.states.notices import NoticeKind
from models.storage.database import transaction
from models.work.audit_log import Event
from models.work.notice import Notice


async def close(guardian: Guardian, password: str, now: datetime) -> None:
    """Sent twice, it is done once. Raises WrongPassword, TooManyTries."""
    await prove(guardian, password)
    async with transaction():
        await Family.lock(guardian.family_id)
        mine = Guardian.filter(id=guardian.id, password=guardian.password)
        name, before = f"compte-clos-{guardian.id}", guardian.email.strip()
        if not await mine.update(
            username=name,
            password=None,
            activated_at=None,
            email="",
            refused_at=None,
            refused_email=None,
            preferences=None,
        ):
            return
        await end_access(guardian, now)
        await Event.note(now, guardian.actor, "account.closed", guardian.actor, guardian.family_id)
        if before:
            kind, key = NoticeKind.ACCOUNT_CLOSED, f"{guardian.actor}:{now.isoformat()}"
            await Notice.say(kind, guardian.family_id, guardian.actor, now, key, to=before)


async def end_access(guardian: Guardian, now: datetime) -> None:
    """Whatever opened their account opens nothing any more. Inside a transaction, after Family.lock."""
    await close_others(guardian, 0)
    await Token.revoke(guardian.id)
    await Letter.filter(guardian_id=guardian.id, used_at=None, revoked_at=None).update(revoked_at=now)
    await Passkey.filter(guardian_id=guardian.id, removed_at=None).update(removed_at=now)
    await PushSubscription.filter(guardian_id=guardian.id).delete()
    await CalendarFeed.filter(guardian_id=guardian.id, closed_at=None).update(closed_at=now)
