"""A long list, one page at a time: counted, filtered, sorted and cut by the database, in two questions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from models.storage.database import rows
from models.storage.folding import fold, folded

T = TypeVar("T")
LIKE_MARKS = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


class Name(str):
    """The SQL of a text that is sorted without its capitals and accents, as a directory does."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """Which part of a list: by which of its orders, from which end, which page of how many rows."""

    order: str
    down: bool = False
    page: int = 1
    size: int = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    rows: list[T]
    total: int  # rows on all the pages
    number: int  # the first is 1; the last there is, when a later one was asked for
    size: int

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first_row(self) -> int:
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last_row(self) -> int:
        return self.first_row + len(self.rows) - 1 if self.rows else 0


@dataclass(frozen=True, slots=True)
class Where:
    """Conditions, all of which hold. The texts are ours; what a visitor says is in the values."""

    sql: str = "1 = 1"
    values: tuple[Any, ...] = ()

    def and_also(self, condition: str, *values: Any) -> "Where":
        return Where(f"{self.sql} AND ({condition})", (*self.values, *values))

    def containing(self, text: str, *columns: str) -> "Where":
        """One of the columns contains the text, whatever its capitals and accents."""
        if not text:
            return self
        pattern = f"%{fold(text).translate(LIKE_MARKS)}%"
        tried = " OR ".join(rf"{folded(column)} LIKE ? ESCAPE '\'" for column in columns)
        return self.and_also(tried, *[pattern] * len(columns))


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """What a list reads: its columns, its tables, its orders (each ends on a key, so that no row is on two pages)."""

    columns: str
    source: str  # the tables, joined
    orders: Mapping[str, tuple[str, ...]]
    row: Callable[[dict[str, Any]], T]

    async def page(self, where: Where, cut: Cut) -> Page[T]:
        total = await self.count(where)
        last = max(1, -(-total // cut.size))
        number = min(max(1, cut.page), last)
        found = await self._rows(where, cut, (number - 1) * cut.size)
        return Page(found, total, number, cut.size)

    async def count(self, where: Where) -> int:
        counted = await rows(f"SELECT COUNT(*) AS number FROM {self.source} WHERE {where.sql}", where.values)  # noqa: S608
        return int(counted[0]["number"])

    async def _rows(self, where: Where, cut: Cut, skipped: int) -> list[T]:
        question = (
            f"SELECT {self.columns} FROM {self.source} WHERE {where.sql} "  # noqa: S608
            f"ORDER BY {self._order(cut)} LIMIT {int(cut.size)} OFFSET {int(skipped)}"
        )
        return [self.row(row) for row in await rows(question, where.values)]

    def _order(self, cut: Cut) -> str:
        """An order that is not there is the first one. `down` turns each of its parts round."""
        order = self.orders.get(cut.order) or next(iter(self.orders.values()))
        parts = [folded(part) if isinstance(part, Name) else part for part in order]
        return ", ".join(f"{part} DESC" if cut.down else part for part in parts)
