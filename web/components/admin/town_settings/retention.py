"""« Durées de conservation »: how long what is known of people is kept, and what went by itself lately."""

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.commune_file.screens import retention as settings
from models.french.journal import rewritten
from models.rules.families.retention import DURATIONS, HEALTH, INACTIVE, MESSAGES, SESSIONS, Duration, kept
from models.work.audit_log import Event
from web.components.admin.kit.form import Filled, Whole, fill
from web.components.admin.town_settings.place import PLACE, ROLES
from web.http.auth import StaffRequest, staff
from web.http.forms import form
from web.page.templates import render

RETENTION = f"{PLACE}/conservation"
LAST = 5  # nights on which something went
WORDS = {  # of each: its name, from when, what stands behind its limits
    SESSIONS: (
        "Connexions et liens reçus par courriel",
        "Après leur fin. Assez pour comprendre un accès suspect, sans garder la trace de chaque visite.",
    ),
    MESSAGES: (
        "Messages",
        "Après l’année scolaire du dernier message d’une conversation traitée. Les fichiers joints restent.",
    ),
    HEALTH: (
        "Régimes et allergies",
        "Après la dernière classe, la dernière inscription et le dernier jour réservé de l’enfant. "
        "Trois mois au moins\u00a0: l’été, les classes de la rentrée ne sont pas encore connues.",
    ),
    INACTIVE: (
        "Dossiers inactifs",
        "Sans connexion, réservation, facture ni changement, le dossier est anonymisé. "
        "Un an au moins\u00a0: une famille revient d’une année sans cantine. Rien ne part tant qu’une somme est due.",
    ),
}


def _field(duration: Duration) -> Whole:
    label, why = WORDS[duration]
    limits = f"De {duration.least} à {duration.most} mois, d’habitude {duration.usual}."
    return Whole(
        duration.code,
        label,
        f"{why} {limits}",
        missing=limits,
        least=duration.least,
        most=duration.most,
        unit="mois",
    )


FIELDS = tuple(_field(duration) for duration in DURATIONS)


@staff(*ROLES)
async def show(request: StaffRequest) -> Response:
    if request.commune is None:
        return RedirectResponse("/mairie/demarrage", 303)
    typed = {code: str(months) for code, months in kept(request.commune.retention).items()}
    return await _draw(request, Filled(typed, {}, {}))


@staff(*ROLES)
async def change(request: StaffRequest) -> Response:
    filled = fill(FIELDS, await form(request))
    if filled.errors:
        return await _draw(request, filled, 422)
    wanted = {field.name: filled.of(field) or 0 for field in FIELDS}
    await settings.change(wanted, request.user.actor, request.now)
    return RedirectResponse(f"{RETENTION}?fait=1", 303)


routes = [
    Route(RETENTION, show, methods=["GET"]),
    Route(RETENTION, change, methods=["POST"]),
]


async def _draw(request: StaffRequest, filled: Filled, status: int = 200) -> Response:
    lately = await Event.filter(action="retention.applied").order_by("-id").limit(LAST)
    known = {
        "place": PLACE,
        "fields": FIELDS,
        "filled": filled,
        "errors": filled.errors,
        "done": request.query_params.get("fait") == "1" and status == 200,
        "lately": [
            (event.at, [(label, after) for label, _, after in rewritten(event.details)]) for event in lately
        ],
    }
    return render(request, "admin/town_settings/retention.html", known, status)
