"""The tab « Santé »: diets, allergens and care plans for who needs them; whom to call, what the parents allow."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.families.child import Child, Home
from models.families.family import Family
from models.families.file import health as child_health
from models.families.file.consent import ConsentAnswer
from models.families.file.contact import ChildContact
from models.families.file.health import ChildHealth
from models.families.file_change import FileChanged
from models.family_file.parents import reading
from models.french.file_changes import health_said
from models.rules.families.consents import CONSENTS
from models.rules.families.health import NOTHING, Health, in_order, may_read
from models.rules.menus.dishes import ALLERGENS
from web.components.admin.families.file import Opened, page
from web.components.admin.families.people import CHANGED
from web.components.admin.families.place import EDITORS, PLACE, family_of, may_edit
from web.components.admin.kit.form import AnyOf, Choice, Day, Filled, OneOf, fill
from web.http.auth import StaffRequest, staff
from web.http.forms import form, whole

ALLERGIES = AnyOf(
    "allergies", "Allergies", choices=tuple(Choice(word.replace(" ", "_"), word) for word in ALLERGENS)
)
PLAN = OneOf("pai", "Projet d’accueil (PAI)", choices=(Choice("", "Non"), Choice("oui", "Oui")))
UNTIL = Day("pai_fin", "Fin du PAI", "Vide\u00a0: sans date.")


@dataclass(frozen=True, slots=True)
class ChildLine:
    child: Child
    said: dict[str, str] | None  # by the names of HEALTH; None: whoever asks does not need it
    contacts: list[ChildContact]
    consents: dict[str, ConsentAnswer]


@staff(*EDITORS)
async def show(request: StaffRequest) -> Response:
    """To look at what is sealed is written into the journal."""
    family = await family_of(request)
    child, opened = await _child_of(family, whole(request.query_params.get("modifier"))), None
    if child is not None and may_edit(request):
        opened = await _opened(family, child)
    return await _page(request, family, opened)


@staff(*EDITORS)
async def change(request: StaffRequest) -> Response:
    family, sent = await family_of(request), await form(request)
    child = await _child_of(family, request.number("child"))
    if child is None:
        raise HTTPException(404)
    opened = await _opened(family, child)
    filled = fill(opened.fields, sent)
    if filled.errors:
        again = Opened(opened.key, opened.action, opened.fields, filled, str(sent.get("lu", "")))
        return await _page(request, family, again, 422)
    plan = filled.of(PLAN) == "oui"
    chosen = [value.replace("_", " ") for value in filled.of(ALLERGIES) or ()]
    diet = str(filled.values.get("regime", ""))
    health = Health(diet, in_order(chosen), plan, filled.of(UNTIL) if plan else None)
    version, member = whole(sent.get("lu")) or 0, request.user.member
    try:
        await child_health.set_health(child.id, family.id, health, version, member.actor, request.now)
    except FileChanged:
        now = opened.filled
        stale = Opened(
            opened.key, opened.action, opened.fields, Filled(now.typed, {}, {"": CHANGED}), opened.seen
        )
        return await _page(request, family, stale, 409)
    return RedirectResponse(f"{PLACE}/{family.id}/sante?fait=1", 303)


async def _page(request: StaffRequest, family: Family, opened: Opened | None, status: int = 200) -> Response:
    member = request.user.member
    homes = await Home.filter(family_id=family.id).order_by("position", "child_id").select_related("child")
    children = [home.child for home in homes]
    ids = [child.id for child in children]
    needs = may_read(member.roles)
    known = await ChildHealth.known(ids) if needs else {}
    if known:
        await child_health.note_read(member.actor, f"family:{family.id}", family.id, request.now)
    contacts, consents = await ChildContact.of(ids), await ConsentAnswer.of(ids)
    lines = [
        ChildLine(
            child,
            health_said(known.get(child.id, NOTHING).seen_by(member.roles)) if needs else None,
            [one for one in contacts if one.child_id == child.id],
            consents[child.id],
        )
        for child in children
    ]
    return await page(request, family, "health", {"lines": lines, "consents": CONSENTS}, status, opened)


async def _opened(family: Family, child: Child) -> Opened:
    version, health = await ChildHealth.version_of(child.id)
    diets = dict.fromkeys((*await reading.diets(), *([health.diet] if health.diet else [])))
    diet = OneOf(
        "regime", "Régime alimentaire", choices=(Choice("", "Aucun"), *(Choice(one, one) for one in diets))
    )
    typed = {
        "regime": health.diet,
        ALLERGIES.name: " ".join(word.replace(" ", "_") for word in health.allergens),
        PLAN.name: "oui" if health.plan else "",
        UNTIL.name: health.plan_until.isoformat() if health.plan_until else "",
    }
    place = f"{PLACE}/{family.id}/sante/{child.id}"
    return Opened(str(child.id), place, (diet, ALLERGIES, PLAN, UNTIL), Filled(typed, {}, {}), str(version))


async def _child_of(family: Family, id: int | None) -> Child | None:
    home = await Home.filter(family_id=family.id, child_id=id or 0).select_related("child").first()
    return home.child if home else None


routes = [
    Route("/mairie/familles/{id:int}/sante", show),
    Route("/mairie/familles/{id:int}/sante/{child:int}", change, methods=["POST"]),
]
