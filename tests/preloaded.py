"""The process that portals and workers are forked from: what takes long and is always the same is done before."""

import asyncio
import gc

from jobs import __main__ as worker  # noqa: F401 (what a fork runs)
from models.commune import school_calendar
from models.storage import database, migrate
from tests import compiled, drawn
from web import __main__  # noqa: F401 (what a fork runs)
from web.page import assets

# Templates are read, style and scripts packed, and the packages of holidays imported.
compiled.all_now()
assets.addresses()
school_calendar.public_holidays(2018, 2018)
school_calendar.holidays("B", 2018, 2018)


async def connect_once() -> None:
    """The nouns are drawn for both engines, and the migrations imported."""
    drawn.once()
    await database.connect("asyncpg://nobody@127.0.0.1:1/none")  # which is asked nothing
    await database.close()
    await database.connect("sqlite://:memory:")
    await migrate.pending()
    await database.close()


asyncio.run(connect_once())
gc.freeze()  # what a fork does not touch, it does not copy
