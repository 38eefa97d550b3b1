"""Two files that are one family: which one stands, whose row of a child stands, and what moved between the accounts."""

from tortoise import fields
from tortoise.models import Model

from models.commune.till import Till
from models.families.child import Child
from models.families.family import Family
from models.storage.fields import Instant


class FamilyMerge(Model):
    # The family's file is closed; the one that stands is `into`, which is never closed itself.
    id = fields.IntField(primary_key=True)
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField(
        "models.Family", "merged", on_delete=fields.RESTRICT
    )
    into: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField(
        "models.Family", "absorbed", on_delete=fields.RESTRICT
    )
    member_id = fields.IntField()  # who did it
    at = Instant()

    family_id: int
    into_id: int

    class Meta:
        table = "family_merge"

    @classmethod
    async def absorbed(cls, family: int) -> list[Family]:
        """The closed files that are this family's."""
        found = await cls.filter(into_id=family).order_by("id").select_related("family")
        return [row.family for row in found]

    @classmethod
    async def files_of(cls, family: int) -> list[int]:
        """The file, and those that were merged into it: their past stays written where it happened."""
        return [family, *(one.id for one in await cls.absorbed(family))]

    @classmethod
    async def standing(cls, family: int) -> Family | None:
        """The file that stands for a closed one; None where it is not closed."""
        found = await cls.get_or_none(family_id=family).select_related("into")
        return found.into if found else None


class MergedChild(Model):
    # Entered twice: what is known of the child is under `kept` now; its days until then stay under the other row.
    id = fields.IntField(primary_key=True)
    merge: fields.ForeignKeyRelation[FamilyMerge] = fields.ForeignKeyField(
        "models.FamilyMerge", "children", on_delete=fields.RESTRICT
    )
    child: fields.ForeignKeyRelation[Child] = fields.ForeignKeyField(
        "models.Child", "merged", on_delete=fields.RESTRICT
    )
    kept: fields.ForeignKeyRelation[Child] = fields.ForeignKeyField(
        "models.Child", "absorbed", on_delete=fields.RESTRICT
    )

    merge_id: int
    child_id: int
    kept_id: int

    class Meta:
        table = "merged_child"


class MergedBalance(Model):
    # What stood on the closed file's account and stands on the other's now: one entry of the ledger each.
    id = fields.IntField(primary_key=True)
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField(
        "models.Family", "balances_given", on_delete=fields.RESTRICT
    )
    into: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField(
        "models.Family", "balances_taken", on_delete=fields.RESTRICT
    )
    till: fields.ForeignKeyRelation[Till] = fields.ForeignKeyField(
        "models.Till", "merged_balances", on_delete=fields.RESTRICT
    )
    invoice_id = fields.IntField(null=True)  # the issued one of which it was left to pay
    cents = fields.IntField()  # + the family owed it, − it was an avoir
    at = Instant()

    family_id: int
    into_id: int
    till_id: int

    class Meta:
        table = "merged_balance"
