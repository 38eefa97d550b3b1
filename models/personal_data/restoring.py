"""A backup put back in place of the database, without the families that were erased since."""

from contextlib import suppress
from pathlib import Path

from tortoise.exceptions import BaseORMException

from models import clock
from models.personal_data import erasures
from models.storage import database
from models.storage.backup import restore
from models.storage.migrate import migrate, sqlite_path


async def put_back(url: str, source: Path, folder: Path) -> int:
    """How many families were erased again. A backup of an older portal is brought up to date at once.

    `folder`: of the portal's data, where the list of erasures is. Raises BackupFailed.
    """
    await _remember(url, folder)
    await restore(url, source)
    await migrate(url)
    await database.connect(url)
    try:
        return await erasures.apply_again(folder, clock.now(), restored=True)
    finally:
        await database.close()


async def _remember(url: str, folder: Path) -> None:
    """What the database that is replaced still tells; one that is broken, or older, tells nothing."""
    path = sqlite_path(url)
    if path is not None and not path.exists():
        return
    await database.connect(url)
    try:
        with suppress(BaseORMException, OSError):
            await erasures.remember(folder)
    finally:
        await database.close()
