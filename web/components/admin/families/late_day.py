"""« Réserver un jour »: beyond the limit, for a reason that the journal keeps; taken back while it is fresh."""

from secrets import token_hex
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.bookings.booking import Booking
from models.checkout import desk_booking
from models.checkout.desk_booking import NotPossible, Wanted
from models.families.family import Family
from models.families.household import Household
from models.rules.booking import BookingState
from web.components.admin.families.file import page
from web.components.admin.families.place import EDITORS, PLACE, family_of
from web.components.admin.kit.form import NOTHING, Choice, Day, Field, Filled, Lines, OneOf, fill
from web.http.auth import StaffRequest, staff
from web.http.forms import form, whole

HERE = "reservation"
LONGEST_REASON = 300  # characters
DAY = Day("jour", "Jour", "Aujourd’hui ou plus tard, même après la limite.", "Choisissez un jour.")
REASON = Lines(
    "motif",
    "Motif",
    "Gardé au journal de la famille, qui reçoit la confirmation.",
    "Dites pourquoi ce jour est réservé hors délai.",
    longest=LONGEST_REASON,
)
REFUSED = {
    "over": "Ce jour est passé.",
    "booked": "Ce jour est déjà réservé, demandé ou en liste d’attente.",
    "nowhere": "L’enfant n’y est pas inscrit, ou rien n’ouvre ce jour-là.",
    "membership": "L’adhésion n’est pas réglée\u00a0: elle passe avant la réservation.",
    "full": "Complet, ou une famille attend déjà cette place.",
    "gone": "Cette réservation n’est plus à reprendre.",
    "too_late": "Il est trop tard pour reprendre cette réservation.",
}
WHERE = {"membership": "pour", "nowhere": "pour"}  # the field that a refusal is about; the day otherwise


@staff(*EDITORS)
async def show(request: StaffRequest) -> Response:
    return await _page(request, await family_of(request), NOTHING)


@staff(*EDITORS)
async def book(request: StaffRequest) -> Response:
    family, sent = await family_of(request), await form(request)
    fields = await _fields(request, family)
    filled = fill(fields, sent)
    if filled.errors:
        return await _page(request, family, filled, 422)
    child, _, slot = (filled.values["pour"] or "").partition("-")
    day, reason = filled.of(DAY), filled.of(REASON)
    click = str(sent.get("clic", ""))[:64]
    if not (day and reason and click):
        raise HTTPException(400)
    wanted = Wanted(family.id, int(child), int(slot), day, reason, request.user.member.id, click)
    try:
        made = await desk_booking.book(await request.catalogue(), wanted, request.now)
    except NotPossible as exc:
        wrong = {WHERE.get(exc.why, DAY.name): REFUSED[exc.why]}
        return await _page(request, family, Filled(filled.typed, filled.values, wrong), 422)
    return RedirectResponse(f"{PLACE}/{family.id}/{HERE}?reserve={made.id}", 303)


@staff(*EDITORS)
async def take_back(request: StaffRequest) -> Response:
    family = await family_of(request)
    try:
        await desk_booking.take_back(family.id, request.number("jour"), request.user.member.id, request.now)
    except NotPossible as exc:
        return await _page(request, family, Filled({}, {}, {"": REFUSED[exc.why]}), 409)
    return RedirectResponse(f"{PLACE}/{family.id}/{HERE}?repris=1", 303)


async def _fields(request: StaffRequest, family: Family) -> tuple[Field[Any], ...]:
    """Each slot of each child's activities is one choice: « Lina, Repas de midi »."""
    household, catalogue = await Household.read(family.id), await request.catalogue()
    choices = tuple(
        Choice(f"{child.id}-{slot.id}", f"{child.first_name}, {slot.name}")
        for child in household.children
        for activity in household.activities(catalogue, child.id)
        for slot in activity.slots
    )
    return OneOf("pour", "Pour", missing="Choisissez un enfant et un créneau.", choices=choices), DAY, REASON


async def _page(request: StaffRequest, family: Family, filled: Filled, status: int = 200) -> Response:
    said = request.query_params
    made = await Booking.get_or_none(id=whole(said.get("reserve")) or 0, family_id=family.id).select_related(
        "child", "slot"
    )
    more = {
        "fields": await _fields(request, family),
        "filled": filled,
        "errors": filled.errors,
        "click": token_hex(16),
        "made": made if made and made.state == BookingState.CONFIRMED else None,
        "done": "La réservation est reprise." if said.get("repris") == "1" and status == 200 else "",
    }
    return await page(request, family, "late_day", more, status)


routes = [
    Route("/mairie/familles/{id:int}/reservation", show),
    Route("/mairie/familles/{id:int}/reservation", book, methods=["POST"]),
    Route("/mairie/familles/{id:int}/reservation/{jour:int}/retour", take_back, methods=["POST"]),
]
