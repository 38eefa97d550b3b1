"""« Travaux »: what the portal does in the background, and what it could not do."""

import re
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.work.email import Email
from models.work.task import Task
from web.http.auth import StaffRequest, staff
from web.page.menu import Count, Entry
from web.page.templates import render

ADDRESS = re.compile(r"([\w.+-])[\w.+-]*@")
NAMES = {
    "send_email": "Envoyer un courriel",
    "write_receipt": "Écrire un ticket",
    "write_late_payment": "Écrire à propos d’un paiement tardif",
    "write_anomalies": "Écrire à la mairie ce qui est à voir",
    "write_confirmation": "Écrire une confirmation",
    "tell": "Avertir une famille",
    "poll_bank": "Demander à la banque",
    "notify_portal": "Avertir le portail (banque de démonstration)",
    "promote": "Attribuer une place libérée",
    "expire_holds": "Libérer les places non payées",
    "lapse_offers": "Passer les places sans réponse au suivant",
    "sweep": "Faire le ménage",
}


async def stuck(now: datetime) -> Count:
    number = len(await Task.troubles())
    return Count(number, "à regarder" if number else "")


menu = Entry(
    "/mairie/travaux",
    "Travaux",
    "gear",
    roles=("manager",),
    order=90,
    about="Ce que le portail fait de lui-même, et les courriels partis",
    count=stuck,
)


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    troubles = await Task.troubles()
    known = {
        "troubles": troubles,
        "waiting": await Task.filter(state="ready").count(),
        "names": NAMES,
        "masked": masked,
        "emails": await Email.all().order_by("-id").limit(20),
    }
    return render(request, "admin/tasks/page.html", known)


@staff(*menu.roles)
async def retry(request: StaffRequest) -> Response:
    if not await Task.exists(id=request.number("id")):
        raise HTTPException(404)
    await Task.retry_now(request.number("id"))
    return RedirectResponse("/mairie/travaux", 303)


def masked(text: str) -> str:
    """« m…@exemple.fr »: enough to know one’s own again, too little to write to somebody else’s."""
    return ADDRESS.sub(r"\1…@", text)


routes = [
    Route("/mairie/travaux", show),
    Route("/mairie/travaux/{id:int}/nouvel-essai", retry, methods=["POST"]),
]
