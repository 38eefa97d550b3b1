"""« Ne plus inscrire »: from when on, what it does to booked days, then the confirmation, or a request."""

import secrets
from datetime import date

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.family_file.parents import leaving
from models.family_file.parents.leaving import Click, Leaving
from web.components.enrolments import words
from web.http.auth import ParentRequest, parent
from web.http.forms import form, plain_key
from web.page.templates import render

PLACE = "/inscriptions/{id:int}/fin"
STOPPED = tuple(words.STOPPED)
DAY = "Saisissez une date, par exemple 03/09/2026."


@parent
async def show(request: ParentRequest) -> Response:
    """The first day is asked; once it is said, what ending would do."""
    said = request.query_params.get("jour")
    since = _date(said)
    return _page(request, await _read(request, since), {"jour": DAY} if said and since is None else {})


@parent
async def leave(request: ParentRequest) -> Response:
    """Sent twice, it is done once; what is not as it was shown is shown anew."""
    sent = await form(request)
    since, click = _date(sent.get("jour")), plain_key(sent, "click") or secrets.token_urlsafe(16)
    if since is None:
        return _page(request, await _read(request, None), {"jour": DAY}, 422)
    said = Click(since, click, plain_key(sent, "vu"))
    try:
        done = await leaving.leave(request.user.guardian, request.number("id"), said, request.now)
    except LookupError:
        raise HTTPException(404) from None
    except STOPPED as exc:
        return _page(request, await _read(request, since), {"": words.STOPPED[type(exc)]}, 409)
    return RedirectResponse(
        f"/inscriptions?fait={'fin' if done.at_once else 'fin-demandee'}#personne-{done.child}", 303
    )


routes = [
    Route(PLACE, show, methods=["GET"]),
    Route(PLACE, leave, methods=["POST"]),
]


async def _read(request: ParentRequest, since: date | None) -> Leaving:
    try:
        return await leaving.read(request.user.family.id, request.number("id"), since, request.now)
    except LookupError:
        raise HTTPException(404) from None


def _page(request: ParentRequest, shown: Leaving, errors: dict[str, str], status: int = 200) -> Response:
    said = request.query_params.get("jour") if request.method == "GET" else "said"
    known = {
        "shown": shown,
        "asked": bool(said) and "jour" not in errors,
        "words": words,
        "click": secrets.token_urlsafe(16),
        "errors": errors,
    }
    return render(request, "enrolments/leaving.html", known, status)


def _date(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text or ""))
    except ValueError:
        return None
