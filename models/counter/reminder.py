"""A reminder (relance) of a till's invoices that are past their day: its level, what was left to pay, by when."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.commune.till import Till
from models.families.family import Family
from models.invoicing.recipients import recipients_of
from models.money.invoice import Invoice
from models.rules.states.documents import DocumentKind
from models.rules.states.notices import NoticeKind
from models.rules.till import reminders
from models.storage.database import as_date, retrying, rows
from models.storage.fields import Instant
from models.work.audit_log import Event
from models.work.notice import Notice
from models.work.task import Task


class Reminder(Model):
    id = fields.IntField(primary_key=True)
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField(
        "models.Family", "reminders", on_delete=fields.RESTRICT
    )
    till: fields.ForeignKeyRelation[Till] = fields.ForeignKeyField(
        "models.Till", "reminders", on_delete=fields.RESTRICT
    )
    level = fields.IntField()  # 1 to 3
    sent_on = fields.DateField()  # one a day for a family and a till
    sent_at = Instant()
    pay_by = fields.DateField()
    cents = fields.IntField()  # left to pay of its invoices, that day
    recipient = fields.TextField()  # name and address, a line each, as printed
    delivery = fields.CharField(max_length=10)  # portal | post
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", "reminders", on_delete=fields.RESTRICT
    )

    family_id: int
    till_id: int
    member_id: int

    class Meta:
        table = "reminder"


class RemindedInvoice(Model):
    # An invoice that a reminder names. A docstring would become the table's comment.
    id = fields.IntField(primary_key=True)
    reminder: fields.ForeignKeyRelation[Reminder] = fields.ForeignKeyField(
        "models.Reminder", "invoices", on_delete=fields.RESTRICT
    )
    invoice: fields.ForeignKeyRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", "reminders", on_delete=fields.RESTRICT
    )
    cents = fields.IntField()  # left to pay of it, that day

    reminder_id: int
    invoice_id: int

    class Meta:
        table = "reminded_invoice"


@dataclass(frozen=True, slots=True)
class Unpaid:
    """What a family owes a till past its day, in cents; `level` is that of the last reminder, `last` its day."""

    family: int
    till: int
    number: str
    name: str
    till_name: str
    invoices: int
    cents: int
    since: date  # the oldest day that is past
    level: int
    last: date | None

    @property
    def key(self) -> str:
        return f"{self.till}-{self.family}"

    @property
    def next_level(self) -> int:
        return reminders.next_level([self.level] if self.level else [])

    def too_soon(self, today: date) -> bool:
        return reminders.too_soon(self.last, today)


async def unpaid(today: date, till: int | None = None) -> list[Unpaid]:
    """The largest sums first."""
    where, values = ("AND invoice.till_id = ?", [today, till]) if till else ("", [today])
    found = await rows(_UNPAID.format(where=where), values)
    grouped: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    for row in found:
        grouped[row["till_id"], row["family_id"]].append(row)
    sums = [_unpaid(invoices) for invoices in grouped.values()]
    return sorted(sums, key=lambda one: (-one.cents, one.key))


def _unpaid(invoices: Sequence[dict[str, Any]]) -> Unpaid:
    first = invoices[0]
    sent = [row for row in invoices if row["level"]]
    return Unpaid(
        family=first["family_id"],
        till=first["till_id"],
        number=first["number"],
        name=first["name"],
        till_name=first["till"],
        invoices=len(invoices),
        cents=sum(int(row["left"]) for row in invoices),
        since=min(as_date(row["due_on"]) for row in invoices),
        level=max((int(row["level"]) for row in sent), default=0),
        last=max((as_date(row["last"]) for row in sent), default=None),
    )


async def remind(family: int, till: int, member: int, now: datetime) -> Reminder | None:
    """Of what is past its day. None: nothing is, or the family was reminded so lately (reminders.PAUSE)."""
    return await retrying(lambda: _remind(family, till, member, now))


async def _remind(family: int, till: int, member: int, now: datetime) -> Reminder | None:
    today = now.date()
    async with Family.turn(family):
        found = [row for row in await rows(_OWED, [today, till, family]) if int(row["left"]) > 0]
        sent = [row for row in found if row["level"]]
        last = max((as_date(row["last"]) for row in sent), default=None)
        if not found or reminders.too_soon(last, today):
            return None
        level = reminders.next_level([int(row["level"]) for row in sent])
        recipient = (await recipients_of([family]))[family]
        made = await Reminder.create(
            family_id=family, till_id=till, level=level, sent_on=today, sent_at=now,
            pay_by=reminders.pay_by(level, today), cents=sum(int(row["left"]) for row in found),
            recipient=recipient.text, delivery=recipient.delivery, member_id=member,
        )  # fmt: skip
        await RemindedInvoice.bulk_create(
            [
                RemindedInvoice(reminder_id=made.id, invoice_id=row["id"], cents=int(row["left"]))
                for row in found
            ]
        )
        await Notice.say(NoticeKind.PAYMENT_REMINDER, family, f"reminder:{made.id}", now)
        await Task.later("draw_papers", DocumentKind.REMINDER, [made.id], key=f"draw:reminder:{made.id}")
        await Event.note(
            now,
            f"member:{member}",
            "reminder.sent",
            f"reminder:{made.id}",
            family,
            level=level,
            cents=made.cents,
        )
    return made


_OWED = """
SELECT invoice.id, invoice.family_id, invoice.till_id, COALESCE(invoice.due_on, invoice.issued_on) AS due_on,
  (SELECT COALESCE(SUM(leg.cents), 0) FROM leg WHERE leg.invoice_id = invoice.id) AS "left",
  (SELECT MAX(reminder.level) FROM reminder JOIN reminded_invoice ON reminded_invoice.reminder_id = reminder.id
    WHERE reminded_invoice.invoice_id = invoice.id) AS level,
  (SELECT MAX(reminder.sent_on) FROM reminder JOIN reminded_invoice ON reminded_invoice.reminder_id = reminder.id
    WHERE reminded_invoice.invoice_id = invoice.id) AS last
FROM invoice WHERE COALESCE(invoice.due_on, invoice.issued_on) < ? AND invoice.till_id = ? AND invoice.family_id = ?
ORDER BY invoice.id
"""
_UNPAID = """
SELECT owed.*, family.number, till.name AS till, COALESCE((SELECT guardian.first_name || ' ' || guardian.last_name
    FROM guardian WHERE guardian.family_id = family.id ORDER BY guardian.position, guardian.id LIMIT 1), '') AS name
FROM (SELECT invoice.id, invoice.family_id, invoice.till_id, COALESCE(invoice.due_on, invoice.issued_on) AS due_on,
    SUM(leg.cents) AS "left",
    (SELECT MAX(reminder.level) FROM reminder JOIN reminded_invoice ON reminded_invoice.reminder_id = reminder.id
      WHERE reminded_invoice.invoice_id = invoice.id) AS level,
    (SELECT MAX(reminder.sent_on) FROM reminder JOIN reminded_invoice ON reminded_invoice.reminder_id = reminder.id
      WHERE reminded_invoice.invoice_id = invoice.id) AS last
  FROM invoice JOIN leg ON leg.invoice_id = invoice.id
  WHERE COALESCE(invoice.due_on, invoice.issued_on) < ? {where}
  GROUP BY invoice.id, invoice.family_id, invoice.till_id, invoice.due_on, invoice.issued_on
  HAVING SUM(leg.cents) > 0) AS owed
JOIN family ON family.id = owed.family_id JOIN till ON till.id = owed.till_id
"""
