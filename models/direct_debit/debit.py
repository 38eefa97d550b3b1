"""A collection: what is left to pay of one invoice, from one mandate's account, on the day that the invoice told."""

from tortoise import fields
from tortoise.models import Model

from models.direct_debit.debit_batch import DebitBatch
from models.direct_debit.mandate import Mandate
from models.money.invoice import Invoice
from models.money.payment import Payment
from models.rules.states.debits import AT_THE_BANK, DebitState
from models.storage.fields import Instant

PROVIDER = "debit"  # of its payment: no bank of models.banks


class DirectDebit(Model):
    id = fields.IntField(primary_key=True)
    invoice: fields.ForeignKeyRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", "debits", on_delete=fields.RESTRICT
    )
    mandate: fields.ForeignKeyRelation[Mandate] = fields.ForeignKeyField(
        "models.Mandate", "debits", on_delete=fields.RESTRICT
    )
    batch: fields.ForeignKeyNullableRelation[DebitBatch] = fields.ForeignKeyField(
        "models.DebitBatch", "debits", null=True, on_delete=fields.RESTRICT
    )
    payment: fields.ForeignKeyNullableRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", "debits", null=True, on_delete=fields.RESTRICT
    )
    state = fields.CharField(max_length=10, default=DebitState.PLANNED.value)  # a DebitState
    collect_on = fields.DateField()  # as the invoice told it
    told_on = fields.DateField()
    cents = fields.IntField(null=True)  # what the file asks for; null before it is prepared
    sequence = fields.CharField(
        max_length=4, default="", db_default=""
    )  # a Sequence, of one that is prepared
    reason = fields.CharField(max_length=4, default="", db_default="")  # the code of its reject
    rejected_at = Instant(null=True)

    invoice_id: int
    mandate_id: int
    batch_id: int | None
    payment_id: int | None

    class Meta:
        table = "direct_debit"

    @property
    def is_at_the_bank(self) -> bool:
        """Whoever paid its invoice now would pay it twice."""
        return self.state in AT_THE_BANK

    @property
    def reference(self) -> str:
        """What the file and the bank's answers name it by (EndToEndId): never another's of this portal."""
        return f"PRLV-{self.id}"
