"""A page of the tour: where it is, who looks at it, and what is sent to reach it."""

from dataclasses import dataclass, field
from datetime import date

from tests.tour_town import PARENT

MONDAY = date(2025, 10, 6)


@dataclass(frozen=True)
class Stop:
    name: str
    path: str
    who: str = PARENT
    status: int = 200
    sent: dict[str, str] = field(default_factory=dict)  # a form, whose answer is the page
    form: str = ""  # where that form is, when it is another page

    @property
    def page(self) -> str:
        """What a browser goes to first."""
        return self.form or self.path
