"""An activity of one school year: how it is billed, who accepts, on which days."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.commune.school_year import SchoolYear
from models.commune.till import Till
from models.storage.fields import Instant


class Activity(Model):
    id = fields.IntField(primary_key=True)
    year: fields.ForeignKeyRelation[SchoolYear] = fields.ForeignKeyField("models.SchoolYear", "activities")
    till: fields.ForeignKeyRelation[Till] = fields.ForeignKeyField(
        "models.Till", "activities", on_delete=fields.RESTRICT
    )
    code = fields.CharField(max_length=60)
    name = fields.CharField(max_length=200)
    kind = fields.CharField(max_length=10)  # meal | care | leisure | adult
    billing = fields.CharField(max_length=10)  # prepaid | invoiced
    acceptance = fields.CharField(max_length=10, default="automatic")  # automatic | staff
    enrolment = fields.CharField(max_length=10, default="mairie")  # a rules.families.enrolling.Enrols
    weekdays: Any = fields.JSONField()  # Monday is 0
    on_days = fields.CharField(max_length=12, default="school_days")  # school_days | holidays | both
    opens = fields.DateField()
    closes = fields.DateField()
    place = fields.CharField(max_length=200, null=True)
    memo = fields.TextField(null=True)
    kitchen_email = fields.CharField(max_length=254, null=True)  # the caterer is sent each list at its limit
    membership_fee = fields.IntField(null=True)  # cents
    waiting_list = fields.BooleanField(default=False)
    late_cancel = fields.CharField(max_length=10, default="refused")  # refused | allowed
    visible_from = Instant(null=True)
    residents_first_days = fields.IntField(null=True)
    enrolment_places = fields.IntField(null=True)  # of each group, for the year; null: as many as come
    absences: Any = fields.JSONField(
        null=True
    )  # [{"reason": "sick", "due_days": 1, "proof_hours": 72, "credit": 100}]
    windows: Any = fields.JSONField(null=True)  # [{"from", "to", "opens", "closes"}]: Window.line
    presence = fields.CharField(
        max_length=10, default="booking", db_default="booking"
    )  # booking | default: every day of who is enrolled is booked, parents untick
    position = fields.IntField(default=0)

    year_id: int
    till_id: int

    class Meta:
        table = "activity"
