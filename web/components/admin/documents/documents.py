"""« Documents » of the mairie: files that everybody may download, from one day to another."""

import secrets
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.messages.attachment import CheckedFile
from models.publishing.published import ChangedMeanwhile
from models.publishing.published_document import LONGEST_CATEGORY, PublishedDocument, file_columns
from models.publishing.published_list import document_page
from models.rules.attachments import MOST_BYTES
from models.rules.states.publication import PublicationState
from web.components.admin.kit.csv_file import csv_file
from web.components.admin.kit.form import Choice, Day, Filled, Text, fill, in_order
from web.components.admin.kit.table import Column, Filter, Table
from web.http.attachments import FILE, HEARD, WrongFile, download, file_sent, too_long
from web.http.auth import StaffRequest, staff
from web.http.forms import plain_key, whole
from web.http.uploads import TooLong, sent, uploads
from web.page.menu import Entry
from web.page.templates import render

PLACE = "/mairie/documents"
NEW = f"{PLACE}/nouveau"
menu = Entry(
    PLACE,
    "Documents",
    "doc",
    roles=("manager",),
    order=82,
    about="Ce que tout le monde peut télécharger sur la première page",
)
TITLE = Text("titre", "Titre", "", "Donnez un titre au document.")
CATEGORY = Text(
    "rubrique",
    "Rubrique",
    "Par exemple «\u00a0Cantine\u00a0» ou «\u00a0Aide\u00a0».",
    longest=LONGEST_CATEGORY,
)
STARTS = Day("du", "Publié à partir du", "", "Choisissez le premier jour.")
ENDS = Day("au", "Jusqu’au (compris)", "Sans date, il reste jusqu’à ce que vous le retiriez.")
FIELDS = (TITLE, CATEGORY, STARTS, ENDS)
STATES = {
    "": None,
    "publies": PublicationState.SHOWN,
    "a-venir": PublicationState.COMING,
    "passes": PublicationState.OVER,
    "retires": PublicationState.WITHDRAWN,
}
STATE_WORDS = {
    PublicationState.SHOWN: "Publié",
    PublicationState.COMING: "À venir",
    PublicationState.OVER: "Passé",
    PublicationState.WITHDRAWN: "Retiré",
}
TABLE = Table(
    PLACE,
    (
        Column("titre", "Titre", "title"),
        Column("du", "Du", "starts"),
        Column("au", "Au", "ends"),
        Column("etat", "État"),
    ),
    sort="titre",
    filters=(
        Filter(
            "etat",
            "État",
            (
                Choice("", "Tous"), Choice("publies", "Publiés"), Choice("a-venir", "À venir"),
                Choice("passes", "Passés"), Choice("retires", "Retirés"),
            ),
        ),
    ),
    search="Mot du titre ou rubrique",
)  # fmt: skip
DONE = {"1": "Le document est enregistré.", "remise": "Le document est remis comme il était."}
MEANWHILE = "Ce document a été modifié entre-temps. Relisez-le avant d’enregistrer le vôtre."
NO_FILE = "Choisissez un fichier."


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    asked, said, today = TABLE.read(request.query_params), request.query_params, request.now.date()
    if said.get("export") == "csv":
        rows = (await document_page(asked.whole, today, STATES[asked.chosen["etat"]], asked.search)).rows
        lines = [(one.title, one.note, one.starts, one.ends, STATE_WORDS[one.state(today)]) for one in rows]
        return csv_file("documents", ("Titre", "Rubrique", "Du", "Au", "État"), lines)
    number = whole(said.get("retire")) or 0
    withdrawn = (
        await PublishedDocument.filter(id=number, withdrawn_at__not_isnull=True).only("id", "title").first()
    )
    known = {
        "asked": asked,
        "found": await document_page(asked.cut, today, STATES[asked.chosen["etat"]], asked.search),
        "done": DONE.get(said.get("fait", ""), ""),
        "withdrawn": withdrawn,
        "today": today,
        "states": STATE_WORDS,
        "place": PLACE,
    }
    return render(request, "admin/documents/list.html", known)


@staff(*menu.roles)
async def offer(request: StaffRequest) -> Response:
    return _form(request, Filled({STARTS.name: str(request.now.date())}, {}, {}))


