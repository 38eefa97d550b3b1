"""The recap: what the cart would do now, line by line, checked again against deadlines, prices and places."""

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models import banks
from models.activities.catalogue import ActivityFacts, Catalogue
from models.bookings.order import Order
from models.commune.till import Till
from models.families.household import ChildFacts, Household
from models.money import ledger
from models.planning.cell import Gone, Key, Line
from models.planning.facts import PlanningFacts
from models.rules import cells
from models.rules.booking import TAKES_A_PLACE, Booked, BookingState, Does, Effect, Facts, effect
from models.rules.capacity import newcomers_rank
from models.rules.checkout import Bill, bill
from models.rules.states.orders import LineAction, OrderState


@dataclass(frozen=True, slots=True)
class RecapLine:
    """A line that can take effect, and what it does."""

    id: int
    child: ChildFacts
    activity: ActivityFacts
    slot: int
    slot_name: str
    day: date
    action: LineAction
    does: Effect
    reason: str
    tariff: int | None  # the one that says the price; of a cancellation, the one it was booked at
    closes: datetime
    rank: int
    opening: int | None
    booked: Booked | None
    old_cents: int  # as the tick said
    late: bool  # booked after the limit, until the later one
    final: str = ""  # refused | allowed: booked now, it is too late already to cancel it

    @property
    def at_once(self) -> bool:
        """Does it take effect at the click, whatever becomes of a payment? A request, a rank, what costs nothing."""
        return not self.activity.prepaid or self.does.kind not in (Does.ADD, Does.CANCEL)

    @property
    def cents(self) -> int:
        """What it adds: negative for a cancellation."""
        return self.does.cents

    @property
    def waits(self) -> bool:
        """Full: it takes a rank, and costs nothing before a place is free."""
        return self.does.kind is Does.WAIT

    @property
    def asks(self) -> bool:
        """The mairie answers it."""
        return self.does.kind is Does.ASK

    @property
    def billed_late(self) -> bool:
        """Cancelled too late: it stays billed."""
        return self.does.late

    @property
    def takes_offer(self) -> bool:
        """Its place is kept for the child already."""
        offered = self.booked is not None and self.booked.state == BookingState.OFFERED
        return self.action == LineAction.ADD and offered

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
            if line.action == LineAction.ADD and line.cents != line.old_cents
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
    alone = _alone(facts, lines, only)
    lines, gone = [line for line in lines if line not in alone], gone + [_gone(line) for line in alone]
    standings = await ledger.standings(household.family)
    paying = await Order.filter(family_id=household.family, state=OrderState.HELD).select_related(
        "made_by", "till"
    )
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


def _alone(facts: PlanningFacts, lines: Sequence[RecapLine], only: Collection[Key] | None) -> list[RecapLine]:
    """Lines that would leave a slot without the one that it needs: that one is gone, or it cannot go itself."""
    needs, found = facts.catalogue.needs, list[RecapLine]()
    if not needs.needed or only is not None:
        return found
    for line in sorted(lines, key=lambda line: needs.depth(line.slot)):
        needed = needs.needed.get(line.slot)
        if (
            line.action == LineAction.ADD
            and needed is not None
            and not _stands(facts, lines, found, line, needed)
        ):
            found.append(line)
    for line in sorted(lines, key=lambda line: -needs.depth(line.slot)):
        if line.action == LineAction.CANCEL and any(
            _stands(facts, lines, found, line, slot) for slot in needs.needed_by(line.slot)
        ):
            found.append(line)
    return found


def _stands(
    facts: PlanningFacts, lines: Sequence[RecapLine], alone: Sequence[RecapLine], line: RecapLine, slot: int
) -> bool:
    """Would this slot be booked, on the day of the line, once the others have taken effect?"""
    key = (line.child.id, slot, line.day)
    mine = next((one for one in lines if (one.child.id, one.slot, one.day) == key and one not in alone), None)
    if mine is not None:
        return mine.action == LineAction.ADD and not mine.waits
    wish, booked = facts.cart.get(key), facts.booked.get(key)
    if wish is not None and wish.order is not None:
        return wish.action == LineAction.ADD  # it is being paid
    return booked is not None and booked.own and booked.state in (*TAKES_A_PLACE, BookingState.REQUESTED)


