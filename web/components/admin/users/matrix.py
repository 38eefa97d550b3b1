"""« Qui voit quoi »: each screen of the mairie and each kind of private facts × each role, as the guards decide it."""

from starlette.responses import Response

from models.french.names import ROLES as NAMES
from models.rules import roles
from models.rules.families.health import NEEDED_BY
from web.components.admin.users.place import PLACE, ROLES
from web.http.auth import StaffRequest, staff
from web.page.menu import PRIVATE, Entry
from web.page.templates import render

HEALTH = {"allergens": "Régimes et allergies des enfants", "plan": "Projets d’accueil (PAI)"}
CHANGES, READS, NOTHING = "modifie", "consulte", "–"


@staff(*ROLES)
async def show(request: StaffRequest) -> Response:
    known = {
        "place": PLACE,
        "names": NAMES,
        "screens": [(entry.label, _row(entry)) for entry in request.menu],
        "facts": [(label, _of_facts(kind, request.menu)) for kind, label in PRIVATE.items()]
        + [(label, _of_health(kind)) for kind, label in HEALTH.items()],
    }
    return render(request, "admin/users/matrix.html", known)


def _row(entry: Entry) -> list[str]:
    return [may(role, entry) for role in NAMES]


def may(role: str, entry: Entry) -> str:
    """What this role does on a screen, in a word."""
    if roles.may([role], entry.roles, change=True):
        return CHANGES
    return READS if roles.may([role], entry.roles) else NOTHING


def _of_facts(kind: str, entries: tuple[Entry, ...]) -> list[list[str]]:
    """For each role the screens on which it sees them."""
    shown = [entry for entry in entries if kind in entry.shows]
    return [[entry.label for entry in shown if roles.may([role], entry.roles)] for role in NAMES]


def _of_health(kind: str) -> list[list[str]]:
    """Whoever needs it sees it on the screens that they open; the rule says who."""
    return [["selon ses écrans"] if role in NEEDED_BY[kind] else [] for role in NAMES]
