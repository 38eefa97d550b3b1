"""A paper that the commune asks of families: for each child or once for the household, for a time or for ever."""

from tortoise import fields
from tortoise.models import Model

from models.rules.families.documents import Condition


class RequiredDocument(Model):
    id = fields.IntField(primary_key=True)
    code = fields.CharField(max_length=60)
    name = fields.CharField(max_length=200)
    per = fields.CharField(max_length=10)  # of rules.families.documents.PER: child | family | plan
    months = fields.IntField(null=True)  # that an accepted one is good for; none: for ever
    position = fields.IntField(default=0)
    blocks = fields.CharField(
        max_length=10, null=True
    )  # of rules.families.documents.BLOCKS; none: booking goes on
    blocks_from = fields.DateField(null=True)  # the first day on which it does; none: at once
    asked = fields.BooleanField(default=True)  # the commune file names it

    class Meta:
        table = "required_document"

    @property
    def condition(self) -> Condition | None:
        """What booking waits for; None where it does not wait for this one."""
        return Condition(self.id, self.name, self.per, self.blocks, self.blocks_from) if self.blocks else None
