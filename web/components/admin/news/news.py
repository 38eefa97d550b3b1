"""« Actualités » of the mairie: written in Markdown, looked at, shown from one day to another, withdrawn, put back."""

import secrets
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.publishing.news import LONGEST_BODY, LONGEST_SUMMARY, News
from models.publishing.published import ChangedMeanwhile
from models.publishing.published_list import news_page
from models.rules.states.publication import PublicationState
from web.components.admin.kit.csv_file import csv_file
from web.components.admin.kit.form import AnyOf, Choice, Day, Filled, Lines, Text, fill, in_order
from web.components.admin.kit.table import Column, Filter, Table
from web.http.auth import StaffRequest, staff
from web.http.forms import form, plain_key, whole
from web.page.menu import Entry
from web.page.templates import render

PLACE = "/mairie/actualites"
NEW = f"{PLACE}/nouvelle"
menu = Entry(
    PLACE,
    "Actualités",
    "news",
    roles=("manager",),
    order=80,
    about="Ce que tout le monde lit sur la première page",
)
TITLE = Text("titre", "Titre", "", "Donnez un titre à l’actualité.")
SUMMARY = Text("resume", "Résumé", "Deux phrases au plus, pour la première page.", longest=LONGEST_SUMMARY)
BODY = Lines(
    "texte",
    "Texte",
    "**gras**, *italique*, une liste par des lignes qui commencent par « - », un lien\u00a0: [ses mots](https://…).",
    "Écrivez le texte de l’actualité.",
    longest=LONGEST_BODY,
    rows=10,
)
STARTS = Day("du", "Publiée à partir du", "", "Choisissez le premier jour.")
ENDS = Day("au", "Jusqu’au (compris)", "Sans date, elle reste jusqu’à ce que vous la retiriez.")
URGENT = AnyOf("urgente", "Importance", choices=(Choice("1", "Urgente\u00a0: en tête, avec sa marque"),))
FIELDS = (TITLE, SUMMARY, BODY, STARTS, ENDS, URGENT)
STATES = {
    "": None,
    "publiees": PublicationState.SHOWN,
    "a-venir": PublicationState.COMING,
    "passees": PublicationState.OVER,
    "retirees": PublicationState.WITHDRAWN,
}
STATE_WORDS = {
    PublicationState.SHOWN: "Publiée",
    PublicationState.COMING: "À venir",
    PublicationState.OVER: "Passée",
    PublicationState.WITHDRAWN: "Retirée",
}
TABLE = Table(
    PLACE,
    (
        Column("titre", "Titre", "title"),
        Column("du", "Du", "starts"),
        Column("au", "Au", "ends"),
        Column("etat", "État"),
    ),
    sort="-du",
    filters=(
        Filter(
            "etat",
            "État",
            (
                Choice("", "Toutes"), Choice("publiees", "Publiées"), Choice("a-venir", "À venir"),
                Choice("passees", "Passées"), Choice("retirees", "Retirées"),
            ),
        ),
    ),
    search="Mot du titre",
)  # fmt: skip
DONE = {"1": "L’actualité est enregistrée.", "remise": "L’actualité est remise comme elle était."}
MEANWHILE = "Cette actualité a été modifiée entre-temps. Relisez-la avant d’enregistrer la vôtre."


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    asked, said = TABLE.read(request.query_params), request.query_params
    today = request.now.date()
    if said.get("export") == "csv":
        rows = (await news_page(asked.whole, today, STATES[asked.chosen["etat"]], asked.search)).rows
        lines = [(one.title, one.note, one.starts, one.ends, STATE_WORDS[one.state(today)]) for one in rows]
        return csv_file("actualites", ("Titre", "Mention", "Du", "Au", "État"), lines)
    withdrawn = await News.get_or_none(id=whole(said.get("retiree")) or 0, withdrawn_at__not_isnull=True)
    known = {
        "asked": asked,
        "found": await news_page(asked.cut, today, STATES[asked.chosen["etat"]], asked.search),
        "done": DONE.get(said.get("fait", ""), ""),
        "withdrawn": withdrawn,
        "today": today,
        "states": STATE_WORDS,
        "place": PLACE,
    }
    return render(request, "admin/news/list.html", known)


