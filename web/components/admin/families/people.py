"""The tabs « Responsables » and « Quotients »: parents, household and quotients, read and changed."""

from datetime import date
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.families.family import Family
from models.families.file_change import FileChanged
from models.families.guardian import Guardian
from models.family_file import editing
from models.family_file.checks import CannotEnrol
from models.rules.families.household import DELIVERIES
from web.components.admin.families import fields
from web.components.admin.families.file import Opened, page, seen
from web.components.admin.families.place import EDITORS, PLACE, READERS, family_of, may_edit
from web.components.admin.kit.form import NOTHING, Choice, Day, Field, Filled, OneOf, Whole, fill
from web.http.auth import StaffRequest, staff
from web.http.forms import form, whole

PARENT = fields.guardian_fields("r", True)
COLUMNS = ("first_name", "last_name", "email", "phone", "home_phone", "work_phone")
DELIVERY = OneOf("envoi", "Factures", choices=tuple(Choice(code, said) for code, said in DELIVERIES.items()))
HOUSEHOLD: tuple[Field[Any], ...] = (
    fields.ADDRESS,
    fields.CATEGORY,
    DELIVERY,
    *(field for _, field in fields.FUND),
)
VALUE = Whole("quotient", "Quotient familial", "En euros entiers.", "Saisissez le quotient.", most=99_999)
START = Day("debut", "À partir du", "", "Saisissez le jour à partir duquel il compte.")
END = Day("fin", "Jusqu’au", "Vide\u00a0: jusqu’au suivant.")
CHANGED = "Cette fiche a été modifiée entre-temps\u00a0: la voici à jour, refaites votre modification."


@staff(*READERS)
async def guardians(request: StaffRequest) -> Response:
    family = await family_of(request)
    return await page(request, family, "guardians", {}, opened=await _wanted(request, family))


@staff(*EDITORS)
async def change_guardian(request: StaffRequest) -> Response:
    family, sent = await family_of(request), await form(request)
    row = await Guardian.get_or_none(id=request.number("guardian"), family_id=family.id)
    if row is None:
        raise HTTPException(404)
    filled = fill(PARENT, sent)
    if sent.get("lu") != _seen(row):
        now = _guardian(family, row)
        return await _again(request, family, now, Filled(now.filled.typed, {}, {"": CHANGED}), 409)
    if filled.errors:
        return await _again(request, family, _guardian(family, row), filled)
    said = fields.guardian_of("r", filled)
    before = {column: getattr(row, column) for column in COLUMNS}
    after = {column: getattr(said, column) for column in COLUMNS}
    try:
        await editing.change_person(family.id, row.actor, before, after, request.user.member.id, request.now)
    except FileChanged:
        return await _again(
            request, family, _guardian(family, row), Filled(filled.typed, {}, {"": CHANGED}), 409
        )
    return _saved(family, "responsables")


@staff(*EDITORS)
async def add_guardian(request: StaffRequest) -> Response:
    family = await family_of(request)
    filled = fill(PARENT, await form(request))
    if filled.errors:
        return await _again(request, family, _guardian(family, None), filled)
    said = fields.guardian_of("r", filled)
    await editing.add_guardian(family.id, said, request.user.member.id, request.now)
    return _saved(family, "responsables")


@staff(*EDITORS)
async def change_household(request: StaffRequest) -> Response:
    family = await family_of(request)
    filled = fill(HOUSEHOLD, await form(request))
    if filled.errors:
        return await _again(request, family, _household(family), filled)
    after: dict[str, Any] = {
        "address": filled.of(fields.ADDRESS) or "",
        "category": filled.of(fields.CATEGORY),
        "invoice_delivery": filled.of(DELIVERY) or family.invoice_delivery,
        **{column: _kept(column, filled.of(field)) for column, field in fields.FUND},
    }
    try:
        await editing.change_household(family, after, request.user.member.id, request.now)
    except CannotEnrol as exc:
        errors = {fields.CATEGORY.name: fields.refusal(exc)}
        return await _again(request, family, _household(family), Filled(filled.typed, {}, errors))
    return _saved(family, "responsables")


