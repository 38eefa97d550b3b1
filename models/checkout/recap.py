"""The recap: what the cart would do now, line by line, checked again against deadlines, prices and places."""

import hashlib
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from models import banks
from models.activities.catalogue import ActivityFacts, Catalogue
from models.bookings.order import Order
from models.commune.till import Till
from models.families.household import ChildFacts, Household
from models.money import ledger
from models.planning.facts import Gone, Key, Line, PlanningFacts
from models.rules import cells
from models.rules.calendar import Kind
from models.rules.capacity import newcomers_rank
from models.rules.checkout import Bill, bill
from models.rules.deadlines import is_open


@dataclass(frozen=True, slots=True)
class RecapLine:
    """A line that can take effect. `cents` is what it adds: negative for a cancellation."""

    id: int
    child: ChildFacts
    activity: ActivityFacts
    slot: int
    slot_name: str
    day: date
    action: Literal["add", "cancel"]
    cents: int
    reason: str
    tariff: int | None  # the one that says the price; of a cancellation, the one it was booked at
    closes: datetime
    waits: bool  # full: it takes a rank, and costs nothing before a place is free
    rank: int
    asks: bool  # the mairie answers it
    billed_late: bool  # cancelled too late: it stays billed
    opening: int | None
    booked: cells.Booked | None
    old_cents: int  # as the tick said
    final: str = ""  # refused | allowed: booked now, it is too late already to cancel it

    @property
    def at_once(self) -> bool:
        """Does it take effect at the click, whatever becomes of a payment? A request, a rank, what costs nothing."""
        withdrawn = self.action == "cancel" and self.booked is not None and self.booked.state != "confirmed"
        return not self.activity.prepaid or self.waits or self.asks or self.billed_late or withdrawn

    @property
    def sum(self) -> int:
        """What counts now: a line that waits, or that the mairie must answer first, is not paid yet."""
        prepaid_request = self.activity.prepaid and self.asks
        return 0 if self.waits or prepaid_request else self.cents


@dataclass(frozen=True, slots=True)
class TillBlock:
    till: Till
    lines: tuple[RecapLine, ...]
    bill: Bill
    offline: bool  # « Règlement non autorisé par la structure »

    net = property(lambda self: self.bill.net)
    debt = property(lambda self: self.bill.debt)
    credit = property(lambda self: self.bill.credit)
    due = property(lambda self: self.bill.due)
    postponed = property(lambda self: self.bill.postponed)
    leaves = property(lambda self: self.bill.leaves)


@dataclass(frozen=True, slots=True)
class Changed:
    line: RecapLine
    old_cents: int


@dataclass(frozen=True)
class Recap:
    facts: PlanningFacts
    lines: tuple[RecapLine, ...]
    tills: tuple[TillBlock, ...]
    invoiced: tuple[RecapLine, ...]
    gone: tuple[Gone, ...]  # they stay in the cart until the next click removes them
    late: tuple[Gone, ...]  # they have left it: said once, whoever draws the page knows whether it was
    paying: tuple[Order, ...]

    @property
    def changed(self) -> tuple[Changed, ...]:
        """Lines whose price is not the one shown at the tick."""
        return tuple(
            Changed(line, line.old_cents)
            for line in self.lines
            if line.action == "add" and line.cents != line.old_cents
        )

    @property
    def due(self) -> int:
        return sum(block.due for block in self.tills)

    @property
    def requests(self) -> int:
        return sum(line.asks and not line.waits for line in self.lines)

    @property
    def empty(self) -> bool:
        return not self.lines and not self.gone

    @property
    def seen(self) -> str:
        """A fingerprint of what is shown: the click takes effect only if it still says the same."""
        shown = [f"{line.id}:{line.action}:{line.cents}:{line.waits}:{line.asks}" for line in self.lines]
        shown += [f"{block.till.id}={block.debt}/{block.credit}/{block.due}" for block in self.tills]
        return hashlib.sha256("|".join(shown).encode()).hexdigest()[:32]


async def read(catalogue: Catalogue, family: int, now: datetime) -> Recap:
    return await of(catalogue, await Household.read(family), now)


async def of(
    catalogue: Catalogue, household: Household, now: datetime, only: Collection[Key] | None = None
) -> Recap:
    """The recap of a household's cart, or of `only` these cells. In the checkout's transaction, the decision."""
    facts = await _sheet(catalogue, household, now)
    lines: list[RecapLine] = []
    gone: list[Gone] = []
    ahead: Counter[int] = Counter()  # lines of this very cart that are before the others in a full opening
    meant = [line for at, line in facts.cart.items() if only is None or at in only]
    for line in sorted(meant, key=lambda line: _order(facts, line)):
        if line.order is None:
            found = _line(facts, line, ahead)
            lines.append(found) if isinstance(found, RecapLine) else gone.append(found)
    standings = await ledger.standings(household.family)
    paying = await Order.filter(family_id=household.family, state="held").select_related("made_by", "till")
    prepaid = [line for line in lines if line.activity.prepaid]
    return Recap(
        facts=facts,
        lines=tuple(lines),
        tills=tuple(_block(catalogue.tills[till], prepaid, standings) for till in _tills(catalogue, prepaid)),
        invoiced=tuple(line for line in lines if not line.activity.prepaid),
        gone=tuple(gone),
        late=tuple(line for at, line in facts.late.items() if only is None or at in only),
        paying=tuple(paying),
    )


