"""The erasures that were done, in a file beside the database and in none of its backups: ids and dates, no name.

A backup that is put back brings erased families back, and they are erased again. A family is known by its id and by
the moment of its first row of the journal: after a restore another family may get the same id. Of most families that a
file brought the journal says nothing at first: so a database is known too, by the moment of its very first row. One
that was begun anew beside the same file has other families under these ids.
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from models.families.family import Family
from models.personal_data.anonymising import AGAIN, DONE, erase
from models.storage import private
from models.storage.database import as_instant, rows, sql_list, transaction
from models.work.audit_log import Event

FILE = "erasures.jsonl"


@dataclass(frozen=True, slots=True)
class Erased:
    family: int
    since: str  # when the journal first spoke of it; "" where it never had
    at: str
    begun: str  # when the journal of its database began


async def remember(folder: Path) -> None:
    """Those that the journal tells and the file of this folder lacks."""
    there = {(one.family, one.since, one.begun) for one in _read(folder)}
    new = [one for one in await _done() if (one.family, one.since, one.begun) not in there]
    if new:
        private.make(folder / FILE)
        with (folder / FILE).open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(one)) + "\n" for one in new)


async def apply_again(folder: Path, now: datetime, restored: bool = False) -> int:
    """Of the families that were erased and are named again; how many. The journal says so.

    `restored`: a moment ago, so that a family of which the journal says nothing yet is none but the one of its id.
    """
    begun = await _begun()
    return sum([await _again(one, now, restored) for one in _read(folder) if one.begun == begun])


async def _again(erased: Erased, now: datetime, restored: bool) -> bool:
    async with transaction():
        if not await Family.exists(id=erased.family):
            return False
        await Family.lock(erased.family)
        done = await Event.exists(family_id=erased.family, action__in=(DONE, AGAIN))
        since = await _since(erased.family)
        if done or not (since == erased.since or (restored and not since)):
            return False
        await erase(erased.family, "clock", AGAIN, now)
        return True


async def _done() -> list[Erased]:
    begun, found = await _begun(), await rows(_DONE)
    return [Erased(row["family_id"], _said(row["since"]), _said(row["at"]), begun) for row in found]


async def _begun() -> str:
    return "".join([_said(row["at"]) for row in await rows("SELECT at FROM event ORDER BY id LIMIT 1")])


async def _since(family: int) -> str:
    [row] = await rows("SELECT MIN(at) AS since FROM event WHERE family_id = ?", [family])
    return _said(row["since"])


def _said(at: datetime | str | None) -> str:
    moment = as_instant(at)
    return moment.astimezone(UTC).isoformat() if moment else ""


def _read(folder: Path) -> list[Erased]:
    path = folder / FILE
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Erased(**json.loads(line)) for line in lines if line.strip()]


_DONE = f"""
SELECT done.family_id, MAX(done.at) AS at,
  (SELECT MIN(event.at) FROM event WHERE event.family_id = done.family_id AND event.at < MIN(done.at)) AS since
FROM event AS done WHERE done.action IN {sql_list((DONE, AGAIN))} GROUP BY done.family_id ORDER BY done.family_id
"""  # noqa: S608
