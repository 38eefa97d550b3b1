"""Some classes are not there on some days: a trip, a strike, a teacher who is absent, a school that is closed.

From the moment it is written nothing is booked there any more (`closures`); `models.class_events` cancels what was.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.commune.school_year import SchoolYear
from models.french.class_events import KINDS
from models.rules import calendar as rules
from models.storage.fields import Instant

REVERSIBLE = timedelta(hours=24)
ONE_DAY = timedelta(days=1)


class ClassEvent(Model):
    id = fields.IntField(primary_key=True)
    year: fields.ForeignKeyRelation[SchoolYear] = fields.ForeignKeyField(
        "models.SchoolYear", "class_events", on_delete=fields.RESTRICT
    )
    kind = fields.CharField(max_length=10)  # a ClassEventKind
    classes: Any = fields.JSONField()  # [school's code, level] of each
    days: Any = fields.JSONField()  # ISO dates, in order
    ends = fields.DateField()  # the last of them
    activities: Any = fields.JSONField(null=True)  # codes; null: all
    words = fields.TextField()  # what families read
    made_at = Instant()
    made_by = fields.CharField(max_length=100)  # "member:3"
    click = fields.CharField(max_length=64)  # the form's nonce
    done_at: Any = Instant(null=True)  # when every family's days were cancelled
    withdrawn_at: Any = Instant(null=True)  # a datetime, or None while it stands
    withdrawn_by = fields.CharField(max_length=100, null=True)
    returned_at: Any = Instant(null=True)  # when every day that could be booked again was

    year_id: int

    class Meta:
        table = "class_event"

    @property
    def dates(self) -> list[date]:
        return [date.fromisoformat(day) for day in self.days]

    def is_reversible(self, now: datetime) -> bool:
        """For a day, and once all of it is done."""
        return self.withdrawn_at is None and self.done_at is not None and now < self.made_at + REVERSIBLE

    def closures(self) -> Iterator[rules.Closure]:
        """What is closed to these classes: for each school, each run of days."""
        levels: defaultdict[str, set[str]] = defaultdict(set)
        for school, level in self.classes:
            levels[school].add(level)
        for school, some in levels.items():
            for first, last in _runs(self.dates):
                yield rules.Closure(
                    start=first,
                    end=last,
                    reason=KINDS[self.kind],
                    schools=frozenset({school}),
                    activities=None if self.activities is None else frozenset(self.activities),
                    levels=frozenset(some),
                )


def _runs(days: list[date]) -> Iterator[tuple[date, date]]:
    """Days that follow each other, as their first and last."""
    first = last = days[0]
    for day in days[1:]:
        if day != last + ONE_DAY:
            yield first, last
            first = day
        last = day
    yield first, last
