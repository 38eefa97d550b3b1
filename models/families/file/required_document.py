"""A paper that the commune asks of families: for each child or once for the household, for a time or for ever."""

from tortoise import fields
from tortoise.models import Model


class RequiredDocument(Model):
    id = fields.IntField(primary_key=True)
    code = fields.CharField(max_length=60)
    name = fields.CharField(max_length=200)
    per = fields.CharField(max_length=10)  # of rules.families.documents.PER: child | family
    months = fields.IntField(null=True)  # that an accepted one is good for; none: for ever
    position = fields.IntField(default=0)
    asked = fields.BooleanField(default=True)  # the commune file names it

    class Meta:
        table = "required_document"
