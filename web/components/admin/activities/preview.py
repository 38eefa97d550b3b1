"""What a family would see and pay of an activity as it is described: nothing is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from models.activities.definition.facts import facts_of
from models.activities.definition.openings import timetable
from models.activities.facts import ActivityFacts, SlotFacts
from models.activities.price_example import Example, days_of, price_of
from models.activity_file.definition import Definition, calendar_of
from models.activity_file.site import Site
from models.rules.calendar import Kind, SchoolCalendar, day_of, open_days, week
from models.rules.deadlines import PARIS
from models.rules.pricing import NoTariff, Price
from web.components.admin.activities import limits, words
from web.components.admin.kit.form import Choice, Filled, OneOf, Whole, fill
from web.http.auth import StaffRequest

QUOTIENT = Whole("qf", "Quotient familial", most=99_999)
CHILDREN = Whole("enfants", "Enfants", least=1, most=9)
CATEGORY = OneOf("famille", "Famille", choices=(Choice("", "non précisée"), *words.choices(words.CATEGORIES)))
FIELDS = (QUOTIENT, CHILDREN, CATEGORY)
USUAL = {"qf": "620", "enfants": "2"}


@dataclass(frozen=True, slots=True)
class Line:
    slot: SlotFacts
    child: int
    price: Price | None  # none: no tariff fits


async def price_example(
    request: StaffRequest, site: Site, definition: Definition, filled: Filled
) -> dict[str, Any]:
    """« QF 620, 2 enfants » on the next day that opens, and the whole year."""
    asked = fill(FIELDS, USUAL | dict(request.query_params))
    known: dict[str, Any] = {"asks": FIELDS, "asked": asked, "lines": [], "day": None, "sum": 0, "year": None}
    if filled.errors or asked.errors or not definition.said.tariffs:
        return known
    activity = facts_of(definition.said, site.year.id)
    found = await calendar_of(definition, site.year)
    example = Example(
        asked.of(QUOTIENT), asked.of(CATEGORY), asked.of(CHILDREN) or 1, len(definition.said.weekdays)
    )
    days = days_of(found, activity, example)
    if not days:
        return known
    today = request.now.astimezone(PARIS).date()
    day = next((day for day in days if day >= today), days[0])
    lines = _lines(activity, example, day)
    prices = [line.price for line in lines]
    whole = not any(price is None for price in prices)
    return known | {
        "lines": lines,
        "day": day,
        "sum": sum(price.cents for price in prices if price) if whole else None,
        "year": _year(activity, example, days) if whole else None,
        "days": len(days),
    }


def _lines(activity: ActivityFacts, example: Example, day: date) -> list[Line]:
    return [
        Line(slot, child, _price(activity, slot, example, day, child))
        for slot in activity.slots
        for child in range(1, example.children + 1)
    ]


def _price(activity: ActivityFacts, slot: SlotFacts, example: Example, day: date, child: int) -> Price | None:
    try:
        return price_of(activity.tariffs, slot, example, day, child)
    except NoTariff:
        return None


def _year(activity: ActivityFacts, example: Example, days: Sequence[date]) -> int | None:
    """Cents; none where some day has no price."""
    found = [line.price for day in days for line in _lines(activity, example, day)]
    return None if any(price is None for price in found) else sum(price.cents for price in found if price)


async def parents_week(request: StaffRequest, site: Site, definition: Definition) -> dict[str, Any]:
    """The next week that opens, as the planning of a family would show it."""
    said, asked = definition.said, fill(FIELDS, USUAL | dict(request.query_params))
    found = await calendar_of(definition, site.year)
    today = request.now.astimezone(PARIS).date()
    monday = _monday(definition, found, today)
    activity = facts_of(said, site.year.id)
    example = Example(asked.of(QUOTIENT), asked.of(CATEGORY), 1, len(said.weekdays))
    days = [monday + timedelta(days=n) for n in range(7 if max(said.weekdays) > 4 else 5)]
    kinds = [(day, day_of(found, timetable(said), None, day)) for day in days]
    rows = []
    for slot in activity.slots:
        cells = []
        for day, kind in kinds:
            price = _price(activity, slot, example, day, 1) if kind.kind is Kind.open else None
            cells.append((kind, price))
        rows.append((slot, cells))
    return {
        "days": days,
        "rows": rows,
        "asks": (QUOTIENT, CATEGORY),
        "asked": asked,
        "sentences": limits.sentences(said),
        "week": {one.day: one for one in limits.example_week(said, found, monday - timedelta(days=7))},
    }


def _monday(definition: Definition, calendar: SchoolCalendar, today: date) -> date:
    said = definition.said
    coming = open_days(
        calendar, timetable(said), None, max(today + timedelta(days=7), said.opens), said.closes
    )
    first = next(coming, None) or said.opens
    return week(first)[0]
