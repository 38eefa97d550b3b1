"""An activity as somebody describes it: in a commune file, or on the mairie's screen. Amounts are cents."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.rules.booking import DEFAULT
from models.rules.deadlines import NEVER
from models.rules.families.enrolling import Enrols
from models.rules.limits.windows import Window
from models.rules.states.orders import Billing

CATEGORIES = ("resident", "outside", "pai", "occasional", "adult", "staff")
ACTIVITY_KINDS = ("meal", "care", "leisure", "adult")
BILLING = tuple(Billing)
ACCEPTANCE = ("automatic", "staff")
ENROLMENT = tuple(Enrols)
ON_DAYS = ("school_days", "holidays", "both")
LATE_CANCEL = ("refused", "allowed")
PRESENCE = ("booking", DEFAULT)  # who comes: who booked; or all who are enrolled, but for who unticked
METHODS = ("flat", "brackets", "rate")
LONGEST_CODE, LONGEST_NAME, LONGEST_MEMO = 60, 200, 2000  # characters
RATE = r"[0-9]+(\.[0-9]+)?"  # percent of the quotient

Rule = dict[
    str, Any
]  # of deadlines: {"rule": "week_before", "weekday": "thu", "at": "12:00", "for": […]?}, NEVER


@dataclass(frozen=True)
class Group:
    code: str
    name: str
    levels: tuple[str, ...] | None = None
    schools: tuple[str, ...] | None = None
    places: int | None = None
    closes: date | None = None  # its last day, where that comes before the activity’s

    def fits(self, level: str | None, school: str | None) -> bool:
        return (self.levels is None or level in self.levels) and (
            self.schools is None or school in self.schools
        )


@dataclass(frozen=True)
class Slot:
    code: str
    name: str
    starts: int  # minutes after midnight
    ends: int
    care_part: int | None = None
    step: int | None = None  # minutes
    minimum: int | None = None
    late_pickup: dict[str, Any] | None = None  # {"after": "18:30", "cents": 500, "per": 15?}
    requires: str | None = None  # the code of another slot of the activity
    closes: date | None = None  # its last day, where that comes before the activity’s


@dataclass(frozen=True)
class Band:
    up_to: int | None
    amount: int  # 0 where a rate says the price
    rate: str | None = None
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class Tariff:
    method: str
    amount: int | None = None
    bands: tuple[Band, ...] = ()
    rate: str | None = None
    low: int | None = None
    high: int | None = None
    slot: str | None = None
    category: str | None = None
    start: date | None = None
    end: date | None = None
    child_rank: int | None = None
    reduction: int = 0
    no_quotient: int | None = None
    unbooked: str | None = None  # present without booking: cents, "+500" more, or "+10%"
    late: str | None = None  # booked until the later limit: as above


@dataclass(frozen=True)
class Activity:
    code: str
    name: str
    kind: str
    billing: str
    acceptance: str
    enrolment: str
    weekdays: tuple[int, ...]  # Monday is 0
    on: str
    opens: date
    closes: date
    groups: tuple[Group, ...]
    slots: tuple[Slot, ...]
    book: tuple[Rule, ...]
    cancel: tuple[Rule, ...]
    tariffs: tuple[Tariff, ...]
    till: str | None = None
    place: str | None = None
    memo: str | None = None
    kitchen_email: str | None = None  # who is sent the list of a meal at its limit
    membership_fee: int | None = None
    waiting_list: bool = False
    late_cancel: str = "refused"
    visible_from: datetime | None = None
    residents_first_days: int | None = None
    enrolment_places: int | None = None  # of each group, for the year
    late: tuple[Rule, ...] = ()  # the later limit, until which a booking costs more
    absences: tuple[dict[str, Any], ...] = ()
    windows: tuple[Window, ...] = ()  # when days of a period are booked
    presence: str = "booking"

    @property
    def keeps_booked(self) -> bool:
        """Is what is booked never cancelled by its family?"""
        return self.cancel == (NEVER,)

    @property
    def asks_membership(self) -> bool:
        """Does the parent enrol the child by paying?"""
        return self.enrolment == "online" and self.membership_fee is not None
