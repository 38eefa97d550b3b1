"""The logo that the mairie sends on its screen, another one, none again: rows stay, the town says which is its own."""

import asyncio
from datetime import datetime
from typing import Any

from models.commune.commune import Commune
from models.commune.town_logo import TownLogo, draw, key_of
from models.storage.database import transaction
from models.work.audit_log import Event


async def choose(name: str, picture: bytes, alt: str, actor: str, now: datetime) -> bool:
    """Show this picture from now on: a PNG or a JPEG that was checked. False when it is the one shown already."""
    drawn = await asyncio.to_thread(draw, picture)
    key = key_of(drawn.content, alt)
    said: dict[str, Any] = {
        "name": name, "alt": alt, "content": drawn.content, "small": drawn.small, "width": drawn.width,
        "height": drawn.height,
    }  # fmt: skip
    async with transaction():
        town = await Commune.select_for_update().get(id=1)
        row = await TownLogo.get_or_none(key=key) or await TownLogo.create(key=key, **said)
        return await _show(town, row, actor, now)


async def describe(alt: str, actor: str, now: datetime) -> bool:
    """Say this of the picture that is shown. False where nothing changes, or none is shown."""
    async with transaction():
        town = await Commune.select_for_update().get(id=1)
        old = await TownLogo.get_or_none(id=town.own_logo_id)
        if old is None or old.alt == alt:
            return False
        key = key_of(old.content, alt)
        said: dict[str, Any] = {"name": old.name, "content": old.content, "small": old.small}
        row = await TownLogo.get_or_none(key=key) or await TownLogo.create(
            key=key, alt=alt, width=old.width, height=old.height, **said
        )
        return await _show(town, row, actor, now)


async def take_off(actor: str, now: datetime) -> bool:
    """Show none. False where none was shown."""
    async with transaction():
        town = await Commune.select_for_update().get(id=1)
        return await _show(town, None, actor, now)


async def _show(town: Commune, row: TownLogo | None, actor: str, now: datetime) -> bool:
    if town.own_logo_id == (row.id if row else None):
        return False
    old = await TownLogo.get_or_none(id=town.own_logo_id)
    await Commune.filter(id=town.id).update(own_logo_id=row.id if row else None)
    before, after = (
        {"logo": one.name if one else None, "alt": one.alt if one else None} for one in (old, row)
    )
    await Event.note(now, actor, "settings.changed", "commune:1", None, before=before, after=after)
    return True
