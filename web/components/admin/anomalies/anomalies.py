"""« À voir »: what the bank said that somebody of the mairie must look at, and who has."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.money import anomaly, anomaly_list
from models.money.anomaly import SECOND_THOUGHT, Anomaly, AnomalyLine
from models.storage.paging import Cut, Page
from web.components.admin.anomalies import view
from web.components.admin.kit.csv_file import Cell, csv_file, decimal
from web.components.admin.kit.form import Choice, Money
from web.components.admin.kit.table import Column, Filter, Table, View, came_from, ids
from web.http.auth import StaffRequest, staff
from web.http.forms import form
from web.page.menu import Count, Entry
from web.page.templates import render

PLACE = "/mairie/a-voir"
SEEN = "vus"
STATES = Filter("etat", "État", (Choice("", "À voir"), Choice(SEEN, "Déjà vus")), narrows=False)
OBJECTS = Filter("objet", "Objet", tuple(Choice(said, label) for said, (label, _) in view.GROUPS.items()))
WHAT = (Column("date", "Quoi", "at"), Column("sens", "Ce que cela veut dire"))
SUM = Column("somme", "Somme", "cents", figures=True)
AMOUNT = Money("somme", "Somme annoncée")
ASKS: Any = {"filters": (STATES, OBJECTS), "search": "Référence ou dossier", "asks": (AMOUNT,)}
TO_SEE = Table(PLACE, (*WHAT, SUM, Column("suite", "Suite")), "date", **ASKS)
ALL_SEEN = Table(PLACE, (*WHAT, SUM, Column("vu", "Vu", "seen")), "-vu", **ASKS)


async def to_see(now: datetime) -> Count:
    return Count(await anomaly.count())


menu = Entry(
    PLACE,
    "À voir",
    "alert",
    roles=("manager", "cashier"),
    order=10,
    shows=("money",),
    about="Ce que la banque a annoncé et qui demande un regard",
    count=to_see,
)


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    asked = _read(request.query_params)
    if request.query_params.get("export") == "csv":
        return _file((await _found(asked, asked.whole)).rows, request.now)
    return await _page(request, asked, {})


@staff(*menu.roles)
async def see(request: StaffRequest) -> Response:
    id = request.number("id")
    if not await Anomaly.exists(id=id):
        raise HTTPException(404)
    await Anomaly.see(id, request.user.member.id, request.now)
    return RedirectResponse(_read(came_from(await form(request))).and_(fait=str(id)), 303)


@staff(*menu.roles)
async def see_all(request: StaffRequest) -> Response:
    """Those that are ticked."""
    sent = await form(request)
    wanted = [line.id for line in await anomaly_list.lines(ids(sent.getlist("paiement")))]
    if not wanted:
        return await _page(request, _read(came_from(sent)), {"": "Cochez au moins une ligne."}, 422)
    for id in wanted:
        await Anomaly.see(id, request.user.member.id, request.now)
    return RedirectResponse(_read(came_from(sent)).and_(fait=".".join(map(str, wanted))), 303)


@staff(*menu.roles)
async def unsee(request: StaffRequest) -> Response:
    """« Annuler », in the minute after « Vu »."""
    sent = await form(request)
    for id in ids(sent.getlist("paiement")):
        await Anomaly.unsee(id, request.user.member.id, request.now)
    return RedirectResponse(_read(came_from(sent)).address, 303)


async def _page(request: StaffRequest, asked: View, errors: dict[str, str], status: int = 200) -> Response:
    seen = asked.chosen["etat"] == SEEN
    counted = await anomaly_list.counts(seen=seen)
    left = await anomaly.count()
    known = {
        "asked": asked,
        "found": await _found(asked, asked.cut),
        "seen": seen,
        "states": STATES,
        "objects": OBJECTS,
        "of_kind": {
            said: sum(counted.get(kind, 0) for kind in kinds or counted)
            for said, (_, kinds) in view.GROUPS.items()
        },
        "left": left,
        "done": await _just_seen(request),
        "said": view,
        "errors": errors,
    }
    return render(request, "admin/anomalies/page.html", known, status)


async def _just_seen(request: StaffRequest) -> list[AnomalyLine]:
    """What the address says was done, as far as it may still be taken back."""
    done = ids(request.query_params.get("fait", "").split("."))
    since = request.now - SECOND_THOUGHT
    lines = await anomaly_list.lines(done) if done else []
    name = request.user.member.name
    return [line for line in lines if line.seen_at and line.seen_at >= since and line.seen_by == name]


async def _found(asked: View, cut: Cut) -> Page[AnomalyLine]:
    _, kinds = view.GROUPS[asked.chosen["objet"]]
    return await anomaly_list.page(
        cut,
        seen=asked.chosen["etat"] == SEEN,
        kinds=kinds,
        search=asked.search,
        cents=asked.filled.of(AMOUNT),
    )


def _read(said: Mapping[str, str]) -> View:
    return (ALL_SEEN if said.get("etat") == SEEN else TO_SEE).read(said)


def _file(lines: list[AnomalyLine], now: datetime) -> Response:
    heads = ("Date", "Quoi", "Dossier", "Régie", "Référence", "Somme", "Demandé", "Vu le", "Vu par")
    return csv_file(f"a-voir_{now:%Y-%m-%d}", heads, [_cells(line) for line in lines])


def _cells(line: AnomalyLine) -> list[Cell]:
    return [
        line.at,
        view.title(line),
        line.dossier,
        line.till,
        line.reference,
        decimal(line.cents),
        decimal(line.asked),
        line.seen_at,
        line.seen_by,
    ]


routes = [
    Route(PLACE, show),
    Route(PLACE, see_all, methods=["POST"]),
    Route("/mairie/a-voir/retour", unsee, methods=["POST"]),
    Route("/mairie/a-voir/{id:int}/vu", see, methods=["POST"]),
]
