"""The household: what pays. One number, one cart, one account per till."""

from tortoise import fields
from tortoise.expressions import F
from tortoise.models import Model


class Family(Model):
    id = fields.IntField(primary_key=True)
    number = fields.CharField(max_length=40)
    category = fields.CharField(max_length=20, null=True)  # resident | outside | …
    version = fields.IntField(default=0)

    class Meta:
        table = "family"

    @classmethod
    async def lock(cls, family: int) -> None:
        """First statement of every transaction that moves a family's cart, places or money.

        A write, so that both databases make the next one wait; two devices of one household act one after the other.
        """
        await cls.filter(id=family).update(version=F("version") + 1)
