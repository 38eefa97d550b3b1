"""The agents as an administrator reads them, in one question."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.storage.database import as_instant, as_json, rows


@dataclass(frozen=True, slots=True)
class MemberLine:
    id: int
    name: str
    username: str
    email: str
    roles: list[str]
    joined: bool  # has chosen a password
    blocked_at: datetime | None
    code_since: datetime | None  # of the second step
    codes_left: int  # of recovery
    seen_at: datetime | None  # signed in last
    invited_at: datetime | None  # of the last link


async def members() -> list[MemberLine]:
    """Those who may come in first, then by name: a mairie has dozens of them at most."""
    return [_line(row) for row in await rows(_MEMBERS)]


def _line(row: dict[str, Any]) -> MemberLine:
    return MemberLine(
        id=row["id"],
        name=row["name"],
        username=row["username"],
        blocked_at=as_instant(row["blocked_at"]),
        code_since=as_instant(row["code_since"]),
        seen_at=as_instant(row["seen_at"]),
        invited_at=as_instant(row["invited_at"]),
        email=row["email"] or "",
        roles=as_json(row["roles"]),
        joined=row["password"] != "",
        codes_left=int(row["codes_left"]),
    )


_MEMBERS = """
SELECT member.id, member.name, member.username, member.email, member.roles, member.password, member.blocked_at,
  member.code_since,
  (SELECT COUNT(*) FROM recovery_code WHERE recovery_code.member_id = member.id
    AND used_at IS NULL AND replaced_at IS NULL) AS codes_left,
  (SELECT MAX(at) FROM event WHERE event.object = 'member:' || member.id AND action = 'session.open') AS seen_at,
  (SELECT MAX(made_at) FROM member_invitation WHERE member_id = member.id) AS invited_at
FROM member ORDER BY CASE WHEN member.blocked_at IS NULL THEN 0 ELSE 1 END, member.name, member.id
"""
