"""A year of real bookings, priced by the tariffs of today and by others: what the council asks before it votes.

Nothing is written. Families who eat twice a year count as much as the others where families are counted.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from models.activities.facts import ActivityFacts
from models.rules import pricing
from models.rules.booking import BookingState
from models.rules.invoicing.comparison import Moved, moved_by_half
from models.rules.pricing import NoTariff, Tariff, choose, reprice
from models.storage.database import rows


@dataclass(frozen=True, slots=True)
class BookedDays:
    """So many days of a child in a slot whose prices are the same, whatever the tariffs are."""

    family: int
    slot: int
    category: str | None
    quotient: int | None
    rank: int
    late: bool
    day: date  # one of them, for the tariffs' dates
    number: int


@dataclass(slots=True)
class Row:
    """The bookings that one bracket, or one tariff without brackets, says the price of. Cents."""

    tariff: int  # its place in the list
    band: int | None  # of the tariff; none: it has no brackets, or the quotient is not known
    unknown: bool = False  # no quotient is known
    days: int = 0
    before: int = 0
    now: int = 0
    families: set[int] = field(default_factory=set)

    @property
    def difference(self) -> int:
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Simulation:
    rows: Sequence[Row]
    less: int  # families
    more: int
    same: int
    highest_rise: int  # of a day; cents
    moved: Sequence[Moved[int]]  # families whose year moves by more than a half
    unpriced: int = 0  # days that the simulated tariffs say nothing of

    @property
    def days(self) -> int:
        return sum(row.days for row in self.rows)

    @property
    def before(self) -> int:
        return sum(row.before for row in self.rows)

    @property
    def now(self) -> int:
        return sum(row.now for row in self.rows)


async def booked_of(activity: ActivityFacts, tariffs: Sequence[Tariff]) -> list[BookedDays]:
    """What is due of the activity's whole year, in one statement: as many rows as prices may differ, not as days.

    `tariffs`: all that will be asked, today's and others; their dates cut the year.
    """
    turns = sorted({turn for tariff in tariffs for turn in _turns(tariff)})
    starts = [activity.timetable.opens, *turns]
    season = "".join(f" WHEN b.day < ? THEN {number}" for number in range(len(turns)))
    ranked = any(tariff.child_rank is not None for tariff in tariffs)
    question = _BOOKED.format(
        season=f"CASE{season} ELSE {len(turns)} END" if turns else "0", place=_RANK if ranked else "1"
    )
    return [_booked(row, starts) for row in await rows(question, [*turns, activity.id])]


def simulate(
    activity: ActivityFacts, booked: Sequence[BookedDays], before: Sequence[Tariff], now: Sequence[Tariff]
) -> Simulation:
    """Each day by both; by the brackets of `now`. Where `now` has no price, the day is counted apart."""
    slots = {slot.id: slot for slot in activity.slots}
    found: dict[tuple[int, int | None, bool], Row] = {}
    old_bills: dict[int, int] = defaultdict(int)
    new_bills: dict[int, int] = defaultdict(int)
    unpriced, rise = 0, 0
    for one in booked:
        slot = slots[one.slot]
        how: pricing.How = "late" if one.late else "booked"
        asked = (slot.code, one.category, one.day, one.quotient, one.rank)
        try:
            old = pricing.price(before, *asked, how=how, stay=slot.stay).cents
            line = reprice(old, now, *asked, how=how, stay=slot.stay)
        except NoTariff:
            unpriced += one.number
            continue
        row = _row(found, now, choose(now, slot.code, one.category, one.day), one.quotient)
        row.days += one.number
        row.before += old * one.number
        row.now += line.new.cents * one.number
        row.families.add(one.family)
        rise = max(rise, line.difference)
        old_bills[one.family] += old * one.number
        new_bills[one.family] += line.new.cents * one.number
    changes = [new_bills[family] - old_bills[family] for family in new_bills]
    return Simulation(
        rows=[found[key] for key in sorted(found, key=lambda key: (key[0], key[2], key[1] or 0))],
        less=sum(change < 0 for change in changes),
        more=sum(change > 0 for change in changes),
        same=changes.count(0),
        highest_rise=rise,
        moved=moved_by_half(old_bills, new_bills),
        unpriced=unpriced,
    )


def _row(
    found: dict[tuple[int, int | None, bool], Row],
    tariffs: Sequence[Tariff],
    tariff: Tariff,
    quotient: int | None,
) -> Row:
    place = tariffs.index(tariff)
    unknown = quotient is None and tariff.method != "flat"
    band = None
    if tariff.method == "brackets" and quotient is not None:
        limits = [one.up_to for one in tariff.bands]
        band = next((n for n, up_to in enumerate(limits) if up_to is None or quotient <= up_to), None)
    return found.setdefault((place, band, unknown), Row(place, band, unknown))


def _turns(tariff: Tariff) -> list[date]:
    """The days from which its dates change something."""
    return [turn for turn in (tariff.start, tariff.end and tariff.end + timedelta(days=1)) if turn]


def _booked(row: dict[str, Any], starts: Sequence[date]) -> BookedDays:
    return BookedDays(
        family=row["family_id"],
        slot=row["slot_id"],
        category=row["category"],
        quotient=row["quotient"],
        rank=row["place"],
        late=bool(row["late"]),
        day=starts[row["season"]],
        number=int(row["number"]),
    )


# As models.families.household says them: the quotient that began last, the rank among those who are enrolled that day.
_RANK = """
1 + (SELECT COUNT(DISTINCT elder.id) FROM enrolment AS theirs JOIN child AS elder ON elder.id = theirs.child_id
  JOIN child AS own ON own.id = b.child_id
  WHERE theirs.family_id = b.family_id AND theirs.activity_id = e.activity_id
    AND theirs.start <= b.day AND theirs."end" >= b.day
    AND (elder.born < own.born OR (elder.born = own.born AND elder.id < own.id)))
"""
_BOOKED = f"""
SELECT family_id, slot_id, category, quotient, place, late, season, COUNT(*) AS number FROM (
  SELECT b.family_id, b.slot_id, COALESCE(e.category, f.category) AS category, b.late,
    (SELECT q.value FROM quotient AS q WHERE q.family_id = b.family_id AND q.start <= b.day
      AND (q."end" IS NULL OR q."end" >= b.day) ORDER BY q.start DESC, q.id DESC LIMIT 1) AS quotient,
    {{place}} AS place, {{season}} AS season
  FROM booking AS b JOIN enrolment AS e ON e.id = b.enrolment_id JOIN family AS f ON f.id = b.family_id
  WHERE e.activity_id = ? AND (b.state = '{BookingState.CONFIRMED}'
    OR (b.state = '{BookingState.CANCELLED}' AND b.billed))
) AS priced
GROUP BY family_id, slot_id, category, quotient, place, late, season
ORDER BY family_id, slot_id, season, quotient, place, category, late
"""  # noqa: S608
