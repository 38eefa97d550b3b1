"""The activities of a school year as the mairie reads them: who is enrolled, how full, when it next closes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from models.activities.catalogue import Catalogue
from models.commune.school_year import SchoolYear
from models.rules.calendar import open_days
from models.rules.deadlines import NoRule, is_open
from models.storage.database import as_date, rows
from models.storage.paging import Cut, Listing, Name, Page, Where

AHEAD = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class ListedActivity:
    id: int
    name: str
    kind: str
    till: str
    opens: date
    closes: date
    enrolled: int  # children who are, on the day
    places: int | None  # of a day, all groups together; none: one of them has no limit


async def page(cut: Cut, year: int, today: date, kind: str = "", search: str = "") -> Page[ListedActivity]:
    where = Where().and_also("activity.year_id = ?", year)
    if kind:
        where = where.and_also("activity.kind = ?", kind)
    found = await _LISTING.page(where.containing(search, "activity.name", "activity.place"), cut)
    counted = await _enrolled(today)
    lines = [_line(row, counted.get(row["id"], 0)) for row in found.rows]
    return Page(lines, found.total, found.number, found.size)


async def years() -> list[SchoolYear]:
    """The newest first."""
    return await SchoolYear.all().order_by("-starts")


def next_closing(catalogue: Catalogue, activity: int, now: datetime) -> tuple[date, datetime] | None:
    """The next open day that can still be booked, and until when; none where nothing can."""
    facts = catalogue.activities[activity]
    if not facts.slots:
        return None
    first = now.date()
    for day in open_days(catalogue.calendars[facts.year], facts.timetable, None, first, first + AHEAD):
        try:
            closes = catalogue.closes(facts.slots[0].id, "book", day, "")
        except NoRule:
            continue
        if is_open(now, closes):
            return day, closes
    return None


async def _enrolled(today: date) -> dict[int, int]:
    found = await rows(_ENROLLED, [today, today])
    return {row["activity_id"]: int(row["number"]) for row in found}


def _line(row: dict[str, Any], enrolled: int) -> ListedActivity:
    places = None if row["places"] is None else int(row["places"])
    same = {name: row[name] for name in ("id", "name", "kind", "till")}
    return ListedActivity(
        **same, opens=as_date(row["opens"]), closes=as_date(row["closes"]), enrolled=enrolled, places=places
    )


_ENROLLED = """
SELECT activity_id, COUNT(DISTINCT child_id) AS number FROM enrolment
WHERE start <= ? AND "end" >= ? GROUP BY activity_id
"""
_LISTING: Listing[dict[str, Any]] = Listing(
    columns="""
activity.id, activity.name, activity.kind, activity.opens, activity.closes, till.name AS till,
  (SELECT CASE WHEN COUNT(places) = COUNT(*) THEN SUM(places) END FROM activity_group
    WHERE activity_group.activity_id = activity.id) AS places""",
    source="activity JOIN till ON till.id = activity.till_id",
    orders={
        "position": ("activity.position", "activity.id"),
        "name": (Name("activity.name"), "activity.id"),
        "opens": ("activity.opens", "activity.id"),
    },
    row=dict,
)
