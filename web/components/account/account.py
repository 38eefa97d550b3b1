"""« Mon compte »: the password and the devices that are signed in, for everybody; the layout, for parents."""

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.access import guardian_account
from models.access.guardian_account import WeakPassword
from models.access.sign_in import TooManyTries, WrongPassword
from models.french import wait
from web.components.account import email
from web.components.account.drawing import DISPLAY, PARENTS, STAFF, draw, place
from web.http.auth import Parent, ParentRequest, SignedInRequest, member, parent
from web.http.forms import form
from web.page.passwords import DIFFERENT, WEAK, WEAK_OF_STAFF
from web.page.templates import SCHEMES

DEVICES = "#appareils"
YEAR = 365 * 24 * 3600
FIELDS = {
    "actuel": "Saisissez votre mot de passe actuel.",
    "mot_de_passe": "Saisissez votre nouveau mot de passe.",
    "confirmation": "Saisissez encore une fois votre nouveau mot de passe.",
}
UNCHOSEN = {"": "Choisissez une réponse à chaque question."}
WRONG = "Le mot de passe actuel n’est pas le bon."


async def show(request: SignedInRequest) -> Response:
    return await draw(request)


@parent
async def prefer(request: ParentRequest) -> Response:
    sent = await form(request)
    chosen, display = {name: str(value) for name, value in sent.items()}, str(sent.get("affichage", ""))
    if display not in DISPLAY:
        return await draw(request, UNCHOSEN, 422)
    try:
        await guardian_account.prefer(request.user.guardian, chosen)
    except ValueError:
        return await draw(request, UNCHOSEN, 422)
    answer = _done(request, "preferences")
    secure = request.settings.secure
    life = YEAR if display in SCHEMES else 0  # without the cookie the device decides
    answer.set_cookie("affichage", display, life, path="/", secure=secure, httponly=True, samesite="lax")
    return answer


async def back(request: SignedInRequest) -> Response:
    """The address of a form that was refused, asked for again."""
    return RedirectResponse(place(request), 303)


async def change_password(request: SignedInRequest) -> Response:
    sent, user = await form(request), request.user
    current, wanted, again = (str(sent.get(name, "")) for name in FIELDS)
    errors = {name: said for name, said in FIELDS.items() if not sent.get(name)}
    if wanted and again and wanted != again:
        errors["confirmation"] = DIFFERENT
    if errors:
        return await draw(request, errors, 422)
    try:
        await guardian_account.change_password(user.account, user.session.id, current, wanted, request.now)
    except WeakPassword as exc:
        return await draw(request, {"mot_de_passe": _weak(request)[exc.why]}, 422)
    except WrongPassword:
        return await draw(request, {"actuel": WRONG}, 422)
    except TooManyTries as exc:
        said = f"Trop d’essais. Réessayez dans {wait(exc.seconds)}."
        return await draw(request, {"actuel": said}, 429, {"Retry-After": str(-int(-exc.seconds // 1))})
    return _done(request, "mot-de-passe")


def _weak(request: SignedInRequest) -> dict[str, str]:
    return WEAK if isinstance(request.user, Parent) else WEAK_OF_STAFF


async def close_device(request: SignedInRequest) -> Response:
    if not await guardian_account.close_device(request.user.account, request.number("id"), request.now):
        raise HTTPException(404)
    return _done(request, "appareil", DEVICES)


async def close_others(request: SignedInRequest) -> Response:
    await guardian_account.close_other_devices(request.user.account, request.user.session.id, request.now)
    return _done(request, "appareils", DEVICES)


routes = [
    *email.routes,
    Route(PARENTS, prefer, methods=["POST"]),
    *(
        Route(f"{base}{path}", guard(handler), methods=[method])
        for base, guard in ((PARENTS, parent), (STAFF, member))
        for path, handler, method in (
            ("", show, "GET"),
            ("/mot-de-passe", back, "GET"),
            ("/mot-de-passe", change_password, "POST"),
            ("/appareils/deconnexion", close_others, "POST"),
            ("/appareils/{id:int}/deconnexion", close_device, "POST"),
        )
    ),
]


def _done(request: SignedInRequest, what: str, where: str = "") -> RedirectResponse:
    return RedirectResponse(f"{place(request)}?fait={what}{where}", 303)
