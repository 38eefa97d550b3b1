"""Somebody of the mairie (agent), with what they may do."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

ROLES = ("administrator", "cashier", "kitchen", "leader")


class Member(Model):
    id = fields.IntField(primary_key=True)
    username = fields.CharField(max_length=100)
    name = fields.CharField(max_length=200)
    email = fields.CharField(max_length=254, null=True)
    password = fields.CharField(max_length=200)
    roles: Any = fields.JSONField()

    class Meta:
        table = "member"

    def may(self, *roles: str) -> bool:
        return bool({"administrator", *roles} & set(self.roles))
