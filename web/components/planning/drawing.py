"""Facts for the templates of the planning: the page, and the answer to a tick."""

from datetime import date
from typing import Any

from starlette.responses import Response

from models.activities.catalogue import Catalogue
from models.families.household import Household
from models.families.preferences import MOBILE
from models.french.file_changes import lacking
from models.money import ledger, suspension
from models.planning import cell_words, grid, undo
from models.planning.cell import Cell, Key
from models.planning.grid import Planning
from models.planning.ticks import Outcome, Tick
from web.components.planning import answers, view
from web.components.planning.place import Place, on_phone
from web.http.auth import ParentRequest, page_before
from web.page import late_drafts
from web.page.templates import render


async def read(request: ParentRequest, catalogue: Catalogue, place: Place) -> list[Planning]:
    """The periods that are shown: one, or several weeks. Raises NotHere."""
    household = await Household.of(catalogue, request.user.family)
    now = request.now
    return await grid.read_several(catalogue, household, place.by, place.id, place.view, place.starts, now)


async def draw_page(
    request: ParentRequest,
    catalogue: Catalogue,
    place: Place,
    shown: list[Planning],
    status: int = 200,
    **told: Any,
) -> Response:
    family = request.user.family.id
    standings = await ledger.standings(family)
    lot = request.query_params.get("lot")
    change = await undo.change(family, lot) if lot else None  # many days at once, just now
    weeks = {"after": shown[1:], "more": view.next_weeks(catalogue, place)}
    turned = page_before(request).path == "/planning"  # another month, child or view
    gone = late_drafts.untold(request, shown[0].facts.late.values())
    more = {
        "standings": standings,
        "arrears": await suspension.arrears(catalogue.tills.values(), family, request.now.date()),
        "lacking": lacking,
        "catalogue": catalogue,
        "change": change,
        "turned": turned,
        "phone": on_phone(request),
        "view_chosen": request.user.guardian.prefers(MOBILE) != MOBILE.usual,
        "ahead": ahead(shown[0]),
        "losses": late_drafts.losses(gone),
    }
    context = drawn(shown[0], place) | weeks | more | told
    return late_drafts.told(request, render(request, "planning/page.html", context, status), gone)


def ahead(shown: Planning) -> date | None:
    """Where nothing can be booked and nothing is: the first day that can, if it lies further on."""
    if shown.is_useful:
        return None
    facts, whose = shown.facts, shown.child or shown.activity
    first = grid.first_bookable(
        facts.catalogue, facts.household, shown.by, whose.id if whose else None, facts.now
    )
    return first if first and first > shown.last else None


def drawn(shown: Planning, place: Place) -> dict[str, Any]:
    return {
        "shown": shown,
        "place": place,
        "view": view,
        "cell_words": cell_words,
        "now": shown.facts.now,
        "reddened": frozenset(),
        "others": {},
    }


def answer(
    shown: list[Planning], place: Place, outcome: Outcome, ops: list[Tick], gesture: bool = False
) -> dict[str, Any]:
    """What the ticks changed, in the periods they belong to. One `gesture` passes over closed days."""
    closed = _passed(shown, {op.key for op in ops}) if gesture else 0
    return drawn(shown[0], place) | {
        "touched": [*outcome.done, *outcome.refused, *_moved(shown, {op.key for op in ops})],
        "reddened": answers.reddened(outcome),
        "periods": shown,
        "changed": {f"{op.child}-{op.slot}" for op in ops},
        "announced": answers.announcement(outcome, shown[0], closed),
        "alarmed": answers.alarm(outcome),
        "children": sorted({op.child for op in ops}),
    }


def redrawn(shown: list[Planning], place: Place, others: dict[Key, str]) -> dict[str, Any]:
    """Whatever may have changed meanwhile, in all that is shown; `others`: who else ticked which cells."""
    rows = [row for one in shown for row in one.rows]
    return drawn(shown[0], place) | {
        "touched": [cell for row in rows for cell in row.cells],
        "periods": shown,
        "changed": {row.key for row in rows},
        "children": [child.id for child in shown[0].facts.household.children],
        "others": {f"{child}-{slot}-{day}": name for (child, slot, day), name in others.items()},
    }


def _moved(periods: list[Planning], ticked: set[Key]) -> list[Cell]:
    """The days on a waiting list whose rank a brother's or a sister's tick moves."""
    days = {(slot, day) for _, slot, day in ticked}
    cells = [cell for shown in periods for row in shown.rows for cell in row.cells]
    drafted = [
        cell for cell in cells if (cell.slot, cell.day) in days and cell_words.is_drafted_rank(cell.shown)
    ]
    return [cell for cell in drafted if (cell.child.id, cell.slot, cell.day) not in ticked]


def _passed(periods: list[Planning], ticked: set[Key]) -> int:
    """The closed days that lie between the days of one gesture, in any of its rows."""
    days = set()
    for row in (row for shown in periods for row in shown.rows):
        turned = [cell.day for cell in row.cells if (cell.child.id, cell.slot, cell.day) in ticked]
        between = (cell for cell in row.cells if turned and turned[0] < cell.day < turned[-1])
        days |= {cell.day for cell in between if cell.shown.state in ("never", "closed", "holiday")}
    return len(days)
