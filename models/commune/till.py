"""A till (régie): the account that takes the money of some activities."""

from tortoise import fields
from tortoise.models import Model

from models.storage.database import is_sqlite, rows


class Till(Model):
    id = fields.IntField(primary_key=True)
    code = fields.CharField(max_length=60)
    name = fields.CharField(max_length=200)
    bank_label = fields.CharField(max_length=200)
    online = fields.BooleanField(default=True)
    provider = fields.CharField(
        max_length=20, null=True
    )  # of models.banks; its keys are in the file of PORTAIL_BANKS
    numcli = fields.CharField(max_length=20, null=True)
    number_format = fields.CharField(max_length=60, null=True)
    least_invoice = fields.IntField(null=True)  # cents: a smaller sum waits for the next month's invoice
    issuer = fields.CharField(max_length=200, default="", db_default="")  # who signs its papers, and as what
    payment_days = fields.IntField(default=30, db_default=30)  # from an invoice's issue to its due day
    advances = fields.BooleanField(default=False, db_default=False)  # a family may pay in before it owes
    deposit_to = fields.CharField(
        max_length=200, default="", db_default=""
    )  # who takes its deposits, on their slips
    # Who owes more than so many cents, late for so many days, books no more days until it is paid.
    block_above = fields.IntField(null=True)
    block_after_days = fields.IntField(default=0, db_default=0)
    # What direct debit needs: its creditor identifier (ICS), its account and the name that families' banks show.
    ics = fields.CharField(max_length=35, null=True)
    iban = fields.CharField(max_length=34, null=True)
    creditor = fields.CharField(max_length=70, null=True)
    sepa_format = fields.CharField(
        max_length=20, default="pain.008.001.08", db_default="pain.008.001.08"
    )  # one of models.rules.till.sepa.FORMATS
    implicit = fields.BooleanField(default=False)  # made because the commune file names none
    position = fields.IntField(default=0)

    class Meta:
        table = "till"

    @property
    def collects(self) -> bool:
        """Does it collect by direct debit?"""
        return bool(self.ics and self.iban and self.creditor)

    @classmethod
    async def lock(cls, till: int) -> None:
        """What changes the day of this till waits for its turn. After Family.lock, before NumberSeries.take."""
        if not is_sqlite():  # there the transaction itself is the lock
            await rows("SELECT id FROM till WHERE id = ? FOR NO KEY UPDATE", [till])
