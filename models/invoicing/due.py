"""What a family owes for the days of a period that no invoice has yet: priced anew, grouped into lines.

Billed are the days that are booked, and those that were cancelled too late; a day given back in time is not. Each is
priced by the quotient valid on the day eaten and by the tariffs as they are now, and by what the roll call says: the
time that was noted, a child that nobody had booked, an absence of which the activity gives something back. What it cost
when it was booked is kept beside it. What third parties pay is taken off on lines of its own. Amounts are cents.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from models.activities.catalogue import Catalogue
from models.bookings.roll.called_days import due_of_absent
from models.families import households
from models.families.household import Household
from models.invoicing.aids import Helped, aids_of
from models.invoicing.billable import Billable, billable_of
from models.invoicing.campaign import InvoiceCampaign
from models.rules.booking import BookingState
from models.rules.invoicing.lines import Line, PricedDay, due_of, lines_of
from models.rules.pricing import How, NoTariff
from models.rules.pricing.aids import AidedLine, Deduction
from models.rules.pricing.attended import pickup_of, stay_of, with_pickup

CARE = (
    "care",
    "leisure",
)  # kinds of activities whose whole price is care, where no slot says how much of it is
PARTS = {"": "", "meal": " (repas)", "care": " (garde)"}
BILLED_ABSENCE = "absence facturée"
FREE_ABSENCE, SHARED_ABSENCE = "absence non facturée", "absence facturée en partie"


@dataclass(frozen=True)
class Due:
    """What an invoice of a family would say, as a draft keeps it: lists and texts alone."""

    cents: int
    lines: list[dict[str, Any]]
    repriced: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Day:
    booking: Billable
    cents: int  # aids not taken off
    reason: str
    units: int
    care_part: int | None  # cents of a unit
    full: int  # cents, had the child been there

    @property
    def as_priced(self) -> PricedDay:
        one = self.booking
        return PricedDay(str(one.child), str(one.slot), one.day, self.cents, self.units, self.care_part)

    @property
    def told(self) -> str:
        """Why it costs what it costs: an invoice states the basis of its sums (CE, 17 March 2016)."""
        said = self._absence
        return f"{self.reason} · {said}" if self.reason and said else said or self.reason

    @property
    def _absence(self) -> str:
        if not self.is_absent:
            return BILLED_ABSENCE if self.booking.state == BookingState.CANCELLED else ""
        if self.cents == self.full:
            return BILLED_ABSENCE
        return SHARED_ABSENCE if self.cents else FREE_ABSENCE

    @property
    def is_absent(self) -> bool:
        """By the roll call."""
        return self.booking.mark is not None and self.booking.mark.is_absent


async def due_of_families(
    catalogue: Catalogue, campaign: InvoiceCampaign, families: Sequence[int]
) -> dict[int, Due]:
    """Those of them that have such days. As many statements for two hundred families as for one."""
    by_family: defaultdict[int, list[Billable]] = defaultdict(list)
    for booking in await billable_of(campaign, families):
        by_family[booking.family].append(booking)
    homes = await households.read_many(list(by_family))
    helped = await aids_of(list(by_family))
    priced = {
        id: [_priced(catalogue, homes[id], booking) for booking in found] for id, found in by_family.items()
    }
    due = await _due_of_absent(catalogue, [day for days in priced.values() for day in days])
    return {
        id: _due(catalogue, campaign, homes[id], helped[id], [_reduced(day, due) for day in days])
        for id, days in priced.items()
    }


async def _due_of_absent(catalogue: Catalogue, days: Sequence[_Day]) -> dict[int, int]:
    """By booking, what stays due of the days on which the roll call found nobody."""
    absent = {day.booking.id: day.cents for day in days if day.is_absent}
    if not absent:
        return {}
    there = [day.booking for day in days if day.is_absent]
    dates = [booking.day for booking in there]
    children = sorted({booking.child for booking in there})
    return await due_of_absent(catalogue, absent, children, min(dates), max(dates))


def _reduced(day: _Day, due: Mapping[int, int]) -> _Day:
    """A day of which less is due is one unit."""
    cents = due.get(day.booking.id, day.cents)
    return day if cents == day.cents else replace(day, cents=cents, units=1)


def _due(
    catalogue: Catalogue,
    campaign: InvoiceCampaign,
    household: Household,
    helped: Helped,
    days: list[_Day],
) -> Due:
    places = {child.id: n for n, child in enumerate(household.children)}
    order = {slot: n for n, slot in enumerate(catalogue.slots)}
    days.sort(key=lambda day: _place(day.booking, places, order))
    aided = [
        AidedLine(
            day.booking.id, day.booking.day, day.booking.child, catalogue.activity_of(day.booking.slot).code,
            day.cents, day.units,
        )
        for day in days
    ]  # fmt: skip
    taken: defaultdict[int, list[Deduction]] = defaultdict(list)
    for one in helped.deduct(aided):
        taken[one.line].append(one)
    lines = [*_lines(catalogue, days), *_aid_lines(catalogue, days, taken, helped)]
    lines.sort(key=lambda line: (places.get(line["child_id"], len(places)), line["child_id"]))
    for line in lines:
        first = min(day["day"] for day in line["days"])
        line["starts"] = min(first, campaign.period_start.isoformat())
        line["ends"] = campaign.period_end.isoformat()
    gross = due_of(lines_of(day.as_priced for day in days))
    net = gross - sum(one.cents for some in taken.values() for one in some)
    return Due(net, lines, list(_repriced(days)))


def _place(one: Billable, places: Mapping[int, int], order: Mapping[int, int]) -> tuple[Any, ...]:
    return places.get(one.child, len(places)), one.child, order[one.slot], one.day, one.id


def _priced(catalogue: Catalogue, household: Household, booking: Billable) -> _Day:
    """A day that no tariff knows any more costs what it was booked at."""
    slot = catalogue.slots[booking.slot]
    quotient, rank = (
        household.quotient(booking.day),
        household.rank(booking.child, slot.activity, booking.day),
    )
    category = booking.category or household.category
    how: How = "unbooked" if booking.unbooked else "late" if booking.late else "booked"
    stay = stay_of(booking.mark, slot.timing, slot.late_pickup)
    try:
        price = catalogue.price(booking.slot, category, booking.day, quotient, rank, how, stay)
    except NoTariff:
        return _Day(booking, booking.cents, booking.reason, 1, slot.care_part, booking.cents)
    price = with_pickup(price, pickup_of(booking.mark, slot.late_pickup))
    return _Day(booking, price.cents, price.reason, price.quantity, slot.care_part, price.cents)


def _lines(catalogue: Catalogue, days: Sequence[_Day]) -> Iterable[dict[str, Any]]:
    of_line: defaultdict[Line, list[dict[str, Any]]] = defaultdict(list)
    names = {day.booking.child: day.booking.child_name for day in days}
    for day in days:
        for part in lines_of([day.as_priced]):
            said = {"day": day.booking.day.isoformat(), "cents": part.cents, "what": day.told}
            of_line[_key(part)].append({**said, "booking": day.booking.id})
    for line in lines_of(day.as_priced for day in days):
        slot = catalogue.slots[int(line.service)]
        activity = catalogue.activities[slot.activity]
        wholly_care = line.part == "care" or (not line.part and activity.kind in CARE)
        yield {
            "child": names[int(line.child)],
            "child_id": int(line.child),
            "activity": activity.id,
            "aid": None,
            "label": slot.name + PARTS[line.part],
            "quantity": line.quantity,
            "unit_cents": line.unit_cents,
            "cents": line.cents,
            "care_cents": line.cents if wholly_care else 0,
            "days": of_line[_key(line)],
        }


def _key(line: Line) -> Line:
    """The line without its number of units: what tells it apart from the others."""
    return Line(line.child, line.service, line.part, 1, line.unit_cents)


def _aid_lines(
    catalogue: Catalogue, days: Sequence[_Day], taken: Mapping[int, Sequence[Deduction]], helped: Helped
) -> Iterable[dict[str, Any]]:
    """What third parties pay, as lines of their own: of a child, a service and so much a day."""
    found: dict[tuple[int, int, int, int], dict[str, Any]] = {}
    for day in days:
        one, slot = day.booking, catalogue.slots[day.booking.slot]
        activity = catalogue.activities[slot.activity]
        care = (
            day.cents if day.care_part is None and activity.kind in CARE else (day.care_part or 0) * day.units
        )
        for aid in taken.get(one.id, ()):
            line = found.setdefault(
                (one.child, one.slot, aid.aid, aid.cents),
                {
                    "child": one.child_name,
                    "child_id": one.child,
                    "activity": activity.id,
                    "aid": aid.aid,
                    "label": f"Aide {helped.funders[aid.aid]} – {slot.name}",
                    "quantity": 0,
                    "unit_cents": -aid.cents,
                    "cents": 0,
                    "care_cents": 0,
                    "days": [],
                },
            )
            line["quantity"] += 1
            line["cents"] -= aid.cents
            line["care_cents"] -= min(aid.cents, care)  # care first: nobody is certified more than was paid
            said = {"day": one.day.isoformat(), "cents": -aid.cents, "what": "aide déduite"}
            line["days"].append({**said, "booking": one.id})
    return found.values()


def _repriced(days: Iterable[_Day]) -> Iterable[dict[str, Any]]:
    for day in days:
        one = day.booking
        if one.cents != day.cents:
            said = {"child": one.child_name, "label": one.slot_name, "day": one.day.isoformat()}
            yield {**said, "old": one.cents, "new": day.cents, "why": day.reason}


def day_of(said: str) -> date:
    """A day as a draft keeps it."""
    return date.fromisoformat(said)
