"""A forgotten password, or a forgotten user name: one e-mail says the one and opens the other. Or it signs in, once.

The page says the same to everybody and does the same: a task, which looks for the address later.
"""

import secrets
from datetime import datetime

from models.access import passwords
from models.access.guardian_account import WeakPassword, close_others, known
from models.access.session import Session
from models.access.sign_in import Opened, TooManyTries, network_limit
from models.access.throttle import Limit, Throttle
from models.access.token import LinkOver, Purpose, Token
from models.families.family import Family
from models.families.guardian import Guardian
from models.rules.passwords import weakness
from models.rules.states.notices import NoticeKind
from models.storage.database import transaction
from models.work.audit_log import Event
from models.work.notice import Notice
from models.work.task import Task

HOUR = 3600.0
A_FEW = 10  # guardians of one address who are written to


WAYS = {
    Purpose.PASSWORD: (NoticeKind.PASSWORD_LINK, "password.asked"),
    Purpose.SIGN_IN: (NoticeKind.SIGN_IN_LINK, "session.asked"),
}


async def ask(email: str, purpose: Purpose, network: str) -> None:
    """The same for an address that nobody has. `purpose`: one of WAYS. Raises TooManyTries.

    An address that was asked for five times lately gets no more e-mails for a while, and nobody is told.
    """
    if seconds := await Throttle.attempt(network_limit(network)):
        raise TooManyTries(seconds)
    address = email.strip().lower()
    if not await Throttle.attempt(Limit(f"forgotten:{address[:120]}", window=HOUR)):
        click = secrets.token_hex(8)
        await Task.later("send_access_links", address, purpose, click, key=f"forgotten:{click}")


async def send(email: str, purpose: Purpose, click: str, now: datetime) -> None:
    """The e-mails of one `ask`, once: what was asked for who has an account, the account for who has none yet."""
    found = Guardian.filter(email__iexact=email, blocked_at=None).order_by("id").limit(A_FEW)
    for guardian in await found.select_related("family"):
        await _send(guardian, purpose, f"{click}:{guardian.id}", now)


async def _send(guardian: Guardian, purpose: Purpose, key: str, now: datetime) -> None:
    kind, action = WAYS[purpose]
    if guardian.password is None:
        purpose, kind = Purpose.ACTIVATION, NoticeKind.ACCOUNT_ACTIVATION
    async with transaction():
        await Family.lock(guardian.family_id)
        if await Notice.exists(key=f"{kind}:{key}"):
            return
        token = await Token.make(guardian, purpose, guardian.email.strip(), now)
        await Notice.say(kind, guardian.family_id, token.about, now, key=key, only=guardian.id)
        await Event.note(now, "visitor", action, guardian.actor, guardian.family_id)


async def reset(secret: str, password: str, now: datetime) -> None:
    """The new password, once; every session ends, and it is told by e-mail. Raises LinkOver, WeakPassword."""
    token = await Token.find(secret, Purpose.PASSWORD)
    guardian = token.guardian
    if why := weakness(password, await known(guardian)):
        raise WeakPassword(why)
    hashed = await passwords.hash(password)
    async with transaction():
        await Family.lock(guardian.family_id)
        await token.use(now)
        await Guardian.filter(id=guardian.id).update(password=hashed)
        await close_others(guardian, 0)
        await Token.revoke(guardian.id)
        await Event.note(now, guardian.actor, "password.reset", guardian.actor, guardian.family_id)
        kind = NoticeKind.PASSWORD_CHANGED
        await Notice.say(kind, guardian.family_id, guardian.actor, now, key=token.about)
    await Throttle.reset(f"account:{guardian.actor}")


async def enter(secret: str, now: datetime, device: str) -> Opened:
    """A session instead of a password, once. Raises LinkOver."""
    token = await Token.find(secret, Purpose.SIGN_IN)
    guardian = token.guardian
    async with transaction():
        await Family.lock(guardian.family_id)
        await token.use(now)
        if not await Guardian.exists(id=guardian.id, blocked_at=None):
            raise LinkOver
        await Event.note(now, guardian.actor, "session.open", guardian.actor, guardian.family_id, by="link")
        opened = await Session.open(guardian=guardian.id, device=device)
    return Opened(opened, guardian, guardian.actor)
