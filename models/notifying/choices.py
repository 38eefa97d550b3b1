"""What each parent chose to be told, and how; and an e-mail's way to be told less, which needs no session."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.families.family import Family
from models.families.guardian import Guardian
from models.rules.notices import quiet_hours, topics
from models.rules.notices.quiet_hours import QuietHours
from models.rules.notices.topics import BY_CODE, Channel, Topic, wants
from models.storage import encryption
from models.storage.database import transaction
from models.work.audit_log import Event

USE = "portail-famille: links that stop e-mails"


@dataclass(frozen=True, slots=True)
class Unsubscribing:
    """Who asks not to get the e-mails of a topic any more."""

    guardian: Guardian
    topic: Topic

    @property
    def is_done(self) -> bool:
        return not wants(self.guardian.preferences, self.topic, Channel.EMAIL)


class NoSuchLink(LookupError):
    """It was made by another portal, or under keys that are no more."""


async def choose(
    guardian: Guardian, chosen: Mapping[str, bool], quiet: QuietHours | None, now: datetime
) -> None:
    """Keep these choices (« place.email »), and when nothing rings. Raises ValueError for a choice there is not."""
    if wrong := [name for name in chosen if not topics.is_choice(name)]:
        raise ValueError(wrong[0])
    hours = {"from": quiet.begins, "to": quiet.ends} if quiet else False
    await _keep(guardian, {topics.KEY: dict(chosen), quiet_hours.KEY: hours}, "notifications.chosen", now)


def token(guardian: int, topic: Topic) -> str:
    """What opens `unsubscribing`: nobody can make one without the portal's keys, and nothing of it is kept."""
    said = f"{guardian}.{topic.code}"
    return f"{said}.{encryption.signature(said, USE)}"


async def unsubscribing(given: str) -> Unsubscribing:
    """Raises NoSuchLink."""
    said, _, mark = given.rpartition(".")
    id, _, code = said.partition(".")
    if not encryption.is_signature(mark, said, USE) or code not in BY_CODE:
        raise NoSuchLink
    guardian = await Guardian.get_or_none(id=int(id))
    if guardian is None:
        raise NoSuchLink
    return Unsubscribing(guardian, BY_CODE[code])


async def unsubscribe(asked: Unsubscribing, now: datetime) -> None:
    """Nothing where it is done already."""
    if asked.is_done or not asked.topic.is_optional:
        return
    kept = (asked.guardian.preferences or {}).get(topics.KEY) or {}
    fewer = {**kept, f"{asked.topic.code}.{Channel.EMAIL}": False}
    await _keep(asked.guardian, {topics.KEY: fewer}, "notifications.unsubscribed", now)


async def _keep(guardian: Guardian, changed: Mapping[str, object], action: str, now: datetime) -> None:
    async with transaction():
        await Family.lock(guardian.family_id)
        before = (await Guardian.get(id=guardian.id)).preferences or {}
        after = before | dict(changed)
        if after == before:
            return
        await Guardian.filter(id=guardian.id).update(preferences=after)
        await Event.note(now, guardian.actor, action, guardian.actor, guardian.family_id)
