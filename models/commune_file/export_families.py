"""The families of the database, as a commune file writes them."""

from collections import defaultdict
from typing import Any

from models.commune.school_year import SchoolYear
from models.commune_file.load_accounts import debt_key, invoice_key
from models.families.aid import Aid
from models.families.child import Home, Schooling
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.guardian import Guardian
from models.families.membership import Membership
from models.families.quotient import Quotient
from models.money.invoice import Invoice, InvoiceLine
from models.money.ledger import Entry, Leg
from models.rules.deadlines import PARIS

GUARDIAN = ("first_name", "last_name", "email", "username", "phone", "home_phone", "work_phone")


async def families(year: SchoolYear, tills: dict[int, str]) -> list[dict[str, Any]]:
    """`tills` are codes by id; one that the file does not name is left out."""
    children = await _children(year)
    guardians = defaultdict(list)
    for row in await Guardian.all().order_by("position", "id"):
        guardians[row.family_id].append(row)
    opening = await _opening()
    found = []
    for family in await Family.all().order_by("id"):
        mine = guardians[family.id]
        said = {
            "number": family.number,
            "account": any(guardian.activated_at for guardian in mine),
            "category": family.category,
            "address": family.address or None,
            "invoice_delivery": None if family.invoice_delivery == "portal" else family.invoice_delivery,
            **{name: getattr(family, name) or None for name in ("holder", "scheme", "holder_number")},
            "dependants": family.dependants,
            "guardians": [_some(guardian, GUARDIAN) for guardian in mine],
            "quotient": await _quotients(family.id),
            "aids": await _aids(family.id),
            "children": children[family.id],
            "opening": await _debts(family, opening, tills),
            "invoices": await _invoices(family.id, opening, tills),
        }
        found.append({key: value for key, value in said.items() if value not in (None, [])})
    return found


def _some(row: object, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


async def _children(year: SchoolYear) -> dict[int, list[dict[str, Any]]]:
    classes = {row.child_id: row for row in await Schooling.filter(year_id=year.id).select_related("school")}
    enrolments, members = defaultdict(list), defaultdict(list)
    for row in (
        await Enrolment.filter(activity__year_id=year.id)
        .order_by("position", "id")
        .select_related("activity")
    ):
        enrolments[row.child_id, row.family_id].append(row)
    for paid in await Membership.filter(activity__year_id=year.id).order_by("id").select_related("activity"):
        members[paid.child_id, paid.family_id].append(paid.activity.code)
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for home in await Home.all().order_by("position", "id").select_related("child"):
        here = (home.child_id, home.family_id)
        child = _some(home.child, ("first_name", "last_name", "born"))
        child |= {"sex": home.child.sex} if home.child.sex else {}
        schooling = classes.get(home.child_id)
        if schooling is not None:
            child |= {"level": schooling.level, "school": schooling.school.code}
        child["activities"] = [row.activity.code for row in enrolments[here]]
        category = next((row.category for row in enrolments[here] if row.category), None)
        weeks = None if home.weeks == "all" else home.weeks
        more = {"members": members[here] or None, "category": category, "weeks": weeks}
        found[home.family_id].append(child | {key: value for key, value in more.items() if value is not None})
    return found


async def _quotients(family: int) -> list[dict[str, Any]]:
    rows = await Quotient.filter(family_id=family).order_by("start", "id")
    return [{"value": row.value, "from": row.start} | ({"to": row.end} if row.end else {}) for row in rows]


async def _aids(family: int) -> list[dict[str, Any]]:
    return [
        _some(row, ("funder", "cents", "activities", "most_cents", "most_days"))
        | {"from": row.start}
        | ({"to": row.end} if row.end else {})
        | ({"child": row.child.first_name} if row.child else {})
        for row in await Aid.filter(family_id=family).order_by("start", "id").prefetch_related("child")
    ]


async def _opening() -> dict[str, tuple[Entry, Leg]]:
    """What was posted before this portal, by key: the entry and its leg on the family's account."""
    legs = await Leg.filter(entry__kind="opening", account__kind="family").select_related("entry", "account")
    return {leg.entry.key: (leg.entry, leg) for leg in legs}


async def _debts(
    family: Family, opening: dict[str, tuple[Entry, Leg]], tills: dict[int, str]
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while (key := debt_key(family.number, len(found))) in opening:
        entry, leg = opening[key]
        debt = {
            "label": entry.label,
            "cents": leg.cents,
            "paid": _paid(opening, key),
            "on": entry.occurred_at.astimezone(PARIS).date(),
        } | {key: value for key, value in (("child", entry.child), ("activity", entry.activity)) if value}
        found.append(debt | _till(leg.account.till_id, tills))
    return found


async def _invoices(
    family: int, opening: dict[str, tuple[Entry, Leg]], tills: dict[int, str]
) -> list[dict[str, Any]]:
    found = []
    for row in await Invoice.filter(family_id=family, before_portal=True).order_by("id"):
        lines = await InvoiceLine.filter(invoice_id=row.id).order_by("position")
        invoice = {
            "number": row.number,
            "on": row.issued_on,
            "paid": _paid(opening, invoice_key(row.till_id, row.number)),
            "lines": [_some(line, ("child", "label", "quantity", "unit_cents")) for line in lines],
        }
        found.append(invoice | _till(row.till_id, tills))
    return found


def _paid(opening: dict[str, tuple[Entry, Leg]], key: str) -> int:
    found = opening.get(f"{key}:paid")
    return -found[1].cents if found else 0


def _till(id: int | None, tills: dict[int, str]) -> dict[str, str]:
    return {"till": tills[id]} if id in tills else {}
