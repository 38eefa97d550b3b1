"""Who is too late with what a till is owed books no more days there, until it is paid or the mairie exempts them.

Counted: invoices and debts from before the portal, from the day by which each was to be paid, less the avoir. Not what
a bank collects, nor what the next booking settles by itself. Cancelling is never blocked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.commune.till import Till
from models.families.family import Family
from models.french import payments as words
from models.money import account_history, amounts_due, ledger
from models.money.amounts_due import AmountDue, DueKind
from models.rules.dues import EXEMPTIONS, FROM_ARREARS, late_for, suspends
from models.rules.states.debits import LIVE
from models.storage.database import marks, retrying, rows, sql_list
from models.storage.fields import Instant
from models.work.audit_log import Event


class AlreadyExempt(Exception):
    """`until`: the last day of the exemption that the family has."""

    def __init__(self, until: date) -> None:
        super().__init__(until)
        self.until = until


class OverAlready(Exception):
    """The exemption had ended, or was ended by somebody else."""


class Exemption(Model):
    # The family books on, whatever it owes or has not sent, until this day. (A docstring would be the table's.)
    id = fields.IntField(primary_key=True)
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField(
        "models.Family", "exemptions", on_delete=fields.RESTRICT
    )
    kind = fields.CharField(max_length=10, default=EXEMPTIONS[0], db_default=EXEMPTIONS[0])  # of EXEMPTIONS
    reason = fields.CharField(max_length=300)
    until = fields.DateField()  # its last day
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", "exemptions", on_delete=fields.RESTRICT
    )
    made_at = Instant()
    click = fields.CharField(max_length=64)  # the form's nonce
    ended_at = Instant(null=True)  # by somebody, before its day
    ended_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", "ended_exemptions", null=True, on_delete=fields.RESTRICT
    )

    family_id: int
    member_id: int
    ended_by_id: int | None

    class Meta:
        table = "exemption"


@dataclass(frozen=True, slots=True)
class Arrears:
    """What a family is late with at a till that suspends: cents in all, and of them those late for its days."""

    till: Till
    late: int
    counted: int
    credit: int
    exempt: Exemption | None

    @property
    def above(self) -> int:
        return self.till.block_above or 0

    @property
    def is_suspended(self) -> bool:
        return self.exempt is None and suspends(self.counted, self.credit, self.till.block_above)

    @property
    def words(self) -> str:
        limit = words.suspended_above(self.above, self.till.block_after_days)
        until = self.exempt.until if self.exempt else None
        return words.arrears(self.till.name, self.late, limit, suspended=self.is_suspended, exempt=until)


async def tills(among: Iterable[Till], family: int, today: date) -> frozenset[int]:
    """The tills at which the family books no more days. One question for a family that owes little, none elsewhere."""
    limits = [till for till in among if till.block_above is not None]
    if not limits:
        return frozenset()
    owed = await account_history.balances(family)
    doubtful = [till for till in limits if suspends(owed.get(till.id, 0), 0, till.block_above)]
    found = await arrears(doubtful, family, today) if doubtful else []
    return frozenset(one.till.id for one in found if one.is_suspended)


async def arrears(among: Iterable[Till], family: int, today: date) -> list[Arrears]:
    """At each till that suspends, where something is late."""
    return (await arrears_of(among, [family], today))[family]


async def arrears_of(among: Iterable[Till], families: Sequence[int], today: date) -> dict[int, list[Arrears]]:
    """`arrears` of each of them; six questions, however many."""
    limits = [till for till in among if till.block_above is not None]
    if not limits or not families:
        return {family: [] for family in families}
    debited = {
        row["invoice_id"] for row in await rows(_DEBITED.format(marks=marks(families)), list(families))
    }
    standings = await ledger.standings_of(families)
    dues = await amounts_due.of_families(families, standings)
    exempt = await _exemptions(families, today)
    found: dict[int, list[Arrears]] = {}
    for family in families:
        counted = [due for due in dues[family] if _counts(due, debited)]
        credits = {till: -cents for till, cents in standings[family].items() if cents < 0}
        each = [_arrears(till, counted, credits, exempt.get(family), today) for till in limits]
        found[family] = [one for one in each if one.late]
    return found


async def _exemptions(families: Sequence[int], today: date, kind: str = FROM_ARREARS) -> dict[int, Exemption]:
    """Of each family that has one today, the one that lasts longest."""
    standing = Exemption.filter(family_id__in=list(families), kind=kind, until__gte=today, ended_at=None)
    return {one.family_id: one for one in await standing.order_by("until").select_related("member")}


async def exemption(family: int, today: date, kind: str = FROM_ARREARS) -> Exemption | None:
    """The one that the family has today."""
    return (await _exemptions([family], today, kind)).get(family)


async def exempt(
    family: int, until: date, reason: str, click: str, member: int, now: datetime, kind: str = FROM_ARREARS
) -> Exemption:
    """The same click sent twice is one. `kind`: of EXEMPTIONS. Raises AlreadyExempt."""
    return await retrying(lambda: _exempt(family, until, reason, click, member, now, kind))


async def _exempt(
    family: int, until: date, reason: str, click: str, member: int, now: datetime, kind: str
) -> Exemption:
    async with Family.turn(family):
        if before := await Exemption.get_or_none(family_id=family, click=click):
            return before
        if standing := await exemption(family, now.date(), kind):
            raise AlreadyExempt(standing.until)
        made = await Exemption.create(
            family_id=family,
            kind=kind,
            reason=reason,
            until=until,
            member_id=member,
            made_at=now,
            click=click,
        )
        await Event.note(
            now, f"member:{member}", "exemption.made", f"exemption:{made.id}", family,
            until=until.isoformat(), reason=reason, kind=kind,
        )  # fmt: skip
    return made


async def end(id: int, member: int, now: datetime, kind: str = FROM_ARREARS) -> int:
    """Before its day; whose it was. Raises LookupError, OverAlready."""
    return await retrying(lambda: _end(id, member, now, kind))


async def _end(id: int, member: int, now: datetime, kind: str) -> int:
    row = await Exemption.get_or_none(id=id, kind=kind)
    if row is None:
        raise LookupError(id)
    async with Family.turn(row.family_id):
        mine = Exemption.filter(id=id, ended_at=None, until__gte=now.date())
        if not await mine.update(ended_at=now, ended_by_id=member):
            raise OverAlready
        await Event.note(now, f"member:{member}", "exemption.ended", f"exemption:{id}", row.family_id)
    return row.family_id


@dataclass(frozen=True, slots=True)
class Suspended:
    """A family that books no more days, as the mairie's list shows it."""

    family: int
    number: str
    name: str  # of its first parent
    arrears: Arrears


