"""What surrounds the pages: the commune's colours, the installed application, health, pages of trouble."""

import hashlib
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from models import database
from web.assets import FOR_EVER, asset
from web.colour import theme
from web.page import render

FEW_MINUTES = "public, max-age=300"
SENTENCES = {
    400: "La demande n’a pas été comprise. Revenez à la page précédente et réessayez.",
    403: "Cette page n’est pas ouverte à votre compte.",
    404: "Page introuvable. L’adresse est peut-être ancienne.",
    405: "Page introuvable. L’adresse est peut-être ancienne.",
    409: "Ces informations ont été modifiées entre-temps. Voici la version à jour.",
    413: "Le fichier est trop lourd\u00a0: 2 Mo au maximum.",
    429: "Trop d’essais. Réessayez dans 15 minutes.",
    500: "Le service a un problème. Vos modifications sont enregistrées jusqu’à la dernière coche verte.",
    503: "Le portail est indisponible pour un moment. Réessayez dans quelques minutes\u00a0: rien n’est perdu.",
}
TITLES = {403: "Page fermée", 404: "Page introuvable", 405: "Page introuvable", 429: "Trop d’essais"}


async def stylesheet(request: Request) -> Response:
    """The commune's colour as the four values that `static/tokens.css` waits for."""
    drawn = theme(_colour(request))
    body = (
        f":root{{--brand:{drawn.brand};--on-brand:{drawn.on_brand};"
        f"--brand-ink:{drawn.brand_ink};--brand-night:{drawn.brand_night}}}\n"
    )
    named = request.query_params.get("c") == drawn.brand.removeprefix("#")
    return _cached(request, body, "text/css", FOR_EVER if named else FEW_MINUTES)


async def manifest(request: Request) -> Response:
    drawn = theme(_colour(request))
    name = getattr(request.app.state.commune, "name", None)
    content = {
        "id": "/",
        "name": f"Portail Famille – {name}" if name else "Portail Famille",
        "short_name": "Famille",
        "description": "Réserver et payer la cantine, les accueils du matin et du soir et les mercredis.",
        "lang": "fr",
        "dir": "ltr",
        "start_url": "/accueil?source=pwa",
        "scope": "/",
        "display": "standalone",
        "theme_color": drawn.brand,
        "background_color": "#F6F4F0",
        "categories": ["education", "government"],
        "icons": [_icon(size, purpose) for size in (192, 512) for purpose in ("any", "maskable")],
        "shortcuts": [{"name": "Planning", "url": "/planning"}],
        "launch_handler": {"client_mode": "navigate-existing"},
    }
    body = json.dumps(content, ensure_ascii=False)
    return _cached(request, body, "application/manifest+json", FEW_MINUTES)


async def health(request: Request) -> Response:
    await database.ping()
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


async def favicon(request: Request) -> Response:
    return RedirectResponse(asset("icon-192.png"), 308, {"Cache-Control": FEW_MINUTES})


routes = [
    Route("/theme.css", stylesheet),
    Route("/manifest.webmanifest", manifest),
    Route("/sante", health),
    Route("/favicon.ico", favicon),
]


async def trouble(request: Request, error: Exception) -> Response:
    """The page of an error: for `Starlette(exception_handlers=…)`."""
    status = getattr(error, "status_code", 500)
    context = {
        "title": TITLES.get(status, "Un problème est survenu"),
        "sentence": SENTENCES.get(status, SENTENCES[500]),
        "reference": request.scope.get("reference"),
    }
    return render(request, "frame/trouble.html", context, status, getattr(error, "headers", None))


def _icon(size: int, purpose: str) -> dict[str, Any]:
    name = f"icon-{size}.png" if purpose == "any" else f"maskable-{size}.png"
    return {"src": asset(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


def _colour(request: Request) -> str | None:
    return getattr(request.app.state.commune, "colour", None)


def _cached(request: Request, body: str, kind: str, cache: str) -> Response:
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:16]}"'
    headers = {"ETag": etag, "Cache-Control": cache}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=kind, headers=headers)
