"""« Demandes »: what families asked, answered one by one or together."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from models.bookings import request_list, request_reopening
from models.bookings.family_request import DayOver, FamilyRequest
from models.bookings.request_list import RequestLine
from models.bookings.request_reopening import AnswerStays
from models.families.file_change import FileChanged
from models.family_file import request_answers
from models.french import moment
from models.rules.states.requests import RequestKind
from models.storage.paging import Cut, Page
from web.components.admin.kit import request_words as view
from web.components.admin.kit.csv_file import Cell, csv_file
from web.components.admin.kit.form import NOTHING, Choice, Filled, Text, fill
from web.components.admin.kit.table import Column, Filter, Table, View, came_from, ids
from web.components.admin.requests import file
from web.http.auth import StaffRequest, staff
from web.http.forms import form, whole
from web.page.fragments import alert
from web.page.menu import FEW, Count, Entry, Found
from web.page.templates import fragment, render

REASONS = ("Plus de place ce jour-là", "Sortie scolaire", "Dossier incomplet")
REASON = Text("motif", "Motif du refus", "La famille le lira.", "Indiquez le motif du refus.", longest=500)
PENDING, ANSWERED = "", "traitees"
KINDS = {  # by what the address says
    "": "",
    "reservations": RequestKind.BOOKING,
    "annulations": RequestKind.CANCELLATION,
    "dossier": RequestKind.FILE_CHANGE,
    "sante": RequestKind.HEALTH_CHANGE,
    "quotient": RequestKind.QUOTIENT,
    "personne": RequestKind.NEW_PERSON,
    "inscription": RequestKind.ENROLMENT,
    "fin-inscription": RequestKind.ENROLMENT_END,
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
        Choice("sante", "Repas et santé"),
        Choice("quotient", "Quotient"),
        Choice("personne", "Nouvelle personne"),
        Choice("inscription", "Inscriptions"),
        Choice("fin-inscription", "Fins d’inscription"),
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


async def find(words: str, now: datetime) -> list[Found]:
    """What still waits for an answer."""
    found = await request_list.page(Cut("asked", size=FEW), pending=True, search=words)
    return [Found(f"{PLACE}?demande={line.id}", line.child, view.asked(line)) for line in found.rows]


menu = Entry(
    PLACE,
    "Demandes",
    "mail",
    roles=("manager",),
    order=20,
    shows=("days",),
    about="Ce que les familles attendent de la mairie",
    count=waiting,
    find=find,
)


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    asked = _read(request.query_params)
    if request.query_params.get("export") == "csv":
        found = await _page(asked, whole_list=True)
        return _file(found.rows, request.now)
    said = request.query_params
    wanted, done = whole(said.get("demande")), ids(said.get("fait", "").split("."))
    return render(request, "admin/requests/page.html", await _known(request, asked, wanted, done))


@staff(*menu.roles)
async def accept(request: StaffRequest) -> Response:
    await _there(request)
    id = request.number("id")
    try:
        await request_answers.accept(id, request.user.member.id, request.now)
    except (DayOver, FileChanged):
        return await _over(request, [id])
    return await _answered(request, id)


@staff(*menu.roles)
async def answer_all(request: StaffRequest) -> Response:
    """Those that are ticked, whose families get one e-mail each: accepted, or refused for one reason."""
    sent = await form(request)
    wanted, refusal = ids(sent.getlist("demande")), fill([REASON], sent)
    refusing = sent.get("reponse") == "refus"
    if not wanted:
        return await _wrong(request, {"": "Cochez au moins une demande."})
    if refusing and refusal.errors:
        return await _wrong(request, dict(refusal.errors), ticked=wanted, refusal=refusal)
    member, now = request.user.member.id, request.now
    found = sorted(line.id for line in await request_list.lines(wanted) if line.pending)
    over = []
    if refusing:
        for id in found:
            await FamilyRequest.refuse(id, member, refusal.typed[REASON.name], now)
    else:
        over = await request_answers.accept_all(found, member, now)
    return await _over(request, over) if over else await _done(request, found)


@staff(*menu.roles)
async def refuse(request: StaffRequest) -> Response:
    await _there(request)
    id, refusal = request.number("id"), fill([REASON], await form(request))
    if refusal.errors:
        said = {f"{name}-{id}": error for name, error in refusal.errors.items()}
        return await _wrong(request, said, opened=id, refusal=refusal)
    await FamilyRequest.refuse(id, request.user.member.id, refusal.typed[REASON.name], request.now)
    return await _answered(request, id)


@staff(*menu.roles)
async def reopen(request: StaffRequest) -> Response:
    """« Annuler », in the seconds after an answer."""
    sent = await form(request)
    lines = {line.id: line for line in await request_list.lines(ids(sent.getlist("demande")))}
    stays = {}
    for id, line in sorted(lines.items()):
        try:
            await request_reopening.reopen(id, request.user.member.id, request.now)
        except AnswerStays as exc:
            stays[f"demande-{id}"] = view.stays(line, exc.why)
    if stays:
        return await _wrong(request, stays, status=409)
    return RedirectResponse(_read(came_from(sent)).and_(demande=str(min(lines, default=""))), 303)


async def _answered(request: StaffRequest, id: int) -> Response:
    asked = _read(came_from(await form(request)))
    if not request.is_htmx:
        return await _done(request, [id])
    known = await _known(request, asked, None, [id])
    return HTMLResponse(fragment(request, "admin/requests/answered.html", known))


async def _done(request: StaffRequest, answered: list[int]) -> Response:
    asked = _read(came_from(await form(request)))
    return RedirectResponse(asked.and_(fait=".".join(map(str, answered))), 303)


async def _over(request: StaffRequest, over: list[int]) -> Response:
    """Nothing was accepted of what can only be refused, and it says why; the others of the click are."""
    said = {f"demande-{line.id}": view.stopped(line) for line in await request_list.lines(over)}
    return await _wrong(request, said, status=409)


async def _wrong(
    request: StaffRequest,
    errors: dict[str, str],
    ticked: Sequence[int] = (),
    opened: int | None = None,
    refusal: Filled = NOTHING,
    status: int = 422,
) -> Response:
    """The page again, with what was typed and what is wrong with it."""
    if request.is_htmx:
        return alert(" ".join(errors.values()), status)
    known = await _known(request, _read(came_from(await form(request))), opened, [])
    known |= {"errors": errors, "ticked": ticked, "refusal": refusal}
    return render(request, "admin/requests/page.html", known, status)


async def _there(request: StaffRequest) -> None:
    if not await request_list.lines([request.number("id")]):
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


async def _known(request: StaffRequest, asked: View, wanted: int | None, done: list[int]) -> dict[str, Any]:
    """`wanted` is opened beside the list, or the first that waits; `done` were answered just now."""
    found, counts = await _page(asked), await request_list.counts()
    pending = asked.chosen["etat"] == PENDING
    named = await request_list.lines([*done, *([wanted] if wanted else [])])
    opened = next((line for line in named if line.id == wanted), None)
    opened = opened or (found.rows[0] if pending and found.rows else None)
    just, member = [line for line in named if line.id in done and not line.pending], request.user.member.id
    return {
        "asked": asked,
        "found": found,
        "states": STATES,
        "objects": OBJECTS,
        "of_state": {choice.value: counts.of(pending=choice.value == PENDING) for choice in STATES.choices},
        "of_kind": {said: counts.of(pending=pending, kind=kind) for said, kind in KINDS.items()},
        "left": counts.of(pending=True),
        "oldest": await request_list.oldest(),
        "opened": opened,
        "by_itself": opened is None or opened.id != wanted,
        "shown": await file.shown(request, opened, wanted),
        "proof": await file.has_proof(opened),
        "done": just,
        "reopens": [line for line in just if line.may_reopen(member)],
        "said_of_done": f"{view.told(just)} {view.aftermath(just, member)}" if just else "",
        "ticked": (),
        "reason": REASON,
        "reasons": REASONS,
        "refusal": NOTHING,
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
    Route(f"{PLACE}/{{id:int}}/justificatif", file.proof),
    Route(PLACE, show),
    Route(PLACE, answer_all, methods=["POST"]),
    Route("/mairie/demandes/retour", reopen, methods=["POST"]),
    Route("/mairie/demandes/{id:int}/acceptation", accept, methods=["POST"]),
    Route("/mairie/demandes/{id:int}/refus", refuse, methods=["POST"]),
]
