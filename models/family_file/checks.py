"""May a child be enrolled in an activity, and in which group? The same for one child and for a whole class."""

from models.activities.catalogue import ActivityFacts, Catalogue, GroupFacts
from models.rules import pricing


class CannotEnrol(Exception):
    """`why`: « group » no group takes such a child, « membership » parents join by paying, « tariff » it has no price,
    « over » the activity has ended."""

    def __init__(self, activity: ActivityFacts, why: str) -> None:
        super().__init__(activity.code, why)
        self.activity, self.why = activity, why


def group_of(
    catalogue: Catalogue, activity: ActivityFacts, level: str | None, school: int | None, category: str | None
) -> GroupFacts:
    """The group that a child of this class would be in; no level and no school: an adult. Raises CannotEnrol."""
    if activity.enrolment == "online" and activity.membership_fee is not None:
        raise CannotEnrol(activity, "membership")
    code = catalogue.schools[school].code if school else None
    group = activity.group_for(level, code)
    if group is None:
        raise CannotEnrol(activity, "group")
    check_price(activity, category)
    return group


def check_price(activity: ActivityFacts, category: str | None) -> None:
    """A price on every day, for this category of families. Raises CannotEnrol."""
    slots = [slot.code for slot in activity.slots]
    opens, closes = activity.timetable.opens, activity.timetable.closes
    if pricing.first_gap(activity.tariffs, slots, category, opens, closes) is not None:
        raise CannotEnrol(activity, "tariff")
