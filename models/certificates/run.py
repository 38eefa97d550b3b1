"""The tax certificates of a year, in one action: prepared, read, then issued; again when something was corrected."""

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.storage.fields import Instant


class CertificateRun(Model):
    id = fields.IntField(primary_key=True)
    year = fields.IntField()
    version = fields.IntField(default=1, db_default=1)  # of what it prepares: an earlier one counts no more
    made_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", "certificate_runs_made", null=True, on_delete=fields.SET_NULL
    )
    made_at = Instant()
    prepared_at = Instant(null=True)  # null: its certificates are being prepared
    issued_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", "certificate_runs_issued", null=True, on_delete=fields.SET_NULL
    )
    issuing_at = Instant(null=True)  # when somebody began to issue them
    issued_at = Instant(null=True)  # when the last one was issued

    made_by_id: int | None
    issued_by_id: int | None

    class Meta:
        table = "certificate_run"

    @property
    def is_moving(self) -> bool:
        """Does the portal work at it just now?"""
        return self.prepared_at is None or (self.issuing_at is not None and self.issued_at is None)

    @property
    def actor(self) -> str:
        """Who issues it, as the journal names them."""
        return f"member:{self.issued_by_id}" if self.issued_by_id else "clock"
