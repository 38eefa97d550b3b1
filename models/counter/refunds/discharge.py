"""An avoir handed over in cash: a numbered discharge (décharge), which the family signs and the day's close counts."""

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.commune.till import Till
from models.counter import closing
from models.counter.refunds import refund
from models.counter.refunds.refund import AlreadyAnswered, Ending, Refund
from models.counter.reversal import NotEnoughCash
from models.families.family import Family
from models.french.payments import handed_over_label
from models.invoicing.recipients import recipients_of
from models.money.number_series import NumberSeries, series_of
from models.rules import postings
from models.rules.states.documents import DocumentKind
from models.rules.states.payments import PaymentMethod, RefundState
from models.storage.database import retrying
from models.storage.fields import Instant
from models.work.task import Task


class Discharge(Model):
    id = fields.IntField(primary_key=True)
    refund: fields.ForeignKeyRelation[Refund] = fields.ForeignKeyField(
        "models.Refund", "discharges", on_delete=fields.RESTRICT
    )
    till: fields.ForeignKeyRelation[Till] = fields.ForeignKeyField(
        "models.Till", "discharges", on_delete=fields.RESTRICT
    )
    number = fields.CharField(max_length=60)
    series_year = fields.IntField()  # 0: the count goes on for ever
    rank = fields.IntField()  # in its series
    day = fields.DateField()  # of the till: the next open one, once today is closed
    given_at = Instant()
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", "discharges", on_delete=fields.RESTRICT
    )
    payee = fields.CharField(max_length=200)  # as printed

    refund_id: int
    till_id: int
    member_id: int

    class Meta:
        table = "discharge"


async def hand_over(id: int, member: int, now: datetime) -> Discharge:
    """The cash of a refund leaves the drawer. Raises LookupError, AlreadyAnswered, NotEnoughCash."""
    return await retrying(lambda: _hand_over(id, member, now))


async def _hand_over(id: int, member: int, now: datetime) -> Discharge:
    row = await refund.found(id)
    async with Family.turn(row.family_id):
        await Till.lock(row.till_id)
        if not await Refund.exists(id=id, state=RefundState.REQUESTED):
            raise AlreadyAnswered
        day = await closing.open_day(row.till_id, now.date())
        held = await closing.cash_of(row.till_id, day)
        if held < row.cents:
            raise NotEnoughCash(held)
        series = series_of(await Till.get(id=row.till_id), day)
        rank = await NumberSeries.take(row.till_id, series.year, DocumentKind.DISCHARGE)
        number = series.number(rank, DocumentKind.DISCHARGE)
        ending = Ending(
            RefundState.SENT, member, method=PaymentMethod.CASH,
            account=postings.counter_account(PaymentMethod.CASH, row.till_id), label=handed_over_label(number),
        )  # fmt: skip
        await refund.end(row, ending, RefundState.REQUESTED, now)
        recipient = (await recipients_of([row.family_id]))[row.family_id].text
        made = await Discharge.create(
            refund_id=row.id, till_id=row.till_id, number=number, series_year=series.year, rank=rank, day=day,
            given_at=now, member_id=member, payee=recipient.splitlines()[0][:200],
        )  # fmt: skip
        await Task.later("draw_papers", DocumentKind.DISCHARGE, [made.id], key=f"draw:discharge:{made.id}")
    return made
