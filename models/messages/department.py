"""A department (service) of the mairie that families write to, and the topics (thèmes) it answers about."""

from tortoise import fields
from tortoise.models import Model


class Department(Model):
    id = fields.IntField(primary_key=True)
    code = fields.CharField(max_length=60)
    name = fields.CharField(max_length=200)
    email = fields.CharField(max_length=254, null=True)  # told of each new message; none: nobody is
    reply_days = fields.IntField(null=True)  # working days in which it usually answers
    position = fields.IntField(default=0)
    offered = fields.BooleanField(default=True)  # the commune file names it: families may write to it

    class Meta:
        table = "department"


class Topic(Model):
    id = fields.IntField(primary_key=True)
    department: fields.ForeignKeyRelation[Department] = fields.ForeignKeyField(
        "models.Department", "topics", on_delete=fields.RESTRICT
    )
    name = fields.CharField(max_length=100)
    position = fields.IntField(default=0)
    offered = fields.BooleanField(default=True)

    department_id: int

    class Meta:
        table = "topic"


async def offered() -> list[tuple[Department, list[Topic]]]:
    """To whom a family may write, and about what, in the commune's order."""
    topics = await Topic.filter(offered=True).order_by("position", "id")
    departments = await Department.filter(offered=True).order_by("position", "id")
    found = [(one, [topic for topic in topics if topic.department_id == one.id]) for one in departments]
    return [(department, its) for department, its in found if its]
