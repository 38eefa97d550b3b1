"""What the portal does in the background, as the mairie reads it: the work that failed or waits, and the e-mails."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from models.rules.deadlines import PARIS
from models.storage.database import as_instant, rows
from models.storage.paging import Cut, Listing, Name, Page, Where


@dataclass(frozen=True, slots=True)
class TaskLine:
    id: int
    name: str  # of a job
    tries: int
    error: str  # of the last try; "": none failed
    failed: bool  # for good: nobody tries it again by itself
    due: datetime


@dataclass(frozen=True, slots=True)
class EmailLine:
    id: int
    subject: str
    recipient: str
    written_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counts:
    troubles: int
    waiting: int
    emails: int


async def troubles(cut: Cut) -> Page[TaskLine]:
    """Failed for good, or at least once and still tried."""
    return await _TASKS.page(Where(_TROUBLE), cut)


async def waiting(cut: Cut) -> Page[TaskLine]:
    return await _TASKS.page(Where("task.state = 'ready'"), cut)


async def emails(cut: Cut, search: str = "") -> Page[EmailLine]:
    return await _EMAILS.page(Where().containing(search, "email.subject"), cut)


async def counts() -> Counts:
    (row,) = await rows(_COUNTS)
    return Counts(**{name: int(number) for name, number in row.items()})


async def count_troubles() -> int:
    return await _TASKS.count(Where(_TROUBLE))


def _task(row: dict[str, Any]) -> TaskLine:
    return TaskLine(
        id=row["id"],
        name=row["name"],
        tries=row["tries"],
        error=row["error"] or "",
        failed=row["state"] == "failed",
        due=datetime.fromtimestamp(row["due"], PARIS),
    )


def _email(row: dict[str, Any]) -> EmailLine:
    moments = {name: as_instant(row[name]) for name in ("written_at", "sent_at")}
    return EmailLine(**cast(dict[str, Any], {**row, **moments}))


_TROUBLE = "(task.state = 'failed' OR (task.state = 'ready' AND task.error IS NOT NULL))"
_COUNTS = f"""
SELECT (SELECT COUNT(*) FROM task WHERE {_TROUBLE}) AS troubles,
  (SELECT COUNT(*) FROM task WHERE state = 'ready') AS waiting, (SELECT COUNT(*) FROM email) AS emails
"""  # noqa: S608 (the condition is ours)

_TASKS = Listing(
    columns="task.id, task.name, task.tries, task.error, task.state, task.due",
    source="task",
    orders={
        "last": ("task.id",),
        "due": ("task.due", "task.id"),
        "tries": ("task.tries", "task.id"),
    },
    row=_task,
)
_EMAILS = Listing(
    columns="email.id, email.subject, email.recipient, email.written_at, email.sent_at",
    source="email",
    orders={
        "written": ("email.written_at", "email.id"),
        "sent": ("CASE WHEN email.sent_at IS NULL THEN 1 ELSE 0 END", "email.sent_at", "email.id"),
        "subject": (Name("email.subject"), "email.id"),
    },
    row=_email,
)
