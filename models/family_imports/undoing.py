"""A file that was written is taken back within a day, but for the families that somebody has worked with since.

Whoever changes a family says so in its journal, so a row that came there after the file's last one keeps that family as
it is. So does whatever leans on one of its people by now.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial

from tortoise.models import Model

from models.activities.catalogue import current_catalogue
from models.families.child import Child, Home, Schooling
from models.families.family import Family
from models.families.guardian import Guardian
from models.family_file import classes
from models.family_imports.family_import import FamilyImport, ImportLine
from models.family_imports.writing import WRONG
from models.rules.imports.register import What
from models.storage.database import marks, retrying, rows, transaction
from models.work.audit_log import Event

AT_ONCE = 500  # rows
NOUNS: dict[What, type[Model]] = {What.CHILD: Child, What.PARENT: Guardian, What.FAMILY: Family}
LOOKS = ("view.began", "view.ended", "health.read")  # a look is no work


class TooLate(Exception):
    """It is not written, it was taken back already, or a day has passed."""


async def undo(id: int, member: int, now: datetime) -> None:
    """Raises TooLate, and nothing is changed."""
    await retrying(partial(_undo, id, member, now))


async def _undo(id: int, member: int, now: datetime) -> None:
    actor = f"member:{member}"
    async with transaction():
        await Family.lock_all()
        file = await FamilyImport.get(id=id).select_related("year")
        if not file.may_be_undone(now):
            raise TooLate
        await _keep_those(id, await _touched(file))
        last: int | None = None
        while lines := await _before(id, last):
            last = lines[-1].id
            await _take_back(file, lines, member, now)
        homes = await _homes(id)
        await Event.note_each(now, actor, "family.taken_back", {home: {"name": file.name} for home in homes})
        await Event.note(now, actor, "import.undone", f"import:{id}", name=file.name)
        await FamilyImport.filter(id=id).update(undone_at=now, undone_by=actor)


async def kept(id: int) -> list[tuple[int, str]]:
    """The families that stay as the file left them: id and number."""
    return [(row["id"], row["number"]) for row in await rows(_KEPT, [id])]


async def _touched(file: FamilyImport) -> set[int]:
    """The families of this file that somebody has worked with since."""
    worked = await rows(_WORKED, [file.id, file.last_event])
    found = {row["family_id"] for row in worked}
    for what, noun in NOUNS.items():
        made = {
            int(row["subject"].partition(":")[2]): row["home"]
            for row in await rows(_MADE, [file.id, str(what)])
        }
        ids = list(made)
        for first in range(0, len(ids), AT_ONCE):
            leaned = await leaned_on(noun, ids[first : first + AT_ONCE])
            found |= {made[one] for one in leaned}
    return found


async def leaned_on(noun: type[Model], ids: Sequence[int]) -> set[int]:
    """Those of these that rows of another table name, but for the homes and classes that go with them."""
    found: set[int] = set()
    for name in noun._meta.backward_fk_fields:
        relation = noun._meta.fields_map[name]
        other: type[Model] = relation.related_model  # type: ignore[attr-defined]
        if other in (Home, Schooling) or (noun, other) == (Family, Guardian):
            continue
        column = _column(other, relation.relation_source_field or relation.relation_field)  # type: ignore[attr-defined]
        question = (
            f"SELECT DISTINCT {column} AS id FROM {other._meta.db_table} WHERE {column} IN ({marks(ids)})"  # noqa: S608
        )
        found |= {row["id"] for row in await rows(question, ids)}
    return found


def _column(noun: type[Model], field: str) -> str:
    return noun._meta.fields_db_projection.get(field, field)


async def _keep_those(id: int, families: Collection[int]) -> None:
    every = sorted(families)
    for first in range(0, len(every), AT_ONCE):
        await ImportLine.filter(file_id=id, home__in=every[first : first + AT_ONCE]).update(kept=True)


async def _before(id: int, last: int | None) -> list[ImportLine]:
    """What is to be taken back, the last first: people before their families."""
    mine = ImportLine.filter(file_id=id, kept=False).exclude(what=WRONG)
    return await (mine.filter(id__lt=last) if last else mine).order_by("-id").limit(AT_ONCE)


async def _take_back(file: FamilyImport, lines: Sequence[ImportLine], member: int, now: datetime) -> None:
    by_kind: defaultdict[str, list[ImportLine]] = defaultdict(list)
    for line in lines:
        by_kind[line.what].append(line)
    for line in by_kind[What.CONTACT]:
        before = {column: text or ("" if column == "email" else None) for column, text in line.before.items()}
        await _put_back(line, Guardian, before)
    for line in by_kind[What.ADDRESS]:
        await _put_back(line, Family, line.before)
    await _classes_back(file, by_kind[What.CLASS], member, now)
    children = _ids(by_kind[What.CHILD])
    if children:
        await Schooling.filter(child_id__in=children).delete()
        await Home.filter(child_id__in=children).delete()
    for what, noun in NOUNS.items():
        if ids := _ids(by_kind[what]):
            await noun.filter(id__in=ids).delete()


async def _put_back(line: ImportLine, noun: type[Model], before: dict[str, object]) -> None:
    """As it was, where it is still as the file made it."""
    [id] = _ids([line])
    if not await noun.filter(id=id, **line.after).update(**before):
        await ImportLine.filter(id=line.id).update(kept=True)


async def _classes_back(file: FamilyImport, lines: Sequence[ImportLine], member: int, now: datetime) -> None:
    by_child = dict(zip(_ids(lines), lines, strict=True))
    there = await Schooling.filter(child_id__in=list(by_child), year_id=file.year_id)
    same = {
        row.child_id
        for row in there
        if {"school": row.school_id, "level": row.level} == by_child[row.child_id].after
    }
    gone = [line.id for child, line in by_child.items() if child not in same]
    await ImportLine.filter(id__in=gone).update(kept=True)
    back: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for child in sorted(same):
        before = by_child[child].before
        if before["school"] is None:
            await Schooling.filter(child_id=child, year_id=file.year_id).delete()
        else:
            back[before["school"], before["level"]].append(child)
    catalogue = await current_catalogue()
    for (school, level), children in back.items():
        await classes.move(catalogue, children, file.year, school, level, member, now)


async def _homes(id: int) -> list[int]:
    """The families whose lines were taken back."""
    return [row["home"] for row in await rows(_HOMES, [id])]


def _ids(lines: Sequence[ImportLine]) -> list[int]:
    return [int(line.subject.partition(":")[2]) for line in lines]


_WORKED = f"""
SELECT DISTINCT event.family_id FROM event
WHERE event.family_id IN (SELECT home FROM import_line WHERE file_id = ? AND home IS NOT NULL)
  AND event.id > ? AND event.action NOT IN ({", ".join(f"'{one}'" for one in LOOKS)})
"""  # noqa: S608
_MADE = "SELECT subject, home FROM import_line WHERE file_id = ? AND what = ?"
_HOMES = """
SELECT DISTINCT home FROM import_line WHERE file_id = ? AND home IS NOT NULL AND NOT kept ORDER BY home
"""
_KEPT = """
SELECT DISTINCT family.id, family.number FROM import_line JOIN family ON family.id = import_line.home
WHERE import_line.file_id = ? AND import_line.kept ORDER BY family.number
"""
