"""A receipt: what it was for, its paper, and « Contre-passer », which keeps both entries and says why."""

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.counter import reversal
from models.counter.papers import details
from models.counter.receipt import Receipt
from models.counter.reversal import AlreadyReversed, NotEnoughCash, Reversal
from models.french.payments import TITLES
from models.money import invoice_list
from models.money.issued_document import IssuedDocument, document_key
from models.rules.money import euros
from models.rules.states.documents import DocumentKind
from models.rules.states.payments import PaymentMethod
from web.components.admin.counter.place import PLACE, ROLES, paper
from web.components.admin.kit.form import NOTHING, Filled, Text, Word, fill
from web.http.auth import StaffRequest, staff
from web.http.forms import form
from web.page.templates import render

REASON = Text(
    "motif",
    "Motif",
    "Il reste au journal\u00a0: chèque sans signature, erreur de famille…",
    "Indiquez pourquoi ce reçu est contre-passé.",
    longest=300,
)
WORD = Word(
    "mot",
    "Écrivez CONTRE-PASSER",
    "Le reçu et la contre-passation restent tous les deux dans les comptes.",
    "Écrivez CONTRE-PASSER pour confirmer.",
    word="CONTRE-PASSER",
)


@staff(*ROLES)
async def one(request: StaffRequest) -> Response:
    return await _page(request, await _receipt(request), NOTHING)


@staff(*ROLES)
async def reverse(request: StaffRequest) -> Response:
    receipt = await _receipt(request)
    filled = fill((REASON, WORD), await form(request))
    if filled.errors:
        return await _page(request, receipt, filled, status=422)
    try:
        await reversal.reverse(receipt, filled.typed[REASON.name], request.user.member.id, request.now)
    except AlreadyReversed:
        return await _page(request, receipt, NOTHING, {"": "Ce reçu est déjà contre-passé."}, 409)
    except NotEnoughCash as exc:
        short = f"La caisse ne contient que {euros(exc.held)}\u00a0: le reste est déjà déposé."
        return await _page(request, receipt, filled, {"": short}, 409)
    return RedirectResponse(f"{PLACE}/recus/{receipt.id}", 303)


@staff(*ROLES)
async def pdf(request: StaffRequest) -> Response:
    return await paper(request, DocumentKind.RECEIPT, (await _receipt(request)).id)


async def _receipt(request: StaffRequest) -> Receipt:
    found = await Receipt.get_or_none(id=request.number("id")).select_related(
        "payment__family", "till", "member"
    )
    if found is None:
        raise HTTPException(404)
    return found


async def _page(
    request: StaffRequest,
    receipt: Receipt,
    filled: Filled,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    taken_back = await Reversal.get_or_none(payment_id=receipt.payment_id).select_related("member")
    known = {
        "receipt": receipt,
        "settled": await invoice_list.paid_with(receipt.payment_id),
        "means": TITLES[PaymentMethod(receipt.payment.method)],
        "details": details(receipt),
        "taken_back": taken_back,
        "drawn": await IssuedDocument.exists(key=document_key(DocumentKind.RECEIPT, receipt.id)),
        "fields": (REASON, WORD),
        "filled": filled,
        "errors": errors or filled.errors,
        "place": f"{PLACE}/recus/{receipt.id}",
    }
    return render(request, "admin/counter/receipt.html", known, status)


routes = [
    Route("/mairie/regie/recus/{id:int}", one, methods=["GET"]),
    Route("/mairie/regie/recus/{id:int}/pdf", pdf, methods=["GET"]),
    Route("/mairie/regie/recus/{id:int}/contre-passation", reverse, methods=["POST"]),
]
