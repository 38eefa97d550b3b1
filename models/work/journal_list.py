"""The journal as the mairie reads it: every row, or those of somebody, of a family, of a kind, of some days."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from models.rules.deadlines import paris
from models.storage.database import as_date, as_instant, as_json, instant, marks, rows
from models.storage.folding import fold, folded
from models.storage.paging import LIKE_MARKS, Cut, Listing, Page, Where


@dataclass(frozen=True, slots=True)
class EventLine:
    id: int
    at: datetime
    action: str
    who: str  # a person's name, or who the journal says it was: "clock", "bank:demo"
    about: str  # the name of what it is about; ""
    family_id: int | None
    family: str  # its number; ""
    details: Mapping[str, Any]
    emptied_at: datetime | None = None  # an erasure took the details away


@dataclass(frozen=True, slots=True)
class Asked:
    who: str = ""  # "member:3", or a kind of somebody: "member", "guardian", "machine"
    nouns: Sequence[str] = ()  # of the action: « request » of « request.accepted »; none: all
    search: str = ""  # a file's number, or the name of somebody of the family
    first: date | None = None
    last: date | None = None


async def page(cut: Cut, asked: Asked) -> Page[EventLine]:
    """The last first."""
    found = await _LISTING.page(_where(asked), cut)
    names = await names_of({said for row in found.rows for said in (row["actor"], row["object"])})
    return Page([_line(row, names) for row in found.rows], found.total, found.number, found.size)


def _where(asked: Asked) -> Where:
    where = Where()
    if asked.who in ("member", "guardian"):
        where = where.and_also("event.actor LIKE ?", f"{asked.who}:%")
    elif asked.who == "machine":
        where = where.and_also("event.actor NOT LIKE 'member:%' AND event.actor NOT LIKE 'guardian:%'")
    elif asked.who:
        where = where.and_also("event.actor = ?", asked.who)
    if asked.nouns:
        tried = " OR ".join(r"event.action LIKE ? ESCAPE '\'" for _ in asked.nouns)
        where = where.and_also(tried, *(f"{noun.translate(LIKE_MARKS)}.%" for noun in asked.nouns))
    if asked.search:
        pattern = f"%{fold(asked.search).translate(LIKE_MARKS)}%"
        where = where.and_also(_of_family(), pattern, pattern, pattern)
    if asked.first:
        where = where.and_also("event.at >= ?", instant(paris(asked.first, 0)))
    if asked.last:
        where = where.and_also("event.at < ?", instant(paris(asked.last + timedelta(days=1), 0)))
    return where


def _line(row: dict[str, Any], names: Mapping[str, str]) -> EventLine:
    return EventLine(
        id=row["id"],
        at=cast(datetime, as_instant(row["at"])),
        action=row["action"],
        who=names.get(row["actor"], row["actor"]),
        about=names.get(row["object"], ""),
        family_id=row["family_id"],
        family=row["number"] or "",
        details=as_json(row["details"]) or {},
        emptied_at=as_instant(row["emptied_at"]),
    )


def _of_family() -> str:
    """Its number, or the name of one of its parents."""
    last, first = folded("guardian.last_name"), folded("guardian.first_name")
    return (
        rf"{folded('family.number')} LIKE ? ESCAPE '\' OR EXISTS (SELECT 1 FROM guardian "  # noqa: S608
        rf"WHERE guardian.family_id = event.family_id AND ({last} LIKE ? ESCAPE '\' OR {first} LIKE ? ESCAPE '\'))"
    )


async def names_of(said: Collection[str]) -> dict[str, str]:
    """What is known by a name, among what the journal names: « guardian:3 », « request:12 »; one question a kind."""
    found: dict[str, str] = {}
    for noun, question in _NAMED.items():
        ids = [int(one.partition(":")[2]) for one in said if re.fullmatch(rf"{noun}:[0-9]{{1,9}}", one)]
        if ids:
            for row in await rows(question.format(marks(ids)), ids):
                found[f"{noun}:{row['id']}"] = _named(row)
    return found


def _named(row: dict[str, Any]) -> str:
    """« Chloé, Repas de midi, 07/09/2026 »: the day where there is one."""
    day = row.get("day")
    return f"{row['name']}, {as_date(day):%d/%m/%Y}" if day else str(row["name"])


_DAY = """FROM booking JOIN child ON child.id = booking.child_id JOIN slot ON slot.id = booking.slot_id"""
_PERSON = "first_name || ' ' || last_name AS name"
_NAMED = {
    "guardian": f"SELECT id, {_PERSON} FROM guardian WHERE id IN ({{}})",  # noqa: S608
    "child": f"SELECT id, {_PERSON} FROM child WHERE id IN ({{}})",  # noqa: S608
    "member": "SELECT id, name FROM member WHERE id IN ({})",
    "till": "SELECT id, name FROM till WHERE id IN ({})",
    "year": "SELECT id, name FROM school_year WHERE id IN ({})",
    "booking": "SELECT booking.id, child.first_name || ', ' || slot.name AS name, booking.day "
    f"{_DAY} WHERE booking.id IN ({{}})",
    "request": "SELECT request.id, child.first_name || ', ' || slot.name AS name, booking.day "
    f"{_DAY} JOIN request ON request.booking_id = booking.id WHERE request.id IN ({{}})",
    "absence": "SELECT absence.id, child.first_name || ', ' || slot.name AS name, booking.day "
    f"{_DAY} JOIN absence ON absence.booking_id = booking.id WHERE absence.id IN ({{}})",
}
_LISTING: Listing[dict[str, Any]] = Listing(
    columns="event.id, event.at, event.actor, event.action, event.object, event.family_id, event.details, "
    "event.emptied_at, "
    "family.number",
    source="event LEFT JOIN family ON family.id = event.family_id",
    orders={"last": ("event.id",)},
    row=lambda row: row,
)
