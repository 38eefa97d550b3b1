"""The days of a file's activities: what the file would take from somebody, and what the mairie should look at."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from models.activities.definition import openings
from models.activities.definition.description import Activity
from models.activities.definition.writer import Written
from models.activities.opening import Opening
from models.bookings import redefinition
from models.bookings.redefinition import Lost
from models.commune.school_calendar import school_calendar, subdivision_of
from models.commune.school_year import Closure, SchoolYear
from models.commune_file.document import Document
from models.french import quoted
from models.rules.calendar import SchoolCalendar

ACTOR = "command"


async def calendar_of(document: Document, year: SchoolYear) -> SchoolCalendar:
    closures = await Closure.filter(year_id=year.id).order_by("start")
    return school_calendar(document.commune.zone, year, closures, subdivision_of(document.commune.insee))


async def broken(document: Document, year: SchoolYear, rows: Mapping[str, Written]) -> list[str]:
    """Why the file cannot be applied: live bookings it would leave without their day, slot or group."""
    calendar = await calendar_of(document, year)
    found: Counter[str] = Counter()
    for activity in document.activities:
        for lost, number in (
            await redefinition.lost(activity, rows[activity.code].id, calendar, year)
        ).items():
            found[_why(lost, activity)] += number
    return [f"{reason} ({n}\u00a0réservation{'s' if n > 1 else ''})." for reason, n in sorted(found.items())]


def _why(lost: Lost, activity: Activity) -> str:
    day = f"{lost.day:%d/%m/%Y}"
    if (lost.what == "slot" and lost.slot in {one.code for one in activity.slots}) or (
        lost.what == "group" and lost.group in {one.code for one in activity.groups}
    ):
        part = lost.slot if lost.what == "slot" else lost.group
        return f"{quoted(activity.name)}\u00a0: {quoted(part)} ferme avant le {day}, qui est réservé"
    sentences = {
        "slot": f"l’élément {quoted(lost.slot)} n’est plus dans le fichier, mais il est réservé",
        "group": f"le groupe {quoted(lost.group)} n’est plus dans le fichier, mais il est réservé",
        "day": f"le fichier ferme le {day}, qui est réservé",
    }
    return f"{quoted(activity.name)}\u00a0: {sentences[lost.what]}"


async def lay_out(
    document: Document,
    year: SchoolYear,
    rows: Mapping[str, Written],
    new: Counter[str],
    flags: list[str],
    now: datetime,
) -> None:
    calendar = await calendar_of(document, year)
    before = await Opening.all().count()
    for activity in document.activities:
        row = rows[activity.code]
        for over in await openings.lay_out(activity, row, calendar, now, ACTOR):
            flags.append(
                f"{quoted(activity.name)}, {over.day:%d/%m/%Y}\u00a0: {over.taken} places prises sur {over.places}."
            )
        flags += _left_over(activity, row)
    new["openings"] += max(0, await Opening.all().count() - before)


def _left_over(activity: Activity, row: Written) -> list[str]:
    """What the database holds and the file does not say: kept, but it can be booked no more."""
    said = {slot.code for slot in activity.slots} | {group.code for group in activity.groups}
    return [
        f"{quoted(activity.name)}\u00a0: {quoted(code)} n’est plus dans le fichier\u00a0; gardé, sans jours."
        for code in (*row.slots, *row.groups)
        if code and code not in said
    ]
