"""Words of the roll call are noted: the latest stands, whichever tablet said it and whenever it arrived."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from models.activities.catalogue import Catalogue
from models.activities.opening import Opening
from models.bookings.booking import Booking
from models.bookings.roll import settling
from models.bookings.roll.attendance import Attendance
from models.families.family import Family
from models.rules.booking import BookingState
from models.rules.deadlines import PARIS
from models.rules.roll.words import About, Called, after
from models.rules.states.attendance import AttendanceState
from models.storage.database import as_date, marks, retrying, rows, transaction
from models.work.audit_log import Event

Cell = tuple[int, int, date]  # child, slot, day


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody said of a child, and when. « proved_on » is a day, and the mairie's alone to say."""

    child: int
    slot: int
    day: date
    about: About | str
    value: str
    at: datetime

    @property
    def cell(self) -> Cell:
        return self.child, self.slot, self.day


@dataclass
class Noted:
    """What became of some words. A word that changes nothing, or that a later one stands against, is no refusal."""

    changed: int = 0
    closed: int = 0  # their service is over
    unknown: int = 0  # no such child on that day, a day to come, or a value that is none


@dataclass
class _Line:
    """A child's day, and what is known of it by now."""

    row: dict[str, Any]
    before: Called
    called: Called
    proved_on: date | None
    overtaken: list[Word] = field(default_factory=list)


async def note(
    catalogue: Catalogue, words: Sequence[Word], member: int, now: datetime, *, corrects: bool = False
) -> Noted:
    """All that can be noted of them, in one transaction; said again it changes nothing.

    `corrects`: this member of the mairie may still change a closed service, and note certificates.
    """
    known = [word for word in words if word.slot in catalogue.slots and word.day <= now.date()]
    if not known:
        return Noted(unknown=len(words))
    return await retrying(lambda: _note(catalogue, known, member, now, corrects, len(words) - len(known)))


async def _note(
    catalogue: Catalogue, words: Sequence[Word], member: int, now: datetime, corrects: bool, unknown: int
) -> Noted:
    reach = settling.reach_of(catalogue, {word.cell for word in words})
    async with transaction():
        await Family.lock(*await settling.families_of(reach))
        lines = await _lines({word.cell for word in words})
        told = Noted(unknown=unknown)
        for word in sorted(words, key=lambda word: word.at):
            _hear(lines.get(word.cell), word, min(word.at, now), corrects, told)
        impossible = [line for line in lines.values() if not line.called.is_possible]
        for line in impossible:
            line.called = line.before
        told.unknown += len(impossible)
        for line in lines.values():
            told.changed += await _write(line, member, now)
        if told.changed:
            await settling.settle(catalogue, reach, member, now)
    return told


def _hear(line: _Line | None, word: Word, at: datetime, corrects: bool, told: Noted) -> None:
    if line is None:
        told.unknown += 1
    elif line.row["closed"] and not corrects:
        told.closed += 1
    elif word.about == "proved_on":
        if corrects:
            line.proved_on = date.fromisoformat(word.value) if word.value else None
    else:
        _say(line, word, at, told)


def _say(line: _Line, word: Word, at: datetime, told: Noted) -> None:
    about: Any = word.about
    try:
        said = after(line.called, about, word.value, at)
    except ValueError:
        told.unknown += 1
        return
    if said is line.called and line.called.at and at < line.called.at:
        line.overtaken.append(word)
    begins = said.state == AttendanceState.ABSENT != line.called.state
    if begins and not said.reason and line.row["told"]:
        said = after(said, "reason", line.row["told"], at)
    if line.row["unbooked"] and said.state == AttendanceState.ABSENT:
        said = Called(at=said.at)  # nobody had booked it: it is simply not there
    line.called = said


