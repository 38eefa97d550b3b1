"""A table of the mairie: what can be asked of it, read from the address, and written back into its links.

`?tri=-jour&page=2&recherche=roux&objet=annulation` is a whole state of the screen: it can be kept, sent and printed.
What an address says and the table does not know is as if it were not said.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby, islice
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from models.storage.paging import Cut
from web.components.admin.kit.form import NOTHING, Choice, Day, Field, Filled, fill
from web.http.forms import whole

T = TypeVar("T")
LONGEST_SEARCH = 80
MOST = 100  # lines of one click: a page has no more
EVERYTHING = 10_000  # rows of a file: no table of a commune has more to say at once


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    label: str
    order: str = ""  # the read model's name of the order; none: this column does not sort
    figures: bool = False  # aligned at their end


@dataclass(frozen=True, slots=True)
class Filter:
    """One of these choices; the first when nothing is said."""

    key: str
    label: str
    choices: tuple[Choice, ...]
    narrows: bool = True  # false: its choices are lists beside each other, and not a part of the first

    def read(self, said: str) -> str:
        return said if said in [choice.value for choice in self.choices] else self.choices[0].value


@dataclass(frozen=True, slots=True)
class Table:
    path: str
    columns: tuple[Column, ...]
    sort: str  # as the address says it: « jour », or « -jour » for the last first
    filters: tuple[Filter, ...] = ()
    search: str = ""  # the label of the field; none: there is no search
    asks: tuple[Field[Any], ...] = ()  # what the form of the search asks beside it
    size: int = 50

    def read(self, said: Mapping[str, str]) -> "View":
        sort, down = self._sorted(said.get("tri", "")) or self._sorted(self.sort) or (self.columns[0], False)
        return View(
            table=self,
            sort=sort,
            down=down,
            page=max(1, whole(said.get("page")) or 1),
            chosen={one.key: one.read(said.get(one.key, "")) for one in self.filters},
            search=_text(said.get("recherche", "")) if self.search else "",
            filled=fill(self.asks, said),
        )

    def _sorted(self, said: str) -> tuple[Column, bool] | None:
        key = said.removeprefix("-")
        found = next((column for column in self.columns if column.order and column.key == key), None)
        return (found, said.startswith("-")) if found else None


@dataclass(frozen=True, slots=True)
class View:
    """A table as an address asks for it."""

    table: Table
    sort: Column
    down: bool = False
    page: int = 1
    chosen: Mapping[str, str] = field(default_factory=dict)
    search: str = ""
    filled: Filled = NOTHING

    @property
    def cut(self) -> Cut:
        return Cut(self.sort.order, self.down, self.page, self.table.size)

    @property
    def whole(self) -> Cut:
        """For a file: every row."""
        return replace(self.cut, page=1, size=EVERYTHING)

    @property
    def narrowed(self) -> bool:
        """Is there less to see than without filters?"""
        narrowing = [one for one in self.table.filters if one.narrows]
        asked = self.search or any(
            not isinstance(one, Day) and self.filled.of(one) for one in self.table.asks
        )
        return bool(asked) or any(self.chosen[one.key] != one.choices[0].value for one in narrowing)

    def said(self) -> dict[str, str]:
        """What the address says: nothing of what is usual."""
        usual = self.table.read({})
        told = {key: value for key, value in self.chosen.items() if value != usual.chosen[key]}
        if self.search:
            told["recherche"] = self.search
        for asked in self.table.asks:
            if (value := self.filled.of(asked)) is not None:
                told[asked.name] = asked.written(value)
        if (self.sort, self.down) != (usual.sort, usual.down):
            told["tri"] = f"{'-' * self.down}{self.sort.key}"
        return told | ({"page": str(self.page)} if self.page > 1 else {})

    @property
    def address(self) -> str:
        return self.with_(**self.said())

    def with_(self, **said: str) -> str:
        """An address of this table that says this and nothing else."""
        asked = urlencode({key: value for key, value in said.items() if value})
        return f"{self.table.path}?{asked}" if asked else self.table.path

    def and_(self, **said: str) -> str:
        """This address, and this too."""
        return self.with_(**(self.said() | said))

    def of_page(self, number: int) -> str:
        return replace(self, page=number).address

    def choosing(self, key: str, value: str) -> str:
        return replace(self, chosen={**self.chosen, key: value}, page=1).address

    def sorted_by(self, column: Column) -> str:
        """A second click on the same column turns it round."""
        return replace(self, sort=column, down=column == self.sort and not self.down, page=1).address

    def direction(self, column: Column) -> str:
        """As `aria-sort` says it."""
        return ("descending" if self.down else "ascending") if column == self.sort else ""

    def kept(self) -> dict[str, str]:
        """Hidden fields of the form that searches: what it does not ask itself."""
        own = ("recherche", "page", *(one.name for one in self.table.asks))
        return {key: value for key, value in self.said().items() if key not in own}


def grouped(lines: list[T], key: Callable[[T], object]) -> list[tuple[T, list[T]]]:
    """Neighbours with the same key, each group with its first: the bands of a table."""
    groups = [list(found) for _, found in groupby(lines, key)]
    return [(group[0], group) for group in groups]


def ids(said: Iterable[Any]) -> list[int]:
    """The rows that a form or an address names."""
    return [id for id in map(whole, islice(said, MOST)) if id]


def came_from(sent: Mapping[str, Any]) -> dict[str, str]:
    """What the address said when a form of the page was drawn: each of them sends it back as « retour »."""
    return dict(parse_qsl(str(sent.get("retour", "")).partition("?")[2]))


def _text(said: str) -> str:
    printable = "".join(letter for letter in said if letter.isprintable())
    return " ".join(printable.split())[:LONGEST_SEARCH]
