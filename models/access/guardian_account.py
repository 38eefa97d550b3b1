"""What people decide about their own account: the password, who stays signed in; parents the layout too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.queryset import QuerySet

from models.access import passwords
from models.access.session import Session
from models.access.sign_in import Person, TooManyTries, WrongPassword, family_of
from models.access.throttle import Limit, Throttle
from models.access.token import Token
from models.clock import real
from models.commune.commune import Commune
from models.families.child import Home
from models.families.family import Family
from models.families.guardian import Guardian
from models.families.preferences import PREFERENCES, Preference
from models.rules.passwords import SHORTEST, SHORTEST_OF_STAFF, weakness
from models.rules.states.notices import NoticeKind
from models.storage.database import transaction
from models.work.audit_log import Event
from models.work.notice import Notice

SHOWN = 50  # devices


@dataclass
class WeakPassword(Exception):
    why: str  # short | long | common


async def prefer(
    guardian: Guardian, chosen: Mapping[str, str], among: Sequence[Preference] = PREFERENCES
) -> None:
    """Keep these choices, by the keys of their preferences; the others stay. Raises ValueError for one there is not."""
    for preference in among:
        if chosen.get(preference.key, preference.usual) not in preference.choices:
            raise ValueError(preference.key)
    known = {preference.key for preference in among} & chosen.keys()
    async with transaction():
        await Family.lock(guardian.family_id)  # what they are told is kept in the same column
        before = (await Guardian.get(id=guardian.id)).preferences or {}
        kept = before | {key: chosen[key] for key in known}
        await Guardian.filter(id=guardian.id).update(preferences=kept)


async def change_password(person: Person, session: int, current: str, wanted: str, now: datetime) -> None:
    """Ends every other session. Raises WeakPassword, WrongPassword, TooManyTries."""
    shortest = SHORTEST if isinstance(person, Guardian) else SHORTEST_OF_STAFF
    if why := weakness(wanted, await known(person), shortest):
        raise WeakPassword(why)
    await prove(person, current)
    hashed = await passwords.hash(wanted)
    async with transaction():
        # Only from the one that was verified: of two changes at once, the second starts from a wrong password.
        same = type(person).filter(id=person.id, password=person.password)
        if not await same.update(password=hashed):
            raise WrongPassword
        await close_others(person, session)
        await Event.note(now, person.actor, "password.change", person.actor, family_of(person))
        if isinstance(person, Guardian):
            await Token.revoke(person.id)
            key = f"{person.actor}:{now.isoformat()}"
            await Notice.say(NoticeKind.PASSWORD_CHANGED, person.family_id, person.actor, now, key)


async def prove(person: Person, password: str) -> None:
    """It is they who ask, not a child with their phone: before what money or access hangs on. Raises WrongPassword,
    TooManyTries."""
    own = Limit(f"password:{person.actor}")
    if seconds := await Throttle.attempt(own):
        raise TooManyTries(seconds)
    if not await passwords.verify(person.password, password):
        raise WrongPassword
    await Throttle.reset(own.key)


async def devices(person: Person) -> list[Session]:
    """Where somebody is signed in as this person, the latest seen first."""
    moment = real()
    open_ones = await _sessions(person).filter(revoked=False).order_by("-seen", "-id")
    return [session for session in open_ones if session.lives(moment)][:SHOWN]


async def close_device(person: Person, session: int, now: datetime) -> bool:
    """False when this person has no such session; one that has ended already is closed all the same."""
    async with transaction():
        own = _sessions(person).filter(id=session)
        if await own.filter(revoked=False).update(revoked=True):
            about = f"session:{session}"
            await Event.note(now, person.actor, "session.closed", about, family_of(person))
        return await own.exists()


async def close_other_devices(person: Person, session: int, now: datetime) -> None:
    """As somebody asks it for themselves."""
    async with transaction():
        if closed := await close_others(person, session):
            who, family = person.actor, family_of(person)
            await Event.note(now, who, "session.others_closed", who, family, number=closed)


async def close_others(person: Person, session: int) -> int:
    """How many. Inside a transaction, which says why."""
    return await _sessions(person).filter(revoked=False).exclude(id=session).update(revoked=True)


def _sessions(person: Person) -> QuerySet[Session]:
    if isinstance(person, Guardian):
        return Session.filter(guardian_id=person.id)
    return Session.filter(member_id=person.id)


async def known(person: Person) -> list[str]:
    """What anybody who knows them would try."""
    towns = await Commune.all().values_list("name", flat=True)
    if not isinstance(person, Guardian):
        return [person.username, person.name, person.email or "", *map(str, towns)]
    homes = await Home.filter(family_id=person.family_id).select_related("child")
    number = await Family.filter(id=person.family_id).values_list("number", flat=True)
    names = [person.first_name, person.last_name, person.username, person.email]
    children = [name for home in homes for name in (home.child.first_name, home.child.last_name)]
    return [*names, *children, *map(str, number), *map(str, towns)]
