"""What a cell of the price sheet says: « 4,10 », « 0,36\u00a0% min 1,00 max 5,00 », « +50 % »."""

import re
from dataclasses import dataclass

from models.rules import money
from models.rules.money import grouped
from web.components.admin.kit.form import Field, Text, Wrong

_NUMBER = r"[0-9][0-9\s]*(?:[.,][0-9]{1,2})?"
_RATE = re.compile(
    rf"([0-9]{{1,3}}(?:[.,][0-9]{{1,4}})?)\s?%(?: min ({_NUMBER})\s?€?)?(?: max ({_NUMBER})\s?€?)?"
)
_MORE = re.compile(r"\+\s?([0-9]{1,4})\s?%")


@dataclass(frozen=True, slots=True)
class Price:
    """An amount in cents, or a rate in percent of the quotient with its limits."""

    amount: int | None = None
    rate: str | None = None
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class PriceCell(Field[Price]):
    longest: int = 60

    drawn = "text"

    def read(self, typed: str) -> Price:
        if "%" not in typed:
            return Price(_cents(typed))
        found = _RATE.fullmatch(typed)
        if found is None:
            raise Wrong("Saisissez un prix ou un taux, par exemple 4,10 ou 0,36\u00a0% min 1,00 max 5,00.")
        low, high = (None if part is None else _cents(part) for part in found.groups()[1:])
        return Price(None, found[1].replace(",", "."), low, high)

    def written(self, value: Price) -> str:
        if value.rate is None:
            return amount(value.amount or 0)
        limits = [("min", value.low), ("max", value.high)]
        said = [f"{name} {amount(cents)}" for name, cents in limits if cents is not None]
        return " ".join([f"{value.rate.replace('.', ',')} %", *said])


@dataclass(frozen=True, slots=True)
class SurchargeCell(Text):
    """« 5,00 » instead of the price, « +5,00 » or « +50 % » more: as the commune file writes it."""

    longest: int = 20

    def read(self, typed: str) -> str:
        if found := _MORE.fullmatch(typed):
            return f"+{int(found[1])}%"
        return f"+{_cents(typed[1:])}" if typed.startswith("+") else str(_cents(typed))

    def written(self, value: str) -> str:
        if value.endswith("%"):
            return f"{value[:-1]} %"
        return f"+{amount(int(value[1:]))}" if value.startswith("+") else amount(int(value))


def amount(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"


def _cents(typed: str) -> int:
    try:
        return money.cents(typed)
    except ValueError:
        raise Wrong("Saisissez une somme, par exemple 4,10.") from None


@dataclass(frozen=True, slots=True)
class Bracket:
    """A line of the sheet: quotients from one to another, both included; none: no limit."""

    row: int
    first: int | None
    last: int | None

    @property
    def said(self) -> str:
        if self.last is None:
            return f"«\u00a0{grouped(self.first or 0)} et plus\u00a0»"
        return f"«\u00a0{grouped(self.first or 0)} à {grouped(self.last)}\u00a0»"


def in_order(brackets: list[Bracket]) -> tuple[list[Bracket], dict[int, str]]:
    """From the lowest quotient to the highest, and by line what is wrong: a gap, an overlap, an end.

    A line that does not say where it begins begins where the one before it ends.
    """
    ordered = sorted(brackets, key=lambda one: (one.last is None, one.last or 0, one.first or 0))
    found: list[Bracket] = []
    wrong: dict[int, str] = {}
    for one in ordered:
        before = found[-1] if found else None
        starts = 0 if before is None else (before.last or 0) + 1
        full = Bracket(one.row, starts if one.first is None else one.first, one.last)
        found.append(full)
        if flaw := _flaw(before, full, starts, full.first or 0):
            wrong[one.row] = flaw
    if not wrong and found and (top := found[-1].last) is not None:
        wrong[found[-1].row] = (
            f"Rien n’est dit au-dessus de {grouped(top)}\u00a0: "
            "laissez «\u00a0À\u00a0» vide à la dernière tranche."
        )
    return found, wrong


def _flaw(before: Bracket | None, one: Bracket, starts: int, first: int) -> str:
    """`starts` is where it has to begin, `first` where it does."""
    if before is not None and (before.last is None or first < starts):
        return f"La tranche {before.said} chevauche {one.said}."
    if one.last is not None and one.last < first:
        return f"La tranche {one.said} finit avant de commencer."
    if first > starts:
        between = f"entre {before.said} et {one.said}" if before else f"avant {one.said}"
        return f"Aucune tranche ne va de {grouped(starts)} à {grouped(first - 1)}, {between}."
    return ""
