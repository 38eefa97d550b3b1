"""Conversations as a family reads them, and as the mairie does: lists, one of them whole, what is new."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from models.messages.attachment import MessageAttachment
from models.messages.thread import MessageThread
from models.rules.states.threads import ThreadState
from models.storage.database import as_instant, marks, rows
from models.storage.paging import Cut, Listing, Name, Page, Where

ROWS = 30  # of a family's list
PREVIEW = 160  # letters of a message that a list shows


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """A line of a family's list."""

    id: int
    subject: str
    department: str
    state: str
    at: datetime
    preview: str  # of the message that the list is about
    by_mairie: bool
    unread: int


async def of_family(family: int, *, received: bool, page: int = 1) -> tuple[list[ThreadRow], bool]:
    """The last first: what the mairie wrote, or what the family did; and whether there are older ones."""
    found = await rows(
        _OF_FAMILY.format(writer="member_id" if received else "guardian_id"),
        [PREVIEW, family, ROWS + 1, (page - 1) * ROWS],
    )
    lines = [
        ThreadRow(
            **{
                **row,
                "at": as_instant(row["at"]),
                "by_mairie": received,
                "preview": " ".join(row["preview"].split()),
            }
        )
        for row in found
    ]
    return lines[:ROWS], len(lines) > ROWS


@dataclass(frozen=True, slots=True)
class FileRow:
    id: int
    name: str
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class MessageRow:
    id: int
    text: str
    sent_at: datetime
    guardian: str  # who wrote: one of these two
    member: str
    guardian_id: int | None
    unread: bool
    files: tuple[FileRow, ...]


async def messages(thread: int) -> list[MessageRow]:
    """All of a conversation, the oldest first."""
    found = await rows(_MESSAGES, [thread])
    files = await _files([row["id"] for row in found])
    return [
        MessageRow(
            id=row["id"],
            text=row["text"],
            sent_at=cast(datetime, as_instant(row["sent_at"])),
            guardian=row["guardian"] or "",
            member=row["member"] or "",
            guardian_id=row["guardian_id"],
            unread=row["read_at"] is None,
            files=tuple(files.get(row["id"], ())),
        )
        for row in found
    ]


async def _files(ids: list[int]) -> Mapping[int, list[FileRow]]:
    found: dict[int, list[FileRow]] = {}
    if not ids:
        return found
    columns = "id, message_id, name, size"  # and not what the file holds
    where = f"message_id IN ({marks(ids)})"
    question = f"SELECT {columns} FROM message_attachment WHERE {where} ORDER BY id"  # noqa: S608
    for row in await rows(question, ids):
        found.setdefault(row["message_id"], []).append(FileRow(row["id"], row["name"], row["size"]))
    return found


async def file_of(thread: int, file: int) -> MessageAttachment | None:
    """One file of this conversation, with what it holds."""
    found = await MessageAttachment.get_or_none(id=file, message__thread_id=thread).select_related("mass")
    if found is not None and found.mass is not None:
        found.content = found.mass.content
    return found


async def thread_of_family(id: int, family: int) -> MessageThread | None:
    """One of the family's own."""
    found = MessageThread.get_or_none(id=id, family_id=family)
    return await found.select_related("department", "topic", "child")


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A line of the mairie's list."""

    id: int
    subject: str
    department: str
    topic: str
    family: str  # its number
    name: str  # of the guardian who began
    child: str
    state: str
    assigned: str  # who of the mairie takes care of it
    last_at: datetime
    unread: int  # messages of the family that nobody of the mairie has read
    files: int


async def page(
    cut: Cut,
    *,
    state: str = "",
    department: int | None = None,
    assigned: int | None = None,
    unread: bool = False,
    search: str = "",
) -> Page[InboxRow]:
    """`state`: a ThreadState, or all of them. `assigned`: a member; 0: to nobody. What was written to many families
    and nobody answered is only searched for."""
    where = Where() if search else Where(_ANSWERABLE)
    if state:
        where = where.and_also("thread.state = ?", state)
    if department is not None:
        where = where.and_also("thread.department_id = ?", department)
    if assigned is not None:
        one = ("thread.assigned_id = ?", assigned) if assigned else ("thread.assigned_id IS NULL",)
        where = where.and_also(*one)
    if unread:
        where = where.and_also(f"{_UNREAD} > 0")
    return await _LISTING.page(where.containing(search, *_SEARCHED), cut)


