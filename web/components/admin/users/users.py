"""« Utilisateurs »: the mairie's agents, what they may do, who is let in, and how a new one comes."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.access.member import Member
from models.access.staff import member_list, members, second_step
from models.access.staff.member_list import MemberLine
from models.access.staff.members import LastAdministrator, NameTaken, OnOneself
from models.french.names import ROLES as NAMES
from models.rules.accounts import usernames
from models.rules.accounts.one_time_code import is_required
from web.components.admin.kit.csv_file import csv_file
from web.components.admin.kit.form import NOTHING, AnyOf, Choice, Email, Field, Filled, Text, Wrong, fill
from web.components.admin.users.matrix import show as show_matrix
from web.components.admin.users.place import PLACE, ROLES
from web.http.auth import StaffRequest, staff
from web.http.forms import form
from web.page.menu import Entry
from web.page.templates import render

NAME = Text("nom", "Prénom et nom", missing="Saisissez le prénom et le nom.")
EMAIL = Email("adresse", "Adresse e-mail", missing="Saisissez une adresse e-mail.")


class Username(Text):
    def read(self, typed: str) -> str:
        name = usernames.plain(typed)
        if usernames.flaw(name):
            raise Wrong("De 3 à 40 lettres sans accent, chiffres, points ou tirets, sans espace.")
        return name


USERNAME = Username("identifiant", "Identifiant", "Par exemple prenom.nom.", "Saisissez un identifiant.", 40)
GIVEN = AnyOf(
    "roles",
    "Rôles",
    missing="Cochez au moins un rôle.",
    choices=tuple(Choice(role, name) for role, name in NAMES.items()),
)
NEW: tuple[Field[Any], ...] = (NAME, USERNAME, EMAIL, GIVEN)
KNOWN: tuple[Field[Any], ...] = (NAME, EMAIL, GIVEN)
TAKEN = "Cet identifiant est déjà pris."
REFUSED = {
    "dernier": "C’est le dernier administrateur qui peut se connecter\u00a0: nommez-en d’abord un autre.",
    "soi": "Vous ne pouvez pas vous retirer cet accès à vous-même\u00a0: un autre administrateur le peut.",
    "adresse": "Cet agent n’a pas d’adresse e-mail\u00a0: saisissez-la d’abord.",
}
DONE = {
    "invite": "L’invitation est partie. Le lien est valable 7 jours.",
    "change": "C’est enregistré. Si ses rôles ont changé, l’agent se reconnecte.",
    "bloque": "L’accès est bloqué, et toutes ses sessions sont fermées.",
    "debloque": "L’accès est rouvert.",
    "etape": "La double authentification est remise à zéro\u00a0: l’agent la remet en place à sa prochaine connexion.",
}
Verb = Callable[[int, str, datetime], Awaitable[object]]

menu = Entry(
    PLACE,
    "Utilisateurs",
    "people",
    roles=ROLES,
    order=91,
    shows=("contact",),
    about="Les agents, leurs rôles, leur accès, et qui voit quoi",
)


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    if request.query_params.get("export") == "csv":
        return _file(await member_list.members())
    return await _page(request)


def _file(lines: Sequence[MemberLine]) -> Response:
    heads = (
        "Agent",
        "Identifiant",
        "Courriel",
        "Rôles",
        "Accès",
        "Dernière connexion",
        "Double authentification",
    )
    cells = [
        (
            one.name, one.username, one.email, ", ".join(NAMES[role] for role in one.roles),
            "bloqué" if one.blocked_at else "ouvert" if one.joined else "invité", one.seen_at,
            "en place" if one.code_since else "non",
        )
        for one in lines
    ]  # fmt: skip
    return csv_file("agents", heads, cells)


@staff(*menu.roles)
async def ask(request: StaffRequest) -> Response:
    return render(request, "admin/users/new.html", {"fields": NEW, "filled": NOTHING, "place": PLACE})


@staff(*menu.roles)
async def invite(request: StaffRequest) -> Response:
    filled = fill(NEW, await form(request))
    if not filled.errors:
        name, username, email, roles = (filled.values[field.name] for field in NEW)
        try:
            await members.invite(username, name, email, roles, request.user.actor, request.now)
            return _done("invite")
        except NameTaken:
            filled = replace(filled, errors={USERNAME.name: TAKEN})
    known = {"fields": NEW, "filled": filled, "place": PLACE, "errors": filled.errors}
    return render(request, "admin/users/new.html", known, 422)


@staff(*menu.roles)
async def edit(request: StaffRequest) -> Response:
    member = await _member(request)
    values = {"nom": member.name, "adresse": member.email or "", "roles": " ".join(member.roles)}
    return _draw(request, member, Filled(values, {}, {}))


@staff(*menu.roles)
async def change(request: StaffRequest) -> Response:
    member, filled = await _member(request), fill(KNOWN, await form(request))
    if filled.errors:
        return _draw(request, member, filled, 422)
    name, email, roles = (filled.values[field.name] for field in KNOWN)
    try:
        await members.change(member.id, name, email, roles, request.user.actor, request.now)
    except OnOneself:
        return _draw(request, member, replace(filled, errors={GIVEN.name: REFUSED["soi"]}), 422)
    except LastAdministrator:
        return _draw(request, member, replace(filled, errors={GIVEN.name: REFUSED["dernier"]}), 422)
    return _done("change")


@staff(*menu.roles)
async def block(request: StaffRequest) -> Response:
    return await _act(request, members.block, "bloque")


@staff(*menu.roles)
async def unblock(request: StaffRequest) -> Response:
    return await _act(request, members.unblock, "debloque")


@staff(*menu.roles)
async def write_again(request: StaffRequest) -> Response:
    member = await _member(request)
    if not await members.write_again(member.id, request.user.actor, request.now):
        return await _page(request, REFUSED["adresse"], 422)
    return _done("invite")


@staff(*menu.roles)
async def reset_step(request: StaffRequest) -> Response:
    member = await _member(request)
    if member.actor == request.user.actor:
        return await _page(request, REFUSED["soi"], 422)
    await second_step.reset(member, request.user.actor, request.now)
    return _done("etape")


async def _act(request: StaffRequest, verb: Verb, done: str) -> Response:
    try:
        await verb((await _member(request)).id, request.user.actor, request.now)
    except OnOneself:
        return await _page(request, REFUSED["soi"], 422)
    except LastAdministrator:
        return await _page(request, REFUSED["dernier"], 422)
    return _done(done)


async def _member(request: StaffRequest) -> Member:
    member = await Member.get_or_none(id=request.number("id"))
    if member is None:
        raise HTTPException(404)
    return member


def _done(what: str) -> Response:
    return RedirectResponse(f"{PLACE}?fait={what}", 303)


def _draw(request: StaffRequest, member: Member, filled: Filled, status: int = 200) -> Response:
    known = {"member": member, "fields": KNOWN, "filled": filled, "place": PLACE, "errors": filled.errors}
    return render(request, "admin/users/edit.html", known, status)


async def _page(request: StaffRequest, error: str = "", status: int = 200) -> Response:
    of_all = bool(request.commune and request.commune.second_step)
    known = {
        "lines": [(line, is_required(line.roles, of_all)) for line in await member_list.members()],
        "me": request.user.member.id,
        "place": PLACE,
        "demo": request.settings.demo,
        "done": DONE.get(request.query_params.get("fait", ""), "") if status == 200 else "",
        "errors": {"": error} if error else {},
    }
    return render(request, "admin/users/page.html", known, status)


routes = [
    Route(PLACE, show),
    Route(f"{PLACE}/qui-voit-quoi", show_matrix),
    Route(f"{PLACE}/nouveau", ask, methods=["GET"]),
    Route(f"{PLACE}/nouveau", invite, methods=["POST"]),
    Route(f"{PLACE}/{{id:int}}", edit, methods=["GET"]),
    Route(f"{PLACE}/{{id:int}}", change, methods=["POST"]),
    Route(f"{PLACE}/{{id:int}}/blocage", block, methods=["POST"]),
    Route(f"{PLACE}/{{id:int}}/deblocage", unblock, methods=["POST"]),
    Route(f"{PLACE}/{{id:int}}/invitation", write_again, methods=["POST"]),
    Route(f"{PLACE}/{{id:int}}/double-authentification", reset_step, methods=["POST"]),
]
