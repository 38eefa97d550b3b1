"""Where the counter is, who works there, and what its pages share."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from models.commune.till import Till
from models.money.issued_document import IssuedDocument
from models.rules.states.documents import DocumentKind
from web.http.auth import StaffRequest
from web.http.forms import whole
from web.http.papers import shown_paper
from web.page.templates import render

PLACE = "/mairie/regie"
ROLES = ("manager", "cashier")


async def till_of(said: object) -> Till:
    """The till that an address or a form names; the first without one. 404 for one that is not there."""
    tills = Till.all().order_by("position", "id")
    found = await (tills.filter(id=whole(said)) if said else tills).first()
    if found is None:
        raise HTTPException(404)
    return found


async def paper(request: StaffRequest, kind: DocumentKind, id: int) -> Response:
    """The bytes that were issued; a page that says so, and asks again, while they are not drawn yet."""
    found = await IssuedDocument.of(kind, id)
    if found is None:
        return render(request, "admin/counter/drawing.html", {})
    return shown_paper(found)
