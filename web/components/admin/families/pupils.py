"""« Classes »: children changed together, and all of them up to the next school year, after a look at what it does."""

import secrets
from collections.abc import Sequence

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.commune.school_year import SchoolYear
from models.families.file.passage import Passage
from models.family_file import classes, passing
from models.family_file.classes import ClassUp
from models.family_file.passing import HeldBack, Turn
from models.storage.paging import Page
from web.components.admin.families import fields
from web.components.admin.families.place import EDITORS, PLACE
from web.components.admin.kit.csv_file import csv_file
from web.components.admin.kit.form import Choice, OneOf, fill
from web.components.admin.kit.table import Column, Table, View, came_from, ids
from web.http.auth import StaffRequest, staff
from web.http.forms import form, plain_key, whole
from web.page.templates import render

CLASSES, UP = f"{PLACE}/classes", f"{PLACE}/passage"
COLUMNS = (
    Column("enfant", "Enfant", "child"),
    Column("classe", "Classe", "class"),
    Column("naissance", "Naissance", "born"),
    Column("dossier", "Dossier"),
)


LEAVERS = Table(
    f"{PLACE}/sortants",
    (Column("enfant", "Enfant", "child"), Column("ecole", "École"), Column("dossier", "Dossier")),
    "enfant",
    (),
    "Nom de l’enfant",
)


@staff(*EDITORS)
async def show(request: StaffRequest) -> Response:
    return await _page(request, {})


@staff(*EDITORS)
async def change(request: StaffRequest) -> Response:
    """Those that are ticked go to one class."""
    year, sent = await _year(request), await form(request)
    ticked, target = ids(sent.getlist("enfant")), await _target(request)
    filled = fill([target], sent)
    errors = dict(filled.errors)
    if not ticked:
        errors[""] = "Cochez au moins un enfant."
    school, level = fields.class_of(filled.values.get(target.name))
    if errors or school is None or level is None:
        return await _page(request, errors, 422)
    mine = [pupil.id for pupil in await classes.pupils(ticked, year.id)]
    kept = await classes.change(mine, year, school, level, request.user.member.id, request.now)
    back = await _read(request, came_from(sent))
    stay = ".".join(str(id) for id in sorted({one.child for one in kept}))
    return RedirectResponse(back.and_(fait=str(len(mine)), garde=stay), 303)


@staff(*EDITORS)
async def preview(request: StaffRequest) -> Response:
    return await _up(request)


@staff(*EDITORS)
async def go_up(request: StaffRequest) -> Response:
    """Class by class, those that are ticked; sent twice, it is done once."""
    year, sent = await _year(request), await form(request)
    following = await classes.following(year)
    if following is None:
        raise HTTPException(404)
    click = plain_key(sent, "click") or secrets.token_urlsafe(16)
    up, leaving = await _chosen(sent, year, following)
    done = await passing.turn(Turn(year, following, up, leaving, click, request.user.member.id), request.now)
    told = f"&sortis={done.left}" if leaving else ""
    held = f"&retenus={', '.join(done.held)}" if done.held else ""
    return RedirectResponse(f"{UP}?fait={done.up}{told}{held}", 303)


async def _chosen(
    sent: FormData, year: SchoolYear, following: SchoolYear
) -> tuple[dict[tuple[int, str], list[int]], list[int]]:
    """By school and level of the following year, who goes there; and who leaves."""
    ticked, gone = ({whole(said) for said in sent.getlist(name)} for name in ("enfant", "sortant"))
    up: dict[tuple[int, str], list[int]] = {}
    leaving: list[int] = []
    for one in await classes.preview(year.id, following.id):
        school = whole(sent.get(name_of(one)))
        if one.after and school in one.after.schools:
            chosen = [pupil.id for pupil in one.pupils if pupil.id in ticked]
            up.setdefault((school, one.after.level), []).extend(chosen)
        elif one.leaves:
            leaving += [pupil.id for pupil in one.pupils if pupil.id in gone]
    return up, leaving


