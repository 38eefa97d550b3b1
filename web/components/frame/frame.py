"""What surrounds the pages: the commune's colours, health, pages of trouble."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from models.commune.town_logo import TownLogo
from models.french import weight
from models.storage import heartbeat
from web.http.attachments import Unopened
from web.http.auth import PortalRequest, anyone
from web.http.looking import OnlyLooking
from web.http.uploads import TooLong
from web.page.assets import FEW_MINUTES, FOR_EVER, kept
from web.page.templates import render
from web.page.theme import theme

SENTENCES = {
    400: "La demande n’a pas été comprise. Revenez à la page précédente et réessayez.",
    403: "Cette page n’est pas ouverte à votre compte.",
    404: "Page introuvable. L’adresse est peut-être ancienne.",
    405: "Page introuvable. L’adresse est peut-être ancienne.",
    409: "Ces informations ont été modifiées entre-temps. Voici la version à jour.",
    429: "Trop d’essais. Réessayez dans 15 minutes.",
    500: "Le service a un problème. Vos modifications sont enregistrées jusqu’à la dernière coche verte.",
    503: "Le portail est indisponible pour un moment. Réessayez dans quelques minutes\u00a0: rien n’est perdu.",
}
LOGO = {"webp": "image/webp", "png": "image/png"}
TITLES = {
    403: "Page fermée",
    404: "Page introuvable",
    405: "Page introuvable",
    410: "Document illisible",
    429: "Trop d’essais",
}


@anyone
async def stylesheet(request: PortalRequest) -> Response:
    """The commune's colour as the four values that `static/tokens.css` waits for."""
    drawn = theme(request.commune.colour if request.commune else None)
    body = (
        f":root{{--brand:{drawn.brand};--on-brand:{drawn.on_brand};"
        f"--brand-ink:{drawn.brand_ink};--brand-night:{drawn.brand_night}}}\n"
    )
    named = request.query_params.get("c") == drawn.brand.removeprefix("#")
    return kept(request, body, "text/css", FOR_EVER if named else FEW_MINUTES)


@anyone
async def logo(request: PortalRequest) -> Response:
    """The town's own: small at the head of pages (.webp), whole (.png). Its address names what it shows."""
    key, _, kind = request.text("name").rpartition(".")
    found = await TownLogo.get_or_none(key=key) if kind in LOGO else None
    if found is None:
        raise HTTPException(404)
    return kept(request, bytes(found.small if kind == "webp" else found.content), LOGO[kind], FOR_EVER)


@anyone
async def health(request: PortalRequest) -> Response:
    await heartbeat.check()
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


routes = [
    Route("/theme.css", stylesheet),
    Route("/logo/{name}", logo),
    Route("/sante", health),
]


async def trouble(request: Request, error: Exception) -> Response:
    """The page of an error: for `Starlette(exception_handlers=…)`."""
    status = getattr(error, "status_code", 500)
    context = {
        "title": "Rien n’a changé"
        if isinstance(error, OnlyLooking)
        else TITLES.get(status, "Un problème est survenu"),
        "sentence": sentence(error),
        "reference": request.scope.get("reference"),
    }
    return render(request, "frame/trouble.html", context, status, getattr(error, "headers", None))


def sentence(error: Exception) -> str:
    """What an error says to whoever asked."""
    if isinstance(error, OnlyLooking):
        return (
            "Vous regardez le portail comme cette famille\u00a0: cela reste à elle, rien n’a été enregistré."
        )
    if isinstance(error, Unopened):
        return error.detail
    if isinstance(error, TooLong):
        return f"L’envoi est trop lourd\u00a0: {weight(error.limit)} au maximum."
    return SENTENCES.get(getattr(error, "status_code", 500), SENTENCES[500])
