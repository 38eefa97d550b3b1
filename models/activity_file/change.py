"""An activity is changed: checked as the commune file is, nothing broken that was not read and confirmed first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.activities import catalogue
from models.activities.activity import Activity as ActivityRow
from models.activities.definition import codec, openings, reader, writer
from models.activities.definition.mistake import Mistake
from models.activity_file.definition import Definition, bounds_of, calendar_of, flaws, read, write_closures
from models.activity_file.giving_back import give_back
from models.activity_file.impact import Impact, impact_of
from models.activity_file.removal import hindrances, take_away
from models.bookings import redefinition
from models.commune.school_year import SchoolYear
from models.commune.till import Till
from models.families.family import Family
from models.storage.database import retrying, transaction
from models.work.audit_log import Event


class ChangedMeanwhile(Exception):
    """Somebody else changed the activity after it was read."""


class Mistaken(Exception):
    """It cannot be so; `mistakes` say why."""

    def __init__(self, found: Sequence[Mistake]) -> None:
        super().__init__(*found)
        self.mistakes = list(found)


class BilledOtherwise(Exception):
    """Days are booked and billed as they were then."""


class Breaks(Exception):
    """It does something to booked days that nobody has confirmed, or that cannot be done yet."""

    def __init__(self, impact: Impact) -> None:
        super().__init__(len(impact.lost), len(impact.overruns))
        self.impact = impact


@dataclass(frozen=True, slots=True)
class Asked:
    """`seen` is the mark of the definition that was read, `confirmed` that of the impact that was read."""

    activity: int
    wanted: Definition
    seen: str
    member: int
    confirmed: str = ""
    reason: str = ""  # told to the families whose days are closed

    @property
    def actor(self) -> str:
        return f"member:{self.member}"


async def change(asked: Asked, now: datetime) -> Impact:
    """What it did to booked days. Raises ChangedMeanwhile, Mistaken, BilledOtherwise, Breaks; then nothing is done."""
    before = await read(asked.activity)
    if before.mark != asked.seen:
        raise ChangedMeanwhile
    impact = await check(asked.activity, asked.wanted, now)
    if impact and (impact.stands_in_the_way or impact.mark != asked.confirmed):
        raise Breaks(impact)
    key = f"{asked.activity}:{asked.wanted.mark}:{asked.confirmed}"
    await give_back(asked.activity, impact.given_back, asked.reason, key, asked.member, now)
    await retrying(lambda: _write(asked, now))
    return impact


async def check(activity: int, wanted: Definition, now: datetime, *, foresee: bool = True) -> Impact:
    """What it would do to booked days; `foresee`: and what it would book. Raises Mistaken, BilledOtherwise."""
    row = await ActivityRow.get(id=activity)
    year = await SchoolYear.get(id=row.year_id)
    if found := await hindrances(activity, await reader.describe(activity), wanted.said):
        raise Mistaken(found)
    if found := flaws(wanted.said, await bounds_of(year)):
        raise Mistaken(found)
    if await redefinition.bills_otherwise(wanted.said, row):
        raise BilledOtherwise
    return await impact_of(activity, wanted, now, foresee=foresee)


async def _write(asked: Asked, now: datetime) -> None:
    async with transaction():
        await Family.lock_all()  # nobody books what is being closed, and openings come after families
        before, wanted = await read(asked.activity), asked.wanted
        if before.mark != asked.seen:
            raise ChangedMeanwhile
        impact = await check(asked.activity, wanted, now, foresee=False)
        if impact.lost:
            raise Breaks(impact)  # booked meanwhile
        if before == wanted:
            return
        row = await ActivityRow.get(id=asked.activity)
        year = await SchoolYear.get(id=row.year_id)
        written = await writer.write(wanted.said, year.id, await till_of(wanted, row.till_id), row.position)
        await write_closures(wanted, year)
        await openings.lay_out(wanted.said, written, await calendar_of(wanted, year), now, asked.actor)
        await take_away(asked.activity, before.said, wanted.said)
        was, became = codec.difference(before.encoded, wanted.encoded)
        about = f"activity:{asked.activity}"
        await Event.note(now, asked.actor, "activity.changed", about, before=was, after=became)
        await catalogue.read()  # what no page could draw is not kept


async def till_of(wanted: Definition, usual: int | None = None) -> int:
    """The id of its till; `usual` where it names none."""
    if wanted.said.till is not None:
        return (await Till.get(code=wanted.said.till)).id
    return usual or (await Till.all().order_by("position", "id").first() or await Till.get()).id
