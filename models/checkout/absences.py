"""« Prévenir d'une absence »: the days that can be told, telling them in one transaction, and what became of them.

In time it is the very cancellation of the recap, for these days alone: the rest of the draft stays a draft.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from tortoise.exceptions import IntegrityError

from models.activities.catalogue import Catalogue
from models.bookings.absence import Absence
from models.checkout import cancelling
from models.checkout.submission import Stale, Submission
from models.families.family import Family
from models.families.household import ChildFacts, Household
from models.planning import ticks
from models.planning.cell import Key
from models.planning.facts import PlanningFacts
from models.rules.absences import REASONS, Outcome, became, outcome
from models.rules.booking import BookingState
from models.rules.deadlines import is_open, paris
from models.rules.states.orders import Billing
from models.rules.states.requests import RequestKind, RequestState
from models.storage.database import as_date, as_instant, marks, retrying, rows, transaction
from models.work.audit_log import Event


@dataclass(frozen=True, slots=True)
class Promise:
    """A day as the page showed it: what telling it would do, and the credit in cents."""

    child: int
    slot: int
    day: date
    outcome: str
    cents: int

    @property
    def key(self) -> Key:
        return self.child, self.slot, self.day

    def __str__(self) -> str:
        return f"{self.child}-{self.slot}-{self.day.isoformat()}:{self.outcome}:{self.cents}"


@dataclass(frozen=True, slots=True)
class Choice:
    """A booked day. `outcome` is None when nothing can be told any more: `told` says that it was."""

    child: ChildFacts
    slot: int
    slot_name: str
    day: date
    booking: int
    outcome: Outcome | None
    cents: int
    told: bool
    never: bool = False  # is it cancelled, in time or not

    @property
    def promise(self) -> Promise:
        return Promise(self.child.id, self.slot, self.day, self.outcome or "", self.cents)


@dataclass(frozen=True, slots=True)
class Told:
    """A told absence, and what it came to."""

    id: int
    family: str
    child_id: int
    first_name: str
    last_name: str
    activity: str
    slot: str
    day: date
    reason: str
    outcome: Outcome
    cents: int
    told_at: datetime


def parse(text: str) -> Promise:
    """Raises ValueError."""
    cell, outcome, cents = text.split(":")
    child, slot, day = cell.split("-", 2)
    return Promise(int(child), int(slot), date.fromisoformat(day), outcome, int(cents))


async def choices(
    catalogue: Catalogue, household: Household, now: datetime, first: date, last: date
) -> list[Choice]:
    """The household's booked days from now on, in the order of its children, then of the days."""
    children = [child.id for child in household.children]
    slots = {slot.id for child in children for a in household.rows(catalogue, child) for slot in a.slots}
    facts = await PlanningFacts.read(catalogue, household, now, children, sorted(slots), first, last)
    return await of_sheet(facts)


async def of_sheet(facts: PlanningFacts) -> list[Choice]:
    """As `choices`, from facts already read."""
    booked = {at: one for at, one in facts.booked.items() if one.own and one.state == BookingState.CONFIRMED}
    ids = [one.id for one in booked.values()]
    told = await rows(_TOLD_OF.format(bookings=marks(ids)), ids) if ids else []
    known_told = {row["booking_id"] for row in told}
    found = []
    for (child, slot, day), one in booked.items():
        slot_facts, child_facts = facts.catalogue.slots[slot], facts.household.child(child)
        if child_facts is None or not is_open(facts.now, paris(day, slot_facts.ends)):
            continue
        activity = facts.catalogue.activity_of(slot)
        then = outcome(facts.of_cell(child_facts, slot, day), activity.prepaid, facts.now)
        cents = one.cents if then == "credited" else 0
        choice = Choice(
            child_facts, slot, slot_facts.name, day, one.id, then, cents,
            told=one.id in known_told, never=activity.keeps_booked,
        )  # fmt: skip
        if choice.told:
            choice = replace(choice, outcome=None, cents=0)
        if choice.told or then:
            found.append(choice)
    places = {child.id: n for n, child in enumerate(facts.household.children)}
    starts = {slot.id: slot.starts for slot in facts.catalogue.slots.values()}
    return sorted(found, key=lambda one: (places[one.child.id], one.day, starts[one.slot], one.slot))


_TOLD_OF = "SELECT booking_id FROM absence WHERE booking_id IN ({bookings})"


async def tell(
    catalogue: Catalogue,
    family: int,
    promises: Sequence[Promise],
    reason: str,
    now: datetime,
    click: str,
    by: int | None = None,
) -> int:
    """All the days, or none; the id of the first absence. Told again, or sent twice, it changes nothing.

    Raises Stale when a day would not come to what was promised, AlreadyPaying.
    """
    if reason not in REASONS or not promises:
        raise ValueError(reason)
    days = {promise.key: promise for promise in promises}
    household = await Household.read(family)
    clicked = Submission(family, _nonce(click, days), now, by)
    try:
        return await retrying(lambda: _tell(catalogue, household, list(days.values()), reason, clicked))
    except IntegrityError as exc:
        raise Stale from exc


