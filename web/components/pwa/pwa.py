"""The application on the home screen: its manifest and icons, the worker that reads offline, how to install it."""

import hashlib
import json
from functools import cache
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from web.http.auth import PortalRequest, anyone
from web.page import app_icon
from web.page.app_icon import Badge
from web.page.assets import FEW_MINUTES, FOR_EVER, ROOT, addresses, asset, kept
from web.page.templates import render
from web.page.theme import mix, theme

WORKER = ROOT / "pwa" / "worker.js"
DRAWN_OFFLINE = ("frame/base.html", "frame/public.html", "frame/footer.html", "pwa/offline.html")
PAPER = "#F6F4F0"
SHORTCUTS = (("Planning", "/planning"), ("Prévenir d’une absence", "/absences/nouvelle"))
SCREENSHOTS = (
    ("planning-phone.webp", "720x1480", "narrow", "Le planning, semaine par semaine"),
    ("home-phone.webp", "720x1480", "narrow", "L’accueil\u00a0: ce qui attend votre réponse"),
    ("recap-phone.webp", "720x1480", "narrow", "Le récapitulatif avant de payer"),
    ("planning-desktop.webp", "1366x900", "wide", "Le planning du mois"),
)


@anyone
async def manifest(request: PortalRequest) -> Response:
    commune, icons = request.commune, await _badge(request)
    brand = theme(getattr(commune, "colour", None)).brand
    content = {
        "id": "/",
        "name": f"Portail Famille – {commune.name}" if commune else "Portail Famille",
        "short_name": "Famille",
        "description": "Réserver et payer la cantine, les accueils du matin et du soir et les mercredis.",
        "lang": "fr",
        "dir": "ltr",
        "start_url": "/accueil?source=pwa",
        "scope": "/",
        "display": "standalone",
        "theme_color": brand,
        "background_color": mix(brand, PAPER, 10),
        "categories": ["education", "government"],
        "icons": [
            _icon(icons, shape, size) for shape, size in app_icon.ICONS if shape != "apple" and size >= 192
        ],
        "screenshots": [_screenshot(*shot) for shot in SCREENSHOTS],
        "shortcuts": [
            {"name": name, "url": url, "icons": [_icon(icons, "any", 192)]} for name, url in SHORTCUTS
        ],
        "launch_handler": {"client_mode": "navigate-existing"},
    }
    body = json.dumps(content, ensure_ascii=False)
    return kept(request, body, "application/manifest+json", FEW_MINUTES)


@anyone
async def icon(request: PortalRequest) -> Response:
    """Whatever key the address has, the icon of today; only under its own key it is kept for ever."""
    wanted, found = request.text("name"), await _badge(request)
    for shape, size in app_icon.ICONS:
        if wanted == f"{shape}-{size}.png":
            named = request.text("key") == found.key
            return await _drawn(request, found, shape, size, FOR_EVER if named else FEW_MINUTES)
    raise HTTPException(404)


@anyone
async def favicon(request: PortalRequest) -> Response:
    return await _drawn(request, await _badge(request), "any", 48, FEW_MINUTES)


@anyone
async def apple(request: PortalRequest) -> Response:
    return await _drawn(request, await _badge(request), "apple", 180, FEW_MINUTES)


@anyone
async def worker(request: PortalRequest) -> Response:
    return kept(request, _script(), "text/javascript", "no-cache", runs=True)


@anyone
async def offline(request: PortalRequest) -> Response:
    """What the worker shows for a page that it cannot get; it fills in the pages that it keeps."""
    return render(request, "pwa/offline.html")


@anyone
async def help(request: PortalRequest) -> Response:
    return render(request, "pwa/install.html")


routes = [
    Route("/manifest.webmanifest", manifest),
    Route("/icone/{key}/{name}", icon),
    Route("/favicon.ico", favicon),
    Route("/apple-touch-icon.png", apple),
    Route("/sw.js", worker),
    Route("/hors-connexion", offline),
    Route("/installer", help),
]


async def _badge(request: PortalRequest) -> Badge:
    state = request.app.state
    colour, logo, own = (getattr(state.commune, name, None) for name in ("colour", "logo", "own_logo"))
    sent = own.content if own else None
    return await run_in_threadpool(app_icon.badge, colour, logo, state.settings.data_dir, sent)


async def _drawn(request: PortalRequest, found: Badge, shape: str, size: int, cache: str) -> Response:
    picture = await run_in_threadpool(app_icon.draw, found, shape, size)
    return kept(request, picture, "image/png", cache)


def _icon(icons: Badge, shape: str, size: int) -> dict[str, Any]:
    source = icons.address(shape, size)
    return {"src": source, "sizes": f"{size}x{size}", "type": "image/png", "purpose": shape}


def _screenshot(name: str, sizes: str, form: str, label: str) -> dict[str, Any]:
    source = asset(name)
    return {"src": source, "sizes": sizes, "type": "image/webp", "form_factor": form, "label": label}


@cache
def _script() -> str:
    """The worker knows what it keeps. It is another one, and browsers take it, whenever any of that changes."""
    files = json.dumps(addresses(), indent=0)
    pages = b"".join((ROOT / "web" / "components" / name).read_bytes() for name in DRAWN_OFFLINE)
    build = hashlib.sha256(files.encode() + pages).hexdigest()[:12]
    return f'const BUILD = "{build}";\nconst FILES = {files};\n{WORKER.read_text(encoding="utf-8")}'
