"""What all the days of a child in a slot have in common: looked up once a request, not once a cell."""

from dataclasses import dataclass
from datetime import date, datetime

from models.activities.catalogue import ActivityFacts
from models.activities.needs import Said
from models.families.household import EnrolmentFacts
from models.rules.deadlines import is_open, utc
from models.rules.limits.windows import window_on


@dataclass(frozen=True, slots=True)
class RowFacts:
    slot_name: str
    activity: ActivityFacts
    school: str
    level: str
    enrolment: EnrolmentFacts | None
    joins: int | None  # the group it would be in, where it is not enrolled and its parents may do that
    category: str | None
    opens: datetime | None  # when booking begins, as long as it has not
    member: bool
    has_ranks: bool  # does a price depend on brothers and sisters,
    has_dates: bool  # or on the season,
    has_late: bool  # or on when it is booked?
    needs: Said

    def not_before(self, day: date, now: datetime) -> datetime | None:
        """When booking the day begins, as long as it has not."""
        window = window_on(self.activity.windows, day)
        if window is None or not is_open(now, window.opens):
            return self.opens
        return max(self.opens or window.opens, window.opens, key=utc)

    def group(self, day: date) -> int | None:
        """The group the child is in on that day; None when it is not enrolled then."""
        if self.enrolment is None:
            return self.joins
        return self.enrolment.group if self.enrolment.start <= day <= self.enrolment.end else None
