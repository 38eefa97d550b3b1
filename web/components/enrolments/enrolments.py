"""« Mes inscriptions »: what each person of the family is in; enrol, ask, wait, leave the line, « pas cette année »."""

import secrets
from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.bookings.family_request import AlreadyAsked
from models.families import membership
from models.families.child_stop import ChildStop
from models.families.household import Household
from models.family_file.parents import enrolling, enrolments
from models.family_file.parents.enrolling import Elsewhere, Full, NotYet
from web.components.enrolments import leaving, words
from web.http.auth import ParentRequest, parent
from web.http.forms import form, plain_key, whole
from web.page.templates import render

HOME = "/inscriptions"
WHO = {"": None, "enfants": False, "adultes": True}  # by what the address says: adults?
Pair = tuple[int, int]  # child, activity


@parent
async def show(request: ParentRequest) -> Response:
    return await _draw(request)


@parent
async def enrol(request: ParentRequest) -> Response:
    """At once, where the parents enrol; sent twice, it is done once."""

    async def do(pair: Pair) -> None:
        await enrolling.enrol(request.user.guardian, *pair, request.now)

    return await _do(request, do, "inscrit")


@parent
async def wait(request: ParentRequest) -> Response:
    async def do(pair: Pair) -> None:
        await enrolling.wait(request.user.guardian, *pair, request.now)

    return await _do(request, do, "attente")


@parent
async def leave(request: ParentRequest) -> Response:
    """« Quitter la liste d’attente »; who has left already sees that it is so."""

    async def do(pair: Pair) -> None:
        await enrolling.leave(request.user.guardian, *pair, request.now)

    return await _do(request, do, "quitte")


@parent
async def ask(request: ParentRequest) -> Response:
    """The mairie is asked; the form's own name makes one request of a form that is sent twice."""
    click = plain_key(await form(request), "click") or secrets.token_urlsafe(16)

    async def do(pair: Pair) -> None:
        await enrolling.ask(request.user.guardian, *pair, click, request.now)

    return await _do(request, do, "demande")


@parent
async def decline(request: ParentRequest) -> Response:
    """« Pas cette année »."""

    async def do(pair: Pair) -> None:
        await membership.decline(request.user.family.id, *pair, request.now, request.user.guardian.id)

    return await _do(request, do, "decline")


@parent
async def reconsider(request: ParentRequest) -> Response:
    """« Changer d’avis »."""

    async def do(pair: Pair) -> None:
        await membership.reconsider(request.user.family.id, *pair, request.now, request.user.guardian.id)

    return await _do(request, do, "reprise")


routes = [
    Route(HOME, show, methods=["GET"]),
    Route(HOME, enrol, methods=["POST"]),
    Route(f"{HOME}/attente", wait, methods=["POST"]),
    Route(f"{HOME}/attente/fin", leave, methods=["POST"]),
    Route(f"{HOME}/demande", ask, methods=["POST"]),
    Route(f"{HOME}/refus", decline, methods=["POST"]),
    Route(f"{HOME}/reprise", reconsider, methods=["POST"]),
    *leaving.routes,
]


async def _do(request: ParentRequest, do: Callable[[Pair], Awaitable[None]], done: str) -> Response:
    """Back to the person, or the page with what stood in the way."""
    pair = await _pair(request)
    try:
        await do(pair)
    except LookupError:
        raise HTTPException(404) from None
    except NotYet as exc:
        return await _draw(request, 409, words.not_yet(exc.opens))
    except Full:
        return await _draw(request, 409, words.FULL)
    except Elsewhere:
        return await _draw(request, 409, words.ELSEWHERE)
    except AlreadyAsked:
        return await _draw(request, 409, words.TWICE)
    return RedirectResponse(f"{HOME}?fait={done}#personne-{pair[0]}", 303)


async def _pair(request: ParentRequest) -> Pair:
    """« 12-3 »: somebody of the family and an activity of the commune; anything else is a 404."""
    child, _, activity = str((await form(request)).get("inscription", "")).partition("-")
    pair = whole(child), whole(activity)
    if pair[0] is None or pair[1] is None or pair[1] not in (await request.catalogue()).activities:
        raise HTTPException(404)
    await request.user.child(pair[0])
    return pair[0], pair[1]


async def _draw(request: ParentRequest, status: int = 200, trouble: str = "") -> Response:
    catalogue, said = await request.catalogue(), request.query_params
    household = await Household.read(request.user.family.id)
    people = await enrolments.read(catalogue, household, request.now)
    groups = {who: [one for one in people if one.adult == adult] for who, adult in WHO.items() if who}
    chosen = said.get("qui", "")
    chosen = chosen if groups.get(chosen) and all(groups.values()) else ""
    known = {
        "people": groups[chosen] if chosen else people,
        "groups": groups if all(groups.values()) else {},
        "chosen": chosen,
        "riding": set(await ChildStop.of([child.id for child in household.children])),
        "words": words,
        "today": request.now.date(),
        "click": secrets.token_urlsafe(16),
        "done": words.DONE.get(said.get("fait", ""), ""),
        "errors": {"": trouble} if trouble else {},
    }
    return render(request, "enrolments/page.html", known, status)