def _gone(line: RecapLine) -> Gone:
    return Gone(line.id, line.child, line.slot_name, line.day, line.action, line.closes, "needs")


async def _sheet(catalogue: Catalogue, household: Household, now: datetime) -> PlanningFacts:
    """The facts of the cart's own cells: first the cart, then their bookings and places."""
    facts = await PlanningFacts.read(catalogue, household, now, [], [], date.min, date.min)
    cart = facts.cart
    if not cart:
        return facts
    dates = [line.day for line in cart.values()]
    children = sorted({line.child for line in cart.values()})
    needs, slots = catalogue.needs, sorted({line.slot for line in cart.values()})
    slots = sorted(
        {*slots, *(other for one in slots for t in (True, False) for other in needs.with_it(one, ticked=t))}
    )
    return await PlanningFacts.read(catalogue, household, now, children, slots, min(dates), max(dates))


def _order(facts: PlanningFacts, line: Line) -> tuple[int, date, int, int]:
    """By child, inside by date, then by the start of the slot."""
    places = {child.id: n for n, child in enumerate(facts.household.children)}
    return places.get(line.child, 0), line.day, facts.catalogue.slots[line.slot].starts, line.slot


def _line(facts: PlanningFacts, line: Line, ahead: Counter[int]) -> RecapLine | Gone:
    child = facts.household.own(line.child)
    activity = facts.catalogue.activity_of(line.slot)
    cell_facts = facts.of_cell(child, line.slot, line.day)
    does = effect(cell_facts, line.action, facts.now)
    closes = cell_facts.book_closes if line.action == LineAction.ADD else cell_facts.cancel_closes
    if not does.is_possible:
        name = facts.catalogue.slots[line.slot].name
        why = does.why
        if why != "full" and why != "suspended" and why != "papers" and why != "never":
            why = "closed"
        return Gone(line.id, child, name, line.day, line.action, closes, why)
    group = facts.group(child, activity, line.day)
    places = facts.places.get((line.slot, group or 0, line.day))
    booked, rank = cell_facts.live, 0
    if booked and booked.state == BookingState.OFFERED and booked.offered_until:
        closes = booked.offered_until
    if does.kind is Does.WAIT and places:
        rank = newcomers_rank(cell_facts.queue, ahead[places.opening])
        ahead[places.opening] += 1
    price = cell_facts.price
    if booked and line.action == LineAction.CANCEL:
        price = booked.price(price)
    return RecapLine(
        id=line.id,
        child=child,
        activity=activity,
        slot=line.slot,
        slot_name=facts.catalogue.slots[line.slot].name,
        day=line.day,
        action=line.action,
        does=does,
        reason=price.reason,
        tariff=price.tariff,
        closes=closes,
        rank=rank,
        opening=places.opening if places else None,
        booked=booked,
        old_cents=line.cents,
        late=price.how == "late",
        final=activity.late_or_never if _is_final(cell_facts, facts.now) else "",
    )


def _is_final(cell_facts: Facts, now: datetime) -> bool:
    return cells.is_final(cell_facts, cells.state_of(cell_facts, now), now)


def _tills(catalogue: Catalogue, lines: list[RecapLine]) -> list[int]:
    named = {line.activity.till for line in lines}
    return [till for till in catalogue.tills if till in named]


def _block(till: Till, prepaid: list[RecapLine], standings: dict[int, int]) -> TillBlock:
    mine = tuple(line for line in prepaid if line.activity.till == till.id)
    sums = bill(sum(line.sum for line in mine), standings.get(till.id, 0), banks.minimum_of(till))
    return TillBlock(till, mine, sums, offline=banks.of_till(till) is None and sums.due > 0)
