"""The facts of some cells: bookings, wishes and places of a family's children over some days, in three queries.

Prices and deadlines come from the catalogue; which state a cell is in, from models.rules.cells.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal

from models.activities.catalogue import ActivityFacts, Catalogue
from models.bookings.booking import LIVE
from models.bookings.waiting_list import RANK
from models.families.household import ChildFacts, Household
from models.rules import cells
from models.rules.calendar import Day, Kind
from models.rules.capacity import free, newcomers_rank
from models.rules.deadlines import is_open, utc
from models.rules.pricing import NoTariff, Price
from models.storage.constraints import LIVE as LIVE_ONES
from models.storage.database import as_date, as_instant, marks, records

Key = tuple[int, int, date]  # child, slot, day
MOST = 50_000  # cells that a process keeps: some thirty megabytes


@dataclass(frozen=True, slots=True)
class Cell:
    """One child, one slot, one day, as it is shown. Amounts are cents, moments Paris time."""

    child: ChildFacts
    slot: int
    slot_name: str
    day: date
    shown: cells.CellState
    cents: int
    reason: str
    closes: datetime
    book_closes: datetime
    rank: int = 0
    note: str | None = None
    left: int | None = None  # places left, when they are limited
    offered_until: datetime | None = None
    prepaid: bool = False
    closed_by: str = ""  # the holiday or closure
    opens: datetime | None = None  # when booking begins, as long as it has not
    final: str = ""  # refused | allowed: what a cancellation meets, when booked now it would be late already

    @property
    def key(self) -> str:
        return f"{self.child.id}-{self.slot}-{self.day.isoformat()}"

    @property
    def counts(self) -> int:
        """What the cell adds to the cost of the period, in cents: an asked cancellation takes nothing off yet."""
        seen = self.shown
        due = seen.ticked and seen.state in ("picked", "sent", "booked") and seen.why != "full"
        still_due = seen.state == "cancelsent" or seen.why in ("to_ask", "late_billed", "late")
        return self.cents if due or (seen.state in ("cancel", "cancelsent") and still_due) else 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the cart."""

    id: int
    child: int
    slot: int
    day: date
    action: str
    cents: int
    reason: str
    waits: bool
    order: int | None
    full: bool = False  # no place is left, and nobody can wait for one


@dataclass(frozen=True, slots=True)
class Gone:
    """A line of the cart that cannot take effect any more."""

    id: int
    child: ChildFacts
    slot_name: str
    day: date
    action: str
    closes: datetime
    why: Literal["late", "full", "closed"]


@dataclass(frozen=True, slots=True)
class Capacity:
    opening: int
    places: int | None
    taken: int
    queue: int


@dataclass(frozen=True, slots=True)
class _Closings:
    """The deadlines of a cell, in universal time."""

    book: datetime
    cancel: datetime

    def open(self, instant: datetime) -> tuple[bool, bool]:
        return instant < self.book, instant < self.cancel


@dataclass(frozen=True, slots=True)
class _Kept:
    """A cell as it was drawn, and all that it was drawn from beside the catalogue."""

    household: Household  # the very one: another reading of the family draws anew
    rests_on: tuple[cells.Booked | None, Line | None, Capacity | None, int]
    closings: _Closings
    open: tuple[bool, bool]
    cell: Cell


