"""The tab « Pièces »: what the commune asks of this family, what it sent, the mairie's answer."""

import secrets

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.families.child import Child, Home
from models.families.family import Family
from models.families.file.sent_document import Lost, SentDocument
from models.family_file.parents import reading
from models.french import day_numeric
from models.french.file_changes import lacking
from models.money import suspension
from models.money.suspension import AlreadyExempt
from models.rules.dues import FROM_PAPERS
from models.rules.families.documents import PLAN, Standing
from models.rules.families.health import Health
from web.components.admin.families.file import page
from web.components.admin.families.place import EDITORS, PLACE, family_of
from web.components.admin.kit.form import NOTHING, Day, Filled, Text, fill
from web.http.attachments import Unopened, download
from web.http.auth import StaffRequest, staff
from web.http.forms import form

REASON = Text("motif", "Motif", "La famille le lira.", "Indiquez ce qui ne va pas.", longest=500)
UNTIL = Day("jusqu_au", "Valable jusqu’au", "Vide\u00a0: la durée de la commune.")
LAST = Day("dispense_jusqu_au", "Jusqu’au", "Ce jour compris.", "Indiquez jusqu’à quel jour.")
WHY = Text(
    "dispense_motif",
    "Motif",
    "Il reste au journal.",
    "Indiquez pourquoi la famille est dispensée.",
    longest=300,
)
PAST = "Choisissez un jour à venir."
ALREADY = "Cette famille est dispensée jusqu’au {}."
STANDINGS = {
    Standing.MISSING: "manque",
    Standing.PENDING: "à vérifier",
    Standing.VALID: "acceptée",
    Standing.ENDING: "expire bientôt",
    Standing.OVER: "expirée",
    Standing.REFUSED: "refusée",
}


@staff(*EDITORS)
async def show(request: StaffRequest) -> Response:
    return await _page(request, await family_of(request))


@staff(*EDITORS)
async def accept(request: StaffRequest) -> Response:
    family, row = await _sent(request)
    filled = fill((UNTIL,), await form(request))
    if filled.errors:
        return await _page(request, family, filled, row.id, 422)
    await row.accept(request.user.actor, request.now, filled.of(UNTIL))
    return RedirectResponse(f"{PLACE}/{family.id}/pieces?fait=1", 303)


@staff(*EDITORS)
async def refuse(request: StaffRequest) -> Response:
    family, row = await _sent(request)
    filled = fill((REASON,), await form(request))
    if filled.errors:
        return await _page(request, family, filled, row.id, 422)
    await row.refuse(filled.of(REASON) or "", request.user.actor, request.now)
    return RedirectResponse(f"{PLACE}/{family.id}/pieces?fait=1", 303)


@staff(*EDITORS)
async def give(request: StaffRequest) -> Response:
    _, row = await _sent(request)
    try:
        return download(row, await row.open(request.user.actor, request.now))
    except Lost:
        raise Unopened("demandez-en un nouvel exemplaire à la famille.") from None


@staff(*EDITORS)
async def exempt(request: StaffRequest) -> Response:
    """The family books on without the papers that it lacks, until a day."""
    family, sent, now = await family_of(request), await form(request), request.now
    filled, click = fill((LAST, WHY), sent), str(sent.get("click", ""))
    if filled.errors or not click or len(click) > 64:
        return await _page(request, family, filled, status=422)
    until, member = filled.values[LAST.name], request.user.member.id
    if until < now.date():
        wrong = Filled(filled.typed, filled.values, {LAST.name: PAST})
        return await _page(request, family, wrong, status=422)
    try:
        await suspension.exempt(family.id, until, filled.of(WHY) or "", click, member, now, FROM_PAPERS)
    except AlreadyExempt as exc:
        wrong = Filled(filled.typed, filled.values, {"": ALREADY.format(day_numeric(exc.until))})
        return await _page(request, family, wrong, status=409)
    return RedirectResponse(f"{PLACE}/{family.id}/pieces?fait=1", 303)


@staff(*EDITORS)
async def end(request: StaffRequest) -> Response:
    family, id = await family_of(request), request.number("dispense")
    standing = await suspension.exemption(family.id, request.now.date(), FROM_PAPERS)
    if standing is None or standing.id != id:
        raise HTTPException(404)
    await suspension.end(id, request.user.member.id, request.now, FROM_PAPERS)
    return RedirectResponse(f"{PLACE}/{family.id}/pieces?fait=1", 303)


async def _sent(request: StaffRequest) -> tuple[Family, SentDocument]:
    family = await family_of(request)
    row = await SentDocument.get_or_none(
        id=request.number("piece"), family_id=family.id, required_id__not_isnull=True
    )
    if row is None or (row.sealed and not _reads_plans(request)):
        raise HTTPException(404)
    return family, row


def _reads_plans(request: StaffRequest) -> bool:
    """Who needs no care plan (PAI) does not learn that there is one."""
    return Health(plan=True).seen_by(request.user.member.roles).plan


async def _page(
    request: StaffRequest, family: Family, filled: Filled = NOTHING, wrong: int = 0, status: int = 200
) -> Response:
    children: dict[int | None, Child] = {
        home.child_id: home.child
        for home in await Home.filter(family_id=family.id)
        .order_by("position", "child_id")
        .select_related("child")
    }
    ids = [id for id in children if id is not None]
    asked = await reading.asks(family.id, ids, request.now.date())
    asked = [one for one in asked if one.required.per != PLAN or _reads_plans(request)]
    more = {
        "asked": asked,
        "names": {id: child.first_name for id, child in children.items()},
        "standings": STANDINGS,
        "waits": Standing.PENDING,
        "waits_for": any(one.required.blocks for one in asked),
        "lacking": lacking,
        "exempted": await suspension.exemption(family.id, request.now.date(), FROM_PAPERS),
        "exempting": (LAST, WHY),
        "click": secrets.token_urlsafe(16),
        "reason": REASON,
        "until": UNTIL,
        "typed": filled,
        "wrong": wrong,
        "errors": filled.errors,
    }
    return await page(request, family, "papers", more, status)


routes = [
    Route("/mairie/familles/{id:int}/pieces", show),
    Route("/mairie/familles/{id:int}/pieces/{piece:int}", give),
    Route("/mairie/familles/{id:int}/pieces/{piece:int}/acceptation", accept, methods=["POST"]),
    Route("/mairie/familles/{id:int}/pieces/{piece:int}/refus", refuse, methods=["POST"]),
    Route("/mairie/familles/{id:int}/pieces/dispense", exempt, methods=["POST"]),
    Route("/mairie/familles/{id:int}/pieces/dispense/{dispense:int}/fin", end, methods=["POST"]),
]
