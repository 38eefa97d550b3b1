"""« Nouvelle famille »: parents, household, children, classes and activities on one page, by keyboard alone."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from models.activities.catalogue import Catalogue
from models.commune.school_year import SchoolYear
from models.family_file import creating
from models.family_file.checks import CannotEnrol
from models.family_file.creating import NewChild, NewFamily
from models.rules.families.namesakes import Known
from web.components.admin.families import fields
from web.components.admin.families.fields import ADDRESS, CATEGORY, SINCE, VALUE
from web.components.admin.families.place import EDITORS, PLACE
from web.components.admin.kit.form import NOTHING, Field, Filled, fill
from web.http.auth import StaffRequest, staff
from web.http.forms import form, plain_key, whole
from web.page.templates import fragment, render

NEW = f"{PLACE}/nouvelle"
PARENTS = ("r1", "r2")
FEWEST, MOST = 2, 8  # blocks of children
ONLY_VALUE = "Saisissez le quotient qui compte à partir de ce jour, ou effacez le jour."


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form as it is asked: its blocks, and which of them were begun."""

    parents: dict[str, tuple[Field[Any], ...]]
    children: dict[str, tuple[Field[Any], ...]]
    begun: tuple[str, ...]

    @property
    def fields(self) -> tuple[Field[Any], ...]:
        blocks = (*self.parents.values(), *self.children.values())
        return (*(field for block in blocks for field in block), ADDRESS, CATEGORY, VALUE, SINCE)


@staff(*EDITORS)
async def show(request: StaffRequest) -> Response:
    return await _page(request, await _sheet(request, {}, FEWEST), NOTHING, secrets.token_urlsafe(16))


@staff(*EDITORS)
async def add(request: StaffRequest) -> Response:
    """A child more to type in, or the family is made; whoever may be there already is asked about first."""
    sent = await form(request)
    blocks = min(max(FEWEST, whole(sent.get("enfants")) or 0), MOST)
    click = plain_key(sent, "click") or secrets.token_urlsafe(16)
    if sent.get("encore"):
        sheet = await _sheet(request, sent, min(blocks + 1, MOST))
        return await _page(request, sheet, Filled(fill(sheet.fields, sent).typed, {}, {}), click)
    sheet = await _sheet(request, sent, blocks)
    filled = fill(sheet.fields, sent)
    errors = dict(filled.errors)
    if filled.of(SINCE) and filled.of(VALUE) is None and VALUE.name not in errors:
        errors[VALUE.name] = ONLY_VALUE
    if errors:
        return await _page(request, sheet, Filled(filled.typed, filled.values, errors), click, status=422)
    said = _said(sheet, filled, click, request.now.date())
    errors = _refused(await request.catalogue(), sheet, said, request.now.date())
    if errors:
        return await _page(request, sheet, Filled(filled.typed, filled.values, errors), click, status=422)
    made = await creating.made_with(click)
    if made is not None:
        return RedirectResponse(f"{PLACE}/{made}", 303)
    alike = await creating.likenesses(said.children, [guardian.email for guardian in said.guardians])
    if alike and sent.get("malgre") != _named(alike):
        return await _page(request, sheet, filled, click, alike, 409)
    year = await SchoolYear.current(request.now.date())
    id = await creating.create(said, year.id if year else None, request.user.member.id, request.now)
    return RedirectResponse(f"{PLACE}/{id}?fait=cree", 303)


@staff(*EDITORS)
async def known(request: StaffRequest) -> Response:
    """Who may be there already, while it is typed; nothing (204) where the page says so already. Three questions."""
    sent = request.query_params
    blocks = min(max(1, whole(sent.get("enfants")) or 0), MOST)
    children = [child for n in range(1, blocks + 1) if (child := _typed_child(f"e{n}", sent))]
    emails = [fill(guardian[2:3], sent).of(guardian[2]) or "" for guardian in _PARENTS_TYPED]
    alike = await creating.likenesses(children, emails) if children or any(emails) else []
    if _told(alike) == sent.get("dits", ""):
        return Response(status_code=204)
    shown = {"alike": alike, "told": _told(alike), "place": PLACE}
    return HTMLResponse(fragment(request, "admin/families/known.html", shown))


_PARENTS_TYPED = tuple(fields.guardian_fields(name, False) for name in PARENTS)


def _typed_child(prefix: str, sent: Mapping[str, Any]) -> NewChild | None:
    """A child whose names and birth can be read by now."""
    first, last, birth, _ = identity = fields.identity_fields(prefix, False)
    filled = fill(identity[:3], sent)
    names, born = (filled.of(first), filled.of(last)), filled.of(birth)
    return NewChild(names[0], names[1], born, None, None) if names[0] and names[1] and born else None


def _told(alike: list[Known]) -> str:
    """What the page says of them, so that the same is not read out again."""
    return "|".join(f"{one.family} {one.name}" for one in alike)


async def _sheet(request: StaffRequest, sent: Mapping[str, Any], blocks: int) -> Sheet:
    catalogue, today = await request.catalogue(), request.now.date()
    year = await SchoolYear.current(today)
    of_child = partial(fields.child_fields, catalogue=catalogue, year=year, today=today)
    names = [f"e{n}" for n in range(1, blocks + 1)]
    begun = [name for name in PARENTS if fields.is_begun(name, fields.guardian_fields(name, False), sent)]
    begun += [name for name in names if fields.is_begun(name, of_child(name, False), sent)]
    needed = ("r1", "e1", *begun)
    return Sheet(
        {name: fields.guardian_fields(name, name in needed) for name in PARENTS},
        {name: of_child(name, name in needed) for name in names},
        tuple(dict.fromkeys(needed)),
    )


def _said(sheet: Sheet, filled: Filled, click: str, today: date) -> NewFamily:
    value = filled.of(VALUE)
    return NewFamily(
        click=click,
        guardians=tuple(fields.guardian_of(name, filled) for name in sheet.parents if name in sheet.begun),
        children=tuple(fields.child_of(name, filled) for name in sheet.children if name in sheet.begun),
        address=filled.of(ADDRESS) or "",
        category=filled.of(CATEGORY),
        quotient=None if value is None else (value, filled.of(SINCE) or today),
    )


def _refused(catalogue: Catalogue, sheet: Sheet, said: NewFamily, today: date) -> dict[str, str]:
    """Births to come and activities that cannot take a child, by the field that names them."""
    errors = {}
    for name, child in zip(
        (name for name in sheet.children if name in sheet.begun), said.children, strict=True
    ):
        if child.born > today:
            errors[f"{name}_naissance"] = fields.NOT_BORN
        try:
            creating.groups_of(catalogue, child, said.category)
        except CannotEnrol as exc:
            errors[f"{name}_activites"] = fields.refusal(exc)
    return errors


def _named(alike: list[Known]) -> str:
    """What somebody has seen before they go on all the same."""
    return "-".join(str(family) for family in sorted({one.family for one in alike}))


async def _page(
    request: StaffRequest,
    sheet: Sheet,
    filled: Filled,
    click: str,
    alike: list[Known] | None = None,
    status: int = 200,
) -> Response:
    known = {
        "sheet": sheet,
        "filled": filled,
        "errors": filled.errors,
        "click": click,
        "household": (ADDRESS, CATEGORY, VALUE, SINCE),
        "alike": alike or [],
        "seen": _named(alike or []),
        "most": MOST,
        "place": PLACE,
    }
    return render(request, "admin/families/new.html", known, status)


routes = [Route(NEW, show), Route(f"{NEW}/connus", known), Route(NEW, add, methods=["POST"])]
