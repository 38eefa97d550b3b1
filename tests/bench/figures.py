"""A measured figure beside its goal."""

from dataclasses import dataclass

from tests.bench.wire import Answer


@dataclass(frozen=True)
class Figure:
    code: str
    what: str
    value: float
    goal: float
    unit: str = ""
    how: str = "≤"  # ≤ at most, ≥ at least, = exactly
    detail: str = ""

    @property
    def met(self) -> bool:
        if self.how == "=":
            return self.value == self.goal
        return self.value <= self.goal if self.how == "≤" else self.value >= self.goal

    @property
    def hopeless(self) -> bool:
        """Worse than twice its goal; what must be exact has no half."""
        if self.how == "=":
            return not self.met
        return self.value > 2 * self.goal if self.how == "≤" else 2 * self.value < self.goal

    def __str__(self) -> str:
        measured, goal = _said(self.value, self.unit), f"{self.how} {_said(self.goal, self.unit)}"
        verdict = "ok" if self.met else f"missed (goal {goal})"
        return (
            f"{self.code:<4} {self.what:<52} {goal:>11} {measured:>12}  {verdict:<24} {self.detail}".rstrip()
        )


def _said(value: float, unit: str) -> str:
    number = f"{value:.0f}" if value == int(value) or abs(value) >= 100 else f"{value:.1f}"
    return f"{number} {unit}".strip()


@dataclass
class Series:
    """Requests of one kind: how long each took, how many failed, within how long."""

    times: list[float]
    failed: int
    seconds: float
    last: Answer | None = None

    def at(self, share: float) -> float:
        """A percentile, in milliseconds."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else 0.0

    @property
    def median(self) -> float:
        return self.at(0.5)

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds
