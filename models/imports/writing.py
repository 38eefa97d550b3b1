"""A file is written: all that its good lines say, in one transaction; and it is taken back within a day, as one.

One transaction, whatever its size: on SQLite others wait meanwhile, which is why each kind has its `most`.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from models.families.family import Family
from models.family_imports.family_import import FamilyImport, ImportLine
from models.family_imports.reading import FileFlaw
from models.family_imports.undoing import TooLate
from models.family_imports.writing import WRONG
from models.imports import comparing
from models.imports.kind import Kind, Work, Written
from models.rules.files.mistakes import Mistake, WrongFile
from models.rules.imports.register import Did
from models.rules.imports.table import Outcome
from models.storage.database import retrying, rows, transaction
from models.work.audit_log import Event

CHANGING = (Did.CREATED, Did.CHANGED)


async def write(kind: Kind[Any], id: int, member: int, now: datetime) -> None:
    """Done twice, it is done once. Raises WrongFile, and nothing is written."""
    families = await retrying(partial(_write, kind, id, member, now))
    await kind.after(families, now)


async def _write(kind: Kind[Any], id: int, member: int, now: datetime) -> list[int]:
    async with transaction():
        await Family.lock_all()
        file = await FamilyImport.get(id=id).select_related("year")
        if not file.is_open:
            return []
        found = await comparing.preview(kind, file, now.date())
        changing = [one for one in found.outcomes if one.did in CHANGING]
        if len(changing) > kind.most:
            raise WrongFile([Mistake(changing[kind.most].line, FileFlaw.LINES)])
        work = Work(file, member, now)
        written = await kind.write(changing, work)
        await ImportLine.bulk_create(_kept(id, changing, written, found.outcomes))
        said = {str(did): found.counts[did] for did in Did}
        await Event.note(now, work.actor, "import.written", f"import:{id}", name=file.name, **said)
        [last] = await rows("SELECT MAX(id) AS id FROM event")
        await FamilyImport.filter(id=id).update(
            content=None, applied_at=now, applied_by=work.actor, last_event=last["id"], **said
        )
    return _families(changing)


def _kept(
    id: int, changing: Sequence[Outcome[Any]], written: Sequence[Written], outcomes: Sequence[Outcome[Any]]
) -> list[ImportLine]:
    """In the order of the file's lines: what each did, or why it did nothing."""
    did = [
        ImportLine(
            file_id=id, line=one.line, what=how.what, subject=how.subject, home=one.family,
            before=dict(one.before), after=dict(one.after),
        )
        for one, how in zip(changing, written, strict=True)
    ]  # fmt: skip
    refused = [
        ImportLine(
            file_id=id, line=one.line, what=WRONG, before={}, after={"flaw": str(one.flaw), "said": one.said}
        )
        for one in outcomes
        if one.flaw
    ]
    return sorted([*did, *refused], key=lambda line: line.line)


async def undo(kind: Kind[Any], id: int, member: int, now: datetime) -> None:
    """Raises TooLate, and nothing is changed. Lines where somebody has worked since stay, and are marked so."""
    families = await retrying(partial(_undo, kind, id, member, now))
    await kind.after(families, now)


async def _undo(kind: Kind[Any], id: int, member: int, now: datetime) -> list[int]:
    async with transaction():
        await Family.lock_all()
        file = await FamilyImport.get(id=id).select_related("year")
        if not file.may_be_undone(now):
            raise TooLate
        work = Work(file, member, now)
        lines = await ImportLine.filter(file_id=id).exclude(what=WRONG).order_by("-id")
        kept = await kind.undo(lines, work)
        for first in range(0, len(every := sorted(kept)), 500):
            await ImportLine.filter(id__in=every[first : first + 500]).update(kept=True)
        await Event.note(now, work.actor, "import.undone", f"import:{id}", name=file.name)
        await FamilyImport.filter(id=id).update(undone_at=now, undone_by=work.actor)
    return sorted({line.home for line in lines if line.home is not None})


def _families(outcomes: Sequence[Outcome[Any]]) -> list[int]:
    return sorted({one.family for one in outcomes if one.family is not None})
