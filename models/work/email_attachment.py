"""A file that goes with an e-mail, kept with it: what was sent can be looked at."""

from tortoise import fields
from tortoise.models import Model

from models.work.email import Email


class EmailAttachment(Model):
    id = fields.IntField(primary_key=True)
    email: fields.ForeignKeyRelation[Email] = fields.ForeignKeyField(
        "models.Email", "attachments", on_delete=fields.RESTRICT
    )
    name = fields.CharField(max_length=120)
    kind = fields.CharField(max_length=60)  # its content type: « application/pdf »
    content = fields.BinaryField()

    email_id: int

    class Meta:
        table = "email_attachment"
