"""« Demandes »: what families asked, answered one by one or together."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from models.bookings import request_list
from models.bookings.family_request import DayOver, FamilyRequest
from models.bookings.request_list import RequestLine
from models.families.file_change import FileChanged
from models.french import moment
from models.rules.states.requests import RequestKind
from models.storage.paging import Page
from web.components.admin.kit.csv_file import Cell, csv_file
from web.components.admin.kit.table import Choice, Column, Filter, Table, View, came_from
from web.components.admin.requests import view
from web.http.auth import staff
from web.http.forms import form, whole
from web.page.fragments import alert
from web.page.menu import Count, Entry
from web.page.templates import fragment, render

REASONS = ("Plus de place ce jour-là", "Sortie scolaire", "Dossier incomplet")
LONGEST = 500
PENDING, ANSWERED = "", "traitees"
KINDS = {  # by what the address says
    "": "",
    "reservations": RequestKind.BOOKING,
    "annulations": RequestKind.CANCELLATION,
    "dossier": RequestKind.FILE_CHANGE,
}
STATES = Filter("etat", "État", (Choice(PENDING, "À traiter"), Choice(ANSWERED, "Traitées")), narrows=False)
OBJECTS = Filter(
    "objet",
    "Objet",
    (
        Choice("", "Toutes"),
        Choice("reservations", "Réservations"),
        Choice("annulations", "Annulations"),
        Choice("dossier", "Dossier"),
    ),
)
PLACE = "/mairie/demandes"
COMMON = (
    Column("enfant", "Enfant", "child"),
    Column("dossier", "Dossier", "family"),
    Column("jour", "Demande", "day"),
)
TO_ANSWER = Table(
    PLACE,
    (Column("age", "Âge", "asked"), *COMMON, Column("effet", "Avant → après")),
    sort="age",
    filters=(STATES, OBJECTS),
    search="Enfant, dossier ou créneau",
)
ALL_ANSWERED = Table(
    PLACE,
    (Column("reponse", "Répondu", "answered"), *COMMON, Column("suite", "Réponse")),
    sort="-reponse",
    filters=(STATES, OBJECTS),
    search="Enfant, dossier ou créneau",
)


async def waiting(now: datetime) -> Count:
    oldest = await request_list.oldest()
    if oldest is None:
        return Count(0)
    number = (await request_list.counts()).of(pending=True)
    return Count(number, f"la plus ancienne\u00a0: {moment(oldest)}")


menu = Entry(
    PLACE,
    "Demandes",
    "mail",
    roles=("manager",),
    order=20,
    about="Ce que les familles attendent de la mairie",
    count=waiting,
)


@staff(*menu.roles)
async def show(request: Request) -> Response:
    asked = _read(request.query_params)
    if request.query_params.get("export") == "csv":
        found = await _page(asked, whole_list=True)
        return _file(found.rows, request.scope["now"])
    wanted, done = (whole(request.query_params.get(name)) for name in ("demande", "fait"))
    return render(request, "admin/requests/page.html", await _known(request, asked, wanted, done))


@staff(*menu.roles)
async def accept(request: Request) -> Response:
    await _there(request)
    id = request.path_params["id"]
    try:
        await FamilyRequest.accept(id, request.user.member.id, request.scope["now"])
    except (DayOver, FileChanged):
        return await _over(request, [id])
    return await _answered(request, id)


@staff(*menu.roles)
async def answer_all(request: Request) -> Response:
    """Those that are ticked, whose families get one e-mail each: accepted, or refused for one reason."""
    sent = await form(request)
    wanted = [id for id in map(whole, sent.getlist("demande")) if id]
    reason = str(sent.get("motif", "")).strip()[:LONGEST]
    refusing = sent.get("reponse") == "refus"
    if not wanted:
        return await _wrong(request, {"": "Cochez au moins une demande."})
    if refusing and not reason:
        return await _wrong(request, {"motif": "Indiquez le motif du refus."}, wanted)
    member, now = request.user.member.id, request.scope["now"]
    found = [line.id for line in await request_list.lines(wanted)]
    if refusing:
        for id in sorted(found):
            await FamilyRequest.refuse(id, member, reason, now)
        return RedirectResponse(_read(came_from(sent)).address, 303)
    over = await FamilyRequest.accept_all(found, member, now)
    return await _over(request, over) if over else RedirectResponse(_read(came_from(sent)).address, 303)


@staff(*menu.roles)
async def refuse(request: Request) -> Response:
    await _there(request)
    id = request.path_params["id"]
    reason = str((await form(request)).get("motif", "")).strip()[:LONGEST]
    if not reason:
        return await _wrong(request, {f"motif-{id}": "Indiquez le motif du refus."}, opened=id)
    await FamilyRequest.refuse(id, request.user.member.id, reason, request.scope["now"])
    return await _answered(request, id)


async def _answered(request: Request, id: int) -> Response:
    asked = _read(came_from(await form(request)))
    if "hx-request" not in request.headers:
        return RedirectResponse(asked.and_(fait=str(id)), 303)
    known = await _known(request, asked, None, id)
    return HTMLResponse(fragment(request, "admin/requests/answered.html", known))


async def _over(request: Request, ids: list[int]) -> Response:
    """Nothing was accepted of what can only be refused, and it says why; the others of the click are."""
    said = {f"demande-{line.id}": view.stopped(line) for line in await request_list.lines(ids)}
    if "hx-request" in request.headers:
        return alert(" ".join(said.values()), 409)
    return await _wrong(request, said, status=409)


async def _wrong(
    request: Request,
    errors: dict[str, str],
    ticked: list[int] | None = None,
    opened: int | None = None,
    status: int = 422,
) -> Response:
    known = await _known(request, _read(came_from(await form(request))), opened, None)
    known |= {"errors": errors, "ticked": ticked or []}
    return render(request, "admin/requests/page.html", known, status)


async def _there(request: Request) -> None:
    if not await request_list.lines([request.path_params["id"]]):
        raise HTTPException(404)


def _read(said: Mapping[str, str]) -> View:
    return (ALL_ANSWERED if said.get("etat") == ANSWERED else TO_ANSWER).read(said)


async def _page(asked: View, *, whole_list: bool = False) -> Page[RequestLine]:
    return await request_list.page(
        asked.whole if whole_list else asked.cut,
        pending=asked.chosen["etat"] == PENDING,
        kind=KINDS[asked.chosen["objet"]],
        search=asked.search,
    )


async def _known(request: Request, asked: View, wanted: int | None, done: int | None) -> dict[str, Any]:
    """`wanted` is opened beside the list, or the first that waits; `done` was answered just now."""
    found, counts = await _page(asked), await request_list.counts()
    pending = asked.chosen["etat"] == PENDING
    named = await request_list.lines([id for id in (wanted, done) if id])
    opened = next((line for line in named if line.id == wanted), None)
    return {
        "asked": asked,
        "found": found,
        "states": STATES,
        "objects": OBJECTS,
        "of_state": {choice.value: counts.of(pending=choice.value == PENDING) for choice in STATES.choices},
        "of_kind": {said: counts.of(pending=pending, kind=kind) for said, kind in KINDS.items()},
        "left": counts.of(pending=True),
        "oldest": await request_list.oldest(),
        "opened": opened or (found.rows[0] if pending and found.rows else None),
        "by_itself": opened is None,
        "done": next((line for line in named if line.id == done and not line.pending), None),
        "ticked": [],
        "reasons": REASONS,
        "said": view,
    }


def _file(lines: list[RequestLine], now: datetime) -> Response:
    heads = (
        "Reçue le", "Dossier", "Nom", "Prénom", "Objet", "Activité", "Créneau", "Jour", "Avant", "Après", "Réponse",
    )  # fmt: skip
    told = [_cells(line) for line in lines]
    return csv_file(f"demandes_{now:%Y-%m-%d}", heads, told)


def _cells(line: RequestLine) -> list[Cell]:
    return [
        line.made_at,
        line.family,
        line.last_name,
        line.first_name,
        view.ACTIONS[line.kind],
        line.activity,
        line.slot,
        line.day,
        ", ".join(f"{label}\u00a0: {before}" for label, before, _ in line.changes),
        ", ".join(f"{label}\u00a0: {after}" for label, _, after in line.changes),
        view.outcome(line),
    ]


routes = [
    Route(PLACE, show),
    Route(PLACE, answer_all, methods=["POST"]),
    Route("/mairie/demandes/{id:int}/acceptation", accept, methods=["POST"]),
    Route("/mairie/demandes/{id:int}/refus", refuse, methods=["POST"]),
]
