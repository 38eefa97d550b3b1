"""What another definition of an activity would do to days that are booked: shown first, done only once confirmed."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date, datetime

from tortoise.expressions import Q

from models.activities.activity import Activity as ActivityRow
from models.activities.definition import codec
from models.activities.definition.openings import Overrun
from models.activities.opening import Opening
from models.activity_file.definition import Definition, calendar_of
from models.bookings import redefinition
from models.bookings.redefinition import LostBooking
from models.commune.school_year import SchoolYear
from models.presence import switching
from models.presence.days import Foreseen, foreseen
from models.rules.booking import DEFAULT
from models.rules.deadlines import PARIS
from models.rules.states.orders import Billing


@dataclass(frozen=True, slots=True)
class Impact:
    """`lost`: bookings that would be left without their day. `overruns`: days with more children than places."""

    lost: tuple[LostBooking, ...]
    today: date
    overruns: tuple[Overrun, ...] = ()
    prepaid: bool = True
    foreseen: Foreseen | None = None  # switched to book by itself: what that books
    stays: int = 0  # switched back: what it booked to come, and keeps

    def __bool__(self) -> bool:
        return bool(self.lost or self.overruns or self.foreseen or self.stays)

    @property
    def given_back(self) -> list[LostBooking]:
        """What the mairie can give back by itself."""
        return [one for one in self.lost if one.can_be_given_back]

    @property
    def unanswered(self) -> Counter[str]:
        """What somebody has to answer first, by its state: asked for, waiting, offered, being paid."""
        return Counter(one.state for one in self.lost if not one.can_be_given_back)

    @property
    def past(self) -> list[LostBooking]:
        """Of days that have begun: nothing of them can be undone."""
        return [one for one in self.lost if one.day <= self.today]

    @property
    def stands_in_the_way(self) -> bool:
        """Can it not be done, whoever confirms it?"""
        return bool(self.past or self.unanswered)

    @property
    def families(self) -> int:
        return len({one.family for one in self.given_back})

    @property
    def credit(self) -> int:
        """Cents that families get back as an avoir; an invoiced day is simply not billed."""
        return sum(one.cents for one in self.given_back if one.paid) if self.prepaid else 0

    @property
    def mark(self) -> str:
        """What a confirmation says it has read."""
        more = [asdict(self.foreseen)] if self.foreseen else [self.stays] if self.stays else []
        return codec.mark([asdict(one) for one in self.lost], [asdict(one) for one in self.overruns], *more)


async def impact_of(activity: int, definition: Definition, now: datetime, *, foresee: bool = True) -> Impact:
    today = now.astimezone(PARIS).date()
    row = await ActivityRow.get(id=activity)
    year = await SchoolYear.get(id=row.year_id)
    calendar = await calendar_of(definition, year)
    lost = await redefinition.lost_bookings(definition.said, activity, calendar, year)
    overruns = await _overruns(activity, definition)
    switched, stays = foresee and definition.said.presence != row.presence, 0
    starts = switched and definition.said.presence == DEFAULT
    if switched and not starts:
        stays = await switching.booked_to_come(activity, now)
    books = await foreseen(activity, now) if starts else None
    prepaid = row.billing == Billing.PREPAID
    return Impact(tuple(lost), today, tuple(overruns), prepaid, books, stays)


async def _overruns(activity: int, definition: Definition) -> list[Overrun]:
    """Days on which more places are taken than the group would have, where it has more now."""
    found = []
    for group in definition.said.groups:
        if group.places is None:
            continue
        mine = Opening.filter(slot__activity_id=activity, group__code=group.code)
        otherwise = Q(places__isnull=True) | ~Q(places=group.places)
        fewer = mine.filter(otherwise, taken__gt=group.places)
        for day, taken in await fewer.order_by("day", "id").values_list("day", "taken"):
            found.append(Overrun(day, taken, group.places))
    return found
