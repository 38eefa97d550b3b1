"""A form in several steps, each with an address of its own; the screen's own noun keeps what is filled in."""

from dataclasses import dataclass
from typing import Any

from web.components.admin.kit.form import Field


@dataclass(frozen=True, slots=True)
class Step:
    key: str  # as the address says it
    label: str
    fields: tuple[Field[Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Wizard:
    path: str  # « /mairie/activites/nouvelle »
    steps: tuple[Step, ...]

    def step(self, key: str) -> Step | None:
        return next((step for step in self.steps if step.key == key), None)

    def number(self, step: Step) -> int:
        """From 1."""
        return self.steps.index(step) + 1

    def after(self, step: Step) -> Step | None:
        """None after the last."""
        return next(iter(self.steps[self.number(step) :]), None)

    def before(self, step: Step) -> Step | None:
        """None before the first."""
        return next(iter(self.steps[: self.number(step) - 1][::-1]), None)

    def address(self, step: Step) -> str:
        return f"{self.path}/{step.key}"
