"""« Demandes »: what families asked, answered one by one or together."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from models.bookings.family_request import DayOver, FamilyRequest
from models.families.file_change import FileChanged
from models.french.file_changes import changes
from models.rules.capacity import is_over
from models.rules.requests import RequestKind, RequestState
from models.storage.database import as_date, as_instant, as_json, rows
from web.http.auth import staff
from web.http.forms import form, whole
from web.page.fragments import alert
from web.page.menu import Count, Entry
from web.page.templates import fragment, render
from web.words import day_long, euros, moment

REASONS = ("Plus de place ce jour-là", "Sortie scolaire", "Dossier incomplet")
OVER = "ce jour est passé, la demande ne peut plus qu’être refusée."
CHANGED = "le dossier a changé entre-temps, la demande ne peut plus qu’être refusée."
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    kind: str
    state: str
    made_at: datetime
    reason: str | None
    family: str
    who: str  # a child, or a parent whose file is to change
    activity: str
    slot: str
    day: date | None  # of a booking
    changes: list[tuple[str, str, str]]  # of a file: what, before, after
    left: int | None
    over: bool  # a booking asked for a day that has passed: it can only be refused
    booking: str
    offered_until: datetime | None
    credit: int | None  # of an order made by a late acceptance, in cents
    owed: int

    @property
    def asked(self) -> str:
        if self.day is None:
            return f"Changer {', '.join(label for label, _, _ in self.changes)}"
        verb = "Réserver" if self.kind == RequestKind.BOOKING else "Annuler"
        return f"{verb} {self.slot}, {day_long(self.day)}"

    @property
    def stopped(self) -> str:
        """Why it cannot be accepted."""
        if self.day is None:
            return f"{self.who}\u00a0: {CHANGED}"
        return f"{self.who}, {self.slot}, {day_long(self.day)}\u00a0: {OVER}"

    @property
    def outcome(self) -> str:
        said = {
            "accepted": f"acceptée{self._then}",
            "refused": f"refusée\u00a0: {self.reason}",
            "withdrawn": "retirée",
        }
        return said.get(self.state, "en attente")

    @property
    def _then(self) -> str:
        """What becomes of what was accepted."""
        if self.kind == RequestKind.BOOKING and self.booking == "waiting":
            return ", complet\u00a0: sur la liste d’attente"
        if self.kind == RequestKind.BOOKING and self.booking == "offered" and self.offered_until:
            return f", place proposée jusqu’à {moment(self.offered_until)}"
        if self.kind == RequestKind.BOOKING and self.booking == "confirmed" and self.owed:
            return f", à régler à la prochaine réservation\u00a0: {euros(self.owed)}"
        return ", réglée par l’avoir" if self.credit and self.booking == "confirmed" else ""


async def waiting(now: datetime) -> Count:
    oldest = await FamilyRequest.filter(state=RequestState.PENDING).order_by("made_at").first()
    if oldest is None:
        return Count(0)
    number = await FamilyRequest.filter(state=RequestState.PENDING).count()
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
async def show(request: Request) -> Response:
    return await _page(request)


async def _page(request: Request, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    pending = await _rows(request, "request.state = 'pending' ORDER BY request.made_at, request.id LIMIT 500")
    answered = await _rows(request, "request.state <> 'pending' ORDER BY request.id DESC LIMIT 20")
    known = {"pending": pending, "answered": answered, "reasons": REASONS, "errors": errors or {}}
    return render(request, "admin/requests/page.html", known, status)


@staff(*menu.roles)
async def accept(request: Request) -> Response:
    await _there(request)
    id = request.path_params["id"]
    try:
        await FamilyRequest.accept(id, request.user.member.id, request.scope["now"])
    except (DayOver, FileChanged):
        return await _over(request, [id])
    return await _answered(request, id)


@staff(*menu.roles)
async def accept_all(request: Request) -> Response:
    """Those that are ticked, whose families get one letter each."""
    wanted = [id for id in map(whole, (await form(request)).getlist("demande")) if id]
    if not wanted:
        return await _page(request, {"": "Cochez au moins une demande."}, 422)
    found = await FamilyRequest.filter(id__in=wanted)
    over = await FamilyRequest.accept_all(
        [one.id for one in found], request.user.member.id, request.scope["now"]
    )
    return await _over(request, over) if over else RedirectResponse("/mairie/demandes", 303)


@staff(*menu.roles)
async def refuse(request: Request) -> Response:
    await _there(request)
    id = request.path_params["id"]
    reason = str((await form(request)).get("motif", "")).strip()[:LONGEST]
    if not reason:
        return await _page(request, {f"motif-{id}": "Indiquez le motif du refus."}, 422)
    await FamilyRequest.refuse(id, request.user.member.id, reason, request.scope["now"])
    return await _answered(request, id)


async def _over(request: Request, ids: list[int]) -> Response:
    """Nothing was accepted of what can only be refused, and it says why; the others of the click are."""
    found = await _rows(request, f"request.id IN ({', '.join(str(id) for id in ids)})")
    said = [row.stopped for row in found]
    if "hx-request" in request.headers:
        return alert(" ".join(said), 409)
    return await _page(
        request, {f"demande-{row.id}": line for row, line in zip(found, said, strict=True)}, 409
    )


async def _there(request: Request) -> None:
    if not await FamilyRequest.exists(id=request.path_params["id"]):
        raise HTTPException(404)


async def _answered(request: Request, id: int) -> Response:
    if "hx-request" not in request.headers:
        return RedirectResponse("/mairie/demandes", 303)
    done = await _rows(request, f"request.id = {id}")
    left = await FamilyRequest.filter(state=RequestState.PENDING).count()
    said = f"{done[0].who}, {done[0].asked.lower()}\u00a0: {done[0].outcome}."
    known = {"done": done, "left": left, "said": said, "reasons": REASONS}
    return HTMLResponse(fragment(request, "admin/requests/answered.html", known))


async def _rows(request: Request, condition: str) -> list[Row]:
    """`condition` is ours, never a visitor's."""
    return [_row(found, request.scope["now"]) for found in await rows(_ASKED + condition)]


