"""The tab « Enfants »: names, births, classes, what each child is enrolled in; changed, begun and ended."""

from datetime import date, datetime, timedelta

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.activities.catalogue import Catalogue
from models.commune.school_year import SchoolYear
from models.families.child import Child, Home, Schooling
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.file_change import FileChanged
from models.family_file import classes, editing, enrolling
from models.family_file.checks import CannotEnrol
from models.family_file.enrolling import BookedDay, StillBooked
from web.components.admin.families import fields
from web.components.admin.families.file import Opened, page, seen
from web.components.admin.families.people import CHANGED
from web.components.admin.families.place import EDITORS, PLACE, READERS, family_of, may_edit
from web.components.admin.families.words import categories
from web.components.admin.kit.form import NOTHING, Choice, Day, Filled, OneOf, fill
from web.http.auth import StaffRequest, staff
from web.http.forms import form, whole

IDENTITY = fields.identity_fields("e")
START = Day("debut", "À partir du", "", "Saisissez le premier jour.")
OWN = OneOf("categorie", "Catégorie de tarif", choices=categories("Celle de la famille"))
LAST = Day("dernier", "Dernier jour", "", "Saisissez le dernier jour.")
TOO_EARLY = "Les jours passés ne changent plus\u00a0: hier au plus tôt."


@staff(*READERS)
async def show(request: StaffRequest) -> Response:
    family = await family_of(request)
    return await page(request, family, "children", {}, opened=await _wanted(request, family))


@staff(*EDITORS)
async def add(request: StaffRequest) -> Response:
    family = await family_of(request)
    opened = await _new(request, family)
    filled = fill(opened.fields, await form(request))
    errors = dict(filled.errors)
    if not errors:
        child = fields.child_of("e", filled)
        errors = _not_born(child.born, request.now)
        year = await SchoolYear.current(request.now.date())
        try:
            if not errors:
                await editing.add_child(
                    family, child, year.id if year else None, request.user.member.id, request.now
                )
                return _saved(family)
        except CannotEnrol as exc:
            errors = {"e_activites": fields.refusal(exc)}
    return await _again(request, family, opened, filled, errors)


@staff(*EDITORS)
async def change(request: StaffRequest) -> Response:
    """Names and birth, and the class of the year."""
    family, child = await _child(request)
    sent, member, now = await form(request), request.user.member.id, request.now
    opened = await _identity(request, family, child)
    filled = fill(opened.fields, sent)
    if sent.get("lu") != opened.seen:
        return await _again(request, family, opened, Filled(opened.filled.typed, {}, {}), {"": CHANGED}, 409)
    errors = dict(filled.errors)
    said = None if errors else fields.child_of("e", filled)
    errors |= _not_born(said.born, now) if said else {}
    if errors or said is None:
        return await _again(request, family, opened, filled, errors)
    columns = ("first_name", "last_name", "born", "sex")
    before, after = ({name: getattr(one, name) for name in columns} for one in (child, said))
    try:
        await editing.change_person(family.id, f"child:{child.id}", before, after, member, now)
    except FileChanged:
        return await _again(request, family, opened, filled, {"": CHANGED}, 409)
    year = await SchoolYear.current(now.date())
    if year and said.school and said.level:
        kept = await classes.change([child.id], year, said.school, said.level, member, now)
        return _saved(family, "garde" if kept else "1")
    return _saved(family)


@staff(*EDITORS)
async def enrol(request: StaffRequest) -> Response:
    family, child = await _child(request)
    opened = await _enrolling(request, family, child)
    filled = fill(opened.fields, await form(request))
    activity, start = filled.values.get("activite"), filled.of(START)
    if filled.errors or start is None:
        return await _again(request, family, opened, filled, dict(filled.errors))
    member, now = request.user.member.id, request.now
    try:
        await enrolling.enrol(family, child.id, int(str(activity)), start, filled.of(OWN), member, now)
    except CannotEnrol as exc:
        return await _again(request, family, opened, filled, {"activite": fields.refusal(exc)})
    return _saved(family)


@staff(*EDITORS)
async def end(request: StaffRequest) -> Response:
    """The last day of an enrolment; the days booked after it are named, and given back when somebody says so."""
    family, sent = await family_of(request), await form(request)
    enrolment = await Enrolment.get_or_none(id=request.number("inscription"), family_id=family.id)
    if enrolment is None:
        raise HTTPException(404)
    filled = fill([LAST], sent)
    last, opened = filled.of(LAST), _ending(family, enrolment, request.now.date())
    errors = dict(filled.errors)
    if last and last < request.now.date() - timedelta(days=1):
        errors[LAST.name] = TOO_EARLY
    if errors or last is None:
        return await _again(request, family, opened, filled, errors)
    cancel = sent.get("annuler") == last.isoformat()
    try:
        await enrolling.end(enrolment, last, request.user.member.id, request.now, cancel=cancel)
    except StillBooked as exc:
        return await _stays(request, family, opened, filled, exc)
    return _saved(family)


