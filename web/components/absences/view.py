"""The days that can be told, as boxes: by child, by day, by slot, and one box for a whole day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from models.checkout.absences import Choice, Told
from models.families.household import ChildFacts
from models.french import euros
from models.planning.cell_words import NEVER
from models.rules.absences import Outcome

NAMES = {"sick": "Maladie", "strike": "Grève", "trip": "Sortie scolaire", "other": "Autre"}


@dataclass(frozen=True, slots=True)
class Box:
    choice: Choice
    value: str
    ticked: bool = False

    @property
    def says(self) -> str:
        return _says(self.choice, self.choice.cents)

    @property
    def kind(self) -> str:
        return _kind(self.choice.outcome)


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    boxes: tuple[Box, ...]
    ticked: bool = False  # the box of the whole day

    @property
    def open(self) -> list[Box]:
        return [box for box in self.boxes if box.choice.outcome]

    @property
    def value(self) -> str:
        return ",".join(box.value for box in self.open)

    @property
    def says(self) -> str:
        """Of the whole day; its parts say what differs."""
        cents = sum(box.choice.cents for box in self.open)
        if len({self._saying(box) for box in self.open}) == 1:
            return _says(self.open[0].choice, cents)
        return f"En tout, un avoir de {euros(cents)}" if cents else ""

    @property
    def kind(self) -> str:
        kinds = {box.kind for box in self.open}
        return kinds.pop() if len(kinds) == 1 else ""

    @staticmethod
    def _saying(box: Box) -> str:
        return _says(box.choice, 1)

    def ticking(self, chosen: set[frozenset[str]]) -> "Day":
        """Keep what was ticked, even where what a box promises has changed meanwhile."""
        boxes = tuple(replace(box, ticked=_cells(box.value) in chosen) for box in self.boxes)
        return replace(self, boxes=boxes, ticked=len(self.open) > 1 and _cells(self.value) in chosen)


@dataclass(frozen=True, slots=True)
class View:
    children: tuple[tuple[ChildFacts, tuple[Day, ...]], ...]
    today: date
    first: date
    last: date
    more: bool

    @classmethod
    def of(
        cls,
        choices: Sequence[Choice],
        children: Iterable[ChildFacts],
        today: date,
        first: date,
        last: date,
        more: bool,
    ) -> "View":
        found = []
        for child in children:
            mine = [one for one in choices if one.child.id == child.id]
            days = tuple(Day(day, _boxes(group)) for day, group in groupby(mine, key=lambda one: one.day))
            if days:
                found.append((child, days))
        return cls(tuple(found), today, first, last, more)

    @property
    def open(self) -> bool:
        """Is there anything to tick?"""
        return any(day.open for _, days in self.children for day in days)

    @property
    def following(self) -> date | None:
        return self.last + timedelta(days=1) if self.more else None

    @property
    def previous(self) -> date | None:
        length = self.last - self.first + timedelta(days=1)
        return max(self.today, self.first - length) if self.first > self.today else None

    def preticked(self, day: date, child: int | None) -> "View":
        """The link named a day, and perhaps a child."""
        meant = [
            one.value
            for facts, days in self.children
            for one in days
            if one.day == day and one.open and child in (None, facts.id)
        ]
        return self.ticking(meant)

    def ticking(self, values: Iterable[str]) -> "View":
        chosen = {_cells(value) for value in values}
        return replace(
            self,
            children=tuple(
                (child, tuple(day.ticking(chosen) for day in days)) for child, days in self.children
            ),
        )


def _says(choice: Choice, cents: int) -> str:
    """Before it is told."""
    outcome = choice.outcome
    if outcome is None:
        return "Absence déjà signalée"
    if outcome == "credited":
        return f"Dans les délais\u00a0: {f'un avoir de {euros(cents)}' if cents else 'rien à payer'}"
    if outcome == "unbilled":
        return "Dans les délais\u00a0: ce jour ne sera pas facturé"
    if outcome == "asked":
        return "La mairie vous répondra"
    return f"{NEVER} Ce jour reste facturé" if choice.never else "Hors délai\u00a0: ce jour reste facturé"


def _kind(outcome: Outcome | None) -> str:
    if outcome in ("credited", "unbilled"):
        return "good"
    return "late" if outcome in ("late", "kept") else ""


def _boxes(choices: Iterable[Choice]) -> tuple[Box, ...]:
    return tuple(Box(one, str(one.promise) if one.outcome else "") for one in choices)


def _cells(value: str) -> frozenset[str]:
    return frozenset(promise.partition(":")[0] for promise in value.split(",")) - {""}


def became(one: Told) -> str:
    """After it was told."""
    if one.outcome == "credited":
        return f"avoir de {euros(one.cents)}" if one.cents else "annulé, rien à payer"
    return {
        "unbilled": "ne sera pas facturé",
        "asked": "la mairie vous répondra",
        "late": "annulé hors délai, reste facturé",
        "kept": "la réservation reste facturée",
    }[one.outcome]
