"""Children in their classes: some of them change, or all go up to the next school year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.activities.catalogue import Catalogue, current_catalogue
from models.commune.school_year import SchoolYear
from models.families.child import Home, Schooling
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.family_file import writer
from models.rules.families.classes import LEVELS, Next, next_class
from models.storage.database import as_date, marks, rows, transaction
from models.storage.paging import Cut, Listing, Name, Page, Where
from models.work.audit_log import Event


@dataclass(frozen=True, slots=True)
class Pupil:
    id: int
    first_name: str
    last_name: str
    born: date
    school: str
    school_id: int
    level: str
    family: str  # its number: the first home's

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class Kept:
    """An enrolment that stays in its group, because days are booked there, or because no group is for the new class."""

    child: int
    activity: str


async def page(
    cut: Cut, year: int, *, school: int | None = None, level: str = "", search: str = ""
) -> Page[Pupil]:
    where = Where().and_also("schooling.year_id = ?", year)
    if school is not None:
        where = where.and_also("schooling.school_id = ?", school)
    if level:
        where = where.and_also("schooling.level = ?", level)
    return await _LISTING.page(where.containing(search, *_SEARCHED), cut)


async def change(
    children: Sequence[int], year: SchoolYear, school: int, level: str, member: int, now: datetime
) -> list[Kept]:
    """These go to this class; done twice, it is done once. What could not follow them is told."""
    catalogue, homes = await current_catalogue(), await Home.families(children)
    async with transaction():
        await Family.lock(*homes)
        return await move(catalogue, children, year, school, level, member, now)


async def move(
    catalogue: Catalogue,
    children: Sequence[int],
    year: SchoolYear,
    school: int,
    level: str,
    member: int,
    now: datetime,
) -> list[Kept]:
    """As `change`. Call inside a transaction, after Family.lock of every home."""
    kept: list[Kept] = []
    before = {row.child_id: row for row in await Schooling.filter(child_id__in=children, year_id=year.id)}
    moved = [child for child in sorted(set(children)) if _class_of(before.get(child)) != (school, level)]
    await writer.write_schoolings(
        Schooling(child_id=child, year_id=year.id, school_id=school, level=level) for child in moved
    )
    code = catalogue.schools[school].code
    for row in await Enrolment.filter(child_id__in=moved, end__gte=now.date()).order_by("id"):
        activity = catalogue.activities[row.activity_id]
        if activity.year != year.id:
            continue
        group = activity.group_for(level, code)
        fits = group is not None and group.id == row.group_id
        if not fits and not (
            group and await writer.change_group(row.child_id, row.family_id, row.activity_id, group.id)
        ):
            kept.append(Kept(row.child_id, activity.name))
    await _note(catalogue, moved, before, year, school, level, member, now)
    return kept


async def _note(
    catalogue: Catalogue,
    moved: Sequence[int],
    before: Mapping[int, Schooling],
    year: SchoolYear,
    school: int,
    level: str,
    member: int,
    now: datetime,
) -> None:
    """In the journal of each home."""
    for home in await Home.filter(child_id__in=list(moved)).order_by("family_id", "child_id"):
        old = before.get(home.child_id)
        await Event.note(
            now, f"member:{member}", "class.changed", f"child:{home.child_id}", home.family_id, year=year.name,
            before={"class": f"{old.level}, {catalogue.schools[old.school_id].name}" if old else None},
            after={"class": f"{level}, {catalogue.schools[school].name}"},
        )  # fmt: skip


def _class_of(row: Schooling | None) -> tuple[int, str] | None:
    return (row.school_id, row.level) if row else None


@dataclass(frozen=True, slots=True)
class ClassUp:
    """A class of this year and where its children would go; `after` None: they leave, or somebody decides."""

    school: int
    school_name: str
    level: str
    after: Next | None
    pupils: tuple[Pupil, ...]  # who have no class in the next year yet, and have not left

    @property
    def leaves(self) -> bool:
        """Is it the last class of the primary school?"""
        return self.level == LEVELS[-1]


async def preview(year: int, following: int) -> list[ClassUp]:
    """Class by class, in the order of schools and levels. Two questions."""
    catalogue = await current_catalogue()
    taught = {school.id: tuple(school.levels) for school in catalogue.schools.values()}
    by_class: dict[tuple[int, str], list[Pupil]] = {}
    for row in await rows(_GOING_UP, [year, following]):
        pupil = _pupil(row)
        by_class.setdefault((pupil.school_id, pupil.level), []).append(pupil)
    found = [
        ClassUp(school, pupils[0].school, level, next_class(level, school, taught), tuple(pupils))
        for (school, level), pupils in by_class.items()
    ]
    return sorted(found, key=lambda one: (catalogue.schools[one.school].position, _rank(taught, one)))


def _rank(taught: Mapping[int, Sequence[str]], one: ClassUp) -> int:
    levels = list(taught[one.school])
    return levels.index(one.level) if one.level in levels else len(levels)


async def following(year: SchoolYear) -> SchoolYear | None:
    """The school year after this one, where the commune has it already."""
    return await SchoolYear.filter(starts__gt=year.starts).order_by("starts").first()


def _pupil(row: dict[str, Any]) -> Pupil:
    return Pupil(**{**row, "born": as_date(row["born"]), "family": row["family"] or ""})


async def pupils(ids: Sequence[int], year: int) -> list[Pupil]:
    """These, by name."""
    where = Where(f"child.id IN ({marks(ids)})", tuple(ids)).and_also("schooling.year_id = ?", year)
    return (await _LISTING.page(where, Cut("child", size=len(ids) or 1))).rows


_FAMILY = """(SELECT family.number FROM home JOIN family ON family.id = home.family_id
  WHERE home.child_id = child.id ORDER BY home.id LIMIT 1)"""
_COLUMNS = f"""child.id, child.first_name, child.last_name, child.born, school.name AS school,
  schooling.school_id, schooling.level, {_FAMILY} AS family"""
_SOURCE = (
    "schooling JOIN child ON child.id = schooling.child_id JOIN school ON school.id = schooling.school_id"
)
_SEARCHED = ("child.first_name || ' ' || child.last_name", "child.last_name || ' ' || child.first_name")
_NAMES = (Name("child.last_name"), Name("child.first_name"), "child.id")
_RANKS = " ".join(f"WHEN '{level}' THEN {n}" for n, level in enumerate(LEVELS))
_LEVEL = f"CASE schooling.level {_RANKS} ELSE {len(LEVELS)} END"
_LISTING = Listing(
    columns=_COLUMNS,
    source=_SOURCE,
    orders={
        "child": _NAMES,
        "class": ("school.position", _LEVEL, *_NAMES),
        "born": ("child.born", *_NAMES),
    },
    row=_pupil,
)
_GOING_UP = f"""
SELECT {_COLUMNS} FROM {_SOURCE} WHERE schooling.year_id = ? AND NOT EXISTS (
  SELECT 1 FROM schooling AS later WHERE later.child_id = child.id AND later.year_id = ?)
  AND NOT EXISTS (SELECT 1 FROM passed_child JOIN passage ON passage.id = passed_child.passage_id
    WHERE passed_child.child_id = child.id AND passed_child.level = '' AND passage.undone_at IS NULL
      AND passage.year_id = schooling.year_id)
ORDER BY child.last_name, child.first_name, child.id
"""  # noqa: S608