async def _stays(
    request: StaffRequest, family: Family, opened: Opened, filled: Filled, still: StillBooked
) -> Response:
    days: list[BookedDay] = still.days
    told = "Des jours sont réservés après cette date\u00a0: rien n’est changé."
    shown = Opened(opened.key, opened.action, opened.fields, Filled(filled.typed, {}, {LAST.name: told}))
    more = {"still": days, "cancellable": still.can_be_cancelled, "last": filled.of(LAST)}
    return await page(request, family, "children", more, 409, shown)


async def _child(request: StaffRequest) -> tuple[Family, Child]:
    """One of the family's, or a 404."""
    family = await family_of(request)
    home = Home.filter(family_id=family.id, child_id=request.number("enfant"))
    found = await home.select_related("child").first()
    if found is None:
        raise HTTPException(404)
    return family, found.child


async def _wanted(request: StaffRequest, family: Family) -> Opened | None:
    """The form that the address asks for, for who may change something."""
    said = request.query_params
    if not may_edit(request):
        return None
    if said.get("modifier") == "nouveau":
        return await _new(request, family)
    if ended := whole(said.get("fin")):
        enrolment = await Enrolment.get_or_none(id=ended, family_id=family.id)
        return _ending(family, enrolment, request.now.date()) if enrolment else None
    asked = whole(said.get("modifier")) or whole(said.get("inscrire")) or 0
    home = await Home.filter(family_id=family.id, child_id=asked).select_related("child").first()
    if home is None:
        return None
    return await (_identity if said.get("modifier") else _enrolling)(request, family, home.child)


async def _new(request: StaffRequest, family: Family) -> Opened:
    today = request.now.date()
    asked = fields.child_fields("e", True, await request.catalogue(), await SchoolYear.current(today), today)
    return Opened("nouveau", f"{PLACE}/{family.id}/enfants", asked, NOTHING)


async def _identity(request: StaffRequest, family: Family, child: Child) -> Opened:
    catalogue: Catalogue = await request.catalogue()
    year = await SchoolYear.current(request.now.date())
    schooling = await Schooling.get_or_none(child_id=child.id, year_id=year.id) if year else None
    first, last, birth, sex = IDENTITY
    typed = {
        first.name: child.first_name,
        last.name: child.last_name,
        birth.name: child.born.isoformat(),
        sex.name: child.sex,
        "e_classe": f"{schooling.school_id}-{schooling.level}" if schooling else "",
    }
    asked = (
        *IDENTITY,
        fields.class_field("e_classe", catalogue, f"Classe {year.name}" if year else "Classe"),
    )
    action = f"{PLACE}/{family.id}/enfants/{child.id}"
    return Opened(str(child.id), action, asked, Filled(typed, {}, {}), seen(*typed.values()))


async def _enrolling(request: StaffRequest, family: Family, child: Child) -> Opened:
    today = request.now.date()
    open_ = fields.open_activities(await request.catalogue(), await SchoolYear.current(today), today)
    choices = (Choice("", "Choisir…"), *(Choice(str(one.id), one.name) for one in open_))
    activity = OneOf("activite", "Activité", missing="Choisissez une activité.", choices=choices)
    action = f"{PLACE}/{family.id}/enfants/{child.id}/inscriptions"
    typed = {START.name: today.isoformat()}
    return Opened(f"inscrire-{child.id}", action, (activity, START, OWN), Filled(typed, {}, {}))


def _ending(family: Family, enrolment: Enrolment, today: date) -> Opened:
    action = f"{PLACE}/{family.id}/inscriptions/{enrolment.id}/fin"
    return Opened(f"fin-{enrolment.id}", action, (LAST,), Filled({LAST.name: today.isoformat()}, {}, {}))


def _not_born(born: date, now: datetime) -> dict[str, str]:
    return {"e_naissance": fields.NOT_BORN} if born > now.date() else {}


async def _again(
    request: StaffRequest,
    family: Family,
    opened: Opened,
    filled: Filled,
    errors: dict[str, str],
    status: int = 422,
) -> Response:
    """The tab once more, with what was typed and what is wrong with it."""
    shown = Opened(opened.key, opened.action, opened.fields, Filled(filled.typed, {}, errors), opened.seen)
    return await page(request, family, "children", {}, status, shown)


def _saved(family: Family, done: str = "1") -> Response:
    return RedirectResponse(f"{PLACE}/{family.id}/enfants?fait={done}", 303)


routes = [
    Route("/mairie/familles/{id:int}/enfants", show),
    Route("/mairie/familles/{id:int}/enfants", add, methods=["POST"]),
    Route("/mairie/familles/{id:int}/enfants/{enfant:int}", change, methods=["POST"]),
    Route("/mairie/familles/{id:int}/enfants/{enfant:int}/inscriptions", enrol, methods=["POST"]),
    Route("/mairie/familles/{id:int}/inscriptions/{inscription:int}/fin", end, methods=["POST"]),
]
