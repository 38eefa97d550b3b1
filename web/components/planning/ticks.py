"""What a parent changes in the planning: ticks, the head of a row, « Valider », a week like another."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from models.activities.catalogue import Catalogue
from models.families.household import Household
from models.planning import grid, ticks
from models.planning.copy_week import WEEK, like_previous_week, like_sibling
from models.planning.grid import Planning
from models.planning.ticks import NotYours, Outcome, Tick
from models.rules.calendar import period
from web.components.planning import answers
from web.components.planning.drawing import answer, draw_page
from web.components.planning.place import Place, held, place_of
from web.http.auth import ParentRequest, parent
from web.http.forms import form, plain_key, whole
from web.page.fragments import announce
from web.page.templates import part

LONGEST_BATCH = 1000
RECAP = "/planning/recapitulatif"
SAME = "Rien à changer\u00a0: c’est déjà pareil."


@parent
async def operate(request: ParentRequest) -> Response:
    """One tick, a painted range or a whole row: each names the wished state of its cells."""
    catalogue, now = await request.catalogue(), request.now
    sent = await form(request)
    place = place_of(request, _texts(sent), catalogue, now)
    ops = _parsed(sent.getlist("op"))
    told = await _apply(request, catalogue, place, ops, plain_key(sent, "cle") or None, "geste" in sent)
    return told or RedirectResponse(place.href(edit=True), 303)


@parent
async def repeat(request: ParentRequest) -> Response:
    """A week like the one before (`avant:<monday>`), or a sister's or brother's like it (`pour-<child>:<monday>`)."""
    catalogue, now = await request.catalogue(), request.now
    sent = await form(request)
    place = place_of(request, _texts(sent), catalogue, now)
    ops = await _repeated(request, catalogue, place, str(sent.get("comme", "")), now)
    if not ops and request.is_htmx:
        return announce(SAME)
    key, back = secrets.token_urlsafe(12), place.href(edit=True)
    told = await _apply(request, catalogue, place, ops, key) if ops else None
    return told or RedirectResponse(f"{back}&lot={key}" if ops else back, 303)


async def _repeated(
    request: ParentRequest, catalogue: Catalogue, place: Place, wanted: str, now: datetime
) -> list[Tick]:
    how, _, monday = wanted.partition(":")
    try:
        start = period("semaine", held(date.fromisoformat(monday), catalogue, now))[0]
    except ValueError:
        raise HTTPException(422) from None
    sibling = whole(how.removeprefix("pour-")) if how != "avant" else None
    if sibling is None and how != "avant":
        raise HTTPException(422)
    household = await Household.of(catalogue, request.user.family)

    async def week(child: int | None, *starts: date) -> list[Planning]:
        return await grid.read_several(catalogue, household, "enfant", child, "semaine", starts, now)

    try:
        if sibling is None:
            return like_previous_week(*await week(place.id, start, start - WEEK))
        return like_sibling(*await week(sibling, start), *await week(place.id, start))
    except grid.NotHere:
        raise HTTPException(404) from None


@parent
async def validate(request: ParentRequest) -> Response:
    """« Valider », « Valider et terminer », or the head of a row, as a plain form: only what was changed applies."""
    catalogue, now = await request.catalogue(), request.now
    sent = await form(request)
    place = place_of(request, _texts(sent), catalogue, now)
    whole = str(sent.get("rangee", ""))
    wanted = differences(sent.getlist("cases"), sent.getlist("montre"), sent.getlist("op"))
    if whole:
        wanted += await _row_ops(request, catalogue, place, whole)
    if wanted and (told := await _apply(request, catalogue, place, _parsed(wanted))):
        return told
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


async def _row_ops(request: ParentRequest, catalogue: Catalogue, place: Place, whole: str) -> list[str]:
    """`<child>-<slot>:<1|0>:<first day>`: every open cell of the row in that period. Raises HTTPException 404."""
    key, wished, first = [*whole.split(":"), "", ""][:3]
    household = await Household.of(catalogue, request.user.family)
    try:
        now = request.now
        start = held(date.fromisoformat(first), catalogue, now) if first else place.start
        shown = await grid.read(catalogue, household, place.by, place.id, place.view, start, now)
    except (ValueError, grid.NotHere):
        raise HTTPException(404) from None
    row = next((row for row in shown.rows if row.key == key), None)
    if row is None or wished not in ("0", "1"):
        raise HTTPException(404)
    return [f"{cell.key}:{wished}" for cell in row.operable]


async def _apply(
    request: ParentRequest,
    catalogue: Catalogue,
    place: Place,
    ops: list[Tick],
    key: str | None = None,
    gesture: bool = False,
) -> Response | None:
    """Apply, and draw from the same facts: no second read. The changed cells for htmx; for a plain form the page
    again with the reasons, if something was refused."""
    household = await Household.of(catalogue, request.user.family)
    fragments = request.is_htmx
    starts = [place.first, *_other_weeks(place, ops)] if fragments else place.starts
    try:
        outcome, shown = await _wish(request, catalogue, household, place, ops, starts, key, fragments)
    except (NotYours, grid.NotHere):
        raise HTTPException(404) from None
    if fragments:
        context = answer(shown, place, outcome, ops, gesture)
        return HTMLResponse(part(request, "planning/ticked.html", context))
    if not outcome.refused:
        return None
    told = {"errors": {"": answers.alarm(outcome)}, "reddened": answers.reddened(outcome)}
    return await draw_page(request, catalogue, place.moved(edit=True), shown, 422, **told)


async def _wish(
    request: ParentRequest,
    catalogue: Catalogue,
    household: Household,
    place: Place,
    ops: list[Tick],
    starts: list[date],
    key: str | None,
    fragments: bool,
) -> tuple[Outcome, list[Planning]]:
    family, guardian, now = request.user.family.id, request.user.guardian.id, request.now
    children, slots, child, activity = grid.choose(catalogue, household, place.by, place.id)
    first, last = period(place.view, min(starts))[0], period(place.view, max(starts))[1]
    around = ([one.id for one in children], [slot.id for slot in slots], first, last)
    undoable = key is not None and not fragments  # a page that offers to take it back follows
    outcome = await ticks.apply_ticks(catalogue, family, ops, now, guardian, key, around, household, undoable)
    with_others = ticks.with_needs(catalogue, ops)
    touched = frozenset((op.child, op.slot) for op in with_others) if fragments else None
    draw = grid.draw
    return outcome, [
        draw(outcome.facts, place.by, child, activity, place.view, start, touched) for start in starts
    ]


def _other_weeks(place: Place, ops: list[Tick]) -> list[date]:
    """Several weeks may stand on the page: where those of the ticks begin."""
    if place.view != "semaine":
        return []
    mondays = {op.day - timedelta(days=op.day.weekday()) for op in ops}
    return sorted(mondays - {place.first})


def _parsed(texts: Sequence[object]) -> list[Tick]:
    try:
        ops = [ticks.parse(str(text)) for text in texts]
    except ValueError:
        raise HTTPException(422) from None
    if not 0 < len(ops) <= LONGEST_BATCH:
        raise HTTPException(422)
    return ops


def _texts(sent: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in sent.items()}
