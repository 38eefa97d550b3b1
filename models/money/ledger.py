"""Every cent, twice, for ever: entries are only added, their legs sum to zero, a balance is a sum.

Accounts: `family:<family>:<till>` (+ the family owes, − credit), `bank:<provider>:<till>`, `debit:<till>`
(what direct debits brought), `revenue:<activity>`,
`cash:<till>`, `cheque:<till>`, `cesu:<till>`, `transfer:<till>` (what a counter took and has not deposited),
`hold:<order>` (credit reserved by an order under way), `opening:<till>` (what stood before this portal).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.commune.till import Till
from models.families.family import Family
from models.rules.postings import Posting
from models.storage.database import marks, rows
from models.storage.fields import Instant


class Account(Model):
    id = fields.IntField(primary_key=True)
    code = fields.CharField(max_length=120)
    kind = fields.CharField(max_length=12)
    family: fields.ForeignKeyNullableRelation[Family] = fields.ForeignKeyField(
        "models.Family", "accounts", null=True, on_delete=fields.RESTRICT
    )
    till: fields.ForeignKeyNullableRelation[Till] = fields.ForeignKeyField(
        "models.Till", "accounts", null=True, on_delete=fields.RESTRICT
    )

    family_id: int | None
    till_id: int | None

    class Meta:
        table = "account"


class Entry(Model):
    id = fields.IntField(primary_key=True)
    key = fields.CharField(max_length=160)  # unique: whatever the world repeats is posted once
    kind = fields.CharField(max_length=20)
    label = fields.CharField(max_length=300)
    occurred_at = Instant()
    actor = fields.CharField(max_length=100)
    # Of a debt from before the portal: whose it is and for what, where the file says so.
    child = fields.CharField(max_length=200, default="", db_default="")
    activity = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        table = "entry"


class Leg(Model):
    id = fields.IntField(primary_key=True)
    entry: fields.ForeignKeyRelation[Entry] = fields.ForeignKeyField(
        "models.Entry", "legs", on_delete=fields.RESTRICT
    )
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", "legs", on_delete=fields.RESTRICT
    )
    cents = fields.BigIntField()
    invoice_id = fields.IntField(null=True)  # the issued document this leg belongs to

    entry_id: int
    account_id: int

    class Meta:
        table = "leg"


async def account(code: str, *, family: int | None = None, till: int | None = None) -> int:
    """The account of that code, made at its first use."""
    found = await Account.get_or_none(code=code)
    if found is None:
        row = Account(code=code, kind=code.split(":")[0], family_id=family, till_id=till)
        await Account.bulk_create([row], ignore_conflicts=True)
        found = await Account.get(code=code)
    return found.id


async def post(posting: Posting, *, at: datetime, actor: str) -> bool:
    """Write an entry and its legs; false when its key is there already. Call inside a transaction.

    The posting is balanced by construction (models.rules.accounts refuses another).
    """
    entry = Entry(
        key=posting.key,
        kind=posting.kind,
        label=posting.label,
        occurred_at=at,
        actor=actor,
        child=posting.child,
        activity=posting.activity,
    )
    await Entry.bulk_create([entry], ignore_conflicts=True)
    stored = await Entry.get(key=posting.key)
    if await Leg.exists(entry_id=stored.id):
        return False
    legs = []
    for leg in posting.legs:
        target = await account(leg.account, family=leg.family, till=leg.till)
        legs.append(Leg(entry_id=stored.id, account_id=target, cents=leg.cents, invoice_id=leg.invoice))
    await Leg.bulk_create(legs)
    return True


async def post_new(postings: Sequence[Posting], *, at: datetime, actor: str) -> None:
    """Write many entries whose keys are all new, in a few statements. Raises IntegrityError where one is not.

    Call inside a transaction.
    """
    accounts = {leg.account: leg for posting in postings for leg in posting.legs}
    made = [
        Account(code=code, kind=code.split(":")[0], family_id=leg.family, till_id=leg.till)
        for code, leg in sorted(accounts.items())
    ]
    await Account.bulk_create(made, ignore_conflicts=True)
    ids = dict(await Account.filter(code__in=list(accounts)).values_list("code", "id"))
    await Entry.bulk_create(
        [Entry(key=one.key, kind=one.kind, label=one.label, occurred_at=at, actor=actor) for one in postings]
    )
    entries = dict(await Entry.filter(key__in=[one.key for one in postings]).values_list("key", "id"))
    await Leg.bulk_create(
        [
            Leg(
                entry_id=entries[one.key],
                account_id=ids[leg.account],
                cents=leg.cents,
                invoice_id=leg.invoice,
            )
            for one in postings
            for leg in one.legs
        ]
    )


async def standing(family: int, till: int) -> int:
    """What the family owes this till outside issued invoices, in cents: + restant dû, − avoir."""
    return (await standings(family)).get(till, 0)


async def standings(family: int) -> dict[int, int]:
    """`standing` for every till the family has an account at."""
    return (await standings_of([family]))[family]


async def standings_of(families: Sequence[int]) -> dict[int, dict[int, int]]:
    """`standings` of each of them, in one question."""
    found: dict[int, dict[int, int]] = {family: {} for family in families}
    for row in await rows(_STANDINGS.format(marks=marks(families)), list(families)):
        found[row["family_id"]][row["till_id"]] = int(row["total"])
    return found


_STANDINGS = """
SELECT account.family_id, account.till_id, SUM(leg.cents) AS total
FROM leg JOIN account ON account.id = leg.account_id
WHERE account.family_id IN ({marks}) AND account.kind = 'family' AND leg.invoice_id IS NULL
GROUP BY account.family_id, account.till_id
"""


async def open_invoices(family: int) -> dict[int, tuple[int, int]]:
    """By till: how many issued invoices are not paid in full, and what is left to pay of them, in cents."""
    found = await rows(_OPEN_INVOICES, [family])
    return {row["till_id"]: (int(row["number"]), int(row["total"])) for row in found}


_OPEN_INVOICES = """
SELECT till_id, COUNT(*) AS number, SUM(cents) AS total FROM (
  SELECT account.till_id, SUM(leg.cents) AS cents FROM leg JOIN account ON account.id = leg.account_id
  WHERE account.family_id = ? AND account.kind = 'family' AND leg.invoice_id IS NOT NULL
  GROUP BY account.till_id, leg.invoice_id HAVING SUM(leg.cents) > 0
) AS unpaid GROUP BY till_id
"""


async def open_of(invoice: int) -> int:
    """What is left to pay of an issued invoice, in cents: negative while too much was paid."""
    return sum(await Leg.filter(invoice_id=invoice).values_list("cents", flat=True))  # type: ignore[arg-type]


async def given_back(family: int, till: int, key: str) -> tuple[int, int]:
    """Of what this entry gave back to the family, in cents: what lowered a restant dû, and what is an avoir."""
    found = await rows(_GIVEN_BACK, [key, family, till])
    before, given = int(found[0]["before"] or 0), -int(found[0]["moved"] or 0)
    settled = min(given, max(0, before))
    return settled, given - settled


_GIVEN_BACK = """
SELECT SUM(CASE WHEN leg.entry_id < meant.id THEN leg.cents ELSE 0 END) AS before,
  SUM(CASE WHEN leg.entry_id = meant.id THEN leg.cents ELSE 0 END) AS moved
FROM leg JOIN account ON account.id = leg.account_id JOIN entry AS meant ON meant.key = ?
WHERE account.family_id = ? AND account.till_id = ? AND account.kind = 'family' AND leg.invoice_id IS NULL
"""


async def balance(codes: Iterable[str]) -> int:
    """The sum of some accounts, in cents."""
    ids = await Account.filter(code__in=list(codes)).values_list("id", flat=True)
    return sum(await Leg.filter(account_id__in=list(ids)).values_list("cents", flat=True))  # type: ignore[arg-type]
