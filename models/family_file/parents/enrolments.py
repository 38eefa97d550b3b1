"""« Mes inscriptions »: what each person of the family is in, waits for, asked for, and what is open to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from models.activities.catalogue import ActivityFacts, Catalogue, SlotFacts
from models.families import enrolment_wait
from models.families.enrolment_wait import Rank
from models.families.household import ChildFacts, EnrolmentFacts, Household
from models.family_file import seats
from models.family_file.parents import enrolling, leaving
from models.family_file.seats import Newcomer
from models.french.rulebook.deadlines import until_by_weekday
from models.rulebook.activity import starts
from models.rules import pricing
from models.rules.families.enrolling import Beginning, Enrols, Way, is_adult, way

Pair = tuple[int, int]  # child, activity


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody is in an activity, or was this year."""

    id: int
    activity: ActivityFacts
    group: str  # "" where the activity has no groups
    start: date
    end: date
    unpaid: bool  # its membership is still to be paid
    may_end: bool = False  # the parents say when it ends, or ask it
    end_asked: int | None = None  # the request that the mairie has not answered
    may_go_on: bool = False  # they have ended it, and may take that back

    def standing(self, today: date) -> str:
        """« coming », « current » or « over »; one that was left before it began is over."""
        if self.end < max(today, self.start):
            return "over"
        return "coming" if today < self.start else "current"


@dataclass(frozen=True, slots=True)
class SlotPrice:
    slot: SlotFacts
    cents: int  # for this family, on the first day


@dataclass(frozen=True, slots=True)
class Choice:
    """An activity that is open to somebody who is not in it."""

    activity: ActivityFacts
    way: Way
    group: str
    prices: tuple[SlotPrice, ...]
    limits: tuple[tuple[str, str], ...]  # for which weekdays, until when a day is booked
    begins: Beginning | None
    rank: Rank | None  # it waits
    request: int | None  # of what the mairie has not answered
    declined: bool  # « pas cette année »

    @property
    def waits(self) -> bool:
        return self.rank is not None or self.request is not None


@dataclass(frozen=True, slots=True)
class Person:
    facts: ChildFacts
    adult: bool
    school: str  # of the newest year; "" for an adult, or where none is known
    level: str
    lines: tuple[Line, ...]
    choices: tuple[Choice, ...]

    @property
    def waiting(self) -> list[Choice]:
        return [one for one in self.choices if one.waits]

    @property
    def open(self) -> list[Choice]:
        return [one for one in self.choices if not one.waits and not one.declined]

    @property
    def declined(self) -> list[Choice]:
        return [one for one in self.choices if one.declined and not one.waits]


async def read(catalogue: Catalogue, household: Household, now: datetime) -> list[Person]:
    """Children first, then adults; of the years that are not over."""
    ranks = await enrolment_wait.ranks(household.family)
    asked = {
        (int(row.subject.partition(":")[2]), int(row.after["activity"])): row.id
        for row in await enrolling.asked(household.family)
    }
    ends = await leaving.all_asked(household.family)
    people = [await _person(catalogue, household, one, ranks, asked, ends, now) for one in household.children]
    return sorted(people, key=lambda one: one.adult)


async def _person(
    catalogue: Catalogue,
    household: Household,
    child: ChildFacts,
    ranks: Mapping[Pair, Rank],
    asked: Mapping[Pair, int],
    ends: Mapping[int, int],
    now: datetime,
) -> Person:
    today = now.date()
    lines, choices = [], []
    for activity in catalogue.activities.values():
        if catalogue.years[activity.year].ends < today and activity.timetable.closes < today:
            continue
        mine = household.enrolment(child.id, activity.id)
        if mine is not None:
            lines.append(_line(household, activity, mine, ends.get(mine.id), today))
        elif activity.timetable.closes >= today:
            pair = (child.id, activity.id)
            found = await _choice(
                catalogue, household, child, activity, now, ranks.get(pair), asked.get(pair)
            )
            choices += [found] if found else []
    year = max(child.levels, key=lambda id: catalogue.years[id].starts, default=0)
    codes = {school.code: school.name for school in catalogue.schools.values()}
    school = codes.get(child.schools.get(year) or "", "")
    adult = is_adult(child.born, today) and not child.levels.get(year)
    return Person(child, adult, school, child.levels.get(year) or "", tuple(lines), tuple(choices))


def _line(
    household: Household, activity: ActivityFacts, mine: EnrolmentFacts, end_asked: int | None, today: date
) -> Line:
    unpaid = not household.has_paid(mine.child, activity)
    may_end = end_asked is None and not unpaid and leaving.may_leave(activity, mine, today)
    goes_on = mine.left_at is not None and leaving.is_at_once(activity) and today <= activity.timetable.closes
    group = _group(activity, mine.group)
    return Line(mine.id, activity, group, mine.start, mine.end, unpaid, may_end, end_asked, goes_on)


async def _choice(
    catalogue: Catalogue,
    household: Household,
    child: ChildFacts,
    activity: ActivityFacts,
    now: datetime,
    rank: Rank | None,
    request: int | None,
) -> Choice | None:
    """None: not for this person, or the mairie alone enrols."""
    one = seats.newcomer(catalogue, household, child.id, activity.id)
    if one is None:
        return None
    found = way(
        activity.enrolment,
        pays=activity.membership_fee is not None and activity.enrolment == Enrols.ONLINE,
        opens=activity.visible_at(household.category),
        now=now,
        free=activity.enrolment_places is None or await seats.is_free(one, now.date()),
        waiting_list=activity.waiting_list,
    )
    weekdays = sorted(activity.timetable.weekdays)
    return Choice(
        activity=activity,
        way=found,
        group=_group(activity, one.group),
        prices=_prices(catalogue, household, child, one, now.date()),
        limits=tuple(until_by_weekday(activity.deadlines["book"], weekdays, starts(activity))),
        begins=activity.begins,
        rank=rank,
        request=request,
        declined=(child.id, activity.id) in household.declined,
    )


def _group(activity: ActivityFacts, group: int) -> str:
    return next((one.name for one in activity.groups if one.id == group and one.code), "")


def _prices(
    catalogue: Catalogue, household: Household, child: ChildFacts, one: Newcomer, today: date
) -> tuple[SlotPrice, ...]:
    """As if it were enrolled: its rank among brothers and sisters counts."""
    day = max(today, one.activity.timetable.opens)
    others = [
        other
        for other in household.children
        if other.id != child.id and household.enrolment(other.id, one.activity.id)
    ]
    rank = 1 + sum((other.born, other.id) < (child.born, child.id) for other in others)
    category, found = one.category or household.category, []
    for slot in one.activity.slots:
        try:
            price = catalogue.price(slot.id, category, day, household.quotient(day), rank)
        except pricing.NoTariff:
            continue
        found.append(SlotPrice(slot, price.cents))
    return tuple(found)
