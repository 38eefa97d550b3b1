"""A line of the bank that stands for nothing here (a subsidy, an error of the bank): set aside, with the reason."""

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.commune.till import Till
from models.counter import bank_match
from models.counter.bank_line import BankLine
from models.counter.bank_match import MatchedMeanwhile
from models.storage.database import retrying, transaction
from models.storage.fields import Instant
from models.work.audit_log import Event


class BankAside(Model):
    id = fields.IntField(primary_key=True)
    line: fields.ForeignKeyRelation[BankLine] = fields.ForeignKeyField(
        "models.BankLine", "asides", on_delete=fields.RESTRICT
    )
    reason = fields.CharField(max_length=300)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", "asides", on_delete=fields.RESTRICT
    )
    at = Instant()
    ended_at = Instant(null=True)  # it waits again
    ended_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", "ended_asides", null=True, on_delete=fields.RESTRICT
    )

    line_id: int
    member_id: int
    ended_by_id: int | None

    class Meta:
        table = "bank_aside"


async def set_aside(line: int, reason: str, member: int, now: datetime) -> int:
    """The till of the line. Raises LookupError, MatchedMeanwhile (it stands for something, or is aside already)."""
    return await retrying(lambda: _set_aside(line, reason, member, now))


async def _set_aside(line: int, reason: str, member: int, now: datetime) -> int:
    row = await BankLine.get_or_none(id=line)
    if row is None:
        raise LookupError(line)
    async with transaction():
        await Till.lock(row.till_id)
        if line not in [one.id for one in await bank_match.open_lines(row.till_id)]:
            raise MatchedMeanwhile
        made = await BankAside.create(line_id=line, reason=reason, member_id=member, at=now)
        await Event.note(
            now, f"member:{member}", "bank.set_aside", f"bank_aside:{made.id}",
            till=row.till_id, line=line, reason=reason,
        )  # fmt: skip
    return row.till_id


async def take_up(id: int, member: int, now: datetime) -> int:
    """The line waits again. The till of it. Raises LookupError, MatchedMeanwhile (it was taken up before)."""
    return await retrying(lambda: _take_up(id, member, now))


async def _take_up(id: int, member: int, now: datetime) -> int:
    row = await BankAside.get_or_none(id=id).select_related("line")
    if row is None:
        raise LookupError(id)
    async with transaction():
        await Till.lock(row.line.till_id)
        if not await BankAside.filter(id=id, ended_at=None).update(ended_at=now, ended_by_id=member):
            raise MatchedMeanwhile
        await Event.note(
            now,
            f"member:{member}",
            "bank.taken_up",
            f"bank_aside:{id}",
            till=row.line.till_id,
            line=row.line_id,
        )
    return row.line.till_id


async def of_till(till: int, most: int) -> list[BankAside]:
    """Those that are aside, the newest first, each with its line and who said so."""
    found = BankAside.filter(line__till_id=till, ended_at=None).order_by("-id").limit(most)
    return await found.select_related("line", "member")