async def suspended(today: date) -> list[Suspended]:
    """Families and tills, the largest sums first; those that are exempt too."""
    limits = await Till.filter(block_above__not_isnull=True).order_by("position", "id")
    if not limits:
        return []
    least = min(till.block_above or 0 for till in limits)
    owing = await rows(_OWING, [least])
    late = await arrears_of(limits, [row["id"] for row in owing], today)
    found = [
        Suspended(row["id"], row["number"], row["name"], one)
        for row in owing
        for one in late[row["id"]]
        if suspends(one.counted, one.credit, one.till.block_above)
    ]
    return sorted(found, key=lambda one: (-one.arrears.counted, one.number))


def _counts(due: AmountDue, debited: set[int]) -> bool:
    return due.kind is not DueKind.REST and not (due.kind is DueKind.INVOICE and due.id in debited)


def _arrears(
    till: Till, dues: Iterable[AmountDue], credits: Mapping[int, int], exempt: Exemption | None, today: date
) -> Arrears:
    debts = [(due.open, due.due_on or due.on or today) for due in dues if due.till == till.id]
    late, counted = late_for(debts, 0, today), late_for(debts, till.block_after_days, today)
    return Arrears(till, late, counted, credits.get(till.id, 0), exempt)


_DEBITED = f"""
SELECT invoice_id FROM direct_debit JOIN invoice ON invoice.id = direct_debit.invoice_id
WHERE invoice.family_id IN ({{marks}}) AND direct_debit.state IN {sql_list(LIVE)}
"""  # noqa: S608
_OWING = """
SELECT family.id, family.number, COALESCE((SELECT guardian.first_name || ' ' || guardian.last_name FROM guardian
    WHERE guardian.family_id = family.id ORDER BY guardian.position, guardian.id LIMIT 1), '') AS name
FROM family WHERE family.id IN (
  SELECT account.family_id FROM account JOIN leg ON leg.account_id = account.id WHERE account.kind = 'family'
  GROUP BY account.id, account.family_id HAVING SUM(leg.cents) > ?)
ORDER BY family.number
"""
