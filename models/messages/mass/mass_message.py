"""A message to many families (envoi groupé), and each of those to whom it goes."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.families.family import Family
from models.messages.department import Topic
from models.messages.thread import LONGEST_SUBJECT, MessageThread
from models.storage.fields import Instant


class MassMessage(Model):
    id = fields.IntField(primary_key=True)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", "mass_messages", on_delete=fields.RESTRICT
    )
    topic: fields.ForeignKeyRelation[Topic] = fields.ForeignKeyField(
        "models.Topic", "mass_messages", on_delete=fields.RESTRICT
    )
    to_whom = fields.CharField(max_length=400)  # as it was read: « 132 familles de l’école Pasteur »
    subject = fields.CharField(max_length=LONGEST_SUBJECT)
    text = fields.TextField()
    urgent = fields.BooleanField(default=False)  # by every channel, and at once
    click = fields.CharField(max_length=64)  # unique: the form that sent it
    made_at = Instant()
    done_at: Any = Instant(null=True)  # a datetime, or None: it is still going out

    member_id: int
    topic_id: int

    class Meta:
        table = "mass_message"

    @property
    def about(self) -> str:
        """As the journal names it."""
        return f"mass_message:{self.id}"


class MassRecipient(Model):  # a family to whom it goes; with its conversation, it has gone
    id = fields.IntField(primary_key=True)
    mass: fields.ForeignKeyRelation[MassMessage] = fields.ForeignKeyField(
        "models.MassMessage", "recipients", on_delete=fields.RESTRICT
    )
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField(
        "models.Family", "mass_recipients", on_delete=fields.RESTRICT
    )
    thread: fields.ForeignKeyNullableRelation[MessageThread] = fields.ForeignKeyField(
        "models.MessageThread", "mass_recipients", null=True, on_delete=fields.RESTRICT
    )

    family_id: int
    thread_id: int | None

    class Meta:
        table = "mass_recipient"
