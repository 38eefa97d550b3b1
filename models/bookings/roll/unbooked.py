"""A child is there that nobody had booked: it gets its place at the door, at the price that the tariff says of it."""

from dataclasses import dataclass
from datetime import date, datetime

from tortoise.expressions import F

from models.activities.catalogue import Catalogue
from models.activities.opening import Opening
from models.bookings.booking import Booking
from models.bookings.roll import noting, settling
from models.bookings.roll.attendance import Attendance
from models.bookings.roll.owing import owe
from models.bookings.roll.roll_closing import RollClosing
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.household import Household
from models.rules.booking import LIVE, NO_PRICE, BookingState
from models.rules.pricing import NoTariff, Price
from models.rules.roll.words import Called
from models.rules.states.attendance import AttendanceState
from models.rules.states.notices import NoticeKind
from models.storage.database import as_date, retrying, rows, transaction
from models.storage.paging import Where
from models.work.audit_log import Event
from models.work.notice import Notice

FEW = 12  # children that a search shows


class NotPossible(Exception):
    """`why`: closed, there (it is on the list), asked (a request or a payment is under way), nowhere (no service)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Candidate:
    """A child that is enrolled in the activity, and for which family."""

    enrolment: int
    first_name: str
    last_name: str
    born: date
    sex: str
    family: str  # its number


async def candidates(activity: int, day: date, search: str) -> list[Candidate]:
    """Enrolled children whose name has these words; nobody without a word."""
    if not search.strip():
        return []
    where = Where(
        'enrolment.activity_id = ? AND enrolment.start <= ? AND enrolment."end" >= ?', (activity, day, day)
    )
    where = where.containing(search, *_NAMES)
    sql = f"{_CANDIDATES} WHERE {where.sql} ORDER BY child.last_name, child.first_name, enrolment.id LIMIT {FEW}"
    found = await rows(sql, where.values)
    return [Candidate(**{**row, "born": as_date(row["born"])}) for row in found]


async def add(
    catalogue: Catalogue,
    enrolment: int,
    slot: int,
    day: date,
    member: int,
    now: datetime,
    *,
    corrects: bool = False,
) -> Attendance:
    """Present, without a booking. Raises NotPossible."""
    found = await Enrolment.get_or_none(id=enrolment, start__lte=day, end__gte=day)
    facts = catalogue.slots.get(slot)
    if found is None or facts is None or facts.activity != found.activity_id or day > now.date():
        raise NotPossible("nowhere")
    opening = await Opening.get_or_none(slot_id=slot, group_id=found.group_id, day=day)
    if opening is None:
        raise NotPossible("nowhere")
    return await retrying(lambda: _add(catalogue, found, opening, member, now, corrects))


async def _add(
    catalogue: Catalogue, enrolment: Enrolment, opening: Opening, member: int, now: datetime, corrects: bool
) -> Attendance:
    cell = (enrolment.child_id, opening.slot_id, opening.day)
    reach = settling.reach_of(catalogue, {cell})
    async with transaction():
        await Family.lock(enrolment.family_id, *await settling.families_of(reach))
        if not corrects and await RollClosing.exists(opening_id=opening.id):
            raise NotPossible("closed")
        live = await Booking.filter(
            child_id=cell[0], slot_id=cell[1], day=cell[2], state__in=list(LIVE)
        ).first()
        if live is not None:
            raise NotPossible("there" if live.state == BookingState.CONFIRMED else "asked")
        household = await Household.read(enrolment.family_id)
        price = _price(catalogue, household, enrolment, opening)
        await _let_in(opening, f"member:{member}", now)
        row = await _book(catalogue, enrolment, opening, price, member, now)
        made = await Attendance.create(
            booking_id=row.id, state=AttendanceState.PRESENT, unbooked=True, noted_by_id=member, noted_at=now
        )
        await noting.say(made.id, row.family_id, Called(AttendanceState.PRESENT), member, now)
        await settling.settle(catalogue, reach, member, now)
        if opening.day == now.date():
            await Notice.say(NoticeKind.CHILD_UNBOOKED, row.family_id, f"booking:{row.id}", now)
    return made


def _price(catalogue: Catalogue, household: Household, enrolment: Enrolment, opening: Opening) -> Price:
    quotient = household.quotient(opening.day)
    rank = household.rank(enrolment.child_id, enrolment.activity_id, opening.day)
    category = enrolment.category or household.category
    try:
        return catalogue.price(opening.slot_id, category, opening.day, quotient, rank, "unbooked")
    except NoTariff:
        return NO_PRICE


async def _let_in(opening: Opening, actor: str, now: datetime) -> None:
    """A place, whether or not one is free: the child is there."""
    if await Opening.take(opening.id):
        return
    await Opening.filter(id=opening.id).update(
        taken=F("taken") + 1, overrun=F("taken") + 1 - F("places"), overrun_by=actor
    )
    now_there = await Opening.get(id=opening.id)
    await Event.note(now, actor, "opening.overrun", f"opening:{opening.id}", overrun=now_there.overrun)


async def _book(
    catalogue: Catalogue, enrolment: Enrolment, opening: Opening, price: Price, member: int, now: datetime
) -> Booking:
    row = await Booking.create(
        child_id=enrolment.child_id,
        family_id=enrolment.family_id,
        enrolment_id=enrolment.id,
        slot_id=opening.slot_id,
        opening_id=opening.id,
        day=opening.day,
        state=BookingState.CONFIRMED,
        cents=price.cents,
        reason=price.reason,
        tariff_id=price.tariff,
        made_at=now,
        changed_at=now,
    )
    if catalogue.activity_of(opening.slot_id).prepaid:
        row = await Booking.get(id=row.id).select_related("slot__activity")
        order = await owe(row, f"roll:{row.id}", now, f"member:{member}")
        await Booking.filter(id=row.id).update(order_id=order.id)
    return row


_NAMES = ("child.first_name || ' ' || child.last_name", "child.last_name || ' ' || child.first_name")
_CANDIDATES = """
SELECT enrolment.id AS enrolment, child.first_name, child.last_name, child.born, child.sex, family.number AS family
FROM enrolment JOIN child ON child.id = enrolment.child_id JOIN family ON family.id = enrolment.family_id
"""
