"""« Comptes des parents »: who has one, the letters and invitations that open it, an access that is closed."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, cast

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.access.letter import LetterRun
from models.accounts import account_list, blocking, inviting, letters
from models.accounts.account_list import AccountLine, Which
from models.families.guardian import Guardian
from models.storage.paging import Cut, Page
from web.components.admin.kit.csv_file import Cell, csv_file
from web.components.admin.kit.form import Choice
from web.components.admin.kit.table import Column, Filter, Table, View, came_from, ids
from web.http.auth import StaffRequest, staff
from web.http.forms import form, plain_key
from web.page.menu import FEW, Entry, Found
from web.page.templates import render

PLACE = "/mairie/comptes"
STANDINGS = {"none": "à activer", "open": "actif", "blocked": "bloqué"}
OF_STATE: dict[str, Which] = {"": "", "a-activer": "none", "actifs": "open", "bloques": "blocked"}
STATES = Filter(
    "etat",
    "Compte",
    (
        Choice("", "Tous"),
        Choice("a-activer", "À activer"),
        Choice("actifs", "Actifs"),
        Choice("bloques", "Bloqués"),
    ),
)
TABLE = Table(
    PLACE,
    (
        Column("parent", "Parent", "name"),
        Column("dossier", "Dossier", "family"),
        Column("compte", "Compte"),
        Column("adresse", "E-mail", "email"),
        Column("vu", "Dernière connexion"),
        Column("envois", "Envois"),
        Column("acces", "Accès"),
    ),
    sort="parent",
    filters=(STATES,),
    search="Nom, dossier ou e-mail",
)
Verb = Callable[[Guardian, str, datetime], Awaitable[object]]
RUNS = 10  # that the page lists
NOBODY = "Cochez au moins un parent dont le compte est à activer."
NO_ADDRESS = "Aucun des parents cochés n’a à la fois une adresse e-mail et un compte à activer."
SECRET = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}


async def find(words: str, now: datetime) -> list[Found]:
    found = await account_list.page(Cut("name", size=FEW), search=words)
    return [
        Found(
            TABLE.read({"recherche": line.family}).address,
            f"{line.first_name} {line.last_name}",
            f"compte {STANDINGS[line.standing]}, dossier {line.family}",
        )
        for line in found.rows
    ]


menu = Entry(
    PLACE,
    "Comptes",
    "key",
    roles=("manager",),
    order=43,
    shows=("contact",),
    about="Qui s’est connecté, courriers et invitations de première connexion",
    find=find,
)


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    asked = TABLE.read(request.query_params)
    if request.query_params.get("export") == "csv":
        return _file((await _found(asked, asked.whole)).rows, request.now)
    return await _page(request, asked)


@staff(*menu.roles)
async def write(request: StaffRequest) -> Response:
    """Letters: for those that are ticked, or for everybody who has no account yet."""
    sent = await form(request)
    chosen = await letters.waiting() if "tous" in sent else ids(sent.getlist("parent"))
    click = plain_key(sent, "click") or secrets.token_hex(16)
    run = await letters.make(chosen, click, request.user.member.id, request.now)
    if run is None:
        return await _page(request, TABLE.read(came_from(sent)), {"": NOBODY}, 422)
    return RedirectResponse(f"{PLACE}?courriers={run.id}#courriers", 303)


@staff(*menu.roles)
async def invite(request: StaffRequest) -> Response:
    sent = await form(request)
    click = plain_key(sent, "click") or secrets.token_hex(16)
    invited = await inviting.invite(ids(sent.getlist("parent")), click, request.user.actor, request.now)
    asked = TABLE.read(came_from(sent))
    if not invited:
        return await _page(request, asked, {"": NO_ADDRESS}, 422)
    return RedirectResponse(asked.and_(invites=str(invited)), 303)


@staff(*menu.roles)
async def block(request: StaffRequest) -> Response:
    return await _acted(request, "bloque", blocking.block)


@staff(*menu.roles)
async def unblock(request: StaffRequest) -> Response:
    return await _acted(request, "debloque", blocking.unblock)


@staff(*menu.roles)
async def paper(request: StaffRequest) -> Response:
    """The letters of a run, to print. It holds codes: nothing keeps it on the way."""
    run = await LetterRun.get_or_none(id=request.number("id"))
    content = run.content if run else None
    if run is None or content is None:
        raise HTTPException(404)
    named = f'inline; filename="premiere-connexion-{run.id}.pdf"'
    headers = {"Content-Disposition": named, **SECRET}
    return Response(content, media_type="application/pdf", headers=headers)


async def _acted(request: StaffRequest, what: str, verb: Verb) -> Response:
    guardian = await Guardian.get_or_none(id=request.number("id")).select_related("family")
    if guardian is None:
        raise HTTPException(404)
    await verb(guardian, request.user.actor, request.now)
    asked = TABLE.read(came_from(await form(request)))
    return RedirectResponse(asked.and_(fait=what, qui=str(guardian.id)), 303)


async def _page(
    request: StaffRequest, asked: View, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    counts = await account_list.counts()
    known: dict[str, Any] = {
        "asked": asked,
        "found": await _found(asked, asked.cut),
        "states": STATES,
        "of_state": {
            "": counts.all,
            "a-activer": counts.none,
            "actifs": counts.open,
            "bloques": counts.blocked,
        },
        "waiting": counts.none,
        "standings": STANDINGS,
        "refused": await account_list.refused_lately(request.now),
        "runs": await letters.runs(RUNS),
        "click": secrets.token_hex(16),
        "done": await _done(request) if status == 200 else "",
        "errors": errors or {},
        "place": PLACE,
    }
    return render(request, "admin/accounts/page.html", known, status)


async def _done(request: StaffRequest) -> str:
    """What was just done, in words."""
    said = request.query_params
    if (invited := said.get("invites", "")).isdigit():
        return "Une invitation est partie." if invited == "1" else f"{invited[:4]} invitations sont parties."
    if said.get("courriers"):
        return "Les courriers sont prêts à être dessinés. Les codes des courriers précédents ne servent plus."
    what = {"bloque": "L’accès est bloqué.", "debloque": "L’accès est rouvert."}
    return what.get(said.get("fait", ""), "")


async def _found(asked: View, cut: Cut) -> Page[AccountLine]:
    return await account_list.page(cut, OF_STATE[asked.chosen["etat"]], asked.search)


def _file(lines: list[AccountLine], now: datetime) -> Response:
    heads = ("Nom", "Prénom", "Dossier", "Nom d’utilisateur", "E-mail", "Compte", "Dernière connexion")
    return csv_file(f"comptes_{now:%Y-%m-%d}", heads, [_cells(line) for line in lines])


def _cells(line: AccountLine) -> list[Cell]:
    return [
        line.last_name,
        line.first_name,
        line.family,
        line.username,
        line.email,
        STANDINGS[line.standing],
        cast(Cell, line.seen_at),
    ]


routes = [
    Route(PLACE, show),
    Route(f"{PLACE}/courriers", write, methods=["POST"]),
    Route(f"{PLACE}/invitations", invite, methods=["POST"]),
    Route(f"{PLACE}/{{id:int}}/blocage", block, methods=["POST"]),
    Route(f"{PLACE}/{{id:int}}/deblocage", unblock, methods=["POST"]),
    Route(f"{PLACE}/courriers/{{id:int}}/pdf", paper),
]
