"""What a family paid for care in a year, as it is certified. Once issued it never changes: a new one replaces it."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.certificates.run import CertificateRun
from models.families.family import Family


class Certificate(Model):
    id = fields.IntField(primary_key=True)
    run: fields.ForeignKeyRelation[CertificateRun] = fields.ForeignKeyField(
        "models.CertificateRun", "certificates", on_delete=fields.RESTRICT
    )
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField(
        "models.Family", "certificates", on_delete=fields.RESTRICT
    )
    year = fields.IntField()
    cents = fields.IntField()  # of all its children
    children: Any = (
        fields.JSONField()
    )  # [{"id", "name", "born", "alternating", "paid": [[activity, cents], …]}], as printed
    tills: Any = fields.JSONField()  # ids of those that took something of it
    payer = fields.CharField(max_length=300)  # names, as printed
    recipient = fields.TextField()  # name and address, a line each, as printed
    replaces: fields.ForeignKeyNullableRelation["Certificate"] = fields.ForeignKeyField(
        "models.Certificate", "replaced_by", null=True, on_delete=fields.RESTRICT
    )
    issued_on = fields.DateField(null=True)  # null: it was prepared, nobody has it

    run_id: int
    family_id: int
    replaces_id: int | None

    class Meta:
        table = "tax_certificate"
