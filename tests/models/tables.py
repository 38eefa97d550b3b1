"""Tables of quotients, takings and enrolments, and what became of each."""

from models import clock
from models.access.member import Member
from models.commune.school_year import SchoolYear
from models.family_imports import bringing
from models.family_imports.bringing import Brought
from models.family_imports.family_import import FamilyImport, ImportLine
from models.family_imports.writing import WRONG
from models.imports import comparing, writing
from models.imports.comparing import Preview
from models.imports.kinds import KINDS
from models.rules.imports import table


async def bring(code: str, *lines: str) -> FamilyImport:
    year = await SchoolYear.get()
    click = f"table-{await FamilyImport.all().count()}"
    said = Brought(click, f"{code}.csv", "\n".join(lines).encode(), year.id, None, code)
    guess = KINDS[code].columns
    id = await bringing.bring(said, await agent(), clock.now(), lambda heads: table.guess(guess, heads))
    return await FamilyImport.get(id=id)


async def preview(file: FamilyImport) -> Preview:
    return await comparing.preview(KINDS[file.kind], file, clock.now().date())


async def write(file: FamilyImport) -> FamilyImport:
    await writing.write(KINDS[file.kind], file.id, await agent(), clock.now())
    return await FamilyImport.get(id=file.id)


async def undo(file: FamilyImport) -> None:
    await writing.undo(KINDS[file.kind], file.id, await agent(), clock.now())


async def agent() -> int:
    return (await Member.get(username="regie")).id


def counts(file: FamilyImport) -> tuple[int, int, int, int]:
    """Created, changed, the same, refused."""
    return file.created, file.changed, file.same, file.wrong


async def refused(file: FamilyImport) -> dict[int, str]:
    """By line, why."""
    lines = await ImportLine.filter(file_id=file.id, what=WRONG).order_by("line")
    return {line.line: f"{line.after['flaw']} {line.after['said']}".strip() for line in lines}