def _kept(column: str, value: object) -> object:
    """An empty text, but no number: nothing is known of it."""
    return value if column == "dependants" else value or ""


@staff(*READERS)
async def quotients(request: StaffRequest) -> Response:
    return await _quotients(request, await family_of(request), NOTHING)


@staff(*EDITORS)
async def set_quotient(request: StaffRequest) -> Response:
    family = await family_of(request)
    filled = fill((VALUE, START, END), await form(request))
    value, start, end = filled.of(VALUE), filled.of(START), filled.of(END)
    errors = dict(filled.errors)
    if start and end and end < start:
        errors[END.name] = "Ce jour est avant le premier."
    if errors or value is None or start is None:
        return await _quotients(request, family, Filled(filled.typed, filled.values, errors), 422)
    await editing.set_quotient(family.id, value, start, end, request.user.member.id, request.now)
    return _saved(family, "quotients")


async def _quotients(request: StaffRequest, family: Family, filled: Filled, status: int = 200) -> Response:
    today: date = request.now.date()
    shown = filled if filled.typed else Filled({START.name: today.isoformat()}, {}, {})
    opened = Opened("nouveau", f"{PLACE}/{family.id}/quotients", (VALUE, START, END), shown)
    return await page(request, family, "quotients", {}, status, opened)


async def _wanted(request: StaffRequest, family: Family) -> Opened | None:
    """The form that the address asks for, for who may change something."""
    key = request.query_params.get("modifier", "")
    if not may_edit(request) or not key:
        return None
    if key == "foyer":
        return _household(family)
    row = await Guardian.get_or_none(id=whole(key) or 0, family_id=family.id)
    return _guardian(family, row) if row or key == "nouveau" else None


def _guardian(family: Family, row: Guardian | None) -> Opened:
    """`row` None: one who is added."""
    place = f"{PLACE}/{family.id}/responsables"
    if row is None:
        return Opened("nouveau", place, PARENT, NOTHING)
    typed = {field.name: getattr(row, column) or "" for field, column in zip(PARENT, COLUMNS, strict=True)}
    return Opened(str(row.id), f"{place}/{row.id}", PARENT, Filled(typed, {}, {}), _seen(row))


def _household(family: Family) -> Opened:
    typed = {
        fields.ADDRESS.name: family.address,
        fields.CATEGORY.name: family.category or "",
        DELIVERY.name: family.invoice_delivery,
        **{field.name: _typed(getattr(family, column)) for column, field in fields.FUND},
    }
    return Opened("foyer", f"{PLACE}/{family.id}/foyer", HOUSEHOLD, Filled(typed, {}, {}))


def _typed(value: object) -> str:
    return "" if value is None else str(value)


def _seen(row: Guardian) -> str:
    return seen(*(getattr(row, column) for column in COLUMNS))


async def _again(
    request: StaffRequest, family: Family, opened: Opened, filled: Filled, status: int = 422
) -> Response:
    """The tab once more, with what was typed and what is wrong with it."""

    shown = Opened(opened.key, opened.action, opened.fields, filled, opened.seen)
    return await page(request, family, "guardians", {}, status, shown)


def _saved(family: Family, tab: str) -> Response:
    return RedirectResponse(f"{PLACE}/{family.id}/{tab}?fait=1", 303)


routes = [
    Route("/mairie/familles/{id:int}/responsables", guardians),
    Route("/mairie/familles/{id:int}/responsables", add_guardian, methods=["POST"]),
    Route("/mairie/familles/{id:int}/responsables/{guardian:int}", change_guardian, methods=["POST"]),
    Route("/mairie/familles/{id:int}/foyer", change_household, methods=["POST"]),
    Route("/mairie/familles/{id:int}/quotients", quotients),
    Route("/mairie/familles/{id:int}/quotients", set_quotient, methods=["POST"]),
]
