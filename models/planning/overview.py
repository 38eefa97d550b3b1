"""What a family has to know today: its draft, what waits for its answer, the week, what it owes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.activities.catalogue import Catalogue
from models.bookings.family_request import FamilyRequest
from models.bookings.order import Order
from models.commune.till import Till
from models.families.family import Family
from models.families.file.lacking import Lack
from models.families.household import Household
from models.money import ledger, suspension
from models.money.suspension import Arrears
from models.planning.cell import Cell, Gone
from models.planning.draft import Draft
from models.planning.facts import PlanningFacts
from models.rules.calendar import week
from models.rules.deadlines import is_open, utc
from models.rules.states.orders import OrderState
from models.rules.states.requests import RequestState

WEEKS_AHEAD = 4
DAYS_AHEAD = 3  # booked days that are told in words


@dataclass(frozen=True, slots=True)
class Strip:
    """The week of a child: for each day, which parts of it are booked."""

    child: str
    days: tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True)
class BookedDay:
    day: date
    children: tuple[tuple[str, tuple[str, ...]], ...]  # each with its slots, in the planning's order


@dataclass(frozen=True, slots=True)
class UnpaidMembership:
    """Of one activity, for each of the children who may join it. `cents`: of all of them."""

    activity: str
    children: tuple[str, ...]
    cents: int


@dataclass(frozen=True, slots=True)
class Overview:
    draft: Draft
    paying: list[Order]
    offers: list[Cell]
    refused: list[Cell]
    unpaid: list[UnpaidMembership]
    asked: int  # requests that the mairie has not answered
    late: list[Gone]  # drafts that came too late
    due: Cell | None  # the next deadline among what can still be changed
    days: tuple[date, ...]
    strips: list[Strip]
    coming: list[BookedDay]  # the first ones after that week
    owed: list[tuple[Till, int]]  # outside the invoices
    settling: set[int]  # the tills of which the next booking settles that
    invoices: list[tuple[Till, int, int]]  # how many are open, and what is left to pay of them
    credit: int
    arrears: list[Arrears]  # at tills that suspend who is late
    lacks: tuple[Lack, ...]  # papers without which no day is booked, from a day on
    names: dict[int | None, str]  # of the children

    @property
    def pressing(self) -> int:
        """How many things wait for the parent."""
        return bool(self.draft.open) + len(self.paying) + len(self.offers) + len(self.unpaid)

    @property
    def is_week_empty(self) -> bool:
        return not any(any(parts) for strip in self.strips for parts in strip.days)

    @property
    def debt(self) -> int:
        return sum(cents for _, cents in self.owed)

    @property
    def invoiced(self) -> int:
        return sum(cents for *_, cents in self.invoices)


async def read(catalogue: Catalogue, family: Family, now: datetime) -> Overview:
    household = await Household.of(catalogue, family)
    rows = [(c, s) for c in household.children for a in household.rows(catalogue, c.id) for s in a.slots]
    first = week(_first_day(catalogue, now))[0]
    last = first + timedelta(weeks=WEEKS_AHEAD, days=-1)
    children, slots = [c.id for c in household.children], sorted({slot.id for _, slot in rows})
    facts = await PlanningFacts.read(catalogue, household, now, children, slots, first, last)
    dates = [first + timedelta(days=n) for n in range(7 * WEEKS_AHEAD)]
    cells = [facts.cell(child, slot.id, day) for child, slot in rows for day in dates]
    standings = await ledger.standings(family.id)
    invoices = await ledger.open_invoices(family.id)
    shown = days_shown(dates[0], now.date())
    return Overview(
        draft=Draft(facts.draft),
        paying=await Order.filter(family_id=family.id, state=OrderState.HELD).select_related("till"),
        offers=[cell for cell in cells if _is_offer(cell)],
        refused=[cell for cell in cells if cell.shown.state == "refused"],
        unpaid=_unpaid(catalogue, household),
        asked=await FamilyRequest.filter(family_id=family.id, state=RequestState.PENDING).count(),
        late=list(facts.late.values()),
        due=_next(cells, now),
        days=shown,
        strips=[
            Strip(c.first_name, tuple(_parts(cells, catalogue, c.id, day) for day in shown))
            for c in household.children
        ],
        coming=_coming(cells, shown[-1]),
        owed=[(catalogue.tills[till], cents) for till, cents in standings.items() if cents > 0],
        settling=household.settling(catalogue),
        invoices=[(catalogue.tills[till], *found) for till, found in invoices.items()],
        credit=-sum(cents for cents in standings.values() if cents < 0),
        arrears=await suspension.arrears(catalogue.tills.values(), family.id, now.date()),
        lacks=facts.barred.lacks,
        names={child.id: child.first_name for child in household.children},
    )


def days_shown(monday: date, today: date) -> tuple[date, ...]:
    """Monday to Friday; at the week-end, those of the week to come."""
    first = monday if today <= monday + timedelta(days=4) else monday + timedelta(days=7)
    return tuple(first + timedelta(days=n) for n in range(5))


def _is_offer(cell: Cell) -> bool:
    return cell.shown.why == "offered" or bool(cell.offered_until and cell.shown.ticked)


def _first_day(catalogue: Catalogue, now: datetime) -> date:
    """Today, or the first day of the year that comes."""
    coming = [year.starts for year in catalogue.years.values() if year.ends >= now.date()]
    return max(now.date(), min(coming, default=now.date()))


def _unpaid(catalogue: Catalogue, household: Household) -> list[UnpaidMembership]:
    asked: dict[int, list[str]] = {}
    for child in household.children:
        for activity in household.rows(catalogue, child.id):
            if household.is_asked(child.id, activity):
                asked.setdefault(activity.id, []).append(child.first_name)
    activities = [(catalogue.activities[id], children) for id, children in asked.items()]
    return [
        UnpaidMembership(activity.name, tuple(children), (activity.membership_fee or 0) * len(children))
        for activity, children in activities
    ]


def _next(cells: list[Cell], now: datetime) -> Cell | None:
    ahead = [cell for cell in cells if cell.shown.operable and is_open(now, cell.closes)]
    return min(ahead, key=lambda cell: utc(cell.closes), default=None)


def _coming(cells: list[Cell], after: date) -> list[BookedDay]:
    booked: dict[date, dict[str, list[str]]] = {}
    for cell in sorted(cells, key=lambda cell: cell.day):
        if cell.day > after and cell.shown.state == "booked":
            booked.setdefault(cell.day, {}).setdefault(cell.child.first_name, []).append(cell.slot_name)
    return [
        BookedDay(day, tuple((child, tuple(slots)) for child, slots in children.items()))
        for day, children in list(booked.items())[:DAYS_AHEAD]
    ]


def _parts(cells: list[Cell], catalogue: Catalogue, child: int, day: date) -> tuple[bool, ...]:
    """Morning, meal, evening."""
    booked = [0, 0, 0]
    for cell in cells:
        if cell.child.id == child and cell.day == day and cell.shown.state == "booked":
            booked[part_of_day(catalogue, cell.slot)] += 1
    return tuple(bool(n) for n in booked)


def part_of_day(catalogue: Catalogue, slot: int) -> int:
    """0 morning, 1 meal, 2 evening."""
    if catalogue.activity_of(slot).kind == "meal":
        return 1
    return 0 if catalogue.slots[slot].starts < 12 * 60 else 2
