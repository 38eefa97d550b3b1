"""What parents decide about their own account: the layout, the password, who stays signed in."""

from dataclasses import dataclass
from datetime import datetime

from models import passwords
from models.child import Home
from models.clock import real
from models.commune import Commune
from models.database import transaction
from models.event import Event
from models.family import Family
from models.guardian import Guardian
from models.rules.passwords import weakness
from models.session import Session
from models.sign_in import TooManyTries, WrongPassword
from models.task import Task
from models.throttle import Limit, Throttle

LAYOUTS = ("auto", "always", "never")
SHOWN = 50  # devices


@dataclass
class WeakPassword(Exception):
    why: str  # short | long | common


async def choose_layout(guardian: int, mobile: str) -> None:
    if mobile not in LAYOUTS:
        raise ValueError(mobile)
    await Guardian.filter(id=guardian).update(mobile=mobile)


async def change_password(
    guardian: Guardian, session: int, current: str, wanted: str, now: datetime
) -> None:
    """Ends every other session. Raises WeakPassword, WrongPassword, TooManyTries."""
    if why := weakness(wanted, await _known(guardian)):
        raise WeakPassword(why)
    who = f"guardian:{guardian.id}"
    own = Limit(f"password:{who}")
    if seconds := await Throttle.knock(own):
        raise TooManyTries(seconds)
    if not await passwords.verify(guardian.password, current):
        raise WrongPassword
    await Throttle.forget(own.key)
    hashed = await passwords.hash(wanted)
    async with transaction():
        # Only from the one that was verified: of two changes at once, the second starts from a wrong password.
        if not await Guardian.filter(id=guardian.id, password=guardian.password).update(password=hashed):
            raise WrongPassword
        await close_others(guardian.id, session)
        await Event.note(now, who, "password.change", who, guardian.family_id)
        at = now.isoformat()
        await Task.later("write_password_changed", guardian.id, at, key=f"password:{guardian.id}:{at}")


async def devices(guardian: int) -> list[Session]:
    """Where somebody is signed in as this guardian, the latest seen first."""
    moment = real()
    open_ones = await Session.filter(guardian_id=guardian, revoked=False).order_by("-seen", "-id")
    return [session for session in open_ones if session.lives(moment)][:SHOWN]


async def close_device(guardian: int, session: int) -> bool:
    """False when this guardian has no such session; one that has ended already is closed all the same."""
    return bool(await Session.filter(id=session, guardian_id=guardian).update(revoked=True))


async def close_others(guardian: int, session: int) -> None:
    await Session.filter(guardian_id=guardian, revoked=False).exclude(id=session).update(revoked=True)


async def _known(guardian: Guardian) -> list[str]:
    """What anybody who knows the family would try."""
    homes = await Home.filter(family_id=guardian.family_id).select_related("child")
    number = await Family.filter(id=guardian.family_id).values_list("number", flat=True)
    towns = await Commune.all().values_list("name", flat=True)
    names = [guardian.first_name, guardian.last_name, guardian.username, guardian.email]
    children = [name for home in homes for name in (home.child.first_name, home.child.last_name)]
    return [*names, *children, *map(str, number), *map(str, towns)]
