"""« Démarrage »: seven steps from an empty portal to a family's first day, which tick themselves."""

from datetime import datetime
from typing import Any

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.commune_file import Refused, WrongFile
from models.commune_file.screens import first_run
from models.commune_file.screens.first_run import BegunAlready
from models.rules.roles import ADMINISTRATOR
from web.components.admin.kit.form import (
    NOTHING,
    Choice,
    Email,
    Field,
    Filled,
    OneOf,
    Phone,
    Text,
    Wrong,
    fill,
)
from web.http.auth import StaffRequest, staff
from web.http.forms import form
from web.page.menu import Count, Entry
from web.page.templates import render

PLACE = "/mairie/demarrage"


class Insee(Text):
    def read(self, typed: str) -> str:
        code = typed.upper()
        if len(code) != 5 or not code.isalnum() or not code[2:].isdigit():
            raise Wrong("5 caractères, par exemple 26004.")
        return code


TOWN: dict[str, Field[Any]] = {
    "name": Text("nom", "Nom de la commune", missing="Saisissez le nom de la commune."),
    "insee": Insee("insee", "Code INSEE", "5 caractères.", "Saisissez le code INSEE.", 5),
    "zone": OneOf(
        "zone", "Zone de vacances scolaires", choices=tuple(Choice(zone, f"Zone {zone}") for zone in "ABC")
    ),
    "phone": Phone("telephone", "Téléphone", missing="Saisissez le téléphone."),
    "email": Email("courriel", "Adresse e-mail", missing="Saisissez l’adresse e-mail."),
    "address": Text("adresse", "Adresse", missing="Saisissez l’adresse.", longest=300),
}
SCHOOL = Text("ecole", "Nom de l’école", missing="Saisissez le nom de l’école.")
NAME = Text(
    "nom_activite", "Son nom chez vous", "Par exemple Cantine.", "Saisissez le nom de l’activité.", 100
)
THERE = "C’est déjà fait\u00a0: la suite se règle sur les écrans de la mairie."
UNKNOWN = "Choisissez un modèle de la liste."


async def left(now: datetime) -> Count:
    return Count((await first_run.progress()).left)


menu = Entry(
    PLACE,
    "Démarrage",
    "m-booked",
    roles=(ADMINISTRATOR,),
    order=94,
    about="Les sept étapes d’un portail neuf, jusqu’à la première réservation",
    count=left,
)


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    return await _draw(request)


@staff(*menu.roles)
async def begin(request: StaffRequest) -> Response:
    filled = fill((*TOWN.values(), SCHOOL), await form(request))
    if filled.errors:
        return await _draw(request, filled, 422)
    town = {key: str(filled.of(field) or "A") for key, field in TOWN.items()}
    try:
        await first_run.begin(town, filled.of(SCHOOL) or "", request.user.actor, request.now)
    except BegunAlready:
        return await _draw(request, Filled(filled.typed, {}, {"": THERE}), 422)
    return RedirectResponse(PLACE, 303)


@staff(*menu.roles)
async def copy(request: StaffRequest) -> Response:
    filled = fill((_models(), NAME), await form(request))
    if filled.errors:
        return await _draw(request, filled, 422)
    key, name = str(filled.values.get("modele", "")), filled.of(NAME) or ""
    try:
        await first_run.copy(key, name, request.user.actor, request.now)
    except BegunAlready:
        return await _draw(request, Filled(filled.typed, {}, {"": THERE}), 422)
    except LookupError:
        return await _draw(request, Filled(filled.typed, {}, {"modele": UNKNOWN}), 422)
    except (WrongFile, Refused) as exc:
        return await _draw(request, Filled(filled.typed, {}, {"modele": str(exc)}), 422)
    return RedirectResponse(PLACE, 303)


def _models() -> OneOf:
    said = [
        Choice(
            model.key,
            f"{model.name} ({model.commune}){'' if model.invoiced else ' – payée à la réservation'}",
        )
        for model in first_run.models()
    ]
    return OneOf(
        "modele",
        "Modèle",
        "Avec ses limites et ses tarifs, sans adhésion à payer.",
        "Choisissez un modèle.",
        tuple(said),
    )


async def _draw(request: StaffRequest, filled: Filled = NOTHING, status: int = 200) -> Response:
    progress = await first_run.progress()
    known: dict[str, Any] = {
        "progress": progress,
        "total": len(first_run.STEPS),
        "town": [*TOWN.values(), SCHOOL],
        "activity": [_models(), NAME] if not progress.done["activity"] else [],
        "filled": filled,
        "errors": filled.errors,
        "place": PLACE,
    }
    return render(request, "admin/first_run/page.html", known, status)


routes = [
    Route(PLACE, show),
    Route(f"{PLACE}/commune", begin, methods=["POST"]),
    Route(f"{PLACE}/activite", copy, methods=["POST"]),
]
