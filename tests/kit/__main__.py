"""Serves the kit's pages in a made-up commune at http://127.0.0.1:8001/mairie/essai, or at the port that is named."""

import asyncio
import sys
import tempfile
from pathlib import Path

import uvicorn

from models import banks, clock, commune_file
from models.access.passwords import DEMO_PASSWORD
from models.settings import Settings
from models.storage import database
from models.storage.migrate import migrate
from tests.conftest import KEYS
from tests.kit.screen import PLACE, added_to
from web.__main__ import config
from web.app import create_app

NOW = "2018-08-27T10:00:00"


async def serve(port: int, folder: Path) -> None:
    url, address = f"sqlite://{folder / 'kit.sqlite3'}", f"http://127.0.0.1:{port}"
    settings = Settings(folder, url, None, None, address, KEYS, None, demo=True)
    await migrate(url)
    await database.connect(url)
    try:
        await clock.follow(NOW)
        await commune_file.load(commune_file.read(commune_file.shipped("lens")), demo=True)
        banks.configure(settings)
        how = config(added_to(create_app(settings)))
        how.port, how.lifespan = port, "off"
        print(f"{address}{PLACE}, mairie, {DEMO_PASSWORD}", flush=True)
        await uvicorn.Server(how).serve()
    finally:
        await database.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="kit-") as name:
        asyncio.run(serve(int(sys.argv[1]) if len(sys.argv) > 1 else 8001, Path(name)))
