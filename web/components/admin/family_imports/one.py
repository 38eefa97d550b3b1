"""One file: what its columns say and what it would do; once it is written, what it did, and the way back."""

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.commune.school import School
from models.family_imports import bringing, comparing, reading, undoing, writing
from models.family_imports.comparing import Preview
from models.family_imports.family_import import FAMILIES as KIND
from models.family_imports.family_import import FamilyImport, ImportLine
from models.family_imports.undoing import TooLate
from models.rules.files.mistakes import WrongFile
from models.rules.imports import columns
from models.rules.imports.columns import Said
from models.rules.imports.register import Did
from web.components.admin.family_imports import words
from web.components.admin.family_imports.place import EDITORS, FAMILIES, PLACE
from web.components.admin.kit import brought
from web.components.admin.kit.csv_file import csv_file
from web.http.auth import StaffRequest, staff
from web.http.forms import form, whole
from web.page.templates import render

SHOWN = 200  # wrong lines of a file that is written


@staff(*EDITORS)
async def show(request: StaffRequest) -> Response:
    file = await _file(request)
    return await (_open(request, file) if file.is_open else _written(request, file))


@staff(*EDITORS)
async def say(request: StaffRequest) -> Response:
    """Which column says what."""
    file, said = await _file(request), await form(request)
    if not file.is_open:
        return RedirectResponse(f"{PLACE}/{file.id}", 303)
    heads = reading.heads(bytes(file.content))
    mapping = {field: head for field in Said if (head := str(said.get(field, ""))) in heads and head}
    school = await School.get_or_none(id=whole(said.get("ecole")) or 0)
    member = request.user.member.id
    await bringing.say(file, mapping, school.id if school else None, member, request.now)
    return RedirectResponse(f"{PLACE}/{file.id}?fait=colonnes", 303)


@staff(*EDITORS)
async def write(request: StaffRequest) -> Response:
    """All that its good lines say. Sent twice, it is written once."""
    file = await _file(request)
    if file.is_open and columns.lacking(comparing.mapping_of(file)):
        return await _open(request, file, 422)
    try:
        await writing.write(file, request.user.member.id, request.now)
    except WrongFile:
        return await _open(request, file, 422)
    return RedirectResponse(f"{PLACE}/{file.id}?fait=repris", 303)


@staff(*EDITORS)
async def undo(request: StaffRequest) -> Response:
    file = await _file(request)
    try:
        await undoing.undo(file.id, request.user.member.id, request.now)
    except TooLate:
        return RedirectResponse(f"{PLACE}/{file.id}?fait=trop-tard", 303)
    return RedirectResponse(f"{PLACE}/{file.id}?fait=annule", 303)


@staff(*EDITORS)
async def drop(request: StaffRequest) -> Response:
    file = await _file(request)
    await file.drop(request.user.member.id, request.now)
    return RedirectResponse(f"{PLACE}?fait=ecarte", 303)


@staff(*EDITORS)
async def mistakes(request: StaffRequest) -> Response:
    """Every line that is not read, with its reason, for a spreadsheet."""
    file = await _file(request)
    try:
        lines = await _mistakes(request, file)
    except WrongFile as wrong:
        lines = [(wrong.mistakes[0].line, brought.wrong_file(wrong))]
    return csv_file(f"erreurs_{file.id}", ("Ligne", "Raison"), lines)


async def _mistakes(request: StaffRequest, file: FamilyImport) -> Sequence[tuple[int, str]]:
    if not file.is_open:
        return words.wrong_lines(await _wrong(file))
    found = await comparing.wrong_lines(file, request.now.date())
    return [(one.line, words.reason(one.flaw, one.said)) for one in found if one.flaw]


async def _wrong(file: FamilyImport, limit: int | None = None) -> list[ImportLine]:
    found = ImportLine.filter(file_id=file.id, what=writing.WRONG).order_by("line")
    return await (found.limit(limit) if limit else found)


async def _file(request: StaffRequest) -> FamilyImport:
    """A 404 for one that was put away."""
    found = await FamilyImport.get_or_none(
        id=request.number("id"), kind=KIND, dropped_at=None
    ).select_related("year")
    if found is None:
        raise HTTPException(404)
    return found


async def _open(request: StaffRequest, file: FamilyImport, status: int = 200) -> Response:
    mapping, heads = comparing.mapping_of(file), reading.heads(bytes(file.content))
    lacking, wrong, preview = columns.lacking(mapping), "", Preview()
    schools = await School.all().order_by("position", "id")
    if not lacking:
        try:
            preview = await comparing.preview(file, request.now.date())
        except WrongFile as exc:
            wrong = brought.wrong_file(exc)
    names = {school.id: school.name for school in schools}
    counts = preview.counts
    known = {
        "file": file,
        "mapping": mapping,
        "heads": list(dict.fromkeys(filter(None, heads))),
        "schools": schools,
        "lacking": lacking,
        "wrong": wrong,
        "preview": preview,
        "sums": words.sums(counts[Did.CREATED], counts[Did.CHANGED], counts[Did.SAME], counts[Did.WRONG]),
        "new": counts[Did.CREATED] + counts[Did.CHANGED],
        "mistaken": counts[Did.WRONG],
        "rows": [
            (one.line, one.did, words.DID[one.did], one.name, words.details(one, names))
            for one in preview.shown
        ],
    }
    return _draw(request, "open", known, status)


async def _written(request: StaffRequest, file: FamilyImport) -> Response:
    known = {
        "file": file,
        "sums": words.sums(file.created, file.changed, file.same, file.wrong),
        "mistakes": words.wrong_lines(await _wrong(file, SHOWN)),
        "may_undo": file.may_be_undone(request.now),
        "kept": await undoing.kept(file.id) if file.undone_at else [],
    }
    return _draw(request, "written", known)


def _draw(request: StaffRequest, template: str, known: dict[str, object], status: int = 200) -> Response:
    more = {
        "words": words,
        "families": FAMILIES,
        "place": PLACE,
        "done": brought.done(request),
    }
    return render(request, f"admin/family_imports/{template}.html", known | more, status)


routes = [
    Route("/mairie/familles/fichiers/{id:int}", show),
    Route("/mairie/familles/fichiers/{id:int}", say, methods=["POST"]),
    Route("/mairie/familles/fichiers/{id:int}/erreurs", mistakes),
    Route("/mairie/familles/fichiers/{id:int}/reprise", write, methods=["POST"]),
    Route("/mairie/familles/fichiers/{id:int}/annulation", undo, methods=["POST"]),
    Route("/mairie/familles/fichiers/{id:int}/abandon", drop, methods=["POST"]),
]