@dataclass
class PlanningFacts:
    catalogue: Catalogue
    household: Household
    now: datetime
    booked: dict[Key, cells.Booked] = field(default_factory=dict)
    cart: dict[Key, Line] = field(default_factory=dict)  # the whole cart of the family, but for:
    late: dict[Key, Gone] = field(default_factory=dict)  # lines that were not validated before their deadline
    places: dict[tuple[int, int, date], Capacity] = field(default_factory=dict)  # slot, group, day

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
    ) -> "PlanningFacts":
        facts = cls(catalogue, household, now)
        for row in await records(_CART, [household.family]):
            facts._put(_line(row), row["booked"])
        kept = (*LIVE, "refused")
        question = _BOOKED.format(children=marks(children), states=marks(kept), rank=RANK)
        for row in await records(question, [*children, first, last, *kept, household.family]):
            key = (row["child_id"], row["slot_id"], as_date(row["day"]))
            if row["state"] != "refused" or key not in facts.booked:
                facts.booked[key] = _booked(row, household.family)
        groups = facts._groups_of(children, slots)
        question = _PLACES.format(slots=marks(slots), groups=marks(groups))
        for row in await records(question, [*slots, *groups, first, last]):
            key = (row["slot_id"], row["group_id"], as_date(row["day"]))
            facts.places[key] = Capacity(row["id"], row["places"], row["taken"], row["queue"])
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
        )
        kept: _Kept | None = self.catalogue.drawn.get(key)
        if (
            kept is not None
            and kept.household is self.household
            and kept.rests_on == rests_on
            and kept.open == kept.closings.open(self._instant)
        ):
            return kept.cell
        cell = self._draw(child, slot, day)
        activity = self.catalogue.activity_of(slot)
        if activity.visible_from is None and group:  # no other moment counts than its deadlines
            closings = self._closings(activity, child, slot, day)
            if len(self.catalogue.drawn) >= MOST:
                self.catalogue.drawn.clear()
            now_open = closings.open(self._instant)
            self.catalogue.drawn[key] = _Kept(self.household, rests_on, closings, now_open, cell)
        return cell

    def _put(self, line: Line, booked: str | None) -> None:
        """Into the cart, unless its deadline has passed: then it counts no more. What is being paid stays.

        `booked` is the state of the booking that it cancels; only a confirmed one has a deadline for that.
        """
        key, child = (line.child, line.slot, line.day), self.household.child(line.child)
        activity = self.catalogue.activity_of(line.slot)
        bound = line.action == "add" or (booked == "confirmed" and activity.late_cancel != "allowed")
        if line.order is None and bound and child is not None:
            school = child.schools.get(activity.year, "")
            name, action = self.catalogue.slots[line.slot].name, "book" if line.action == "add" else "cancel"
            closes = self.catalogue.closes(line.slot, action, line.day, school)
            if not is_open(self.now, closes):
                self.late[key] = Gone(line.id, child, name, line.day, line.action, closes, "late")
                return
        self.cart[key] = line

    def says(self, key: Key) -> bool:
        """Does the cell have a booking or a wish? One that has neither costs nothing."""
        return key in self.booked or key in self.cart

    @property
    def draft(self) -> tuple[Line, ...]:
        """The cart as it stands now: what waits is told by the places where they were read, else by the tick."""
        return tuple([self._stands(line) for line in self.cart.values()])

    def _stands(self, line: Line) -> Line:
        key = (line.child, line.slot, line.day)
        places = self.places.get((line.slot, self._groups.get(key[:2], 0), line.day))
        if line.action != "add" or self._is_offered(key):
            return replace(line, waits=False)
        if places is None:
            return line
        full = cells.is_full(places.places, places.taken, places.queue)
        waits = full and self.catalogue.activity_of(line.slot).waiting_list
        return replace(line, waits=waits, full=full and not waits)

    def _is_offered(self, key: Key) -> bool:
        return key in self.booked and self.booked[key].state == "offered"

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
                and line.action == "add"
                and line.order is None
                and not self._is_offered((other.id, slot, day))
            ):
                before += self._groups.get((other.id, slot)) == group
        return before

    def _closings(self, activity: ActivityFacts, child: ChildFacts, slot: int, day: date) -> "_Closings":
        school = child.schools.get(activity.year, "")
        return _Closings(
            utc(self.catalogue.closes(slot, "book", day, school)),
            utc(self.catalogue.closes(slot, "cancel", day, school)),
        )

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
        activity = self.catalogue.activity_of(slot)
        school = child.schools.get(activity.year, "")
        cell_facts = self.of_cell(child, slot, day)
        shown = cells.state_of(cell_facts, self.now)
        price = self.price(child, slot, day)
        wish, booked = self.cart.get((child.id, slot, day)), cell_facts.booked
        live = booked is not None and booked.state != "refused"
        offer = booked.offered_until if booked and booked.state == "offered" else None
        mine = booked if booked and live and booked.own else None  # the other household's price is its own
        return Cell(
            child=child,
            slot=slot,
            slot_name=self.catalogue.slots[slot].name,
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
            prepaid=activity.prepaid,
            closed_by=self.catalogue.day(activity, school, day).reason,
            opens=activity.visible_at(self.household.category) if shown.why == "not_yet" else None,
            final=activity.late_cancel if cells.is_final(cell_facts, shown, self.now) else "",
        )

    def of_cell(self, child: ChildFacts, slot: int, day: date) -> cells.Facts:
        activity = self.catalogue.activity_of(slot)
        school = child.schools.get(activity.year, "")
        group = self.group(child, activity, day)
        places = self.places.get((slot, group, day)) if group is not None else None
        kind = self.catalogue.day(activity, school, day)
        if kind.kind is Kind.open and places is None and group is not None:
            kind = Day(
                Kind.closed
            )  # the calendar opens it, the mairie has laid out no places: it cannot be booked
        line = self.cart.get((child.id, slot, day))
        return cells.Facts(
            day=kind,
            enrolled=group is not None,
            book_closes=self.catalogue.closes(slot, "book", day, school),
            cancel_closes=self.catalogue.closes(slot, "cancel", day, school),
            places=places.places if places else None,
            taken=places.taken if places else 0,
            queue=places.queue if places else 0,
            booked=self.booked.get((child.id, slot, day)),
            wish=_wish(line) if line else None,
            member=self.household.enrolment(child.id, activity.id) is not None
            and self.household.has_paid(child.id, activity),
            visible=self._visible(activity),
            asks=activity.asks,
            waiting_list=activity.waiting_list,
            late_cancel=activity.late_cancel == "allowed",
        )

    def _visible(self, activity: ActivityFacts) -> bool:
        starts = activity.visible_at(self.household.category)
        return starts is None or not is_open(self.now, starts)

    def group(self, child: ChildFacts, activity: ActivityFacts, day: date) -> int | None:
        """The group the child is in on that day; None when it is not enrolled then."""
        enrolment = self.household.enrolment(child.id, activity.id)
        if enrolment is not None:
            return enrolment.group if enrolment.start <= day <= enrolment.end else None
        return self.household.could_join(child, activity)

    def price(self, child: ChildFacts, slot: int, day: date) -> Price:
        """Today's price of the day, by the quotient valid on the day eaten. No tariff: free, and it says so."""
        activity = self.catalogue.slots[slot].activity
        enrolment = self.household.enrolment(child.id, activity)
        category = (enrolment.category if enrolment else None) or self.household.category
        quotient = self.household.quotient(day)
        try:
            return self.catalogue.price(
                slot, category, day, quotient, self.household.rank(child.id, activity, day)
            )
        except NoTariff:
            return Price(0, "sans tarif", None)


