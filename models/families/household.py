"""A family as the planning sees it: its children with school and class, who is enrolled where, its quotients."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.activities.catalogue import ActivityFacts, Catalogue, GroupFacts
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.membership import Declined, Membership
from models.families.quotient import Quotient
from models.rules.families.enrolling import BY_PARENTS, Enrols, is_adult, takes
from models.storage.database import rows

KEPT = 1000  # families whose facts a process remembers


@dataclass(frozen=True, slots=True)
class ChildFacts:
    id: int
    first_name: str
    last_name: str
    born: date
    schools: dict[int, str]  # by school year: the school's code
    levels: dict[int, str]
    sex: str = ""  # of rules.families.household.SEXES


@dataclass(frozen=True, slots=True)
class EnrolmentFacts:
    id: int
    child: int
    activity: int
    group: int
    category: str | None
    start: date
    end: date
    left_at: datetime | None = None  # the family itself has ended it


@dataclass(frozen=True, slots=True)
class Household:
    family: int
    category: str | None
    children: tuple[ChildFacts, ...]
    enrolments: tuple[EnrolmentFacts, ...]
    members: frozenset[tuple[int, int]]  # (child, activity) whose membership is paid
    quotients: tuple[tuple[date, date | None, int], ...]
    declined: frozenset[tuple[int, int]] = frozenset()  # (child, activity): « pas cette année »

    def child(self, id: int) -> ChildFacts | None:
        return next((child for child in self.children if child.id == id), None)

    def own(self, id: int) -> ChildFacts:
        """A child that is known to be of the family. Raises LookupError."""
        child = self.child(id)
        if child is None:
            raise LookupError(id)
        return child

    def enrolment(self, child: int, activity: int) -> EnrolmentFacts | None:
        return next((e for e in self.enrolments if e.child == child and e.activity == activity), None)

    def activities(self, catalogue: Catalogue, child: int) -> list[ActivityFacts]:
        """What this child is enrolled in, in the commune's order."""
        mine = {e.activity for e in self.enrolments if e.child == child}
        return [activity for activity in catalogue.activities.values() if activity.id in mine]

    def rows(self, catalogue: Catalogue, child: int) -> list[ActivityFacts]:
        """What the planning shows for a child: its activities, and those it can join once the membership is paid.

        Not one that the parents have declined.
        """
        facts = self.child(child)
        mine = {e.activity for e in self.enrolments if e.child == child}
        return [
            activity
            for activity in catalogue.activities.values()
            if activity.id in mine
            or (
                facts
                and activity.membership_fee is not None
                and (child, activity.id) not in self.declined
                and self.could_join(facts, activity) is not None
            )
        ]

    def siblings(self, catalogue: Catalogue, child: int) -> list[ChildFacts]:
        """Brothers and sisters who have an activity in common with the child."""
        mine = {activity.id for activity in self.rows(catalogue, child)}
        others = (other for other in self.children if other.id != child)
        return [other for other in others if mine & {a.id for a in self.rows(catalogue, other.id)}]

    def settling(self, catalogue: Catalogue) -> set[int]:
        """The tills at which the family pays when it books: what it owes there is settled with the next booking."""
        booked = (activity for child in self.children for activity in self.rows(catalogue, child.id))
        return {one.till for one in booked if one.prepaid and catalogue.tills[one.till].online}

    def could_join(self, child: ChildFacts, activity: ActivityFacts) -> int | None:
        """The group the child would be in, where parents enrol their children themselves; else None."""
        level, school = child.levels.get(activity.year), child.schools.get(activity.year)
        if activity.enrolment != Enrols.ONLINE or level is None or school is None:
            return None
        group = activity.group_for(level, school)
        return group.id if group else None

    def may_join(self, child: ChildFacts, activity: ActivityFacts, now: datetime) -> bool:
        """Could it join, and has enrolling begun for this family?"""
        opens = activity.visible_at(self.category)
        return (opens is None or opens <= now) and self.could_join(child, activity) is not None

    def could_enrol(self, child: ChildFacts, activity: ActivityFacts) -> GroupFacts | None:
        """The group somebody would be in, where parents enrol or ask for it; else None. Adults too."""
        level, school = child.levels.get(activity.year), child.schools.get(activity.year)
        adult = is_adult(child.born, activity.timetable.opens)
        fits = takes(activity.kind, adult=adult, has_class=level is not None and school is not None)
        return activity.group_for(level, school) if fits and activity.enrolment in BY_PARENTS else None

    def quotient(self, day: date) -> int | None:
        """The quotient valid on the day eaten, whole euros; None when it is not known."""
        for start, end, value in self.quotients:
            if start <= day and (end is None or day <= end):
                return value
        return None

    def rank(self, child: int, activity: int, day: date) -> int:
        """1 for the eldest of the family's children enrolled in the activity on that day."""
        enrolled = {e.child for e in self.enrolments if e.activity == activity and e.start <= day <= e.end}
        births = sorted((c.born, c.id) for c in self.children if c.id in enrolled)
        return next((n for n, (_, id) in enumerate(births, start=1) if id == child), 1)

    def has_paid(self, child: int, activity: ActivityFacts) -> bool:
        """Is the membership paid, or not asked for?"""
        return activity.membership_fee is None or (child, activity.id) in self.members

    def is_asked(self, child: int, activity: ActivityFacts) -> bool:
        """Do the parents still have to say something: pay the membership, or « pas cette année »?"""
        return not self.has_paid(child, activity) and (child, activity.id) not in self.declined

    @classmethod
    async def of(cls, catalogue: Catalogue, family: Family) -> "Household":
        """As this process read it last, if nothing changed since: what a page or a tick is drawn from.

        The checkout decides about money and always reads.
        """
        kept = catalogue.households.get(family.id)
        if kept is None or kept[0] != family.facts:
            if len(catalogue.households) >= KEPT:
                catalogue.households.clear()
            kept = (family.facts, await cls.read(family.id))
            catalogue.households[family.id] = kept
        found: Household = kept[1]
        return found

    @classmethod
    async def read(cls, family: int) -> "Household":
        """Five queries, however many children."""
        people = await rows(_PEOPLE, [family])
        enrolled = await Enrolment.filter(family_id=family).order_by("position", "id").values_list(
            "id", "child_id", "activity_id", "group_id", "category", "start", "end", "left_at"
        )  # fmt: skip
        paid = await Membership.filter(child__homes__family_id=family).values_list("child_id", "activity_id")
        quotients = (
            await Quotient.filter(family_id=family).order_by("-start").values_list("start", "end", "value")
        )
        return cls(
            family=family,
            category=people[0]["category"] if people else None,
            children=children_of(people),
            enrolments=tuple(EnrolmentFacts(*row) for row in enrolled),
            members=frozenset(paid),
            quotients=tuple(quotients),
            declined=frozenset(
                await Declined.filter(family_id=family).values_list("child_id", "activity_id")
            ),
        )


_PEOPLE = """
SELECT child.id, child.first_name, child.last_name, child.born, child.sex, family.category, schooling.year_id,
       schooling.level, school.code AS school
FROM home JOIN child ON child.id = home.child_id JOIN family ON family.id = home.family_id
LEFT JOIN schooling ON schooling.child_id = child.id LEFT JOIN school ON school.id = schooling.school_id
WHERE home.family_id = ? ORDER BY home.position, child.id
"""


def children_of(people: list[dict[str, Any]]) -> tuple[ChildFacts, ...]:
    """From rows of a child and a school year each."""
    found: dict[int, ChildFacts] = {}
    for row in people:
        born = row["born"] if isinstance(row["born"], date) else date.fromisoformat(row["born"])
        child = found.setdefault(
            row["id"], ChildFacts(row["id"], row["first_name"], row["last_name"], born, {}, {}, row["sex"])
        )
        if row["year_id"] is not None:
            child.schools[row["year_id"]] = row["school"]
            child.levels[row["year_id"]] = row["level"]
    return tuple(found.values())
