"""« Modification avancée »: a type week over a period, a copy for brothers and sisters, the month's draft erased.

Each is seen with its count and its price first, and can be taken back.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from models.activities.catalogue import ActivityFacts, Catalogue
from models.families.household import ChildFacts, Household
from models.planning import ticks, type_week, undo
from models.planning.draft import Draft
from models.planning.facts import PlanningFacts
from models.planning.ticks import NotYours, Tick
from models.planning.type_week import Periods, Preview
from models.planning.undo import Change
from models.rules.calendar import month
from web.components.type_week import view
from web.components.type_week.entries import Entries, fresh, meant, mondays, read_date, typed
from web.http.auth import ParentRequest, parent
from web.http.forms import form, plain_key, whole
from web.page.templates import fragment, render

HOME = "/planning/semaine-type"
COPY, ERASE = "/planning/copier", "/planning/effacer"

MOVED = "Ces informations ont été modifiées entre-temps. Voici la version à jour."
NOTHING = "Aucun de ces jours ne peut être ajouté."
NOBODY = "Choisissez au moins un enfant."


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose days, in which month, and what can be chosen from."""

    catalogue: Catalogue
    household: Household
    child: ChildFacts
    activities: list[ActivityFacts]
    offered: Periods
    day: date  # in the month that copying and erasing speak of
    now: datetime

    @property
    def fields(self) -> list[tuple[str, str]]:
        return [("enfant", str(self.child.id)), ("debut", self.day.isoformat())]


@parent
async def show(request: ParentRequest) -> Response:
    asked = request.query_params
    desk = await _desk(request, asked.get("enfant"), asked.get("debut"))
    if desk is None:
        return RedirectResponse("/planning", 303)
    return await _page(request, desk, fresh(desk.offered, desk.activities))


@parent
async def preview(request: ParentRequest) -> Response:
    """« Voir l’aperçu »."""
    sent, desk = await _sent(request)
    entries = typed(sent, desk.offered)
    wanted = meant(entries, desk.child, desk.activities, desk.offered)
    if isinstance(wanted, dict):
        return await _page(request, desk, entries, errors=wanted)
    found = await type_week.preview(desk.catalogue, desk.household, wanted, desk.now)
    return await _page(request, desk, entries, found)


@parent
async def apply(request: ParentRequest) -> Response:
    """« Ajouter à mes modifications »: what was seen, in one go. Sent twice, it is added once."""
    sent, desk = await _sent(request)
    key, done = await _key(request, sent)
    if done:
        return _shown(done)
    entries = typed(sent, desk.offered)
    wanted = meant(entries, desk.child, desk.activities, desk.offered)
    if isinstance(wanted, dict):
        return await _page(request, desk, entries, errors=wanted)
    found = await type_week.preview(desk.catalogue, desk.household, wanted, desk.now)
    moved = sent.get("vu") not in (None, found.seen)
    if (moved or not found.picks) and (done := (await _key(request, sent))[1]):
        return _shown(done)  # two clicks at once, and the other came first
    if not found.picks:
        return await _page(request, desk, entries, found, {"jours": NOTHING})
    if moved:
        return await _page(request, desk, entries, found, {"": MOVED}, 409)
    await _wish(request, desk, found.ops, key)
    return RedirectResponse(_planning(desk.child.id, min(op.day for op in found.ops), key), 303)


@parent
async def copy(request: ParentRequest) -> Response:
    """The child's draft of the month for brothers and sisters: first what it would add, then « Copier »."""
    sent, desk = await _sent(request)
    around = desk.household.siblings(desk.catalogue, desk.child.id)
    named = [_child(desk.household, str(value)) for value in sent.getlist("vers")]
    to = [child for child in around if child in named]
    if not to:
        return await _page(request, desk, fresh(desk.offered, desk.activities), errors={"copie": NOBODY})
    key, done = await _key(request, sent)
    applies = "appliquer" in sent
    if done:
        return _shown(done)
    found = await type_week.copied(desk.catalogue, desk.household, desk.child.id, to, desk.day, desk.now)
    whole = type_week.together(found.values(), next(iter(found.values())).facts)
    moved = applies and sent.get("vu") not in (None, whole.seen)
    if applies and (moved or not whole.picks) and (done := (await _key(request, sent))[1]):
        return _shown(done)
    if not applies or moved or not whole.picks:
        context = _known(desk) | {"copies": [(child, found[child.id]) for child in to], "whole": whole}
        context |= {"key": secrets.token_urlsafe(12), "errors": {"": MOVED} if moved else {}}
        return render(request, "type_week/copy.html", context, 409 if moved else 200)
    await _wish(request, desk, whole.ops, key)
    first = min(whole.ops, key=lambda op: op.day)
    return RedirectResponse(_planning(first.child, first.day, key), 303)


@parent
async def erase(request: ParentRequest) -> Response:
    """« Effacer mes modifications du mois »: the page said how many there are."""
    sent, desk = await _sent(request)
    key, _ = await _key(request, sent)
    first, last = month(desk.day)
    await undo.erase(desk.catalogue, desk.household, desk.child.id, first, last, key, desk.now)
    return RedirectResponse(_planning(desk.child.id, desk.day, key), 303)


