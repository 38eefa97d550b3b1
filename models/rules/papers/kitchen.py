"""The kitchen's list of a day, as it was at the limit: numbers by school and diet, never a name."""

from dataclasses import dataclass
from datetime import date, datetime

from models.rules.papers.parties import Issuer


@dataclass(frozen=True, slots=True)
class KitchenLine:
    """A school. ValueError when more eat differently than eat."""

    school: str
    expected: int
    diets: tuple[tuple[str, int], ...] = ()  # a word of the commune's list
    allergies: int = 0

    def __post_init__(self) -> None:
        if self.ordinary < 0 or self.allergies > self.expected:
            raise ValueError(f"{self.school}: more diets than meals")

    @property
    def ordinary(self) -> int:
        return self.expected - sum(number for _, number in self.diets)


@dataclass(frozen=True, slots=True)
class KitchenSheet:
    issuer: Issuer
    meal: str  # « Repas de midi »
    activity: str
    day: date
    closed_at: datetime
    issued_on: date  # when it was taken
    lines: tuple[KitchenLine, ...]

    @property
    def expected(self) -> int:
        return sum(line.expected for line in self.lines)

    @property
    def diets(self) -> list[str]:
        """All that somebody has, in the order in which they come."""
        return list(dict.fromkeys(diet for line in self.lines for diet, _ in line.diets))

    @property
    def together(self) -> KitchenLine:
        totals = {diet: sum(dict(line.diets).get(diet, 0) for line in self.lines) for diet in self.diets}
        allergies = sum(line.allergies for line in self.lines)
        return KitchenLine("Ensemble", self.expected, tuple(totals.items()), allergies)
