"""One table: what its columns say and what it would do; once it is written, what it did, and the way back."""

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.family_imports import bringing, reading
from models.family_imports.family_import import FamilyImport, ImportLine
from models.family_imports.undoing import TooLate
from models.family_imports.writing import WRONG
from models.french.spreadsheets import Cell
from models.imports import comparing, writing
from models.imports.comparing import Preview
from models.rules.files.mistakes import WrongFile
from models.rules.imports import table
from models.rules.imports.register import Did
from web.components.admin.imports import words
from web.components.admin.imports.place import PLACE, SORTS, Sort, menu
from web.components.admin.kit import brought
from web.components.admin.kit.csv_file import csv_file
from web.http.auth import StaffRequest, staff
from web.http.forms import form
from web.page.templates import render

SHOWN = 200  # lines of a file that is written


def sort_of(request: StaffRequest, *, change: bool = False) -> Sort:
    """A 404 for a kind that there is not, or that is another role's."""
    found = next((sort for sort in SORTS if sort.slug == request.path_params["sorte"]), None)
    if found is None or not request.user.may(found.roles, change=change):
        raise HTTPException(404)
    return found


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    sort = sort_of(request)
    file = await _file(request, sort)
    return await (_open(request, sort, file) if file.is_open else _written(request, sort, file))


@staff(*menu.roles)
async def say(request: StaffRequest) -> Response:
    """Which column says what."""
    sort = sort_of(request, change=True)
    file, said = await _file(request, sort), await form(request)
    if not file.is_open:
        return RedirectResponse(f"{sort.place}/{file.id}", 303)
    heads = reading.heads(bytes(file.content))
    codes = [column.code for column in sort.kind.columns]
    mapping = {code: head for code in codes if (head := str(said.get(code, ""))) in heads and head}
    await bringing.say(file, mapping, None, request.user.member.id, request.now)
    return RedirectResponse(f"{sort.place}/{file.id}?fait=colonnes", 303)


@staff(*menu.roles)
async def write(request: StaffRequest) -> Response:
    """All that its good lines say. Sent twice, it is written once."""
    sort = sort_of(request, change=True)
    file = await _file(request, sort)
    if file.is_open and _lacking(sort, file):
        return await _open(request, sort, file, 422)
    try:
        await writing.write(sort.kind, file.id, request.user.member.id, request.now)
    except WrongFile as wrong:
        return await _open(request, sort, file, 422, brought.wrong_file(wrong))
    return RedirectResponse(f"{sort.place}/{file.id}?fait=repris", 303)


@staff(*menu.roles)
async def undo(request: StaffRequest) -> Response:
    sort = sort_of(request, change=True)
    file = await _file(request, sort)
    try:
        await writing.undo(sort.kind, file.id, request.user.member.id, request.now)
    except TooLate:
        return RedirectResponse(f"{sort.place}/{file.id}?fait=trop-tard", 303)
    return RedirectResponse(f"{sort.place}/{file.id}?fait=annule", 303)


@staff(*menu.roles)
async def drop(request: StaffRequest) -> Response:
    sort = sort_of(request, change=True)
    await (await _file(request, sort)).drop(request.user.member.id, request.now)
    return RedirectResponse(f"{sort.place}?fait=ecarte", 303)


@staff(*menu.roles)
async def refused(request: StaffRequest) -> Response:
    """Every line that is refused, with its reason: as the file has it, until it is written and kept no more."""
    sort = sort_of(request)
    file = await _file(request, sort)
    heads: Sequence[str] = ()
    lines: list[Sequence[Cell]] = []
    if not file.is_open:
        lines = list(words.refused(await _refused(file)))
    elif not _lacking(sort, file):
        found, _ = await _preview(request, sort, file)
        heads = found.heads
        lines = [(one.line, words.detail(one), *cells) for one, cells in found.refused]
    return csv_file(f"lignes-refusees_{file.id}", ("Ligne", "Raison", *heads), lines)


async def _refused(file: FamilyImport, limit: int | None = None) -> list[ImportLine]:
    found = ImportLine.filter(file_id=file.id, what=WRONG).order_by("line")
    return await (found.limit(limit) if limit else found)


async def _file(request: StaffRequest, sort: Sort) -> FamilyImport:
    """A 404 for one of another kind, or that was put away."""
    mine = FamilyImport.get_or_none(id=request.number("id"), kind=sort.kind.code, dropped_at=None)
    found = await mine.select_related("year")
    if found is None:
        raise HTTPException(404)
    return found


def _lacking(sort: Sort, file: FamilyImport) -> list[str]:
    mapping = comparing.mapping_of(sort.kind, file)
    return [words.LABELS[column.code] for column in table.lacking(sort.kind.columns, mapping)]


async def _preview(request: StaffRequest, sort: Sort, file: FamilyImport) -> tuple[Preview, str]:
    """Nothing, and why, of a file that ends to be a table on the way."""
    try:
        return await comparing.preview(sort.kind, file, request.now.date()), ""
    except WrongFile as wrong:
        return Preview((), (), ()), brought.wrong_file(wrong)


async def _open(
    request: StaffRequest, sort: Sort, file: FamilyImport, status: int = 200, wrong: str = ""
) -> Response:
    lacking = _lacking(sort, file)
    preview, torn = (Preview((), (), ()), "") if lacking else await _preview(request, sort, file)
    counts = preview.counts
    known = {
        "heads": list(dict.fromkeys(filter(None, reading.heads(bytes(file.content))))),
        "mapping": comparing.mapping_of(sort.kind, file),
        "lacking": lacking,
        "wrong": wrong or torn,
        "preview": preview,
        "sums": words.sums(counts[Did.CREATED], counts[Did.CHANGED], counts[Did.SAME], counts[Did.WRONG]),
        "new": counts[Did.CREATED] + counts[Did.CHANGED],
        "refused": counts[Did.WRONG],
        "rows": [
            (one.line, one.did, words.DID[one.did], one.who, [words.detail(one)]) for one in preview.shown
        ],
    }
    return _draw(request, sort, file, "open", known, status)


async def _written(request: StaffRequest, sort: Sort, file: FamilyImport) -> Response:
    stayed = ImportLine.filter(file_id=file.id, kept=True).order_by("line").limit(SHOWN)
    known = {
        "sums": words.sums(file.created, file.changed, file.same, file.wrong),
        "refused": words.refused(await _refused(file, SHOWN)),
        "stayed": [(line.line, words.STAYED[line.what]) for line in await stayed],
        "may_undo": file.may_be_undone(request.now),
    }
    return _draw(request, sort, file, "written", known)


def _draw(
    request: StaffRequest,
    sort: Sort,
    file: FamilyImport,
    template: str,
    known: dict[str, object],
    status: int = 200,
) -> Response:
    more = {
        "sort": sort,
        "file": file,
        "place": PLACE,
        "words": words,
        "done": brought.done(request),
    }
    return render(request, f"admin/imports/{template}.html", known | more, status)


routes = [
    Route("/mairie/imports/{sorte}/{id:int}", show),
    Route("/mairie/imports/{sorte}/{id:int}", say, methods=["POST"]),
    Route("/mairie/imports/{sorte}/{id:int}/lignes-refusees", refused),
    Route("/mairie/imports/{sorte}/{id:int}/reprise", write, methods=["POST"]),
    Route("/mairie/imports/{sorte}/{id:int}/annulation", undo, methods=["POST"]),
    Route("/mairie/imports/{sorte}/{id:int}/abandon", drop, methods=["POST"]),
]
