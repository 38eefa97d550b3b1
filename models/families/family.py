"""The household: what pays. One number, one cart, one account per till."""

from contextlib import AbstractAsyncContextManager
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.storage.database import is_sqlite, rows, transaction, write
from models.storage.fields import Instant


class Family(Model):
    id = fields.IntField(primary_key=True)
    number = fields.CharField(max_length=40)
    category = fields.CharField(max_length=20, null=True)  # resident | outside | …
    address = fields.TextField(default="", db_default="")  # lines, without the name, as paper shows them
    invoice_delivery = fields.CharField(max_length=10, default="portal", db_default="portal")  # portal | post
    holder = fields.CharField(max_length=100, default="", db_default="")  # whose fund pays (allocataire)
    scheme = fields.CharField(max_length=10, default="", db_default="")  # of rules.families.household.SCHEMES
    holder_number = fields.CharField(max_length=30, default="", db_default="")  # at that fund
    dependants = fields.IntField(null=True)  # children in charge
    confirmed_at: Any = Instant(null=True)  # when a parent last said that the file is right
    note: Any = fields.TextField(default="", db_default="")  # the mairie's own, which parents are not shown
    click = fields.CharField(
        max_length=64, null=True
    )  # the form that made it, sent twice or not; null: a file did
    version = fields.IntField(default=0)
    facts = fields.IntField(
        default=0
    )  # moves when its children's enrolments, memberships or quotients change

    class Meta:
        table = "family"

    @classmethod
    def turn(cls, family: int) -> AbstractAsyncContextManager[object]:
        """A transaction that begins with `lock`, in one trip to the database. Not inside another."""
        return transaction(f"UPDATE family SET version = version + 1 WHERE id = {int(family)}")  # noqa: S608

    @classmethod
    async def lock(cls, *families: int) -> None:
        """First statement of every transaction that moves a family's cart, places or money.

        A write, so that both databases make the next one wait; two devices of one household act one after the other.
        Both homes of a child where both are changed, in the same order for everybody.
        """
        for family in sorted(set(families)):
            await write("UPDATE family SET version = version + 1 WHERE id = ?", [family])

    @classmethod
    async def lock_all(cls) -> None:
        """As `lock`, for what moves everybody's places: each household, in the order of ids."""
        if not is_sqlite():  # there the transaction itself is the lock
            await rows("SELECT id FROM family ORDER BY id FOR NO KEY UPDATE")
