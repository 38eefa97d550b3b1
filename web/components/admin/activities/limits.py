"""« Délais »: until when one books and cancels, each kind of rule a sentence to complete."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from models.activities.definition.description import Activity, Rule, Tariff
from models.activities.definition.mistake import Mistake
from models.activities.definition.openings import timetable
from models.activity_file.definition import Definition
from models.activity_file.site import Site
from models.french.dates import WEEKDAYS as DAYS
from models.french.rulebook.deadlines import COUNTED_PLURAL, WORDS, Start, definitions, until_by_weekday
from models.french.rulebook.windows import window_said
from models.rules import deadlines
from models.rules.calendar import Kind, SchoolCalendar, day_of, is_school_day, is_working, open_days
from models.rules.deadlines import KINDS, NEVER, WEEKDAYS, DayFacts, Key, covers, deadlines_of, last_minute
from models.rules.limits.windows import window_on
from web.components.admin.activities import missed, windows, words
from web.components.admin.activities.price_cells import SurchargeCell
from web.components.admin.activities.sheet import Reading, Sent, Tab
from web.components.admin.kit.form import AnyOf, Choice, Field, Filled, OneOf, Text, Whole, Wrong, fill

MOST_ROWS = 20
KEY_LABELS = {
    "days": "Nombre de jours", "at": "À", "count": "Jours comptés", "weekday": "Jour", "weeks": "Semaines avant",
    "hours": "Nombre d’heures", "day": "Jour du mois", "moved": "Si la mairie est fermée ce jour-là",
}  # fmt: skip
MOVED_WORDS = {"previous_working_day": "le jour ouvré d’avant"}
ACTIONS = {"book": "reserver", "cancel": "annuler", "late": "tardif"}
LATE_CANCEL = OneOf(
    "hors-delai", "Annulation après la limite", missing="Choisissez une réponse.",
    choices=words.choices(words.LATE_CANCEL),
)  # fmt: skip
SURCHARGE = SurchargeCell(
    "tardif-prix", "Ce que coûte une réservation tardive",
    "«\u00a0+5,00\u00a0» ou «\u00a0+50\u00a0%\u00a0» en plus, ou un prix. Vide\u00a0: selon la feuille des tarifs.",
)  # fmt: skip
NEVER_CANCELLED = AnyOf(
    "annuler-jamais", "Annulation", choices=(Choice("1", "Ce qui est réservé ne s’annule pas"),)
)  # fmt: skip
ALL_DAYS = tuple(Choice(code, day) for code, day in zip(WEEKDAYS, DAYS, strict=True))


@dataclass(frozen=True, slots=True)
class At(Text):
    """An hour as the commune file writes it: « 12:00 », « 23:59 »."""

    longest: int = 5

    def read(self, typed: str) -> str:
        try:
            deadlines.minutes(typed)
        except ValueError:
            raise Wrong("Saisissez une heure, par exemple 12:00.") from None
        return typed


def kind_field(row: str) -> OneOf:
    kinds = tuple(Choice(kind, WORDS[rule].name) for kind, rule in KINDS.items())
    return OneOf(f"{row}-regle", "Jusqu’à", choices=(Choice("", "aucune règle"), *kinds))


def key_fields(row: str, kind: str) -> tuple[Field[Any], ...]:
    """What the rule of this kind asks, by its keys; and its weekdays."""
    weekdays = AnyOf(f"{row}-pour", "Pour", "Aucun coché\u00a0: tous les jours.", choices=ALL_DAYS)
    return (*(_field(f"{row}-{key.name}", key) for key in KINDS[kind].KEYS), weekdays)


def _field(name: str, key: Key) -> Field[Any]:
    label, missing = KEY_LABELS.get(key.name, key.name), "Complétez la règle."
    if key.kind == "clock":
        return At(name, label, "", missing)
    if key.kind == "whole":
        return Whole(name, label, "", missing, least=key.least, most=key.most)
    if key.kind == "weekday":
        return OneOf(name, label, "", missing, choices=ALL_DAYS)
    if key.default == "":
        return OneOf(name, label, choices=(Choice("", "rien ne change"), *words.choices(MOVED_WORDS)))
    counted = tuple(Choice(word, COUNTED_PLURAL.get(word, "jours")) for word in key.words)
    return OneOf(name, label, "", missing, choices=counted)


def _typed(definition: Definition, site: Site) -> dict[str, str]:
    said = definition.said
    late = _late_of(said)
    found = {
        "hors-delai": said.late_cancel,
        SURCHARGE.name: SURCHARGE.written(late) if late else "",
    }
    found |= missed.typed(said) | windows.typed(said.windows)
    if said.keeps_booked:
        found[NEVER_CANCELLED.name] = "1"
    alike = said.keeps_booked or said.book == said.cancel  # then it is not said, or not said twice
    for action, name in ACTIONS.items():
        for n, rule in enumerate(() if alike and name == "annuler" else getattr(said, action)):
            row = f"{name}-{n}"
            found[f"{row}-regle"] = rule["rule"]
            for key in KINDS[rule["rule"]].KEYS:
                found[f"{row}-{key.name}"] = str(rule.get(key.name, key.default))
            found[f"{row}-pour"] = " ".join(rule.get("for", ()))
    return found


def _rows_of(sent: Sent, name: str) -> int:
    numbers = [int(found[1]) for key in sent if (found := re.fullmatch(rf"{name}-(\d{{1,2}})-regle", key))]
    return min(MOST_ROWS, max((number + 1 for number in numbers), default=0))


def _read(sent: Sent, definition: Definition, site: Site) -> Reading:
    said = definition.said
    every: list[Field[Any]] = [LATE_CANCEL, NEVER_CANCELLED, SURCHARGE, *missed.FIELDS, *windows.fields(sent)]
    kinds: dict[str, list[str]] = {action: [] for action in ACTIONS}
    for action, name in ACTIONS.items():
        for n in range(_rows_of(sent, name)):
            kind = str(sent.get(f"{name}-{n}-regle", ""))
            kinds[action].append(kind if kind in KINDS else "")
            every.append(kind_field(f"{name}-{n}"))
            if kind in KINDS:
                every += key_fields(f"{name}-{n}", kind)
    filled = windows.closed_up(fill(every, sent))
    rules = {
        action: tuple(
            _rule(f"{ACTIONS[action]}-{n}", kind, filled, getattr(said, action)[n : n + 1])
            for n, kind in enumerate(mine)
            if kind
        )
        for action, mine in kinds.items()
    }
    never = bool(filled.values.get(NEVER_CANCELLED.name))
    periods, missing = windows.read(filled)
    wanted = replace(
        said,
        book=rules["book"],
        cancel=(NEVER,) if never else rules["cancel"] or rules["book"],
        late=rules["late"],
        late_cancel="refused" if never else filled.of(LATE_CANCEL) or said.late_cancel,
        absences=missed.rules(said, filled),
        windows=periods,
        tariffs=_charged(said, bool(rules["late"]), filled.of(SURCHARGE)),
    )
    return Reading(replace(definition, said=wanted), replace(filled, errors={**missing, **filled.errors}))


def _late_of(said: Activity) -> str | None:
    """What a late booking costs, where all the tariffs say the same."""
    found = {tariff.late for tariff in said.tariffs}
    return found.pop() if len(found) == 1 else None


def _charged(said: Activity, late: bool, surcharge: str | None) -> tuple[Tariff, ...]:
    """The tariffs with it: a later limit is there to cost more, and without one nothing does."""
    if not late:
        return tuple(replace(tariff, late=None) for tariff in said.tariffs)
    if surcharge is None or surcharge == _late_of(said):
        return said.tariffs
    return tuple(replace(tariff, late=surcharge) for tariff in said.tariffs)


def _rule(row: str, kind: str, filled: Filled, before: Sequence[Rule]) -> Rule:
    said = {key.name: filled.values.get(f"{row}-{key.name}", key.default) for key in KINDS[kind].KEYS}
    rule: Rule = {"rule": kind} | {name: value for name, value in said.items() if value not in (None, "")}
    if weekdays := filled.values.get(f"{row}-pour"):
        rule["for"] = list(weekdays)
    if before and before[0].get("for") and set(before[0]["for"]) == set(rule.get("for", ())):
        rule["for"] = before[0]["for"]
    return rule


def _where(mistake: Mistake) -> str:
    if mistake.where != "deadlines":
        return windows.where(mistake)
    if mistake.key == "late":
        return SURCHARGE.name
    return f"{ACTIONS[mistake.key]}-0-regle" if mistake.key in ACTIONS else ""


def _known(definition: Definition, site: Site, filled: Filled) -> dict[str, Any]:
    """Of each action its rows, and one more: (title, [(kind, fields)])."""
    titles = {
        "book": "Réserver", "cancel": "Annuler", "late": "Réserver en retard, plus cher",
    }  # fmt: skip
    drawn = []
    for action, name in ACTIONS.items():
        rows = []
        never = name == "annuler" and bool(filled.typed.get(NEVER_CANCELLED.name))
        for n in () if never else range(_rows_of(filled.typed, name) + 1):
            kind = filled.typed.get(f"{name}-{n}-regle", "")
            asked = key_fields(f"{name}-{n}", kind) if kind in KINDS else ()
            rows.append((kind_field(f"{name}-{n}"), asked))
        drawn.append((name, titles[action], rows))
    absences = [missed.fields_of(reason) for reason in missed.WORDS]
    return {
        "drawn": drawn,
        "late_cancel": LATE_CANCEL,
        "never": NEVER_CANCELLED,
        "periods": [windows.fields_of(n) for n in range(windows.rows_of(filled.typed) + 1)],
        "surcharge": SURCHARGE,
        "absences": absences,
    }


def sentences(said: Activity) -> list[tuple[str, str]]:
    """What the règlement will say: « Réserver » and « pour le lundi, jusqu’au jeudi précédent à 12:00 »."""
    starts = _starts(said)
    found, titles = [], {"book": "Réserver", "cancel": "Annuler", "late": "Réserver en retard"}
    for action, title in titles.items():
        rules = deadlines_of(getattr(said, action))
        for whose, until in until_by_weekday(rules, sorted(said.weekdays), starts):
            found.append((title, f"{whose}, {until}." if whose else f"{until}."))
    found += [("Périodes", f"{window_said(window)}.") for window in said.windows]
    if said.keeps_booked:
        found.append(("Annuler", "ce qui est réservé ne s’annule pas."))
    found += [
        ("", text)
        for text in definitions([one.rule for one in deadlines_of((*said.book, *said.cancel, *said.late))])
    ]
    return found


def _starts(said: Activity) -> list[Start]:
    several = len({slot.starts for slot in said.slots}) > 1
    return [Start(slot.name if several else "", slot.starts) for slot in said.slots[: None if several else 1]]


@dataclass(frozen=True, slots=True)
class ExampleDay:
    day: date
    book: datetime | None  # the last minute
    cancel: datetime | None
    never: bool = False  # is it cancelled


def example_week(said: Activity, calendar: SchoolCalendar, today: date) -> list[ExampleDay]:
    """The open days of the next whole week that has some, with the instants that the grid would apply."""
    coming = open_days(
        calendar, timetable(said), None, max(today + timedelta(days=7), said.opens), said.closes
    )
    first = next(coming, None) or next(
        open_days(calendar, timetable(said), None, said.opens, said.closes), None
    )
    if first is None or not said.slots:
        return []
    monday = first - timedelta(days=first.weekday())
    week = open_days(calendar, timetable(said), None, monday, monday + timedelta(days=6))
    return [_example(said, calendar, day) for day in week]


def _example(said: Activity, calendar: SchoolCalendar, day: date) -> ExampleDay:
    book, window = _closes(said, said.book, calendar, day), window_on(said.windows, day)
    if book and window:
        book = min(book, last_minute(window.shut), key=deadlines.utc)
    return ExampleDay(day, book, _closes(said, said.cancel, calendar, day), said.keeps_booked)


def _closes(said: Activity, rules: Sequence[Rule], calendar: SchoolCalendar, day: date) -> datetime | None:
    known = deadlines_of(rules)
    if not covers(known, day):
        return None
    facts = DayFacts(
        said.slots[0].starts,
        lambda other: is_working(calendar, other),
        lambda other: is_school_day(calendar, other, None),
        lambda other: day_of(calendar, timetable(said), None, other).kind is Kind.open,
    )
    return last_minute(deadlines.closing(known, day, facts))


LIMITS = Tab("delais", "Délais", _typed, _read, _where, _known)
