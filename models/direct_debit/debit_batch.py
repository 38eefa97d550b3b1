"""A batch: what a till asks of its bank for one day, as one file. Its amounts are fixed when it is prepared.

The file names the accounts of families, so its bytes are kept sealed; the SHA-256 is that of what is downloaded.
"""

import hashlib

from tortoise import fields
from tortoise.models import Model

from models.commune.till import Till
from models.rules.states.debits import BatchState
from models.storage import encryption
from models.storage.fields import Instant


class DebitBatch(Model):
    id = fields.IntField(primary_key=True)
    till: fields.ForeignKeyRelation[Till] = fields.ForeignKeyField(
        "models.Till", "debit_batches", on_delete=fields.RESTRICT
    )
    collect_on = fields.DateField()
    message = fields.CharField(max_length=35)  # unique: what the bank's answers name it by (MsgId)
    state = fields.CharField(max_length=10, default=BatchState.PREPARED.value)  # a BatchState
    number = fields.IntField()  # of its debits
    cents = fields.BigIntField()
    file = fields.BinaryField(null=True)  # sealed; null while nobody has made it
    sha256 = fields.CharField(max_length=64, default="", db_default="")  # of the file, unsealed
    prepared_at = Instant()
    prepared_by = fields.CharField(max_length=100)
    sent_at = Instant(null=True)
    settled_at = Instant(null=True)

    till_id: int

    class Meta:
        table = "debit_batch"

    @property
    def is_prepared(self) -> bool:
        return self.state == BatchState.PREPARED

    @property
    def is_sent(self) -> bool:
        return self.state == BatchState.SENT

    @property
    def is_settled(self) -> bool:
        return self.state == BatchState.SETTLED

    @property
    def name(self) -> str:
        """Of the file that is downloaded, as the Trésor wants it: service, year, day of the year, number."""
        return f"{self.till_id:03}-DFT-SDD-{self.collect_on:%y%j}-{self.id:03}.xml"

    def content(self) -> bytes:
        """The file. Raises encryption.Unreadable, and ValueError where none is made."""
        if self.file is None:
            raise ValueError(f"batch {self.id} has no file")
        return encryption.unseal(bytes(self.file))

    async def keep(self, content: bytes) -> None:
        """The first file stays."""
        digest = hashlib.sha256(content).hexdigest()
        await DebitBatch.filter(id=self.id, file=None).update(file=encryption.seal(content), sha256=digest)

    @classmethod
    async def renew_seals(cls) -> int:
        """Seal every file under the newest key; how many were not. Raises encryption.Unreadable."""
        changed = 0
        for id in await cls.filter(file__not_isnull=True).values_list("id", flat=True):
            batch = await cls.get(id=id)
            sealed = encryption.renewed(bytes(batch.file or b""))
            if sealed is not None:
                changed += await cls.filter(id=batch.id).update(file=sealed)
        return changed