async def _sheet(catalogue: Catalogue, household: Household, now: datetime) -> PlanningFacts:
    """The facts of the cart's own cells: first the cart, then their bookings and places."""
    facts = await PlanningFacts.read(catalogue, household, now, [], [], date.min, date.min)
    cart = facts.cart
    if not cart:
        return facts
    dates = [line.day for line in cart.values()]
    children = sorted({line.child for line in cart.values()})
    slots = sorted({line.slot for line in cart.values()})
    return await PlanningFacts.read(catalogue, household, now, children, slots, min(dates), max(dates))


def _order(facts: PlanningFacts, line: Line) -> tuple[int, date, int, int]:
    """By child, inside by date, then by the start of the slot."""
    places = {child.id: n for n, child in enumerate(facts.household.children)}
    return places.get(line.child, 0), line.day, facts.catalogue.slots[line.slot].starts, line.slot


def _line(facts: PlanningFacts, line: Line, ahead: Counter[int]) -> RecapLine | Gone:
    child = facts.household.own(line.child)
    activity = facts.catalogue.activity_of(line.slot)
    cell_facts = facts.of_cell(child, line.slot, line.day)
    why = _why_gone(cell_facts, line.action)
    closes = cell_facts.book_closes if line.action == "add" else cell_facts.cancel_closes
    if why:
        name = facts.catalogue.slots[line.slot].name
        return Gone(line.id, child, name, line.day, line.action, closes, why)
    group = facts.group(child, activity, line.day)
    places = facts.places.get((line.slot, group or 0, line.day))
    adds, booked = line.action == "add", cell_facts.booked
    live = booked is not None and booked.state != "refused"
    offered = booked is not None and booked.state == "offered"
    if offered and booked and booked.offered_until:
        closes = booked.offered_until
    waits = adds and cell_facts.full and not offered
    rank = 0
    if waits and places:
        rank = newcomers_rank(cell_facts.queue, ahead[places.opening])
        ahead[places.opening] += 1
    late = not is_open(facts.now, cell_facts.cancel_closes)
    confirmed = live and booked is not None and booked.state == "confirmed"
    price = facts.price(child, line.slot, line.day)
    if booked and live and not adds:
        price = booked.price(price)
    return RecapLine(
        id=line.id,
        child=child,
        activity=activity,
        slot=line.slot,
        slot_name=facts.catalogue.slots[line.slot].name,
        day=line.day,
        action="add" if adds else "cancel",
        cents=price.cents if adds else -booked.cents if confirmed and not late and booked else 0,
        reason=price.reason,
        tariff=price.tariff,
        closes=closes,
        waits=waits,
        rank=rank,
        asks=activity.asks and ((adds and not offered) or confirmed),
        billed_late=confirmed and not adds and late,
        opening=places.opening if places else None,
        booked=booked if live else None,
        old_cents=line.cents,
        final=activity.late_cancel if _is_final(cell_facts, facts.now) else "",
    )


def _is_final(cell_facts: cells.Facts, now: datetime) -> bool:
    return cells.is_final(cell_facts, cells.state_of(cell_facts, now), now)


def _why_gone(cell_facts: cells.Facts, action: str) -> Literal["full", "closed"] | None:
    """Of a line whose deadline has not passed."""
    live = cell_facts.booked is not None and cell_facts.booked.state != "refused"
    offered = cell_facts.booked is not None and cell_facts.booked.state == "offered"
    if action == "cancel":
        return None if live else "closed"
    if (
        cell_facts.day.kind is not Kind.open
        or not cell_facts.enrolled
        or (live and not offered)
        or not cell_facts.member
    ):
        return "closed"
    return "full" if cell_facts.full and not cell_facts.waiting_list and not offered else None


def _tills(catalogue: Catalogue, lines: list[RecapLine]) -> list[int]:
    named = {line.activity.till for line in lines}
    return [till for till in catalogue.tills if till in named]


def _block(till: Till, prepaid: list[RecapLine], standings: dict[int, int]) -> TillBlock:
    mine = tuple(line for line in prepaid if line.activity.till == till.id)
    provider = banks.provider_of(till)
    minimum = banks.bank(provider).minimum if provider else 0
    sums = bill(sum(line.sum for line in mine), standings.get(till.id, 0), minimum)
    return TillBlock(till, mine, sums, offline=provider is None and sums.due > 0)
