"""Menus as French communes publish them: the SCDL schema « menus-collectifs » 1.2.3, a line for each dish.

https://schema.data.gouv.fr/scdl/menus-collectifs/1.2.3/documentation.html
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TypeVar

from models.rules.menus.dishes import (
    ALLERGENS,
    DIETS,
    SIGNS,
    Dish,
    DishKind,
    Meal,
    Served,
    allergen_of,
    is_name,
)

COLUMNS = (
    "menuCollNom", "menuCollSiret", "menuEtablissementNom", "menuEtablissementSiret", "menuRestaurantNom",
    "menuRestaurantInsee", "menuRestaurantId", "menuRestaurantIdType", "menuRestaurantType", "menuRestaurantConvive",
    "menuDate", "menuRepasType", "menuPlatType", "menuPlatNom", "menuPlatCode", "menuPlatSiqo", "menuPlatLabel",
    "menuPlatPrecision", "menuPlatRegime", "menuPlatAllergene", "menuPlatTexture", "menuPlatNutriscore", "menuPlatPrix",
    "menuPublicationDate", "menuModificationDate", "menuModificationInfo",
)  # fmt: skip
NEEDED = ("menuDate", "menuRepasType", "menuPlatType", "menuPlatNom")  # to know what is served when
RESTAURANT = "Restaurant scolaire"
MOST_LINES = 5000
SEPARATORS = ",;\t"
Kind = TypeVar("Kind", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Publisher:
    """The commune, as each line names it."""

    name: str
    siret: str  # 14 figures
    insee: str


class Why(StrEnum):
    """What is wrong with a line."""

    DATE = "date"
    MEAL = "meal"
    KIND = "kind"
    NAME = "name"
    ALLERGEN = "allergen"


@dataclass(frozen=True, slots=True)
class RefusedLine:
    number: int  # in the file; its first line holds the names of the columns
    why: Why
    said: str  # what stands there


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says. A meal of which a line was refused is not served: what it contains would not be known."""

    served: tuple[Served, ...]
    refused: tuple[RefusedLine, ...]
    incomplete: tuple[Served, ...]


class NotAMenu(Exception):
    """Not a table with the columns that a menu needs; `missing` names them. Without any: too long, or no text."""

    def __init__(self, missing: Sequence[str] = ()) -> None:
        super().__init__(*missing)
        self.missing = tuple(missing)


def file_of(meals: Iterable[Served], publisher: Publisher, at: datetime) -> str:
    """The whole file, which the schema finds valid."""
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for served in meals:
        writer.writerows(_line(served, dish, publisher, at) for dish in served.dishes)
    return written.getvalue()


def text_of(content: bytes) -> str:
    """UTF-8, or what Windows wrote. Raises NotAMenu."""
    if b"\0" in content:
        raise NotAMenu
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def read(text: str) -> Reading:
    """Raises NotAMenu."""
    head = text.partition("\n")[0]
    separator = max(SEPARATORS, key=head.count)
    lines = csv.DictReader(io.StringIO(text), delimiter=separator)
    try:
        missing = [name for name in NEEDED if name not in (lines.fieldnames or ())]
        numbered = [(lines.line_num, line) for line in lines if any(line.values())]
    except csv.Error:
        raise NotAMenu from None
    if missing or not numbered or len(numbered) > MOST_LINES:
        raise NotAMenu(missing)
    return _reading([(number, {key: _said(line, key) for key in COLUMNS}) for number, line in numbered])


class _Wrong(Exception):
    def __init__(self, why: Why, said: str) -> None:
        super().__init__(why)
        self.why, self.said = why, said


def _reading(lines: Sequence[tuple[int, Mapping[str, str]]]) -> Reading:
    several = len({line["menuRestaurantNom"] for _, line in lines}) > 1
    meals: dict[tuple[date, str, Meal], list[Dish]] = {}
    refused: list[RefusedLine] = []
    broken: set[tuple[date, str, Meal]] = set()
    for number, line in lines:
        place = None
        try:
            place = _place(line, several)
            meals.setdefault(place, []).append(_dish(line))
        except _Wrong as wrong:
            refused.append(RefusedLine(number, wrong.why, wrong.said))
            if place:
                broken.add(place)
    served = [Served(day, tuple(dishes), meal, where) for (day, where, meal), dishes in meals.items()]
    whole = tuple(one for one in served if one.place not in broken)
    return Reading(whole, tuple(refused), tuple(one for one in served if one.place in broken))


def _said(line: Mapping[str, str | None], key: str) -> str:
    return " ".join((line.get(key) or "").split())


def _place(line: Mapping[str, str], several: bool) -> tuple[date, str, Meal]:
    try:
        day = date.fromisoformat(line["menuDate"])
    except ValueError:
        raise _Wrong(Why.DATE, line["menuDate"]) from None
    meal = _one(Meal, line["menuRepasType"], Why.MEAL)
    return day, line["menuRestaurantNom"][:100] if several else "", meal


def _dish(line: Mapping[str, str]) -> Dish:
    kind, name = _one(DishKind, line["menuPlatType"], Why.KIND), line["menuPlatNom"]
    if not is_name(name):
        raise _Wrong(Why.NAME, name)
    allergens = set()
    for word in _words(line["menuPlatAllergene"]):
        if (allergen := allergen_of(word)) is None:
            raise _Wrong(Why.ALLERGEN, word)
        allergens.add(allergen)
    diets, signs = set(_words(line["menuPlatRegime"])), set(_words(line["menuPlatSiqo"]))
    return Dish(
        kind,
        name,
        tuple(one for one in ALLERGENS if one in allergens),
        tuple(diet for diet in DIETS if diet in diets),
        tuple(key for key, said in SIGNS.items() if said in signs),
    )


def _one(words: type[Kind], said: str, why: Why) -> Kind:
    try:
        return words(said.lower())
    except ValueError:
        raise _Wrong(why, said) from None


def _words(said: str) -> list[str]:
    """A list as the schema writes it, `["lait","soja"]`, or as earlier ones did, « lait;soja »."""
    if said.startswith("["):
        try:
            return [str(word) for word in json.loads(said)]
        except ValueError:
            said = said.strip("[]").replace('"', "")
    return [word.strip() for word in said.replace(",", ";").split(";") if word.strip()]


def _line(served: Served, dish: Dish, publisher: Publisher, at: datetime) -> dict[str, str]:
    return {
        "menuCollNom": publisher.name,
        "menuCollSiret": publisher.siret,
        "menuEtablissementNom": publisher.name,
        "menuRestaurantNom": served.restaurant or RESTAURANT,
        "menuRestaurantInsee": publisher.insee,
        "menuRestaurantIdType": "sans",
        "menuRestaurantType": "autre",
        "menuRestaurantConvive": "tous",
        "menuDate": served.day.isoformat(),
        "menuRepasType": served.meal,
        "menuPlatType": dish.kind,
        "menuPlatNom": dish.name,
        "menuPlatSiqo": _list(SIGNS[sign] for sign in dish.signs),
        "menuPlatRegime": _list(dish.diets),
        "menuPlatAllergene": _list(ALLERGENS[one] for one in dish.allergens),
        "menuPublicationDate": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _list(words: Iterable[str]) -> str:
    said = list(words)
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")) if said else ""
