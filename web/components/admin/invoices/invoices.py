"""« Factures »: what was issued, what is left to pay, one invoice whole and the credit note that corrects it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.commune.till import Till
from models.invoicing import crediting, invoice_list
from models.invoicing.crediting import Correction, NothingToCredit
from models.invoicing.invoice_list import InvoiceRow
from models.money import ledger
from models.money.credit_note import CreditNote
from models.money.invoice import Invoice, InvoiceLine
from models.money.issued_document import IssuedDocument
from models.rules.states.documents import DocumentKind
from models.storage.paging import Cut, Page
from web.components.admin.kit.csv_file import Cell, csv_file, decimal
from web.components.admin.kit.form import NOTHING, Choice, Filled, OneOf, Text, fill
from web.components.admin.kit.table import Column, Filter, Table, View, ids
from web.http.auth import StaffRequest, staff
from web.http.forms import form, whole
from web.http.papers import shown_paper
from web.page.menu import Count, Entry
from web.page.templates import render

PLACE = "/mairie/factures"
STATES = Filter(
    "etat",
    "État",
    (
        Choice("", "Toutes"),
        Choice("a-payer", "À payer"),
        Choice("en-retard", "Échéance dépassée"),
        Choice("payees", "Payées"),
    ),
)
STATE_OF = {"": "", "a-payer": "due", "en-retard": "late", "payees": "settled"}
REASON = Text(
    "motif",
    "Motif de l’avoir",
    "La famille le lira sur l’avoir.",
    "Indiquez le motif de l’avoir.",
    longest=300,
)
AGAIN = OneOf(
    "suite",
    "Ces jours",
    missing="Dites ce que deviennent ces jours.",
    choices=(
        Choice("refacturer", "seront sur une nouvelle facture"),
        Choice("offrir", "ne seront plus facturés"),
    ),
)


async def late(now: datetime) -> Count:
    number = (await invoice_list.counts(now.date()))["late"]
    return Count(number, "échéance dépassée" if number else "")


menu = Entry(
    PLACE,
    "Factures",
    "doc",
    roles=("manager", "cashier"),
    order=55,
    shows=("money",),
    about="Les factures émises, ce qui reste à payer, les avoirs",
    count=late,
)


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    tills = {str(till.id): till.name for till in await Till.all().order_by("position", "id")}
    asked, today = _table(tills).read(request.query_params), request.now.date()
    if request.query_params.get("export") == "csv":
        return _file((await _found(asked, asked.whole, today)).rows, request.now)
    counts = await invoice_list.counts(today)
    known = {
        "asked": asked,
        "found": await _found(asked, asked.cut, today),
        "of_state": {said: counts[kept or "all"] for said, kept in STATE_OF.items()},
        "states": STATES,
        "today": today,
    }
    return render(request, "admin/invoices/list.html", known)


@staff(*menu.roles)
async def one(request: StaffRequest) -> Response:
    return await _page(request, await _invoice(request))


@staff(*menu.roles)
async def credit(request: StaffRequest) -> Response:
    """Some of its days, or all of them, are taken back."""
    invoice, sent = await _invoice(request), await form(request)
    filled, days = fill((REASON, AGAIN), sent), ids(sent.getlist("jour"))
    errors = dict(filled.errors)
    if not days:
        errors = {"": "Cochez au moins un jour."} | errors
    if errors:
        return await _page(request, invoice, filled, days, errors, 422)
    correction = Correction(
        frozenset(days), filled.typed[REASON.name], filled.values[AGAIN.name] == "refacturer"
    )
    try:
        await crediting.credit(invoice.id, correction, request.user.member.id, request.now)
    except NothingToCredit:
        errors = {"": "Ces jours ne sont plus sur cette facture, ou ne coûtent rien."}
        return await _page(request, invoice, filled, days, errors, 422)
    return RedirectResponse(f"{PLACE}/{invoice.id}", 303)


@staff(*menu.roles)
async def paper(request: StaffRequest) -> Response:
    return await _paper(request, DocumentKind.INVOICE, Invoice)


@staff(*menu.roles)
async def credit_note_paper(request: StaffRequest) -> Response:
    return await _paper(request, DocumentKind.CREDIT_NOTE, CreditNote)


async def _paper(
    request: StaffRequest, kind: DocumentKind, noun: type[Invoice] | type[CreditNote]
) -> Response:
    """The bytes that were issued; a page that says so while they are not drawn yet."""
    if not await noun.exists(id=request.number("id")):
        raise HTTPException(404)
    found = await IssuedDocument.of(kind, request.number("id"))
    if found is None:
        return render(request, "admin/invoices/drawing.html", {})
    return shown_paper(found)


async def _invoice(request: StaffRequest) -> Invoice:
    found = await Invoice.get_or_none(id=request.number("id")).select_related("till", "family")
    if found is None:
        raise HTTPException(404)
    return found


async def _page(
    request: StaffRequest,
    invoice: Invoice,
    filled: Filled = NOTHING,
    ticked: list[int] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    days = await invoice_list.days(invoice.id)
    known: dict[str, Any] = {
        "invoice": invoice,
        "lines": await InvoiceLine.filter(invoice_id=invoice.id).order_by("position"),
        "movements": await invoice_list.movements(invoice.id),
        "left": await ledger.open_of(invoice.id),
        "credit_notes": await CreditNote.filter(invoice_id=invoice.id).order_by("id"),
        "days": days,
        "standing": [day for day in days if day.credit_note is None],
        "drawn": await IssuedDocument.exists(key=f"{DocumentKind.INVOICE}:{invoice.id}"),
        "place": f"{PLACE}/{invoice.id}",
        "fields": (REASON, AGAIN),
        "typed": filled.typed,
        "ticked": ticked or [],
        "errors": errors or {},
    }
    return render(request, "admin/invoices/page.html", known, status)


def _table(tills: Mapping[str, str]) -> Table:
    choices = (Choice("", "Toutes les régies"), *(Choice(id, name) for id, name in tills.items()))
    return Table(
        PLACE,
        (
            Column("numero", "Facture", "number"),
            Column("famille", "Famille", "family"),
            Column("emise", "Émise", "issued"),
            Column("montant", "Montant", "cents", figures=True),
            Column("reste", "Reste à payer", "left", figures=True),
        ),
        sort="-emise",
        filters=(STATES,),
        search="Numéro, famille ou dossier",
        asks=(OneOf("regie", "Régie", choices=choices),) if len(tills) > 1 else (),
    )


async def _found(asked: View, cut: Cut, today: date) -> Page[InvoiceRow]:
    state, till = STATE_OF[asked.chosen["etat"]], whole(asked.filled.values.get("regie"))
    return await invoice_list.page(cut, till=till, state=state, search=asked.search, today=today)


def _file(lines: list[InvoiceRow], now: datetime) -> Response:
    heads = (
        "Facture",
        "Dossier",
        "Famille",
        "Régie",
        "Émise le",
        "Échéance",
        "Montant",
        "Reste à payer",
        "Envoi",
    )
    return csv_file(f"factures_{now:%Y-%m-%d}", heads, [_cells(line) for line in lines])


def _cells(line: InvoiceRow) -> list[Cell]:
    return [
        line.number,
        line.family,
        line.name,
        line.till,
        line.issued_on,
        line.due_on,
        decimal(line.cents),
        decimal(line.left),
        "courrier" if line.delivery == "post" else "portail",
    ]


routes = [
    Route(PLACE, show),
    Route("/mairie/factures/{id:int}", one),
    Route("/mairie/factures/{id:int}/avoir", credit, methods=["POST"]),
    Route("/mairie/factures/{id:int}/pdf", paper),
    Route("/mairie/factures/avoirs/{id:int}/pdf", credit_note_paper),
]
