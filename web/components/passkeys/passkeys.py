"""« Clés d’accès »: what opens an account without its password; added with it, taken away at any time.

The way in with one is on the page of signing in: `web/components/public`.
"""

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.access.passkeys import ceremony
from models.access.passkeys.ceremony import MOST, Asked, Site, TooManyKeys, WrongKey
from models.access.passkeys.challenge import ChallengeOver
from models.access.passkeys.passkey import LONGEST_NAME, Passkey
from models.access.sign_in import TooManyTries, WrongPassword
from models.french import wait
from models.rules.money import NBSP
from web.http.auth import Parent, SignedInRequest, member, parent
from web.http.forms import form
from web.page.device import device
from web.page.templates import render

PARENTS, STAFF = "/compte", "/mairie/compte"
FIELDS = {
    "nom": f"Donnez un nom à cette clé{NBSP}: celui de l’appareil.",
    "actuel": "Saisissez votre mot de passe.",
}
WRONG = "Le mot de passe n’est pas le bon."
FULL = f"Vous avez déjà {MOST} clés d’accès. Retirez-en une d’abord."
FAILED = "La clé n’a pas pu être vérifiée. Rien n’a été ajouté."
DONE = {
    "ajoutee": "La clé d’accès est ajoutée.",
    "retiree": "La clé d’accès est retirée. Elle n’ouvre plus rien.",
}


async def show(request: SignedInRequest) -> Response:
    return await _draw(request)


async def begin(request: SignedInRequest) -> Response:
    """The password was typed: the device is asked on the page that comes."""
    sent = await form(request)
    name, password = str(sent.get("nom", "")).strip(), str(sent.get("actuel", ""))
    errors = {key: said for key, said in FIELDS.items() if not str(sent.get(key, "")).strip()}
    if errors:
        return await _draw(request, errors, 422, name=name)
    try:
        asked = await ceremony.begin(request.user.account, password, name, Site(request.settings.base_url))
    except WrongPassword:
        return await _draw(request, {"actuel": WRONG}, 422, name=name)
    except TooManyKeys:
        return await _draw(request, {"nom": FULL}, 422, name=name)
    except TooManyTries as exc:
        said, later = f"Trop d’essais. Réessayez dans {wait(exc.seconds)}.", str(-int(-exc.seconds // 1))
        return await _draw(request, {"actuel": said}, 429, {"Retry-After": later}, name)
    return _ask(request, asked, name)


async def add(request: SignedInRequest) -> Response:
    sent = await form(request)
    sealed, said = str(sent.get("defi", "")), str(sent.get("reponse", ""))
    try:
        site = Site(request.settings.base_url)
        await ceremony.add(request.user.account, sealed, said, site, request.now)
    except (ChallengeOver, WrongKey):
        return await _draw(request, {"nom": FAILED}, 422)
    return RedirectResponse(f"{_place(request)}?fait=ajoutee", 303)


async def remove(request: SignedInRequest) -> Response:
    if not await ceremony.remove(request.user.account, request.number("id"), request.now):
        raise HTTPException(404)
    return RedirectResponse(f"{_place(request)}?fait=retiree", 303)


async def back(request: SignedInRequest) -> Response:
    """The address of a form, asked for by itself."""
    return RedirectResponse(_place(request), 303)


routes = [
    Route(f"{base}/cles{path}", guard(handler), methods=[method])
    for base, guard in ((PARENTS, parent), (STAFF, member))
    for path, handler, method in (
        ("", show, "GET"),
        ("", begin, "POST"),
        ("/creation", back, "GET"),
        ("/creation", add, "POST"),
        ("/{id:int}/suppression", remove, "POST"),
    )
]


async def _draw(
    request: SignedInRequest,
    errors: dict[str, str] | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
    name: str = "",
) -> Response:
    context = {
        "errors": errors or {},
        "place": _place(request),
        "above": _place(request).removesuffix("/cles"),
        "done": DONE.get(request.query_params.get("fait", "")),
        "keys": await Passkey.of(request.user.account),
        "name": name or device(request.headers.get("user-agent", "")),
        "longest": LONGEST_NAME,
    }
    return render(request, "passkeys/page.html", context, status, headers)


def _ask(request: SignedInRequest, asked: Asked, name: str) -> Response:
    place = _place(request)
    context = {"asked": asked, "name": name, "place": place, "above": place.removesuffix("/cles")}
    return render(request, "passkeys/create.html", context)


def _place(request: SignedInRequest) -> str:
    return f"{PARENTS if isinstance(request.user, Parent) else STAFF}/cles"
