"""What other rooms know of a family, on its page: what it asked, what was written, its invoices, payments, avoirs."""

from collections.abc import Callable
from typing import TypeVar

from starlette.responses import Response
from starlette.routing import Route

from models.bookings import request_list
from models.bookings.request_list import RequestLine
from models.families.family import Family
from models.families.file.merge import FamilyMerge
from models.family_file.rooms import credits, payments
from models.family_file.rooms.credits import CreditLine
from models.family_file.rooms.payments import PaidLine
from models.french.messages import TO_MAIRIE
from models.french.payments import REVERSED, STATES, TITLES
from models.invoicing import invoice_list
from models.invoicing.invoice_list import InvoiceRow
from models.messages import inbox
from models.messages.inbox import InboxRow
from models.money import amounts_due
from models.money.amounts_due import DueKind
from models.rules.states.threads import ThreadState
from models.storage.paging import Cut, Page
from web.components.admin.families.file import TABS, page, takes, writes
from web.components.admin.families.place import EDITORS, PLACE, READERS, family_of
from web.components.admin.kit import request_words
from web.components.admin.kit.csv_file import Cell, csv_file, decimal
from web.components.admin.kit.table import Column, Table, View
from web.http.auth import StaffRequest, staff

T = TypeVar("T")
SIZE = 25
ASKED = (
    Column("jour", "Reçue", "asked"),
    Column("enfant", "Pour", "child"),
    Column("demande", "Demande", "day"),
    Column("effet", "Avant → après"),
    Column("suite", "Réponse"),
)
WRITTEN = (
    Column("objet", "Message", "subject"),
    Column("service", "Service"),
    Column("etat", "État"),
    Column("date", "Dernier mot", "last"),
)
INVOICED = (
    Column("numero", "Facture", "number"),
    Column("emise", "Émise", "issued"),
    Column("montant", "Montant", "cents", figures=True),
    Column("reste", "Reste à payer", "left", figures=True),
)
PAID = (
    Column("date", "Date", "at"),
    Column("moyen", "Moyen"),
    Column("etat", "État"),
    Column("montant", "Montant", "cents", figures=True),
)
CREDITED = (
    Column("numero", "Avoir"),
    Column("emis", "Émis", "issued"),
    Column("motif", "Motif"),
    Column("montant", "Montant", "cents", figures=True),
)


@staff(*EDITORS)
async def asked(request: StaffRequest) -> Response:
    """What its parents asked of the mairie."""
    family = await family_of(request)
    view = _read(request, family, "requests", ASKED, "-jour")
    found = await request_list.of_family(family.id, _cut(request, view))
    if _exports(request):
        return _file("demandes", family, ("Reçue le", "Pour", "Objet", "Demande", "Réponse"), found, _asked)
    return await page(request, family, "requests", {"asked": view, "found": found, "said": request_words})


@staff(*READERS)
async def written(request: StaffRequest) -> Response:
    """Its conversations with the mairie."""
    family = await family_of(request)
    view = _read(request, family, "messages", WRITTEN, "-date")
    found = await inbox.all_of(family.id, _cut(request, view))
    if _exports(request):
        return _file(
            "messages", family, ("Objet", "Service", "Thème", "État", "Dernier mot"), found, _written
        )
    more = {
        "asked": view,
        "found": found,
        "said": TO_MAIRIE,
        "writes": writes(request),
    }
    return await page(request, family, "messages", more)


@staff(*READERS)
async def invoiced(request: StaffRequest) -> Response:
    """Its invoices, and what else is to be paid."""
    family = await family_of(request)
    view = _read(request, family, "invoices", INVOICED, "-emise")
    found = await invoice_list.all_of(await FamilyMerge.files_of(family.id), _cut(request, view))
    if _exports(request):
        heads = ("Facture", "Dossier", "Régie", "Émise le", "Échéance", "Montant", "Reste à payer")
        return _file("factures", family, heads, found, _invoiced)
    due = await amounts_due.of_family(family.id)
    more = {
        "asked": view,
        "found": found,
        "besides": [one for one in due if one.kind is not DueKind.INVOICE],
        "takes": takes(request),
    }
    return await page(request, family, "invoices", more)


@staff(*READERS)
async def paid(request: StaffRequest) -> Response:
    """What it paid, by whatever means."""
    family = await family_of(request)
    view = _read(request, family, "payments", PAID, "-date")
    found = await payments.page(await FamilyMerge.files_of(family.id), _cut(request, view))
    if _exports(request):
        return _file("paiements", family, ("Date", "Régie", "Moyen", "État", "Reçu", "Montant"), found, _paid)
    more = {
        "asked": view,
        "found": found,
        "methods": TITLES,
        "outcome": _outcome,
        "takes": takes(request),
    }
    return await page(request, family, "payments", more)


@staff(*READERS)
async def credited(request: StaffRequest) -> Response:
    """The credit notes that it was given, and what is in its favour."""
    family = await family_of(request)
    view = _read(request, family, "credits", CREDITED, "-emis")
    found = await credits.page(await FamilyMerge.files_of(family.id), _cut(request, view))
    if _exports(request):
        heads = ("Avoir", "Dossier", "Régie", "Émis le", "Facture", "Motif", "Sur la facture", "Montant")
        return _file("avoirs", family, heads, found, _credited)
    return await page(request, family, "credits", {"asked": view, "found": found, "takes": takes(request)})


def _read(request: StaffRequest, family: Family, tab: str, columns: tuple[Column, ...], sort: str) -> View:
    table = Table(f"{PLACE}/{family.id}/{TABS[tab]}", columns, sort, size=SIZE)
    return table.read(request.query_params)


def _exports(request: StaffRequest) -> bool:
    return request.query_params.get("export") == "csv"


def _cut(request: StaffRequest, view: View) -> Cut:
    """A page of the list; all of it for a file."""
    return view.whole if _exports(request) else view.cut


def _file(
    name: str, family: Family, heads: tuple[str, ...], found: Page[T], cells: Callable[[T], list[Cell]]
) -> Response:
    return csv_file(f"{name}_famille_{family.id}", heads, [cells(line) for line in found.rows])


def _asked(line: RequestLine) -> list[Cell]:
    action, outcome = request_words.ACTIONS[line.kind], request_words.outcome(line)
    return [line.made_at, line.child, action, request_words.asked(line), outcome]


def _written(row: InboxRow) -> list[Cell]:
    return [row.subject, row.department, row.topic, TO_MAIRIE[ThreadState(row.state)], row.last_at]


def _invoiced(row: InvoiceRow) -> list[Cell]:
    sums = decimal(row.cents), decimal(row.left)
    return [row.number, row.family, row.till, row.issued_on, row.due_on, *sums]


def _paid(row: PaidLine) -> list[Cell]:
    return [row.at, row.till, TITLES[row.method], _outcome(row), row.receipt_number, decimal(row.cents)]


def _credited(line: CreditLine) -> list[Cell]:
    about = line.number, line.family, line.till, line.issued_on, line.invoice_number, line.reason
    return [*about, decimal(line.applied), decimal(line.cents)]


def _outcome(row: PaidLine) -> str:
    return REVERSED if row.is_reversed else STATES[row.state]


routes = [
    Route("/mairie/familles/{id:int}/demandes", asked),
    Route("/mairie/familles/{id:int}/messages", written),
    Route("/mairie/familles/{id:int}/factures", invoiced),
    Route("/mairie/familles/{id:int}/paiements", paid),
    Route("/mairie/familles/{id:int}/avoirs", credited),
]
