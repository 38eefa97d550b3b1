"""What the mairie must look at about money and banks: « À voir », until somebody of the mairie has seen it.

A row for each fact, so that a later one never hides an earlier one; its key says the same fact once, whatever the bank
repeats. The words are the screens' and e-mails'.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.families.family import Family
from models.storage.database import as_instant, rows
from models.storage.fields import Instant
from models.work.audit_log import Event
from models.work.task import Task

if TYPE_CHECKING:
    from models.money.payment import Payment

Kind = Literal[
    "late",  # paid after the hold, for days that cannot be booked any more
    "full",  # paid after the hold, no place left
    "taken",  # paid after the hold, the days are booked or given back already
    "short",  # paid after the hold, the credit it counted on went elsewhere
    "twice",  # paid twice
    "member",  # a membership that the child had already
    "debt",  # a debt that another payment had settled
    "fault",  # the portal could not do what was paid for
    "amount",  # another sum than asked for
    "unknown",  # a reference that the portal never gave
    "silent",  # the bank does not say what became of a payment
    "rejected",  # a direct debit that the bank refused, or took back
    "unreached",  # the portal could not lead anybody to the bank's page
]
BURST = 300.0  # seconds: what happens together is one e-mail
SECOND_THOUGHT = timedelta(minutes=1)  # how long « Vu » may be taken back


class Anomaly(Model):
    id = fields.IntField(primary_key=True)
    key = fields.CharField(max_length=160)  # unique
    kind = fields.CharField(max_length=12)
    at = Instant()
    actor = fields.CharField(max_length=100)  # who said so: "bank:demo", "clock"
    reference = fields.CharField(
        max_length=60, default="", db_default=""
    )  # of the payment, as the bank names it
    cents = fields.BigIntField(null=True)  # the sum that it is about
    payment: fields.ForeignKeyNullableRelation["Payment"] = fields.ForeignKeyField(
        "models.Payment", "anomalies", null=True, on_delete=fields.RESTRICT
    )
    family: fields.ForeignKeyNullableRelation[Family] = fields.ForeignKeyField(
        "models.Family", "anomalies", null=True, on_delete=fields.RESTRICT
    )
    told_at = Instant(null=True)  # the e-mail to the mairie
    seen_at = Instant(null=True)
    seen_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", "anomalies", null=True, on_delete=fields.SET_NULL
    )

    payment_id: int | None
    family_id: int | None
    seen_by_id: int | None

    class Meta:
        table = "anomaly"

    @classmethod
    async def note(
        cls,
        kind: Kind,
        about: str,
        at: datetime,
        actor: str,
        *,
        family: int | None = None,
        payment: int | None = None,
        reference: str = "",
        cents: int | None = None,
    ) -> bool:
        """Write it down once, in the journal too, and ask for the e-mail. Call inside the transaction that saw it."""
        key = f"{kind}:{about}"[:160]
        if await cls.exists(key=key):
            return False
        row = cls(
            key=key,
            kind=kind,
            at=at,
            actor=actor,
            reference=reference[:60],
            cents=cents,
            payment_id=payment,
            family_id=family,
        )
        await cls.bulk_create([row], ignore_conflicts=True)
        object = f"payment:{payment or reference}"[:100]
        await Event.note(at, actor, "bank.anomaly", object, family, kind=kind, cents=cents)
        await Task.later("write_anomalies", key=f"anomaly:{key}", after=BURST)
        return True

    @classmethod
    async def see(cls, id: int, member: int, now: datetime) -> bool:
        """« Vu »: the first who says so, and when, stay. False when it was seen before."""
        if not await cls.filter(id=id, seen_at=None).update(seen_at=now, seen_by_id=member):
            return False
        await Event.note(now, f"member:{member}", "anomaly.seen", f"anomaly:{id}")
        return True

    @classmethod
    async def unsee(cls, id: int, member: int, now: datetime) -> bool:
        """« Annuler » just after « Vu », by who said it: it is to be looked at again. False when that is over."""
        mine = cls.filter(id=id, seen_by_id=member, seen_at__gte=now - SECOND_THOUGHT)
        if not await mine.update(seen_at=None, seen_by_id=None):
            return False
        await Event.note(now, f"member:{member}", "anomaly.unseen", f"anomaly:{id}")
        return True


async def count() -> int:
    """How many nobody has seen yet."""
    return await Anomaly.filter(seen_at=None).count()


@dataclass(frozen=True, slots=True)
class AnomalyLine:
    """An anomaly as a page or an e-mail tells it."""

    id: int
    kind: Kind
    at: datetime
    reference: str
    cents: int | None
    asked: int | None  # what the payment was for, in cents
    dossier: str | None
    till: str | None
    seen_at: datetime | None
    seen_by: str | None


async def untold() -> list[AnomalyLine]:
    """What no e-mail has said yet, the oldest first."""
    return await _told("anomaly.told_at IS NULL ORDER BY anomaly.id LIMIT 500")


async def _told(condition: str) -> list[AnomalyLine]:
    """`condition` is ours, never a visitor's."""
    found = await rows(f"SELECT {COLUMNS} FROM {SOURCE} WHERE {condition}")  # noqa: S608
    return [line_of(row) for row in found]


def line_of(row: dict[str, Any]) -> AnomalyLine:
    return AnomalyLine(**{**row, "at": as_instant(row["at"]), "seen_at": as_instant(row["seen_at"])})


COLUMNS = """
anomaly.id, anomaly.kind, anomaly.at, anomaly.reference, anomaly.cents, payment.cents AS asked,
  family.number AS dossier, till.name AS till, anomaly.seen_at, member.name AS seen_by"""
SOURCE = """
anomaly LEFT JOIN payment ON payment.id = anomaly.payment_id LEFT JOIN till ON till.id = payment.till_id
LEFT JOIN family ON family.id = anomaly.family_id LEFT JOIN member ON member.id = anomaly.seen_by_id
"""
