"""A family that comes to the mairie: its file, its parents, its children with their classes and activities, at once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from tortoise.exceptions import IntegrityError

from models.activities.catalogue import Catalogue, current_catalogue
from models.families.child import Child, Home, Schooling
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.guardian import Guardian
from models.families.quotient import Quotient
from models.family_file import checks, writer
from models.rules.families import namesakes
from models.rules.families.namesakes import Known
from models.rules.families.numbers import next_number
from models.storage.database import as_date, marks, retrying, rows, transaction
from models.storage.paging import Where
from models.work.audit_log import Event

TRIES = 5  # two families that are made at the same moment want the same number
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is read as something else
LETTERS = 9  # 44 bits


@dataclass(frozen=True, slots=True)
class NewGuardian:
    first_name: str
    last_name: str
    email: str
    phone: str | None
    home_phone: str | None = None
    work_phone: str | None = None


@dataclass(frozen=True, slots=True)
class NewChild:
    first_name: str
    last_name: str
    born: date
    school: int | None  # none of both: an adult
    level: str | None
    activities: tuple[int, ...] = ()
    sex: str = ""  # of rules.families.household.SEXES

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class NewFamily:
    """`click` is the form's own: sent twice, it makes one family."""

    click: str
    guardians: tuple[NewGuardian, ...]
    children: tuple[NewChild, ...]
    address: str = ""
    category: str | None = None
    quotient: tuple[int, date] | None = None  # whole euros, from a day on


async def likenesses(children: Sequence[NewChild], emails: Sequence[str]) -> list[Known]:
    """Whoever is there already and may be one of these. Two questions."""
    return namesakes.likenesses(
        [(child.name, child.born) for child in children],
        emails,
        [*await _born(children), *await _parents(emails)],
    )


async def _born(children: Sequence[NewChild]) -> list[Known]:
    days = sorted({child.born for child in children})
    return [
        Known(row["family_id"], row["number"], row["name"], born=as_date(row["born"]), sex=row["sex"])
        for row in await rows(_BORN.format(marks=marks(days)), days)
    ]


async def _parents(emails: Sequence[str]) -> list[Known]:
    found: list[Known] = []
    for email in dict.fromkeys(filter(None, emails)):
        where = Where().containing(email, "guardian.email")
        for row in await rows(f"{_PARENTS} WHERE {where.sql}", where.values):
            found.append(Known(row["family_id"], row["number"], row["name"], email=row["email"]))
    return found


async def create(said: NewFamily, year: int | None, member: int, now: datetime) -> int:
    """The new family's id; `year` is the school year of the classes. Raises CannotEnrol."""
    catalogue = await current_catalogue()
    groups = {n: groups_of(catalogue, child, said.category) for n, child in enumerate(said.children)}
    work = partial(_create, catalogue, said, groups, year, member, now)
    for attempt in range(1, TRIES + 1):
        try:
            return await retrying(work)
        except IntegrityError:
            if attempt == TRIES:
                raise
    raise AssertionError("unreachable")


async def made_with(click: str) -> int | None:
    """The family that this form made already."""
    known = await Family.get_or_none(click=click)
    return known.id if known else None


async def _create(
    catalogue: Catalogue,
    said: NewFamily,
    groups: dict[int, dict[int, int]],
    year: int | None,
    member: int,
    now: datetime,
) -> int:
    async with transaction():
        known = await made_with(said.click)
        if known is not None:
            return known
        numbers = await Family.all().values_list("number", flat=True)
        family = await Family.create(
            number=next_number(map(str, numbers)),
            category=said.category,
            address=said.address,
            click=said.click,
        )
        for n, guardian in enumerate(said.guardians):
            await write_guardian(family.id, guardian, n)
        for n, child in enumerate(said.children):
            await write_child(catalogue, family.id, child, groups[n], year, n, now)
        if said.quotient:
            value, start = said.quotient
            await Quotient.create(family_id=family.id, value=value, start=start)
        await Event.note(
            now, f"member:{member}", "family.created", f"family:{family.id}", family.id,
            number=family.number,
            guardians=[f"{one.first_name} {one.last_name}" for one in said.guardians],
            children=[child.name for child in said.children],
        )  # fmt: skip
        return family.id


def groups_of(catalogue: Catalogue, child: NewChild, category: str | None) -> dict[int, int]:
    """By activity, the group that the child would be in. Raises CannotEnrol."""
    return {
        id: checks.group_of(catalogue, catalogue.activities[id], child.level, child.school, category).id
        for id in child.activities
    }


async def write_guardian(family: int, said: NewGuardian, position: int) -> Guardian:
    """With a user name that nobody guesses: the letter of the first connection brings it."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))
    return await Guardian.create(
        family_id=family,
        first_name=said.first_name,
        last_name=said.last_name,
        email=said.email,
        phone=said.phone,
        home_phone=said.home_phone,
        work_phone=said.work_phone,
        username=letters,
        position=position,
    )


async def write_child(
    catalogue: Catalogue,
    family: int,
    said: NewChild,
    groups: dict[int, int],
    year: int | None,
    position: int,
    now: datetime,
) -> Child:
    """`groups`: by activity, the one that it is enrolled in."""
    child = await Child.create(
        first_name=said.first_name, last_name=said.last_name, born=said.born, sex=said.sex
    )
    await writer.write_homes([Home(child_id=child.id, family_id=family, position=position)])
    if year and said.school and said.level:
        row = Schooling(child_id=child.id, year_id=year, school_id=said.school, level=said.level)
        await writer.write_schoolings([row])
    enrolled = []
    for n, (activity, group) in enumerate(groups.items()):
        days = catalogue.activities[activity].timetable
        enrolled.append(
            Enrolment(
                child_id=child.id,
                family_id=family,
                activity_id=activity,
                group_id=group,
                start=max(days.opens, now.date()),
                end=days.closes,
                position=n,
            )
        )
    await writer.write_enrolments(enrolled)
    return child


_BORN = """
SELECT home.family_id, family.number, child.first_name || ' ' || child.last_name AS name, child.born, child.sex
FROM child JOIN home ON home.child_id = child.id JOIN family ON family.id = home.family_id
WHERE child.born IN ({marks}) AND family.id NOT IN (SELECT family_id FROM family_merge) ORDER BY family.id, child.id
"""
_PARENTS = """
SELECT guardian.family_id, family.number, guardian.first_name || ' ' || guardian.last_name AS name, guardian.email
FROM guardian JOIN family ON family.id = guardian.family_id
  AND family.id NOT IN (SELECT family_id FROM family_merge)"""
