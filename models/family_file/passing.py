"""A school year turns: children go up to a class of the next one, those of the last class leave; undone as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from models.activities.catalogue import Catalogue, current_catalogue
from models.commune.school_year import SchoolYear
from models.families.child import Home, Schooling
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.file.passage import Passage, PassedChild, PassedEnrolment
from models.family_file import classes
from models.rules.booking import LIVE
from models.rules.families.enrolling import WaitState
from models.storage.database import marks, retrying, rows, sql_list, transaction
from models.storage.paging import Cut, Listing, Name, Page, Where
from models.work.audit_log import Event


@dataclass(frozen=True, slots=True)
class Turn:
    """`up`: by school and level of the following year, the children who go there; `click` is the form's nonce."""

    year: SchoolYear
    following: SchoolYear
    up: Mapping[tuple[int, str], Sequence[int]]
    leaving: Sequence[int]
    click: str
    member: int


@dataclass(slots=True)
class Turned:
    up: int = 0
    left: int = 0
    held: list[str] = field(default_factory=list)  # who cannot leave: days are booked after the year's end


class HeldBack(Exception):
    """Something rests on what is to be undone: a class that was changed since, an enrolment of the new year."""

    def __init__(self, children: Sequence[str]) -> None:
        super().__init__(len(children))
        self.children = list(children)


async def turn(asked: Turn, now: datetime) -> Turned:
    """Sent twice, it is done once: the second time, nobody moves."""
    done: list[Turned] = []
    await retrying(partial(_turn, asked, await current_catalogue(), now, done))
    return done[-1]


async def _turn(asked: Turn, catalogue: Catalogue, now: datetime, done: list[Turned]) -> bool:
    async with transaction():
        await Family.lock_all()
        told = Turned()
        done.append(told)
        if await Passage.exists(click=asked.click):
            return False
        asked = await _still_going(asked)
        if not (asked.leaving or any(asked.up.values())):
            return False
        row = await Passage.create(
            year_id=asked.year.id,
            following_id=asked.following.id,
            click=asked.click,
            member_id=asked.member,
            at=now,
        )
        for (school, level), children in sorted(asked.up.items()):
            if children:
                await classes.move(catalogue, children, asked.following, school, level, asked.member, now)
                await PassedChild.bulk_create(
                    PassedChild(passage_id=row.id, child_id=child, school_id=school, level=level)
                    for child in children
                )
                told.up += len(children)
        await _leave(row, asked, told, now)
    return True


async def _still_going(asked: Turn) -> Turn:
    """Without whom somebody else has moved since the page was drawn: undone, this one would take that away."""
    found = await classes.preview(asked.year.id, asked.following.id)
    here = {pupil.id for one in found for pupil in one.pupils}
    up = {place: [child for child in children if child in here] for place, children in asked.up.items()}
    return replace(asked, up=up, leaving=[child for child in asked.leaving if child in here])


async def _leave(row: Passage, asked: Turn, told: Turned, now: datetime) -> None:
    """Their enrolments end with the school year; who has days booked after it stays."""
    booked = {found["child_id"]: found["first_name"] for found in await _booked(asked.leaving, asked.year)}
    told.held += booked.values()
    going = [child for child in asked.leaving if child not in booked]
    await PassedChild.bulk_create(PassedChild(passage_id=row.id, child_id=child) for child in going)
    told.left = len(going)
    ends = asked.year.ends
    for one in await Enrolment.filter(child_id__in=going, end__gt=ends).order_by("id"):
        await PassedEnrolment.create(passage_id=row.id, enrolment_id=one.id, before=one.end)
        await Enrolment.filter(id=one.id).update(end=max(one.start, ends))
    for home in await Home.filter(child_id__in=going).order_by("family_id", "child_id"):
        await Event.note(
            now,
            f"member:{asked.member}",
            "class.left",
            f"child:{home.child_id}",
            home.family_id,
            year=asked.year.name,
        )


async def _booked(children: Sequence[int], year: SchoolYear) -> list[dict[str, Any]]:
    return await rows(_BOOKED.format(marks=marks(children)), [*children, year.ends]) if children else []


async def standing(year: int) -> list[tuple[Passage, int, int]]:
    """The passages of a school year that were not undone, the last first: how many went up, how many left."""
    found = []
    for row in await Passage.filter(year_id=year, undone_at=None).order_by("-id"):
        children = PassedChild.filter(passage_id=row.id)
        left = await children.filter(level="").count()
        found.append((row, await children.count() - left, left))
    return found


