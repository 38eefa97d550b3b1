"""The demo bank's page, which stands for another site, and the door where banks say what happened.

The page's address is its secret, so its forms carry no CSRF token. No cookie is read here.
"""

from datetime import datetime
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from models.access.throttle import Limit, Throttle
from models.banks import Bank, BankNotice, Hint, UnknownBank, demo, speakers
from models.banks.demo import DemoCharge
from models.checkout import settlement
from models.work.audit_log import Event
from web.http import forms
from web.http.auth import PortalRequest, anyone
from web.page.templates import render

STEPS = {"asked": "saisie", "card": "code"}  # what each state of a charge lets one send
CARD_FIELDS = ("numero", "fin", "cryptogramme")
FORGERIES = 20  # noted before the journal takes its time: anybody may knock here


@anyone
async def show(request: PortalRequest) -> Response:
    charge = await _charge(request)
    if charge.final:
        return RedirectResponse(charge.return_url, 303)
    return _draw(request, charge, STEPS[charge.state])


@anyone
async def act(request: PortalRequest) -> Response:
    """A form of the page. A stale or repeated one changes nothing and comes back to where the charge is."""
    charge, form, now = await _charge(request), await forms.form(request), request.now
    step = _typed(form, "etape")
    if step == "annulation":
        await demo.cancel(charge.token, now)
    elif step == STEPS.get(charge.state):
        errors = await _send(charge, step, form, now)
        if errors:
            charge = await _charge(request)
            return _draw(request, charge, step, form, errors, status=422)
    charge = await _charge(request)
    return RedirectResponse(charge.return_url if charge.final else request.url.path, 303)


@anyone
async def notified(request: PortalRequest) -> Response:
    """What a bank says, server to server, by POST or by GET. The answer is 200 once it is kept."""
    code, now = request.text("code"), request.now
    speakers = _speakers(code)
    if request.method not in speakers[0].methods:
        raise HTTPException(404)
    said = request.scope["query_string"] if request.method == "GET" else await request.body()
    heard = [await one.read(said, request.headers) for one in speakers]
    word = next((one for one in heard if one is not None), None)
    if word is None or (isinstance(word, Hint) and not await settlement.look_into(code, word, now)):
        await _note_forgery(code, len(said), now)
        return PlainTextResponse("forged", 400)
    if isinstance(word, BankNotice):
        await settlement.settle(word, now)
    return PlainTextResponse(speakers[0].answer)


routes = [
    Route("/banque/{code}/notification", notified, methods=["GET", "POST"]),
    Route("/banque/demo/{jeton}", show, methods=["GET"]),
    Route("/banque/demo/{jeton}", act, methods=["POST"]),
]


async def _charge(request: PortalRequest) -> DemoCharge:
    _speakers("demo")
    charge = await demo.charge_at(request.text("jeton"), request.now)
    if charge is None:
        raise HTTPException(404)
    return charge


def _speakers(code: str) -> list[Bank]:
    try:
        return speakers(code)
    except UnknownBank:
        raise HTTPException(404) from None


async def _send(charge: DemoCharge, step: str, form: FormData, now: datetime) -> demo.Errors:
    if step == "code":
        return await demo.give_code(charge.token, _typed(form, "code"), now)
    number, expiry, cvv = (_typed(form, name) for name in CARD_FIELDS)
    return await demo.give_card(charge.token, number, expiry, cvv, now)


def _draw(
    request: PortalRequest,
    charge: DemoCharge,
    step: str,
    form: FormData | None = None,
    errors: demo.Errors | None = None,
    status: int = 200,
) -> Response:
    context: dict[str, Any] = {
        "charge": charge,
        "step": step,
        "typed": {name: _typed(form, name) for name in CARD_FIELDS} if form else {},
        "errors": errors or {},
    }
    return render(request, "bank_demo/page.html", context, status)


def _typed(form: FormData, name: str) -> str:
    return str(form.get(name, ""))


async def _note_forgery(code: str, size: int, now: datetime) -> None:
    if await Throttle.attempt(Limit(f"forged:{code}", FORGERIES)) == 0:
        await Event.note(now, f"bank:{code}", "bank.forged", "notification", bytes=size)
