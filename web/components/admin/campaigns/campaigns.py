"""« Facturation »: a month's invoices of a till, from the drafts to what follows."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from models.commune.till import Till
from models.families.family import Family
from models.french.invoices import invoiced_period, of_period
from models.invoicing import campaign_list, draft_list, drafting, issue
from models.invoicing.campaign import InvoiceCampaign
from models.invoicing.campaign_list import Totals
from models.invoicing.draft import InvoiceDraft
from models.invoicing.drafting import CampaignUnderWay, WrongPeriod
from models.invoicing.issue import DraftsChanged
from models.money.issued_document import IssuedDocument
from models.rules.states.campaigns import CampaignState
from models.rules.states.documents import DocumentKind
from web.components.admin.campaigns import view
from web.components.admin.kit.csv_file import csv_file
from web.components.admin.kit.form import BACKWARDS, NOTHING, Choice, Day, Filled, OneOf, fill
from web.components.admin.kit.table import Column, Filter, Table
from web.http.auth import StaffRequest, staff
from web.http.forms import form, whole
from web.http.papers import shown_paper
from web.page.menu import Entry
from web.page.templates import fragment, render

PLACE = "/mairie/facturation"
FIRST = Day("debut", "Du", missing="Indiquez le premier jour de la période.")
LAST = Day("fin", "Au", missing="Indiquez le dernier jour de la période.")
ISSUED_ON = Day("date", "Date des factures", missing="Indiquez la date que porteront les factures.")
WORD = "ÉMETTRE"
BIGGEST = 5  # families whose sum moved most

menu = Entry(
    PLACE,
    "Facturation",
    "bill",
    roles=("manager", "cashier"),
    order=50,
    shows=("money",),
    about="Facturer un mois\u00a0: contrôles, brouillons, émission",
)


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    return await _list(request, NOTHING)


@staff(*menu.roles)
async def begin(request: StaffRequest) -> Response:
    tills = await _tills()
    filled = fill((_till_field(tills), FIRST, LAST, ISSUED_ON), await form(request))
    if filled.errors:
        return await _list(request, filled, filled.errors, 422)
    till = next(till for till in tills if str(till.id) == filled.values["regie"])
    start, end, on = (filled.values[field.name] for field in (FIRST, LAST, ISSUED_ON))
    try:
        campaign = await drafting.begin(till, start, end, on, request.user.member.id, request.now)
    except WrongPeriod:
        return await _list(request, filled, {"fin": BACKWARDS}, 422)
    except CampaignUnderWay:
        told = "Une facturation de cette régie est déjà en cours\u00a0: terminez-la ou abandonnez-la."
        return await _list(request, filled, {"regie": told}, 422)
    return RedirectResponse(f"{PLACE}/{campaign.id}", 303)


@staff(*menu.roles)
async def one(request: StaffRequest) -> Response:
    campaign = await _campaign(request)
    if request.query_params.get("export") == "csv":
        return await _file(request, campaign)
    return await _page(request, campaign, issuing=request.query_params.get("etape") == "emission")


@staff(*menu.roles)
async def renew(request: StaffRequest) -> Response:
    campaign = await _campaign(request)
    await drafting.renew(campaign.id, request.user.member.id, request.now)
    return RedirectResponse(f"{PLACE}/{campaign.id}", 303)


@staff(*menu.roles)
async def discard(request: StaffRequest) -> Response:
    campaign = await _campaign(request)
    gone = await drafting.discard(campaign.id, request.user.member.id, request.now)
    return RedirectResponse(PLACE if gone else f"{PLACE}/{campaign.id}", 303)


@staff(*menu.roles)
async def send(request: StaffRequest) -> Response:
    """« Émettre »: what was read leaves, when the word is typed."""
    campaign, sent = await _campaign(request), await form(request)
    if str(sent.get("mot", "")).strip().upper() != WORD:
        errors = {"mot": f"Tapez {WORD} pour confirmer\u00a0: une facture émise ne se modifie plus."}
        return await _page(request, campaign, issuing=True, errors=errors, status=422)
    try:
        await issue.start(campaign.id, request.user.member.id, str(sent.get("lu", "")), request.now)
    except DraftsChanged:
        errors = {
            "": "Les brouillons ont changé depuis votre lecture. Relisez la somme, puis confirmez de nouveau."
        }
        return await _page(request, campaign, issuing=True, errors=errors, status=422)
    return RedirectResponse(f"{PLACE}/{campaign.id}", 303)


@staff(*menu.roles)
async def progress(request: StaffRequest) -> Response:
    """What the page asks for again and again while drafts are made or invoices leave."""
    campaign = await _campaign(request)
    if not view.is_moving(campaign):
        return HTMLResponse("", headers={"HX-Refresh": "true"})
    known = await _moving(campaign)
    return HTMLResponse(fragment(request, "admin/campaigns/moving.html", known))


@staff(*menu.roles)
async def letters(request: StaffRequest) -> Response:
    paper = await IssuedDocument.of(DocumentKind.LETTERS, (await _campaign(request)).id)
    if paper is None:
        raise HTTPException(404)
    return shown_paper(paper)


async def _campaign(request: StaffRequest) -> InvoiceCampaign:
    found = await InvoiceCampaign.get_or_none(id=request.number("id")).select_related(
        "till", "made_by", "issued_by"
    )
    if found is None:
        raise HTTPException(404)
    return found


async def _tills() -> list[Till]:
    return await Till.all().order_by("position", "id")


def _till_field(tills: list[Till]) -> OneOf:
    choices = tuple(Choice(str(till.id), till.name) for till in tills)
    return OneOf("regie", "Régie", missing="Choisissez une régie.", choices=choices)


async def _list(
    request: StaffRequest, filled: Filled, errors: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    last = request.now.date().replace(day=1) - timedelta(days=1)
    usual = {"debut": last.replace(day=1), "fin": last, "date": request.now.date()}
    known = {
        "campaigns": await campaign_list.campaigns(),
        "fields": (_till_field(await _tills()), FIRST, LAST, ISSUED_ON),
        "typed": {name: day.isoformat() for name, day in usual.items()} | dict(filled.typed),
        "errors": errors or {},
        "said": view,
        "period": invoiced_period,
    }
    return render(request, "admin/campaigns/list.html", known, status)


async def _page(
    request: StaffRequest,
    campaign: InvoiceCampaign,
    *,
    issuing: bool = False,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    known: dict[str, Any] = {
        "campaign": campaign,
        "place": f"{PLACE}/{campaign.id}",
        "period": invoiced_period(campaign.period_start, campaign.period_end),
        "of_period": of_period(campaign.period_start, campaign.period_end),
        "steps": view.steps(campaign, issuing),
        "errors": errors or {},
        "said": view,
    }
    if view.is_moving(campaign):
        return render(request, "admin/campaigns/under_way.html", known | await _moving(campaign), status)
    totals = await campaign_list.totals(campaign)
    known |= {"totals": totals, "counts": await draft_list.counts(campaign.id)}
    if campaign.state == CampaignState.ISSUED:
        return render(request, "admin/campaigns/done.html", known | await _done(campaign), status)
    number, cents = await issue.to_issue(campaign)
    known |= {"number": number, "cents": cents, "read": issue.seen(number, cents, campaign)}
    if issuing and campaign.may_be_issued:
        return render(request, "admin/campaigns/issue.html", known | {"word": WORD}, status)
    return render(
        request, "admin/campaigns/drafts.html", known | await _drafts(request, campaign, totals), status
    )


async def _moving(campaign: InvoiceCampaign) -> dict[str, Any]:
    return {
        "campaign": campaign,
        "at": await campaign_list.progress(campaign),
        "last": await campaign_list.last_issued(campaign.id),
        "place": f"{PLACE}/{campaign.id}",
        "said": view,
    }


async def _done(campaign: InvoiceCampaign) -> dict[str, Any]:
    return {
        "issued": await campaign_list.issued(campaign.id),
        "letters": await IssuedDocument.exists(key=f"{DocumentKind.LETTERS}:{campaign.id}"),
    }


async def _file(request: StaffRequest, campaign: InvoiceCampaign) -> Response:
    asked = _table(campaign).read(request.query_params)
    check = asked.chosen["controle"]
    found = await draft_list.page(asked.whole, campaign.id, check=check, search=asked.search)
    return csv_file(f"brouillons_{campaign.period_start}", view.HEADS, map(view.cells, found.rows))


async def _drafts(request: StaffRequest, campaign: InvoiceCampaign, totals: Totals) -> dict[str, Any]:
    asked = _table(campaign).read(request.query_params)
    found = await draft_list.page(asked.cut, campaign.id, check=asked.chosen["controle"], search=asked.search)
    opened = await InvoiceDraft.get_or_none(
        id=whole(request.query_params.get("brouillon")) or 0, campaign_id=campaign.id
    ).select_related("family")
    biggest = totals.moved[:BIGGEST]
    families = {row.id: row for row in await Family.filter(id__in=[one.family for one in biggest])}
    names = await draft_list.names([*families, *([opened.family_id] if opened else [])])
    return {
        "asked": asked,
        "found": found,
        "checks": view.CHECKS,
        "days": await draft_list.days(campaign, request.now.date()),
        "opened": opened,
        "biggest": biggest,
        "names": names,
        "day": date.fromisoformat,
    }


def _table(campaign: InvoiceCampaign) -> Table:
    choices = (Choice("", "Toutes"), *(Choice(key, label) for key, label in view.CHECK_LABELS.items()))
    return Table(
        f"{PLACE}/{campaign.id}",
        (
            Column("famille", "Famille", "family"),
            Column("montant", "Montant", "cents", figures=True),
            Column("avant", "Mois précédent", figures=True),
            Column("ecart", "Écart", "difference", figures=True),
            Column("a-voir", "À voir"),
        ),
        sort="famille",
        filters=(Filter("controle", "Contrôle", choices),),
        search="Famille ou dossier",
    )


routes = [
    Route(PLACE, show),
    Route(PLACE, begin, methods=["POST"]),
    Route("/mairie/facturation/{id:int}", one),
    Route("/mairie/facturation/{id:int}/avancement", progress),
    Route("/mairie/facturation/{id:int}/lettres", letters),
    Route("/mairie/facturation/{id:int}/brouillons", renew, methods=["POST"]),
    Route("/mairie/facturation/{id:int}/abandon", discard, methods=["POST"]),
    Route("/mairie/facturation/{id:int}/emission", send, methods=["POST"]),
]
