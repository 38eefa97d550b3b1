"""How a till numbers its invoices: « 1 {yy}{month}{n:04} » gives « 1 16043631 ».

Between braces: `year` (2026), `yy` (26), `month` (01 to 12) and `n`, the rank of the invoice, `n:05` with zeros up to
five digits. All else is written as it is. `n` must be said, and a year where a month is: else a number comes twice.
"""

import re
from dataclasses import dataclass
from datetime import date

LONGEST = 20  # characters: NumeroFacture of a PES V2 file
RANKS_A_YEAR = 999_999

_FIELD = re.compile(r"\{([^{}]*)\}")
_RANK = re.compile(r"n(?::0([1-9])d?)?")


class WrongFormat(ValueError):
    """`field` cannot be understood, or is missing."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class TooLong(ValueError):
    """A year's last number has more than LONGEST characters."""


@dataclass(frozen=True, slots=True)
class NumberFormat:
    parts: tuple[str, ...]  # fields between braces, and what is between them

    @property
    def restarts(self) -> bool:
        """Does each year count from 1 again? Where a number says no year, the count goes on for ever."""
        return "{year}" in self.parts or "{yy}" in self.parts

    def number(self, n: int, issued: date) -> str:
        return "".join(_written(part, n, issued) for part in self.parts)


def number_format_of(text: str) -> NumberFormat:
    """Raises WrongFormat, TooLong."""
    parts = tuple(part for part in re.split(r"(\{[^{}]*\})", text) if part)
    for part in parts:
        field = _FIELD.fullmatch(part)
        if field is None and ("{" in part or "}" in part):
            raise WrongFormat(part)
        if field is not None and field[1] not in ("year", "yy", "month") and not _RANK.fullmatch(field[1]):
            raise WrongFormat(part)
    found = NumberFormat(parts)
    if sum(part.startswith("{n") for part in parts) != 1:
        raise WrongFormat("{n}")
    if "{month}" in parts and not found.restarts:
        raise WrongFormat("{year}")
    if len(found.number(RANKS_A_YEAR, date(2000, 12, 31))) > LONGEST:
        raise TooLong(text)
    return found


def _written(part: str, n: int, issued: date) -> str:
    if part == "{year}":
        return f"{issued:%Y}"
    if part == "{yy}":
        return f"{issued:%y}"
    if part == "{month}":
        return f"{issued:%m}"
    if part.startswith("{n"):
        rank = _RANK.fullmatch(part[1:-1])
        return str(n).zfill(int(rank[1])) if rank and rank[1] else str(n)
    return part
