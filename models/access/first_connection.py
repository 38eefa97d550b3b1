"""The first connection: what the letter says, or the address that the mairie knows, becomes an account.

Two steps: `ask` sends a link to an address, `activate` uses it. Nobody learns from an answer who exists: a wrong code
is wrong whatever file it was tried on, and without a code every answer is the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from tortoise.exceptions import IntegrityError

from models.access import passwords
from models.access.guardian_account import WeakPassword, known
from models.access.letter import Letter
from models.access.member import Member
from models.access.session import Session
from models.access.sign_in import NOTED_OF_ALL, Opened, TooManyTries, network_limit
from models.access.throttle import Limit, Throttle
from models.access.token import LinkOver, Purpose, Token
from models.commune.commune import Commune
from models.families.family import Family
from models.families.guardian import Guardian
from models.rules.accounts import letter, usernames
from models.rules.passwords import weakness
from models.rules.states.notices import NoticeKind
from models.storage.database import rows, transaction
from models.work.audit_log import Event
from models.work.notice import Notice

HOUR = 3600.0
OFFERED = 3
REFUSED = "first.refused"


class WrongLetter(Exception):
    """No such file, or not this code, or it was used or replaced: nobody is told which."""


@dataclass
class WrongName(Exception):
    why: str  # short | long | letters


@dataclass
class NameTaken(Exception):
    offers: list[str]  # names that are free


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed. `code` is empty for who has no letter, and proves the address that the mairie knows."""

    number: str
    code: str
    email: str
    username: str
    password: str


async def ask(asked: Asked, now: datetime, network: str) -> None:
    """Send the link that opens the account. Without a code nothing tells whether it went.

    Raises WrongName, WeakPassword, TooManyTries; with a code WrongLetter and NameTaken too.
    """
    name = _checked(asked.username)
    towns: Sequence[object] = await Commune.all().values_list("name", flat=True)
    if why := weakness(asked.password, [name, asked.email, asked.number, *map(str, towns)]):
        raise WeakPassword(why)
    own = Limit(f"first:{letter.number_typed(asked.number)[:100]}", window=HOUR)
    wide = network_limit(network)
    if seconds := await Throttle.attempt(own, wide):
        raise TooManyTries(seconds)
    hashed = await passwords.hash(asked.password)
    guardian = await (_with_letter(asked) if asked.code else _with_address(asked))
    if guardian is None:
        await _note_refusal(now, network)
        if asked.code:
            raise WrongLetter
        return
    if asked.code:
        await Throttle.refund(wide.key)
        await _check(guardian, name, asked.password)
    await _send(guardian, asked, name, hashed, now)


async def activate(
    secret: str, now: datetime, *, username: str = "", password: str = "", device: str = ""
) -> Opened:
    """Open the account and sign in, once. `username` replaces the one that was asked for; `password` is for a link
    that was sent without one. Raises LinkOver, WrongName, NameTaken, WeakPassword."""
    token = await Token.find(secret, Purpose.ACTIVATION)
    guardian, facts = token.guardian, token.facts
    name = _checked(username or facts.get("username", guardian.username))
    hashed = facts.get("password")
    if hashed is None:
        if why := weakness(password, [name, *await known(guardian)]):
            raise WeakPassword(why)
        hashed = await passwords.hash(password)
    try:
        async with transaction():
            await Family.lock(guardian.family_id)
            await token.use(now)
            if await _taken(name, guardian.id):
                raise NameTaken(await free_names(guardian))
            secret = await _open(token, name, hashed, now, device)
    except IntegrityError:  # somebody of another family took it at the same moment
        raise NameTaken(await free_names(guardian)) from None
    return Opened(secret, guardian, guardian.actor)


async def free_names(guardian: Guardian) -> list[str]:
    """A few that this guardian may choose."""
    candidates = list(islice(usernames.offers(guardian.first_name, guardian.last_name), 20))
    found: list[object] = []
    for noun in (Guardian, Member):
        found += await noun.filter(username__in=candidates).values_list("username", flat=True)
    return [name for name in candidates if name not in found][:OFFERED]


