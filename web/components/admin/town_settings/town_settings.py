"""« Réglages »: what the mairie says of itself, its colour, and what it asks of its agents."""

import re
from dataclasses import replace
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from models.commune.commune import Commune
from models.commune_file.screens import town_settings
from models.commune_file.screens.town_settings import NOT_OF_FILES, ChangedMeanwhile
from web.components.admin.kit.form import Choice, Email, Field, Filled, Lines, OneOf, Phone, Text, Wrong, fill
from web.components.admin.town_settings import logo, retention
from web.components.admin.town_settings.place import PLACE, ROLES
from web.http.auth import StaffRequest, staff
from web.http.forms import form
from web.page.menu import Entry
from web.page.templates import fragment, render
from web.page.theme import DEFAULT, TEXT, WHITE, contrast

ALL = "tous"  # what is asked of agents
HEX = re.compile(r"#[0-9A-F]{6}")
MEANWHILE = "Un autre agent a modifié les réglages entre-temps. Voici ce qu’ils sont maintenant."


class Colour(Text):
    """White words must read on it."""

    def read(self, typed: str) -> str:
        colour = typed.upper()
        if not HEX.fullmatch(colour):
            raise Wrong("Saisissez une couleur, par exemple #1D4ED8.")
        if contrast(colour, WHITE) < TEXT:
            raise Wrong(f"{verdict(colour)}. Choisissez une couleur plus foncée.")
        return colour


class Siret(Text):
    def read(self, typed: str) -> str:
        digits = "".join(typed.split())
        if not (digits.isascii() and digits.isdigit() and len(digits) == 14):
            raise Wrong("14 chiffres.")
        return digits


FIELDS: dict[str, Field[Any]] = {
    "name": Text("nom", "Nom de la commune", missing="Saisissez le nom de la commune."),
    "title": Text("titre", "Titre du portail", "Vide\u00a0: «\u00a0Portail Famille\u00a0»."),
    "address": Text("adresse", "Adresse", missing="Saisissez l’adresse.", longest=300),
    "phone": Phone("telephone", "Téléphone", missing="Saisissez le téléphone."),
    "email": Email("courriel", "Adresse e-mail", missing="Saisissez l’adresse e-mail."),
    "hours": Lines("horaires", "Horaires d’ouverture", "Une ligne par jour ou par période.", longest=500),
    "siret": Siret(
        "siret", "SIRET", "14 chiffres. Avec lui, les menus sont publiés en données ouvertes.", longest=20
    ),
    "colour": Colour("couleur", "Couleur", "En #RRVVBB. Vide\u00a0: la couleur du produit.", longest=7),
    "second_step": OneOf(
        "double_authentification",
        "Double authentification",
        "Toujours demandée aux administrateurs et aux régisseurs.",
        choices=(
            Choice("", "Facultative pour les autres agents"),
            Choice(ALL, "Obligatoire pour tous les agents"),
        ),
    ),
    "roll_pin": OneOf(
        "code_tablette",
        "Code de la tablette au pointage",
        "Après cinq minutes sans geste, les noms sont cachés. Chacun choisit le sien dans «\u00a0Mon compte\u00a0».",
        choices=(Choice("", "Pas demandé"), Choice(ALL, "Demandé à qui en a choisi un")),
    ),
}

menu = Entry(
    PLACE,
    "Réglages",
    "gear",
    roles=ROLES,
    order=93,
    about="La commune, sa couleur, la sécurité des agents",
)


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    if request.commune is None:
        return RedirectResponse("/mairie/demarrage", 303)
    commune = await _commune()
    return _draw(request, commune, Filled(_typed(commune), {}, {}))


@staff(*menu.roles)
async def change(request: StaffRequest) -> Response:
    sent, commune = await form(request), await _commune()
    filled = fill(FIELDS.values(), sent)
    if filled.errors:
        return _draw(request, commune, filled, 422)
    wanted = {column: filled.of(field) for column, field in FIELDS.items()}
    wanted |= {column: wanted[column] == ALL for column in NOT_OF_FILES}
    try:
        await town_settings.change(wanted, str(sent.get("vu", "")), request.user.actor, request.now)
    except ChangedMeanwhile:
        kept = replace(filled, typed=_typed(commune), errors={"": MEANWHILE})
        return _draw(request, commune, kept, 409)
    return RedirectResponse(f"{PLACE}?fait=1", 303)


@staff(*menu.roles)
async def judge(request: StaffRequest) -> Response:
    """What is to be said of a colour, while it is chosen."""
    colour = request.query_params.get("couleur", "").strip().upper()
    return HTMLResponse(fragment(request, "admin/town_settings/verdict.html", _judged(colour)))


def verdict(colour: str) -> str:
    """« 6,7:1 – lisible »: white words on it."""
    ratio = contrast(colour, WHITE)
    said = f"{int(ratio * 10) / 10:.1f}".replace(".", ",")
    return f"{said}:1 – {'lisible' if ratio >= TEXT else 'illisible, il faut 4,5:1'}"


def _judged(colour: str) -> dict[str, Any]:
    shown = colour or DEFAULT
    is_colour = bool(HEX.fullmatch(shown))
    return {
        "shown": shown if is_colour else "",
        "verdict": verdict(shown) if is_colour else "Une couleur s’écrit #RRVVBB.",
        "reads": is_colour and contrast(shown, WHITE) >= TEXT,
    }


async def _commune() -> Commune:
    commune = await Commune.all().first()
    if commune is None:
        raise HTTPException(404)
    return commune


def _typed(commune: Commune) -> dict[str, str]:
    values = {column: getattr(commune, column) or "" for column in FIELDS}
    values |= {column: ALL if values[column] else "" for column in NOT_OF_FILES}
    return {FIELDS[column].name: str(said) for column, said in values.items()}


def _draw(request: StaffRequest, commune: Commune, filled: Filled, status: int = 200) -> Response:
    known = {
        "fields": list(FIELDS.values()),
        "filled": filled,
        "errors": filled.errors,
        "place": PLACE,
        "seen": town_settings.seen(commune),
        "done": request.query_params.get("fait") == "1" and status == 200,
        **_judged(filled.typed.get("couleur", "").upper()),
    }
    return render(request, "admin/town_settings/page.html", known, status)


routes = [
    Route(PLACE, show, methods=["GET"]),
    Route(PLACE, change, methods=["POST"]),
    Route(f"{PLACE}/couleur", judge),
    *logo.routes,
    *retention.routes,
]
