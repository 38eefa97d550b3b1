"""The page of one family: what it owes, who it is, its children, its quotients, what happened."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from models.commune.school_year import SchoolYear
from models.commune.shuttle import ShuttleLine
from models.families.family import Family
from models.families.guardian import Guardian
from models.family_file import journal, overview
from models.rules.families.quotients import until
from web.components.admin.families import words
from web.components.admin.families.place import EDITORS, PLACE, READERS, family_of, may_edit
from web.components.admin.kit.form import Field, Filled
from web.http.auth import StaffRequest, staff
from web.http.forms import whole
from web.page.templates import render

LETTERS = "/mairie/comptes/courriers"  # where the letters of a first connection are made
FEW = 6  # lines of the journal beside the summary
WAYS = (  # where else the family is, by the menu's own addresses; {0} its id, {1} its number
    ("/mairie/regie", "/mairie/regie?famille={0}", "Encaisser", "cash"),
    ("/mairie/regie", "/mairie/regie/familles/{0}", "Avoirs et remboursements", "undo"),
    ("/mairie/demandes", "/mairie/demandes?recherche={1}", "Demandes", "mail"),
    ("/mairie/messages", "/mairie/messages?recherche={1}", "Messages", "pen"),
    ("/mairie/comptes", "/mairie/comptes?recherche={1}", "Comptes", "key"),
    ("/mairie/factures", "/mairie/factures?recherche={1}", "Factures", "bill"),
    ("/mairie/attestations", "/mairie/attestations?recherche={1}", "Attestations", "doc"),
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A form that is open on a tab: of a person, of the household, or of somebody new."""

    key: str  # as the address says it: « 12 », « nouveau », « foyer »
    action: str
    fields: tuple[Field[Any], ...]
    filled: Filled
    seen: str = ""  # what its reader saw: another one may have changed it since


def seen(*values: object) -> str:
    """What a form shows of somebody: it comes back with it, and says whether another changed it since."""
    return hashlib.sha256("\n".join(map(str, values)).encode()).hexdigest()[:16]


@staff(*READERS)
async def summary(request: StaffRequest) -> Response:
    family, today = await family_of(request), request.now.date()
    lines, _ = await journal.page(family.id, 1, FEW)
    days = await overview.coming(family.id, today)
    more = {
        "waiting": await overview.waiting(family.id),
        "days": days,
        "soon": overview.SOON,
        "lines": lines,
        "ways": _ways(request, family),
        "letters": LETTERS,
        "click": secrets.token_hex(16),
    }
    return await page(request, family, "summary", more)


@staff(*READERS)
async def happened(request: StaffRequest) -> Response:
    family, number = await family_of(request), max(1, whole(request.query_params.get("page")) or 1)
    lines, older = await journal.page(family.id, number)
    return await page(request, family, "journal", {"lines": lines, "older": older, "number": number})


async def page(
    request: StaffRequest,
    family: Family,
    tab: str,
    more: Mapping[str, Any],
    status: int = 200,
    opened: Opened | None = None,
) -> Response:
    """One of the tabs, under what every one of them shows of the family."""
    today = request.now.date()
    year = await SchoolYear.current(today)
    guardians = await Guardian.filter(family_id=family.id).order_by("position", "id")
    children = await overview.children(family.id, year.id if year else None, today)
    spans = await overview.quotients(family.id)
    here = f"{PLACE}/{family.id}"
    known: dict[str, Any] = {
        "family": family,
        "title": _title(family, guardians),
        "place": here,
        "year": year,
        "guardians": guardians,
        "unopened": [one for one in guardians if one.password is None and one.blocked_at is None],
        "children": children,
        "tills": await overview.tills(family.id, today),
        "spans": [(span, until(span, spans)) for span in spans],
        "today": today,
        "words": words,
        "editing": may_edit(request),
        "opened": opened,
        "still": [],
        "errors": opened.filled.errors if opened else {},
        "done": words.SAVED.get(request.query_params.get("fait", ""), ""),
        "tab": f"{here}/{TABS[tab]}" if tab in TABS else here,
        "tabs": (
            (here, "Résumé", None),
            (f"{here}/{TABS['guardians']}", "Responsables", len(guardians)),
            (f"{here}/{TABS['children']}", "Enfants", len(children)),
            *_kept_apart(request, here),
            (f"{here}/{TABS['quotients']}", "Quotients", None),
            *(
                [(f"{here}/{TABS['stops']}", "Navettes", None)]
                if await ShuttleLine.exists(offered=True)
                else []
            ),
            (f"{here}/{TABS['journal']}", "Journal", None),
        ),
    }
    return render(request, f"admin/families/{tab}.html", known | dict(more), status)


TABS = {
    "guardians": "responsables",
    "children": "enfants",
    "health": "sante",
    "papers": "pieces",
    "quotients": "quotients",
    "stops": "navettes",
    "journal": "journal",
}


def _kept_apart(request: StaffRequest, here: str) -> tuple[tuple[str, str, None], ...]:
    """The tabs that a cashier has no need of."""
    if not request.user.may(EDITORS):
        return ()
    return (f"{here}/{TABS['health']}", "Santé", None), (f"{here}/{TABS['papers']}", "Pièces", None)


def _title(family: Family, guardians: list[Guardian]) -> str:
    """« Famille Moreau », « Famille Durand et Petit »."""
    names = dict.fromkeys(guardian.last_name for guardian in guardians)
    return f"Famille {' et '.join(names)}" if names else f"Famille {family.number}"


def _ways(request: StaffRequest, family: Family) -> list[tuple[str, str, str]]:
    """Only to what this person may open."""
    open_ = {entry.href for entry in request.menu if request.user.may(entry.roles)}
    return [
        (address.format(family.id, family.number), label, drawing)
        for entry, address, label, drawing in WAYS
        if entry in open_
    ]


routes = [
    Route("/mairie/familles/{id:int}", summary),
    Route("/mairie/familles/{id:int}/journal", happened),
]
