"""A parent (responsable) who signs in for one family."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.families.family import Family
from models.families.preferences import Preference
from models.storage.fields import Instant


class Guardian(Model):
    id = fields.IntField(primary_key=True)
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField("models.Family", "guardians")
    first_name = fields.CharField(max_length=100)
    last_name = fields.CharField(max_length=100)
    email = fields.CharField(max_length=254)
    phone = fields.CharField(max_length=30, null=True)  # mobile
    home_phone = fields.CharField(max_length=30, null=True)
    work_phone = fields.CharField(max_length=30, null=True)
    username = fields.CharField(max_length=100)
    password = fields.CharField(max_length=200, null=True)  # argon2id; null: the letter has not been used yet
    activated_at: Any = Instant(null=True)  # a datetime, or None before the first connection
    blocked_at: Any = Instant(null=True)  # a datetime: the mairie has closed their access
    refused_at: Any = Instant(null=True)  # a datetime: the mail server said that there is no such address
    refused_email = fields.CharField(max_length=254, null=True)  # as this one, which may be changed since
    position = fields.IntField(default=0)
    preferences: Any = fields.JSONField(null=True)  # {key of a Preference: value}; null: nothing chosen yet

    family_id: int

    class Meta:
        table = "guardian"

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def prefers(self, preference: Preference) -> str:
        """One of its choices: theirs, or the usual one."""
        chosen = str((self.preferences or {}).get(preference.key))
        return chosen if chosen in preference.choices else preference.usual

    @property
    def unreachable_since(self) -> Any:
        """A datetime where the mail server refuses this very address for good."""
        return self.refused_at if self.refused_email == self.email else None

    @property
    def actor(self) -> str:
        """As the journal names them."""
        return f"guardian:{self.id}"
