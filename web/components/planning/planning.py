"""The planning: the page, the ticks, « Valider »."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from models import ledger, planning, wishes
from models.catalogue import Catalogue, catalogue
from models.household import Household
from models.planning import Planning
from models.rules.calendar import period
from models.wishes import NotYours, Op, Outcome
from web.components.planning import view
from web.components.planning.place import Place, place_of
from web.forms import form
from web.page import fragment, render
from web.people import parent

LONGEST_BATCH = 1000
RECAP = "/planning/recapitulatif"


@parent
async def show(request: Request) -> Response:
    known, now = await catalogue(request.app.state.commune.revision), request.scope["now"]
    place = place_of(request, request.query_params, known, now)
    try:
        shown = await _read(request, known, place, now)
    except planning.NotHere:
        if place.id is not None:
            raise HTTPException(404) from None
        return render(request, "planning/empty.html", {"place": place})
    return await _page(request, known, place, shown)


@parent
async def operate(request: Request) -> Response:
    """One tick, a painted range or a whole row: each names the wished state of its cells."""
    known, now = await catalogue(request.app.state.commune.revision), request.scope["now"]
    sent = await form(request)
    place = place_of(request, _texts(sent), known, now)
    ops = _parsed(sent.getlist("op"))
    outcome, shown = await _apply(request, known, place, ops, _key(sent.get("cle")))
    drawn = await _told(request, known, place, outcome, shown, ops)
    return drawn or RedirectResponse(place.href(edit=True), 303)


@parent
async def validate(request: Request) -> Response:
    """« Valider », « Valider et terminer », or the head of a row, as a plain form: only what was changed applies."""
    known, now = await catalogue(request.app.state.commune.revision), request.scope["now"]
    sent = await form(request)
    place = place_of(request, _texts(sent), known, now)
    whole = str(sent.get("rangee", ""))
    wanted = differences(sent.getlist("cases"), sent.getlist("montre"), sent.getlist("op"))
    if whole:
        wanted += row_ops(await _known_row(request, known, place, now), whole)
    if wanted:
        ops = _parsed(wanted)
        outcome, shown = await _apply(request, known, place, ops)
        if drawn := await _told(request, known, place, outcome, shown, ops):
            return drawn
    if whole:
        return RedirectResponse(place.href(edit=True), 303)
    if "terminer" in sent:
        return RedirectResponse(RECAP, 303)
    return RedirectResponse(place.href(edit=False, kept=True), 303)


def differences(cases: Sequence[object], shown: Sequence[object], ticked: Sequence[object]) -> list[str]:
    """What the parent changed: boxes whose state is not the one the page showed. Others are left as they are now,
    so that what another device ticked meanwhile survives."""
    operable = {cell for field in cases for cell in str(field).split()}
    before = {cell for field in shown for cell in str(field).split()}
    after = {str(op).partition(":")[0] for op in ticked}
    changed = sorted(cell for cell in operable if (cell in before) != (cell in after))
    return [f"{cell}:{int(cell in after)}" for cell in changed]


def row_ops(shown: Planning, whole: str) -> list[str]:
    """`<child>-<slot>:<1|0>`: every open cell of the row. Raises HTTPException 404."""
    key, _, wished = whole.partition(":")
    row = next((row for row in shown.rows if row.key == key), None)
    if row is None or wished not in ("0", "1"):
        raise HTTPException(404)
    return [f"{cell.key}:{wished}" for cell in row.operable]


async def _read(request: Request, known: Catalogue, place: Place, now: datetime) -> Planning:
    household = await Household.of(known, request.user.family)
    return await planning.read(known, household, place.by, place.id, place.view, place.start, now)


async def _known_row(request: Request, known: Catalogue, place: Place, now: datetime) -> Planning:
    try:
        return await _read(request, known, place, now)
    except planning.NotHere:
        raise HTTPException(404) from None


async def _apply(
    request: Request, known: Catalogue, place: Place, ops: list[Op], key: str | None = None
) -> tuple[Outcome, Planning]:
    """Apply, and draw from the same facts: no second read."""
    family, guardian, now = request.user.family.id, request.user.guardian.id, request.scope["now"]
    household = await Household.of(known, request.user.family)
    first, last = period(place.view, place.start)
    try:
        children, slots, child, activity = planning.choose(known, household, place.by, place.id)
        around = ([one.id for one in children], [slot.id for slot in slots], first, last)
        outcome = await wishes.wish(known, family, ops, now, guardian, key, around, household)
    except (NotYours, planning.NotHere):
        raise HTTPException(404) from None
    heads = "hx-request" not in request.headers
    return outcome, planning.draw(outcome.sheet, place.by, child, activity, place.view, place.start, heads)


def _parsed(texts: Sequence[object]) -> list[Op]:
    try:
        ops = [wishes.parse(str(text)) for text in texts]
    except ValueError:
        raise HTTPException(422) from None
    if not 0 < len(ops) <= LONGEST_BATCH:
        raise HTTPException(422)
    return ops


def _key(given: object) -> str | None:
    """The browser's name for a batch: sent twice, it is applied once."""
    if not given:
        return None
    key = str(given)
    if len(key) > 64 or not key.isascii() or not key.isprintable():
        raise HTTPException(422)
    return key


def _texts(sent: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in sent.items()}


async def _page(
    request: Request, known: Catalogue, place: Place, shown: Planning, status: int = 200, **told: Any
) -> Response:
    standings = await ledger.standings(request.user.family.id)
    facts = _drawn(shown, place) | {"standings": standings, "known": known} | told
    return render(request, "planning/page.html", facts, status)


async def _told(
    request: Request, known: Catalogue, place: Place, outcome: Outcome, shown: Planning, ops: list[Op]
) -> Response | None:
    """The changed cells for htmx; for a plain form the page again with the reasons, if something was refused."""
    if "hx-request" in request.headers:
        return HTMLResponse(fragment(request, "planning/ticked.html", _answer(shown, place, outcome, ops)))
    if not outcome.refused:
        return None
    told = {"errors": {"": view.alarm(outcome)}, "reddened": view.reddened(outcome)}
    return await _page(request, known, place.moved(edit=True), shown, 422, **told)


def _drawn(shown: Planning, place: Place) -> dict[str, Any]:
    return {"shown": shown, "place": place, "view": view, "now": shown.sheet.now, "reddened": frozenset()}


def _answer(shown: Planning, place: Place, outcome: Outcome, ops: list[Op]) -> dict[str, Any]:
    named = {(op.child, op.slot) for op in ops}
    return _drawn(shown, place) | {
        "touched": [*outcome.done, *outcome.refused],
        "reddened": view.reddened(outcome),
        "rows": [row for row in shown.rows if (row.child.id, row.slot.id) in named],
        "announced": view.announcement(outcome, shown),
        "alarmed": view.alarm(outcome),
        "children": sorted({op.child for op in ops}),
    }


routes = [
    Route("/planning", show),
    Route("/planning", validate, methods=["POST"]),
    Route("/planning/operations", operate, methods=["POST"]),
]
