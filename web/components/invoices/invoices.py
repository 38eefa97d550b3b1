"""« Factures »: what is to pay, what was, and each invoice with its lines and its paper."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from models.checkout import amounts_due
from models.checkout.submission import Stale
from models.money import invoice_list
from models.money.issued_document import IssuedDocument
from models.rules.states.documents import DocumentKind
from web.components.invoices import certificates, paying
from web.components.invoices.view import Recap, dues, papers
from web.http.auth import ParentRequest, parent
from web.http.forms import whole
from web.http.papers import saved_paper
from web.page.templates import render


@parent
async def show(request: ParentRequest) -> Response:
    context = await _to_pay(request, request.query_params.getlist("choix") or None)
    return render(request, "invoices/page.html", context)


@parent
async def selection(request: ParentRequest) -> Response:
    """What the boxes that are ticked come to: asked for at each tick."""
    return render(
        request, "invoices/selection.html", await _to_pay(request, request.query_params.getlist("choix"))
    )


@parent
async def history(request: ParentRequest) -> Response:
    family = request.user.family.id
    years = await invoice_list.years(family)
    year = whole(request.query_params.get("annee")) or (years[0] if years else request.now.year)
    found = await invoice_list.of_year(family, year) if 1900 < year < 9999 else []
    context = {"years": years, "year": year, "papers": await papers(await request.catalogue(), found)}
    return render(request, "invoices/history.html", context)


@parent
async def one(request: ParentRequest) -> Response:
    invoice = await invoice_list.one(request.user.family.id, request.number("id"))
    if invoice is None:
        raise HTTPException(404)
    [paper] = await papers(await request.catalogue(), [invoice])
    return render(request, "invoices/invoice.html", {"paper": paper})


@parent
async def pdf(request: ParentRequest) -> Response:
    """The very bytes that were issued."""
    invoice = await invoice_list.one(request.user.family.id, request.number("id"))
    paper = await IssuedDocument.of(DocumentKind.INVOICE, invoice.id) if invoice else None
    if paper is None:
        raise HTTPException(404)
    return saved_paper(paper)


routes = [
    Route("/factures", show, methods=["GET"]),
    Route("/factures/selection", selection, methods=["GET"]),
    Route("/factures/historique", history, methods=["GET"]),
    *paying.routes,
    *certificates.routes,
    Route("/factures/{id:int}", one, methods=["GET"]),
    Route("/factures/{id:int}/pdf", pdf, methods=["GET"]),
]


async def _to_pay(request: ParentRequest, chosen: list[str] | None) -> dict[str, Any]:
    shown = await dues(await request.catalogue(), request.user.family.id, chosen)
    keys = [one.due.key for one in shown.all if one.chosen and not one.is_at_the_bank]
    try:
        bills = await amounts_due.bills(request.user.family.id, dict.fromkeys(keys))
    except Stale:  # paid meanwhile
        bills = []
    return {"shown": shown, "recap": Recap(bills), "errors": {}}