@staff(*menu.roles)
async def offer(request: StaffRequest) -> Response:
    return _form(request, Filled({STARTS.name: str(request.now.date())}, {}, {}))


@staff(*menu.roles)
async def add(request: StaffRequest) -> Response:
    sent = await form(request)
    filled = _filled(sent)
    if filled.errors or "apercu" in sent:
        return _form(request, filled, click=plain_key(sent, "click"), status=422 if filled.errors else 200)
    code = plain_key(sent, "click") or secrets.token_hex(8)
    await News.add(f"m-{code}"[:60], _said(filled), request.user.member, request.now)
    return RedirectResponse(f"{PLACE}?fait=1", 303)


@staff(*menu.roles)
async def one(request: StaffRequest) -> Response:
    found = await _found(request)
    typed = {
        TITLE.name: found.title,
        SUMMARY.name: found.summary,
        BODY.name: found.body,
        STARTS.name: str(found.starts),
        ENDS.name: str(found.ends or ""),
        URGENT.name: "1" if found.urgent else "",
    }
    return _form(request, Filled(typed, {}, {}), found, revision=found.revision)


@staff(*menu.roles)
async def change(request: StaffRequest) -> Response:
    found, sent = await _found(request), await form(request)
    filled, revision = _filled(sent), whole(sent.get("revision")) or 0
    if filled.errors or "apercu" in sent:
        return _form(request, filled, found, revision=revision, status=422 if filled.errors else 200)
    try:
        await News.change(found.id, revision, _said(filled), request.user.member, request.now)
    except ChangedMeanwhile:
        told = Filled(filled.typed, filled.values, {"": MEANWHILE})
        return _form(request, told, found, revision=found.revision, status=409)
    return RedirectResponse(f"{PLACE}?fait=1", 303)


@staff(*menu.roles)
async def withdraw(request: StaffRequest) -> Response:
    found = await _found(request)
    await News.withdraw(found.id, request.user.member, request.now)
    return RedirectResponse(f"{PLACE}?retiree={found.id}", 303)


@staff(*menu.roles)
async def restore(request: StaffRequest) -> Response:
    await News.restore((await _found(request)).id, request.user.member, request.now)
    return RedirectResponse(f"{PLACE}?fait=remise", 303)


routes = [
    Route(PLACE, show),
    Route(NEW, offer),
    Route(NEW, add, methods=["POST"]),
    Route("/mairie/actualites/{id:int}", one),
    Route("/mairie/actualites/{id:int}", change, methods=["POST"]),
    Route("/mairie/actualites/{id:int}/retrait", withdraw, methods=["POST"]),
    Route("/mairie/actualites/{id:int}/remise", restore, methods=["POST"]),
]


async def _found(request: StaffRequest) -> News:
    found = await News.get_or_none(id=request.number("id"))
    if found is None:
        raise HTTPException(404)
    return found


def _filled(sent: FormData) -> Filled:
    return in_order(fill(FIELDS, sent), STARTS, ENDS)


def _said(filled: Filled) -> dict[str, Any]:
    """By column."""
    return {
        "title": filled.typed[TITLE.name],
        "summary": filled.typed[SUMMARY.name],
        "body": filled.typed[BODY.name],
        "starts": filled.of(STARTS),
        "ends": filled.of(ENDS),
        "urgent": URGENT.name in filled.values,
    }


def _form(
    request: StaffRequest,
    filled: Filled,
    opened: News | None = None,
    click: str = "",
    revision: int = 0,
    status: int = 200,
) -> Response:
    """With what its text will look like, once there is one."""
    known = {
        "fields": FIELDS,
        "filled": filled,
        "errors": filled.errors,
        "opened": opened,
        "click": click or secrets.token_hex(8),
        "revision": revision,
        "shown": filled.typed.get(BODY.name, ""),
        "place": PLACE,
    }
    return render(request, "admin/news/form.html", known, status)
