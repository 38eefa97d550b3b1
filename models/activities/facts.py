"""An activity as the catalogue holds it: what its rows say, read once and never changed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.activities.group import Group
from models.activities.slot import Slot
from models.activities.tariff import Band, Tariff
from models.rules import deadlines, pricing
from models.rules.booking import DEFAULT
from models.rules.calendar import Timetable
from models.rules.families.enrolling import Beginning, beginning, group_for
from models.rules.limits.windows import Window
from models.rules.pricing.missed import AbsenceRule
from models.rules.pricing.stay import LatePickup, Stay, Timing, planned
from models.rules.states.orders import Billing


@dataclass(frozen=True, slots=True)
class SlotFacts:
    id: int
    activity: int
    code: str
    name: str
    starts: int
    ends: int
    care_part: int | None = None  # cents of the price that are care
    timing: Timing | None = None  # billed by time
    late_pickup: LatePickup | None = None
    requires: str | None = None  # the code of the slot that it needs
    closes: date | None = None  # its last day
    stay: Stay | None = None  # what is planned of it, where it is billed by time


@dataclass(frozen=True, slots=True)
class GroupFacts:
    id: int
    code: str
    name: str
    levels: frozenset[str] | None
    schools: frozenset[str] | None
    places: int | None
    closes: date | None = None  # its last day

    def fits(self, level: str | None, school: str | None) -> bool:
        return (self.levels is None or level in self.levels) and (
            self.schools is None or school in self.schools
        )


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    id: int
    year: int
    till: int
    code: str
    name: str
    kind: str
    billing: str
    acceptance: str
    enrolment: str
    place: str | None
    memo: str | None
    membership_fee: int | None
    waiting_list: bool
    late_cancel: str
    visible_from: datetime | None
    residents_first_days: int | None
    enrolment_places: int | None
    timetable: Timetable
    deadlines: dict[str, tuple[deadlines.Deadline, ...]]
    tariffs: tuple[pricing.Tariff, ...]
    slots: tuple[SlotFacts, ...]
    groups: tuple[GroupFacts, ...]
    absences: tuple[AbsenceRule, ...] = ()
    windows: tuple[Window, ...] = ()
    presence: str = "booking"

    @property
    def prepaid(self) -> bool:
        return self.billing == Billing.PREPAID

    @property
    def keeps_booked(self) -> bool:
        """Is what is booked never cancelled by its family?"""
        return not self.deadlines["cancel"]

    @property
    def late_or_never(self) -> str:
        """What a cancellation meets past its limit, or always: refused | allowed | never."""
        return "never" if self.keeps_booked else self.late_cancel

    @property
    def by_default(self) -> bool:
        """Is every day of who is enrolled booked, until a parent unticks it?"""
        return self.presence == DEFAULT

    @property
    def asks(self) -> bool:
        """Does the mairie answer each booking?"""
        return self.acceptance == "staff"

    def visible_at(self, category: str | None) -> datetime | None:
        """When this category of families may begin to enrol and to book; None: it was always open."""
        begins = self.begins
        return begins.of(category) if begins else None

    @property
    def begins(self) -> Beginning | None:
        """Residents first, where the commune says so."""
        return beginning(self.visible_from, self.residents_first_days)

    def group_for(self, level: str | None, school: str | None) -> GroupFacts | None:
        """None of both: an adult."""
        return group_for(self.groups, level, school)


def slot_facts(row: Slot) -> SlotFacts:
    timing = Timing(row.step, row.starts, row.ends, row.minimum or 0) if row.step else None
    late = row.late_pickup and LatePickup(
        deadlines.minutes(row.late_pickup["after"]), row.late_pickup["cents"], row.late_pickup.get("per")
    )
    return SlotFacts(
        id=row.id,
        activity=row.activity_id,
        code=row.code,
        name=row.name,
        starts=row.starts,
        ends=row.ends,
        care_part=row.care_part,
        timing=timing,
        late_pickup=late or None,
        requires=row.requires,
        closes=row.closes,
        stay=planned(timing) if timing else None,
    )


def group_facts(row: Group) -> GroupFacts:
    def codes(value: Any) -> frozenset[str] | None:
        return None if value is None else frozenset(value)

    return GroupFacts(
        row.id, row.code, row.name, codes(row.levels), codes(row.schools), row.places, row.closes
    )


def tariff_rule(row: Tariff, bands: list[Band]) -> pricing.Tariff:
    return pricing.Tariff(
        id=row.id,
        method=row.method,  # type: ignore[arg-type]
        amount=row.amount,
        bands=tuple(
            pricing.Band(band.up_to, band.cents, band.rate, band.low, band.high)
            for band in bands
            if band.tariff_id == row.id
        ),
        rate=row.rate,
        low=row.low,
        high=row.high,
        slot=row.slot_code,
        category=row.category,
        start=row.start,
        end=row.end,
        child_rank=row.child_rank,
        reduction=row.reduction,
        no_quotient=row.no_quotient,
        unbooked=row.unbooked,
        late=row.late,
    )
