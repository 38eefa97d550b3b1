"""« Réponses types »: the answers that the mairie often gives, written, changed and retired."""

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.messages.canned_answer import CannedAnswer
from models.messages.department import Department
from models.messages.thread import LONGEST_TEXT
from web.components.admin.kit.form import NOTHING, Filled, Lines, OneOf, Text, fill
from web.components.admin.messages import view
from web.http.auth import StaffRequest, staff
from web.http.forms import form, whole
from web.page.templates import render

PLACE = "/mairie/messages/reponses-types"
TITLE = Text(
    "titre", "Titre", "Pour la retrouver dans la liste.", "Donnez un titre à cette réponse.", longest=100
)
TEXT = Lines(
    "texte",
    "Texte",
    f"Le portail remplit\u00a0: {', '.join(f'{{{name}}}' for name in view.PLACES)}.",
    "Écrivez le texte de cette réponse.",
    longest=LONGEST_TEXT,
    rows=6,
)


@staff(*view.ROLES)
async def show(request: StaffRequest) -> Response:
    return await _page(request)


@staff(*view.ROLES)
async def add(request: StaffRequest) -> Response:
    fields = _fields(await view.departments())
    filled = fill(fields, await form(request))
    if filled.errors:
        return await _page(request, filled, status=422)
    await _write(request, filled)
    return RedirectResponse(f"{PLACE}?fait=1", 303)


@staff(*view.ROLES)
async def one(request: StaffRequest) -> Response:
    found = await _found(request)
    typed = {"titre": found.title, "texte": found.text, "service": str(found.department_id or "")}
    return await _page(request, Filled(typed, {}, {}), found)


@staff(*view.ROLES)
async def change(request: StaffRequest) -> Response:
    found = await _found(request)
    filled = fill(_fields(await view.departments()), await form(request))
    if filled.errors:
        return await _page(request, filled, found, 422)
    await _write(request, filled, found.id)
    return RedirectResponse(f"{PLACE}?fait=1", 303)


@staff(*view.ROLES)
async def retire(request: StaffRequest) -> Response:
    found = await _found(request)
    await CannedAnswer.retire(found.id, request.user.member, request.now)
    return RedirectResponse(f"{PLACE}?fait=retrait", 303)


routes = [
    Route(PLACE, show),
    Route(PLACE, add, methods=["POST"]),
    Route("/mairie/messages/reponses-types/{id:int}", one),
    Route("/mairie/messages/reponses-types/{id:int}", change, methods=["POST"]),
    Route("/mairie/messages/reponses-types/{id:int}/retrait", retire, methods=["POST"]),
]


async def _page(
    request: StaffRequest, filled: Filled = NOTHING, opened: CannedAnswer | None = None, status: int = 200
) -> Response:
    departments = await view.departments()
    done = {"1": "La réponse type est enregistrée.", "retrait": "La réponse type n’est plus proposée."}
    known = {
        "answers": await CannedAnswer.offered(),
        "names": {one.id: one.name for one in departments},
        "fields": _fields(departments),
        "filled": filled,
        "errors": filled.errors,
        "opened": opened,
        "done": done.get(request.query_params.get("fait", ""), ""),
        "place": PLACE,
    }
    return render(request, "admin/messages/canned_list.html", known, status)


async def _found(request: StaffRequest) -> CannedAnswer:
    found = await CannedAnswer.get_or_none(id=request.number("id"), retired_at=None)
    if found is None:
        raise HTTPException(404)
    return found


async def _write(request: StaffRequest, filled: Filled, id: int | None = None) -> None:
    department = whole(filled.values.get("service"))
    title, text = filled.typed[TITLE.name], filled.typed[TEXT.name]
    await CannedAnswer.write(title, text, department, request.user.member, request.now, id)


def _fields(departments: list[Department]) -> tuple[Text | Lines | OneOf, ...]:
    return (TITLE, TEXT, view.service(departments))
