"""Who comes in with a cookie: the session, its person and the commune's revision, in one statement.

Every signed-in request begins with it, so it is written by hand: the ORM's own join takes five times as long.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from tortoise.models import Model

from models.access.member import Member
from models.access.session import Session, digest
from models.clock import real
from models.families.family import Family
from models.families.guardian import Guardian
from models.storage.database import records

NOUNS: dict[str, type[Model]] = {"session": Session, "guardian": Guardian, "family": Family, "member": Member}
ROW = TypeVar("ROW", bound=Model)


@dataclass(frozen=True, slots=True)
class Visit:
    session: Session
    guardian: Guardian | None  # with its family fetched; beside a member, whose pages that member looks at
    member: Member | None
    revision: int  # of the commune
    unread: int  # answers of the mairie that the guardian's household has not read
    rings: int  # what the guardian was told and has not read


async def visit(secret: str) -> Visit | None:
    """The live session of a cookie's secret; None when it ended, was revoked, or never was."""
    found = await records(_question(), [digest(secret)])
    if not found:
        return None
    session = _row(Session, "session", found[0])
    if not session.lives(real()):
        return None
    guardian = member = None
    if session.guardian_id is not None or session.viewed_id is not None:
        guardian = _row(Guardian, "guardian", found[0])
        guardian.family = _row(Family, "family", found[0])
    if session.member_id is not None:
        member = _row(Member, "member", found[0])
    return Visit(
        session, guardian, member, found[0]["revision"] or 0, int(found[0]["unread"]), int(found[0]["rings"])
    )


@cache
def _question() -> str:
    names = [f"{table}.{column} AS {table}_{column}" for table in NOUNS for column in _columns(NOUNS[table])]
    return (
        f"SELECT {', '.join(names)}, (SELECT revision FROM commune) AS revision, {_UNREAD} AS unread, "  # noqa: S608
        f"{_RINGS} AS rings FROM session "
        "LEFT JOIN guardian ON guardian.id = COALESCE(session.guardian_id, session.viewed_id) "
        "LEFT JOIN family ON family.id = guardian.family_id "
        "LEFT JOIN member ON member.id = session.member_id WHERE session.digest = ?"
    )


# By name, since the nouns of messages stand above this one; with the rest, since each page of a parent shows it.
_UNREAD = (
    "(SELECT COUNT(*) FROM message_thread JOIN message ON message.thread_id = message_thread.id "
    "WHERE message_thread.family_id = family.id AND message.member_id IS NOT NULL AND message.read_at IS NULL)"
)
_RINGS = "(SELECT COUNT(*) FROM bell_entry WHERE bell_entry.guardian_id = guardian.id AND bell_entry.read_at IS NULL)"


@cache
def _columns(noun: type[Model]) -> tuple[str, ...]:
    return tuple(noun._meta.fields_db_projection.values())


@cache
def _begins(table: str) -> int:
    """Where its columns begin in the answer."""
    before = list(NOUNS)[: list(NOUNS).index(table)]
    return sum(len(_columns(NOUNS[one])) for one in before)


def _row(noun: type[ROW], table: str, found: Sequence[Any]) -> ROW:
    columns, begins = _columns(noun), _begins(table)
    return noun._init_from_db(**dict(zip(columns, found[begins : begins + len(columns)], strict=True)))
