"""« Calendrier »: from when to when, the days of a year at a glance, those on which this activity is closed."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from models.activities.definition.mistake import Mistake
from models.activities.definition.openings import timetable
from models.activity_file.definition import Definition, OwnClosure
from models.activity_file.site import Site
from models.rules.calendar import Kind, SchoolCalendar, day_of
from models.rules.deadlines import PARIS, paris
from web.components.admin.activities.sheet import Clock, Reading, Sent, Tab, same_text, written
from web.components.admin.kit.form import BACKWARDS, Day, Field, Filled, Text, Whole, fill
from web.components.admin.kit.year import YearDay, YearMonth, months_of

ONE_DAY = timedelta(days=1)
SATURDAY = 5
MOST_ROWS = 60
OPENS = Day("ouvre", "Premier jour", "", "Choisissez le premier jour.")
CLOSES = Day("ferme", "Dernier jour", "", "Choisissez le dernier jour.")
VISIBLE_DAY = Day("visible", "Réservations à partir du", "Vide\u00a0: dès maintenant.")
VISIBLE_AT = Clock("visible-heure", "À")
RESIDENTS = Whole(
    "commune", "Avance des familles de la commune", "Les autres réservent plus tard.", most=366, unit="jours"
)
OWN: tuple[Field[Any], ...] = (OPENS, CLOSES, VISIBLE_DAY, VISIBLE_AT, RESIDENTS)
OUTSIDE = "Choisissez un jour de l’année scolaire."
NO_REASON = "Dites pourquoi\u00a0: les familles le lisent sur leur planning."


def closure_fields(n: int) -> tuple[Field[Any], ...]:
    key = f"fermeture-{n}"
    return (Day(f"{key}-du", "Du"), Day(f"{key}-au", "Au"), Text(f"{key}-motif", "Motif"))


def _typed(definition: Definition, site: Site) -> dict[str, str]:
    said = definition.said
    visible = said.visible_from and said.visible_from.astimezone(PARIS)
    found = written(OWN, {
        "ouvre": said.opens,
        "ferme": said.closes,
        "visible": visible and visible.date(),
        "visible-heure": visible and visible.hour * 60 + visible.minute,
        "commune": said.residents_first_days,
    })  # fmt: skip
    for n, one in enumerate(definition.closures):
        found |= written(closure_fields(n), _row(n, one))
    return found


def _row(n: int, one: OwnClosure) -> dict[str, Any]:
    values = {"du": one.start, "au": one.end, "motif": one.reason}
    return {f"fermeture-{n}-{key}": value for key, value in values.items()}


def _rows_of(sent: Sent) -> int:
    numbers = [int(found[1]) for name in sent if (found := re.fullmatch(r"fermeture-(\d{1,2})-du", name))]
    return min(MOST_ROWS, max((number + 1 for number in numbers), default=0))


def _read(sent: Sent, definition: Definition, site: Site) -> Reading:
    rows = _rows_of(sent)
    every = [*OWN, *(field for n in range(rows) for field in closure_fields(n))]
    filled, said = fill(every, sent), definition.said
    errors = dict(filled.errors)
    closures = []
    for n in range(rows):
        one, wrong = _closure(n, filled, definition, site)
        errors |= {name: text for name, text in wrong.items() if name not in errors}
        if one is not None:
            closures.append(one)
    wanted = replace(
        said,
        opens=filled.of(OPENS) or said.opens,
        closes=filled.of(CLOSES) or said.closes,
        visible_from=_visible(said.visible_from, filled),
        residents_first_days=filled.of(RESIDENTS),
    )
    kept = tuple(sorted(set(closures)))
    return Reading(Definition(wanted, kept), replace(filled, errors=errors))


def _visible(before: datetime | None, filled: Filled) -> datetime | None:
    day = filled.of(VISIBLE_DAY)
    if day is None:
        return None
    found: datetime = paris(day, filled.values.get(VISIBLE_AT.name, 0))
    if before and before.astimezone(PARIS).replace(second=0, microsecond=0) == found:
        return before
    return found


def _closure(
    n: int, filled: Filled, definition: Definition, site: Site
) -> tuple[OwnClosure | None, dict[str, str]]:
    """Without its first day it is taken away; without its last it is of one day."""
    key = f"fermeture-{n}"
    start, end = filled.values.get(f"{key}-du"), filled.values.get(f"{key}-au")
    reason = filled.values.get(f"{key}-motif")
    if start is None:
        return None, {}
    end = end or start
    if end < start:
        return None, {f"{key}-au": BACKWARDS}
    if not site.year.starts <= start <= end <= date(site.year.starts.year + 1, 8, 31):
        return None, {f"{key}-du": OUTSIDE}
    if not reason:
        return None, {f"{key}-motif": NO_REASON}
    return OwnClosure(start, end, same_text(reason, *(one.reason for one in definition.closures)) or ""), {}


KEYS = {"opens": "ouvre", "closes": "ferme"}


def _where(mistake: Mistake) -> str:
    return "" if mistake.where else KEYS.get(mistake.key, "")


def _known(definition: Definition, site: Site, filled: Filled) -> dict[str, Any]:
    rows = _rows_of(filled.typed)
    return {"own": OWN, "closures": [closure_fields(n) for n in range(rows + 1)], "kinds": KIND_WORDS}


KIND_WORDS = {
    "open": "ouvert",
    "own": "fermé, cette activité seule",
    "closed": "fermé par la mairie",
    "public": "férié",
    "holiday": "vacances",
    "never": "pas un jour de l’activité",
}
TURNED = {"open": "fermer", "own": "rouvrir"}  # what a click does


def year_view(
    definition: Definition, calendar: SchoolCalendar, today: date, address: str = ""
) -> list[YearMonth]:
    """Each month from the first day of the activity to its last; weekends where it opens on them.

    `address`: of the tab, whose days to come close and open again; "" where nothing may be changed.
    """
    said = definition.said
    weekends = any(weekday >= SATURDAY for weekday in said.weekdays)

    def drawn(day: date) -> YearDay:
        found = day_of(calendar, timetable(said), None, day)
        own = next((one for one in definition.closures if one.start <= day <= one.end), None)
        kind = "own" if own and found.kind is Kind.closed else found.kind.value
        reason = f", {found.reason}" if found.reason else ""
        turns = address and day > today and kind in TURNED
        href = f"{address}?jour={day}#fermetures" if turns else ""
        return YearDay(day, kind, f"{KIND_WORDS[kind]}{reason}", href, TURNED[kind] if turns else "")

    return months_of(said.opens, said.closes, drawn, weekends=weekends, counts="open")


def turned(definition: Definition, day: date) -> Definition:
    """As it is once somebody has clicked a day that was closed for this activity alone: open, the others as before."""
    closures: list[OwnClosure] = []
    for one in definition.closures:
        if not one.start <= day <= one.end:
            closures.append(one)
            continue
        if one.start < day:
            closures.append(OwnClosure(one.start, day - ONE_DAY, one.reason))
        if day < one.end:
            closures.append(OwnClosure(day + ONE_DAY, one.end, one.reason))
    return Definition(definition.said, tuple(closures))


CALENDAR = Tab("calendrier", "Calendrier", _typed, _read, _where, _known)
