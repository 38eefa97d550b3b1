"""The dashboard's figures as they are shown: children expected day by day, and what was paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.activities.catalogue import Catalogue
from models.bookings.day import day_list
from models.bookings.day.day_sheet import SlotOfDay
from models.french import day_short, euros, month_name, plural, weekday
from models.french.dates import SHORT_MONTHS
from models.money.takings import Taking
from models.rules.deadlines import last_minute
from web.components.admin.kit.plot import Bar, Plot, plot

WEEKS = 2
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


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    cents: int
    going_on: bool

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


def days_of(
    catalogue: Catalogue, sheet: Sequence[SlotOfDay], slot: Slot, first: date, last: date
) -> list[Expected]:
    """The days of the school week, and those of the week-ends that open."""
    open_days = {one.day: one for one in sheet if one.slot == slot.id}
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [
        Expected(
            day, open_days.get(day), day_list.closes(catalogue, slot.id, day) if day in open_days else None
        )
        for day in days
        if day.weekday() < 5 or day in open_days
    ]


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
    return plot([_bar(one, now) for one in days], LARGE, limit=shown)


def _bar(one: Expected, now: datetime) -> Bar:
    label, today = day_short(one.day), one.day == now.date()
    if one.sheet is None or one.closes is None:
        return Bar(label, 0, closed="fermé", current=today)
    may_change = now < one.closes
    return Bar(
        label,
        one.sheet.expected,
        _until(one.day, one.closes) if may_change else "",
        may_change,
        current=today,
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


def sums_of(takings: Sequence[Taking], months: Sequence[date]) -> list[Month]:
    return [
        Month(month, sum(one.cents for one in takings if one.month == month), month == months[-1])
        for month in months
    ]


def plot_of_months(months: Sequence[Month], today: date) -> Plot:
    bars = [
        Bar(
            SHORT_MONTHS[one.first.month - 1].capitalize(),
            one.cents,
            f"au {today.day}" if one.going_on else "",
            open=one.going_on,
        )
        for one in months
    ]
    return plot(bars, SMALL, euros_short, step=50 * EURO)


def euros_short(cents: int) -> str:
    """« 9 000 € »: whole euros, where a figure has little room; the others in full."""
    return euros(cents).replace(",00", "") if cents % EURO == 0 else euros(cents)
