"""« Affecter les groupes »: for one slot of a day, which group each child is in; the other days stay as they are."""

from collections.abc import Mapping, Sequence
from datetime import date

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.bookings.day import day_list, day_sheet, regrouping
from models.bookings.day.day_list import ExpectedChild
from models.bookings.day.regrouping import CannotMove
from web.components.admin.kit.form import Day, fill
from web.http.auth import StaffRequest, staff
from web.http.forms import form, whole
from web.page.templates import render

PLACE = "/mairie/listes/groupes"
DAY = Day("jour", "Jour")
MAY = ("manager",)
WHY = {
    "gone": "n’est plus inscrit ce jour-là",
    "nowhere": "ce groupe n’ouvre pas ce jour-là",
    "full": "ce groupe est complet, ou quelqu’un y attend une place",
    "closed": "le pointage est clos",
}


@staff(*MAY)
async def show(request: StaffRequest) -> Response:
    return await _page(request, request.query_params, {})


@staff(*MAY)
async def assign(request: StaffRequest) -> Response:
    """Those that changed, each its own decision: a full group stops no other child."""
    sent = await form(request)
    day, slot = fill((DAY,), sent).of(DAY), whole(sent.get("creneau"))
    moved, errors = 0, {}
    for child in await _children(day, slot):
        name = f"groupe-{child.booking}"
        group = whole(sent.get(name))
        if group is None or group == child.group_id:
            continue
        try:
            moved += await regrouping.move(child.booking, group, request.user.member.id, request.now)
        except CannotMove as exc:
            errors[name] = f"{child.first_name} {child.last_name}\u00a0: {WHY[exc.why]}."
    if errors:
        return await _page(request, sent, errors, 409)
    if day is None:
        return RedirectResponse("/mairie/listes", 303)
    return RedirectResponse(f"{PLACE}?jour={day}&creneau={slot or ''}&faits={moved}", 303)


async def _children(day: date | None, slot: int | None) -> Sequence[ExpectedChild]:
    return await day_list.of(day, slot=slot) if day and slot else []


async def _page(
    request: StaffRequest, said: Mapping[str, object], errors: Mapping[str, str], status: int = 200
) -> Response:
    day, slot = fill((DAY,), said).of(DAY) or request.now.date(), whole(said.get("creneau"))
    slots = [one for one in await day_sheet.between(day, day) if one.slot == slot]
    done = whole(request.query_params.get("faits")) if status == 200 else None
    context = {
        "day": day,
        "slot": slots[0] if slots else None,
        "groups": await regrouping.groups_of(slot, day) if slots and slot else [],
        "children": await _children(day, slot),
        "errors": errors,
        "changing": request.user.may(MAY, change=True),
        "done": done,
    }
    return render(request, "admin/day_lists/groups.html", context, status)


routes = [Route(PLACE, show), Route(PLACE, assign, methods=["POST"])]
