"""What the form of a class event says: as it was sent, whole or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from starlette.datastructures import FormData

from models.activities.facts import ActivityFacts
from models.class_events.affected import Reach
from models.class_events.event_list import SchoolClass
from models.commune.school_year import SchoolYear
from models.french.class_events import KINDS
from models.rules.calendar import days, week
from web.components.admin.kit.form import Lines

WORDS = Lines(
    "mots",
    "Ce que liront les familles",
    hint="Le portail y ajoute les jours annulés et l’avoir de chaque famille.",
    missing="Écrivez aux familles ce qui se passe.",
    longest=600,
    rows=3,
)
ONE_WEEK = timedelta(weeks=1)
MOST_DAYS = 60


@dataclass(frozen=True)
class Asked:
    year: SchoolYear
    all_classes: Sequence[SchoolClass]
    all_activities: Sequence[ActivityFacts]
    today: date
    kind: str
    chosen: frozenset[str]  # classes, as the form sends them
    days: tuple[date, ...]
    activities: frozenset[str]  # codes
    monday: date  # of the week that is shown
    words: str

    @classmethod
    def of(
        cls,
        sent: FormData,
        year: SchoolYear,
        classes: Sequence[SchoolClass],
        activities: Sequence[ActivityFacts],
        today: date,
    ) -> "Asked":
        """Days that are over, and classes that nobody is in, are left out."""
        first, last = max(today, year.starts), year.ends
        found = {day for said in sent.getlist("jour") if (day := _day(said)) and first <= day <= last}
        shown = _day(sent.get("semaine")) or _day(sent.get("lundi")) or min(found, default=first)
        codes = {one.code for one in activities}
        kind = str(sent.get("motif", ""))
        # The first look has everything ticked; afterwards what is not ticked is not sent.
        ticked = codes & set(map(str, sent.getlist("activite"))) if "lundi" in sent else codes
        return cls(
            year,
            classes,
            activities,
            today,
            kind if kind in KINDS else "trip",
            frozenset({one.value for one in classes} & set(map(str, sent.getlist("classe")))),
            tuple(sorted(found)[:MOST_DAYS]),
            frozenset(ticked),
            week(min(max(shown, first), last))[0],
            WORDS.typed(sent),
        )

    @cached_property
    def reach(self) -> Reach:
        return self._reach(self.days)

    @cached_property
    def reach_of_week(self) -> Reach:
        """Of the days that can be chosen in the week that is shown."""
        return self._reach([day for day in self.week if self.is_ahead(day)])

    def _reach(self, some: Sequence[date]) -> Reach:
        pairs = [(one.school, one.level) for one in self.all_classes if one.value in self.chosen]
        every = self.activities == {one.code for one in self.all_activities}
        return Reach(self.year.id, pairs, some, None if every else sorted(self.activities))

    @property
    def week(self) -> list[date]:
        """Monday to Friday, and the weekend where an activity opens then."""
        weekdays = {day for one in self.all_activities for day in one.timetable.weekdays}
        last = max(4, *weekdays) if weekdays else 4
        return list(days(self.monday, self.monday + timedelta(days=last)))

    @property
    def elsewhere(self) -> list[date]:
        """Days chosen in other weeks."""
        return [day for day in self.days if day not in self.week]

    def is_ahead(self, day: date) -> bool:
        return max(self.today, self.year.starts) <= day <= self.year.ends

    @property
    def before(self) -> date | None:
        """The Monday of the week before, where it has a day left."""
        monday = self.monday - ONE_WEEK
        return monday if monday + timedelta(days=6) >= max(self.today, self.year.starts) else None

    @property
    def after(self) -> date | None:
        monday = self.monday + ONE_WEEK
        return monday if monday <= self.year.ends else None

    @property
    def schools(self) -> list[tuple[str, list[SchoolClass]]]:
        """By the school's name."""
        names = list(dict.fromkeys(one.school_name for one in self.all_classes))
        return [(name, [one for one in self.all_classes if one.school_name == name]) for name in names]

    @property
    def errors(self) -> dict[str, str]:
        found = {}
        if not self.chosen:
            found["classes"] = "Cochez au moins une classe."
        if not self.days:
            found["jours"] = "Choisissez au moins un jour."
        if not self.activities:
            found["activites"] = "Cochez au moins une activité."
        if not self.words:
            found[WORDS.name] = WORDS.missing
        elif len(self.words) > WORDS.longest:
            found[WORDS.name] = f"{WORDS.longest} caractères au maximum."
        return found


def _day(said: object) -> date | None:
    try:
        return date.fromisoformat(str(said or ""))
    except ValueError:
        return None
