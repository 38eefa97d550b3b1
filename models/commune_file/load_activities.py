"""The activities of a file into the database: one row per code, deadlines and prices as the file says."""

from collections import Counter

from models.activities.activity import Activity
from models.activities.definition.writer import Written, write
from models.bookings import redefinition
from models.commune.school_year import SchoolYear
from models.commune_file.document import Document
from models.french import quoted
from models.rules.booking import DEFAULT


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


async def switched(document: Document, year: SchoolYear) -> list[str]:
    """What families will read of it: activities that book by themselves from now on. Asked before they are written."""
    by_default = {one.code: one for one in document.activities if one.presence == DEFAULT}
    return [
        f"{quoted(by_default[row.code].name)}\u00a0: les jours de tous les enfants inscrits seront réservés d’office, "
        "et leurs familles prévenues."
        for row in await Activity.filter(year_id=year.id, code__in=list(by_default)).exclude(presence=DEFAULT)
    ]


async def billed_otherwise(document: Document, year: SchoolYear) -> list[str]:
    """Why the file cannot be applied: what is booked is billed otherwise."""
    wanted = {activity.code: activity for activity in document.activities}
    return [
        f"{quoted(wanted[row.code].name)}\u00a0: la facturation ne peut plus changer, des jours sont réservés."
        for row in await Activity.filter(year_id=year.id, code__in=list(wanted))
        if await redefinition.bills_otherwise(wanted[row.code], row)
    ]
