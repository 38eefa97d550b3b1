"""What a parent asks of the mairie: each becomes a request, from what the file says now to what it is to say."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.bookings.family_request import Asked, FamilyRequest
from models.families.child import Home
from models.families.family import Family
from models.families.file.health import ChildHealth, sealed
from models.families.file.sent_document import NewPaper, SentDocument
from models.families.guardian import Guardian
from models.family_file.editing import quotient_on
from models.rules.families.health import Health, changed
from models.rules.states.requests import RequestKind
from models.storage.database import transaction


class NothingAsked(Exception):
    """It is so already."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    role: str  # child | guardian
    first_name: str
    last_name: str
    born: date | None = None  # of a child
    email: str | None = None  # of a parent
    phone: str | None = None


async def household(guardian: Guardian, wanted: dict[str, Any], form: str, now: datetime) -> None:
    """Of its address, or of its fund. Raises NothingAsked, AlreadyAsked."""
    async with transaction():
        await Family.lock(guardian.family_id)
        family = await Family.get(id=guardian.family_id)
        before = {
            name: getattr(family, name) for name, value in wanted.items() if getattr(family, name) != value
        }
        if not before:
            raise NothingAsked
        after = {name: wanted[name] for name in before}
        await _ask(guardian, RequestKind.FILE_CHANGE, f"family:{family.id}", before, after, form, now)


async def health(guardian: Guardian, child: int, wanted: Health, form: str, now: datetime) -> None:
    """Of one of their children. Raises NothingAsked, AlreadyAsked, LookupError for another family's child."""
    if not await Home.exists(child_id=child, family_id=guardian.family_id):
        raise LookupError(child)
    async with transaction():
        await Family.lock(guardian.family_id)
        version, known = await ChildHealth.version_of(child)
        names = changed(known, wanted)
        if not names:
            raise NothingAsked
        before = {"version": version, "sealed": sealed(known)}
        after = {"changed": names, "sealed": sealed(wanted)}
        await _ask(guardian, RequestKind.HEALTH_CHANGE, f"child:{child}", before, after, form, now)


async def quotient(
    guardian: Guardian, value: int, start: date, proof: NewPaper, form: str, now: datetime
) -> None:
    """Whole euros from a day on, and what proves it. Raises NothingAsked, AlreadyAsked, RefusedFile."""
    async with transaction():
        await Family.lock(guardian.family_id)
        known = await quotient_on(guardian.family_id, start)
        if known == value:
            raise NothingAsked
        subject = f"family:{guardian.family_id}"
        before, after = {"value": known}, {"value": value, "start": start.isoformat()}
        row = await _ask(guardian, RequestKind.QUOTIENT, subject, before, after, form, now)
        if not await SentDocument.exists(request_id=row.id):
            await SentDocument.keep(guardian, proof, now, request_id=row.id)


async def person(guardian: Guardian, said: NewPerson, form: str, now: datetime) -> None:
    """« AJOUTER une nouvelle personne ». Raises AlreadyAsked."""
    after = {
        "role": said.role,
        "first_name": said.first_name,
        "last_name": said.last_name,
        "born": said.born.isoformat() if said.born else None,
        "email": said.email,
        "phone": said.phone,
    }
    async with transaction():
        await Family.lock(guardian.family_id)
        subject = f"family:{guardian.family_id}"
        await _ask(guardian, RequestKind.NEW_PERSON, subject, {}, after, form, now)


async def _ask(
    guardian: Guardian,
    kind: RequestKind,
    subject: str,
    before: dict[str, Any],
    after: dict[str, Any],
    form: str,
    now: datetime,
) -> FamilyRequest:
    return await FamilyRequest.ask_change(
        Asked(guardian.family_id, kind, subject, before, after, form), guardian.actor, now
    )
