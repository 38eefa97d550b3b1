"""What a commune file says of what it publishes, once checked."""

from dataclasses import dataclass
from datetime import date

from models.rules.menus.dishes import Dish


@dataclass(frozen=True)
class News:
    code: str
    title: str
    start: date
    body: str  # Markdown
    end: date | None = None
    summary: str = ""
    urgent: bool = False


@dataclass(frozen=True)
class PublishedDocument:
    code: str
    title: str
    start: date
    name: str  # of its file
    content: bytes
    end: date | None = None
    category: str = ""


@dataclass(frozen=True)
class MenuWeek:
    """One week of a cycle, which is served again and again all year: dishes by weekday, Monday is 0."""

    days: tuple[tuple[int, tuple[Dish, ...]], ...]
