"""The activities of a file into the database: one row per code, deadlines and prices as the file says."""

from collections import Counter

from models.activities.activity import Activity
from models.activities.definition.writer import Written, write
from models.bookings import redefinition
from models.commune.school_year import SchoolYear
from models.commune_file.document import Document
from models.french import quoted


async def load(
    document: Document, year: SchoolYear, tills: dict[str | None, int], new: Counter[str]
) -> dict[str, Written]:
    """The rows of each activity, by its code."""
    before = await Activity.filter(year_id=year.id).count()
    rows = {
        activity.code: await write(activity, year.id, tills[activity.till], position)
        for position, activity in enumerate(document.activities)
    }
    new["activities"] += await Activity.filter(year_id=year.id).count() - before
    return rows


async def billed_otherwise(document: Document, year: SchoolYear) -> list[str]:
    """Why the file cannot be applied: what is booked is billed otherwise."""
    wanted = {activity.code: activity for activity in document.activities}
    return [
        f"{quoted(wanted[row.code].name)}\u00a0: la facturation ne peut plus changer, des jours sont réservés."
        for row in await Activity.filter(year_id=year.id, code__in=list(wanted))
        if await redefinition.bills_otherwise(wanted[row.code], row)
    ]
