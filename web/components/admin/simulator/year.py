"""A whole year by other prices, as the council looks at it: the verdict, the bars, the families."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.activities.facts import ActivityFacts
from models.activities.price_example import Example, days_of, priced
from models.bookings.price_simulation import Row, Simulation
from models.french import euros, plural
from models.rules.calendar import SchoolCalendar
from models.rules.money import NBSP, grouped
from models.rules.pricing import Band, NoTariff, Tariff
from web.components.admin.kit.plot import Pair, PairPlot, plot_pairs
from web.components.admin.simulator.bands import GENERAL, bracket, title_of

EURO = 100
SIZE = (640, 250)
WIDTH_OF_A_PAIR = 92
SHORT = {
    "outside": "hors com.",
    "pai": "PAI",
    "adult": "adultes",
    "staff": "personnel",
    "occasional": "occas.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table behind the bars."""

    name: str
    row: Row


@dataclass(frozen=True, slots=True)
class Family:
    """A made-up one, over the whole year."""

    name: str
    habit: str
    before: int
    now: int

    @property
    def difference(self) -> int:
        return self.now - self.before


def lines_of(activity: ActivityFacts, tariffs: Sequence[Tariff], found: Simulation) -> list[Line]:
    return [Line(_name(activity, tariffs[row.tariff], row), row) for row in found.rows]


def plot_of(activity: ActivityFacts, tariffs: Sequence[Tariff], found: Simulation) -> PairPlot:
    several = len(activity.slots) > 1
    pairs = []
    for row in found.rows:
        tariff = tariffs[row.tariff]
        families = plural(len(row.families), "famille")
        under = f"{tariff.slot}, {len(row.families)} fam." if several and tariff.slot else families
        pairs.append(Pair(_short(tariff, row), under, signed(row.difference), row.before, row.now))
    width = max(SIZE[0], 70 + WIDTH_OF_A_PAIR * len(pairs))
    return plot_pairs(pairs, (width, SIZE[1]), whole_euros, step=50 * EURO)


def signed(cents: int) -> str:
    """« +1 048,00 € », « −24,48 € », « 0,00 € »."""
    return f"+{euros(cents)}" if cents > 0 else euros(cents)


def whole_euros(cents: int) -> str:
    return f"{grouped(cents // EURO)}{NBSP}€"


def share(found: Simulation) -> str:
    """« +1,7 % » of the receipts; nothing where there were none."""
    if not found.before:
        return ""
    tenths = round(1000 * (found.now - found.before) / found.before)
    sign = "+" if tenths > 0 else "−" if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10},{abs(tenths) % 10}{NBSP}%"


def families_of(
    calendar: SchoolCalendar, activity: ActivityFacts, before: Sequence[Tariff], now: Sequence[Tariff]
) -> list[Family]:
    """A low, a middle and a high quotient, by today's brackets, in the first slot."""
    tariff = next((one for one in before if one.method == "brackets"), None)
    quotients = _quotients(tariff.bands) if tariff else [400, 900, 1500]
    week = len(activity.timetable.weekdays)
    found = []
    for quotient, children, weekdays in zip(
        quotients, (2, 3, 1), (week, week, max(1, week // 2)), strict=True
    ):
        example = Example(quotient, tariff.category if tariff else None, children, weekdays)
        days, slot = days_of(calendar, activity, example), activity.slots[0]
        try:
            old, new = (
                sum(one.price.cents for one in priced(by, slot, example, days)) for by in (before, now)
            )
        except NoTariff:
            continue
        each = " chacun" if children > 1 else ""
        habit = f"{plural(weekdays, 'jour')} par semaine{each}, {plural(len(days), 'jour')}"
        found.append(Family(f"QF {grouped(quotient)}, {plural(children, 'enfant')}", habit, old, new))
    return found


def _quotients(bands: Sequence[Band]) -> list[int]:
    """Inside the first, the middle and the last bracket."""
    limits = [band.up_to for band in bands if band.up_to is not None] or [400, 900]
    middle = limits[len(limits) // 2]
    return [max(0, limits[0] - 30), max(0, middle - 20), limits[-1] + 100]


def _name(activity: ActivityFacts, tariff: Tariff, row: Row) -> str:
    """« QF 451 à 900 », « Accueil du soir, sans quotient », « Hors commune »."""
    title, parts = title_of(activity, tariff), []
    if row.unknown:
        parts = ["sans quotient"]
    elif row.band is not None:
        parts = [f"QF {bracket(tariff, row.band)}"]
    if not (parts and title == GENERAL):
        parts = [title, *parts]
    said = ", ".join(parts)
    return f"{said[0].upper()}{said[1:]}"


def _short(tariff: Tariff, row: Row) -> str:
    if row.unknown:
        return "sans QF"
    if row.band is not None:
        return bracket(tariff, row.band).replace(" à ", " – ").replace(" et plus", " +")
    return SHORT.get(tariff.category or "", "prix unique" if tariff.method == "flat" else "taux")
