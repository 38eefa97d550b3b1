"""A child, the one or two families it lives in, and the class it is in each year."""

from collections.abc import Iterable

from tortoise import fields
from tortoise.models import Model

from models.commune.school import School
from models.commune.school_year import SchoolYear
from models.families.family import Family


class Child(Model):  # an adult who eats at the canteen too: their schooling has no level
    id = fields.IntField(primary_key=True)
    first_name = fields.CharField(max_length=100)
    last_name = fields.CharField(max_length=100)
    born = fields.DateField()
    sex = fields.CharField(max_length=1, default="", db_default="")  # of rules.families.household.SEXES

    class Meta:
        table = "child"


class Home(Model):
    """A child lives with a family: every week, the even ones or the odd ones."""

    id = fields.IntField(primary_key=True)
    child: fields.ForeignKeyRelation[Child] = fields.ForeignKeyField("models.Child", "homes")
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField("models.Family", "homes")
    weeks = fields.CharField(max_length=5, default="all")  # all | even | odd
    position = fields.IntField(default=0)

    child_id: int
    family_id: int

    class Meta:
        table = "home"

    @classmethod
    async def families(cls, children: Iterable[int]) -> set[int]:
        """Whose children they are: one family or two for each."""
        homes = cls.filter(child_id__in=list(children))
        return set(await homes.values_list("family_id", flat=True))  # type: ignore[arg-type]


class Schooling(Model):
    id = fields.IntField(primary_key=True)
    child: fields.ForeignKeyRelation[Child] = fields.ForeignKeyField("models.Child", "schoolings")
    year: fields.ForeignKeyRelation[SchoolYear] = fields.ForeignKeyField("models.SchoolYear", "schoolings")
    school: fields.ForeignKeyRelation[School] = fields.ForeignKeyField("models.School", "schoolings")
    level = fields.CharField(max_length=10)

    child_id: int
    year_id: int
    school_id: int

    class Meta:
        table = "schooling"
