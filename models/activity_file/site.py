"""What an activity of a school year may name, with the words that a screen shows."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.activities.definition.checks import Bounds
from models.activity_file.definition import bounds_of
from models.commune.school import School
from models.commune.school_year import SchoolYear
from models.commune.till import Till


@dataclass(frozen=True, slots=True)
class Site:
    year: SchoolYear
    bounds: Bounds
    tills: Mapping[str, str]  # names by code
    schools: Mapping[str, str]
    fresh: bool = False  # for a draft: what it names may be taken away again

    @property
    def levels(self) -> list[str]:
        """Each once, in the order of the schools."""
        return list(dict.fromkeys(level for levels in self.bounds.schools.values() for level in levels))


async def site_of(year: SchoolYear, *, fresh: bool = False) -> Site:
    tills = {row.code: row.name for row in await Till.filter(implicit=False).order_by("position")}
    schools = {row.code: row.name for row in await School.all().order_by("position")}
    return Site(year, await bounds_of(year), tills, schools, fresh)
