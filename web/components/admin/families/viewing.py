"""« Voir comme la famille »: a parent's pages as that parent sees them; the journal says who looked, and until when."""

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.access import viewing
from models.families.guardian import Guardian
from web.components.admin.families.place import EDITORS, PLACE
from web.http.auth import StaffRequest, staff
from web.http.forms import form, whole
from web.page.menu import PARENTS_HOME


@staff(*EDITORS)
async def begin(request: StaffRequest) -> Response:
    said = whole((await form(request)).get("responsable")) or 0
    guardian = await Guardian.get_or_none(id=said, family_id=request.number("id"))
    if guardian is None:
        raise HTTPException(404)
    await viewing.begin(request.user.session, request.user.member, guardian, request.now)
    return RedirectResponse(PARENTS_HOME, 303)


@staff(*EDITORS)
async def end(request: StaffRequest) -> Response:
    family = await viewing.end(request.user.session, request.user.member, request.now)
    return RedirectResponse(f"{PLACE}/{family}" if family else PLACE, 303)


routes = [
    Route("/mairie/familles/{id:int}/vue", begin, methods=["POST"]),
    Route("/mairie/familles/vue/fin", end, methods=["POST"]),
]
