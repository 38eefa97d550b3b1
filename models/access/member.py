"""Somebody of the mairie (agent), with what they may do."""

from collections.abc import Collection
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.rules import roles


class Member(Model):
    id = fields.IntField(primary_key=True)
    username = fields.CharField(max_length=100)
    name = fields.CharField(max_length=200)
    email = fields.CharField(max_length=254, null=True)
    password = fields.CharField(max_length=200)
    roles: Any = fields.JSONField()

    class Meta:
        table = "member"

    @property
    def actor(self) -> str:
        """As the journal names them."""
        return f"member:{self.id}"

    def may(self, opened: Collection[str], *, change: bool = False) -> bool:
        return roles.may(self.roles, opened, change=change)
