"""« Anonymiser » a family that has left: what stands in the way, or a word to type for what cannot be taken back."""

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.families.family import Family
from models.families.guardian import Guardian
from models.personal_data import anonymising, erasures
from models.personal_data.anonymising import NotYet
from web.components.admin.kit.form import NOTHING, Filled, Word, fill
from web.http.auth import StaffRequest, staff
from web.http.forms import form
from web.page.templates import render

FAMILIES = "/mairie/familles"
EDITORS = ("manager",)  # who changes the families' files
WORD = Word("mot", "Écrivez ANONYMISER", "", "Écrivez ANONYMISER pour continuer.", word="ANONYMISER")
OBSTACLES = {  # (what, why, where below the family or in the mairie, the verb)
    "debt": (
        "Une somme reste à payer",
        "Elle se règle ou s’abandonne à la régie.",
        "/mairie/regie?famille={0}",
        "Régie",
    ),
    "credit": (
        "Un avoir reste à la famille",
        "Remboursez-le d’abord.",
        "/mairie/regie/familles/{0}",
        "Avoirs et remboursements",
    ),
    "days": (
        "Des jours à venir sont réservés",
        "Annulez-les, ou attendez qu’ils soient passés.",
        FAMILIES + "/{0}",
        "Voir",
    ),
    "uninvoiced": (
        "Des jours restent à facturer",
        "La prochaine facturation les prend.",
        "/mairie/facturation",
        "Facturation",
    ),
    "enrolled": (
        "Un enfant est encore inscrit",
        "Mettez fin à ses inscriptions.",
        FAMILIES + "/{0}/enfants",
        "Enfants",
    ),
    "waits": (
        "Un enfant attend une inscription",
        "Retirez-le de la liste.",
        FAMILIES + "/{0}/enfants",
        "Enfants",
    ),
    "requests": ("Une demande attend une réponse", "Répondez-y d’abord.", "/mairie/demandes", "Demandes"),
    "threads": (
        "Une conversation est ouverte",
        "Répondez, ou marquez-la traitée.",
        "/mairie/messages",
        "Messages",
    ),
    "anomalies": (
        "Un paiement est à vérifier",
        "Marquez l’anomalie comme vue.",
        "/mairie/anomalies",
        "Anomalies",
    ),
    "mandate": (
        "Un mandat de prélèvement est actif",
        "Révoquez-le d’abord.",
        "/mairie/prelevements",
        "Prélèvements",
    ),
    "payment": (
        "Un paiement est en cours",
        "Il aboutit ou expire en quelques minutes.",
        FAMILIES + "/{0}",
        "Voir",
    ),
}


@staff(*EDITORS)
async def show(request: StaffRequest) -> Response:
    return await _page(request, await _family(request), NOTHING)


@staff(*EDITORS)
async def anonymise(request: StaffRequest) -> Response:
    family, filled = await _family(request), fill((WORD,), await form(request))
    if filled.errors:
        return await _page(request, family, filled, 422)
    try:
        await anonymising.anonymise(family.id, request.user.actor, request.now)
    except NotYet:
        return await _page(request, family, NOTHING, 409)
    await erasures.remember(request.app.state.settings.data_dir)
    return RedirectResponse(f"{FAMILIES}/{family.id}/anonymisation", 303)


async def _family(request: StaffRequest) -> Family:
    found = await Family.get_or_none(id=request.number("id"))
    if found is None:
        raise HTTPException(404)
    return found


async def _page(request: StaffRequest, family: Family, filled: Filled, status: int = 200) -> Response:
    codes = await anonymising.obstacles(family.id, request.now.date())
    context = {
        "family": family,
        "guardians": await Guardian.filter(family_id=family.id).order_by("position", "id"),
        "place": f"{FAMILIES}/{family.id}",
        "over": "done" in codes,
        "obstacles": [
            (title, text, address.format(family.id), verb)
            for title, text, address, verb in (OBSTACLES[code] for code in codes if code != "done")
        ],
        "word": WORD,
        "filled": filled,
        "errors": filled.errors,
    }
    return render(request, "admin/anonymising/page.html", context, status)


routes = [
    Route("/mairie/familles/{id:int}/anonymisation", show, methods=["GET"]),
    Route("/mairie/familles/{id:int}/anonymisation", anonymise, methods=["POST"]),
]
