"""The e-mails: who gets which, from a text and an HTML twin of the same name beside this file."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from models import french
from models.clock import now
from models.commune.commune import Commune
from models.families.guardian import Guardian
from models.settings import Settings
from models.storage.database import transaction
from models.work.email import Email
from models.work.task import Task

LONGEST_SUBJECT = 60


@dataclass(frozen=True)
class Draft:
    """An e-mail before it is known to whom: `name` is the template's, `about` makes its key."""

    name: str
    about: str
    family: int
    subject: str
    facts: Mapping[str, Any]
    only: int | None = None  # the guardian whom alone it is for


async def write(settings: Settings, draft: Draft, claim: Callable[[], Awaitable[bool]] | None = None) -> bool:
    """Write it to every guardian of the family (or the only one), once each, and ask for it to be sent.

    `claim` is asked first, in the same transaction: false, and nothing is written.
    """
    commune = await Commune.all().first()
    emails = [_email(settings, draft, commune, guardian) for guardian in await _readers(draft)]
    async with transaction():
        if claim and not await claim():
            return False
        await Email.bulk_create(emails, ignore_conflicts=True)
        for email in await Email.filter(key__in=[email.key for email in emails]):
            await Task.later("send_email", email.id, key=f"email:{email.id}")
    return True


async def _readers(draft: Draft) -> list[Guardian]:
    """Guardians who have an address; two who share one get one e-mail."""
    guardians = await Guardian.filter(family_id=draft.family).order_by("position", "id")
    if draft.only is not None:
        guardians = [guardian for guardian in guardians if guardian.id == draft.only]
    by_address = {guardian.email.strip().lower(): guardian for guardian in reversed(guardians)}
    return [guardian for address, guardian in reversed(by_address.items()) if address]


def _email(settings: Settings, draft: Draft, commune: Commune | None, guardian: Guardian) -> Email:
    known = {
        "subject": draft.subject,
        "commune": commune,
        "mairie": french.mairie(commune.name) if commune else "La mairie",
        "portal": settings.base_url,
        "reader": guardian.name,
    }
    return drawn(draft.name, f"{draft.about}:{guardian.id}", guardian.email.strip(), {**known, **draft.facts})


def drawn(name: str, key: str, recipient: str, facts: Mapping[str, Any]) -> Email:
    """An e-mail from the two templates of that name."""
    return Email(
        key=key,
        recipient=recipient,
        subject=facts["subject"],
        text=_templates(html=False).get_template(f"{name}.txt").render(facts),
        html=_templates(html=True).get_template(f"{name}.html").render(facts),
        written_at=now(),
    )


def fit(*subjects: str) -> str:
    """The first that a phone shows whole."""
    return next((subject for subject in subjects if len(subject) <= LONGEST_SUBJECT), subjects[-1])


@cache
def _templates(*, html: bool) -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=html,  # noqa: S701 (a text has nothing to escape)
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    made.filters.update({name: getattr(french, name) for name in french.__all__})
    return made
