"""« Mes démarches »: all that the family asked or sent; what waits may be taken back."""

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.bookings.family_request import FamilyRequest
from models.families.file.sent_document import SentDocument
from models.family_file.parents import asked
from models.family_file.parents.asked import About
from web.components.family_file import words
from web.http.auth import ParentRequest, parent
from web.page.templates import render

HOME = "/demarches"


@parent
async def show(request: ParentRequest) -> Response:
    found, said = await asked.of(request.user.family.id), request.query_params.get("objet", "")
    chosen = next((about for about in About if about.value == said), None)
    known = {
        "steps": [step for step in found if chosen is None or step.about is chosen],
        "chosen": chosen,
        "counts": {about: sum(step.about is about for step in found) for about in About},
        "all": len(found),
        "words": words,
        "done": words.DONE.get(request.query_params.get("fait", ""), ""),
    }
    return render(request, "family_file/steps.html", known)


@parent
async def withdraw(request: ParentRequest) -> Response:
    """« Supprimer »: what the mairie has answered already stays."""
    id, user = request.number("id"), request.user
    if not await FamilyRequest.exists(id=id, family_id=user.family.id):
        raise HTTPException(404)
    done = await FamilyRequest.withdraw(id, user.family.id, user.actor, request.now)
    return RedirectResponse(f"{HOME}?fait={'supprime' if done else 'repondu'}", 303)


@parent
async def withdraw_paper(request: ParentRequest) -> Response:
    id, user = request.number("id"), request.user
    if not await SentDocument.exists(id=id, family_id=user.family.id):
        raise HTTPException(404)
    done = await SentDocument.withdraw(id, user.guardian, request.now)
    return RedirectResponse(f"{HOME}?fait={'supprime' if done else 'repondu'}", 303)


routes = [
    Route(HOME, show, methods=["GET"]),
    Route(f"{HOME}/{{id:int}}/suppression", withdraw, methods=["POST"]),
    Route(f"{HOME}/pieces/{{id:int}}/suppression", withdraw_paper, methods=["POST"]),
]
