"""A file that somebody brings: kept with what its columns most likely say, or what was said of the last one like it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.family_imports import reading
from models.family_imports.family_import import FAMILIES, LONGEST_NAME, FamilyImport
from models.rules.imports import columns
from models.rules.imports.columns import Said
from models.storage.database import transaction
from models.work.audit_log import Event


@dataclass(frozen=True, slots=True)
class Brought:
    """`click` is the form's own: sent twice, it is one file."""

    click: str
    name: str
    content: bytes
    year: int
    school: int | None
    kind: str = FAMILIES


Guess = Callable[[Sequence[str]], Mapping[Any, str]]  # of heads: by what it says, the head of a column


async def bring(said: Brought, member: int, now: datetime, guess: Guess = columns.guess) -> int:
    """Its id. Raises WrongFile. What the same member brought and left is put away."""
    known = await FamilyImport.get_or_none(click=said.click).only("id")
    if known:
        return known.id
    heads = reading.heads(said.content)
    key, guessed = columns.key_of(heads), guess(heads)
    actor = f"member:{member}"
    for left in await FamilyImport.filter(
        kind=said.kind, made_by=actor, applied_at=None, dropped_at=None
    ).only("id", "name"):
        await left.drop(member, now)
    alike = FamilyImport.filter(kind=said.kind, heads=key).exclude(applied_at=None)
    remembered = await alike.order_by("-id").only("mapping").first()
    async with transaction():
        made = await FamilyImport.create(
            click=said.click,
            kind=said.kind,
            name=said.name[:LONGEST_NAME],
            year_id=said.year,
            school_id=said.school,
            content=said.content,
            heads=key,
            mapping=remembered.mapping if remembered else {str(said): head for said, head in guessed.items()},
            made_at=now,
            made_by=actor,
        )
        await Event.note(now, actor, "import.brought", f"import:{made.id}", name=made.name)
    return made.id


async def say(
    file: FamilyImport,
    mapping: Mapping[Said, str] | Mapping[str, str],
    school: int | None,
    member: int,
    now: datetime,
) -> None:
    """What each column says, and the school of lines that say none; of a file that is not written yet."""
    mine = FamilyImport.filter(id=file.id, applied_at=None, dropped_at=None)
    async with transaction():
        if await mine.update(mapping={str(said): head for said, head in mapping.items()}, school_id=school):
            await Event.note(now, f"member:{member}", "import.mapped", f"import:{file.id}", name=file.name)
