"""« Prévenir d'une absence »: tick the day, « Prévenir ». Each day says at once what it costs or gives back."""

import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.activities.catalogue import Catalogue, current_catalogue
from models.checkout import absences
from models.checkout.absences import Promise
from models.checkout.submission import AlreadyPaying, Stale
from models.families.household import Household
from models.rules.absences import REASONS
from web.components.absences.view import NAMES, View, became
from web.http.auth import ParentRequest, parent
from web.http.forms import form, whole
from web.page.templates import render

HOME = "/absences/nouvelle"
DAYS = 14  # on one page
MOST = 500  # boxes
SOME = "Choisissez au moins un jour."
WHY = "Choisissez un motif."
CHANGED = (
    "Quelque chose a changé depuis l’affichage de cette page, ou une limite vient de passer. "
    "Rien n’a été enregistré. Vérifiez ce que dit chaque jour, puis prévenez à nouveau."
)
PAYING = (
    "Un paiement est en cours\u00a0: rien n’a été enregistré. "
    "Terminez-le ou annulez-le dans le récapitulatif, puis prévenez à nouveau."
)


@parent
async def show(request: ParentRequest) -> Response:
    catalogue, asked = await current_catalogue(), request.query_params
    household = await Household.of(catalogue, request.user.family)
    day, child = _date(asked.get("jour")), whole(asked.get("enfant"))
    if "enfant" in asked and not (child and household.child(child)):
        raise HTTPException(404)
    first = _date(asked.get("debut")) or day
    view = await _view(request, catalogue, household, first)
    if day:
        view = view.preticked(day, child)
    return _page(request, view)


@parent
async def tell(request: ParentRequest) -> Response:
    """« Prévenir »: all the days or none. Sent twice, it is done once."""
    catalogue, user, sent = await current_catalogue(), request.user, await form(request)
    household = await Household.read(user.family.id)
    boxes = [str(value) for value in sent.getlist("jour")][:MOST]
    promises = {one.key: one for box in boxes for one in _promises(catalogue, household, box)}
    reason, click = str(sent.get("motif", "")), str(sent.get("click", ""))[:64]
    errors = {} if promises else {"jour": SOME}
    errors |= {} if reason in REASONS else {"motif": WHY}
    status = 422
    if not errors:
        try:
            id = await absences.tell(
                catalogue, user.family.id, [*promises.values()], reason, request.now,
                click or secrets.token_urlsafe(16), user.guardian.id,
            )  # fmt: skip
            return RedirectResponse(f"/absences/{id}", 303)
        except Stale:
            errors, status = {"": CHANGED}, 409
        except AlreadyPaying:
            errors, status = {"": PAYING}, 409
    view = await _view(request, await current_catalogue(), household, _date(str(sent.get("debut", ""))))
    return _page(request, view.ticking(boxes), reason, errors, status)


@parent
async def done(request: ParentRequest) -> Response:
    """What telling came to, day by day."""
    told = await absences.told(request.user.family.id, request.number("id"))
    if not told:
        raise HTTPException(404)
    return render(request, "absences/told.html", {"told": told, "became": became, "names": NAMES})


routes = [
    Route(HOME, show, methods=["GET"]),
    Route(HOME, tell, methods=["POST"]),
    Route("/absences/{id:int}", done, methods=["GET"]),
]


async def _view(
    request: ParentRequest, catalogue: Catalogue, household: Household, first: date | None
) -> View:
    now = request.now
    today, end = now.date(), max((year.ends for year in catalogue.years.values()), default=now.date())
    first = min(max(first or today, today), max(today, end))
    last = first + timedelta(days=DAYS - 1)
    choices = await absences.choices(catalogue, household, now, first, last)
    return View.of(choices, household.children, today, first, last, more=last < end)


def _page(
    request: ParentRequest,
    view: View,
    reason: str = "",
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    context: dict[str, Any] = {
        "view": view,
        "names": NAMES,
        "reason": reason or REASONS[0],
        "click": secrets.token_urlsafe(16),
        "errors": errors or {},
    }
    return render(request, "absences/page.html", context, status)


def _promises(catalogue: Catalogue, household: Household, box: str) -> list[Promise]:
    """What a box stands for: one slot of a day, or all of them. Another family's child is a 404."""
    try:
        found = [absences.parse(text) for text in box.split(",")]
    except ValueError:
        raise HTTPException(404) from None
    for one in found:
        if household.child(one.child) is None or one.slot not in catalogue.slots:
            raise HTTPException(404)
    return found


def _date(text: str | None) -> date | None:
    """None when it is missing or not understood: then the page begins today."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
