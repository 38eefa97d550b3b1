"""« Listes du jour »: how many children a kitchen and the leaders expect, and the list of each class to tick off."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from starlette.responses import Response
from starlette.routing import Route

from models.bookings.day import class_counts, day_list, day_sheet
from models.bookings.day.class_counts import SchoolCount
from models.bookings.day.day_list import ExpectedChild
from models.bookings.day.day_sheet import SlotOfDay
from models.bookings.day.kitchen_list import KitchenList
from models.bookings.day.meal_needs import MealNeeds, meal_needs
from models.commune.shuttle import ShuttleLine
from models.families.file.health import note_read
from models.rules.families.health import NEEDED_BY
from models.rules.money import MINUS
from web.components.admin.day_lists import groups, shuttles
from web.components.admin.kit.csv_file import csv_file
from web.components.admin.kit.form import Day, Filled, fill
from web.http.auth import StaffRequest, staff
from web.http.forms import whole
from web.page.menu import Count, Entry
from web.page.templates import render

PLACE = "/mairie/listes"
NAMES = f"{PLACE}/classes"
DAY = Day("jour", "Jour")
FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)  # that a page shows
AHEAD = timedelta(days=60)  # where the next open day is looked for
MEAL = "meal"  # the kind of an activity
WITHOUT_CLASS = "Sans classe connue"
MANY = 200  # names on a page: beyond it shows one school at a time
HEADS = ("Jour", "Activité", "Créneau", "École", "Classe", "Groupe", "Nom", "Prénom", "Absence signalée")


async def today(now: datetime) -> Count:
    sheet = await day_sheet.between(now.date(), now.date())
    return Count(max((one.expected for one in sheet), default=0), "attendus aujourd’hui")


menu = Entry(
    PLACE,
    "Listes du jour",
    "list",
    roles=("kitchen", "leader", "manager"),
    order=35,
    shows=("days",),
    about="Les effectifs de chaque jour, et la liste de chaque classe",
    count=today,
)


@dataclass(frozen=True, slots=True)
class SlotList:
    """A slot of the day, how many are expected in it, and until when that may change."""

    slot: SlotOfDay
    schools: Sequence[SchoolCount]
    closes: datetime
    needs: MealNeeds | None = None  # of a meal, where somebody's work needs it
    told: KitchenList | None = None  # of a meal: what its kitchen was told at the limit

    @property
    def since(self) -> str:
        """How many more or fewer are expected now than the kitchen was told: « +2 », « −1 »."""
        more = self.slot.expected - self.told.expected if self.told else 0
        return f"{'+' if more > 0 else MINUS}{abs(more)}" if more else ""


@dataclass(frozen=True, slots=True)
class Week:
    """How many are expected, by slot and day; None where a slot does not open."""

    days: list[date]
    rows: list[tuple[SlotOfDay, list[SlotOfDay | None]]]


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    """The day that is asked for; else today, or the next one that opens."""
    asked = fill((DAY,), request.query_params)
    day = await _day(request, asked)
    monday = day - timedelta(days=day.weekday())
    sheet = await day_sheet.between(monday, monday + timedelta(days=6))
    lists = await _with_needs(request, await _lists(request, sheet, day), day)
    context = {
        "asked": DAY,
        "errors": asked.errors,
        "day": day,
        "lists": lists,
        "week": week_of(sheet, monday, day),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "names": request.user.may(NAMED),
        "without_class": WITHOUT_CLASS,
        "shuttles": request.user.may(shuttles.MAY) and await ShuttleLine.exists(offered=True),
    }
    return render(request, "admin/day_lists/page.html", context)


NAMED = ("leader", "manager")


@staff(*NAMED)
async def classes(request: StaffRequest) -> Response:
    """One slot of a day, class by class, in a city one school of it; as a file: all its names."""
    day = await _day(request, fill((DAY,), request.query_params))
    lists = await _lists(request, await day_sheet.between(day, day), day)
    chosen = whole(request.query_params.get("creneau"))
    shown = next((one for one in lists if one.slot.slot == chosen), lists[0] if lists else None)
    if request.query_params.get("export") == "csv":
        return _file(day, shown, await day_list.of(day, slot=shown.slot.slot) if shown else [])
    school = school_of(shown, whole(request.query_params.get("ecole"))) if shown else None
    which = school.id if school else None
    named = await day_list.of(day, slot=shown.slot.slot, school=which) if shown else []
    context = {"day": day, "lists": lists, "shown": shown, "school": school}
    context |= {"named": day_list.classes(named), "without_class": WITHOUT_CLASS}
    context["assigns"] = request.user.may(groups.MAY)
    return render(request, "admin/day_lists/classes.html", context)


routes = [Route(PLACE, show), Route(NAMES, classes), *groups.routes, *shuttles.routes]


def week_of(sheet: list[SlotOfDay], monday: date, shown: date) -> Week:
    """The school days, the open ones of the week-end, and the one that is shown."""
    opened = {one.day for one in sheet} | {shown}
    days = [monday + timedelta(days=n) for n in range(7)]
    days = [day for day in days if day.weekday() < 5 or day in opened]
    slots = {one.slot: one for one in sorted(sheet, key=lambda one: (one.starts, one.slot))}
    at = {(one.slot, one.day): one for one in sheet}
    return Week(days, [(slot, [at.get((id, day)) for day in days]) for id, slot in slots.items()])


def school_of(shown: SlotList, asked: int | None) -> SchoolCount | None:
    """Whose names a page shows, the first unless another is asked for; None: a page holds those of all."""
    if shown.slot.booked <= MANY or len(shown.schools) < 2:
        return None
    return next((one for one in shown.schools if one.id == asked), shown.schools[0])


async def _with_needs(request: StaffRequest, lists: list[SlotList], day: date) -> list[SlotList]:
    """Diets and allergens of the meals, for the roles that need them; that they were read is in the journal."""
    member, catalogue = request.user.member, await request.catalogue()
    if NEEDED_BY["allergens"].isdisjoint(member.roles):
        return lists
    found, children = [], await day_list.with_health(day)
    for one in lists:
        eaters = [child for child in children if child.slot == one.slot.slot]
        meal = catalogue.activity_of(one.slot.slot).kind == MEAL
        found.append(replace(one, needs=await meal_needs(eaters, member.roles)) if meal else one)
    if any(one.needs for one in found):
        await note_read(member.actor, f"day:{day}", None, request.now)
    return found


async def _lists(request: StaffRequest, sheet: list[SlotOfDay], day: date) -> list[SlotList]:
    catalogue = await request.catalogue()
    schools, told = await class_counts.of(day), await KitchenList.of_days(day, day)
    return [
        SlotList(
            one,
            schools.get(one.slot, []),
            day_list.closes(catalogue, one.slot, day),
            told=told.get((one.slot, day)),
        )
        for one in sheet
        if one.day == day
    ]


async def _day(request: StaffRequest, asked: Filled) -> date:
    """The one that is asked for; else today, or the next that opens. Weeks before and after it are dates too."""
    today = request.now.date()
    if day := asked.of(DAY):
        return day if FIRST <= day <= LAST else today
    sheet = await day_sheet.between(today, today + AHEAD)
    return min((one.day for one in sheet), default=today)


def _file(day: date, shown: SlotList | None, children: Sequence[ExpectedChild]) -> Response:
    about = (shown.slot.activity, shown.slot.name) if shown else ()
    lines = [
        (
            day,
            *about,
            child.school,
            child.level,
            child.group,
            child.last_name,
            child.first_name,
            "oui" if child.absent else "",
        )
        for child in children
    ]
    return csv_file(f"liste_{day:%Y-%m-%d}", HEADS, lines)
