"""The days that can be booked: laid out from the file, unless that would close a day somebody has booked."""

from collections import Counter
from datetime import date, datetime

from tortoise.expressions import F

from models.activities.opening import Opening
from models.bookings.booking import LIVE, Booking
from models.commune.school_calendar import school_calendar, subdivision_of
from models.commune.school_year import Closure, SchoolYear
from models.commune_file.document import Activity, Document
from models.commune_file.load_activities import Shelf
from models.families.child import Schooling
from models.french import quoted
from models.rules.calendar import Kind, SchoolCalendar, Timetable, day_of, open_days
from models.work.audit_log import Event

BATCH = 500
ACTOR = "command"


async def calendar_of(document: Document, year: SchoolYear) -> SchoolCalendar:
    closures = await Closure.filter(year_id=year.id).order_by("start")
    return school_calendar(document.commune.zone, year, closures, subdivision_of(document.commune.insee))


async def broken(document: Document, year: SchoolYear, shelf: Shelf) -> list[str]:
    """Why the file cannot be applied: live bookings it would leave without their day, slot or group."""
    calendar = await calendar_of(document, year)
    schools = dict(await Schooling.filter(year_id=year.id).values_list("child_id", "school__code"))
    found: Counter[str] = Counter()
    for activity in document.activities:
        live = Booking.filter(state__in=LIVE, slot__activity_id=shelf.activities[activity.code])
        for child, slot, group, day in await live.values_list(
            "child_id", "slot__code", "opening__group__code", "day"
        ):
            reason = _why(calendar, activity, slot, group, day, schools.get(child))
            if reason:
                found[reason] += 1
    return [f"{reason} ({n}\u00a0réservation{'s' if n > 1 else ''})." for reason, n in sorted(found.items())]


def _why(
    calendar: SchoolCalendar, activity: Activity, slot: str, group: str, day: date, school: str | None
) -> str | None:
    name = quoted(activity.name)
    if slot not in [row.code for row in activity.slots]:
        return f"{name}\u00a0: l’élément {quoted(slot)} n’est plus dans le fichier, mais il est réservé"
    if group not in [row.code for row in activity.groups]:
        return f"{name}\u00a0: le groupe {quoted(group)} n’est plus dans le fichier, mais il est réservé"
    if day_of(calendar, timetable(activity), school, day).kind is not Kind.open:
        return f"{name}\u00a0: le fichier ferme le {day:%d/%m/%Y}, qui est réservé"
    return None


async def lay_out(
    document: Document, year: SchoolYear, shelf: Shelf, new: Counter[str], flags: list[str], now: datetime
) -> None:
    """Make the openings of every slot and group; a closure of some schools leaves them to the others."""
    calendar = await calendar_of(document, year)
    before = await Opening.all().count()
    for activity in document.activities:
        days = list(open_days(calendar, timetable(activity), None, activity.opens, activity.closes))
        slots = [shelf.slots[activity.code, slot.code] for slot in activity.slots]
        groups = {shelf.groups[activity.code, group.code]: group for group in activity.groups}
        await _withdraw(shelf.activities[activity.code], set(slots), set(groups), set(days))
        for id, group in groups.items():
            if group.places is not None:
                await _overrun(activity, slots, id, group.places, flags, now)
            await Opening.lay_out(slots, id, group.places, days)
        flags += _left_over(activity, shelf)
    new["openings"] += max(0, await Opening.all().count() - before)


def timetable(activity: Activity) -> Timetable:
    return Timetable(
        activity.code,
        frozenset(activity.weekdays),
        activity.opens,
        activity.closes,
        activity.on,  # type: ignore[arg-type]
    )


async def _withdraw(activity: int, slots: set[int], groups: set[int], days: set[date]) -> None:
    """Openings that are open no more. One that was booked once stays, for its history, without places."""
    rows = await Opening.filter(slot__activity_id=activity).values_list("id", "slot_id", "group_id", "day")
    stale = [
        id for id, slot, group, day in rows if slot not in slots or group not in groups or day not in days
    ]
    for n in range(0, len(stale), BATCH):
        some = stale[n : n + BATCH]
        booked = set(await Booking.filter(opening_id__in=some).values_list("opening_id", flat=True))
        await Opening.filter(id__in=[id for id in some if id not in booked]).delete()
        await Opening.filter(id__in=list(booked), taken=0).update(places=0)


async def _overrun(
    activity: Activity, slots: list[int], group: int, places: int, flags: list[str], now: datetime
) -> None:
    """Fewer places than are taken: nobody loses a place, the mairie is told, and no further one is let in."""
    mine = Opening.filter(slot_id__in=slots, group_id=group)
    await mine.filter(overrun__gt=0, taken__lte=places).update(overrun=0, overrun_by=None)
    full = mine.filter(taken__gt=places)
    for id, day, taken in await full.order_by("day", "id").values_list("id", "day", "taken"):
        flags.append(f"{quoted(activity.name)}, {day:%d/%m/%Y}\u00a0: {taken} places prises sur {places}.")
        await Event.note(now, ACTOR, "opening.overrun", f"opening:{id}", overrun=taken - places)
    await full.update(overrun=F("taken") - places, overrun_by=ACTOR)


def _left_over(activity: Activity, shelf: Shelf) -> list[str]:
    """What the database holds and the file does not say: kept, but it can be booked no more."""
    said = {slot.code for slot in activity.slots} | {group.code for group in activity.groups}
    held = [code for owner, code in (*shelf.slots, *shelf.groups) if owner == activity.code]
    return [
        f"{quoted(activity.name)}\u00a0: {quoted(code)} n’est plus dans le fichier\u00a0; gardé, sans jours."
        for code in held
        if code and code not in said
    ]
