"""« Télécharger mes données »: what is told of a parent's household, table by table, and the files beside it."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import PurePath
from typing import Any

from tortoise import Tortoise, fields
from tortoise.models import Model

from models.access.guardian_account import prove
from models.families.family import Family
from models.families.file.health import unsealed
from models.families.file.merge import FamilyMerge
from models.families.guardian import Guardian
from models.french.file_changes import health_said
from models.french.journal import title
from models.personal_data.data_copy import DataCopy
from models.personal_data.part import NOBODY, Part
from models.personal_data.register import CHAPTERS, PARTS
from models.personal_data.words import NAMES, WORDS
from models.storage.database import as_instant, as_json, rows, transaction
from models.storage.encryption import Unreadable, unseal
from models.storage.fields import Instant
from models.work.audit_log import Event
from models.work.task import Task

LOST = "Cela ne peut plus être ouvert\u00a0: la clé manque."
SECONDS = {"created", "seen"}  # moments that are kept as seconds


@dataclass(frozen=True, slots=True)
class Told:
    """One list: its French title, and each row by its French words."""

    title: str
    rows: list[dict[str, Any]]
    chapter: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    name: str  # « documents/12-facture.pdf »
    content: bytes


async def ask(guardian: Guardian, password: str, now: datetime) -> int:
    """The number of the copy that is made now; the one that is there already, asked for twice. The journal keeps it.

    Raises WrongPassword, TooManyTries.
    """
    await prove(guardian, password)
    async with transaction():
        await Family.lock(guardian.family_id)
        if (there := await DataCopy.live(guardian.id)) is not None:
            return there.id
        made = await DataCopy.begin(guardian.id, now)
        await Event.note(now, guardian.actor, "data.exported", guardian.actor, guardian.family_id)
        await Task.later("draw_data_copy", made.id, key=f"data_copy:{made.id}")
        return made.id


async def read(guardian: Guardian) -> list[Told]:
    """Lists with nothing in them are left out."""
    nouns = {noun._meta.db_table: noun for noun in Tortoise.apps["models"].values()}
    whose = await _ids(guardian)
    found = [
        Told(part.title, await _rows(part, nouns[part.table], whose), chapter)
        for chapter, parts in CHAPTERS.items()
        for part in parts
        if part.title
    ]
    return [one for one in found if one.rows]


async def papers(guardian: Guardian) -> AsyncIterator[Paper]:
    """Invoices, receipts, papers that were sent, files of messages: one in memory at a time."""
    whose = await _ids(guardian)
    for part in PARTS:
        if part.file:
            sql = f'SELECT id FROM "{part.table}" WHERE {_whose(part, whose)} ORDER BY id'  # noqa: S608
            for row in await rows(sql):
                yield await _paper(part, row["id"])


async def _paper(part: Part, id: int) -> Paper:
    sealed = part.seal or "NULL"
    sql = f'SELECT name, "{part.file}" AS content, {sealed} AS sealed FROM "{part.table}" WHERE id = ?'  # noqa: S608
    [row] = await rows(sql, [id])
    name = PurePath(str(row["name"]).replace("\\", "/")).name
    content, name = bytes(row["content"] or b""), f"documents/{part.table}-{id}-{name}"
    try:
        return Paper(name, unseal(content) if row["sealed"] else content)
    except Unreadable:  # the rest leaves all the same
        return Paper(f"{name}.txt", LOST.encode())


async def _ids(guardian: Guardian) -> Mapping[str, str]:
    """What a `whose` is filled with. Of ids alone: nothing of a form stands in it."""
    files = await FamilyMerge.files_of(guardian.family_id)
    ids = {"family": guardian.family_id, "guardian": guardian.id}
    return {name: str(int(id)) for name, id in ids.items()} | {
        "files": ", ".join(str(int(id)) for id in files)
    }


def _whose(part: Part, ids: Mapping[str, str]) -> str:
    return (part.whose or NOBODY).format(**ids)


async def _rows(part: Part, noun: type[Model], whose: Mapping[str, str]) -> list[dict[str, Any]]:
    columns = part.told.split()
    picked = ", ".join(_picked(part.table, column) for column in columns)
    sql = f'SELECT id, {picked} FROM "{part.table}" WHERE {_whose(part, whose)} ORDER BY id'  # noqa: S608
    return [
        {"n°": row["id"]} | {_word(column): _value(noun, column, row[column]) for column in columns}
        for row in await rows(sql)
    ]


def _picked(table: str, column: str) -> str:
    _, other, name = NAMES.get(column, ("", "", ""))
    if not other:
        return f'"{column}"'
    return f'(SELECT {name} FROM {other} WHERE {other}.id = "{table}"."{column}") AS "{column}"'  # noqa: S608


def _word(column: str) -> str:
    return NAMES[column][0] if column in NAMES else WORDS[column]


def _value(noun: type[Model], column: str, value: Any) -> Any:
    """As JSON has it; moments in Paris time. A name stands where a key did."""
    kept = noun._meta.fields_map.get(column)
    if value is None or kept is None:
        return value
    if isinstance(kept, Instant):
        moment = as_instant(value)
        return moment and moment.isoformat(timespec="seconds")
    if column in SECONDS and isinstance(value, float):
        return datetime.fromtimestamp(value, UTC).isoformat(timespec="seconds")
    if isinstance(kept, fields.JSONField):
        return _opened(as_json(value))
    if isinstance(kept, fields.BooleanField):
        return bool(value)
    if column == "sealed":
        return _health(bytes(value).decode())
    if column == "action":
        return title(value)
    return value.isoformat() if isinstance(value, date) else value


def _opened(kept: Any) -> Any:
    """A request about a child's health keeps it sealed."""
    if isinstance(kept, dict) and "sealed" in kept:
        return _health(kept["sealed"])
    return kept


def _health(kept: str) -> Any:
    try:
        return health_said(unsealed(kept))
    except Unreadable:
        return LOST
