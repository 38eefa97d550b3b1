"""« Changer mon adresse e-mail »: asked with the password, confirmed from the new address, told to the old one."""

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.access import email_change
from models.access.email_change import MairieAlone
from models.access.sign_in import TooManyTries, WrongPassword
from models.access.token import LinkOver, Purpose, Token
from models.french import wait
from models.rules.accounts import addresses
from web.components.account.drawing import draw
from web.http.auth import Parent, ParentRequest, PortalRequest, anyone, parent
from web.http.forms import form
from web.page.templates import render

PLACE, LINKS = "/compte/adresse", "/adresse-e-mail"
SECRET = {
    "Referrer-Policy": "same-origin"
}  # the address holds one; « no-referrer » would hide the form’s origin too
WRONG_ADDRESS = "Saisissez une adresse e-mail complète, par exemple nom@exemple.fr."
SAME = "C’est déjà votre adresse."
MISSING = "Saisissez votre mot de passe actuel."
WRONG = "Le mot de passe n’est pas le bon."


@parent
async def back(request: ParentRequest) -> Response:
    """The address of a form that was refused, asked for again."""
    return RedirectResponse("/compte", 303)


@parent
async def ask(request: ParentRequest) -> Response:
    sent, guardian = await form(request), request.user.guardian
    wanted, password = str(sent.get("adresse", "")).strip(), str(sent.get("passe_adresse", ""))
    errors = {} if password else {"passe_adresse": MISSING}
    if not addresses.is_address(wanted):
        errors["adresse"] = WRONG_ADDRESS
    elif wanted.lower() == guardian.email.strip().lower():
        errors["adresse"] = SAME
    if errors:
        return await draw(request, errors, 422, wanted=wanted)
    try:
        await email_change.ask(guardian, password, wanted, request.now)
    except MairieAlone:
        raise HTTPException(403) from None
    except WrongPassword:
        return await draw(request, {"passe_adresse": WRONG}, 422, wanted=wanted)
    except TooManyTries as exc:
        said, later = f"Trop d’essais. Réessayez dans {wait(exc.seconds)}.", str(-int(-exc.seconds // 1))
        return await draw(request, {"passe_adresse": said}, 429, {"Retry-After": later}, wanted)
    return RedirectResponse("/compte?fait=adresse", 303)


@anyone
async def show_link(request: PortalRequest) -> Response:
    """A button, and nothing used: programs that read e-mails follow links too."""
    try:
        token = await Token.find(request.text("jeton"), Purpose.ADDRESS)
    except LinkOver:
        return _over(request)
    return render(request, "account/confirm.html", {"address": token.email}, headers=SECRET)


@anyone
async def confirm(request: PortalRequest) -> Response:
    user = request.user
    here = user.session.id if isinstance(user, Parent) else 0
    try:
        await email_change.confirm(request.text("jeton"), here, request.now)
    except (LinkOver, MairieAlone):
        return _over(request)
    return RedirectResponse(f"{LINKS}/confirmee", 303, SECRET)


@anyone
async def confirmed(request: PortalRequest) -> Response:
    return render(request, "account/confirmed.html")


routes = [
    Route(PLACE, back, methods=["GET"]),
    Route(PLACE, ask, methods=["POST"]),
    Route(f"{LINKS}/confirmee", confirmed, methods=["GET"]),
    Route(f"{LINKS}/{{jeton}}", show_link, methods=["GET"]),
    Route(f"{LINKS}/{{jeton}}", confirm, methods=["POST"]),
]


def _over(request: PortalRequest) -> Response:
    return render(request, "account/over.html", {}, 410, SECRET)
