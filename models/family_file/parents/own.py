"""What a parent changes without the mairie: telephones, how invoices leave, « Je confirme mes informations »."""

from datetime import date, datetime

from models.families.family import Family
from models.families.file_change import change_file
from models.families.guardian import Guardian
from models.rules.families.household import DELIVERIES
from models.storage.database import transaction
from models.work.audit_log import Event

PHONES = ("phone", "home_phone", "work_phone")


async def set_phones(
    guardian: Guardian, numbers: tuple[str | None, str | None, str | None], now: datetime
) -> None:
    """Mobile, at home, at work. Raises FileChanged where another changed them since this parent was read."""
    wanted = dict(zip(PHONES, numbers, strict=True))
    before = {column: getattr(guardian, column) for column in PHONES}
    old = {column: before[column] for column in PHONES if before[column] != wanted[column]}
    if not old:
        return
    new = {column: wanted[column] for column in old}
    async with transaction():
        await Family.lock(guardian.family_id)
        await change_file(guardian.family_id, guardian.actor, old, new)
        await Event.note(
            now, guardian.actor, "file.changed", guardian.actor, guardian.family_id, before=old, after=new
        )


async def set_delivery(guardian: Guardian, delivery: str, now: datetime) -> None:
    """Of the invoices: « portal » or « post ». Raises ValueError for any other."""
    if delivery not in DELIVERIES:
        raise ValueError(delivery)
    async with transaction():
        await Family.lock(guardian.family_id)
        family = await Family.get(id=guardian.family_id)
        before = family.invoice_delivery
        if before == delivery:
            return
        await Family.filter(id=family.id).update(invoice_delivery=delivery)
        await Event.note(
            now, guardian.actor, "family.changed", f"family:{family.id}", family.id,
            before={"invoice_delivery": before}, after={"invoice_delivery": delivery},
        )  # fmt: skip


async def confirm(guardian: Guardian, since: date, now: datetime) -> bool:
    """« Je confirme mes informations », once since that day. False where it was said already."""
    async with transaction():
        await Family.lock(guardian.family_id)
        family = await Family.get(id=guardian.family_id)
        if family.confirmed_at is not None and family.confirmed_at.date() >= since:
            return False
        await Family.filter(id=family.id).update(confirmed_at=now)
        await Event.note(now, guardian.actor, "file.confirmed", f"family:{family.id}", family.id)
        return True