@parent
async def take_back(request: ParentRequest) -> Response:
    """« Annuler »: exactly what the last change of many days did."""
    key = plain_key(await form(request), "lot")
    catalogue = await request.catalogue()
    household = await Household.of(catalogue, request.user.family)
    done = await undo.change(household.family, key)
    if done is None:
        raise HTTPException(404)
    if not done.back:
        return RedirectResponse(HOME, 303)
    back = await undo.take_back(catalogue, household, key, request.now, request.user.guardian.id)
    child, _, day = done.first
    lost = f"&perdus={len(back.refused)}" if back.refused else ""
    return RedirectResponse(_planning(child, day) + lost, 303)


routes = [
    Route(HOME, show, methods=["GET"]),
    Route(HOME, preview, methods=["POST"]),
    Route(f"{HOME}/appliquer", apply, methods=["POST"]),
    Route(f"{HOME}/annuler", take_back, methods=["POST"]),
    Route(COPY, copy, methods=["POST"]),
    Route(ERASE, erase, methods=["POST"]),
]


async def _sent(request: ParentRequest) -> tuple[FormData, Desk]:
    sent = await form(request)
    desk = await _desk(request, str(sent.get("enfant", "")), str(sent.get("debut", "")))
    if desk is None:
        raise HTTPException(404)
    return sent, desk


async def _desk(request: ParentRequest, child: str | None, day: str | None) -> Desk | None:
    """None: the family has no child. Raises HTTPException 404 for one that is not its own."""
    catalogue, now = await request.catalogue(), request.now
    household = await Household.of(catalogue, request.user.family)
    if not child and not household.children:
        return None
    whose = _child(household, child) if child else household.children[0]
    activities = household.rows(catalogue, whose.id)
    start = type_week.first_open(catalogue, household, whose, activities, now)
    asked = read_date(day) if day else None
    offered = type_week.periods(catalogue, activities, start, asked or start)
    return Desk(catalogue, household, whose, activities, offered, asked or start, now)


def _child(household: Household, text: str) -> ChildFacts:
    id = whole(text)
    found = household.child(id) if id else None
    if found is None:
        raise HTTPException(404)
    return found


async def _key(request: ParentRequest, sent: FormData) -> tuple[str, Change | None]:
    """The name of the change, and what it did: sent twice, it is done once; after « Annuler » it may be again."""
    key = plain_key(sent, "cle") or secrets.token_urlsafe(12)
    before = await undo.change(request.user.family.id, key)
    if before is None or before.back:
        return key, before
    return secrets.token_urlsafe(12), None


async def _wish(request: ParentRequest, desk: Desk, ops: list[Tick], key: str) -> None:
    family, guardian = request.user.family.id, request.user.guardian.id
    try:
        await ticks.apply_ticks(
            desk.catalogue, family, ops, desk.now, guardian, key, household=desk.household, undoable=True
        )
    except NotYours:
        raise HTTPException(404) from None


def _shown(done: Change) -> Response:
    child, _, day = done.first
    return RedirectResponse(_planning(child, day, done.key), 303)


def _planning(child: int, day: date, key: str = "") -> str:
    said = {"par": "enfant", "id": child, "debut": day.isoformat(), "modifier": 1}
    return f"/planning?{urlencode(said | ({'lot': key} if key else {}))}"


def _known(desk: Desk) -> dict[str, Any]:
    return {"desk": desk, "view": view, "fields": desk.fields}


async def _page(
    request: ParentRequest,
    desk: Desk,
    entries: Entries,
    found: Preview | None = None,
    errors: dict[str, str] | None = None,
    status: int = 422,
) -> Response:
    """The whole page; only the preview for htmx."""
    context = _known(desk) | {
        "entries": entries,
        "mondays": mondays(desk.offered),
        "preview": found,
        "errors": errors or {},
        "key": secrets.token_urlsafe(12),
        "part": request.is_htmx,
    }
    context["direct"] = context["part"] and "direct" in await form(request)
    code = status if errors and not context["direct"] else 200
    if context["part"]:
        return HTMLResponse(fragment(request, "type_week/preview.html", context), code)
    facts = found.facts if found else await _cart(desk)
    draft = Draft(tuple(type_week.drafted(facts, desk.child.id, desk.day)))
    context |= {
        "rows": view.rows(facts, desk.child, desk.activities, desk.offered.start),
        "weekdays": view.weekdays(desk.activities),
        "draft": draft,
        "siblings": desk.household.siblings(desk.catalogue, desk.child.id),
        "change": await undo.newest(request.user.family.id, desk.now),
    }
    return render(request, "type_week/page.html", context, code)


async def _cart(desk: Desk) -> PlanningFacts:
    return await PlanningFacts.read(
        desk.catalogue, desk.household, desk.now, [desk.child.id], [], desk.day, desk.day
    )
