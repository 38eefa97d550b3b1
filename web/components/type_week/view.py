"""The words of « Modification avancée »."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from models import french
from models.activities.catalogue import ActivityFacts, SlotFacts
from models.families.household import ChildFacts
from models.french import dates
from models.planning.facts import PlanningFacts
from models.planning.type_week import Periods, Preview, Skipped
from web.components.type_week.entries import read_date

FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Row:
    """A slot of the grid, the weekdays it is meant for, and what a day costs."""

    activity: ActivityFacts
    slot: SlotFacts
    cents: int

    def opens(self, weekday: int) -> bool:
        return weekday in self.activity.timetable.weekdays


def rows(
    facts: PlanningFacts, child: ChildFacts, activities: Iterable[ActivityFacts], day: date
) -> list[Row]:
    return [
        Row(activity, slot, facts.price(child, slot.id, max(day, activity.timetable.opens)).cents)
        for activity in activities
        for slot in activity.slots
    ]


def weekdays(activities: Iterable[ActivityFacts]) -> list[tuple[int, str, str]]:
    """Monday to Friday, and the week-end where something opens: number, « Lu », « lundi »."""
    meant = {weekday for activity in activities for weekday in activity.timetable.weekdays}
    shown = [n for n in range(7) if n <= FRIDAY or n in meant]
    return [(n, dates.WEEKDAYS[n][:2].capitalize(), dates.WEEKDAYS[n]) for n in shown]


def result(preview: Preview) -> str:
    """« 68 réservations, 340,00 €, 3 jours complets (liste d’attente) »."""
    if not preview.picks:
        return "Rien à ajouter"
    said = f"{french.plural(preview.count, 'réservation')}, {french.euros(preview.cents)}"
    return f"{said}, {full(preview.full)} (liste d’attente)" if preview.full else said


def full(count: int) -> str:
    return french.plural(count, "jour complet", "jours complets")


def period(span: tuple[date, date]) -> str:
    """« du 3 au 30 septembre 2018 »."""
    first, last = span
    if first == last:
        return f"le {french.day_and_month(first)} {first.year}"
    if first.year != last.year:
        begins = f"{french.day_and_month(first)} {first.year}"
        return f"du {begins} au {french.day_and_month(last)} {last.year}"
    return f"du {french.period(first, last)} {last.year}"


def choices(offered: Periods) -> list[tuple[str, str, str]]:
    """Of the period: value, words, dates."""
    term = "Jusqu’aux prochaines vacances" if offered.holiday else "Jusqu’à la fin de l’année"
    return [
        ("mois", "Ce mois", period(offered.month)),
        ("vacances", term, period(offered.term)),
        ("annee", "Toute l’année", period(offered.year)),
    ]


def week_of(monday: date) -> str:
    """« du 3 au 7 septembre »."""
    return f"du {french.period(monday, monday + timedelta(days=4))}"


def skipped(one: Skipped) -> tuple[str, str]:
    """Why, and how many days."""
    return SKIPPED.get(one.why) or one.name or "Jour fermé", french.plural(one.days, "jour")


SKIPPED = {
    "late": "Délai passé",
    "full": "Complet, sans liste d’attente",
    "kept": "Déjà réservés ou modifiés, laissés tels quels",
    "membership": "Adhésion à payer d’abord",
    "papers": "Un document est à envoyer d’abord",
    "suspended": "Réservations suspendues, un impayé est à régler",
    "not_yet": "Réservations pas encore ouvertes",
}


def date_field(typed: str) -> tuple[str, str]:
    """Type and value of the field: what is no date stays as it was typed."""
    found = read_date(typed)
    if found is None and typed:
        return "text", typed
    return "date", found.isoformat() if found else ""


def names(first_names: list[str]) -> str:
    """« Juliette et Léo »."""
    return " et ".join(
        [", ".join(first_names[:-1]), first_names[-1]] if len(first_names) > 1 else first_names
    )
