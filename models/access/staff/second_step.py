"""The second step of an agent's signing in: set up, proven once for each code, taken off. Real time throughout."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from models.access.guardian_account import close_others, prove
from models.access.member import Member
from models.access.session import Session
from models.access.sign_in import Opened, TooManyTries, note_refusal
from models.access.staff.recovery_code import RecoveryCode
from models.access.throttle import Limit, Throttle
from models.clock import real
from models.rules.accounts.one_time_code import SECRET, step_of
from models.storage import encryption
from models.storage.database import transaction
from models.storage.encryption import Unreadable
from models.work.audit_log import Event

PATIENCE = 600.0  # seconds between the password and the code


class WrongCode(Exception):
    """It is no code of now, or was used already: nobody is told which."""


class StepOver(Exception):
    """The password was typed too long ago, or changed since: it is asked for again."""


class AlreadySet(Exception):
    """This account has its second step."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A secret that nobody's telephone has confirmed yet: it travels sealed with the form, and is kept nowhere."""

    secret: bytes
    sealed: str


def propose(member: Member) -> Proposal:
    return _proposal(member, secrets.token_bytes(SECRET))


def proposed(member: Member, sealed: str) -> Proposal:
    """The one that a form brings back. Raises StepOver when it is not this member's."""
    try:
        who, _, secret = encryption.unseal(sealed.encode()).partition(b":")
    except (Unreadable, UnicodeError):
        raise StepOver from None
    if who != str(member.id).encode() or len(secret) != SECRET:
        raise StepOver
    return Proposal(secret, sealed)


def _proposal(member: Member, secret: bytes) -> Proposal:
    return Proposal(secret, encryption.seal(b"%d:%b" % (member.id, secret)).decode())


async def confirm(member: Member, session: int, proposal: Proposal, typed: str, now: datetime) -> list[str]:
    """The telephone shows the right code: from now on it is asked for, and every other session ends.

    Returns the recovery codes, which are shown this once. Raises WrongCode, TooManyTries, AlreadySet.
    """
    own = await _try(member)
    step = step_of(proposal.secret, typed, int(real()), 0)
    if step is None:
        raise WrongCode
    async with transaction():
        sealed = encryption.seal(proposal.secret)
        unset = Member.filter(id=member.id, code_since=None)
        if not await unset.update(code_secret=sealed, code_since=now, code_step=step):
            raise AlreadySet
        codes = await RecoveryCode.replace(member.id, now)
        await close_others(member, session)
        await Event.note(now, member.actor, "second_step.set", member.actor)
    await Throttle.reset(own.key)
    return codes


def awaiting(member: Member) -> str:
    """Who has typed the right password and owes the code: for a cookie that the portal signs."""
    return f"{member.id}.{int(real())}.{_mark(member)}"


async def awaited(said: str | None) -> Member:
    """Raises StepOver."""
    id, at, mark = [*(said or "").split("."), "", "", ""][:3]
    if not (id.isdigit() and at.isdigit() and 0 <= real() - int(at) < PATIENCE):
        raise StepOver
    member = await Member.get_or_none(id=int(id), blocked_at=None)
    if member is None or not secrets.compare_digest(_mark(member), mark):
        raise StepOver
    return member


async def enter(member: Member, typed: str, now: datetime, *, network: str, device: str) -> Opened:
    """Open the session of who has typed the right password. Raises WrongCode, TooManyTries, StepOver."""
    own = await _try(member)
    async with transaction():
        by = await _use(member, typed, now)
        if by:
            same = Member.filter(id=member.id, password=member.password, blocked_at=None)
            if not await same.update(password=member.password):
                raise StepOver
            await Event.note(now, member.actor, "session.open", member.actor, None, by=by)
            secret = await Session.open(member=member.id, device=device)
    if not by:
        await note_refusal(member, f"second:{member.actor}", now, network)
        raise WrongCode
    await Throttle.reset(own.key)
    return Opened(secret, member, member.actor)


async def _use(member: Member, typed: str, now: datetime) -> str:
    """« code » or « recovery », used from now on; "" for a wrong one. Of two requests with the same, one gets it."""
    step = step_of(member.secret or b"", typed, int(real()), member.code_step) if member.code_since else None
    if step is not None:
        unused = Member.filter(id=member.id, code_since=member.code_since, code_step__lt=step)
        return "code" if await unused.update(code_step=step) else ""
    return "recovery" if await RecoveryCode.use(member.id, typed, now) else ""


async def renew_codes(member: Member, password: str, now: datetime) -> list[str]:
    """Ten other recovery codes. Raises WrongPassword, TooManyTries."""
    await prove(member, password)
    async with transaction():
        codes = await RecoveryCode.replace(member.id, now)
        await Event.note(now, member.actor, "second_step.codes", member.actor)
    return codes


async def leave(member: Member, session: int, password: str, now: datetime) -> None:
    """Another telephone, or none any more where none is asked for. Raises WrongPassword, TooManyTries."""
    await prove(member, password)
    await _take_off(member, session, member.actor, now)


async def reset(member: Member, actor: str, now: datetime) -> None:
    """Somebody else takes it off, who knows them: the telephone is lost, and the codes too. Every session ends."""
    await _take_off(member, 0, actor, now)
    await Throttle.reset(_limit(member).key)


async def _take_off(member: Member, session: int, actor: str, now: datetime) -> None:
    async with transaction():
        if (
            not await Member.filter(id=member.id)
            .exclude(code_since=None)
            .update(code_since=None, code_secret=None)
        ):
            return
        await RecoveryCode.end(member.id, now)
        await close_others(member, session)
        await Event.note(now, actor, "second_step.taken_off", member.actor)


async def _try(member: Member) -> Limit:
    own = _limit(member)
    if seconds := await Throttle.attempt(own):
        raise TooManyTries(seconds)
    return own


def _limit(member: Member) -> Limit:
    return Limit(f"second:{member.actor}")


def _mark(member: Member) -> str:
    """Of the password that was typed: another one since, and it is asked for again."""
    return hashlib.sha256(member.password.encode()).hexdigest()[:24]
