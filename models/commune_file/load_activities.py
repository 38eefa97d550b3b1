"""The activities of a file into the database: one row per code, deadlines and prices as the file says."""

from collections import Counter

from models.activities.activity import Activity
from models.activities.definition.writer import Written, write
from models.bookings.booking import Booking
from models.commune.school_year import SchoolYear
from models.commune_file.document import Document
from models.french import quoted
from models.rules.booking import LIVE


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
    """Why the file cannot be applied: a day that is booked would be paid twice, or its credit given for nothing."""
    wanted = {activity.code: activity for activity in document.activities}
    found = []
    for row in await Activity.filter(year_id=year.id, code__in=list(wanted)):
        new = wanted[row.code]
        if new.billing != row.billing and await Booking.exists(slot__activity_id=row.id, state__in=LIVE):
            found.append(
                f"{quoted(new.name)}\u00a0: la facturation ne peut plus changer, des jours sont réservés."
            )
    return found
