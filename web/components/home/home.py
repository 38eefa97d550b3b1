"""« Accueil »: what presses, what is to do, this week, the account."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.activities.catalogue import Catalogue, catalogue
from models.bookings.family_request import FamilyRequest
from models.bookings.order import Order
from models.commune.till import Till
from models.families.family import Family
from models.families.household import Household
from models.money import ledger
from models.planning.facts import Cell, Gone, PlanningFacts
from models.planning.grid import Draft
from models.rules.calendar import week
from models.rules.deadlines import is_open, utc
from models.rules.money import euros
from web.http.auth import parent
from web.late import Loss, losses, told, untold
from web.page.templates import render
from web.words import plural

WEEKS_AHEAD = 4


@dataclass(frozen=True, slots=True)
class Strip:
    """The week of a child: for each day, which parts of it are booked."""

    child: str
    days: tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True)
class Home:
    draft: Draft
    paying: list[Order]
    offers: list[Cell]
    refused: list[Cell]
    unpaid: list[tuple[str, str, int]]  # child, activity, fee
    asked: int  # requests that the mairie has not answered
    late: list[Gone]  # drafts that came too late and were not said yet
    due: Cell | None  # the next deadline among what can still be changed
    days: tuple[date, ...]
    strips: list[Strip]
    owed: list[tuple[Till, int]]  # outside the invoices
    settling: set[int]  # the tills of which the next booking settles that
    invoices: list[tuple[Till, int, int]]  # how many are open, and what is left to pay of them
    credit: int

    @property
    def pressing(self) -> int:
        """How many things wait for the parent."""
        return bool(self.draft.open) + len(self.paying) + len(self.offers) + len(self.unpaid)

    @property
    def debt(self) -> int:
        return sum(cents for _, cents in self.owed)

    @property
    def invoiced(self) -> int:
        return sum(cents for *_, cents in self.invoices)

    @property
    def news(self) -> list[str]:
        """What is owed, what waits for an answer: the first sentence of the page."""
        said = []
        if total := self.debt + self.invoiced:
            said.append(f"Vous devez {euros(total)}.")
        if self.pressing:
            said.append(f"{plural(self.pressing, 'chose attend', 'choses attendent')} votre réponse.")
        if self.asked:
            noun = plural(self.asked, "demande attend", "demandes attendent")
            said.append(f"{noun} la réponse de la mairie.")
        return said or ([] if self.late else ["Tout est à jour."])

    @property
    def losses(self) -> list[Loss]:
        return losses(self.late)


@parent
async def show(request: Request) -> Response:
    known, now = await catalogue(request.app.state.commune.revision), request.scope["now"]
    home = await _home(request, known, request.user.family, now)
    return told(request, render(request, "home/page.html", {"home": home}), home.late)


async def _home(request: Request, known: Catalogue, family: Family, now: datetime) -> Home:
    people = await Household.of(known, family)
    rows = [(c, s) for c in people.children for a in people.rows(known, c.id) for s in a.slots]
    first = week(_start(known, now))[0]
    last = first + timedelta(weeks=WEEKS_AHEAD, days=-1)
    children, slots = [c.id for c in people.children], sorted({slot.id for _, slot in rows})
    facts = await PlanningFacts.read(known, people, now, children, slots, first, last)
    dates = [first + timedelta(days=n) for n in range(7 * WEEKS_AHEAD)]
    cells = [facts.cell(child, slot.id, day) for child, slot in rows for day in dates]
    standings = await ledger.standings(family.id)
    invoices = await ledger.open_invoices(family.id)
    shown = tuple(dates[:5] if now.date() <= dates[4] else dates[7:12])  # at the week-end, the week to come
    return Home(
        draft=Draft(facts.draft),
        paying=await Order.filter(family_id=family.id, state="held").select_related("till"),
        offers=[
            cell
            for cell in cells
            if cell.shown.why == "offered" or (cell.offered_until and cell.shown.ticked)
        ],
        refused=[cell for cell in cells if cell.shown.state == "refused"],
        unpaid=_unpaid(known, people),
        asked=await FamilyRequest.filter(family_id=family.id, state="pending").count(),
        late=untold(request, facts.late.values()),
        due=_next(cells, now),
        days=shown,
        strips=[
            Strip(c.first_name, tuple(_parts(cells, known, c.id, day) for day in shown))
            for c in people.children
        ],
        owed=[(known.tills[till], cents) for till, cents in standings.items() if cents > 0],
        settling=people.settling(known),
        invoices=[(known.tills[till], *found) for till, found in invoices.items()],
        credit=-sum(cents for cents in standings.values() if cents < 0),
    )


def _start(known: Catalogue, now: datetime) -> date:
    """Today, or the first day of the year that comes."""
    coming = [year.starts for year in known.years.values() if year.ends >= now.date()]
    return max(now.date(), min(coming, default=now.date()))


def _unpaid(known: Catalogue, people: Household) -> list[tuple[str, str, int]]:
    return [
        (child.first_name, activity.name, activity.membership_fee)
        for child in people.children
        for activity in people.rows(known, child.id)
        if activity.membership_fee is not None and people.is_asked(child.id, activity)
    ]


def _next(cells: list[Cell], now: datetime) -> Cell | None:
    ahead = [cell for cell in cells if cell.shown.operable and is_open(now, cell.closes)]
    return min(ahead, key=lambda cell: utc(cell.closes), default=None)


def _parts(cells: list[Cell], known: Catalogue, child: int, day: date) -> tuple[bool, ...]:
    """Morning, meal, evening."""
    booked = [0, 0, 0]
    for cell in cells:
        if cell.child.id == child and cell.day == day and cell.shown.state == "booked":
            booked[_part(known, cell.slot)] += 1
    return tuple(bool(n) for n in booked)


def _part(known: Catalogue, slot: int) -> int:
    if known.activity_of(slot).kind == "meal":
        return 1
    return 0 if known.slots[slot].starts < 12 * 60 else 2


routes = [Route("/accueil", show)]
