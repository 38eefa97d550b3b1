"""The price list as the mairie edits it on the screen: fields of each tariff, and the tariffs that they write.

What is edited is only simulated. The names of the fields are those of the address: it can be kept and sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from models.activities.facts import ActivityFacts
from models.french import day_numeric, euros
from models.rules.money import NBSP, grouped
from models.rules.pricing import Band, Tariff
from web.components.admin.kit.form import Field, Filled, Money, Percent, Whole, fill

CATEGORIES = {
    "resident": "habitants",
    "outside": "hors commune",
    "pai": "PAI, panier fourni",
    "occasional": "occasionnel",
    "adult": "adultes",
    "staff": "personnel",
}
HIGHEST_QUOTIENT = 99_999  # whole euros
NO_PRICE = "Saisissez un prix."
GENERAL = "Tarif général"  # of a tariff that fits every slot, category and day
LIMIT, PRICE, RATE, LOW, HIGH, UNKNOWN = "limite", "prix", "taux", "minimum", "maximum", "sans-qf"
PRICES = {LOW: "minimum", HIGH: "maximum"}


@dataclass(frozen=True, slots=True)
class Blank:
    field: Field[Any]
    today: str  # as it is typed


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    said: str  # today's price
    blanks: tuple[Blank, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One tariff."""

    title: str
    rows: tuple[Row, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Typed:
    """`tariffs` is none while something typed is wrong."""

    filled: Filled
    errors: Mapping[str, str]
    tariffs: tuple[Tariff, ...] | None


def sheets_of(activity: ActivityFacts) -> list[Sheet]:
    return [
        Sheet(title_of(activity, tariff), tuple(_rows(n, tariff)), _note(tariff))
        for n, tariff in enumerate(activity.tariffs)
    ]


def read(activity: ActivityFacts, sent: Mapping[str, Any]) -> Typed:
    """An address that names no field of this list is today's prices."""
    blanks = [blank for sheet in sheets_of(activity) for row in sheet.rows for blank in row.blanks]
    if not any(blank.field.name in sent for blank in blanks):
        sent = {blank.field.name: blank.today for blank in blanks}
    filled = fill([blank.field for blank in blanks], sent)
    errors = dict(filled.errors)
    tariffs = [_tariff(n, tariff, filled, errors) for n, tariff in enumerate(activity.tariffs)]
    return Typed(filled, errors, None if errors else tuple(tariffs))


def title_of(activity: ActivityFacts, tariff: Tariff) -> str:
    """« Accueil du soir, hors commune, du 01/06/2026 au 26/06/2026 »."""
    slot = next((slot.name for slot in activity.slots if slot.code == tariff.slot), "")
    dates = f"du {day_numeric(tariff.start)}" if tariff.start else ""
    dates += f"{' ' if dates else ''}au {day_numeric(tariff.end)}" if tariff.end else ""
    category = CATEGORIES.get(tariff.category or "", "")
    said = ", ".join(part for part in (slot, category, dates) if part)
    return f"{said[0].upper()}{said[1:]}" if said else GENERAL


def bracket(tariff: Tariff, place: int) -> str:
    """« 451 à 900 »."""
    lowest = (tariff.bands[place - 1].up_to or 0) + 1 if place else 0
    up_to = tariff.bands[place].up_to
    return f"{grouped(lowest)} et plus" if up_to is None else f"{grouped(lowest)} à {grouped(up_to)}"


def _rows(n: int, tariff: Tariff) -> list[Row]:
    if tariff.method == "flat":
        return [
            Row(
                "Prix unique",
                euros(tariff.amount or 0),
                (_money(f"tarif{n}", PRICE, tariff.amount, NO_PRICE),),
            )
        ]
    unknown = Row(
        "Sans quotient", "" if tariff.no_quotient is None else euros(tariff.no_quotient),
        (_money(f"tarif{n}", UNKNOWN, tariff.no_quotient, hint="Vide\u00a0: le prix le plus élevé."),),
    )  # fmt: skip
    if tariff.method == "rate":
        return [_share(f"tarif{n}", "Taux d’effort", tariff, ()), unknown]
    brackets = [_band(n, tariff, place) for place in range(len(tariff.bands))]
    more = f"tarif{n}-nouvelle"
    return [*brackets, Row("Nouvelle tranche", "", (_limit(more, None), _money(more, PRICE, None))), unknown]


def _band(n: int, tariff: Tariff, place: int) -> Row:
    band, name = tariff.bands[place], f"tarif{n}-tranche{place}"
    limit = () if band.up_to is None else (_limit(name, band.up_to),)
    if band.rate is not None:
        return _share(name, bracket(tariff, place), band, limit)
    needed = NO_PRICE if band.up_to is None else ""
    return Row(bracket(tariff, place), euros(band.cents), (*limit, _money(name, PRICE, band.cents, needed)))


def _share(name: str, label: str, said: Tariff | Band, limit: tuple[Blank, ...]) -> Row:
    rate = Percent(f"{name}-{RATE}", "% du quotient", missing="Saisissez un pourcentage.")
    today = (said.rate or "").replace(".", ",")
    blanks = (Blank(rate, today), _money(name, LOW, said.low), _money(name, HIGH, said.high))
    return Row(label, f"{today}{NBSP}%", (*limit, *blanks))


def _limit(name: str, up_to: int | None) -> Blank:
    field = Whole(f"{name}-{LIMIT}", "Jusqu’à (QF)", most=HIGHEST_QUOTIENT)
    return Blank(field, "" if up_to is None else str(up_to))


def _money(name: str, what: str, cents: int | None, missing: str = "", hint: str = "") -> Blank:
    field = Money(f"{name}-{what}", PRICES.get(what, "Prix").capitalize(), hint, missing)
    return Blank(field, "" if cents is None else field.written(cents))


def _note(tariff: Tariff) -> str:
    if tariff.child_rank is None or not tariff.reduction:
        return ""
    who = "premier" if tariff.child_rank == 1 else f"{tariff.child_rank}e"
    return f"Dès le {who} enfant{NBSP}: −{tariff.reduction}{NBSP}%."


def _tariff(n: int, tariff: Tariff, filled: Filled, errors: dict[str, str]) -> Tariff:
    """As it is typed; what is wrong with it goes into `errors`."""
    values = filled.values
    if tariff.method == "flat":
        return replace(tariff, amount=values.get(f"tarif{n}-{PRICE}"))
    unknown = values.get(f"tarif{n}-{UNKNOWN}")
    if tariff.method == "rate":
        limits = _limits(f"tarif{n}", values, errors)
        if unknown is None and limits[1] is None:
            errors.setdefault(f"tarif{n}-{HIGH}", "Saisissez un maximum, ou le prix sans quotient.")
        return replace(
            tariff, rate=values.get(f"tarif{n}-{RATE}"), low=limits[0], high=limits[1], no_quotient=unknown
        )
    bands = [
        found
        for place, band in enumerate(tariff.bands)
        if (found := _typed_band(f"tarif{n}-tranche{place}", band, values, errors))
    ]
    _put_new(f"tarif{n}-nouvelle", bands, values, errors)
    last = tariff.bands[-1]
    if last.rate is not None and bands and bands[-1].high is None and unknown is None:
        errors.setdefault(f"tarif{n}-tranche{len(tariff.bands) - 1}-{HIGH}", "Saisissez un maximum.")
    return replace(tariff, bands=tuple(bands), no_quotient=unknown)


def _typed_band(name: str, band: Band, values: Mapping[str, Any], errors: dict[str, str]) -> Band | None:
    """None where its limit was emptied: the bracket goes, its quotients are the next one's."""
    up_to = values.get(f"{name}-{LIMIT}")
    if band.up_to is not None and up_to is None:
        return None
    if band.rate is not None:
        return Band(up_to, 0, values.get(f"{name}-{RATE}"), *_limits(name, values, errors))
    cents = values.get(f"{name}-{PRICE}")
    if cents is None:
        errors.setdefault(f"{name}-{PRICE}", NO_PRICE)
    return Band(up_to, cents or 0)


def _limits(name: str, values: Mapping[str, Any], errors: dict[str, str]) -> tuple[int | None, int | None]:
    low, high = values.get(f"{name}-{LOW}"), values.get(f"{name}-{HIGH}")
    if low is not None and high is not None and low > high:
        errors.setdefault(f"{name}-{HIGH}", f"Au moins {euros(low)}, le minimum.")
    return low, high


def _put_new(name: str, bands: list[Band], values: Mapping[str, Any], errors: dict[str, str]) -> None:
    up_to, cents = values.get(f"{name}-{LIMIT}"), values.get(f"{name}-{PRICE}")
    if up_to is not None and cents is None:
        errors.setdefault(f"{name}-{PRICE}", NO_PRICE)
    elif up_to is None and cents is not None:
        errors.setdefault(f"{name}-{LIMIT}", "Saisissez sa limite.")
    elif up_to is not None and cents is not None:
        place = next(
            (n for n, band in enumerate(bands) if band.up_to is None or band.up_to > up_to), len(bands)
        )
        bands.insert(place, Band(up_to, cents))
    for before, band in pairwise(bands):
        if band.up_to is not None and (before.up_to or 0) >= band.up_to:
            errors.setdefault(
                f"{name}-{LIMIT}",
                f"Les limites doivent augmenter{NBSP}: {grouped(band.up_to)} est déjà dépassé.",
            )


def today_of(sheets: Sequence[Sheet]) -> dict[str, str]:
    return {blank.field.name: blank.today for sheet in sheets for row in sheet.rows for blank in row.blanks}
