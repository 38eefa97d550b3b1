"""What parents allow for a child: each answer is a row, with its version and its day, and the last one counts."""

from collections.abc import Collection, Mapping
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.families.child import Child, Home
from models.families.family import Family
from models.families.guardian import Guardian
from models.rules.families.consents import CONSENTS
from models.storage.database import transaction
from models.storage.fields import Instant
from models.work.audit_log import Event


class ConsentAnswer(Model):
    id = fields.IntField(primary_key=True)
    child: fields.ForeignKeyRelation[Child] = fields.ForeignKeyField(
        "models.Child", "consents", on_delete=fields.RESTRICT
    )
    code = fields.CharField(max_length=30)  # of a Consent
    version = fields.IntField()  # of its words
    granted = fields.BooleanField()
    guardian: fields.ForeignKeyRelation[Guardian] = fields.ForeignKeyField(
        "models.Guardian", "consents", on_delete=fields.RESTRICT
    )
    at = Instant()

    child_id: int
    guardian_id: int

    class Meta:
        table = "consent_answer"

    @classmethod
    async def of(cls, children: Collection[int]) -> dict[int, dict[str, "ConsentAnswer"]]:
        """The last answer to each, by child and code; one to older words counts no more."""
        versions = {consent.code: consent.version for consent in CONSENTS}
        found: dict[int, dict[str, ConsentAnswer]] = {child: {} for child in children}
        for row in await cls.filter(child_id__in=list(children)).order_by("id"):
            if versions.get(row.code) == row.version:
                found[row.child_id][row.code] = row
        return found

    @classmethod
    async def answer(cls, guardian: Guardian, child: int, said: Mapping[str, bool], now: datetime) -> None:
        """Those that change something become rows. Raises LookupError for another family's child."""
        homes = await Home.families([child])
        if guardian.family_id not in homes:
            raise LookupError(child)
        async with transaction():
            await Family.lock(*homes)
            known = (await cls.of([child]))[child]
            for consent in CONSENTS:
                wanted, before = said.get(consent.code), known.get(consent.code)
                if wanted is None or (before is not None and before.granted == wanted):
                    continue
                row = await cls.create(
                    child_id=child,
                    code=consent.code,
                    version=consent.version,
                    granted=wanted,
                    guardian_id=guardian.id,
                    at=now,
                )
                action = "consent.given" if wanted else "consent.refused"
                about = f"{consent.title}, {(await row.child).first_name}"
                await Event.note(
                    now,
                    guardian.actor,
                    action,
                    f"consent:{row.id}",
                    guardian.family_id,
                    name=about,
                    code=row.code,
                )
