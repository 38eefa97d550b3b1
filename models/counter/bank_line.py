"""What the bank says that it credited to a till's account: files of movements, each line taken once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.commune.till import Till
from models.rules.till.bank_file import Credit
from models.storage.database import retrying, transaction
from models.storage.fields import Instant
from models.work.audit_log import Event


class BankFile(Model):
    id = fields.IntField(primary_key=True)
    till: fields.ForeignKeyRelation[Till] = fields.ForeignKeyField(
        "models.Till", "bank_files", on_delete=fields.RESTRICT
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", "bank_files", on_delete=fields.RESTRICT
    )
    at = Instant()
    lines = fields.IntField()  # that no file had brought before
    cents = fields.BigIntField()  # what they come to

    till_id: int
    member_id: int

    class Meta:
        table = "bank_file"


class BankLine(Model):
    id = fields.IntField(primary_key=True)
    file: fields.ForeignKeyRelation[BankFile] = fields.ForeignKeyField(
        "models.BankFile", "credits", on_delete=fields.RESTRICT
    )
    till: fields.ForeignKeyRelation[Till] = fields.ForeignKeyField(
        "models.Till", "bank_lines", on_delete=fields.RESTRICT
    )
    day = fields.DateField()
    label = fields.CharField(max_length=200)
    cents = fields.IntField()
    key = fields.CharField(max_length=64)  # what tells it apart in any file: models.rules.till.bank_file

    file_id: int
    till_id: int

    class Meta:
        table = "bank_line"


@dataclass(frozen=True, slots=True)
class Taken:
    new: int  # lines
    known: int


async def take_file(till: int, credits: Sequence[Credit], member: int, now: datetime) -> Taken:
    """Keep the lines that no file of this till has brought yet; a file sent twice changes nothing."""
    return await retrying(lambda: _take_file(till, credits, member, now))


async def _take_file(till: int, credits: Sequence[Credit], member: int, now: datetime) -> Taken:
    async with transaction():
        await Till.lock(till)
        oldest = min((credit.day for credit in credits), default=now.date())
        known = {line.key for line in await BankLine.filter(till_id=till, day__gte=oldest).only("key")}
        new = [credit for credit in credits if credit.key not in known]
        if new:
            file = await BankFile.create(
                till_id=till, member_id=member, at=now, lines=len(new), cents=sum(one.cents for one in new)
            )
            await BankLine.bulk_create(
                [
                    BankLine(
                        file_id=file.id, till_id=till, day=one.day, label=one.label, cents=one.cents, key=one.key
                    )
                    for one in new
                ]
            )  # fmt: skip
            await Event.note(
                now, f"member:{member}", "bank.imported", f"bank_file:{file.id}",
                till=till, lines=file.lines, cents=file.cents,
            )  # fmt: skip
    return Taken(len(new), len(credits) - len(new))
