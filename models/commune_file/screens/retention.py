"""How long the mairie keeps what it knows of people, as its screen sets it. A file says nothing of it."""

from collections.abc import Mapping
from datetime import datetime

from models.commune.commune import Commune
from models.rules.families.retention import kept
from models.storage.database import transaction
from models.work.audit_log import Event


async def change(wanted: Mapping[str, int], actor: str, now: datetime) -> bool:
    """`wanted`: months by the code of a Duration, within its limits. False where they are so already."""
    async with transaction():
        row = await Commune.select_for_update().get(id=1)
        before = kept(row.retention)
        after = before | dict(wanted)
        if after == before:
            return False
        await Commune.filter(id=row.id).update(retention=after)
        moved = [code for code in after if after[code] != before[code]]
        told = ({f"kept_{code}": values[code] for code in moved} for values in (before, after))
        old, new = told
        await Event.note(now, actor, "settings.changed", "commune:1", None, before=old, after=new)
    return True
