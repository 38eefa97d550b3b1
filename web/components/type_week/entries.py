"""What the parent chose: ticks of the type week, weeks A and B, period; as typed, and as it is meant."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from models.activities.catalogue import ActivityFacts
from models.families.household import ChildFacts
from models.planning.type_week import Periods, Wanted
from models.rules.calendar import week
from models.rules.type_week import WeekDay, parity

NO_DAY = "Choisissez au moins un jour."
NO_DATE = "Écrivez la date {} ainsi\u00a0: {:%d/%m/%Y}."
BACKWARDS = "La date de fin est avant la date de début."
YEARS = range(2000, 2100)
LONGEST = 40  # letters of a field
PERIODS = ("mois", "vacances", "annee", "dates")

_DAY = re.compile(r"([01])-([0-9]{1,9})-([0-6])")
_FRENCH = re.compile(r"\s*([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4}|[0-9]{2})\s*")


@dataclass(frozen=True, slots=True)
class Entries:
    """The form, as it is drawn again. A tick is `<week>-<slot>-<weekday>`."""

    ticked: frozenset[str]
    alternate: bool
    week_a: date
    period: str
    first: str
    last: str
    leave: bool

    @property
    def fields(self) -> list[tuple[str, str]]:
        """As hidden fields: what was seen is what is applied."""
        return [
            *(("jour", tick) for tick in sorted(self.ticked)),
            *[("alterner", "1")] * self.alternate,
            ("semaine_a", self.week_a.isoformat()),
            ("periode", self.period),
            ("du", self.first),
            ("au", self.last),
            *[("ignorer", "1")] * self.leave,
        ]


def fresh(offered: Periods, activities: list[ActivityFacts]) -> Entries:
    """Paid at once: this month first. Otherwise the year."""
    period = "mois" if any(activity.prepaid for activity in activities) else "annee"
    first, last = (day.isoformat() for day in offered.year)
    return Entries(frozenset(), False, mondays(offered)[0], period, first, last, True)


def typed(sent: FormData, offered: Periods) -> Entries:
    texts = {name: str(sent.get(name, ""))[:LONGEST] for name in ("semaine_a", "periode", "du", "au")}
    period = texts["periode"] if texts["periode"] in PERIODS else "annee"
    begins = mondays(offered)
    shift = parity(read_date(texts["semaine_a"]) or begins[0], begins[0])
    return Entries(
        frozenset(str(value)[:LONGEST] for value in sent.getlist("jour")),
        "alterner" in sent,
        begins[shift],
        period,
        texts["du"],
        texts["au"],
        "ignorer" in sent,
    )


def mondays(offered: Periods) -> tuple[date, date]:
    """Where week A may begin: the first week that can be changed, or the one after."""
    monday = week(offered.start)[0]
    return monday, monday + timedelta(weeks=1)


def meant(
    entries: Entries, child: ChildFacts, activities: list[ActivityFacts], offered: Periods
) -> Wanted | dict[str, str]:
    """What is wished, or what is wrong, by field. Raises HTTPException 404 for a slot that is not this child's."""
    slots = {slot.id for activity in activities for slot in activity.slots}
    ticks = _ticks(entries, slots)
    troubles = {} if ticks else {"jours": NO_DAY}
    first, last = _period(entries, offered, troubles)
    if troubles or first is None or last is None:
        return troubles
    week_a = entries.week_a if entries.alternate else None
    return Wanted(child, ticks, first, last, week_a, entries.leave)


def read_date(text: str) -> date | None:
    """« 2018-09-07 », as browsers send it, or « 7/9/18 », as household write it."""
    try:
        found = _FRENCH.fullmatch(text)
        if found:
            day, month, year = (int(part) for part in found.groups())
            read = date(year + 2000 if year < 100 else year, month, day)
        else:
            read = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return read if read.year in YEARS else None


def _ticks(entries: Entries, slots: set[int]) -> dict[int, frozenset[WeekDay]]:
    found: dict[int, set[WeekDay]] = {}
    for text in entries.ticked:
        read = _DAY.fullmatch(text)
        if read is None or int(read[2]) not in slots:
            raise HTTPException(404)
        if entries.alternate or read[1] == "0":
            found.setdefault(int(read[2]), set()).add((int(read[1]), int(read[3])))
    return {slot: frozenset(ticks) for slot, ticks in found.items()}


def _period(entries: Entries, offered: Periods, troubles: dict[str, str]) -> tuple[date | None, date | None]:
    if entries.period != "dates":
        return {"mois": offered.month, "vacances": offered.term, "annee": offered.year}[entries.period]
    first, last = read_date(entries.first), read_date(entries.last)
    if first is None:
        troubles["du"] = NO_DATE.format("de début", offered.year[0])
    if last is None:
        troubles["au"] = NO_DATE.format("de fin", offered.year[1])
    if first and last and last < first:
        troubles["au"] = BACKWARDS
    return first, last
