"""« À voir »: what the bank said that somebody of the mairie must look at, and who has."""

from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.money import anomaly
from models.money.anomaly import Anomaly
from web.http.auth import staff
from web.page.menu import Count, Entry
from web.page.templates import render

WORDS: dict[anomaly.Kind, tuple[str, str]] = {  # what happened, and what to do
    "late": ("Payé trop tard", "Les jours ne pouvaient plus être réservés\u00a0: la somme est un avoir."),
    "full": ("Payé trop tard", "Il n’y avait plus de place\u00a0: la somme est un avoir."),
    "taken": ("Payé trop tard", "Les jours étaient déjà réservés ou annulés\u00a0: la somme est un avoir."),
    "short": (
        "Payé trop tard",
        "L’avoir qui devait compléter ce paiement a servi entre-temps\u00a0: la somme est un avoir.",
    ),
    "twice": ("Payé deux fois", "La commande était déjà payée\u00a0: la somme est un avoir."),
    "member": ("Adhésion payée deux fois", "L’enfant l’avait déjà\u00a0: la somme est un avoir."),
    "debt": ("Dette payée deux fois", "Elle avait été réglée entre-temps\u00a0: la somme est un avoir."),
    "fault": (
        "Payé, non enregistré",
        "Le portail n’a pas pu faire ce qui était payé\u00a0: la somme est un avoir. "
        "Prévenez qui s’occupe du portail.",
    ),
    "amount": (
        "Somme inattendue",
        "La banque annonce une autre somme que celle demandée\u00a0: rien n’est enregistré. "
        "Comparez avec le relevé de la banque.",
    ),
    "unknown": (
        "Paiement inconnu",
        "La banque annonce une référence que le portail n’a jamais donnée\u00a0: rien n’est enregistré. "
        "Comparez avec le relevé de la banque.",
    ),
    "silent": (
        "Banque muette",
        "La banque ne dit pas ce que ce paiement est devenu\u00a0: les places sont rendues. "
        "Si elle annonce plus tard qu’il est payé, le portail l’enregistre.",
    ),
    "unreached": (
        "Page de paiement inaccessible",
        "L’erreur vient du portail\u00a0: rien n’a été débité. Prévenez qui s’occupe du portail.",
    ),
}


async def to_see(now: datetime) -> Count:
    return Count(await anomaly.count())


menu = Entry(
    "/mairie/a-voir",
    "À voir",
    "alert",
    roles=("manager", "cashier"),
    order=10,
    about="Ce que la banque a annoncé et qui demande un regard",
    count=to_see,
)


@staff(*menu.roles)
async def show(request: Request) -> Response:
    known = {
        "unseen": await anomaly.unseen(),
        "seen": await anomaly.seen_last(),
        "count": await anomaly.count(),
        "words": WORDS,
    }
    return render(request, "admin/anomalies/page.html", known)


@staff(*menu.roles)
async def see(request: Request) -> Response:
    id = request.path_params["id"]
    if not await Anomaly.exists(id=id):
        raise HTTPException(404)
    await Anomaly.see(id, request.user.member.id, request.scope["now"])
    return RedirectResponse("/mairie/a-voir", 303)


routes = [
    Route("/mairie/a-voir", show),
    Route("/mairie/a-voir/{id:int}/vu", see, methods=["POST"]),
]
