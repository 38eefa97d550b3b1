"""The page of one family: what it owes, who it is, its children, its quotients, what happened."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.commune.school_year import SchoolYear
from models.commune.shuttle import ShuttleLine
from models.families.child import Home
from models.families.family import Family
from models.families.file.merge import FamilyMerge
from models.families.guardian import Guardian
from models.family_file import editing, journal, overview
from models.family_file.parents import week
from models.rules.families.quotients import until
from web.components.admin.families import words
from web.components.admin.families.place import EDITORS, PLACE, READERS, family_of, may_edit
from web.components.admin.families.summary.settling import settling
from web.components.admin.kit.form import Field, Filled, Lines, fill
from web.http.auth import StaffRequest, staff
from web.http.forms import form, whole
from web.page.templates import render

NOTE = Lines("note", "Note interne", "Une préférence, un accord oral. Rien de médical.", longest=1000)
CHANGED = "Un autre agent a changé cette note depuis\u00a0: relisez-la avant d’enregistrer."
LETTERS = "/mairie/comptes/courriers"  # where the letters of a first connection are made
FEW = 6  # lines of the journal beside the summary
TILL = "/mairie/regie"
WAYS = (  # what else is done of the family, by the menu's own addresses; {0} its id, {1} its number
    ("/mairie/comptes", "/mairie/comptes?recherche={1}", "Comptes", "key"),
    (TILL, "/mairie/regie/familles/{0}", "Avoirs et remboursements", "undo"),
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
    family = await family_of(request)
    open_ = may_edit(request) and request.query_params.get("modifier") == "note"
    return await _summary(
        request, family, opened=_note(family, Filled({NOTE.name: family.note}, {}, {})) if open_ else None
    )


@staff(*EDITORS)
async def note(request: StaffRequest) -> Response:
    """What the mairie keeps in mind of this family, for itself."""
    family, sent = await family_of(request), await form(request)
    filled = fill((NOTE,), sent)
    if filled.errors:
        return await _summary(request, family, 422, _note(family, filled))
    if str(sent.get("lu", "")) != seen(family.note):
        again = Filled(filled.typed, filled.values, {NOTE.name: CHANGED})
        return await _summary(request, family, 409, _note(family, again))
    await editing.write_note(family, filled.of(NOTE) or "", request.user.member.id, request.now)
    return RedirectResponse(f"{PLACE}/{family.id}?fait=1", 303)


def _note(family: Family, filled: Filled) -> Opened:
    return Opened("note", f"{PLACE}/{family.id}/note", (NOTE,), filled, seen(family.note))


async def _summary(
    request: StaffRequest, family: Family, status: int = 200, opened: Opened | None = None
) -> Response:
    today = request.now.date()
    lines, _ = await journal.page(family.id, 1, FEW)
    days = await overview.coming(family.id, today)
    homes = await Home.filter(family_id=family.id).order_by("position", "child_id").select_related("child")
    children = {home.child_id: home.child.first_name for home in homes}
    tills = await overview.tills(family.id, today)
    more: dict[str, Any] = {
        "tills": tills,
        "settling": await settling(request, family, children, tills),
        "week": await week.of_family(await request.catalogue(), family.id, children, today),
        "noting": request.user.may(EDITORS),
        "days": days,
        "soon": overview.SOON,
        "lines": lines,
        "ways": _ways(request, family),
        "takes": takes(request),
        "writes": writes(request),
        "letters": LETTERS,
        "click": secrets.token_hex(16),
    }
    return await page(request, family, "summary", more, status, opened)


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
    here, standing = f"{PLACE}/{family.id}", await FamilyMerge.standing(family.id)
    known: dict[str, Any] = {
        "family": family,
        "title": _title(family, guardians),
        "place": here,
        "year": year,
        "guardians": guardians,
        "unopened": [one for one in guardians if one.password is None and one.blocked_at is None],
        "children": children,
        "tills": more["tills"] if "tills" in more else await overview.tills(family.id, today),
        "spans": [(span, until(span, spans)) for span in spans],
        "today": today,
        "words": words,
        "editing": may_edit(request) and standing is None,
        "standing": standing,
        "absorbed": await FamilyMerge.absorbed(family.id),
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
            *_rooms(request, here),
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
    "requests": "demandes",
    "messages": "messages",
    "invoices": "factures",
    "payments": "paiements",
    "credits": "avoirs",
    "journal": "journal",
}


def _kept_apart(request: StaffRequest, here: str) -> tuple[tuple[str, str, None], ...]:
    """The tabs that a cashier has no need of."""
    if not request.user.may(EDITORS):
        return ()
    return (f"{here}/{TABS['health']}", "Santé", None), (f"{here}/{TABS['papers']}", "Pièces", None)


def _rooms(request: StaffRequest, here: str) -> tuple[tuple[str, str, None], ...]:
    """What other rooms know of the family, to those who may open them."""
    asked = ((f"{here}/{TABS['requests']}", "Demandes", None),) if request.user.may(EDITORS) else ()
    others = {"messages": "Messages", "invoices": "Factures", "payments": "Paiements", "credits": "Avoirs"}
    return *asked, *((f"{here}/{TABS[tab]}", label, None) for tab, label in others.items())


def _title(family: Family, guardians: list[Guardian]) -> str:
    """« Famille Moreau », « Famille Durand et Petit »."""
    names = dict.fromkeys(guardian.last_name for guardian in guardians)
    return f"Famille {' et '.join(names)}" if names else f"Famille {family.number}"


def writes(request: StaffRequest) -> bool:
    """May this person write to families?"""
    return request.user.may(READERS, change=True)


def takes(request: StaffRequest) -> bool:
    """May this person take money at the till?"""
    return any(entry.href == TILL and request.user.may(entry.roles, change=True) for entry in request.menu)


def _ways(request: StaffRequest, family: Family) -> list[tuple[str, str, str]]:
    """Only to what this person may open."""
    return [
        (address.format(family.id, family.number), label, drawing)
        for entry, address, label, drawing in WAYS
        if entry in _open(request)
    ]


def _open(request: StaffRequest) -> set[str]:
    """The entries of the menu that this person has."""
    return {entry.href for entry in request.menu if request.user.may(entry.roles)}


routes = [
    Route("/mairie/familles/{id:int}", summary),
    Route("/mairie/familles/{id:int}/note", note, methods=["POST"]),
    Route("/mairie/familles/{id:int}/journal", happened),
]
