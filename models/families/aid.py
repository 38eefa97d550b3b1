"""What a third party (CAF, CCAS) pays for a family: so much for each unit of its invoices. Amounts are cents."""

from datetime import date
from typing import Any

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model

from models.families.child import Child
from models.families.family import Family
from models.rules.pricing import aids


class Aid(Model):
    id = fields.IntField(primary_key=True)
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField("models.Family", "aids")
    child: fields.ForeignKeyNullableRelation[Child] = fields.ForeignKeyField(
        "models.Child", "aids", null=True
    )  # null: for each child of the family
    funder = fields.CharField(max_length=60)  # who pays: « CAF », « CCAS »
    cents = fields.IntField()  # of each unit
    activities: Any = fields.JSONField(null=True)  # codes; null: all that are invoiced
    start = fields.DateField()
    end = fields.DateField(null=True)
    most_cents = fields.IntField(null=True)  # over its whole life
    most_days = fields.IntField(null=True)  # of a child each

    family_id: int
    child_id: int | None

    class Meta:
        table = "aid"

    @classmethod
    async def end_by(cls, day: date, **whose: int) -> None:
        """Those that go on after it; one that is still to begin ends on its first day."""
        for row in await cls.filter(Q(end=None) | Q(end__gt=day), **whose).order_by("id"):
            await cls.filter(id=row.id).update(end=max(day, row.start))

    def as_rule(self) -> aids.Aid:
        return aids.Aid(
            id=self.id,
            cents=self.cents,
            start=self.start,
            end=self.end,
            child=self.child_id,
            activities=None if self.activities is None else frozenset(self.activities),
            most_cents=self.most_cents,
            most_days=self.most_days,
        )
