"""The e-mails that notices become: one for each digest, to each guardian whom it concerns."""

from collections.abc import Sequence

from jobs.emails import drawn
from models import french
from models.clock import now
from models.commune.commune import Commune
from models.families.family import Family
from models.families.guardian import Guardian
from models.notices import message_of
from models.notices.message import Message
from models.settings import Settings
from models.storage.database import transaction
from models.work.email import Email
from models.work.notice import Notice
from models.work.task import Task


async def tell(settings: Settings, notice_id: int) -> None:
    """Told once, with all that is gathered; drawn again when more was said while it was drawn."""
    notice = await Notice.get_or_none(id=notice_id)
    while notice and (digest := await notice.digest()):
        message = await message_of(digest)
        emails = await _emails(settings, digest[0], message) if message else []
        if await _hand_over(digest, emails):
            return


async def _hand_over(digest: Sequence[Notice], emails: Sequence[Email]) -> bool:
    """Written once each, and asked to be sent. False: others wait meanwhile, or somebody told these."""
    async with transaction():
        await Family.lock(digest[0].family_id)
        if not await Notice.tell(digest, now()):
            return False
        await Email.bulk_create(emails, ignore_conflicts=True)
        for email in await Email.filter(key__in=[email.key for email in emails]):
            await Task.later("send_email", email.id, key=f"email:{email.id}")
    return True


async def _emails(settings: Settings, notice: Notice, message: Message) -> list[Email]:
    commune = await Commune.all().first()
    shared = {
        "subject": message.title,
        "heading": message.heading,
        "paragraphs": message.paragraphs,
        "link": message.link,
        "no_reply": message.no_reply,
        "commune": commune,
        "mairie": french.mairie(commune.name) if commune else "La mairie",
        "portal": settings.base_url,
        **message.facts,
    }
    emails = [
        drawn(
            message.template,
            f"{notice.key}:{guardian.id}",
            message.recipient or guardian.email.strip(),
            shared | {"reader": guardian.name},
        )
        for guardian in await _readers(notice)
        if message.recipient or guardian.email.strip()
    ]
    for email in emails:
        if message.secret:
            email.seal()
    return emails


async def _readers(notice: Notice) -> list[Guardian]:
    """Guardians who have an address; two who share one get one e-mail."""
    guardians = await Guardian.filter(family_id=notice.family_id).order_by("position", "id")
    if notice.guardian_id is not None:
        return [guardian for guardian in guardians if guardian.id == notice.guardian_id]
    by_address = {guardian.email.strip().lower(): guardian for guardian in reversed(guardians)}
    return [guardian for address, guardian in reversed(by_address.items()) if address]
