"""The memberships that a family may pay for, child by child."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.activities.catalogue import ActivityFacts, Catalogue
from models.families.household import ChildFacts, Household
from models.families.membership import Membership

Pair = tuple[int, int]  # child, activity


class NotOffered(LookupError):
    """Another family's child, or an activity without a membership."""


@dataclass(frozen=True, slots=True)
class Choice:
    child: ChildFacts
    member: bool
    paid_at: datetime | None
    declined: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """An activity with a membership, and the children who may join it."""

    activity: ActivityFacts
    fee: int
    choices: tuple[Choice, ...]

    @property
    def open(self) -> bool:
        return any(not choice.member for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Wanted:
    child: ChildFacts
    activity: ActivityFacts
    fee: int

    @property
    def value(self) -> str:
        return f"{self.child.id}-{self.activity.id}"


async def read(catalogue: Catalogue, household: Household, now: datetime) -> list[Offer]:
    paid = Membership.filter(child_id__in=[child.id for child in household.children])
    since = {(row.child_id, row.activity_id): row.paid_at for row in await paid}
    offers = []
    for activity in catalogue.activities.values():
        choices = tuple(
            _choice(household, child, activity, since)
            for child in household.children
            if may_join(household, child, activity, now) or (child.id, activity.id) in since
        )
        if activity.membership_fee is not None and choices:
            offers.append(Offer(activity, activity.membership_fee, choices))
    return offers


def _choice(
    household: Household, child: ChildFacts, activity: ActivityFacts, since: Mapping[Pair, datetime | None]
) -> Choice:
    pair = child.id, activity.id
    return Choice(child, pair in since, since.get(pair), pair in household.declined)


def wanted(
    catalogue: Catalogue, household: Household, pairs: Sequence[Pair], now: datetime, again: bool
) -> list[Wanted]:
    """What these pairs ask for; `again`: members count too. Raises NotOffered."""
    found: dict[Pair, Wanted] = {}
    for pair in pairs:
        child, activity = household.child(pair[0]), catalogue.activities.get(pair[1])
        if child is None or activity is None or activity.membership_fee is None:
            raise NotOffered
        if again or (pair not in household.members and may_join(household, child, activity, now)):
            found[pair] = Wanted(child, activity, activity.membership_fee)
    return list(found.values())


def may_join(household: Household, child: ChildFacts, activity: ActivityFacts, now: datetime) -> bool:
    """Once enrolling has begun for this family; who is enrolled already may pay before."""
    enrolled = household.enrolment(child.id, activity.id) is not None
    return enrolled or household.may_join(child, activity, now)
