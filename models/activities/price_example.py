"""What a made-up family would pay of an activity: « QF 620, 2 enfants », on the days of the real calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models.activities.facts import ActivityFacts, SlotFacts
from models.rules import pricing
from models.rules.calendar import Kind, SchoolCalendar, day_of, days
from models.rules.pricing import How, Price, Tariff
from models.rules.pricing.stay import Stay


@dataclass(frozen=True, slots=True)
class Example:
    """`children` are all enrolled; each books the first `weekdays` of the activity's week."""

    quotient: int | None
    category: str | None
    children: int
    weekdays: int


@dataclass(frozen=True, slots=True)
class ExampleDay:
    child: int  # 1 for the eldest
    day: date
    price: Price


def weekdays_of(activity: ActivityFacts, example: Example) -> list[int]:
    return sorted(activity.timetable.weekdays)[: example.weekdays]


def days_of(calendar: SchoolCalendar, activity: ActivityFacts, example: Example) -> list[date]:
    """The days of the year on which the activity opens; closures of one school alone are left out."""
    timetable, wanted = activity.timetable, weekdays_of(activity, example)
    return [
        day
        for day in days(timetable.opens, timetable.closes)
        if day.weekday() in wanted and day_of(calendar, timetable, "", day).kind is Kind.open
    ]


def price_of(
    tariffs: Sequence[Tariff],
    slot: SlotFacts,
    example: Example,
    day: date,
    child: int = 1,
    how: How = "booked",
    stay: Stay | None = None,
) -> Price:
    """Raises pricing.NoTariff."""
    return pricing.price(
        tariffs, slot.code, example.category, day, example.quotient, child, how=how, stay=stay or slot.stay
    )


def priced(
    tariffs: Sequence[Tariff], slot: SlotFacts, example: Example, booked: Sequence[date]
) -> list[ExampleDay]:
    """Children after each other, each in the order of the days. Raises pricing.NoTariff."""
    return [
        ExampleDay(child, day, price_of(tariffs, slot, example, day, child))
        for child in range(1, example.children + 1)
        for day in booked
    ]