def _row(found: dict[str, Any], now: datetime) -> Row:
    places, taken = found["places"], found["taken"]
    made, day = as_instant(found["made_at"]), None if found["day"] is None else as_date(found["day"])
    if made is None:
        raise ValueError(found["id"])
    before, after = as_json(found["before"]), as_json(found["after"])
    return Row(
        id=int(str(found["id"])),
        kind=str(found["kind"]),
        state=str(found["state"]),
        made_at=made,
        reason=None if found["reason"] is None else str(found["reason"]),
        family=str(found["number"]),
        who=f"{found['first_name']} {found['last_name']}" if found["first_name"] else "La famille",
        activity=found["activity"] or "Dossier de la famille",
        slot=found["slot"] or "",
        day=day,
        changes=changes(before, after) if after else [],
        left=None if places is None else int(str(places)) - int(str(taken)),
        over=found["kind"] == RequestKind.BOOKING and day is not None and is_over(now, day),
        booking=found["booking"] or "",
        offered_until=as_instant(found["offered_until"]),
        credit=found["credit"],
        owed=(found["net"] or 0) - (found["credit"] or 0),
    )


_ASKED = """
SELECT request.id, request.kind, request.state, request.made_at, request.reason, request.before, request.after,
  family.number, COALESCE(child.first_name, guardian.first_name) AS first_name,
  COALESCE(child.last_name, guardian.last_name) AS last_name,
  activity.name AS activity, slot.name AS slot, booking.day, booking.state AS booking,
  opening.places, opening.taken, waiting.offered_until, owed.net, owed.credit
FROM request JOIN family ON family.id = request.family_id
LEFT JOIN booking ON booking.id = request.booking_id LEFT JOIN opening ON opening.id = booking.opening_id
LEFT JOIN child ON child.id = COALESCE(booking.child_id,
  CASE WHEN request.subject LIKE 'child:%' THEN CAST(SUBSTR(request.subject, 7) AS INTEGER) END)
LEFT JOIN guardian ON guardian.id =
  CASE WHEN request.subject LIKE 'guardian:%' THEN CAST(SUBSTR(request.subject, 10) AS INTEGER) END
LEFT JOIN slot ON slot.id = booking.slot_id LEFT JOIN activity ON activity.id = slot.activity_id
LEFT JOIN waiting ON waiting.booking_id = booking.id
LEFT JOIN family_order AS owed ON owed.family_id = request.family_id AND owed.click = 'request:' || request.id WHERE
"""

routes = [
    Route("/mairie/demandes", show),
    Route("/mairie/demandes", accept_all, methods=["POST"]),
    Route("/mairie/demandes/{id:int}/acceptation", accept, methods=["POST"]),
    Route("/mairie/demandes/{id:int}/refus", refuse, methods=["POST"]),
]
