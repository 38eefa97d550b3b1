"""The facts of some cells: bookings, wishes and places of a family's children over some days, in one query.

Prices and deadlines come from the catalogue; which state a cell is in, from models.rules.cells.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property

from models.activities.catalogue import ActivityFacts, Catalogue
from models.families.household import ChildFacts, Household
from models.planning import reading
from models.planning.cell import Cell, Dearer, Gone, Key, Line
from models.planning.draft import lapsed
from models.planning.kept_cells import Kept, keep
from models.planning.reading import NOT_BARRED, Barred, Capacity
from models.planning.row_facts import RowFacts
from models.rules import cells
from models.rules.booking import NO_PRICE, Booked, BookingState, Facts, is_full
from models.rules.calendar import Day, Kind
from models.rules.capacity import free, newcomers_rank
from models.rules.deadlines import is_open, utc
from models.rules.limits.windows import window_on
from models.rules.pricing import How, NoTariff, Price
from models.rules.states.orders import LineAction

NO_PLACES = Day(Kind.closed)
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass
class PlanningFacts:
    catalogue: Catalogue
    household: Household
    now: datetime
    booked: dict[Key, Booked] = field(default_factory=dict)
    cart: dict[Key, Line] = field(default_factory=dict)  # the whole cart of the family, but for:
    late: dict[Key, Gone] = field(default_factory=dict)  # lines that were not validated before their deadline
    places: dict[tuple[int, int, date], Capacity] = field(default_factory=dict)  # slot, group, day
    repeated: bool = False  # the batch that asks was applied before
    barred: Barred = NOT_BARRED
    _rows: dict[tuple[int, int], RowFacts] = field(default_factory=dict)
    _prices: dict[tuple[int, str | None, int | None, int, date | None, How], Price] = field(
        default_factory=dict
    )

    @classmethod
    async def read(
        cls,
        catalogue: Catalogue,
        household: Household,
        now: datetime,
        children: list[int],
        slots: list[int],
        first: date,
        last: date,
        batch: str | None = None,
    ) -> "PlanningFacts":
        """Of these children and slots, from the first day to the last. `batch`: the key of ticks, seen before?"""
        facts = cls(catalogue, household, now)
        groups = facts._groups_of(children, slots)
        rows = await reading.everything(household.family, children, slots, groups, first, last, batch)
        for line, booked in rows.cart:
            key = (line.child, line.slot, line.day)
            if gone := lapsed(catalogue, facts._children.get(line.child), line, booked, facts._instant):
                facts.late[key] = gone
            else:
                facts.cart[key] = line
        facts.booked, facts.places, facts.repeated = rows.booked, rows.places, rows.repeated
        facts.barred = await reading.barred(catalogue, household, now.date())
        return facts

    def cell(self, child: ChildFacts, slot: int, day: date) -> Cell:
        """How the cell is shown. It is drawn once, until its own rows, its places or one of its deadlines move."""
        key = (child.id, slot, day)
        group = self._groups.get((child.id, slot))
        rests_on = (
            self.booked.get(key),
            self.cart.get(key),
            self.places.get((slot, group, day)) if group else None,
            self._ahead(key),
            self.barred.of(self.catalogue.activity_of(slot).till, child.id),
        )
        kept: Kept | None = self.catalogue.drawn.get(key)
        if (
            kept is not None
            and kept.household is self.household
            and kept.rests_on == rests_on
            and kept.since <= self._instant < kept.until
        ):
            return kept.cell
        cell = self._draw(child, slot, day)
        row = self._row(child, slot)
        if row.activity.visible_from is None and group:  # no other moment counts than its deadlines
            until = self._next_limit(row, slot, day)
            keep(self.catalogue.drawn, key, Kept(self.household, rests_on, self._instant, until, cell))
        return cell

    def says(self, key: Key) -> bool:
        """Does the cell have a booking or a wish? One that has neither costs nothing."""
        return key in self.booked or key in self.cart

    @property
    def draft(self) -> tuple[Line, ...]:
        """The cart as it stands now: what waits is told by the places where they were read, else by the tick."""
        return tuple([self._stands(line) for line in self.cart.values()])

    def _stands(self, line: Line) -> Line:
        """Has the line a place? That alone: the whole cart is told at each tick, also where its days were not read."""
        places = self.places.get((line.slot, self._groups.get((line.child, line.slot), 0), line.day))
        if line.action is not LineAction.ADD or self._is_offered((line.child, line.slot, line.day)):
            return line._replace(waits=False) if line.waits else line
        if places is None:
            return line
        full = is_full(places.places, places.taken, places.queue)
        waits = full and self.catalogue.activity_of(line.slot).waiting_list
        return line._replace(waits=waits, full=full and not waits) if full or line.waits else line

    def _is_offered(self, key: Key) -> bool:
        return key in self.booked and self.booked[key].state == BookingState.OFFERED

    def rank(self, child: int, slot: int, day: date) -> int:
        """The rank that a tick on a full day asks for: after those who wait, and after the family's own before it."""
        places = self.places.get((slot, self._groups.get((child, slot), 0), day))
        return newcomers_rank(places.queue if places else 0, self._ahead((child, slot, day)))

    def _ahead(self, key: Key) -> int:
        """The brothers and sisters who are ticked for the same places, and come before in the recap."""
        child, slot, day = key
        group, before = self._groups.get((child, slot)), 0
        for other in self.household.children if self.cart else ():
            if other.id == child:
                break
            line = self.cart.get((other.id, slot, day))
            if (
                line
                and line.action == LineAction.ADD
                and line.order is None
                and not self._is_offered((other.id, slot, day))
            ):
                before += self._groups.get((other.id, slot)) == group
        return before

    def _next_limit(self, row: RowFacts, slot: int, day: date) -> datetime:
        """The first deadline, or beginning of a window, that is still to come, in universal time."""
        late_from = self.catalogue.late_from(slot, day, row.school) if row.has_late else None
        limits = [self.catalogue.ends(slot, action, day, row.school) for action in ("book", "cancel")]
        window = window_on(row.activity.windows, day)
        limits += [utc(moment) for moment in (late_from, window and window.opens) if moment]
        return min((limit for limit in limits if limit > self._instant), default=NEVER)

    @cached_property
    def _children(self) -> dict[int, ChildFacts]:
        return {child.id: child for child in self.household.children}

    @cached_property
    def _instant(self) -> datetime:
        return utc(self.now)

    @cached_property
    def _groups(self) -> dict[tuple[int, int], int]:
        """The group of each child in each slot it is enrolled in."""
        return {
            (one.child, slot.id): one.group
            for one in self.household.enrolments
            if one.activity in self.catalogue.activities
            for slot in self.catalogue.activities[one.activity].slots
        }

    def _groups_of(self, children: list[int], slots: list[int]) -> list[int]:
        """The groups whose places these children may take."""
        activities = {self.catalogue.slots[slot].activity for slot in slots}
        groups = {
            e.group for e in self.household.enrolments if e.child in children and e.activity in activities
        }
        for child in map(self.household.child, children):
            for activity in activities:
                joined = child and self.household.could_join(child, self.catalogue.activities[activity])
                groups |= {joined} if joined else set()
        return sorted(groups)

    def _draw(self, child: ChildFacts, slot: int, day: date) -> Cell:
        row, cell_facts = self._row(child, slot), self.of_cell(child, slot, day)
        shown = cells.state_of(cell_facts, self.now)
        price, live, booked = cell_facts.price, cell_facts.live, cell_facts.booked
        wish, mine = self.cart.get((child.id, slot, day)), live if live and live.own else None
        offer = live.offered_until if live and live.state == BookingState.OFFERED else None
        return Cell(
            child=child,
            slot=slot,
            slot_name=row.slot_name,
            day=day,
            shown=shown,
            cents=mine.cents if mine else wish.cents if wish else price.cents,
            reason=(mine.reason if mine else "") or (wish.reason if wish else price.reason),
            closes=offer or (cell_facts.cancel_closes if live else cell_facts.book_closes),
            book_closes=cell_facts.book_closes,
            rank=self.rank(child.id, slot, day) if shown.why == "queue" else booked.rank if booked else 0,
            note=booked.note if booked else None,
            left=free(cell_facts.places, cell_facts.taken),
            offered_until=booked.offered_until if booked else None,
            prepaid=row.activity.prepaid,
            closed_by=cell_facts.day.reason,
            lacks=self.barred.of(row.activity.till, child.id)[1],
            opens=row.not_before(day, self.now) if shown.why == "not_yet" else None,
            final=row.activity.late_or_never if cells.is_final(cell_facts, shown, self.now) else "",
            needs=row.needs,
            dearer=self._dearer(child, slot, day) if shown.operable and live is None else None,
        )

    def _dearer(self, child: ChildFacts, slot: int, day: date) -> Dearer | None:
        """What a day that is not booked yet will cost later; nothing once that has begun."""
        row = self._row(child, slot)
        since = self.catalogue.late_from(slot, day, row.school) if row.has_late else None
        if since is None or not is_open(self.now, since):
            return None
        return Dearer(since, self.price(child, slot, day, "late").cents)

    def of_cell(self, child: ChildFacts, slot: int, day: date) -> Facts:
        row, key = self._row(child, slot), (child.id, slot, day)
        activity, group = row.activity, row.group(day)
        places = self.places.get((slot, group, day)) if group is not None else None
        kind = self.catalogue.day(activity, row.school, day, row.level)
        open_to = group if kind.kind is Kind.open else None
        if open_to is not None and (places is None or self.catalogue.is_over(slot, open_to, day)):
            kind = NO_PLACES  # the calendar opens it, but there are no places, or none any more: it cannot be booked
        line = self.cart.get(key)
        return Facts(
            day=kind,
            enrolled=group is not None,
            book_closes=self.catalogue.closes(slot, "book", day, row.school),
            cancel_closes=self.catalogue.closes(slot, "cancel", day, row.school),
            places=places.places if places else None,
            taken=places.taken if places else 0,
            queue=places.queue if places else 0,
            booked=self.booked.get(key),
            wish=line.wish if line else None,
            member=row.member,
            visible=row.not_before(day, self.now) is None,
            asks=activity.asks,
            waiting_list=activity.waiting_list,
            late_cancel=activity.late_cancel == "allowed",
            keeps_booked=activity.keeps_booked,
            barred=self.barred.of(activity.till, child.id)[0],
            price=self.price(child, slot, day, self._how(row, key)),
        )

    def _how(self, row: RowFacts, key: Key) -> How:
        """A day that somebody waits for, or is offered, keeps what was said when it was asked for."""
        _, slot, day = key
        booked = self.booked.get(key)
        if booked is not None and booked.state != BookingState.REFUSED:
            return "late" if booked.late else "booked"
        since = self.catalogue.late_from(slot, day, row.school) if row.has_late else None
        return "late" if since is not None and not is_open(self.now, since) else "booked"

    def group(self, child: ChildFacts, activity: ActivityFacts, day: date) -> int | None:
        """The group the child is in on that day; None when it is not enrolled then."""
        return self._row(child, activity.slots[0].id).group(day) if activity.slots else None

    def price(self, child: ChildFacts, slot: int, day: date, how: How = "booked") -> Price:
        """Today's price of the day, by the quotient valid on the day eaten. No tariff: free, and it says so."""
        row, quotient = self._row(child, slot), self.household.quotient(day)
        rank = self.household.rank(child.id, row.activity.id, day) if row.has_ranks else 1
        key = (slot, row.category, quotient, rank, day if row.has_dates else None, how)
        if key not in self._prices:
            try:
                self._prices[key] = self.catalogue.price(slot, row.category, day, quotient, rank, how)
            except NoTariff:
                self._prices[key] = NO_PRICE
        return self._prices[key]

    def _row(self, child: ChildFacts, slot: int) -> RowFacts:
        found = self._rows.get((child.id, slot))
        if found is None:
            found = self._rows[child.id, slot] = self._read_row(child, slot)
        return found

    def _read_row(self, child: ChildFacts, slot: int) -> RowFacts:
        household, activity = self.household, self.catalogue.activity_of(slot)
        enrolment, opens = household.enrolment(child.id, activity.id), activity.visible_at(household.category)
        return RowFacts(
            slot_name=self.catalogue.slots[slot].name,
            activity=activity,
            school=child.schools.get(activity.year, ""),
            level=child.levels.get(activity.year, ""),
            enrolment=enrolment,
            joins=None if enrolment else household.could_join(child, activity),
            category=(enrolment.category if enrolment else None) or household.category,
            opens=opens if opens and is_open(self.now, opens) else None,
            member=enrolment is not None and household.has_paid(child.id, activity),
            has_ranks=any(tariff.child_rank is not None for tariff in activity.tariffs),
            has_dates=any(tariff.start or tariff.end for tariff in activity.tariffs),
            has_late=bool(activity.deadlines["late"]),
            needs=self.catalogue.needs.words(slot),
        )