def _wish(line: Line) -> cells.Wish:
    return cells.Wish(line.action, line.cents, locked=line.order is not None, waits=line.waits)  # type: ignore[arg-type]


def _line(row: Any) -> Line:
    return Line(
        row["id"], row["child_id"], row["slot_id"], as_date(row["day"]), row["action"], row["cents"], row["reason"],
        bool(row["waits"]), row["order_id"],
    )  # fmt: skip


def _booked(row: Any, family: int) -> cells.Booked:
    return cells.Booked(
        id=row["id"],
        state=row["state"],
        cents=row["cents"],
        own=row["family_id"] == family,
        cancel_asked=bool(row["cancel_asked"]),
        rank=row["rank"] or 0,
        note=row["note"],
        reason=row["reason"],
        tariff=row["tariff_id"],
        offered_until=as_instant(row["offered_until"]),
    )


_CART = f"""
SELECT id, child_id, slot_id, day, action, cents, reason, waits, order_id, CASE WHEN action = 'cancel' THEN (
    SELECT booking.state FROM booking WHERE booking.child_id = cart_line.child_id
    AND booking.slot_id = cart_line.slot_id AND booking.day = cart_line.day AND booking.{LIVE_ONES}) END AS booked
FROM cart_line WHERE family_id = ?
"""  # noqa: S608

_BOOKED = """
SELECT b.id, b.child_id, b.family_id, b.slot_id, b.day, b.state, b.cents, b.reason, b.tariff_id, b.note,
  mine.offered_until,
  EXISTS (SELECT 1 FROM request WHERE request.booking_id = b.id AND kind = 'cancellation' AND request.state = 'pending')
    AS cancel_asked,
  CASE WHEN b.state = 'waiting' THEN {rank} END AS rank
FROM booking AS b LEFT JOIN waiting AS mine ON mine.booking_id = b.id
WHERE b.child_id IN ({children}) AND b.day BETWEEN ? AND ? AND b.state IN ({states})
  AND (b.family_id = ? OR b.state <> 'refused') ORDER BY b.id DESC
"""

_PLACES = """
SELECT id, slot_id, group_id, day, places, taken, CASE WHEN places IS NULL THEN 0 ELSE (
    SELECT COUNT(*) FROM waiting WHERE waiting.opening_id = opening.id AND waiting.state = 'waiting') END AS queue
FROM opening WHERE slot_id IN ({slots}) AND group_id IN ({groups}) AND day BETWEEN ? AND ?
"""
