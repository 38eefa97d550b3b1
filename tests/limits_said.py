"""Reads a limit that the règlement says, as a parent would: a day in hand, a calendar on the wall.

It knows the sentences alone, none of the rules: what it finds is compared with what the grid applies.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
PARIS = ZoneInfo("Europe/Paris")
ONE_DAY = timedelta(days=1)
AT = r"(?P<at>[0-2][0-9]:[0-5][0-9])"
DAY = f"(?P<weekday>{'|'.join(WEEKDAYS)})"
MOVED = " (si la mairie est fermée ce jour-là, au jour ouvré d’avant à la même heure)"
Face = tuple[date, str]  # a day, and the clock on the wall
NUMBER = r"(?P<n>[0-9 \u202f]+)"


@dataclass(frozen=True)
class Wall:
    """The calendar on the wall."""

    is_working: Callable[[date], bool]
    is_school: Callable[[date], bool]
    is_opening: Callable[[date], bool]

    def back(self, day: date, count: int, what: str) -> date:
        """So many days of this kind before; where there have not been as many yet, working days."""
        counts = {"d’école": self.is_school, "d’ouverture": self.is_opening}.get(what, self.is_working)
        found, left, looked = day, count, 0
        while left:
            found -= ONE_DAY
            looked = 0 if counts(found) else looked + 1
            left -= counts(found)
            if looked > 100:
                return self.back(day, count, "ouvrés")
        return found


def instant(text: str, day: date, wall: Wall, starts: Mapping[str, int], slot: str) -> datetime:
    """When what is said of this day ends, for the slot of this name. `starts`: minutes after midnight."""
    said = text.replace("\u00a0", " ").rstrip(".")
    plain = said.removesuffix(MOVED)
    for pattern, read in FORMS:
        if found := re.fullmatch(pattern, plain):
            last, clock = read(found, day, wall, starts[slot], slot)
            if said != plain and not wall.is_working(last):
                last = wall.back(last, 1, "ouvrés")
            return moment(last, clock)
    raise AssertionError(f"nobody understands « {said} »")


def moment(day: date, clock: str) -> datetime:
    """23:59 is there to its end."""
    hour, minute = map(int, clock.split(":"))
    face = datetime(day.year, day.month, day.day, hour, minute) + timedelta(minutes=clock == "23:59")  # noqa: DTZ001
    return face.replace(tzinfo=PARIS).astimezone(UTC)


def _hours(found: re.Match[str], day: date, wall: Wall, start: int, slot: str) -> Face:
    """Said in hours, and on the clock: both must be the same."""
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001
    hours = int(found.groupdict().get("n", "0").replace(" ", "").replace("\u202f", ""))
    face = midnight + timedelta(minutes=start, hours=-hours)
    counted = (face.date(), f"{face:%H:%M}")
    if not (told := found["told"]):
        return counted
    parts = re.split(r" et |, (?=le |la |[0-9])", told)
    mine = [part for part in parts if slot in part] or parts
    assert len(mine) == 1, told
    when = re.match(rf"(le jour même|la veille|([0-9]+) jours avant,) à {AT}", mine[0])
    assert when, mine[0]
    back = {"le jour même": 0, "la veille": 1}.get(when[1]) if not when[2] else int(when[2])
    assert back is not None
    assert (day - back * ONE_DAY, when["at"]) == counted
    return counted


def _week(found: re.Match[str], day: date, weeks: int) -> Face:
    monday = day - timedelta(days=day.weekday(), weeks=weeks)
    return monday + WEEKDAYS.index(found["weekday"]) * ONE_DAY, found["at"]


def _previous(found: re.Match[str], day: date, *rest: object) -> Face:
    back = day - ONE_DAY
    while WEEKDAYS[back.weekday()] != found["weekday"]:
        back -= ONE_DAY
    return back, found["at"]


def _month(found: re.Match[str], day: date, *rest: object) -> Face:
    last = day.replace(day=1) - ONE_DAY
    number = min(int(found["n"].removesuffix("er")), monthrange(last.year, last.month)[1])
    return last.replace(day=number), found["at"]


FORMS: tuple[tuple[str, Callable[..., Face]], ...] = (
    (f"jusqu’au jour même à {AT}", lambda found, day, *rest: (day, found["at"])),
    (f"jusqu’à la veille à {AT}", lambda found, day, *rest: (day - ONE_DAY, found["at"])),
    (
        f"jusqu’à {NUMBER} jours avant, à {AT}",
        lambda found, day, *rest: (day - int(found["n"]) * ONE_DAY, found["at"]),
    ),
    (
        f"jusqu’au jour (?P<what>ouvré|d’école|d’ouverture) précédent à {AT}",
        lambda found, day, wall, *rest: (wall.back(day, 1, found["what"]), found["at"]),
    ),
    (
        f"jusqu’à {NUMBER} jours (?P<what>ouvrés|d’école|d’ouverture) avant, à {AT}",
        lambda found, day, wall, *rest: (wall.back(day, int(found["n"]), found["what"]), found["at"]),
    ),
    (f"jusqu’au {DAY} de la semaine précédente à {AT}", lambda found, day, *rest: _week(found, day, 1)),
    (
        f"jusqu’au {DAY}, {NUMBER} semaines avant, à {AT}",
        lambda found, day, *rest: _week(found, day, int(found["n"])),
    ),
    (f"jusqu’au {DAY} précédent à {AT}", _previous),
    ("jusqu’au début(?:, soit (?P<told>.*))?", _hours),
    (rf"jusqu’à {NUMBER} heures? avant le début(?:, soit (?P<told>.*))?", _hours),
    (
        rf"jusqu’au (?P<n>1er|[0-9]+) du mois précédent(?: \(le dernier jour d’un mois plus court\))? à {AT}",
        _month,
    ),
)


MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
FACE = r"(?:1er|[0-9]+)(?: [a-zéû]+)?(?: [0-9]{4})?"
WINDOW = rf"les jours du ({FACE}) au ({FACE}) se réservent du .* au {DAY} ({FACE}) à {AT}\."


def window(text: str) -> tuple[date, date, datetime] | None:
    """Of a sentence about a period: its first and last day, and when booking them is over; None of any other."""
    found = re.fullmatch(WINDOW, text.replace("\u00a0", " "))
    if found is None:
        return None
    last = _face(found[2], None)
    first, shut = _face(found[1], last), _face(found[4], last)
    shut = shut if shut <= last else shut.replace(year=shut.year - 1)
    assert WEEKDAYS[shut.weekday()] == found["weekday"], text
    return first, last, moment(shut, found["at"])


def _face(said: str, like: date | None) -> date:
    """« 6 », « 6 juillet », « 6 juillet 2026 »: what is not said is as of the other day."""
    number, *rest = said.split()
    month = MONTHS.index(rest[0]) + 1 if rest else like and like.month
    year = int(rest[1]) if len(rest) == 2 else like and like.year
    assert month and year, said
    return date(year, month, int(number.removesuffix("er")))
