"""« Attestations fiscales »: what the family paid for care, year by year, each with its paper."""

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from models.certificates import certificate_list
from models.money.issued_document import IssuedDocument
from models.rules.states.documents import DocumentKind
from web.http.auth import ParentRequest, parent
from web.http.papers import saved_paper
from web.page.templates import render


@parent
async def show(request: ParentRequest) -> Response:
    found = await certificate_list.of_family(request.user.family.id)
    return render(request, "invoices/certificates.html", {"certificates": found})


@parent
async def pdf(request: ParentRequest) -> Response:
    """The very bytes that were issued."""
    one = await certificate_list.one_of_family(request.user.family.id, request.number("id"))
    paper = await IssuedDocument.of(DocumentKind.CERTIFICATE, one.id) if one else None
    if paper is None:
        raise HTTPException(404)
    return saved_paper(paper)


routes = [
    Route("/factures/attestations", show, methods=["GET"]),
    Route("/factures/attestations/{id:int}/pdf", pdf, methods=["GET"]),
]