@staff(*EDITORS)
async def undo(request: StaffRequest) -> Response:
    """A whole passage; sent twice, it is undone once."""
    passage = await Passage.get_or_none(id=request.number("id"))
    if passage is None:
        raise HTTPException(404)
    try:
        await passing.undo(passage, request.user.member.id, request.now)
    except HeldBack as held:
        return await _up(request, held.children, 409)
    return RedirectResponse(f"{UP}?annule=1", 303)


@staff(*EDITORS)
async def leavers(request: StaffRequest) -> Response:
    year = await _year(request)
    asked = LEAVERS.read(dict(request.query_params))
    if request.query_params.get("export") == "csv":
        whole_list = await passing.leavers(asked.whole, year.id, asked.search)
        lines = [[one.last_name, one.first_name, one.school, one.family] for one in whole_list.rows]
        return csv_file(f"sortants_{year.name}", ("Nom", "Prénom", "École", "Dossier"), lines)
    known = {
        "asked": asked,
        "year": year,
        "found": await passing.leavers(asked.cut, year.id, asked.search),
        "place": PLACE,
    }
    return render(request, "admin/families/leavers.html", known)


def name_of(one: ClassUp) -> str:
    """The field that says to which school a class goes."""
    return f"vers-{one.school}-{one.level}"


async def _up(request: StaffRequest, resting: Sequence[str] = (), status: int = 200) -> Response:
    year = await _year(request)
    following, catalogue = await classes.following(year), await request.catalogue()
    known = {
        "year": year,
        "following": following,
        "classes": await classes.preview(year.id, following.id) if following else [],
        "schools": {school.id: school.name for school in catalogue.schools.values()},
        "name_of": name_of,
        "done": whole(request.query_params.get("fait")),
        "left": whole(request.query_params.get("sortis")),
        "held": request.query_params.get("retenus", ""),
        "back": request.query_params.get("annule", ""),
        "resting": resting,
        "standing": await passing.standing(year.id),
        "click": secrets.token_urlsafe(16),
        "place": PLACE,
    }
    return render(request, "admin/families/up.html", known, status)


async def _year(request: StaffRequest) -> SchoolYear:
    """The school year of the day, or a 404 in an empty commune."""
    found = await SchoolYear.current(request.now.date())
    if found is None:
        raise HTTPException(404)
    return found


async def _target(request: StaffRequest) -> OneOf:
    asked = fields.class_field("classe", await request.catalogue(), "Classe")
    choices = (Choice("", "Choisir une classe…"), *asked.choices[1:])
    return OneOf("classe", "Nouvelle classe", missing="Choisissez la nouvelle classe.", choices=choices)


async def _read(request: StaffRequest, said: dict[str, str]) -> View:
    asked = fields.class_field("de", await request.catalogue(), "Classe")
    choices = (Choice("", "Toutes les classes"), *asked.choices[1:])
    asks = (OneOf("de", "Classe", choices=choices),)
    return Table(CLASSES, COLUMNS, "classe", (), "Nom de l’enfant", asks, size=100).read(said)


async def _page(request: StaffRequest, errors: dict[str, str], status: int = 200) -> Response:
    year, sent = await _year(request), await form(request) if errors else {}
    asked = await _read(request, came_from(sent) if errors else dict(request.query_params))
    school, level = fields.class_of(asked.filled.values.get("de"))
    found: Page[classes.Pupil] = await classes.page(
        asked.cut, year.id, school=school, level=level or "", search=asked.search
    )
    stay = ids(request.query_params.get("garde", "").split("."))
    known = {
        "asked": asked,
        "found": found,
        "year": year,
        "target": await _target(request),
        "errors": errors,
        "ticked": ids(sent.getlist("enfant")) if hasattr(sent, "getlist") else [],
        "done": whole(request.query_params.get("fait")),
        "stay": await classes.pupils(stay, year.id) if stay else [],
        "place": PLACE,
    }
    return render(request, "admin/families/classes.html", known, status)


routes = [
    Route(CLASSES, show),
    Route(CLASSES, change, methods=["POST"]),
    Route(UP, preview),
    Route(UP, go_up, methods=["POST"]),
    Route("/mairie/familles/passage/{id:int}/annulation", undo, methods=["POST"]),
    Route("/mairie/familles/sortants", leavers),
]