def _nonce(click: str, days: Iterable[Key]) -> str:
    """Other days of the same page, after « Précédent » in the browser, are another click."""
    said = "|".join([click, *sorted(map(str, days))])
    return f"absence:{hashlib.sha256(said.encode()).hexdigest()[:40]}"


async def _tell(
    catalogue: Catalogue, household: Household, promises: list[Promise], reason: str, click: Submission
) -> int:
    children, slots = {one.child for one in promises}, {one.slot for one in promises}
    first, last = min(one.day for one in promises), max(one.day for one in promises)
    async with transaction():
        await Family.lock(click.family)
        slots |= {other for one in slots for other in catalogue.needs.with_it(one, ticked=False)}
        reach = (sorted(children), sorted(slots), first, last)
        facts = await PlanningFacts.read(catalogue, household, click.now, *reach)
        before = await _told_before(click.family, *reach)
        now_there = {one.promise.key: one for one in await of_sheet(facts) if one.outcome}
        repeated = await ticks.seen(click.family, click.nonce, click.now)
        keys = [one.key for one in promises]
        if all(key in before and (repeated or key not in now_there) for key in keys):
            return before[keys[0]]
        chosen = [now_there[key] for key in keys if key in now_there]
        if repeated or [one.promise for one in chosen] != promises:
            raise Stale
        given_back = [one.promise.key for one in chosen if one.outcome != "kept"]
        await cancelling.cancel(catalogue, household, facts, click, given_back)
        return await _write(click, chosen, reason)


async def _told_before(
    family: int, children: list[int], slots: list[int], first: date, last: date
) -> dict[Key, int]:
    """The last absence told for each day."""
    question = _BEFORE.format(children=marks(children), slots=marks(slots))
    found = await rows(question, [family, *children, *slots, first, last])
    return {(row["child_id"], row["slot_id"], as_date(row["day"])): row["id"] for row in found}


_BEFORE = """
SELECT absence.id, booking.child_id, booking.slot_id, booking.day
FROM absence JOIN booking ON booking.id = absence.booking_id
WHERE absence.family_id = ? AND booking.child_id IN ({children}) AND booking.slot_id IN ({slots})
  AND booking.day BETWEEN ? AND ? ORDER BY absence.id
"""


async def _write(click: Submission, chosen: list[Choice], reason: str) -> int:
    late = ("late", "kept")
    await Absence.bulk_create(
        [
            Absence(
                family_id=click.family,
                booking_id=one.booking,
                reason=reason,
                billed=one.outcome in late,
                told_at=click.now,
                told_by_id=click.by,
            )
            for one in chosen
        ]
    )
    ids = await Absence.filter(booking_id__in=[one.booking for one in chosen]).values_list("id", flat=True)
    first = min(int(str(id)) for id in ids)
    # Without the reason: the journal is for ever, and a child's illness is nobody's for ever.
    await Event.note(
        click.now, click.actor, "absence.told", f"absence:{first}", click.family,
        days={str(one.booking): one.outcome for one in chosen},
    )  # fmt: skip
    return first


async def told(family: int, id: int) -> list[Told]:
    """What was told at once with this absence; nothing when it is not the family's."""
    return await _told(_TOGETHER, [id, family])


async def _told(which: str, values: list[Any]) -> list[Told]:
    return [_row(row) for row in await rows(_TOLD + which, values)]


def _row(row: dict[str, Any]) -> Told:
    told_at = as_instant(row["told_at"])
    if told_at is None:
        raise ValueError(row["id"])
    same = ("id", "child_id", "first_name", "last_name", "activity", "slot", "reason", "cents")
    return Told(
        **{name: row[name] for name in same},
        family=row["number"],
        day=as_date(row["day"]),
        told_at=told_at,
        outcome=became(
            row["state"], bool(row["billed"]), row["billing"] == Billing.PREPAID, bool(row["pending"])
        ),
    )


_TOLD = f"""
SELECT absence.id, absence.reason, absence.told_at, family.number, child.id AS child_id, child.first_name,
  child.last_name, activity.name AS activity, activity.billing, slot.name AS slot, booking.day, booking.state,
  booking.billed, booking.cents, EXISTS (SELECT 1 FROM request WHERE request.booking_id = booking.id
    AND request.kind = '{RequestKind.CANCELLATION}' AND request.state = '{RequestState.PENDING}') AS pending
FROM absence JOIN booking ON booking.id = absence.booking_id JOIN family ON family.id = absence.family_id
JOIN child ON child.id = booking.child_id JOIN slot ON slot.id = booking.slot_id
JOIN activity ON activity.id = slot.activity_id
"""  # noqa: S608

_TOGETHER = """
JOIN absence AS named ON named.family_id = absence.family_id AND named.told_at = absence.told_at
WHERE named.id = ? AND named.family_id = ?
ORDER BY child.born, child.id, booking.day, slot.starts, slot.id
"""
