"""The browsers that ring for a parent: added by a click on the page, removed, tried."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from models.clock import real
from models.notifying.push_key import PushKey
from models.notifying.push_subscription import Offered, PushSubscription, WrongSubscription
from models.work.task import Task
from web.http.auth import ParentRequest, parent
from web.http.forms import form
from web.page.device import device

PLACE = "/compte/notifications"
PLATFORMS = (("iPhone", "ios"), ("iPad", "ios"), ("Android", "android"), ("Firefox", "firefox"))


@dataclass(frozen=True, slots=True)
class Known:
    id: int
    name: str
    since: datetime
    mark: str  # by which the page's script knows its own browser

    @classmethod
    def of(cls, row: PushSubscription) -> "Known":
        return cls(row.id, device(row.device), row.made_at, hashlib.sha256(row.endpoint.encode()).hexdigest())


def platform(agent: str) -> str:
    """Whose steps to show where notifications are blocked."""
    return next((name for sign, name in PLATFORMS if sign in agent), "desktop")


@parent
async def key(request: ParentRequest) -> Response:
    """What a browser needs before it subscribes; made when the first one asks."""
    return PlainTextResponse((await PushKey.current(request.now)).public)


@parent
async def add(request: ParentRequest) -> Response:
    sent = await form(request)
    offered = Offered(*(str(sent.get(name, "")) for name in ("adresse", "cle", "secret")))
    name, trial = request.headers.get("user-agent", ""), request.settings.demo
    try:
        await PushSubscription.add(request.user.guardian, offered, name, request.now, trial=trial)
    except WrongSubscription:
        raise HTTPException(400) from None
    return RedirectResponse(f"{PLACE}?fait=appareil", 303)


@parent
async def remove(request: ParentRequest) -> Response:
    if not await PushSubscription.remove(request.user.guardian, request.number("id"), request.now):
        raise HTTPException(404)
    return RedirectResponse(f"{PLACE}?fait=retire", 303)


@parent
async def try_out(request: ParentRequest) -> Response:
    """To each of the parent's devices, at most once in ten seconds."""
    browsers = await PushSubscription.of(request.user.guardian.id)
    for browser in browsers:
        await Task.later("send_push_trial", browser.id, key=f"trial:{browser.id}:{int(real() // 10)}")
    return RedirectResponse(f"{PLACE}?fait={'essai' if browsers else 'personne'}", 303)


routes = [
    Route(f"{PLACE}/cle", key, methods=["POST"]),
    Route(f"{PLACE}/appareils", add, methods=["POST"]),
    Route(f"{PLACE}/appareils/{{id:int}}/suppression", remove, methods=["POST"]),
    Route(f"{PLACE}/essai", try_out, methods=["POST"]),
]
