"""« Demandes »: what families asked, answered one by one or together."""

from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request as HTTPRequest
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from models.database import as_date, as_instant, rows
from models.request import Request
from web.forms import form, whole
from web.menu import Count, Entry
from web.page import fragment, render
from web.people import staff
from web.words import day_long, moment

REASONS = ("Plus de place ce jour-là", "Sortie scolaire", "Dossier incomplet")
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    kind: str
    state: str
    made_at: datetime
    reason: str | None
    family: str
    child: str
    activity: str
    slot: str
    day: object
    left: int | None
    booking: str

    @property
    def asked(self) -> str:
        verb = "Réserver" if self.kind == "book" else "Annuler"
        return f"{verb} {self.slot}, {day_long(self.day)}"

    @property
    def outcome(self) -> str:
        if self.state == "accepted" and self.booking == "waiting":
            return "acceptée, complet\u00a0: sur la liste d’attente"
        said = {"accepted": "acceptée", "refused": f"refusée\u00a0: {self.reason}", "withdrawn": "retirée"}
        return said.get(self.state, "en attente")


async def waiting(now: datetime) -> Count:
    oldest = await Request.filter(state="pending").order_by("made_at").first()
    if oldest is None:
        return Count(0)
    number = await Request.filter(state="pending").count()
    return Count(number, f"la plus ancienne\u00a0: {moment(oldest.made_at)}")


menu = Entry(
    "/mairie/demandes",
    "Demandes",
    "mail",
    roles=("manager",),
    order=20,
    about="Ce que les familles attendent de la mairie",
    count=waiting,
)


@staff(*menu.roles)
async def show(request: HTTPRequest) -> Response:
    return await _page(request)


async def _page(request: HTTPRequest, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    pending = await _rows("request.state = 'pending' ORDER BY request.made_at, request.id LIMIT 500")
    answered = await _rows("request.state <> 'pending' ORDER BY request.id DESC LIMIT 20")
    known = {"pending": pending, "answered": answered, "reasons": REASONS, "errors": errors or {}}
    return render(request, "admin/requests/page.html", known, status)


@staff(*menu.roles)
async def accept(request: HTTPRequest) -> Response:
    await _there(request)
    id = request.path_params["id"]
    await Request.accept(id, request.user.member.id, request.scope["now"])
    return await _answered(request, [id])


@staff(*menu.roles)
async def accept_all(request: HTTPRequest) -> Response:
    """Those that are ticked, oldest first; each is its own decision, so that a full day stops no other."""
    wanted = [id for id in map(whole, (await form(request)).getlist("demande")) if id]
    if not wanted:
        return await _page(request, {"": "Cochez au moins une demande."}, 422)
    for id in sorted(set(wanted)):
        if await Request.exists(id=id):
            await Request.accept(id, request.user.member.id, request.scope["now"])
    return RedirectResponse("/mairie/demandes", 303)


@staff(*menu.roles)
async def refuse(request: HTTPRequest) -> Response:
    await _there(request)
    id = request.path_params["id"]
    reason = str((await form(request)).get("motif", "")).strip()[:LONGEST]
    if not reason:
        return await _page(request, {f"motif-{id}": "Indiquez le motif du refus."}, 422)
    await Request.refuse(id, request.user.member.id, reason, request.scope["now"])
    return await _answered(request, [id])


async def _there(request: HTTPRequest) -> None:
    if not await Request.exists(id=request.path_params["id"]):
        raise HTTPException(404)


async def _answered(request: HTTPRequest, ids: list[int]) -> Response:
    if "hx-request" not in request.headers:
        return RedirectResponse("/mairie/demandes", 303)
    done = await _rows(f"request.id IN ({', '.join(str(id) for id in ids)})")
    left = await Request.filter(state="pending").count()
    said = f"{done[0].child}, {done[0].asked.lower()}\u00a0: {done[0].outcome}."
    known = {"done": done, "left": left, "said": said, "reasons": REASONS}
    return HTMLResponse(fragment(request, "admin/requests/answered.html", known))


async def _rows(condition: str) -> list[Row]:
    """`condition` is ours, never a visitor's."""
    return [_row(found) for found in await rows(_ASKED + condition)]


def _row(found: dict[str, object]) -> Row:
    places, taken = found["places"], found["taken"]
    made = as_instant(found["made_at"])  # type: ignore[arg-type]
    if made is None:
        raise ValueError(found["id"])
    return Row(
        id=int(str(found["id"])),
        kind=str(found["kind"]),
        state=str(found["state"]),
        made_at=made,
        reason=None if found["reason"] is None else str(found["reason"]),
        family=str(found["number"]),
        child=f"{found['first_name']} {found['last_name']}",
        activity=str(found["activity"]),
        slot=str(found["slot"]),
        day=as_date(found["day"]),  # type: ignore[arg-type]
        left=None if places is None else int(str(places)) - int(str(taken)),
        booking=str(found["booking"]),
    )


_ASKED = """
SELECT request.id, request.kind, request.state, request.made_at, request.reason, family.number, child.first_name,
  child.last_name, activity.name AS activity, slot.name AS slot, booking.day, booking.state AS booking,
  opening.places, opening.taken
FROM request JOIN booking ON booking.id = request.booking_id JOIN family ON family.id = request.family_id
JOIN child ON child.id = booking.child_id JOIN slot ON slot.id = booking.slot_id
JOIN activity ON activity.id = slot.activity_id JOIN opening ON opening.id = booking.opening_id WHERE
"""

routes = [
    Route("/mairie/demandes", show),
    Route("/mairie/demandes", accept_all, methods=["POST"]),
    Route("/mairie/demandes/{id:int}/acceptation", accept, methods=["POST"]),
    Route("/mairie/demandes/{id:int}/refus", refuse, methods=["POST"]),
]
