"""A wizard of two steps whose last one cannot be taken back, as a screen of the mairie would be written."""

from pathlib import Path

from jinja2 import ChoiceLoader, FileSystemLoader
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from web.components.admin.kit.form import (
    NOTHING,
    AnyOf,
    Choice,
    Day,
    Filled,
    Lines,
    Money,
    OneOf,
    Text,
    Whole,
    Word,
    fill,
)
from web.components.admin.kit.wizard import Step, Wizard
from web.http.auth import StaffRequest, staff
from web.http.forms import form
from web.page.templates import environment, render

FOLDER = Path(__file__).parent
PLACE = "/mairie/essai"
ROLES = ("manager",)
DAYS = AnyOf(
    "jours",
    "Jours",
    "Ceux où l’activité a lieu.",
    "Cochez au moins un jour.",
    choices=(
        Choice("mon", "Lundi"),
        Choice("tue", "Mardi"),
        Choice("thu", "Jeudi"),
        Choice("fri", "Vendredi"),
    ),
)
WIZARD = Wizard(
    f"{PLACE}/nouvelle",
    (
        Step(
            "activite",
            "L’activité",
            (
                Text("nom", "Nom", missing="Donnez un nom à l’activité.", longest=40),
                OneOf("genre", "Genre", choices=(Choice("", "À choisir"), Choice("repas", "Repas"))),
                Lines("mot", "Ce que les familles en lisent", "Quelques phrases suffisent."),
            ),
        ),
        Step(
            "jours",
            "Jours et places",
            (
                DAYS,
                Day("debut", "Premier jour", missing="Indiquez le premier jour."),
                Whole("places", "Places", "Laissez vide s’il n’y a pas de limite.", most=500, unit="enfants"),
                Money("prix", "Prix d’un jour", missing="Indiquez le prix."),
            ),
        ),
        Step("fin", "Ouvrir"),
    ),
)
WORD = Word("mot", "Pour confirmer, écrivez OUVRIR", missing="Écrivez OUVRIR pour confirmer.", word="OUVRIR")


@staff(*ROLES)
async def start(request: StaffRequest) -> Response:
    return render(request, "kit.html", {"wizard": WIZARD, "word": WORD, "nothing": NOTHING, "place": PLACE})


@staff(*ROLES)
async def ask(request: StaffRequest) -> Response:
    return _draw(request, _step(request), NOTHING)


@staff(*ROLES)
async def keep(request: StaffRequest) -> Response:
    step = _step(request)
    asked = step.fields or (WORD,)
    filled = fill(asked, await form(request))
    if filled.errors:
        return _draw(request, step, filled, 422)
    following = WIZARD.after(step)
    return RedirectResponse(WIZARD.address(following) if following else f"{PLACE}?fait=1", 303)


routes = [
    Route(PLACE, start),
    Route(f"{WIZARD.path}/{{etape}}", ask),
    Route(f"{WIZARD.path}/{{etape}}", keep, methods=["POST"]),
]


def added_to(app: Starlette) -> Starlette:
    """The same portal, with these pages."""
    loaders = [loader for loader in (environment.loader, FileSystemLoader(FOLDER)) if loader]
    environment.loader = ChoiceLoader(loaders)
    app.router.routes.extend(routes)
    return app


def _step(request: StaffRequest) -> Step:
    step = WIZARD.step(request.text("etape"))
    if step is None:
        raise HTTPException(404)
    return step


def _draw(request: StaffRequest, step: Step, filled: Filled, status: int = 200) -> Response:
    done = [one.key for one in WIZARD.steps[: WIZARD.number(step) - 1]]
    known = {"wizard": WIZARD, "step": step, "done": done, "filled": filled, "word": WORD}
    return render(request, "step.html", known, status)
