"""« Déclaration d’accessibilité »: the statement that the law asks of every public site, as honest as we can."""

from datetime import date

from starlette.responses import Response
from starlette.routing import Route

from web.http.auth import PortalRequest, anyone
from web.page.templates import render

WRITTEN = date(2026, 11, 21)  # when the lists below were last read again

CHECKED = (
    "les règles de l’outil axe-core, sur chaque page, en clair et en sombre\u00a0;",
    "les contrastes des couleurs, calculés pour chaque couleur de commune, en clair et en sombre\u00a0;",
    "la langue, le titre, le lien «\u00a0Aller au contenu\u00a0» et les zones qui annoncent ce qui change\u00a0;",
    "les erreurs des formulaires, dites dans le titre, en tête de page et à côté du champ\u00a0;",
    "la réservation au clavier, et sans JavaScript\u00a0;",
    "chaque page sur un écran de 320 pixels et en grandes lettres, sans défiler de côté.",
)
UNCHECKED = (
    "un audit humain des 106 critères du RGAA\u00a0;",
    "un essai avec des lecteurs d’écran (NVDA, VoiceOver, TalkBack)\u00a0;",
    "un essai par des personnes en situation de handicap\u00a0;",
    "un essai des courriels que le portail envoie.",
)
FAULTS = (
    "on ne trouve une page que par le menu\u00a0: il n’y a ni plan du site ni recherche (critère 12.1)\u00a0;",
    "la session se ferme après 30 minutes sans activité, sans prévenir avant (critère 13.1).",
)


@anyone
async def statement(request: PortalRequest) -> Response:
    settings = request.settings
    context = {
        "state": settings.accessibility,
        "address": settings.base_url,
        "checked": CHECKED,
        "unchecked": UNCHECKED,
        "faults": FAULTS,
        "written": WRITTEN,
    }
    return render(request, "accessibility/page.html", context)


routes = [Route("/accessibilite", statement)]
