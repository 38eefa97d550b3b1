"""The dashboard's figures as they are shown: children expected day by day, and what was paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.activities.catalogue import Catalogue
from models.bookings.day import day_list
from models.bookings.day.day_schools import OfSchool
from models.bookings.day.day_sheet import SlotOfDay
from models.french import day_short, euros, month_name, plural, weekday
from models.french.dates import SHORT_MONTHS
from models.money.takings import Taking
from models.rules.deadlines import last_minute
from web.components.admin.kit.plot import Bar, Plot, plot

WEEKS = 2
SHADES = 3  # of kit/plot.css
FILLS = 6  # slots whose places are shown
ELSEWHERE, OTHERS = "sans école", "autres écoles"
LARGE, SMALL = (700, 260), (340, 200)  # of a plot
EURO = 100


@dataclass(frozen=True, slots=True)
class Slot:
    id: int
    name: str
    activity: str


@dataclass(frozen=True, slots=True)
class Expected:
    """One day of one slot; `sheet` is none where it does not open."""

    day: date
    sheet: SlotOfDay | None
    closes: datetime | None  # until when it may change
    schools: tuple[int, ...] = ()  # what is expected of each, in the order of `schools_of`


@dataclass(frozen=True, slots=True)
class Fill:
    """The fullest day to come of a slot that has a limit."""

    sheet: SlotOfDay
    open: bool  # its list may still change

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.sheet.booked / self.sheet.places)) if self.sheet.places else 100


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    cents: int
    going_on: bool
    tills: tuple[int, ...] = ()  # what the sum is made of, in the order of the tills

    @property
    def name(self) -> str:
        return month_name(self.first)


def weeks_of(today: date) -> tuple[date, date]:
    """From the Monday of this week to the Sunday of the next."""
    monday = today - timedelta(days=today.weekday())
    return monday, monday + timedelta(days=7 * WEEKS - 1)


def slots_of(sheet: Sequence[SlotOfDay]) -> list[Slot]:
    """In the order of the day."""
    found = {one.slot: one for one in sorted(sheet, key=lambda one: (one.starts, one.slot))}
    return [Slot(one.slot, one.name, one.activity) for one in found.values()]


def named(slot: Slot, slots: Sequence[Slot]) -> str:
    """With its activity where another has the same name."""
    alone = [one.name for one in slots].count(slot.name) == 1
    return slot.name if alone else f"{slot.name}, {slot.activity}"


def chosen(slots: Sequence[Slot], sheet: Sequence[SlotOfDay], wanted: int | None) -> Slot | None:
    """The one that is asked for, or the one with most children."""
    asked = next((slot for slot in slots if slot.id == wanted), None)
    return asked or max(slots, key=lambda slot: sum(_expected(sheet, slot)), default=None)


def _expected(sheet: Sequence[SlotOfDay], slot: Slot) -> list[int]:
    return [one.expected for one in sheet if one.slot == slot.id]


def schools_of(counted: Sequence[OfSchool], slot: Slot) -> list[str]:
    """At most as many as a bar has shades; the rest is one. None where a single school says nothing more."""
    names = list(dict.fromkeys(one.school or ELSEWHERE for one in counted if one.slot == slot.id))
    if len(names) > SHADES:
        names = [*names[: SHADES - 1], OTHERS]
    return names if len(names) > 1 else []


def _by_school(counted: Sequence[OfSchool], slot: Slot, names: Sequence[str]) -> dict[date, tuple[int, ...]]:
    found: dict[date, list[int]] = {}
    for one in counted:
        name = one.school or ELSEWHERE
        if one.slot == slot.id and names:
            sums = found.setdefault(one.day, [0] * len(names))
            sums[names.index(name) if name in names else len(names) - 1] += one.expected
    return {day: tuple(sums) for day, sums in found.items()}


def days_of(
    catalogue: Catalogue, sheet: Sequence[SlotOfDay], slot: Slot, counted: Sequence[OfSchool], first: date
) -> list[Expected]:
    """The days of the school week, and those of the week-ends that open."""
    open_days = {one.day: one for one in sheet if one.slot == slot.id}
    schools = _by_school(counted, slot, schools_of(counted, slot))
    days = [first + timedelta(days=number) for number in range(7 * WEEKS)]
    return [
        Expected(
            day,
            open_days.get(day),
            day_list.closes(catalogue, slot.id, day) if day in open_days else None,
            schools.get(day, ()),
        )
        for day in days
        if day.weekday() < 5 or day in open_days
    ]


def fills_of(catalogue: Catalogue, sheet: Sequence[SlotOfDay], now: datetime) -> list[Fill]:
    """Of each slot with a limit, the day to come that is fullest; the fullest first."""
    fullest: dict[int, Fill] = {}
    for one in sheet:
        if not one.places or one.day < now.date() or not one.booked:
            continue
        found = Fill(one, now < day_list.closes(catalogue, one.slot, one.day))
        if one.slot not in fullest or found.percent > fullest[one.slot].percent:
            fullest[one.slot] = found
    return sorted(fullest.values(), key=lambda one: -one.percent)[:FILLS]


def next_closing(catalogue: Catalogue, sheet: Sequence[SlotOfDay], now: datetime) -> Expected | None:
    """The next list that is closed, where that is within a day."""
    open_days = [Expected(one.day, one, day_list.closes(catalogue, one.slot, one.day)) for one in sheet]
    soon = [one for one in open_days if one.closes and now < one.closes < now + timedelta(days=1)]
    return min(soon, key=lambda one: one.closes or now, default=None)


def plot_of_days(days: Sequence[Expected], now: datetime) -> Plot:
    places = {one.sheet.places for one in days if one.sheet}
    limit = places.pop() if len(places) == 1 else None
    most = max((one.sheet.expected for one in days if one.sheet), default=0)
    # Places that nobody comes near would flatten the bars.
    shown = (limit, plural(limit, "place")) if limit and limit <= 2 * most else None
    weeks = [one.day.isocalendar().week for one in days]
    begins = [number > 0 and weeks[number] != weeks[number - 1] for number in range(len(weeks))]
    bars = [_bar(one, now, gap) for one, gap in zip(days, begins, strict=True)]
    return plot(bars, LARGE, limit=shown)


def _bar(one: Expected, now: datetime, gap: bool) -> Bar:
    label, today = day_short(one.day), one.day == now.date()
    if one.sheet is None or one.closes is None:
        return Bar(label, 0, closed="fermé", current=today, gap=gap)
    may_change = now < one.closes
    return Bar(
        label,
        one.sheet.expected,
        _until(one.day, one.closes) if may_change else "",
        may_change,
        current=today,
        parts=one.schools,
        gap=gap,
    )


def _until(day: date, closes: datetime) -> str:
    """« 10:00 » of that day, « ve 10:00 » of the Friday before it."""
    local = last_minute(closes)
    time = f"{local:%H:%M}"
    return time if local.date() == day else f"{weekday(local)[:2]} {time}"


def months_of(today: date, number: int = 3) -> list[date]:
    """First days of the last months, this one included, the earliest first."""
    months = [today.replace(day=1)]
    while len(months) < number:
        months.insert(0, (months[0] - timedelta(days=1)).replace(day=1))
    return months


def tills_of(takings: Sequence[Taking]) -> list[str]:
    return list(dict.fromkeys(one.till for one in takings))


def sums_of(takings: Sequence[Taking], months: Sequence[date]) -> list[Month]:
    found = []
    for month in months:
        tills = tuple(one.cents for one in takings if one.month == month)
        shades = tills if 1 < len(tills) <= SHADES else ()
        found.append(Month(month, sum(tills), month == months[-1], shades))
    return found


def plot_of_months(months: Sequence[Month], today: date) -> Plot:
    bars = [
        Bar(
            SHORT_MONTHS[one.first.month - 1].capitalize(),
            one.cents,
            f"au {today.day}" if one.going_on else "",
            open=one.going_on,
            parts=one.tills,
        )
        for one in months
    ]
    return plot(bars, SMALL, euros_short, step=50 * EURO)


def euros_short(cents: int) -> str:
    """« 9 000 € »: whole euros, where a figure has little room; the others in full."""
    return euros(cents).replace(",00", "") if cents % EURO == 0 else euros(cents)
