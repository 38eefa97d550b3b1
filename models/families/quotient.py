"""The family's quotient (whole euros) from a day to another. 0 is a known value; no row means unknown."""

from tortoise import fields
from tortoise.models import Model

from models.families.family import Family


class Quotient(Model):
    id = fields.IntField(primary_key=True)
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField("models.Family", "quotients")
    value = fields.IntField()
    start = fields.DateField()
    end = fields.DateField(null=True)

    family_id: int

    class Meta:
        table = "quotient"
