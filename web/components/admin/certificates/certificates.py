"""« Attestations fiscales »: a year's certificates, prepared, read, issued in one action, given back to print."""

from collections.abc import Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from models.certificates import certificate_list, issuing, preparing
from models.certificates.certificate import Certificate
from models.certificates.certificate_list import FIRST_YEAR, CertificateRow
from models.certificates.issuing import PreparedAnew
from models.certificates.preparing import BeingIssued, YearNotOver
from models.certificates.run import CertificateRun
from models.french.spreadsheets import Amount
from models.money.issued_document import IssuedDocument
from models.rules.states.documents import DocumentKind
from web.components.admin.kit.csv_file import csv_file
from web.components.admin.kit.form import Choice
from web.components.admin.kit.table import Column, Filter, Table
from web.http.auth import StaffRequest, staff
from web.http.forms import form, whole
from web.http.papers import shown_paper
from web.page.menu import Entry
from web.page.templates import fragment, render

PLACE = "/mairie/attestations"

menu = Entry(
    PLACE,
    "Attestations",
    "doc",
    roles=("manager", "cashier"),
    order=57,
    shows=("money",),
    about="Ce que chaque famille a payé pour la garde des moins de six ans",
)


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    return await _page(request)


@staff(*menu.roles)
async def prepare(request: StaffRequest) -> Response:
    year = whole((await form(request)).get("annee")) or 0
    if year not in _years(request):
        raise HTTPException(404)
    try:
        await preparing.begin(year, request.user.member.id, request.now)
    except (BeingIssued, YearNotOver):
        told = "Les attestations de cette année sont en train de partir\u00a0: attendez la fin."
        return await _page(request, year, {"": told}, 422)
    return RedirectResponse(_address(year), 303)


@staff(*menu.roles)
async def send(request: StaffRequest) -> Response:
    run, sent = await _run(request), await form(request)
    try:
        await issuing.start(run.id, request.user.member.id, str(sent.get("lu", "")), request.now)
    except PreparedAnew:
        told = (
            "Les attestations ont été préparées de nouveau depuis votre lecture. Relisez-les, puis confirmez."
        )
        return await _page(request, run.year, {"": told}, 422)
    return RedirectResponse(_address(run.year), 303)


@staff(*menu.roles)
async def progress(request: StaffRequest) -> Response:
    """What the page asks for again and again while they are prepared or issued."""
    run = await _run(request)
    if not run.is_moving:
        return HTMLResponse("", headers={"HX-Refresh": "true"})
    known = {"run": run, "at": await certificate_list.progress(run.id), "place": PLACE}
    return HTMLResponse(fragment(request, "admin/certificates/moving.html", known))


@staff(*menu.roles)
async def paper(request: StaffRequest) -> Response:
    if not await Certificate.exists(id=request.number("id"), issued_on__not_isnull=True):
        raise HTTPException(404)
    return await _paper(DocumentKind.CERTIFICATE, request.number("id"))


@staff(*menu.roles)
async def papers(request: StaffRequest) -> Response:
    """All that left with a run, as one file to print."""
    return await _paper(DocumentKind.CERTIFICATES, (await _run(request)).id)


async def _paper(kind: DocumentKind, id: int) -> Response:
    found = await IssuedDocument.of(kind, id)
    if found is None:
        raise HTTPException(404)
    return shown_paper(found)


async def _run(request: StaffRequest) -> CertificateRun:
    found = await CertificateRun.get_or_none(id=request.number("id"))
    if found is None:
        raise HTTPException(404)
    return found


def _years(request: StaffRequest) -> list[int]:
    """Those that are over and can still be declared, the last first."""
    last = request.now.year - 1
    return [last - back for back in range(FIRST_YEAR)]


def _address(year: int) -> str:
    return f"{PLACE}?annee={year}"


async def _page(
    request: StaffRequest, year: int | None = None, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    asked = _table(_years(request)).read({**request.query_params, **({"annee": str(year)} if year else {})})
    of = int(asked.chosen["annee"])
    if request.query_params.get("export") == "csv":
        return _file(of, (await certificate_list.page(asked.whole, of, search=asked.search)).rows)
    runs = await certificate_list.runs(of)
    run = next((one for one, _ in runs if one.issued_at is None), None)
    known: dict[str, Any] = {
        "asked": asked,
        "year": of,
        "runs": [(one, drawn) for one, drawn in runs if one.issued_at],
        "run": run,
        "errors": errors or {},
        "place": PLACE,
    }
    if run and run.is_moving:
        known["at"] = await certificate_list.progress(run.id)
    elif run:
        number, cents = await issuing.to_issue(run.id)
        known |= {"number": number, "cents": cents, "read": issuing.seen(run, number, cents)}
    known["found"] = await certificate_list.page(asked.cut, of, search=asked.search)
    return render(request, "admin/certificates/page.html", known, status)


def _file(year: int, lines: Sequence[CertificateRow]) -> Response:
    heads = ("Dossier", "Payé par", "Payé pour la garde", "Émise le", "Remplacée")
    cells = [
        (one.family, one.payer, Amount(one.cents), one.issued_on, "oui" if one.replaced else "non")
        for one in lines
    ]
    return csv_file(f"attestations_{year}", heads, cells)


def _table(years: list[int]) -> Table:
    return Table(
        PLACE,
        (
            Column("famille", "Payé par", "family"),
            Column("enfants", "Enfants"),
            Column("somme", "Payé pour la garde", "cents", figures=True),
            Column("etat", "Attestation", "issued"),
        ),
        sort="famille",
        filters=(
            Filter("annee", "Année", tuple(Choice(str(year), str(year)) for year in years), narrows=False),
        ),
        search="Nom ou dossier",
    )


routes = [
    Route(PLACE, show),
    Route(PLACE, prepare, methods=["POST"]),
    Route("/mairie/attestations/{id:int}/pdf", paper),
    Route("/mairie/attestations/ensemble/{id:int}/avancement", progress),
    Route("/mairie/attestations/ensemble/{id:int}/pdf", papers),
    Route("/mairie/attestations/ensemble/{id:int}/etablissement", send, methods=["POST"]),
]
