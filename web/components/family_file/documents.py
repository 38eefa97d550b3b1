"""« Mes documents »: certificates of enrolment, asked for here; those of the tax year; the way to the invoices."""

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.certificates import certificate_list, enrolment
from models.certificates.enrolment import NothingToAttest
from web.http.auth import ParentRequest, parent
from web.http.papers import saved_paper
from web.page.templates import render

PLACE = "/dossier/documents"
NOTHING = (
    "Cet enfant n’est inscrit dans aucune école ni activité cette année\u00a0: il n’y a rien à attester."
)


@parent
async def show(request: ParentRequest) -> Response:
    return await _page(request)


@parent
async def ask(request: ParentRequest) -> Response:
    """Twice on a day, with nothing changed, it is the same one."""
    child = await request.user.child(request.number("id"))
    try:
        await enrolment.attest(request.user.guardian, child.id, request.now)
    except NothingToAttest:
        return await _page(request, {"": NOTHING}, 409)
    return RedirectResponse(f"{PLACE}?fait=attestation", 303)


@parent
async def pdf(request: ParentRequest) -> Response:
    """The very bytes that were drawn; another family's is a 404."""
    paper = await enrolment.paper_of(request.user.family.id, request.number("id"))
    if paper is None:
        raise HTTPException(404)
    return saved_paper(paper)


async def _page(request: ParentRequest, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    family, children = request.user.family.id, await request.user.children()
    known = {
        "children": children,
        "names": {child.id: child.first_name for child in children},
        "attested": await enrolment.of_family(family),
        "certificates": await certificate_list.of_family(family),
        "errors": errors or {},
        "done": "fait" in request.query_params,
    }
    return render(request, "family_file/documents.html", known, status)


routes = [
    Route("/dossier/documents", show, methods=["GET"]),
    Route("/dossier/enfants/{id:int}/attestation", ask, methods=["POST"]),
    Route("/dossier/documents/{id:int}", pdf, methods=["GET"]),
]
