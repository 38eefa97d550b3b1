"""A mandate (RUM): a family lets a till collect its invoices from an account. The account is kept sealed."""

from collections.abc import Collection
from datetime import date, datetime

from tortoise import fields
from tortoise.models import Model

from models.commune.till import Till
from models.direct_debit.account import BankAccount
from models.families.family import Family
from models.rules.states.debits import MandateState
from models.rules.states.notices import NoticeKind
from models.rules.till import sepa
from models.storage import encryption
from models.storage.database import retrying, transaction
from models.storage.fields import Instant
from models.work.audit_log import Event
from models.work.notice import Notice
from models.work.task import Task

LONGEST_HOLDER = 70
TOGETHER = 50


class HasMandate(Exception):
    """The family has one for this till already."""


class Mandate(Model):
    id = fields.IntField(primary_key=True)
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField(
        "models.Family", "mandates", on_delete=fields.RESTRICT
    )
    till: fields.ForeignKeyRelation[Till] = fields.ForeignKeyField(
        "models.Till", "mandates", on_delete=fields.RESTRICT
    )
    rum = fields.CharField(max_length=35)  # unique
    holder = fields.CharField(max_length=LONGEST_HOLDER)  # of the account
    iban = fields.BinaryField()  # sealed: models.storage.encryption
    last_four = fields.CharField(max_length=4)  # of it, which pages show
    bic = fields.CharField(max_length=11, default="", db_default="")
    signed_on = fields.DateField()
    state = fields.CharField(max_length=10, default=MandateState.ACTIVE.value)  # a MandateState
    made_at = Instant()
    made_by = fields.CharField(
        max_length=100
    )  # as the journal names them: the parent, or the mairie with its paper
    last_used_on = fields.DateField(null=True)  # the day of its last collection
    ended_at = Instant(null=True)
    ended_by = fields.CharField(max_length=100, default="", db_default="")
    paper = fields.BinaryField(null=True)  # its PDF, sealed as the account is; null: not drawn yet

    family_id: int
    till_id: int

    class Meta:
        table = "mandate"

    @property
    def masked(self) -> str:
        return sepa.masked(self.last_four)

    @property
    def is_active(self) -> bool:
        return self.state == MandateState.ACTIVE

    @property
    def expires_on(self) -> date:
        return sepa.expires_on(self.last_used_on or self.signed_on)

    @property
    def account(self) -> str:
        """The IBAN, for the bank's file and the paper that the family signs. Raises encryption.Unreadable."""
        return encryption.unseal(bytes(self.iban)).decode()

    @property
    def content(self) -> bytes | None:
        """The PDF; None while its job has not drawn it. Raises encryption.Unreadable."""
        return encryption.unseal(bytes(self.paper)) if self.paper else None

    async def keep(self, content: bytes) -> None:
        """The first one stays."""
        await Mandate.filter(id=self.id, paper=None).update(paper=encryption.seal(content))

    @classmethod
    async def undrawn(cls) -> "list[Mandate]":
        """Active, without their paper; the oldest first, some at a time."""
        found = cls.filter(paper=None, state=MandateState.ACTIVE).order_by("id").limit(TOGETHER)
        return await found.select_related("family", "till")

    @classmethod
    async def sign(
        cls,
        family: Family,
        till: Till,
        account: BankAccount,
        holder: str,
        on: date,
        now: datetime,
        actor: str,
    ) -> "Mandate":
        """`on`: the day of the signature. Raises HasMandate."""
        return await retrying(lambda: cls._sign(family, till, account, holder, on, now, actor))

    @classmethod
    async def _sign(
        cls,
        family: Family,
        till: Till,
        account: BankAccount,
        holder: str,
        on: date,
        now: datetime,
        actor: str,
    ) -> "Mandate":
        async with transaction():
            await Family.lock(family.id)
            if await cls.exists(family_id=family.id, till_id=till.id, state=MandateState.ACTIVE):
                raise HasMandate
            number = await cls.filter(family_id=family.id).count() + 1
            made = await cls.create(
                family_id=family.id,
                till_id=till.id,
                rum=sepa.mandate_reference(till.code, family.number, number),
                holder=holder,
                iban=encryption.seal(account.iban.encode()),
                last_four=account.last_four,
                bic=account.bic,
                signed_on=on,
                made_at=now,
                made_by=actor,
            )
            told = {"rum": made.rum, "account": made.masked, "signed_on": on.isoformat()}
            await Event.note(now, actor, "mandate.signed", f"mandate:{made.id}", family.id, **told)
            await Task.later("draw_mandates", key=f"draw:mandate:{made.id}")
            await Notice.say(NoticeKind.MANDATE_SIGNED, family.id, f"mandate:{made.id}", now)
        return made

    async def end(self, state: MandateState, now: datetime, actor: str) -> bool:
        """Revoked or expired: it serves no more. False when it was over. Call in a transaction, after Family.lock."""
        mine = Mandate.filter(id=self.id, state=MandateState.ACTIVE)
        if not await mine.update(state=state, ended_at=now, ended_by=actor):
            return False
        await Event.note(now, actor, f"mandate.{state}", f"mandate:{self.id}", self.family_id, rum=self.rum)
        await Notice.say(NoticeKind.MANDATE_ENDED, self.family_id, f"mandate:{self.id}", now)
        return True

    @classmethod
    async def active(cls, till: int, families: Collection[int]) -> "dict[int, Mandate]":
        """By family."""
        found = cls.filter(till_id=till, family_id__in=list(families), state=MandateState.ACTIVE)
        return {mandate.family_id: mandate for mandate in await found}

    @classmethod
    async def renew_seals(cls) -> int:
        """Seal every account under the newest key; how many were not. Raises encryption.Unreadable."""
        changed = 0
        for mandate in await cls.all().order_by("id"):
            sealed = encryption.renewed(bytes(mandate.iban))
            if sealed is not None:
                changed += await cls.filter(id=mandate.id).update(iban=sealed)
            paper = encryption.renewed(bytes(mandate.paper)) if mandate.paper else None
            if paper is not None:
                await cls.filter(id=mandate.id).update(paper=paper)
        return changed
