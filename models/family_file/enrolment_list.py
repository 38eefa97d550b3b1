"""Who is in which activity, and who waits for a place in one, as the mairie reads it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from models.families.enrolment_wait import RANK
from models.rules.families.enrolling import WaitState
from models.storage.database import as_date, as_instant, rows
from models.storage.paging import Cut, Listing, Name, Page, Where


@dataclass(frozen=True, slots=True)
class Enrolled:
    first_name: str
    last_name: str
    family: str  # its number
    family_id: int
    activity: str
    group: str  # "" where the activity has no groups
    start: date
    end: date

    @property
    def child(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class Waits:
    first_name: str
    last_name: str
    family: str
    family_id: int
    activity: str
    group: str
    rank: int  # 1 is the next
    since: datetime

    @property
    def child(self) -> str:
        return f"{self.first_name} {self.last_name}"


async def enrolled(
    cut: Cut, today: date, *, over: bool = False, activity: int | None = None, search: str = ""
) -> Page[Enrolled]:
    """Those who are in it or will be; with `over`, those who were."""
    where = Where(f'mine."end" {"<" if over else ">="} ?', (today,))
    return await _ENROLLED.page(_narrowed(where, activity, search), cut)


async def waiting(cut: Cut, *, activity: int | None = None, search: str = "") -> Page[Waits]:
    where = Where("mine.state = ?", (WaitState.WAITING,))
    return await _WAITING.page(_narrowed(where, activity, search), cut)


async def number_waiting(activity: int | None = None) -> int:
    return await _WAITING.count(_narrowed(Where("mine.state = ?", (WaitState.WAITING,)), activity, ""))


async def counts(today: date, activity: int | None = None) -> tuple[int, int, int]:
    """Who is in, who waits, who was in. Two questions."""
    where = Where() if activity is None else Where("activity_id = ?", (activity,))
    found = (await rows(f"{_COUNTS} WHERE {where.sql}", [today, *where.values]))[0]
    inside = int(found["inside"] or 0)
    return inside, await number_waiting(activity), int(found["every"]) - inside


async def activities(today: date) -> list[tuple[int, str]]:
    """Those that are not over: (id, name)."""
    return [(row["id"], row["name"]) for row in await rows(_ACTIVITIES, [today])]


def _narrowed(where: Where, activity: int | None, search: str) -> Where:
    if activity is not None:
        where = where.and_also("activity.id = ?", activity)
    return where.containing(search, *_SEARCHED)


def _same(row: dict[str, Any]) -> dict[str, Any]:
    names = ("first_name", "last_name", "family", "family_id", "activity")
    return {name: row[name] for name in names} | {"group": row["group_name"] if row["group_code"] else ""}


_NAMED = """
child.first_name, child.last_name, family.number AS family, family.id AS family_id, activity.name AS activity,
  activity_group.name AS group_name, activity_group.code AS group_code"""
_JOINED = """
JOIN child ON child.id = mine.child_id JOIN family ON family.id = mine.family_id
JOIN activity ON activity.id = mine.activity_id JOIN activity_group ON activity_group.id = mine.group_id"""
_SEARCHED = ("child.first_name || ' ' || child.last_name", "child.last_name || ' ' || child.first_name",
             "family.number", "activity.name", "activity_group.name")  # fmt: skip
_BY_CHILD = (Name("child.last_name"), Name("child.first_name"), "activity.position", "mine.id")
_BY_ACTIVITY = ("activity.position", "activity.id", "activity_group.position")

_ENROLLED = Listing(
    f'{_NAMED}, mine.start, mine."end"',
    f"enrolment AS mine {_JOINED}",
    {
        "child": _BY_CHILD,
        "activity": (*_BY_ACTIVITY, *_BY_CHILD[:2], "mine.id"),
        "since": ("mine.start", "mine.id"),
    },
    lambda row: Enrolled(**_same(row), start=as_date(row["start"]), end=as_date(row["end"])),
)
_WAITING = Listing(
    f"{_NAMED}, mine.since, {RANK} AS rank",
    f"enrolment_wait AS mine {_JOINED}",
    {
        "child": _BY_CHILD,
        "activity": (*_BY_ACTIVITY, "mine.since", "mine.id"),
        "since": ("mine.since", "mine.id"),
    },
    lambda row: Waits(**_same(row), rank=int(row["rank"]), since=cast(datetime, as_instant(row["since"]))),
)
_ACTIVITIES = "SELECT id, name FROM activity WHERE closes >= ? ORDER BY position, id"
_COUNTS = 'SELECT COUNT(*) AS every, SUM(CASE WHEN "end" >= ? THEN 1 ELSE 0 END) AS inside FROM enrolment'
