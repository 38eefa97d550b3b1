"""A notice is told: e-mails, the bell, what rings on devices, text messages: one transaction, the same words."""

from collections.abc import Sequence

from jobs.emails.notices import emails_of
from jobs.push import sending
from jobs.texting import texts_of
from models.clock import now
from models.families.family import Family
from models.families.guardian import Guardian
from models.notices import message_of
from models.notices.message import Message
from models.notifying.bell_entry import LONGEST, BellEntry
from models.notifying.push_subscription import PushSubscription
from models.notifying.texts.text_message import TextMessage
from models.rules.notices.quiet_hours import wait
from models.rules.notices.topics import BY_KIND, Channel, wants
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
        guardians = await _guardians(digest[0]) if message else []
        emails = await emails_of(settings, digest[0], message, guardians) if message else []
        entries = _entries(digest[0], message, guardians) if message else []
        texts = await texts_of(settings, digest[0], message, guardians) if message else []
        if await _hand_over(digest, emails, entries, texts, guardians):
            return


async def _hand_over(
    digest: Sequence[Notice],
    emails: Sequence[Email],
    entries: Sequence[BellEntry],
    texts: Sequence[TextMessage],
    guardians: Sequence[Guardian],
) -> bool:
    """Written once each, and asked to be sent. False: others wait meanwhile, or somebody told these."""
    async with transaction():
        await Family.lock(digest[0].family_id)
        if not await Notice.tell(digest, now()):
            return False
        await Email.bulk_create(emails, ignore_conflicts=True)
        for email in await Email.filter(key__in=[email.key for email in emails]):
            await Task.later("send_email", email.id, key=f"email:{email.id}")
        await TextMessage.write(texts)
        await _ring(digest[0], await BellEntry.write(entries), guardians)
    return True


async def _ring(notice: Notice, entries: Sequence[BellEntry], guardians: Sequence[Guardian]) -> None:
    """The devices of whoever wants it; by night, in the morning."""
    topic, by_id = BY_KIND[notice.kind], {guardian.id: guardian for guardian in guardians}
    wanted = [entry for entry in entries if wants(by_id[entry.guardian_id].preferences, topic, Channel.PUSH)]
    for entry in wanted:
        seconds = wait(by_id[entry.guardian_id].preferences, now(), urgent=topic.urgent)
        for browser in await PushSubscription.of(entry.guardian_id):
            await sending.ask(entry, browser.id, seconds)


def _entries(notice: Notice, message: Message, guardians: Sequence[Guardian]) -> list[BellEntry]:
    """What opens an account stays in its e-mail."""
    if message.secret:
        return []
    return [
        BellEntry(
            guardian_id=guardian.id,
            notice_id=notice.id,
            title=message.title[:LONGEST],
            short=message.short[:LONGEST],
            path=message.place,
            at=now(),
        )
        for guardian in guardians
    ]


async def _guardians(notice: Notice) -> list[Guardian]:
    """Whom it is for."""
    guardians = await Guardian.filter(family_id=notice.family_id).order_by("position", "id")
    alone = notice.guardian_id
    return [guardian for guardian in guardians if alone in (None, guardian.id)]
