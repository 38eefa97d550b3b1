"""« Double authentification »: one's own second step. A square to photograph, a code to confirm, codes of recovery."""

from typing import Any
from urllib.parse import quote, urlencode

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.access.sign_in import TooManyTries, WrongPassword
from models.access.staff import second_step
from models.access.staff.recovery_code import RecoveryCode
from models.access.staff.second_step import AlreadySet, Proposal, StepOver, WrongCode
from models.french import wait
from models.rules.accounts.one_time_code import is_required, written
from web.http.auth import StaffRequest, member
from web.http.forms import form
from web.http.second_step import SECOND_STEP
from web.page.templates import render

QUIET = 4  # modules of white around the square
WRONG = (
    "Ce code n’est pas le bon. Vérifiez l’heure de votre téléphone, et saisissez le code affiché maintenant."
)
WRONG_PASSWORD = "Le mot de passe n’est pas le bon."  # noqa: S105
SAID = {"retiree": "La double authentification est retirée de votre compte."}
NO_STORE = {"Cache-Control": "no-store"}


@member
async def show(request: StaffRequest) -> Response:
    return await _draw(request)


@member
async def confirm(request: StaffRequest) -> Response:
    """The telephone proves itself; the recovery codes are shown on the answer, and nowhere else."""
    sent, person = await form(request), request.user
    try:
        proposal = second_step.proposed(person.member, str(sent.get("secret", "")))
        codes = await second_step.confirm(
            person.member, person.session.id, proposal, str(sent.get("code", "")), request.now
        )
    except WrongCode:
        return await _draw(request, {"code": WRONG}, 422, proposal)
    except TooManyTries as exc:
        return await _draw(request, {"code": _wait(exc)}, 429, proposal)
    except (StepOver, AlreadySet):
        return RedirectResponse(SECOND_STEP, 303)
    return _codes(request, codes)


@member
async def renew_codes(request: StaffRequest) -> Response:
    password = str((await form(request)).get("actuel", ""))
    try:
        return _codes(request, await second_step.renew_codes(request.user.member, password, request.now))
    except WrongPassword:
        return await _draw(request, {"actuel": WRONG_PASSWORD}, 422)
    except TooManyTries as exc:
        return await _draw(request, {"actuel": _wait(exc)}, 429)


@member
async def leave(request: StaffRequest) -> Response:
    password, person = str((await form(request)).get("actuel", "")), request.user
    try:
        await second_step.leave(person.member, person.session.id, password, request.now)
    except WrongPassword:
        return await _draw(request, {"actuel": WRONG_PASSWORD}, 422)
    except TooManyTries as exc:
        return await _draw(request, {"actuel": _wait(exc)}, 429)
    return RedirectResponse(f"{SECOND_STEP}?fait=retiree", 303)


@member
async def back(request: StaffRequest) -> Response:
    """The address of a form, asked for again."""
    return RedirectResponse(SECOND_STEP, 303)


routes = [
    Route(SECOND_STEP, show, methods=["GET"]),
    Route(SECOND_STEP, confirm, methods=["POST"]),
    *(
        Route(f"{SECOND_STEP}/{path}", handler, methods=[method])
        for path, verb in (("codes", renew_codes), ("retrait", leave))
        for handler, method in ((back, "GET"), (verb, "POST"))
    ),
]


async def _draw(
    request: StaffRequest,
    errors: dict[str, str] | None = None,
    status: int = 200,
    proposal: Proposal | None = None,
) -> Response:
    agent = request.user.member
    known: dict[str, Any] = {
        "errors": errors or {},
        "member": agent,
        "place": SECOND_STEP,
        "required": is_required(agent.roles, bool(request.commune and request.commune.second_step)),
        "demo": request.settings.demo,
        "left": await RecoveryCode.left(agent.id),
        "done": SAID.get(request.query_params.get("fait", ""), ""),
    }
    if not agent.code_since:
        known |= _square(request, proposal or second_step.propose(agent))
    return render(request, "admin/second_step/page.html", known, status, NO_STORE)


def _square(request: StaffRequest, proposal: Proposal) -> dict[str, Any]:
    """The QR code as one path of an SVG, and the key for who has no camera."""
    import segno  # here: a web process seldom draws one

    issuer = request.commune.name if request.commune else "Portail Famille"
    square = segno.make_qr(address(proposal.secret, request.user.member.username, issuer), error="m").matrix
    path = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z"
        for y, row in enumerate(square)
        for x, dark in enumerate(row)
        if dark
    )
    return {
        "path_of_square": path,
        "side": len(square) + 2 * QUIET,
        "key": written(proposal.secret),
        "sealed": proposal.sealed,
    }


def address(secret: bytes, who: str, issuer: str) -> str:
    """What the square holds: `otpauth://totp/Lens:mairie?secret=…`."""
    plain = issuer.replace(":", " ")
    said = urlencode({"secret": written(secret).replace(" ", ""), "issuer": plain}, quote_via=quote)
    return f"otpauth://totp/{quote(f'{plain}:{who}', safe='')}?{said}"


def _codes(request: StaffRequest, codes: list[str]) -> Response:
    known = {"codes": codes, "member": request.user.member}
    return render(request, "admin/second_step/codes.html", known, 200, NO_STORE)


def _wait(exc: TooManyTries) -> str:
    return f"Trop d’essais. Réessayez dans {wait(exc.seconds)}."
