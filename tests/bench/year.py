"""`python -m tests.bench.year [FAMILIES [SEED]]`: the simulated year of a whole town, on a PostgreSQL of its own.

After each month every promise is verified, and what families paid is compared with the tills; at the end Beancount adds
the ledger up. Exit 1 with the seed when something does not agree.
"""

import asyncio
import random
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path

from beancount.loader import load_string

from models import banks, clock, commune_file
from models.exports import beancount
from models.settings import Settings
from models.storage import database, encryption
from models.storage.integrity import verify
from models.storage.migrate import migrate
from tests import servers
from tests.conftest import KEYS
from tests.models.year import MONTHS, START, Year, people

FAMILIES = 200


def main(arguments: Sequence[str]) -> int:
    families = int(arguments[0]) if arguments else FAMILIES
    seed = int(arguments[1]) if len(arguments) > 1 else random.randrange(10**6)
    print(f"{families} families, seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="year-") as name:
        faults = asyncio.run(_live(Path(name), families, seed))
    print("\n".join(faults) if faults else "Everything adds up.")
    return 1 if faults else 0


async def _live(folder: Path, families: int, seed: int) -> list[str]:
    with servers.postgres() as server:
        url = await servers.create_database(server)
        await migrate(url)
        await database.connect(url)
        try:
            return await _year(url, folder, families, seed)
        finally:
            await database.close()


async def _year(url: str, folder: Path, families: int, seed: int) -> list[str]:
    clock.shift_to(clock.datetime.fromisoformat(START).replace(tzinfo=clock.PARIS))
    encryption.use(KEYS)
    banks.configure(Settings(folder, url, None, None, "http://127.0.0.1:8000", KEYS, None, demo=True))
    content = tomllib.loads(commune_file.shipped("demo").read_text(encoding="utf-8"))
    people(content, families, random.Random(seed))
    await commune_file.load(commune_file.parse(content, "demo.toml"), demo=True)
    year = Year(random.Random(seed))
    await year.open()
    for first in MONTHS:
        start = time.monotonic()
        await year.month(first)
        lived = time.monotonic()
        faults = [str(fault) for fault in await verify()]
        if await year.banked() != +year.paid:
            faults.append("what families paid is not what the tills hold")
        said = f"{first:%B %Y}: {lived - start:.1f} s, verified in {time.monotonic() - lived:.1f} s"
        print(said, flush=True)
        if faults:
            return faults
    print(dict(year.did), flush=True)
    errors = load_string("".join([piece async for piece in beancount.journal()]))[1]
    return [str(error.message) for error in errors]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
