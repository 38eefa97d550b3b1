"""The rows of children in their homes, classes and activities: as a commune file says them, or a screen.

Call inside a transaction, after Family.lock of every home.
"""

from collections.abc import Iterable

from models.bookings.booking import Booking
from models.families.child import Home, Schooling
from models.families.enrolment import Enrolment, book_by_default
from models.rules.booking import LIVE


async def write_homes(rows: Iterable[Home]) -> None:
    await Home.bulk_create(rows, on_conflict=["child_id", "family_id"], update_fields=["weeks", "position"])


async def write_schoolings(rows: Iterable[Schooling]) -> None:
    """One class for a child and a year: another one replaces it."""
    await Schooling.bulk_create(
        rows, on_conflict=["child_id", "year_id"], update_fields=["school_id", "level"]
    )


async def write_enrolments(rows: Iterable[Enrolment]) -> None:
    """One for a child, an activity and the family that pays it. One that is there keeps its group."""
    made = list(rows)
    await Enrolment.bulk_create(
        made,
        on_conflict=["child_id", "activity_id", "family_id"],
        update_fields=["category", "start", "end", "position", "left_at"],
    )
    await book_by_default(made)


async def change_group(child: int, family: int, activity: int, group: int) -> bool:
    """False: it has bookings, whose places are counted in the group that it keeps."""
    mine = {"child_id": child, "family_id": family}
    if await Booking.filter(state__in=LIVE, slot__activity_id=activity, **mine).exists():
        return False
    await Enrolment.filter(activity_id=activity, **mine).update(group_id=group)
    return True
