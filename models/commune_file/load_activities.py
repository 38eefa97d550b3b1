"""The activities of a file into the database: one row per code, deadlines and prices as the file says."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from models.activities.activity import Activity
from models.activities.deadline import Deadline
from models.activities.group import Group
from models.activities.slot import Slot
from models.activities.tariff import Band, Tariff
from models.bookings.booking import LIVE, Booking
from models.commune.school_year import SchoolYear
from models.commune_file import document as doc
from models.commune_file.document import Document
from models.commune_file.table import quoted

OWN_COLUMNS = (
    "name", "kind", "billing", "acceptance", "enrolment", "opens", "closes", "place", "memo",
    "membership_fee", "waiting_list", "late_cancel", "visible_from", "residents_first_days",
)  # fmt: skip
TARIFF_COLUMNS = (
    "method", "amount", "rate", "low", "high", "category", "start", "end", "child_rank", "reduction",
    "no_quotient", "unbooked",
)  # fmt: skip


@dataclass(frozen=True)
class Shelf:
    """Ids of what the file names."""

    activities: dict[str, int]
    slots: dict[tuple[str, str], int]  # by activity and slot
    groups: dict[tuple[str, str], int]


async def load(
    document: Document, year: SchoolYear, tills: dict[str | None, int], new: Counter[str]
) -> Shelf:
    before = await Activity.filter(year_id=year.id).count()
    rows = [
        Activity(
            year_id=year.id,
            till_id=tills[activity.till],
            code=activity.code,
            weekdays=list(activity.weekdays),
            on_days=activity.on,
            position=n,
            **{name: getattr(activity, name) for name in OWN_COLUMNS},
        )
        for n, activity in enumerate(document.activities)
    ]
    await Activity.bulk_create(
        rows,
        on_conflict=["year_id", "code"],
        update_fields=["till_id", "weekdays", "on_days", "position", *OWN_COLUMNS],
    )
    ids = {row.code: row.id for row in await Activity.filter(year_id=year.id)}
    new["activities"] += len(ids) - before
    activities = {activity.code: ids[activity.code] for activity in document.activities}
    await _slots(document, activities)
    await _groups(document, activities)
    await _deadlines(document, activities)
    await _tariffs(document, activities)
    return await _shelf(activities)


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


async def _slots(document: Document, ids: dict[str, int]) -> None:
    rows = [
        Slot(activity_id=ids[activity.code], position=n, **vars(slot))
        for activity in document.activities
        for n, slot in enumerate(activity.slots)
    ]
    columns = ["name", "starts", "ends", "care_part", "position"]
    await Slot.bulk_create(rows, on_conflict=["activity_id", "code"], update_fields=columns)


async def _groups(document: Document, ids: dict[str, int]) -> None:
    def codes(value: tuple[str, ...] | None) -> list[str] | None:
        return None if value is None else list(value)

    rows = [
        Group(
            activity_id=ids[activity.code],
            code=group.code,
            name=group.name,
            levels=codes(group.levels),
            schools=codes(group.schools),
            places=group.places,
            position=n,
        )
        for activity in document.activities
        for n, group in enumerate(activity.groups)
    ]
    columns = ["name", "levels", "schools", "places", "position"]
    await Group.bulk_create(rows, on_conflict=["activity_id", "code"], update_fields=columns)


async def _deadlines(document: Document, ids: dict[str, int]) -> None:
    """They have no code of their own: the file's list replaces the activity's."""
    rows = [
        Deadline(activity_id=ids[activity.code], action=action, position=n, rule=rule)
        for activity in document.activities
        for action, rules in (("book", activity.book), ("cancel", activity.cancel))
        for n, rule in enumerate(rules)
    ]
    await Deadline.filter(activity_id__in=list(ids.values())).delete()
    await Deadline.bulk_create(rows)


async def _tariffs(document: Document, ids: dict[str, int]) -> None:
    for activity in document.activities:
        await _price_list(ids[activity.code], activity.tariffs)


async def _price_list(activity: int, said: Sequence[doc.Tariff]) -> None:
    """The file's list is the one in force. A tariff that says the same keeps its id, also one that comes back.

    One that says something else is another tariff: what was bought at the former still names it, out of force.
    """
    rows = await Tariff.filter(activity_id=activity).order_by("id")
    bands = await Band.filter(tariff__activity_id=activity).order_by("position")
    there = {_kept(row, [band for band in bands if band.tariff_id == row.id]): row for row in rows}
    in_force = {position: row.id for row in rows if (position := row.position) is not None}
    wanted = {n: there.get(_said(tariff)) for n, tariff in enumerate(said)}
    if in_force == {n: row and row.id for n, row in wanted.items()}:
        return
    await Tariff.filter(activity_id=activity).update(position=None)
    for n, tariff in enumerate(said):
        await _put(activity, n, tariff, wanted[n])
    await _drop_unused(activity)


async def _put(activity: int, position: int, said: doc.Tariff, row: Tariff | None) -> None:
    if row is not None:
        await Tariff.filter(id=row.id).update(position=position)
        return
    columns = {name: getattr(said, name) for name in TARIFF_COLUMNS}
    new = await Tariff.create(activity_id=activity, position=position, slot_code=said.slot, **columns)
    await Band.bulk_create(
        Band(tariff_id=new.id, position=n, up_to=band.up_to, cents=band.amount)
        for n, band in enumerate(said.bands)
    )


async def _drop_unused(activity: int) -> None:
    """Out of force, and nothing was bought at them. A draft asks for its price again."""
    over = Tariff.filter(activity_id=activity, position=None, bookings__id=None, order_lines__id=None)
    await Tariff.filter(id__in=await over.values_list("id", flat=True)).delete()


def _kept(row: Tariff, bands: Sequence[Band]) -> Hashable:
    steps = tuple((band.up_to, band.cents) for band in bands)
    return row.slot_code, *(getattr(row, name) for name in TARIFF_COLUMNS), steps


def _said(tariff: doc.Tariff) -> Hashable:
    steps = tuple((band.up_to, band.amount) for band in tariff.bands)
    return tariff.slot, *(getattr(tariff, name) for name in TARIFF_COLUMNS), steps


async def _shelf(activities: dict[str, int]) -> Shelf:
    codes = {id: code for code, id in activities.items()}
    slots = await Slot.filter(activity_id__in=list(codes))
    groups = await Group.filter(activity_id__in=list(codes))
    return Shelf(
        activities=activities,
        slots={(codes[row.activity_id], row.code): row.id for row in slots},
        groups={(codes[row.activity_id], row.code): row.id for row in groups},
    )
