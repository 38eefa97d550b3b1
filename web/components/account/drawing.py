"""How « Mon compte » is drawn, whatever was asked of it."""

from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from models.access import guardian_account
from models.clock import real
from models.families.preferences import PREFERENCES
from models.french import plural
from web.http.auth import Parent, SignedInRequest
from web.page.device import device
from web.page.passwords import HINT, HINT_OF_STAFF
from web.page.templates import render

PARENTS, STAFF = "/compte", "/mairie/compte"
DISPLAY = {"automatique": "Automatique", "clair": "Clair", "sombre": "Sombre"}
DONE = {
    "preferences": "C’est enregistré.",
    "adresse": "Un lien de confirmation est parti à votre nouvelle adresse. Il est valable 24 heures.",
    "mot-de-passe": "C’est enregistré. Vos autres appareils sont déconnectés.",
    "appareil": "L’appareil est déconnecté.",
    "appareils": "Vos autres appareils sont déconnectés.",
}


@dataclass(frozen=True, slots=True)
class Device:
    id: int
    name: str
    seen: str
    here: bool


async def draw(
    request: SignedInRequest,
    errors: dict[str, str] | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
    wanted: str = "",
) -> Response:
    """`wanted`: the address that was typed and refused."""
    done = request.query_params.get("fait", "") if request.method == "GET" else ""
    context: dict[str, Any] = {
        "errors": errors or {},
        "place": place(request),
        "person": request.user.account,
        "done": DONE.get(done),
        "there": done.startswith("appareil"),
        "preferences": PREFERENCES,
        "display": DISPLAY,
        "displayed": request.cookies.get("affichage", ""),
        "devices": await _devices(request),
        "hint": HINT if isinstance(request.user, Parent) else HINT_OF_STAFF,
        "wanted": wanted,
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


def place(request: SignedInRequest) -> str:
    """Of this page: parents have theirs, the mairie its own."""
    return PARENTS if isinstance(request.user, Parent) else STAFF