async def all_of(family: int, cut: Cut) -> Page[InboxRow]:
    """Every conversation of a family, and what was written to it among many."""
    return await _LISTING.page(Where("thread.family_id = ?", (family,)), cut)


async def others(family: int, some: int = 6) -> list[MessageThread]:
    """The last conversations of a family."""
    return await MessageThread.filter(family_id=family).order_by("-last_at", "-id").limit(some)


async def counts() -> dict[str, int]:
    """Conversations by state, and « unread »: those with something new for the mairie."""
    found = await rows(_COUNTS)
    by_state = {row["state"]: int(row["number"]) for row in found}
    return {
        **dict.fromkeys(ThreadState, 0),
        **by_state,
        "unread": sum(int(row["unread"] or 0) for row in found),
    }


async def waiting() -> tuple[int, datetime | None]:
    """How many conversations wait for the mairie's answer, and since when the first of them does."""
    found = (await rows(_WAITING, [ThreadState.OPEN]))[0]
    return int(found["number"]), as_instant(found["since"])


def _row(row: dict[str, Any]) -> InboxRow:
    read = {
        "last_at": as_instant(row["last_at"]),
        "child": row["child"] or "",
        "assigned": row["assigned"] or "",
    }
    return InboxRow(**{**row, **read})


_OF_FAMILY = """
SELECT thread.id, thread.subject, department.name AS department, thread.state, said.sent_at AS at,
  SUBSTR(said.text, 1, ?) AS preview,
  (SELECT COUNT(*) FROM message AS news
    WHERE news.thread_id = thread.id AND news.member_id IS NOT NULL AND news.read_at IS NULL) AS unread
FROM message_thread AS thread JOIN department ON department.id = thread.department_id
JOIN message AS said ON said.id = (SELECT MAX(one.id) FROM message AS one
  WHERE one.thread_id = thread.id AND one.{writer} IS NOT NULL)
WHERE thread.family_id = ? ORDER BY said.sent_at DESC, thread.id DESC LIMIT ? OFFSET ?
"""
_MESSAGES = """
SELECT message.id, message.text, message.sent_at, message.read_at, message.guardian_id,
  guardian.first_name || ' ' || guardian.last_name AS guardian, member.name AS member
FROM message LEFT JOIN guardian ON guardian.id = message.guardian_id
LEFT JOIN member ON member.id = message.member_id WHERE message.thread_id = ? ORDER BY message.id
"""
_UNREAD = """(SELECT COUNT(*) FROM message
  WHERE message.thread_id = thread.id AND message.guardian_id IS NOT NULL AND message.read_at IS NULL)"""
_ANSWERABLE = """(NOT EXISTS (SELECT 1 FROM mass_recipient WHERE mass_recipient.thread_id = thread.id)
  OR EXISTS (SELECT 1 FROM message WHERE message.thread_id = thread.id AND message.guardian_id IS NOT NULL))"""
_SEARCHED = (
    "thread.subject",
    "family.number",
    "guardian.first_name || ' ' || guardian.last_name",
    "topic.name",
)
_LISTING = Listing(
    columns=f"""
thread.id, thread.subject, department.name AS department, topic.name AS topic, family.number AS family,
  guardian.first_name || ' ' || guardian.last_name AS name, child.first_name AS child, thread.state,
  agent.name AS assigned, thread.last_at,
  {_UNREAD} AS unread, (SELECT COUNT(*) FROM message_attachment
    JOIN message ON message.id = message_attachment.message_id WHERE message.thread_id = thread.id) AS files""",  # noqa: S608
    source="""message_thread AS thread JOIN department ON department.id = thread.department_id
  JOIN topic ON topic.id = thread.topic_id JOIN family ON family.id = thread.family_id
  JOIN guardian ON guardian.id = thread.guardian_id LEFT JOIN child ON child.id = thread.child_id
  LEFT JOIN member AS agent ON agent.id = thread.assigned_id""",
    orders={
        "last": ("thread.last_at", "thread.id"),
        "subject": (Name("thread.subject"), "thread.id"),
        "family": (Name("guardian.last_name"), "thread.id"),
    },
    row=_row,
)
_COUNTS = f"""
SELECT thread.state, COUNT(*) AS number, SUM(CASE WHEN {_UNREAD} > 0 THEN 1 ELSE 0 END) AS unread
FROM message_thread AS thread WHERE {_ANSWERABLE} GROUP BY thread.state
"""  # noqa: S608
_WAITING = "SELECT COUNT(*) AS number, MIN(last_at) AS since FROM message_thread WHERE state = ?"
