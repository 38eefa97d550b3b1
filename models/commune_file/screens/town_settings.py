"""What the mairie says of itself on its screens. From then on a commune file leaves these columns as they are."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from models.commune.commune import Commune
from models.storage.database import transaction
from models.work.audit_log import Event

SET = ("name", "title", "address", "phone", "email", "hours", "siret", "colour", "second_step", "roll_pin")
NOT_OF_FILES = ("second_step", "roll_pin")  # a file says nothing of them


class ChangedMeanwhile(Exception):
    """Somebody else has changed the settings since this form was drawn."""


def seen(commune: Commune) -> str:
    """What a form shows of the town: it comes back with it."""
    shown = "\n".join(str(getattr(commune, column)) for column in SET)
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


async def change(wanted: Mapping[str, Any], shown: str, actor: str, now: datetime) -> bool:
    """Set these columns of SET. False when nothing changes. Raises ChangedMeanwhile; `shown`: what `seen` said."""
    async with transaction():
        row = await Commune.select_for_update().get(id=1)
        if seen(row) != shown:
            raise ChangedMeanwhile
        moved = [column for column in SET if column in wanted and wanted[column] != getattr(row, column)]
        if not moved:
            return False
        before = {column: getattr(row, column) for column in moved}
        after = {column: wanted[column] for column in moved}
        kept = {*(row.kept or ()), *moved} - {*NOT_OF_FILES}
        await Commune.filter(id=row.id).update(**after, kept=sorted(kept))
        await Event.note(now, actor, "settings.changed", "commune:1", None, before=before, after=after)
    return True