async def _write(line: _Line, member: int, now: datetime) -> bool:
    """The row, and what the journal says of it: no reason, name or certificate, which are nobody's for ever."""
    row, said, actor = line.row, line.called, f"member:{member}"
    for word in line.overtaken:
        about = f"booking:{row['booking']}"
        shown = word.value if word.about in ("presence", "arrived", "departed") else ""
        await Event.note(now, actor, "roll.overtaken", about, row["family"], about=word.about, value=shown)
    proved = line.proved_on != (row["proved_on"] and as_date(row["proved_on"]))
    if not proved and _same(said, line.before):
        return False
    values: dict[str, Any] = {
        "state": said.state,
        "reason": said.reason,
        "arrived": said.arrived,
        "departed": said.departed,
        "fetched_by": said.fetched_by,
        "proved_on": line.proved_on if said.state == AttendanceState.ABSENT else None,
        "noted_by_id": member,
        "noted_at": said.at or now,
    }
    if row["attendance"] is None:
        row["attendance"] = (await Attendance.create(booking_id=row["booking"], **values)).id
    else:
        await Attendance.filter(id=row["attendance"]).update(**values)
    await say(row["attendance"], row["family"], said, member, now)
    if row["unbooked"]:
        await _follow(row, said, now)
    return True


def _same(said: Called, before: Called) -> bool:
    """Whoever says again what is known moves nothing."""
    kept = ("state", "reason", "arrived", "departed", "fetched_by")
    return all(getattr(said, name) == getattr(before, name) for name in kept)


async def say(attendance: int, family: int, called: Called, member: int, now: datetime) -> None:
    """The journal's word of a child: the last one is what the roll call says."""
    await Event.note(
        now, f"member:{member}", "roll.noted", f"attendance:{attendance}", family,
        state=called.state, arrived=called.arrived, departed=called.departed,
    )  # fmt: skip


async def _follow(row: dict[str, Any], said: Called, now: datetime) -> None:
    """A place that was made at the door is there as long as the child is."""
    if said.state == AttendanceState.PRESENT:
        return
    gone = {"changed_at": now, "billed": False}
    if await Booking.move(row["booking"], BookingState.CONFIRMED, BookingState.CANCELLED, **gone):
        await Opening.give_back([row["opening"]])


async def _lines(cells: set[Cell]) -> dict[Cell, _Line]:
    children, slots, days = (sorted({cell[n] for cell in cells}) for n in range(3))
    question = _LINES.format(children=marks(children), slots=marks(slots), days=marks(days))
    found = {}
    for row in await rows(question, [*children, *slots, *days]):
        cell = (row["child"], row["slot"], as_date(row["day"]))
        if cell in cells:
            called = _called(row)
            found[cell] = _Line(row, called, called, row["proved_on"] and as_date(row["proved_on"]))
    return found


def _called(row: dict[str, Any]) -> Called:
    if row["state"] is None:
        return Called()
    at = row["noted_at"]
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    same = (row["reason"], row["arrived"], row["departed"], row["fetched_by"])
    return Called(AttendanceState(row["state"]), *same, moment.astimezone(PARIS))


_LINES = f"""
SELECT booking.id AS booking, booking.child_id AS child, booking.slot_id AS slot, booking.day,
  booking.family_id AS family, booking.opening_id AS opening, attendance.id AS attendance, attendance.state,
  attendance.reason, attendance.arrived, attendance.departed, attendance.fetched_by, attendance.proved_on,
  attendance.noted_at, COALESCE(attendance.unbooked, FALSE) AS unbooked, COALESCE(absence.reason, '') AS told,
  roll_closing.id IS NOT NULL AS closed
FROM booking LEFT JOIN attendance ON attendance.booking_id = booking.id
LEFT JOIN absence ON absence.booking_id = booking.id
LEFT JOIN roll_closing ON roll_closing.opening_id = booking.opening_id
WHERE booking.child_id IN ({{children}}) AND booking.slot_id IN ({{slots}}) AND booking.day IN ({{days}})
  AND booking.state = '{BookingState.CONFIRMED}' ORDER BY booking.id
"""  # noqa: S608
