"""How a person comes into an activity: from when, whether a place is left, who is an adult. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from models.rules.deadlines import PARIS

ADULT = 18  # years
OUTSIDE = "outside"  # the category of families who do not live in the commune
ADULTS = ("adult", "staff")  # categories of prices that are adults' own
ONE_DAY = timedelta(days=1)


class Enrols(StrEnum):
    """Who enrols in an activity, as its description says."""

    MAIRIE = "mairie"
    REQUEST = "request"  # the parents ask, the mairie answers
    ONLINE = "online"  # the parents, at once


BY_PARENTS = (Enrols.REQUEST, Enrols.ONLINE)


class Way(StrEnum):
    """What somebody may do who is not in the activity."""

    ENROL = "enrol"
    ASK = "ask"
    PAY = "pay"  # the membership, which enrols
    WAIT = "wait"
    FULL = "full"  # and nobody may wait
    LATER = "later"  # it has not begun for this family


class WaitState(StrEnum):
    """Of somebody who waits for a place in an activity."""

    WAITING = "waiting"
    ENROLLED = "enrolled"
    LEFT = "left"


class Takes(Protocol):
    """A group, as a description or the catalogue has it."""

    @property
    def closes(self) -> date | None: ...

    def fits(self, level: str | None, school: str | None) -> bool: ...


G = TypeVar("G", bound=Takes)


def group_for(groups: Iterable[G], level: str | None, school: str | None) -> G | None:
    """The first that takes such a child and lasts longest: one that was closed leaves it to the one made after it."""
    fitting = (group for group in groups if group.fits(level, school))
    return max(fitting, key=lambda group: group.closes or date.max, default=None)


@dataclass(frozen=True, slots=True)
class Beginning:
    """When enrolling and booking begin."""

    residents: datetime
    everybody: datetime

    def of(self, category: str | None) -> datetime:
        """For families of this category; where none is known they are the commune's own."""
        return self.everybody if category == OUTSIDE else self.residents


def beginning(visible_from: datetime | None, residents_first_days: int | None) -> Beginning | None:
    """None where it was always open. Source: `visible_from` and `residents_first_days` of the commune file."""
    if visible_from is None:
        return None
    here = visible_from.astimezone(PARIS)  # at the same hour of the clock, winter or summer
    return Beginning(here, here + timedelta(days=residents_first_days or 0))


def way(
    enrols: str, *, pays: bool, opens: datetime | None, now: datetime, free: bool, waiting_list: bool
) -> Way:
    """`pays`: a membership stands between; `free`: a place is left, and nobody waits for one.

    What the mairie answers may be asked when it is full: it gives a place or a rank.
    """
    if opens is not None and now < opens:
        return Way.LATER
    if enrols == Enrols.REQUEST:
        return Way.ASK
    if pays:
        return Way.PAY
    if free:
        return Way.ENROL
    return Way.WAIT if waiting_list else Way.FULL


def first_free(ends: Iterable[date], places: int | None, start: date, closes: date) -> date | None:
    """The first day from `start` on from which a place is free until the activity closes; None when there is none.

    `ends` are the last days of those who are enrolled, one for each. `places` None: as many as come.
    """
    if places is None:
        return start if start <= closes else None
    staying = sorted((end for end in ends if end >= start), reverse=True)
    first = start if len(staying) < places else staying[places - 1] + ONE_DAY if places else closes + ONE_DAY
    return first if first <= closes else None


def is_adult(born: date, day: date) -> bool:
    """Source: Code civil, art. 414 (majority at eighteen)."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day)) >= ADULT


def takes(kind: str, *, adult: bool, has_class: bool) -> bool:
    """May such a person come into an activity of this kind? Adults into theirs, children of a class into the others."""
    return adult and not has_class if kind == "adult" else has_class


def own_category(kind: str, family: str | None) -> str | None:
    """The category that the enrolment itself says: an adult pays an adult's price, whatever the family's is."""
    return "adult" if kind == "adult" and family not in ADULTS else None