async def _open(token: Token, name: str, hashed: str, now: datetime, device: str) -> str:
    """The account and its first session; the secret of the cookie."""
    guardian = token.guardian
    opened = Guardian.filter(id=guardian.id, password=None, blocked_at=None)
    if not await opened.update(username=name, password=hashed, email=token.email, activated_at=now):
        raise LinkOver
    await Letter.filter(guardian_id=guardian.id, used_at=None, revoked_at=None).update(used_at=now)
    await Token.revoke(guardian.id)
    await Event.note(now, guardian.actor, "account.open", guardian.actor, guardian.family_id)
    await Event.note(now, guardian.actor, "session.open", guardian.actor, guardian.family_id)
    if guardian.email.strip().lower() not in ("", token.email.lower()):
        await Notice.say(
            NoticeKind.ADDRESS_CHANGED,
            guardian.family_id,
            guardian.actor,
            now,
            key=token.about,
            to=guardian.email.strip(),
            new=token.email,
        )
    return await Session.open(guardian=guardian.id, device=device)


async def _with_letter(asked: Asked) -> Guardian | None:
    found = await Letter.of(letter.code_typed(asked.code))
    if found is None:
        return None
    guardian, number = found.guardian, letter.number_typed(asked.number)
    fits = letter.number_typed(guardian.family.number) == number
    return guardian if fits and guardian.password is None and guardian.blocked_at is None else None


async def _with_address(asked: Asked) -> Guardian | None:
    """The first of the family who has this address and no account yet."""
    found = await rows(_KNOWN, [letter.number_typed(asked.number), asked.email.strip().lower()])
    if not found:
        return None
    return await Guardian.get(id=found[0]["id"]).select_related("family")


async def _check(guardian: Guardian, name: str, password: str) -> None:
    """What may be told to who holds the letter."""
    if why := weakness(password, [name, *await known(guardian)]):
        raise WeakPassword(why)
    if await _taken(name, guardian.id):
        raise NameTaken(await free_names(guardian))


async def _send(guardian: Guardian, asked: Asked, name: str, hashed: str, now: datetime) -> None:
    async with transaction():
        await Family.lock(guardian.family_id)
        if not await Guardian.exists(id=guardian.id, password=None, blocked_at=None):
            return
        if asked.code:  # who holds the letter may have mistyped the address before
            await Token.revoke(guardian.id, Purpose.ACTIVATION)
        facts = {"username": name, "password": hashed}
        email = asked.email.strip()
        token = await Token.make(guardian, Purpose.ACTIVATION, email, now, **facts)
        kind, family = NoticeKind.ACCOUNT_ACTIVATION, guardian.family_id
        await Notice.say(kind, family, token.about, now, only=guardian.id)
        by = "letter" if asked.code else "address"
        await Event.note(now, "visitor", "account.asked", guardian.actor, family, by=by)


def _checked(username: str) -> str:
    name = usernames.plain(username)
    if why := usernames.flaw(name):
        raise WrongName(why)
    return name


async def _taken(name: str, guardian: int) -> bool:
    """By another parent, or by somebody of the mairie, who sign in by the same form."""
    parents = Guardian.filter(username__iexact=name).exclude(id=guardian)
    return await parents.exists() or await Member.exists(username__iexact=name)


async def _note_refusal(now: datetime, network: str) -> None:
    """A few an hour: an attack must not fill the disk."""
    if not await Throttle.attempt(Limit("noted", NOTED_OF_ALL, HOUR)):
        await Event.note(now, "visitor", REFUSED, "first_connection", network=network)


_KNOWN = """
SELECT guardian.id FROM guardian JOIN family ON family.id = guardian.family_id
WHERE REPLACE(UPPER(family.number), ' ', '') = ? AND LOWER(TRIM(guardian.email)) = ?
  AND guardian.password IS NULL AND guardian.blocked_at IS NULL
ORDER BY guardian.position, guardian.id LIMIT 1
"""
