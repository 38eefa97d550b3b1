"""The planning: the page, the ticks, « Valider »."""

from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from models import ledger, planning, wishes
from models.catalogue import Catalogue, catalogue
from models.household import Household
from models.planning import Planning
from models.rules.calendar import period
from models.sheet import Cell
from models.wishes import NotYours, Op, Outcome
from web.components.planning import view
from web.components.planning.view import Place
from web.forms import form
from web.page import fragment, render
from web.people import parent

LONGEST_BATCH = 1000


@parent
async def show(request: Request) -> Response:
    known, now = await catalogue(), request.scope["now"]
    place = view.place_of(request, dict(request.query_params), known, now)
    try:
        shown = await planning.read(
            known, request.user.family.id, place.by, place.id, place.view, place.start, now
        )
    except planning.NotHere:
        return _nobody(request, place)
    standings = await ledger.standings(request.user.family.id)
    return render(
        request, "planning/page.html", _drawn(shown, place, now) | {"standings": standings, "known": known}
    )


def _nobody(request: Request, place: Place) -> Response:
    if place.id is not None:
        raise HTTPException(404)
    return render(request, "planning/empty.html", {"place": place})


@parent
async def operate(request: Request) -> Response:
    """One tick, a painted range or a whole row: each names the wished state of its cells."""
    known, now = await catalogue(), request.scope["now"]
    sent = await form(request)
    place = view.place_of(request, {name: str(value) for name, value in sent.items()}, known, now)
    ops, outcome, shown = await _apply(request, known, place, [str(op) for op in sent.getlist("op")], now)
    if "hx-request" not in request.headers:
        return RedirectResponse(place.href(edit=True), 303)
    return HTMLResponse(fragment(request, "planning/ticked.html", _answer(shown, place, outcome, ops, now)))


@parent
async def validate(request: Request) -> Response:
    """« Valider », « Valider et terminer », or the head of a row, as a plain form: only what was changed applies."""
    known, now = await catalogue(), request.scope["now"]
    sent = await form(request)
    place = view.place_of(request, {name: str(value) for name, value in sent.items()}, known, now)
    whole = str(sent.get("rangee", ""))
    wanted = differences(sent.getlist("cases"), sent.getlist("montre"), sent.getlist("op"))
    if whole:
        shown = await _read(request, known, place, now)
        wanted += row_ops(shown, whole)
    if wanted:
        _, outcome, shown = await _apply(request, known, place, wanted, now)
        if "hx-request" in request.headers:
            ops = [wishes.parse(text) for text in wanted]
            return HTMLResponse(
                fragment(request, "planning/ticked.html", _answer(shown, place, outcome, ops, now))
            )
    if whole:
        return RedirectResponse(place.href(edit=True), 303)
    if "terminer" in sent:
        return RedirectResponse("/planning/recapitulatif", 303)
    return RedirectResponse(place.href(edit=False, kept=True), 303)


def differences(cases: list[object], shown: list[object], ticked: list[object]) -> list[str]:
    """What the parent changed: boxes whose state is not the one the page showed. Others are left as they are now,
    so that what another device ticked meanwhile survives."""
    operable = {cell for field in cases for cell in str(field).split()}
    before = {cell for field in shown for cell in str(field).split()}
    after = {str(op).partition(":")[0] for op in ticked}
    return [
        f"{cell}:{int(cell in after)}" for cell in sorted(operable) if (cell in before) != (cell in after)
    ]


def row_ops(shown: Planning, whole: str) -> list[str]:
    """`<child>-<slot>:<1|0>`: every open cell of the row. Raises HTTPException 404."""
    key, _, wished = whole.partition(":")
    row = next((row for row in shown.rows if row.key == key), None)
    if row is None:
        raise HTTPException(404)
    return [f"{cell.key}:{int(wished == '1')}" for cell in row.operable]


async def _read(request: Request, known: Catalogue, place: Place, now: datetime) -> Planning:
    try:
        return await planning.read(
            known, request.user.family.id, place.by, place.id, place.view, place.start, now
        )
    except planning.NotHere:
        raise HTTPException(404) from None


async def _apply(
    request: Request, known: Catalogue, place: Place, texts: list[str], now: datetime
) -> tuple[list[Op], Outcome, Planning]:
    family, guardian = request.user.family.id, request.user.guardian.id
    try:
        ops = [wishes.parse(text) for text in texts]
        household = await Household.read(family)
        children, slots, child, activity = planning.choose(known, household, place.by, place.id)
    except (ValueError, planning.NotHere):
        raise HTTPException(404) from None
    if not ops or len(ops) > LONGEST_BATCH:
        raise HTTPException(400)
    first, last = period(place.view, place.start)
    around = ([c.id for c in children], [slot.id for slot in slots], first, last)
    key = str((await form(request)).get("cle", ""))[:64] or None
    try:
        outcome = await wishes.wish(known, family, ops, now, guardian, key, around, household)
    except NotYours:
        raise HTTPException(404) from None
    return ops, outcome, planning.draw(outcome.sheet, place.by, child, activity, place.view, place.start)


def _drawn(shown: Planning, place: Place, now: datetime) -> dict[str, object]:
    return {"shown": shown, "place": place, "view": view, "now": now}


def _answer(
    shown: Planning, place: Place, outcome: Outcome, ops: list[Op], now: datetime
) -> dict[str, object]:
    touched = {cell.key: cell for cell in (*outcome.done, *outcome.refused)}
    rows = [
        row for row in shown.rows if any(op.child == row.child.id and op.slot == row.slot.id for op in ops)
    ]
    return _drawn(shown, place, now) | {
        "touched": [touched[key] for key in touched],
        "reddened": {cell.key for cell in outcome.refused if cell.look.state == "booked"},
        "rows": rows,
        "announced": _announced(outcome, shown) if outcome.done else "",
        "alarmed": _alarmed(outcome.refused, now),
        "children": sorted({op.child for op in ops}),
    }


def _announced(outcome: Outcome, shown: Planning) -> str:
    total = view.words.euros(shown.draft.cents)
    if len(outcome.done) > 1:
        return (
            f"{view.words.plural(len(outcome.done), 'jour mis à jour', 'jours mis à jour')}. Total {total}."
        )
    cell = outcome.done[0]
    said = {
        "picked": "ajoutée",
        "cancel": "annulation en attente",
        "booked": "gardée",
        "waiting": "liste d’attente",
    }
    what = said.get(cell.look.state, "retirée")
    return f"{cell.slot_name}, {view.words.day_without_year(cell.day)}\u00a0: {what}. Total {total}."


def _alarmed(refused: tuple[Cell, ...], now: datetime) -> str:
    if not refused:
        return ""
    first = view.refusal(refused[0], now)
    others = len(refused) - 1
    return (
        f"{first} {view.words.plural(others, 'autre jour refusé', 'autres jours refusés')}."
        if others
        else first
    )


routes = [
    Route("/planning", show),
    Route("/planning", validate, methods=["POST"]),
    Route("/planning/operations", operate, methods=["POST"]),
]
