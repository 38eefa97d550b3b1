"""A town’s file of pupils and parents is shown, written, written again and taken back, in one process.

`python -m tests.bench.importing URL FAMILIES`: 3,000 families are 4,200 children, as ONDE would list them.
"""

import asyncio
import json
import resource
import sys
import time
import tomllib
from collections.abc import Iterator
from datetime import date
from typing import Any

from models import clock, commune_file
from models.commune.school import School
from models.commune.school_year import SchoolYear
from models.families.child import Child
from models.family_imports import bringing, comparing, undoing, writing
from models.family_imports.bringing import Brought
from models.family_imports.family_import import FamilyImport
from models.settings import read
from models.storage import database, encryption, integrity
from models.storage.migrate import migrate

NOW = "2018-08-27T10:00:00"
HEADS = (
    "Nom élève;Prénom élève;Date naissance;Adresse1;Cp1;Commune1;Niveau;Nom responsable;Prénom responsable;Courriel;"
    "Téléphone portable"
)
LEVELS = ("CP", "CE1", "CE2", "CM1", "CM2")


def lines(families: int) -> Iterator[str]:
    """Two children in two families of five, one in the others."""
    yield HEADS
    for n in range(families):
        for rank in range(2 if n % 5 < 2 else 1):
            born = date(2008 + (n + rank) % 5, 1 + n % 12, 1 + n % 28)
            yield (
                f"Banc{n};{('Alix', 'Sacha')[rank]};{born:%d/%m/%Y};{n} rue des Bancs;62999;Banc;"
                f"{LEVELS[(n + rank) % 5]};Banc{n};Claude;f{n}@bench.example;06{n:08d}"
            )


async def measure(url: str, families: int) -> dict[str, Any]:
    """Seconds of each step, the memory that it took beyond the portal's own in MB, what verify finds."""
    await _town(url)
    year, school = await SchoolYear.get(), await School.all().order_by("-position").first()
    assert school is not None
    await School.filter(id=school.id).update(levels=list(LEVELS))
    content = "\n".join(lines(families)).encode("cp1252")
    before, told = _memory_mb(), {}

    async def bring(click: str) -> FamilyImport:
        said = Brought(click, "onde.csv", content, year.id, school.id)
        return await FamilyImport.get(id=await bringing.bring(said, 1, clock.now()))

    first = await bring("first")
    start = time.monotonic()
    await comparing.preview(first, clock.now().date())
    told["preview"] = time.monotonic() - start
    start = time.monotonic()
    await writing.write(first, 1, clock.now())
    told["write"] = time.monotonic() - start
    second = await bring("second")
    start = time.monotonic()
    await writing.write(second, 1, clock.now())
    told["again"] = time.monotonic() - start
    same = (await FamilyImport.get(id=second.id)).same
    number = await Child.filter(last_name__startswith="Banc").count()
    assert same == number, (same, number)
    faults = len(await integrity.verify())
    start = time.monotonic()
    await undoing.undo(first.id, 1, clock.now())
    told["undo"] = time.monotonic() - start
    assert not await Child.exists(last_name__startswith="Banc")
    await database.close()
    return {**told, "children": number, "faults": faults, "memory": _memory_mb() - before}


async def _town(url: str) -> None:
    await migrate(url)
    await database.connect(url)
    await clock.follow(NOW)
    encryption.use(read(demo=True).secret_keys)
    content = tomllib.loads(commune_file.shipped("lens").read_text(encoding="utf-8"))
    await commune_file.load(commune_file.parse(content, "lens.toml"), demo=True)


def _memory_mb() -> float:
    """The most that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(sys.argv[1], int(sys.argv[2])))))
