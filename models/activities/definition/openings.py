"""The days on which an activity can be booked, laid out as it is described."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_hex
from typing import Literal

from tortoise.expressions import F

from models.activities.definition.description import Activity
from models.activities.definition.writer import Written
from models.activities.opening import Opening
from models.rules.booking import DEFAULT
from models.rules.calendar import Kind, SchoolCalendar, Timetable, day_of, open_days
from models.work.audit_log import Event
from models.work.task import Task

BATCH = 500
Part = Literal["slot", "group", "day"]  # of a booked day


@dataclass(frozen=True, slots=True)
class Overrun:
    """More places are taken on a day than the group has now."""

    day: date
    taken: int
    places: int


def timetable(said: Activity) -> Timetable:
    return Timetable(
        said.code,
        frozenset(said.weekdays),
        said.opens,
        said.closes,
        said.on,  # type: ignore[arg-type]
    )


def lost(
    said: Activity, calendar: SchoolCalendar, slot: str, group: str, day: date, school: str | None
) -> Part | None:
    """What a booked day would lose if the activity were written so. Slot and group by their codes."""
    slots = {row.code: row.closes for row in said.slots}
    groups = {row.code: row.closes for row in said.groups}
    if slot not in slots or day > (slots[slot] or day):
        return "slot"
    if group not in groups or day > (groups[group] or day):
        return "group"
    return None if day_of(calendar, timetable(said), school, day).kind is Kind.open else "day"


async def lay_out(
    said: Activity, written: Written, calendar: SchoolCalendar, now: datetime, actor: str
) -> list[Overrun]:
    """Make the openings of every slot and group; a closure of some schools leaves them to the others.

    Nobody loses a place: where more are taken than there are, it is told, and no further one is let in.
    """
    days = list(open_days(calendar, timetable(said), None, said.opens, said.closes))
    slots = {written.slots[slot.code]: slot.closes or said.closes for slot in said.slots}
    groups = {written.groups[group.code]: group for group in said.groups}
    lasts = {id: group.closes or said.closes for id, group in groups.items()}
    await _withdraw(written.id, slots, lasts, set(days))
    found: list[Overrun] = []
    for id, group in groups.items():
        if group.places is not None:
            found += await _overrun(list(slots), id, group.places, now, actor)
        for last in sorted(set(slots.values())):
            mine = [slot for slot, closes in slots.items() if closes == last]
            await Opening.lay_out(
                mine, id, group.places, [day for day in days if day <= min(last, lasts[id])]
            )
    if said.presence == DEFAULT:  # its new days, or all of them
        await Task.later("book_activity_by_default", written.id, token_hex(8))
    return found


async def _withdraw(
    activity: int, slots: Mapping[int, date], groups: Mapping[int, date], days: set[date]
) -> None:
    """Openings that are open no more; `slots` and `groups` with their last days.

    One that was booked once stays, for its history, without places.
    """
    rows = await Opening.filter(slot__activity_id=activity).values_list("id", "slot_id", "group_id", "day")
    stale = [
        id
        for id, slot, group, day in rows
        if slot not in slots
        or group not in groups
        or day not in days
        or day > min(slots[slot], groups[group])
    ]
    for n in range(0, len(stale), BATCH):
        some = Opening.filter(id__in=stale[n : n + BATCH])
        never_booked = await some.filter(bookings__id=None).values_list("id", flat=True)
        await Opening.filter(id__in=never_booked).delete()
        await some.filter(taken=0).update(places=0)


async def _overrun(slots: list[int], group: int, places: int, now: datetime, actor: str) -> list[Overrun]:
    mine = Opening.filter(slot_id__in=slots, group_id=group)
    await mine.filter(overrun__gt=0, taken__lte=places).update(overrun=0, overrun_by=None)
    full, found = mine.filter(taken__gt=places), []
    for id, day, taken in await full.order_by("day", "id").values_list("id", "day", "taken"):
        found.append(Overrun(day, taken, places))
        await Event.note(now, actor, "opening.overrun", f"opening:{id}", overrun=taken - places)
    await full.update(overrun=F("taken") - places, overrun_by=actor)
    return found
