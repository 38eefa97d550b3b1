"""What each of two files holds, side by side, before they are merged."""

from dataclasses import dataclass
from datetime import date, datetime

from models.commune.school_year import SchoolYear
from models.families.family import Family
from models.families.guardian import Guardian
from models.family_file import family_list, overview
from models.family_file.family_list import FamilyRow
from models.family_file.overview import ChildLine, TillLine
from models.households import pairs
from models.households.pairs import Pair, Parents
from models.rules.booking import LIVE
from models.rules.families.namesakes import Known, likenesses
from models.storage.database import as_date, rows, sql_list
from models.storage.paging import Cut

FEW = 8  # families that a search finds


@dataclass(frozen=True, slots=True)
class Side:
    """`owed` of the tills are cents. `days` are booked from tomorrow on; the counts are of rows."""

    family: Family
    guardians: tuple[Guardian, ...]
    children: tuple[ChildLine, ...]
    tills: tuple[TillLine, ...]
    days: int
    invoices: int
    threads: int
    papers: int

    @property
    def name(self) -> str:
        """« Durand et Petit »."""
        return " et ".join(dict.fromkeys(one.last_name for one in self.guardians)) or self.family.number


@dataclass(frozen=True, slots=True)
class Meeting:
    """Who is in both files, and who goes over."""

    twins: tuple[Pair, ...]
    parents: Parents


async def read(family: Family, today: date) -> Side:
    year = await SchoolYear.current(today)
    [counted] = await rows(_COUNTED, [family.id, today, family.id, family.id, family.id])
    return Side(
        family,
        tuple(await Guardian.filter(family_id=family.id).order_by("position", "id")),
        tuple(await overview.children(family.id, year.id if year else None, today)),
        tuple(await overview.tills(family.id, today)),
        **{name: int(counted[name]) for name in ("days", "invoices", "threads", "papers")},
    )


async def meeting(closed: int, kept: int) -> Meeting:
    return Meeting(tuple(await pairs.children(closed, kept)), await pairs.parents(closed, kept))


async def search(family: Family, words: str, now: datetime) -> list[FamilyRow]:
    """Other files, by whatever is known of them."""
    if not words.strip():
        return []
    found = await family_list.page(Cut("name", size=FEW + 1), now.date(), search=words)
    return [row for row in found.rows if row.id != family.id][:FEW]


async def alike(side: Side) -> list[Known]:
    """Who may be this very family: a child of the same name and birth, a parent of the same e-mail."""
    known = [
        Known(
            row["family_id"],
            row["number"],
            row["name"],
            as_date(row["born"]) if row["born"] else None,
            row["email"],
        )
        for row in await rows(_OTHERS, [side.family.id, side.family.id, side.family.id, side.family.id])
    ]
    children = [(one.name, one.born) for one in side.children]
    return likenesses(children, [one.email for one in side.guardians], known)


_COUNTED = f"""
SELECT (SELECT COUNT(*) FROM booking WHERE family_id = ? AND day > ? AND state IN {sql_list(LIVE)}) AS days,
  (SELECT COUNT(*) FROM invoice WHERE family_id = ?) AS invoices,
  (SELECT COUNT(*) FROM message_thread WHERE family_id = ?) AS threads,
  (SELECT COUNT(*) FROM sent_document WHERE family_id = ?) AS papers
"""  # noqa: S608
_OTHERS = """
SELECT home.family_id, family.number, child.first_name || ' ' || child.last_name AS name, child.born, '' AS email
FROM child JOIN home ON home.child_id = child.id JOIN family ON family.id = home.family_id
WHERE home.family_id <> ? AND family.id NOT IN (SELECT family_id FROM family_merge)
  AND child.born IN (SELECT mine.born FROM child AS mine JOIN home AS own ON own.child_id = mine.id
    WHERE own.family_id = ?)
UNION ALL
SELECT guardian.family_id, family.number, guardian.first_name || ' ' || guardian.last_name, NULL, guardian.email
FROM guardian JOIN family ON family.id = guardian.family_id
WHERE guardian.family_id <> ? AND family.id NOT IN (SELECT family_id FROM family_merge) AND guardian.email IN (
  SELECT mine.email FROM guardian AS mine WHERE mine.family_id = ? AND mine.email <> '')
"""
