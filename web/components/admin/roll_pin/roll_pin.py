"""« Code de la tablette »: an agent's six figures, which open the roll call again after five minutes unused."""

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.access.staff import roll_pin
from models.rules.accounts.roll_pin import WeakPin
from web.http.auth import StaffRequest, member
from web.http.forms import form
from web.page.templates import render

PLACE = "/mairie/compte/code-tablette"
WEAK = "Choisissez 6 chiffres, ni tous pareils ni qui se suivent."
DIFFERENT = "Les deux codes ne sont pas les mêmes."
SAID = {"1": "Le code est enregistré.", "retrait": "Le code est retiré\u00a0: la tablette ne se couvre plus."}


@member
async def show(request: StaffRequest) -> Response:
    return _draw(request)


@member
async def choose(request: StaffRequest) -> Response:
    sent = await form(request)
    pin, again = (str(sent.get(name, "")).strip() for name in ("code", "confirmation"))
    if pin != again:
        return _draw(request, {"confirmation": DIFFERENT}, 422)
    try:
        await roll_pin.choose(request.user.member, pin, request.now)
    except WeakPin:
        return _draw(request, {"code": WEAK}, 422)
    return RedirectResponse(f"{PLACE}?fait=1", 303)


@member
async def take_off(request: StaffRequest) -> Response:
    await form(request)
    await roll_pin.take_off(request.user.member, request.now)
    return RedirectResponse(f"{PLACE}?fait=retrait", 303)


routes = [
    Route(PLACE, show, methods=["GET"]),
    Route(PLACE, choose, methods=["POST"]),
    Route(f"{PLACE}/retrait", take_off, methods=["POST"]),
]


def _draw(request: StaffRequest, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    known = {
        "errors": errors or {},
        "place": PLACE,
        "chosen": bool(request.user.member.roll_pin),
        "asked": request.commune is not None and request.commune.roll_pin,
        "done": SAID.get(request.query_params.get("fait", ""), "") if status == 200 else "",
    }
    return render(request, "admin/roll_pin/page.html", known, status)
