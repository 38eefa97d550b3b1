"""Who may fetch a child, and whom to call: named by its parents, kept when they are taken away again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.families.child import Child, Home
from models.families.family import Family
from models.families.guardian import Guardian
from models.rules.states.notices import NoticeKind
from models.storage.database import transaction
from models.storage.fields import Instant
from models.work.audit_log import Event
from models.work.notice import Notice

MOST = 20  # of a child


class TooManyContacts(Exception):
    """The child has MOST of them."""


@dataclass(frozen=True, slots=True)
class NewContact:
    """`click` is the form's own: sent twice, it names one person."""

    click: str
    name: str
    relation: str  # « grand-mère », « voisin »
    phone: str
    collects: bool  # may fetch the child
    emergency: bool  # is called where no parent answers


class ChildContact(Model):
    id = fields.IntField(primary_key=True)
    child: fields.ForeignKeyRelation[Child] = fields.ForeignKeyField(
        "models.Child", "contacts", on_delete=fields.RESTRICT
    )
    name = fields.CharField(max_length=100)
    relation = fields.CharField(max_length=60)
    phone = fields.CharField(max_length=30)
    collects = fields.BooleanField()
    emergency = fields.BooleanField()
    click = fields.CharField(max_length=64)
    added_by: fields.ForeignKeyRelation[Guardian] = fields.ForeignKeyField(
        "models.Guardian", "contacts", on_delete=fields.RESTRICT
    )
    added_at = Instant()
    removed_at = Instant(null=True)

    child_id: int
    added_by_id: int

    class Meta:
        table = "child_contact"

    @classmethod
    async def of(cls, children: Collection[int]) -> list["ChildContact"]:
        """Those that count now, in the order in which they were named."""
        return await cls.filter(child_id__in=list(children), removed_at=None).order_by("id")

    @classmethod
    async def add(cls, guardian: Guardian, child: int, said: NewContact, now: datetime) -> None:
        """Every parent of the child is told. Raises TooManyContacts, and LookupError for another family's child."""
        homes = await Home.families([child])
        if guardian.family_id not in homes:
            raise LookupError(child)
        async with transaction():
            await Family.lock(*homes)
            if await cls.exists(child_id=child, click=said.click):
                return
            if await cls.filter(child_id=child, removed_at=None).count() >= MOST:
                raise TooManyContacts
            row = await cls.create(
                child_id=child,
                name=said.name,
                relation=said.relation,
                phone=said.phone,
                collects=said.collects,
                emergency=said.emergency,
                click=said.click,
                added_by_id=guardian.id,
                added_at=now,
            )
            await _told(row, "contact.added", guardian, homes, now)

    async def remove(self, guardian: Guardian, now: datetime) -> bool:
        """False where it was taken away already."""
        homes = await Home.families([self.child_id])
        async with transaction():
            await Family.lock(*homes)
            if not await ChildContact.filter(id=self.id, removed_at=None).update(removed_at=now):
                return False
            await _told(self, "contact.removed", guardian, homes, now)
            return True


async def _told(
    row: ChildContact, action: str, guardian: Guardian, homes: Collection[int], now: datetime
) -> None:
    """The journal of whoever did it, and one e-mail to each home of the child."""
    await Event.note(
        now,
        guardian.actor,
        action,
        f"child:{row.child_id}",
        guardian.family_id,
        contact=row.id,
        name=row.name,
    )
    for home in sorted(homes):
        await Notice.say(
            NoticeKind.CONTACT_CHANGED, home, f"contact:{row.id}", now, f"{action}:{row.id}:{home}",
            removed=action == "contact.removed",
        )  # fmt: skip
