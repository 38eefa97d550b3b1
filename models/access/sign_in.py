"""A name and a password become a session, or a refusal that tells nothing of who exists."""

from dataclasses import dataclass
from datetime import datetime

from models.access import passwords
from models.access.member import Member
from models.access.session import Session
from models.access.throttle import Limit, Throttle
from models.families.guardian import Guardian
from models.storage.database import transaction
from models.work.audit_log import Event

Person = Guardian | Member

HOUR = 3600.0
NETWORK_FREE = 100  # failures an hour; then one more each time that an hour's share of them has passed
NOTED, NOTED_OF_ALL = 10, 500  # failures an hour that the journal keeps: an attack must not fill the disk
NOBODY = "nobody"  # not the name that was typed: people type their password there


class Blocked(Exception):
    """The mairie has closed this access. Told only to who knows its password."""


@dataclass
class CodeNeeded(Exception):
    """The password is right; the second step is still to come (`models/access/staff/second_step.py`)."""

    member: Member


class WrongPassword(Exception):
    """Or wrong name, or an account not yet activated: nobody is told which."""


@dataclass
class TooManyTries(Exception):
    seconds: float  # to wait


@dataclass(frozen=True, slots=True)
class Opened:
    secret: str  # for the cookie
    person: Person
    who: str  # for the cookie of a known device


async def sign_in(
    name: str,
    password: str,
    now: datetime,
    *,
    network: str,
    remembered: bool = False,
    device: str = "",
    known: str | None = None,
    twice: bool = True,
) -> Opened:
    """Open a session. Raises WrongPassword, TooManyTries, Blocked, CodeNeeded.

    `known` is whose device this is: its owner does not wait for what others tried elsewhere. `twice` false: a demo
    asks nobody for a second step.
    """
    person = await _find(name.strip())
    who = person.actor if person else f"name:{name.strip().lower()[:100]}"
    limits = _limits(who, network, known)
    if seconds := await Throttle.attempt(*limits):
        raise TooManyTries(seconds)
    if not await passwords.verify(person.password if person else None, password) or person is None:
        await note_refusal(person, who, now, network)
        raise WrongPassword
    if person.blocked_at:
        raise Blocked
    own, *shared = limits
    await Throttle.reset(own.key)
    for limit in shared:
        await Throttle.refund(limit.key)
    await _strengthen(person, password)
    if twice and isinstance(person, Member) and person.code_since:
        raise CodeNeeded(person)
    return Opened(await _open(person, now, remembered, device), person, who)


async def _find(name: str) -> Person | None:
    """By user name, else by an e-mail that only one parent has. The same three questions for everybody."""
    names = {name, name.lower()}
    guardian = await Guardian.filter(username__in=names).select_related("family").first()
    by_email = await Guardian.filter(email__in=names).select_related("family").limit(2)
    member = await Member.filter(username__in=names).first()
    return guardian or member or (by_email[0] if len(by_email) == 1 else None)


def _limits(who: str, network: str, known: str | None) -> list[Limit]:
    """One's own first. A known device has its own tries, and none but them."""
    if known == who:
        return [Limit(f"device:{who}")]
    return [Limit(f"account:{who}"), network_limit(network)]


def network_limit(network: str) -> Limit:
    """What everybody of one network shares, whatever they try."""
    return Limit(f"network:{network}", NETWORK_FREE, HOUR, longest=HOUR / NETWORK_FREE)


async def note_refusal(person: Person | None, who: str, now: datetime, network: str) -> None:
    """In the journal, a few times an hour. For a name that nobody has the same: the time taken teaches nothing."""
    noted = [Limit(f"noted:{who}", NOTED, HOUR), Limit("noted", NOTED_OF_ALL, HOUR)]
    if await Throttle.attempt(*noted):
        return
    tried = person.actor if person else NOBODY
    async with transaction():
        await Event.note(now, "visitor", "session.refused", tried, family_of(person), network=network)


def family_of(person: Person | None) -> int | None:
    """Whose journal tells it: nobody's of the mairie."""
    return person.family_id if isinstance(person, Guardian) else None


async def _open(person: Person, now: datetime, remembered: bool, device: str) -> str:
    """Raises WrongPassword when the password was changed since it was verified: that change closes every session."""
    async with transaction():
        same = type(person).filter(id=person.id, password=person.password, blocked_at=None)
        if not await same.update(password=person.password):
            raise WrongPassword
        await Event.note(now, person.actor, "session.open", person.actor, family_of(person))
        if isinstance(person, Guardian):
            return await Session.open(guardian=person.id, remembered=remembered, device=device)
        return await Session.open(member=person.id, device=device)


async def _strengthen(person: Person, password: str) -> None:
    """Only the one that was verified: a change at the same moment stands."""
    if person.password and passwords.outdated(person.password):
        hashed = await passwords.hash(password)
        if await type(person).filter(id=person.id, password=person.password).update(password=hashed):
            person.password = hashed