@uploads(limit_bytes=MOST_BYTES, heard_bytes=HEARD)
@staff(*menu.roles)
async def add(request: StaffRequest) -> Response:
    filled, file, more = await _sent(request)
    if file is None and FILE not in filled.errors:
        filled = Filled(filled.typed, filled.values, {**filled.errors, FILE: NO_FILE})
    if filled.errors or file is None:
        return _form(request, filled, click=plain_key(more, "click"), status=422)
    code = plain_key(more, "click") or secrets.token_hex(8)
    columns = {**_said(filled), **file_columns(file)}
    await PublishedDocument.add(f"m-{code}"[:60], columns, request.user.member, request.now)
    return RedirectResponse(f"{PLACE}?fait=1", 303)


@staff(*menu.roles)
async def one(request: StaffRequest) -> Response:
    found = await _found(request)
    typed = {
        TITLE.name: found.title,
        CATEGORY.name: found.category,
        STARTS.name: str(found.starts),
        ENDS.name: str(found.ends or ""),
    }
    return _form(request, Filled(typed, {}, {}), found, revision=found.revision)


@uploads(limit_bytes=MOST_BYTES, heard_bytes=HEARD)
@staff(*menu.roles)
async def change(request: StaffRequest) -> Response:
    """Without a file it keeps the one that it has."""
    found = await _found(request)
    filled, file, more = await _sent(request)
    revision = whole(more.get("revision")) or 0
    if filled.errors:
        return _form(request, filled, found, revision=revision, status=422)
    columns = {**_said(filled), **(file_columns(file) if file else {})}
    try:
        await PublishedDocument.change(found.id, revision, columns, request.user.member, request.now)
    except ChangedMeanwhile:
        told = Filled(filled.typed, filled.values, {"": MEANWHILE})
        return _form(request, told, found, revision=found.revision, status=409)
    return RedirectResponse(f"{PLACE}?fait=1", 303)


@staff(*menu.roles)
async def file(request: StaffRequest) -> Response:
    """Also of a document that is not shown."""
    return download(await _found(request))


@staff(*menu.roles)
async def withdraw(request: StaffRequest) -> Response:
    found = await _found(request)
    await PublishedDocument.withdraw(found.id, request.user.member, request.now)
    return RedirectResponse(f"{PLACE}?retire={found.id}", 303)


@staff(*menu.roles)
async def restore(request: StaffRequest) -> Response:
    await PublishedDocument.restore((await _found(request)).id, request.user.member, request.now)
    return RedirectResponse(f"{PLACE}?fait=remise", 303)


routes = [
    Route(PLACE, show),
    Route(NEW, offer),
    Route(NEW, add, methods=["POST"]),
    Route("/mairie/documents/{id:int}", one),
    Route("/mairie/documents/{id:int}", change, methods=["POST"]),
    Route("/mairie/documents/{id:int}/fichier", file),
    Route("/mairie/documents/{id:int}/retrait", withdraw, methods=["POST"]),
    Route("/mairie/documents/{id:int}/remise", restore, methods=["POST"]),
]


async def _found(request: StaffRequest) -> PublishedDocument:
    found = await PublishedDocument.get_or_none(id=request.number("id"))
    if found is None:
        raise HTTPException(404)
    return found


async def _sent(request: StaffRequest) -> tuple[Filled, CheckedFile | None, FormData]:
    """The form, its file as it may be kept, and its hidden fields; what is wrong is among the errors."""
    try:
        async with sent(request) as form:
            filled = _filled(form)
            try:
                return filled, await file_sent(form), form
            except WrongFile as wrong:
                return _refused(filled, wrong), None, form
    except TooLong as exc:
        if exc.fields is None:
            raise
        return _refused(_filled(exc.fields), too_long(exc, exc.fields)), None, exc.fields


def _refused(filled: Filled, wrong: WrongFile) -> Filled:
    return Filled(filled.typed, filled.values, {**filled.errors, FILE: str(wrong)})


def _filled(form: FormData) -> Filled:
    return in_order(fill(FIELDS, form), STARTS, ENDS)


def _said(filled: Filled) -> dict[str, Any]:
    """By column."""
    return {
        "title": filled.typed[TITLE.name],
        "category": filled.typed[CATEGORY.name],
        "starts": filled.of(STARTS),
        "ends": filled.of(ENDS),
    }


def _form(
    request: StaffRequest,
    filled: Filled,
    opened: PublishedDocument | None = None,
    click: str = "",
    revision: int = 0,
    status: int = 200,
) -> Response:
    known = {
        "fields": FIELDS,
        "filled": filled,
        "errors": filled.errors,
        "opened": opened,
        "click": click or secrets.token_hex(8),
        "revision": revision,
        "place": PLACE,
    }
    return render(request, "admin/documents/form.html", known, status)
