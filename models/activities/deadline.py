"""One rule of an activity's deadlines, as the commune file writes it."""

from collections.abc import Mapping
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.activities.activity import Activity
from models.rules import deadlines

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Deadline(Model):
    id = fields.IntField(primary_key=True)
    activity: fields.ForeignKeyRelation[Activity] = fields.ForeignKeyField("models.Activity", "deadlines")
    action = fields.CharField(max_length=10)  # book | cancel
    position = fields.IntField()
    rule: Any = fields.JSONField()  # {"rule": "week_before", "weekday": "thu", "at": "12:00", "for": […]?}

    activity_id: int

    class Meta:
        table = "deadline"

    def as_rule(self) -> deadlines.Deadline:
        return rule_of(self.rule)


def rule_of(data: Mapping[str, Any]) -> deadlines.Deadline:
    """The rule that a line of the commune file writes. Raises KeyError or ValueError when it is not one."""
    at = deadlines.minutes(data["at"]) if "at" in data else 0
    name = data["rule"]
    rule: deadlines.Rule
    if name == "days_before":
        rule = deadlines.DaysBefore(data["days"], at, data.get("count", "calendar"))
    elif name == "week_before":
        rule = deadlines.WeekBefore(WEEKDAYS.index(data["weekday"]), at, data.get("weeks", 1))
    elif name == "previous_weekday":
        rule = deadlines.PreviousWeekday(WEEKDAYS.index(data["weekday"]), at)
    elif name == "hours_before":
        rule = deadlines.HoursBefore(data["hours"])
    elif name == "month_before":
        rule = deadlines.MonthBefore(data["day"], at)
    else:
        raise ValueError(name)
    days = frozenset(WEEKDAYS.index(day) for day in data["for"]) if "for" in data else None
    return deadlines.Deadline(days, rule)
