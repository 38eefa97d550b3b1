"""What an administrator does to agents: invite, change, block. One of them always stays who may do it."""

from collections.abc import Sequence
from datetime import datetime

from models.access.guardian_account import close_others
from models.access.member import Member
from models.access.staff.invitation import Invitation
from models.access.throttle import Throttle
from models.families.guardian import Guardian
from models.rules.roles import ADMINISTRATOR, ROLES
from models.storage.database import is_sqlite, rows, transaction
from models.work.audit_log import Event


class NameTaken(Exception):
    """Somebody has this user name: an agent, or a parent."""


class LastAdministrator(Exception):
    """Nobody would be left who may do this again."""


class OnOneself(Exception):
    """An administrator closes no door behind themselves: another one does."""


async def invite(
    username: str, name: str, email: str, roles: Sequence[str], actor: str, now: datetime
) -> Member:
    """A new agent, who chooses a password by the link of an e-mail. Raises NameTaken."""
    async with transaction():
        await _alone()
        await _refuse_taken(username)
        member = await Member.create(
            username=username, name=name, email=email, password="", roles=_ordered(roles)
        )
        await Invitation.make(member, email, now)
        await Event.note(now, actor, "member.invited", member.actor, None, after=_said(member))
    return member


async def first(username: str, name: str, email: str, hashed: str, now: datetime) -> Member | None:
    """The first administrator of an installation; None when there is an agent already. Raises NameTaken."""
    async with transaction():
        await _alone()
        if await Member.exists():
            return None
        await _refuse_taken(username)
        member = await Member.create(
            username=username, name=name, email=email, password=hashed, roles=[ADMINISTRATOR]
        )
        await Event.note(now, "command", "member.first", member.actor, None, after=_said(member))
    return member


async def write_again(member: int, actor: str, now: datetime) -> bool:
    """Another link: the first one was lost, or the password was. False where there is no address, or no access."""
    async with transaction():
        await _alone()
        found = await Member.get(id=member)
        if not found.email or found.blocked_at:
            return False
        await Invitation.make(found, found.email, now)
        await Event.note(now, actor, "member.written", found.actor)
    return True


async def change(member: int, name: str, email: str, roles: Sequence[str], actor: str, now: datetime) -> bool:
    """Another name, address or other roles, with which every session begins anew. False when nothing changes.

    Raises LastAdministrator, OnOneself (who takes the role of administrator from themselves).
    """
    wanted = _ordered(roles)
    async with transaction():
        await _alone()
        found = await Member.get(id=member)
        before = _said(found)
        if ADMINISTRATOR in found.roles and ADMINISTRATOR not in wanted:
            if found.actor == actor:
                raise OnOneself
            await _leave_one(found)
        moved = wanted != _ordered(found.roles)
        found.name, found.email, found.roles = name, email, wanted
        if _said(found) == before:
            return False
        await Member.filter(id=member).update(name=name, email=email, roles=wanted)
        if moved and found.actor != actor:
            await close_others(found, 0)
        await Event.note(now, actor, "member.changed", found.actor, None, before=before, after=_said(found))
    return True


async def block(member: int, actor: str, now: datetime) -> bool:
    """Signed out everywhere from the next request on. False when it was blocked already.

    Raises LastAdministrator, OnOneself.
    """
    async with transaction():
        await _alone()
        found = await Member.get(id=member)
        if found.blocked_at:
            return False
        if found.actor == actor:
            raise OnOneself
        if ADMINISTRATOR in found.roles:
            await _leave_one(found)
        await Member.filter(id=member).update(blocked_at=now)
        await close_others(found, 0)
        await Invitation.end(member, now)
        await Event.note(now, actor, "member.block", found.actor)
    return True


async def unblock(member: int, actor: str, now: datetime) -> None:
    """Whatever kept them out: the mairie, or too many tries lately."""
    async with transaction():
        await _alone()
        found = await Member.get(id=member)
        await Member.filter(id=member).update(blocked_at=None)
        await Event.note(now, actor, "member.unblock", found.actor)
    for key in ("account", "device", "password", "second"):
        await Throttle.reset(f"{key}:{found.actor}")


async def _leave_one(leaving: Member) -> None:
    others = await Member.filter(blocked_at=None).exclude(id=leaving.id).exclude(password="")
    if not any(ADMINISTRATOR in member.roles for member in others):
        raise LastAdministrator


async def _refuse_taken(username: str) -> None:
    if await Member.exists(username__iexact=username) or await Guardian.exists(username__iexact=username):
        raise NameTaken


async def _alone() -> None:
    """One change of agents at a time: two administrators who block each other are two in turn. SQLite's transactions
    take turns anyway."""
    if not is_sqlite():
        await rows("SELECT pg_advisory_xact_lock(hashtext(?))", ["members"])


def _said(member: Member) -> dict[str, object]:
    return {"name": member.name, "email": member.email or "", "roles": list(member.roles)}


def _ordered(roles: Sequence[str]) -> list[str]:
    return [role for role in ROLES if role in roles]
