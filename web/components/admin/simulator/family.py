"""« QF 620, 2 enfants »: each slot's price and why, a month as its invoice says it, a year, and what else may be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.activities.facts import ActivityFacts, SlotFacts
from models.activities.price_example import Example, ExampleDay, price_of, priced
from models.commune.till import Till
from models.french import euros, plural
from models.rules.deadlines import paris
from models.rules.invoicing.lines import Line, PricedDay, carries_over, due_of, lines_of
from models.rules.money import NBSP
from models.rules.pricing.aids import Aid, AidedLine, deduct
from models.rules.pricing.missed import AbsenceRule, due_of_absence
from models.rules.pricing.stay import late_pickup, stayed

REASONS = {"sick": "malade", "strike": "grève", "trip": "sortie scolaire", "other": "autre absence"}
SICK_DAYS = 3
HALF_AN_HOUR = 30


@dataclass(frozen=True, slots=True)
class Priced:
    """One child in one slot."""

    slot: SlotFacts
    child: int
    cents: int
    reason: str
    month: int  # cents
    year: int

    @property
    def care(self) -> int | None:
        """What of a day is care, in cents."""
        return None if self.slot.care_part is None else min(self.slot.care_part, self.cents)


@dataclass(frozen=True, slots=True)
class Bill:
    """A month of one slot, as its invoice would say it."""

    lines: Sequence[Line]
    aid: int | None  # what a third party pays; none: nobody does
    spent: bool  # the aid's cap is reached
    waits: bool  # too small: it is carried over

    @property
    def due(self) -> int:
        return due_of(self.lines) - (self.aid or 0)


@dataclass(frozen=True, slots=True)
class Case:
    """Something else than a booked day, and what it costs the eldest child."""

    what: str
    said: str
    why: str


def prices(
    activity: ActivityFacts, example: Example, days: Sequence[date], month: tuple[date, date]
) -> list[Priced]:
    """Slots in the order of the day, children in theirs. Raises NoTariff."""
    found = []
    for slot in activity.slots:
        year = priced(activity.tariffs, slot, example, days)
        for child in range(1, example.children + 1):
            mine = [one for one in year if one.child == child]
            inside = [one for one in mine if month[0] <= one.day <= month[1]]
            if not mine:
                continue
            shown = (inside or mine)[0]
            sums = (sum(one.price.cents for one in some) for some in (inside, mine))
            found.append(Priced(slot, child, shown.price.cents, shown.price.reason, *sums))
    return found


def bill(
    activity: ActivityFacts, slot: SlotFacts, till: Till, example: Example, days: Sequence[date],
    month: tuple[date, date], aid: tuple[int, int | None] | None,
) -> Bill:  # fmt: skip
    """`aid`: cents of each unit, and over the whole year at the most; it is used from the first day on."""
    year = priced(activity.tariffs, slot, example, days)
    inside = [one for one in year if month[0] <= one.day <= month[1]]
    lines = lines_of(
        PricedDay(_child(one.child), slot.name, one.day, one.price.cents, one.price.quantity, slot.care_part)
        for one in inside
    )
    taken, spent = _aided(activity, year, month, aid) if aid else (None, False)
    due = due_of(lines) - (taken or 0)
    return Bill(lines, taken, spent, not activity.prepaid and carries_over(due, till.least_invoice))


def _aided(
    activity: ActivityFacts, year: Sequence[ExampleDay], month: tuple[date, date], aid: tuple[int, int | None]
) -> tuple[int, bool]:
    """Cents in the month, and whether the cap is reached by its end."""
    rule = Aid(1, aid[0], activity.timetable.opens, most_cents=aid[1])
    lines = [
        AidedLine(n, one.day, one.child, activity.code, one.price.cents, one.price.quantity)
        for n, one in enumerate(one for one in year if one.day <= month[1])
    ]
    given = deduct([rule], lines)
    inside = sum(one.cents for one in given if lines[one.line].day >= month[0])
    return inside, sum(one.cents for one in given) == aid[1]


def cases(activity: ActivityFacts, slot: SlotFacts, example: Example, days: Sequence[date]) -> list[Case]:
    """What the roll call, a later limit or an absence would make of a day; only what this activity has a rule for."""
    if not days:
        return []
    day, found = days[0], []
    booked = price_of(activity.tariffs, slot, example, day)
    for how, what in (("late", "Réservé après la limite"), ("unbooked", "Présent sans réservation")):
        price = price_of(activity.tariffs, slot, example, day, how=how)  # type: ignore[arg-type]
        if price.how == how and (how != "late" or activity.deadlines["late"]):
            found.append(Case(what, euros(price.cents), price.reason))
    if slot.timing:
        left = min(slot.starts + HALF_AN_HOUR, slot.ends)
        stay = stayed(slot.timing, slot.starts, left, slot.late_pickup)
        price = price_of(activity.tariffs, slot, example, day, stay=stay)
        found.append(Case(f"Parti à {clock(left)}", euros(price.cents), price.reason))
    if slot.late_pickup:
        over = slot.late_pickup.after + 20
        cents = late_pickup(slot.late_pickup, over)
        per = f"{euros(slot.late_pickup.cents)}{NBSP}par {slot.late_pickup.per} minutes commencées"
        why = per if slot.late_pickup.per else "une fois"
        found.append(Case(f"Repris à {clock(over)}", f"{euros(cents)} en plus", why))
    return found + [_missed(rule, days[:SICK_DAYS], booked.cents) for rule in activity.absences]


def _missed(rule: AbsenceRule, days: Sequence[date], cents: int) -> Case:
    began: datetime = paris(days[0], 0)
    due = due_of_absence(rule, [(day, cents) for day in days], began, began + timedelta(minutes=1))
    proof = f", justificatif sous {rule.proof_hours}{NBSP}h" if rule.proof_hours else ""
    first = f"{plural(rule.due_days, 'jour')} de carence" if rule.due_days else "rien n’est dû"
    back = "" if rule.credit == 100 else f", le reste rendu à {rule.credit}{NBSP}%"
    what = f"{REASONS[rule.reason].capitalize()} {plural(len(days), 'jour')}"
    why = f"au lieu de {euros(cents * len(days))}{NBSP}: {first}{back}{proof}"
    return Case(what, euros(sum(kept for _, kept in due)), why)


def clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _child(rank: int) -> str:
    return f"{rank}{'er' if rank == 1 else 'e'} enfant"
