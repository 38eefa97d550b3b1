"""A table of a commune file, read key by key. A mistake is told with its key and what was expected."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from models.french import quoted
from models.rules.deadlines import PARIS, WEEKDAYS, minutes

REQUIRED: Any = object()


class WrongFile(Exception):
    """A commune file that cannot be used. Its text is for the person who wrote the file."""

    def __init__(self, file: str, key: str, expected: str) -> None:
        super().__init__(file, key, expected)
        self.file, self.key, self.expected = file, key, expected

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.key, self.expected) if part)


class Table:
    """Ask for each key, then say `done()`: a key that nobody asked for is a mistake of the file."""

    def __init__(self, values: dict[str, Any], file: str, path: str) -> None:
        self.values, self.file, self.path = values, file, path
        self.asked: set[str] = set()

    def wrong(self, key: str, expected: str) -> WrongFile:
        return WrongFile(self.file, self.path, f"{quoted(key)} {expected}")

    def done(self) -> None:
        for key in self.values:
            if key not in self.asked:
                known = ", ".join(sorted(self.asked))
                raise self.wrong(key, f"n’est pas une clé connue ici (attendu\u00a0: {known})")

    def has(self, key: str) -> bool:
        return key in self.values

    def text(self, key: str, default: Any = REQUIRED, *, longest: int = 200) -> Any:
        value = self._get(key, default, "attendu, un texte")
        if value is default and key not in self.values:
            return value
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, "attendu, un texte")
        if len(value) > longest:
            raise self.wrong(key, f"trop long\u00a0: {longest} caractères au plus")
        return value

    def matching(self, key: str, pattern: str, expected: str, default: Any = REQUIRED) -> Any:
        value = self.text(key, default)
        if value is not default and not re.fullmatch(pattern, value):
            raise self.wrong(key, f"attendu {expected}")
        return value

    def choice(self, key: str, options: Sequence[str], default: Any = REQUIRED) -> Any:
        expected = f"attendu parmi {', '.join(options)}"
        value = self._get(key, default, expected)
        if value is not default and value not in options:
            raise self.wrong(key, expected)
        return value

    def flag(self, key: str, default: bool) -> bool:
        value = self._get(key, default, "")
        if not isinstance(value, bool):
            raise self.wrong(key, "attendu true ou false")
        return value

    def whole(
        self,
        key: str,
        default: Any = REQUIRED,
        *,
        least: int = 0,
        most: int | None = None,
        what: str = "en nombre entier",
    ) -> Any:
        value = self._get(key, default, f"attendu {what}")
        if value is default and key not in self.values:
            return value
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(key, f"attendu {what}")
        if value < least:
            raise self.wrong(key, f"attendu {what}, au moins {least}")
        if most is not None and value > most:
            raise self.wrong(key, f"attendu {what}, au plus {most}")
        return value

    def cents(self, key: str, default: Any = REQUIRED, *, least: int = 0) -> Any:
        return self.whole(key, default, least=least, what="en centimes")

    def day(self, key: str, default: Any = REQUIRED) -> Any:
        value = self._get(key, default, "attendu, une date AAAA-MM-JJ")
        if value is default and key not in self.values:
            return value
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.wrong(key, "attendu, une date AAAA-MM-JJ")
        return value

    def moment(self, key: str, default: Any = None) -> Any:
        """A day with its hour; without an offset it is Paris time."""
        expected = "attendu, une date et une heure AAAA-MM-JJTHH:MM:SS"
        value = self._get(key, default, expected)
        if value is None:
            return None
        if not isinstance(value, datetime):
            raise self.wrong(key, expected)
        return (value if value.tzinfo else value.replace(tzinfo=PARIS)).astimezone(PARIS)

    def clock(self, key: str) -> int:
        """Minutes after midnight of "HH:MM"."""
        value = self.text(key)
        try:
            return minutes(value)
        except ValueError:
            raise self.wrong(key, "attendu, une heure HH:MM") from None

    def words(self, key: str, default: Any = REQUIRED) -> Any:
        """A list of texts, none twice."""
        value = self._get(key, default, "attendu, une liste de textes")
        if value is default and key not in self.values:
            return value
        if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
            raise self.wrong(key, "attendu, une liste de textes")
        if len(set(value)) != len(value):
            raise self.wrong(key, "dit deux fois la même chose")
        return tuple(value)

    def weekdays(self, key: str, default: Any = REQUIRED) -> Any:
        """A list of days as the file writes them; `numbers` makes them 0 for Monday to 6."""
        words = self.words(key, default)
        if words is not default and (not words or not set(words) <= set(WEEKDAYS)):
            raise self.wrong(key, f"attendu, des jours parmi {', '.join(WEEKDAYS)}")
        return words

    def table(self, key: str) -> "Table":
        value = self._get(key, REQUIRED, "attendu, une table")
        if not isinstance(value, dict):
            raise self.wrong(key, "attendu, une table")
        return Table(value, self.file, self._join(key))

    def tables(self, key: str, *, required: bool = False) -> list["Table"]:
        value = self._get(key, REQUIRED if required else [], "attendu, une liste de tables")
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise self.wrong(key, "attendu, une liste de tables")
        if required and not value:
            raise self.wrong(key, "attendu, au moins une ligne")
        return [Table(row, self.file, f"{self._join(key)}[{n}]") for n, row in enumerate(value)]

    def _get(self, key: str, default: Any, expected: str) -> Any:
        self.asked.add(key)
        value = self.values.get(key, default)
        if value is REQUIRED:
            raise self.wrong(key, expected)
        return value

    def _join(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def numbers(days: Sequence[str]) -> tuple[int, ...]:
    return tuple(sorted(WEEKDAYS.index(day) for day in days))


def unique(tables: Sequence[Table], key: str, value: Callable[[Table], Any] | None = None) -> None:
    """Refuse two rows of the same code."""
    seen: set[Any] = set()
    for table in tables:
        found = value(table) if value else table.values.get(key)
        if found in seen:
            raise table.wrong(key, f"{quoted(found)} est déjà pris plus haut")
        seen.add(found)
