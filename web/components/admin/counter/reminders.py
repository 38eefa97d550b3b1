"""« Impayés »: what is past its day, family by family; reminders are sent in bulk, each by e-mail and on paper."""

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.counter import reminder
from models.counter.reminder import Reminder
from models.rules.states.documents import DocumentKind
from web.components.admin.counter.place import PLACE, ROLES, paper
from web.components.admin.kit.table import MOST
from web.http.auth import StaffRequest, staff
from web.http.forms import form, whole
from web.page.templates import render

FEW = 30  # reminders that the page lists


@staff(*ROLES)
async def show(request: StaffRequest) -> Response:
    return await _page(request)


@staff(*ROLES)
async def send(request: StaffRequest) -> Response:
    """To those that are ticked; one who was reminded lately, or has paid meanwhile, is left out."""
    chosen = (await form(request)).getlist("famille")[:MOST]
    pairs = [(whole(till), whole(family)) for till, _, family in (str(key).partition("-") for key in chosen)]
    sent = 0
    for till, family in pairs:
        if till and family:
            made = await reminder.remind(family, till, request.user.member.id, request.now)
            sent += made is not None
    if not sent:
        errors = {"": "Cochez au moins une famille qui peut être relancée."}
        return await _page(request, errors, 422)
    return RedirectResponse(f"{PLACE}/impayes?envoyees={sent}", 303)


@staff(*ROLES)
async def pdf(request: StaffRequest) -> Response:
    if not await Reminder.exists(id=request.number("id")):
        raise HTTPException(404)
    return await paper(request, DocumentKind.REMINDER, request.number("id"))


async def _page(request: StaffRequest, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    today = request.now.date()
    last = Reminder.all().order_by("-id").limit(FEW)
    known = {
        "unpaid": await reminder.unpaid(today),
        "today": today,
        "last": await last.select_related("till", "family", "member"),
        "sent": whole(request.query_params.get("envoyees")),
        "errors": errors or {},
        "place": f"{PLACE}/impayes",
    }
    return render(request, "admin/counter/reminders.html", known, status)


routes = [
    Route("/mairie/regie/impayes", show, methods=["GET"]),
    Route("/mairie/regie/impayes/relances", send, methods=["POST"]),
    Route("/mairie/regie/relances/{id:int}/pdf", pdf, methods=["GET"]),
]
