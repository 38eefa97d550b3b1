"""« Tarifs »: a sheet. Its columns are the tariffs; its lines whom they are for, brackets and supplements."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from models.activities.definition.description import Activity, Band, Tariff
from models.activities.definition.mistake import Mistake
from models.activity_file.definition import Definition
from models.activity_file.site import Site
from web.components.admin.activities import words
from web.components.admin.activities.price_cells import (
    Bracket,
    Price,
    PriceCell,
    SurchargeCell,
    amount,
    in_order,
)
from web.components.admin.activities.sheet import Reading, Sent, Tab, part, written
from web.components.admin.kit.form import Choice, Day, Field, Filled, Money, OneOf, Whole, fill

MOST_COLUMNS, MOST_ROWS = 30, 40
LARGEST_QUOTIENT = 99_999
CATEGORY = OneOf("categorie", "Pour", choices=(Choice("", "tous"), *words.choices(words.CATEGORIES)))
START, END = Day("du", "Du"), Day("au", "Au")
ONLY = PriceCell("unique", "Prix ou taux unique")
RANK = Whole("rang", "Réduction à partir de l’enfant n°", least=1, most=20)
REDUCTION = Whole("reduction", "Réduction", least=1, most=100, unit="%")
WITHOUT = Money("sans", "Sans quotient")
UNBOOKED = SurchargeCell("nonreserve", "Présent sans réservation")
LATE = SurchargeCell("retard", "Réservé en retard")
BOTH = "Dites l’enfant et la réduction, ou aucun des deux."
ONE_WAY = "Un prix unique, ou des prix par tranche\u00a0: pas les deux."
LAST = "La dernière tranche attend un prix."


def head(said: Activity) -> tuple[Field[Any], ...]:
    slots = tuple(Choice(slot.code, slot.name) for slot in said.slots)
    slot = OneOf("creneau", "Créneau", choices=(Choice("", "tous"), *slots))
    return (CATEGORY, *([slot] if len(slots) > 1 else []), START, END, ONLY)


FOOT: tuple[Field[Any], ...] = (WITHOUT, RANK, REDUCTION, UNBOOKED, LATE)


def cell(column: int, field: Field[Any]) -> Field[Any]:
    return replace(field, name=f"tarif-{column}-{field.name}")


def price_cell(column: int, row: int) -> PriceCell:
    return PriceCell(f"tarif-{column}-prix-{row}", "Prix")


def bounds(row: int) -> tuple[Whole, Whole]:
    most = LARGEST_QUOTIENT
    return Whole(f"tranche-{row}-de", "De", most=most), Whole(f"tranche-{row}-a", "À", most=most)


@dataclass(frozen=True, slots=True)
class Drawn:
    """How many columns and lines of brackets a sheet has, one to fill in among both."""

    columns: int
    rows: int


def size_of(sent: Sent) -> Drawn:
    columns = [int(found[1]) for name in sent if (found := re.match(r"tarif-(\d{1,2})-", name))]
    rows = [int(found[1]) for name in sent if (found := re.match(r"tranche-(\d{1,2})-", name))]
    return Drawn(
        min(MOST_COLUMNS, max((n + 1 for n in columns), default=0)),
        min(MOST_ROWS, max((n + 1 for n in rows), default=0)),
    )


def _limits(said: Activity) -> list[int | None]:
    """Where a bracket of some tariff ends, the open end last."""
    found = {band.up_to for tariff in said.tariffs for band in tariff.bands}
    if not found:
        return []
    return [*sorted(limit for limit in found if limit is not None), None]


def _typed(definition: Definition, site: Site) -> dict[str, str]:
    said, limits = definition.said, _limits(definition.said)
    found: dict[str, str] = {}
    for row, limit in enumerate(limits):
        before = limits[row - 1] if row else None
        found |= written(
            bounds(row),
            {f"tranche-{row}-de": 0 if before is None else before + 1, f"tranche-{row}-a": limit},
        )
    for column, tariff in enumerate(said.tariffs):
        fields = [cell(column, field) for field in (*head(said), *FOOT)]
        values = {f"tarif-{column}-{key}": value for key, value in _of(tariff).items()}
        found |= written(fields, values)
        for row, limit in enumerate(limits):
            field = price_cell(column, row)
            band = next((band for band in tariff.bands if band.up_to == limit), None)
            price = band and Price(band.amount, band.rate, band.low, band.high)
            found[field.name] = field.written(price) if price else ""
    return found


def _of(tariff: Tariff) -> dict[str, Any]:
    only = None
    if tariff.method != "brackets":
        only = Price(tariff.amount, tariff.rate, tariff.low, tariff.high)
    return {
        "categorie": tariff.category,
        "creneau": tariff.slot,
        "du": tariff.start,
        "au": tariff.end,
        "unique": only,
        "sans": tariff.no_quotient,
        "rang": tariff.child_rank,
        "reduction": tariff.reduction if tariff.child_rank is not None else None,
        "nonreserve": tariff.unbooked,
        "retard": tariff.late,
    }


def _read(sent: Sent, definition: Definition, site: Site) -> Reading:
    said, size = definition.said, size_of(sent)
    every: list[Field[Any]] = [field for row in range(size.rows) for field in bounds(row)]
    for column in range(size.columns):
        every += [cell(column, field) for field in (*head(said), *FOOT)]
        every += [price_cell(column, row) for row in range(size.rows)]
    filled = fill(every, sent)
    errors = dict(filled.errors)
    brackets, wrong = _brackets(filled, size)
    errors |= {f"tranche-{row}-de": text for row, text in wrong.items()}
    tariffs = []
    for column in range(size.columns):
        tariff, flaws = _tariff(column, filled, brackets)
        errors = flaws | errors
        if tariff is not None:
            tariffs.append(tariff)
    if not tariffs:
        errors.setdefault("tarif-0-unique", "Donnez au moins un prix.")
    wanted = replace(said, tariffs=tuple(tariffs))
    return Reading(replace(definition, said=wanted), replace(filled, errors=errors))


def _brackets(filled: Filled, size: Drawn) -> tuple[list[Bracket], dict[int, str]]:
    """The lines that say something, in the order of quotients; one that only has prices is for all the others."""
    said = []
    for row in range(size.rows):
        first, last = (filled.values.get(field.name) for field in bounds(row))
        priced = any(f"tarif-{column}-prix-{row}" in filled.values for column in range(size.columns))
        if first is not None or last is not None or priced:
            said.append(Bracket(row, first, last))
    return in_order(said)


def _tariff(column: int, filled: Filled, brackets: Sequence[Bracket]) -> tuple[Tariff | None, dict[str, str]]:
    """None of an empty column. What is wrong with it, by field."""
    key = f"tarif-{column}"

    of = part(filled, key).get
    only: Price | None = of("unique")
    prices = [(one, of(f"prix-{one.row}")) for one in brackets]
    bands = tuple(
        Band(one.last, price.amount or 0, price.rate, price.low, price.high) for one, price in prices if price
    )
    if only is None and not bands:
        return None, {}
    flaws: dict[str, str] = {}
    if only is not None and bands:
        flaws[f"{key}-unique"] = ONE_WAY
    if bands and bands[-1].up_to is not None and brackets and brackets[-1].last is None:
        flaws[f"{key}-prix-{brackets[-1].row}"] = LAST
    if (of("rang") is None) != (of("reduction") is None):
        flaws[f"{key}-rang"] = BOTH
    method = "brackets" if only is None else "flat" if only.rate is None else "rate"
    tariff = Tariff(
        method=method,
        amount=only.amount if only else None,
        rate=only.rate if only else None,
        low=only.low if only else None,
        high=only.high if only else None,
        bands=bands if only is None else (),
        slot=of("creneau"),
        category=of("categorie"),
        start=of("du"),
        end=of("au"),
        child_rank=of("rang"),
        reduction=of("reduction") or 0,
        no_quotient=None if method == "flat" else of("sans"),
        unbooked=of("nonreserve"),
        late=of("retard"),
    )
    return tariff, flaws


def from_day(definition: Definition, day: date) -> Definition:
    """Each tariff in force on that day twice: until the day before as it is, and from the day on, to be changed."""
    old, new = [], []
    for tariff in definition.said.tariffs:
        if (tariff.start or date.min) >= day or (tariff.end or date.max) < day:
            old.append(tariff)
            continue
        old.append(replace(tariff, end=day - timedelta(days=1)))
        new.append(replace(tariff, start=day))
    return replace(definition, said=replace(definition.said, tariffs=(*old, *new)))


KEYS = {
    "slot": "creneau", "to": "au", "from": "du", "reduction": "reduction", "no_quotient": "sans", "late": "retard",
    "unbooked": "nonreserve", "max": "unique",
}  # fmt: skip


def _where(mistake: Mistake) -> str:
    if mistake.where.startswith("slots") and mistake.key in ("", "care_part"):
        return "tarif-0-unique"  # a day without a price, or one that is less than its care
    found = re.match(r"tariffs\[(\d+)\](?:\.brackets\[(\d+)\])?", mistake.where)
    if not found:
        return ""
    if found[2]:
        return f"tarif-{found[1]}-prix-{found[2]}"
    return f"tarif-{found[1]}-{KEYS.get(mistake.key, 'categorie')}"


def _known(definition: Definition, site: Site, filled: Filled) -> dict[str, Any]:
    size = size_of(filled.typed)
    columns = range(size.columns + 1)
    lines = [(field, [cell(column, field) for column in columns]) for field in head(definition.said)]
    after = [(field, [cell(column, field) for column in columns]) for field in FOOT]
    rows = [(*bounds(row), [price_cell(column, row) for column in columns]) for row in range(size.rows + 1)]
    return {"head": lines, "rows": rows, "foot": after, "columns": list(columns), "amount": amount}


PRICES = Tab("tarifs", "Tarifs", _typed, _read, _where, _known)
