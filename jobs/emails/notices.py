"""The e-mails that notices become: one for each digest, to each guardian whom it concerns."""

from collections.abc import Sequence

from jobs.emails import drawn
from models import french
from models.commune.commune import Commune
from models.families.guardian import Guardian
from models.notices.message import Message
from models.notifying import choices
from models.rules.notices.topics import BY_KIND, Channel, Topic, wants
from models.settings import Settings
from models.work.email import Email
from models.work.notice import Notice


async def emails_of(
    settings: Settings, notice: Notice, message: Message, guardians: Sequence[Guardian]
) -> list[Email]:
    """To those of these guardians who want it and have an address."""
    topic, commune = BY_KIND[notice.kind], await Commune.all().first()
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
    return [
        _email(notice, message, topic, guardian, shared)
        for guardian in _readers(notice, topic, guardians)
        if message.recipient or guardian.email.strip()
    ]


def _email(
    notice: Notice, message: Message, topic: Topic, guardian: Guardian, shared: dict[str, object]
) -> Email:
    address = message.recipient or guardian.email.strip()
    unsubscribe = choices.token(guardian.id, topic) if topic.is_optional else None
    facts = shared | {"reader": guardian.name, "unsubscribe": unsubscribe}
    email = drawn(message.template, f"{notice.key}:{guardian.id}", address, facts)
    email.unsubscribe = unsubscribe
    if message.secret:
        email.seal()
    return email


def _readers(notice: Notice, topic: Topic, guardians: Sequence[Guardian]) -> list[Guardian]:
    """Who wants it and has an address; two who share one get one e-mail."""
    wanting = [one for one in guardians if wants(one.preferences, topic, Channel.EMAIL)]
    if notice.guardian_id is not None:
        return wanting
    by_address = {one.email.strip().lower(): one for one in reversed(wanting)}
    return [one for address, one in reversed(by_address.items()) if address]
