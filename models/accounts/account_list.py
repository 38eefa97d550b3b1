"""Who has an account, as the mairie reads it: a page of guardians, and how many are where."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from models.access.first_connection import REFUSED
from models.rules.accounts import standing
from models.rules.accounts.standing import Standing
from models.storage.database import as_instant, instant, rows
from models.storage.paging import Cut, Listing, Name, Page, Where

LATELY = timedelta(days=7)
Which = Literal["", "none", "open", "blocked"]


@dataclass(frozen=True, slots=True)
class AccountLine:
    id: int  # of the guardian
    first_name: str
    last_name: str
    family: str  # its number
    username: str
    email: str
    unreachable_since: datetime | None  # the mail server refuses this address
    standing: Standing
    seen_at: datetime | None  # signed in last
    letter_at: datetime | None  # of the last letter
    invited_at: datetime | None  # of the last link that opens an account


@dataclass(frozen=True, slots=True)
class Counts:
    all: int
    none: int
    open: int
    blocked: int


async def page(cut: Cut, which: Which = "", search: str = "") -> Page[AccountLine]:
    where = Where().containing(search, *_SEARCHED)
    return await _LISTING.page(where.and_also(_WHICH[which]) if which else where, cut)


async def counts() -> Counts:
    found = (await rows(_COUNTS))[0]
    return Counts(**{name: int(found[name] or 0) for name in ("all", "none", "open", "blocked")})


async def refused_lately(now: datetime) -> int:
    """First connections that were refused in the last week."""
    return int((await rows(_REFUSED, [instant(now - LATELY)]))[0]["number"])


def _line(row: dict[str, Any]) -> AccountLine:
    same = ("id", "first_name", "last_name", "username", "email")
    return AccountLine(
        **{name: row[name] for name in same},
        family=row["number"],
        standing=standing.standing(
            has_password=bool(row["opened"]), is_blocked=row["blocked_at"] is not None
        ),
        unreachable_since=as_instant(row["unreachable_since"]),
        seen_at=as_instant(row["seen_at"]),
        letter_at=as_instant(row["letter_at"]),
        invited_at=as_instant(row["invited_at"]),
    )


_WHICH: dict[Which, str] = {
    "none": "guardian.password IS NULL AND guardian.blocked_at IS NULL",
    "open": "guardian.password IS NOT NULL AND guardian.blocked_at IS NULL",
    "blocked": "guardian.blocked_at IS NOT NULL",
}
_COUNTS = f"""
SELECT COUNT(*) AS "all", SUM(CASE WHEN {_WHICH["none"]} THEN 1 ELSE 0 END) AS none,
  SUM(CASE WHEN {_WHICH["open"]} THEN 1 ELSE 0 END) AS open,
  SUM(CASE WHEN {_WHICH["blocked"]} THEN 1 ELSE 0 END) AS blocked FROM guardian
"""  # noqa: S608
_REFUSED = f"""
SELECT COUNT(*) AS number FROM event WHERE object = 'first_connection' AND action = '{REFUSED}' AND at >= ?
"""  # noqa: S608
_SEARCHED = ("guardian.first_name || ' ' || guardian.last_name", "guardian.last_name || ' ' || guardian.first_name",
             "family.number", "guardian.email", "guardian.username")  # fmt: skip
_NAMES = (Name("guardian.last_name"), Name("guardian.first_name"), "guardian.id")

_LISTING = Listing(
    columns="""
guardian.id, guardian.first_name, guardian.last_name, guardian.username, guardian.email, guardian.blocked_at,
  CASE WHEN guardian.refused_email = guardian.email THEN guardian.refused_at END AS unreachable_since,
  CASE WHEN guardian.password IS NULL THEN 0 ELSE 1 END AS opened, family.number,
  (SELECT MAX(at) FROM event WHERE event.object = 'guardian:' || guardian.id
    AND event.action = 'session.open') AS seen_at,
  (SELECT MAX(made_at) FROM access_letter WHERE access_letter.guardian_id = guardian.id) AS letter_at,
  (SELECT MAX(made_at) FROM access_token WHERE access_token.guardian_id = guardian.id
    AND access_token.purpose = 'activation') AS invited_at""",
    source="guardian JOIN family ON family.id = guardian.family_id",
    orders={
        "name": _NAMES,
        "family": ("family.number", "guardian.position", "guardian.id"),
        "email": (Name("guardian.email"), "guardian.id"),
    },
    row=_line,
)