async def undo(passage: Passage, member: int, now: datetime) -> bool:
    """Every child as before. False where it was done already. Raises HeldBack, and nothing is changed."""
    return await retrying(partial(_undo, passage, member, now))


async def _undo(passage: Passage, member: int, now: datetime) -> bool:
    async with transaction():
        await Family.lock_all()
        if not await passage.close(member, now):
            return False
        held = [row["name"] for row in await rows(_RESTS, [passage.id, passage.id])]
        if held:
            raise HeldBack(held)
        children = [row.child_id for row in await PassedChild.filter(passage_id=passage.id)]
        await Schooling.filter(child_id__in=children, year_id=passage.following_id).delete()
        for ended in await PassedEnrolment.filter(passage_id=passage.id).order_by("id"):
            await Enrolment.filter(id=ended.enrolment_id).update(end=ended.before)
        for home in await Home.filter(child_id__in=children).order_by("family_id", "child_id"):
            await Event.note(now, f"member:{member}", "class.back", f"child:{home.child_id}", home.family_id)
    return True


@dataclass(frozen=True, slots=True)
class Leaver:
    id: int
    first_name: str
    last_name: str
    school: str
    family: str  # its number: the first home's
    family_id: int

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


async def leavers(cut: Cut, year: int, search: str = "") -> Page[Leaver]:
    """« Sortants »: who left at the end of this school year."""
    where = Where().and_also(_LEFT, year)
    return await _LEAVERS.page(where.containing(search, "child.first_name || ' ' || child.last_name"), cut)


_BOOKED = f"""
SELECT DISTINCT booking.child_id, child.first_name FROM booking JOIN child ON child.id = booking.child_id
WHERE booking.child_id IN ({{marks}}) AND booking.day > ? AND booking.state IN {sql_list(LIVE)}
ORDER BY child.first_name, booking.child_id
"""  # noqa: S608
# Who was given another class since, or is enrolled in something of the year to come; whose enrolment goes on again.
_RESTS = f"""
SELECT child.first_name AS name, child.id AS child
FROM passed_child JOIN passage ON passage.id = passed_child.passage_id
JOIN child ON child.id = passed_child.child_id
LEFT JOIN schooling ON schooling.child_id = child.id AND schooling.year_id = passage.following_id
WHERE passage.id = ? AND (COALESCE(schooling.level, '') <> passed_child.level
  OR COALESCE(schooling.school_id, 0) <> COALESCE(passed_child.school_id, 0)
  OR EXISTS (SELECT 1 FROM enrolment JOIN activity ON activity.id = enrolment.activity_id
    WHERE enrolment.child_id = child.id AND activity.year_id = passage.following_id
      AND NOT EXISTS (SELECT 1 FROM passed_enrolment AS ended
        WHERE ended.enrolment_id = enrolment.id AND ended.passage_id = passage.id))
  OR EXISTS (SELECT 1 FROM enrolment_wait AS wait JOIN activity ON activity.id = wait.activity_id
    WHERE wait.child_id = child.id AND wait.state = '{WaitState.WAITING}' AND activity.year_id = passage.following_id))
UNION
SELECT child.first_name AS name, child.id AS child FROM passed_enrolment AS ended
JOIN enrolment ON enrolment.id = ended.enrolment_id JOIN child ON child.id = enrolment.child_id
JOIN passage ON passage.id = ended.passage_id JOIN school_year ON school_year.id = passage.year_id
WHERE passage.id = ? AND enrolment."end" > school_year.ends AND enrolment."end" > enrolment.start
ORDER BY name, child
"""  # noqa: S608
_LEFT = """EXISTS (SELECT 1 FROM passed_child JOIN passage ON passage.id = passed_child.passage_id
  WHERE passed_child.child_id = child.id AND passed_child.level = '' AND passage.undone_at IS NULL
    AND passage.year_id = schooling.year_id) AND schooling.year_id = ?"""
_LEAVERS: Listing[Leaver] = Listing(
    columns="""child.id, child.first_name, child.last_name, school.name AS school,
  COALESCE((SELECT family.number FROM home JOIN family ON family.id = home.family_id
    WHERE home.child_id = child.id ORDER BY home.id LIMIT 1), '') AS family,
  COALESCE((SELECT home.family_id FROM home
    WHERE home.child_id = child.id ORDER BY home.id LIMIT 1), 0) AS family_id""",
    source="schooling JOIN child ON child.id = schooling.child_id JOIN school ON school.id = schooling.school_id",
    orders={"child": (Name("child.last_name"), Name("child.first_name"), "child.id")},
    row=lambda row: Leaver(**row),
)
