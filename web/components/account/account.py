"""« Mon compte »: the password and the devices that are signed in, for everybody; the layout, for parents."""

from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.access import guardian_account
from models.access.guardian_account import WeakPassword
from models.access.sign_in import TooManyTries, WrongPassword
from models.clock import real
from models.families.preferences import PREFERENCES
from models.french import plural, wait
from web.components.account.device import device
from web.http.auth import Parent, ParentRequest, SignedInRequest, member, parent
from web.http.forms import form
from web.page.passwords import DIFFERENT, HINT, WEAK
from web.page.templates import SCHEMES, render

PARENTS, STAFF, DEVICES = "/compte", "/mairie/compte", "#appareils"
YEAR = 365 * 24 * 3600
DISPLAY = {"automatique": "Automatique", "clair": "Clair", "sombre": "Sombre"}
DONE = {
    "preferences": "C’est enregistré.",
    "mot-de-passe": "C’est enregistré. Vos autres appareils sont déconnectés.",
    "appareil": "L’appareil est déconnecté.",
    "appareils": "Vos autres appareils sont déconnectés.",
}
FIELDS = {
    "actuel": "Saisissez votre mot de passe actuel.",
    "mot_de_passe": "Saisissez votre nouveau mot de passe.",
    "confirmation": "Saisissez encore une fois votre nouveau mot de passe.",
}
UNCHOSEN = {"": "Choisissez une réponse à chaque question."}
WRONG = "Le mot de passe actuel n’est pas le bon."


@dataclass(frozen=True, slots=True)
class Device:
    id: int
    name: str
    seen: str
    here: bool


async def show(request: SignedInRequest) -> Response:
    return await _draw(request)


@parent
async def prefer(request: ParentRequest) -> Response:
    sent = await form(request)
    chosen, display = {name: str(value) for name, value in sent.items()}, str(sent.get("affichage", ""))
    if display not in DISPLAY:
        return await _draw(request, UNCHOSEN, 422)
    try:
        await guardian_account.prefer(request.user.guardian, chosen)
    except ValueError:
        return await _draw(request, UNCHOSEN, 422)
    answer = _done(request, "preferences")
    secure = request.settings.secure
    life = YEAR if display in SCHEMES else 0  # without the cookie the device decides
    answer.set_cookie("affichage", display, life, path="/", secure=secure, httponly=True, samesite="lax")
    return answer


async def back(request: SignedInRequest) -> Response:
    """The address of a form that was refused, asked for again."""
    return RedirectResponse(_place(request), 303)


async def change_password(request: SignedInRequest) -> Response:
    sent, user = await form(request), request.user
    current, wanted, again = (str(sent.get(name, "")) for name in FIELDS)
    errors = {name: said for name, said in FIELDS.items() if not sent.get(name)}
    if wanted and again and wanted != again:
        errors["confirmation"] = DIFFERENT
    if errors:
        return await _draw(request, errors, 422)
    try:
        await guardian_account.change_password(user.account, user.session.id, current, wanted, request.now)
    except WeakPassword as exc:
        return await _draw(request, {"mot_de_passe": WEAK[exc.why]}, 422)
    except WrongPassword:
        return await _draw(request, {"actuel": WRONG}, 422)
    except TooManyTries as exc:
        said = f"Trop d’essais. Réessayez dans {wait(exc.seconds)}."
        return await _draw(request, {"actuel": said}, 429, {"Retry-After": str(-int(-exc.seconds // 1))})
    return _done(request, "mot-de-passe")


async def close_device(request: SignedInRequest) -> Response:
    if not await guardian_account.close_device(request.user.account, request.number("id")):
        raise HTTPException(404)
    return _done(request, "appareil", DEVICES)


async def close_others(request: SignedInRequest) -> Response:
    await guardian_account.close_others(request.user.account, request.user.session.id)
    return _done(request, "appareils", DEVICES)


routes = [
    Route(PARENTS, prefer, methods=["POST"]),
    *(
        Route(f"{place}{path}", guard(handler), methods=[method])
        for place, guard in ((PARENTS, parent), (STAFF, member))
        for path, handler, method in (
            ("", show, "GET"),
            ("/mot-de-passe", back, "GET"),
            ("/mot-de-passe", change_password, "POST"),
            ("/appareils/deconnexion", close_others, "POST"),
            ("/appareils/{id:int}/deconnexion", close_device, "POST"),
        )
    ),
]


def _place(request: SignedInRequest) -> str:
    return PARENTS if isinstance(request.user, Parent) else STAFF


def _done(request: SignedInRequest, what: str, where: str = "") -> RedirectResponse:
    return RedirectResponse(f"{_place(request)}?fait={what}{where}", 303)


async def _draw(
    request: SignedInRequest,
    errors: dict[str, str] | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    done = request.query_params.get("fait", "") if request.method == "GET" else ""
    context: dict[str, Any] = {
        "errors": errors or {},
        "place": _place(request),
        "person": request.user.account,
        "done": DONE.get(done),
        "there": done.startswith("appareil"),
        "preferences": PREFERENCES,
        "display": DISPLAY,
        "displayed": request.cookies.get("affichage", ""),
        "devices": await _devices(request),
        "hint": HINT,
    }
    return render(request, "account/page.html", context, status, headers)


async def _devices(request: SignedInRequest) -> list[Device]:
    here, moment = request.user.session.id, real()
    return [
        Device(found.id, device(found.device), _ago(moment - found.seen), found.id == here)
        for found in await guardian_account.devices(request.user.account)
    ]


def _ago(seconds: float) -> str:
    for length, noun in ((86400, "jour"), (3600, "heure"), (60, "minute")):
        if seconds >= length:
            return f"il y a {plural(int(seconds // length), noun)}"
    return "à l’instant"
