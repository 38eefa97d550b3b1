"""A deposit (bordereau): cheques, CESU and cash that a till hands to the accountant, under one number."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.commune.till import Till
from models.counter import closing
from models.counter.receipt import Receipt
from models.french.payments import deposit_label
from models.money import ledger
from models.money.number_series import NumberSeries, series_of
from models.rules import postings
from models.rules.states.documents import DocumentKind
from models.rules.states.payments import ON_PAPER, PaymentMethod
from models.storage.database import retrying, rows, sql_list, transaction
from models.storage.fields import Instant
from models.work.audit_log import Event
from models.work.task import Task


class NothingToDeposit(Exception):
    """Nothing is chosen."""


class GoneAlready(Exception):
    """Something of what was chosen was deposited or taken back meanwhile."""


class MoreThanHeld(Exception):
    """There is not as much cash of takings: `held`, in cents."""

    def __init__(self, held: int) -> None:
        super().__init__(held)
        self.held = held


class Deposit(Model):
    id = fields.IntField(primary_key=True)
    till: fields.ForeignKeyRelation[Till] = fields.ForeignKeyField(
        "models.Till", "deposits", on_delete=fields.RESTRICT
    )
    number = fields.CharField(max_length=60)
    series_year = fields.IntField()  # 0: the count goes on for ever
    rank = fields.IntField()  # in its series
    day = fields.DateField()  # of the till
    made_at = Instant()
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", "deposits", on_delete=fields.RESTRICT
    )
    cents = fields.IntField()  # all of it
    cash_cents = fields.IntField()
    click = fields.CharField(max_length=64)  # the form's nonce

    till_id: int
    member_id: int

    class Meta:
        table = "deposit"


class DepositedReceipt(Model):
    # A cheque or CESU that went with a deposit. A docstring would become the table's comment.
    id = fields.IntField(primary_key=True)
    deposit: fields.ForeignKeyRelation[Deposit] = fields.ForeignKeyField(
        "models.Deposit", "papers", on_delete=fields.RESTRICT
    )
    receipt: fields.ForeignKeyRelation[Receipt] = fields.ForeignKeyField(
        "models.Receipt", "deposited", on_delete=fields.RESTRICT
    )

    deposit_id: int
    receipt_id: int

    class Meta:
        table = "deposited_receipt"


@dataclass(frozen=True, slots=True)
class HeldPaper:
    """A cheque or CESU that lies in the till: which receipt's, of how many cents."""

    receipt: int
    method: PaymentMethod
    cents: int
    number: str  # of the receipt
    paper_number: str
    bank: str
    drawer: str
    payer: str


async def held_papers(till: int) -> list[HeldPaper]:
    """The oldest first."""
    return [HeldPaper(**{**row, "method": PaymentMethod(row["method"])}) for row in await rows(_HELD, [till])]


async def deposit(
    till: Till, receipts: Collection[int], cash: int, click: str, member: int, now: datetime
) -> Deposit:
    """`cash` in cents. The same click sent twice is one. Raises NothingToDeposit, GoneAlready, MoreThanHeld."""
    return await retrying(lambda: _deposit(till, receipts, cash, click, member, now))


async def _deposit(
    till: Till, receipts: Collection[int], cash: int, click: str, member: int, now: datetime
) -> Deposit:
    async with transaction():
        await Till.lock(till.id)
        if before := await Deposit.get_or_none(till_id=till.id, click=click):
            return before
        chosen = [paper for paper in await held_papers(till.id) if paper.receipt in set(receipts)]
        if len(chosen) != len(set(receipts)):
            raise GoneAlready
        if not chosen and not cash:
            raise NothingToDeposit
        day = await closing.open_day(till.id, now.date())
        held = await closing.cash_of(till.id, day)
        if cash > held:
            raise MoreThanHeld(held)
        sums = _sums(chosen, cash)
        series = series_of(till, day)
        rank = await NumberSeries.take(till.id, series.year, DocumentKind.DEPOSIT)
        made = await Deposit.create(
            till_id=till.id, number=series.number(rank, DocumentKind.DEPOSIT), series_year=series.year,
            rank=rank, day=day, made_at=now, member_id=member, cents=sum(sums.values()), cash_cents=cash,
            click=click,
        )  # fmt: skip
        await DepositedReceipt.bulk_create(
            [DepositedReceipt(deposit_id=made.id, receipt_id=paper.receipt) for paper in chosen]
        )
        posting = postings.deposited(till.id, made.id, sums, deposit_label(made.number))
        await ledger.post(posting, at=now, actor=f"member:{member}")
        await Task.later("draw_papers", DocumentKind.DEPOSIT, [made.id], key=f"draw:deposit:{made.id}")
        await Event.note(
            now, f"member:{member}", "till.deposited", f"deposit:{made.id}",
            number=made.number, cents=made.cents, till=till.id,
        )  # fmt: skip
    return made


def _sums(chosen: Sequence[HeldPaper], cash: int) -> dict[PaymentMethod, int]:
    sums: Counter[PaymentMethod] = Counter()
    for paper in chosen:
        sums[paper.method] += paper.cents
    if cash:
        sums[PaymentMethod.CASH] += cash
    return dict(sums)


_HELD = f"""
SELECT receipt.id AS receipt, payment.method, payment.cents, receipt.number, receipt.paper_number, receipt.bank,
  receipt.drawer, receipt.payer
FROM receipt JOIN payment ON payment.id = receipt.payment_id
WHERE receipt.till_id = ? AND payment.method IN {sql_list(ON_PAPER)}
  AND NOT EXISTS (SELECT 1 FROM deposited_receipt WHERE deposited_receipt.receipt_id = receipt.id)
  AND NOT EXISTS (SELECT 1 FROM reversal WHERE reversal.payment_id = payment.id)
ORDER BY receipt.id
"""  # noqa: S608
