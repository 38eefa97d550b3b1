"""Another e-mail address: confirmed from there, told to the one before. Or the mairie's alone, where it says so."""

from datetime import datetime

from models.access.guardian_account import close_others, prove
from models.access.token import LinkOver, Purpose, Token
from models.commune.commune import Commune
from models.families.family import Family
from models.families.guardian import Guardian
from models.rules.states.notices import NoticeKind
from models.storage.database import transaction
from models.work.audit_log import Event
from models.work.notice import Notice

OPEN = "self"  # of Commune.email_change


class MairieAlone(Exception):
    """In this commune parents ask the mairie for it."""


async def ask(guardian: Guardian, password: str, wanted: str, now: datetime) -> None:
    """Send a link to the new address; nothing changes before it is used. The latest one counts.

    Raises MairieAlone, WrongPassword, TooManyTries.
    """
    await _check_open()
    await prove(guardian, password)
    async with transaction():
        await Family.lock(guardian.family_id)
        await Token.revoke(guardian.id, Purpose.ADDRESS)
        token = await Token.make(guardian, Purpose.ADDRESS, wanted, now, before=guardian.email)
        kind, family = NoticeKind.ADDRESS_LINK, guardian.family_id
        await Notice.say(kind, family, token.about, now, only=guardian.id)
        await Event.note(now, guardian.actor, "email.asked", guardian.actor, family)


async def confirm(secret: str, session: int, now: datetime) -> None:
    """The address is theirs. Every other session ends, links sent before are over, and the old address is told.

    Raises LinkOver, MairieAlone.
    """
    token = await Token.find(secret, Purpose.ADDRESS)
    await _check_open()
    guardian, before = token.guardian, token.facts["before"]
    async with transaction():
        await Family.lock(guardian.family_id)
        await token.use(now)
        if not await Guardian.filter(id=guardian.id, email=before).update(email=token.email):
            raise LinkOver  # the mairie changed it meanwhile
        await close_others(guardian, session)
        await Token.revoke(guardian.id)
        family = guardian.family_id
        await Event.note(now, guardian.actor, "email.change", guardian.actor, family)
        told = {"to": before.strip(), "new": token.email}
        if told["to"]:
            kind = NoticeKind.ADDRESS_CHANGED
            await Notice.say(kind, family, guardian.actor, now, token.about, **told)


async def _check_open() -> None:
    commune = await Commune.all().first()
    if commune is None or commune.email_change != OPEN:
        raise MairieAlone
