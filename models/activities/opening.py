"""A slot, a group, a date: how many places, how many taken. A row exists for each day that can be booked."""

from collections.abc import Iterable
from datetime import date

from tortoise import fields
from tortoise.expressions import F, Q
from tortoise.models import Model

from models.activities.group import Group
from models.activities.slot import Slot


class Opening(Model):
    id = fields.IntField(primary_key=True)
    slot: fields.ForeignKeyRelation[Slot] = fields.ForeignKeyField("models.Slot", "openings")
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField("models.Group", "openings")
    day = fields.DateField()
    places = fields.IntField(null=True)
    taken = fields.IntField(default=0)
    overrun = fields.IntField(db_default=0)  # so many more than there are places: somebody let them in
    overrun_by = fields.CharField(max_length=100, null=True)  # "member:3", "command"

    slot_id: int
    group_id: int

    class Meta:
        table = "opening"

    @classmethod
    async def take(cls, opening: int) -> bool:
        """Take one place if there is one. The only way a place is ever taken; false when it is full.

        Call in sorted order of ids: two carts that lock the same rows in two orders would wait for each other.
        """
        free = Q(places__isnull=True) | Q(taken__lt=F("places"))
        return await cls.filter(free, id=opening).update(taken=F("taken") + 1) == 1

    @classmethod
    async def give_back(cls, openings: Iterable[int]) -> None:
        """Free one place for each opening named; an opening named twice frees two."""
        for opening in sorted(openings):
            await cls.filter(id=opening, taken__gt=0).update(taken=F("taken") - 1)

    @classmethod
    async def lay_out(
        cls, slots: Iterable[int], group: int, places: int | None, days: Iterable[date]
    ) -> None:
        """Make the missing rows, and set the places of those that stand."""
        rows = [cls(slot_id=slot, group_id=group, day=day, places=places) for slot in slots for day in days]
        await cls.bulk_create(
            rows,
            batch_size=500,
            on_conflict=["slot_id", "group_id", "day"],
            update_fields=["places"],
        )
