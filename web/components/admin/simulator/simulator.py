"""« Simuler les tarifs »: a made-up family's bill, and a year of real bookings by other prices. Nothing is written."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from models.activities.catalogue import Catalogue
from models.activities.facts import ActivityFacts, SlotFacts
from models.activities.price_example import Example, days_of, weekdays_of
from models.bookings.price_simulation import Simulation, booked_of, simulate
from models.french import month_name
from models.french.dates import WEEKDAYS
from models.rules.calendar import month as month_of
from models.rules.pricing import NoTariff
from web.components.admin.kit.csv_file import csv_file, decimal
from web.components.admin.kit.form import Choice, Filled, Money, OneOf, Whole, fill
from web.components.admin.simulator import bands, family, year
from web.http.auth import StaffRequest, staff
from web.page.menu import Entry
from web.page.templates import render

PLACE = "/mairie/simulateur"
YEAR = f"{PLACE}/annee"
MOST_CHILDREN = 6

menu = Entry(
    PLACE,
    "Simulateur",
    "chart",
    roles=("manager", "cashier"),
    order=47,
    shows=("quotient",),
    about="Ce que paie une famille, et une année entière avec d’autres tarifs",
)


@staff(*menu.roles)
async def of_family(request: StaffRequest) -> Response:
    catalogue = await request.catalogue()
    activity = _activity(catalogue, request.query_params.get("activite", ""), request.now.date())
    if activity is None:
        return render(request, "admin/simulator/page.html", {"activity": None})
    filled = _filled(catalogue, activity, dict(request.query_params), request.now.date())
    known: dict[str, Any] = {
        "activity": activity,
        "fields": _fields(catalogue, activity),
        "filled": filled,
        "errors": filled.errors,
        "found": None,
        "year_address": f"{YEAR}?activite={activity.id}",
    }
    if not filled.errors:
        known["found"] = _of_family(catalogue, activity, filled)
    return render(request, "admin/simulator/page.html", known, status=422 if filled.errors else 200)


@staff(*menu.roles)
async def of_year(request: StaffRequest) -> Response:
    catalogue, sent = await request.catalogue(), dict(request.query_params)
    activity = _activity(catalogue, sent.get("activite", ""), request.now.date())
    if activity is None:
        return render(request, "admin/simulator/year.html", {"activity": None})
    typed = bands.read(activity, sent)
    tariffs = activity.tariffs if typed.tariffs is None else typed.tariffs
    found = simulate(
        activity, await booked_of(activity, (*activity.tariffs, *tariffs)), activity.tariffs, tariffs
    )
    lines = year.lines_of(activity, tariffs, found)
    if sent.get("export") == "csv" and not typed.errors:
        return _file(lines, request.now.date())
    sheets = bands.sheets_of(activity)
    known = {
        "activity": activity,
        "asked": OneOf("activite", "Activité", choices=_activities(catalogue)),
        "sheets": sheets,
        "typed": typed.filled.typed,
        "changed": typed.filled.typed != bands.today_of(sheets),
        "errors": typed.errors,
        "found": found,
        "lines": lines,
        "plot": year.plot_of(activity, tariffs, found) if found.rows else None,
        "families": year.families_of(catalogue.calendars[activity.year], activity, activity.tariffs, tariffs),
        "share": year.share(found),
        "signed": year.signed,
        "verdict": _verdict(found),
        "school_year": catalogue.years[activity.year].name,
        "family_address": f"{PLACE}?activite={activity.id}",
        "file_address": f"{YEAR}?{request.url.query}&export=csv",
    }
    return render(request, "admin/simulator/year.html", known, status=422 if typed.errors else 200)


def _activity(catalogue: Catalogue, said: str, today: date) -> ActivityFacts | None:
    """The one that is asked for, else the first of the year that is going on or comes last."""
    chosen = next((one for one in catalogue.activities.values() if str(one.id) == said), None)
    years = sorted(catalogue.years.values(), key=lambda one: (one.starts <= today <= one.ends, one.starts))
    newest = years[-1].id if years else None
    return chosen or next((one for one in catalogue.activities.values() if one.year == newest), None)


def _activities(catalogue: Catalogue) -> tuple[Choice, ...]:
    names = [one.name for one in catalogue.activities.values()]
    return tuple(
        Choice(
            str(one.id),
            one.name if names.count(one.name) == 1 else f"{one.name}, {catalogue.years[one.year].name}",
        )
        for one in catalogue.activities.values()
    )


def _months(activity: ActivityFacts) -> list[date]:
    first, found = activity.timetable.opens.replace(day=1), []
    while first <= activity.timetable.closes:
        found.append(first)
        first = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return found


def _fields(catalogue: Catalogue, activity: ActivityFacts) -> dict[str, Any]:
    week = len(activity.timetable.weekdays)
    categories = dict.fromkeys(tariff.category or "" for tariff in activity.tariffs)
    fields: list[Any] = [
        OneOf("activite", "Activité", choices=_activities(catalogue)),
        OneOf(
            "creneau", "Créneau", choices=tuple(Choice(str(slot.id), slot.name) for slot in activity.slots)
        ),
        Whole(
            "quotient",
            "Quotient familial",
            hint="Vide\u00a0: quotient non connu",
            most=bands.HIGHEST_QUOTIENT,
        ),
        OneOf("enfants", "Enfants", choices=_numbers(MOST_CHILDREN)),
        OneOf("jours", "Jours par semaine", choices=_numbers(week)),
        OneOf(
            "categorie",
            "Catégorie",
            choices=tuple(Choice(one, bands.CATEGORIES.get(one, "aucune")) for one in categories),
        ),
        OneOf(
            "mois",
            "Mois",
            choices=tuple(Choice(f"{one:%Y-%m}", month_name(one)) for one in _months(activity)),
        ),
    ]
    if not activity.prepaid:
        fields += [
            Money("aide", "Aide d’un tiers, par unité", hint="CAF, CCAS…"),
            Money("plafond", "Plafond de l’aide, sur l’année"),
        ]
    return {field.name: field for field in fields}


def _numbers(most: int) -> tuple[Choice, ...]:
    return tuple(Choice(str(number), str(number)) for number in range(1, most + 1))


def _filled(catalogue: Catalogue, activity: ActivityFacts, sent: dict[str, str], today: date) -> Filled:
    """What the address does not say is said for it; what belongs to another activity is as if it were not said."""
    fields = _fields(catalogue, activity)
    month, months = f"{today:%Y-%m}", fields["mois"].choices
    usual = {
        "activite": str(activity.id),
        "creneau": fields["creneau"].choices[0].value,
        "quotient": "620",
        "enfants": "2",
        "jours": fields["jours"].choices[-1].value,
        "categorie": fields["categorie"].choices[0].value,
        "mois": month if month in [one.value for one in months] else months[0].value,
    }
    for name in ("activite", "creneau", "jours", "categorie", "mois"):
        if sent.get(name) not in [choice.value for choice in fields[name].choices]:
            sent[name] = usual[name]
    return fill(fields.values(), usual | sent)


def _of_family(catalogue: Catalogue, activity: ActivityFacts, filled: Filled) -> dict[str, Any]:
    values = filled.values
    example = Example(
        values.get("quotient"), values.get("categorie") or None, int(values["enfants"]), int(values["jours"])
    )
    days = days_of(catalogue.calendars[activity.year], activity, example)
    month = month_of(date.fromisoformat(f"{values['mois']}-01"))
    slot = next(one for one in activity.slots if str(one.id) == values["creneau"])
    known: dict[str, Any] = {
        "example": example,
        "slot": slot,
        "month": month,
        "month_days": sum(month[0] <= day <= month[1] for day in days),
        "year_days": len(days),
        "weekdays": [WEEKDAYS[day] for day in weekdays_of(activity, example)],
        "untold": False,
    }
    aid = (values["aide"], values.get("plafond")) if values.get("aide") else None
    try:
        return known | _priced(catalogue, activity, slot, example, days, month, aid)
    except NoTariff:
        return known | {"untold": True}


def _priced(
    catalogue: Catalogue, activity: ActivityFacts, slot: SlotFacts, example: Example, days: Sequence[date],
    month: tuple[date, date], aid: tuple[int, int | None] | None,
) -> dict[str, Any]:  # fmt: skip
    lines = family.prices(activity, example, days, month)
    return {
        "prices": lines,
        "sums": [
            (
                one,
                sum(line.cents for line in lines if line.slot == one),
                sum(line.month for line in lines if line.slot == one),
                sum(line.year for line in lines if line.slot == one),
            )
            for one in activity.slots
        ],
        "bill": family.bill(activity, slot, catalogue.tills[activity.till], example, days, month, aid),
        "cases": family.cases(activity, slot, example, days),
    }


def _verdict(found: Simulation) -> dict[str, Any]:
    return {
        "less": found.less,
        "more": found.more,
        "same": found.same,
        "rise": found.highest_rise,
        "moved": len(found.moved),
    }


def _file(lines: Sequence[year.Line], today: date) -> Response:
    heads = ("Tranche", "Familles", "Jours", "Aujourd’hui (€)", "Simulé (€)")
    cells = [
        (line.name, len(line.row.families), line.row.days, decimal(line.row.before), decimal(line.row.now))
        for line in lines
    ]
    return csv_file(f"simulation_{today:%Y-%m-%d}", heads, cells)


routes = [Route(PLACE, of_family), Route(YEAR, of_year)]
