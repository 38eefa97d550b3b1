"""« Séparer le foyer »: one parent leaves with a file of their own; each child goes along, or lives in both homes.

The file that was there keeps what has happened. The new one begins with nothing: a number, a letter of first
connection, a cart and an account. What of the days to come is the other home's from now on, whoever does it chooses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import partial

from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.waiting_list import free_places
from models.families.aid import Aid
from models.families.child import Child, Home
from models.families.enrolment import Enrolment
from models.families.enrolment_wait import EnrolmentWait
from models.families.family import Family
from models.families.guardian import Guardian
from models.family_file import writer
from models.family_file.creating import NewGuardian, made_with, write_guardian
from models.households import days, people
from models.households.days import Desk
from models.households.obstacles import Obstacle, in_the_way
from models.rules.families.enrolling import WaitState
from models.rules.families.homes import other_weeks, weeks_of
from models.rules.families.numbers import next_number
from models.rules.states.notices import NoticeKind
from models.storage.database import retrying, transaction
from models.work.audit_log import Event
from models.work.notice import Notice


class Choice(StrEnum):
    """What becomes of days to come that are the new home's from now on."""

    CANCEL = "cancel"  # given back, an avoir of the old home
    MOVE = "move"  # the new home has them, and owes them
    KEEP = "keep"  # the old home has them still; not of a child that goes along


class CannotPart(Exception):
    """`obstacles`: why; none where somebody named is not of the family, or nobody would be left."""

    def __init__(self, found: list[Obstacle]) -> None:
        super().__init__(", ".join(one.code for one in found))
        self.obstacles = found


@dataclass(frozen=True, slots=True)
class Parting:
    """`weeks`: of each child that is not only the old home's, when it is with who leaves: all, even or odd."""

    family: int
    guardian: int
    weeks: Mapping[int, str]
    choice: Choice
    click: str  # the form's own: sent twice, it makes one family


async def days_of(asked: Parting, today: date) -> list[Booking]:
    """Those to come that are the new home's from now on."""
    found = await days.coming(asked.family, asked.weeks, today)
    return [row for row in found if asked.weeks[row.child_id] in ("all", weeks_of(row.day))]


async def part(asked: Parting, member: int, now: datetime) -> int:
    """The new family's id. Raises CannotPart, and nothing is changed."""
    done: list[int] = []
    await retrying(partial(_part, asked, Desk(f"member:{member}", f"part:{asked.click}"[:64], now), done))
    return done[-1]


async def _part(asked: Parting, desk: Desk, done: list[int]) -> bool:
    homes = await people.other_homes([asked.family])
    async with transaction():
        await Family.lock(asked.family, *homes)
        known = await made_with(asked.click)
        if known is not None:
            done.append(known)
            return False
        await _check(asked, desk.now.date())
        family = await _new_file(asked)
        done.append(family.id)
        moved = await days_of(asked, desk.now.date())
        enrolments = await _move_children(asked, family.id, desk)
        await _settle(asked, family.id, moved, enrolments, desk)
        await _note(asked, family, len(moved), desk)
        await _say(asked, family.id, len(moved), desk.now)
    return True


async def _check(asked: Parting, today: date) -> None:
    found = await in_the_way(asked.family, today)
    people_there = {row.id for row in await Guardian.filter(family_id=asked.family, blocked_at=None)}
    children = {row.child_id for row in await Home.filter(family_id=asked.family, weeks="all")}
    if (
        found
        or asked.guardian not in people_there
        or len(people_there) < 2
        or not set(asked.weeks) <= children
    ):
        raise CannotPart(found)


async def _new_file(asked: Parting) -> Family:
    """Who leaves is written anew: what they did in the old file is that file's."""
    old, left = await Family.get(id=asked.family), await Guardian.get(id=asked.guardian)
    numbers = await Family.all().values_list("number", flat=True)
    family = await Family.create(
        number=next_number(map(str, numbers)), category=old.category, click=asked.click
    )
    said = NewGuardian(
        left.first_name, left.last_name, left.email, left.phone, left.home_phone, left.work_phone
    )
    await write_guardian(family.id, said, 0)
    return family


async def _move_children(asked: Parting, family: int, desk: Desk) -> people.Enrolments:
    """Their homes and enrolments; a child that goes along leaves the old file, and the journal says so."""
    today, found = desk.now.date(), {}
    for n, (child, weeks) in enumerate(asked.weeks.items()):
        old = Home.filter(child_id=child, family_id=asked.family)
        if weeks == "all":
            await old.update(family_id=family, position=n, weeks="all")
            await Event.note(desk.now, desk.actor, "child.left", f"child:{child}", asked.family)
            await Aid.end_by(today, family_id=asked.family, child_id=child)
            waits = EnrolmentWait.filter(family_id=asked.family, child_id=child, state=WaitState.WAITING)
            await waits.update(state=WaitState.LEFT, ended_at=desk.now)
        else:
            await old.update(weeks=other_weeks(weeks))
            await writer.write_homes([Home(child_id=child, family_id=family, weeks=weeks, position=n)])
        for row in await Enrolment.filter(child_id=child, family_id=asked.family, end__gte=today):
            found[child, row.activity_id] = await _enrol_there(row, family, today)
            if weeks == "all":
                await Enrolment.filter(id=row.id).update(end=today, start=min(row.start, today))
    return found


async def _enrol_there(row: Enrolment, family: int, today: date) -> Enrolment:
    made = Enrolment(
        child_id=row.child_id,
        family_id=family,
        activity_id=row.activity_id,
        group_id=row.group_id,
        category=row.category,
        start=max(row.start, today),
        end=row.end,
        position=row.position,
    )
    await writer.write_enrolments([made])
    return await Enrolment.get(child_id=row.child_id, family_id=family, activity_id=row.activity_id)


async def _settle(
    asked: Parting, family: int, moved: list[Booking], enrolments: people.Enrolments, desk: Desk
) -> None:
    """The days to come, as was chosen; a child that goes along has none with the old home."""
    kept = asked.choice == Choice.KEEP
    gone = [row for row in moved if not kept or asked.weeks[row.child_id] == "all"]
    await days.give_back(asked.family, gone, desk)
    if asked.choice == Choice.CANCEL:
        await free_places([row.opening_id for row in gone])
    else:
        await days.book(family, gone, {child: child for child in asked.weeks}, enrolments, desk)
    for line in await CartLine.filter(family_id=asked.family, child_id__in=list(asked.weeks)):
        if asked.weeks[line.child_id] in ("all", weeks_of(line.day)):
            await CartLine.filter(id=line.id).delete()


async def _note(asked: Parting, family: Family, moved: int, desk: Desk) -> None:
    left = await Guardian.get(id=asked.guardian)
    children = [row.first_name for row in await Child.filter(id__in=list(asked.weeks)).order_by("id")]
    await people.shut_out(left, desk.now)
    await Event.note(
        desk.now,
        desk.actor,
        "family.parted",
        f"family:{asked.family}",
        asked.family,
        number=family.number,
        days=moved,
    )
    await Event.note(
        desk.now, desk.actor, "family.created", f"family:{family.id}", family.id, number=family.number,
        guardians=[left.name], children=children,
    )  # fmt: skip


async def _say(asked: Parting, family: int, moved: int, now: datetime) -> None:
    """To each home what is theirs now; of days to come only where some of them changed."""
    days = str(asked.choice) if moved else ""
    for home in (asked.family, family):
        about, key = f"family:{family}", f"{family}:{home}"
        await Notice.say(NoticeKind.HOME_PARTED, home, about, now, key, days=days, old=asked.family)
