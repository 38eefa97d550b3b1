"""Dishes as a menu names them, with their allergens; as a sheet writes them in one line, and reads them again.

« Filet de colin [poisson, lait] / Omelette [œufs, végétarien, bio] » are two dishes.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LONGEST_NAME = 159  # letters: the file of menus takes fewer than 160
MOST_DISHES = 12  # of one meal


class DishKind(StrEnum):
    """As the file of menus (SCDL) says it."""

    STARTER = "entrée"
    MAIN = "plat principal"
    SIDE = "garniture"
    DAIRY = "produit laitier"
    DESSERT = "dessert"
    BREAD = "pain"
    OTHER = "autre"


class Meal(StrEnum):
    """As the file of menus (SCDL) says it, in the order of a day."""

    BREAKFAST = "petit-déjeuner"
    LUNCH = "déjeuner"
    PICNIC = "pique-nique"
    SNACK = "goûter"
    COLLATION = "collation"
    DINNER = "dîner"
    OTHER = "autre"


# The fourteen of the European rule 1169/2011: as families read them, and as the file of menus (SCDL) says them.
ALLERGENS: Mapping[str, str] = {
    "gluten": "céréales contenant du gluten",
    "crustacés": "crustacés",
    "œufs": "oeufs",
    "poisson": "poissons",
    "arachide": "arachides",
    "soja": "soja",
    "lait": "lait",
    "fruits à coque": "fruits à coques",
    "céleri": "céleri",
    "moutarde": "moutarde",
    "sésame": "graines de sésame",
    "sulfites": "anhydride sulfureux et sulfites",
    "lupin": "lupin",
    "mollusques": "mollusques",
}
VEGETARIAN = "végétarien"
DIETS = (VEGETARIAN, "végétalien", "sans viande", "sans porc")
ORGANIC = "bio"
# Official signs of quality and origin, by the word of the sheet.
SIGNS: Mapping[str, str] = {
    ORGANIC: "agriculture biologique",
    "AOP": "appellation d'origine protégée",
    "AOC": "appellation d'origine contrôlée",
    "IGP": "indication géographique protégée",
    "STG": "spécialité traditionnelle garantie",
    "label rouge": "label rouge",
}


class UnknownWord(Exception):
    """A word between brackets that is no allergen, no diet and no sign; `word` as it was written."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class WrongName(Exception):
    """A name that is none, or too long; or more than MOST_DISHES dishes."""


@dataclass(frozen=True, slots=True)
class Dish:
    kind: DishKind
    name: str
    allergens: tuple[str, ...] = ()  # keys of ALLERGENS
    diets: tuple[str, ...] = ()  # of DIETS
    signs: tuple[str, ...] = ()  # keys of SIGNS


@dataclass(frozen=True, slots=True)
class Served:
    """A meal of a day: what a menu says. Without dishes, that there is none."""

    day: date
    dishes: tuple[Dish, ...]
    meal: Meal = Meal.LUNCH
    restaurant: str = ""  # none: the same in all of them

    @property
    def place(self) -> tuple[date, str, Meal]:
        return self.day, self.restaurant, self.meal

    @property
    def allergens(self) -> tuple[str, ...]:
        """Of all its dishes, in the order of the European rule."""
        found = {allergen for dish in self.dishes for allergen in dish.allergens}
        return tuple(allergen for allergen in ALLERGENS if allergen in found)

    @property
    def is_vegetarian(self) -> bool:
        """Is there a main dish without meat nor fish?"""
        return any(dish.kind is DishKind.MAIN and VEGETARIAN in dish.diets for dish in self.dishes)


def allergen_of(word: str) -> str | None:
    """By its word or the file's, whatever its accents and whether there are one or several."""
    return _BY_WORD.get(_plain(word))


def is_name(name: str) -> bool:
    """Of a dish, of which no spreadsheet makes a formula."""
    return 0 < len(name) <= LONGEST_NAME and name[0].isalnum()


def dishes_of(kind: DishKind, text: str) -> list[Dish]:
    """What one line of the sheet says. Raises UnknownWord, WrongName."""
    found = [_dish(kind, part) for part in text.split(" / ") if part.strip()]
    if len(found) > MOST_DISHES:
        raise WrongName
    return found


def line_of(dishes: Sequence[Dish]) -> str:
    """As `dishes_of` reads it again."""
    return " / ".join(_written(dish) for dish in dishes)


def _dish(kind: DishKind, text: str) -> Dish:
    found = _LINE.fullmatch(text.strip())
    if found is None and set(text) & set("[]"):
        raise WrongName  # half a list of what it contains is none
    name = " ".join((found["name"] if found else text).split())
    if not is_name(name):
        raise WrongName
    allergens, diets, signs = set(), set(), set()
    for word in filter(None, (one.strip() for one in (found["words"] if found else "").split(","))):
        if allergen := allergen_of(word):
            allergens.add(allergen)
        elif diet := _DIETS.get(_plain(word)):
            diets.add(diet)
        elif sign := _SIGNS.get(_plain(word)):
            signs.add(sign)
        else:
            raise UnknownWord(word)
    return Dish(kind, name, _in_order(ALLERGENS, allergens), _in_order(DIETS, diets), _in_order(SIGNS, signs))


def _written(dish: Dish) -> str:
    words = ", ".join((*dish.allergens, *dish.diets, *dish.signs))
    return f"{dish.name} [{words}]" if words else dish.name


def _in_order(every: Sequence[str] | Mapping[str, str], chosen: set[str]) -> tuple[str, ...]:
    return tuple(one for one in every if one in chosen)


def _plain(word: str) -> str:
    word = word.lower().replace("œ", "oe")
    plain = "".join(one for one in unicodedata.normalize("NFD", word) if not unicodedata.combining(one))
    return " ".join(part.rstrip("s") for part in plain.replace("-", " ").split())


_LINE = re.compile(r"(?P<name>[^\[\]]+)\[(?P<words>[^\[\]]*)\]")
_BY_WORD = {_plain(word): key for key, said in ALLERGENS.items() for word in (key, said)}
_DIETS = {_plain(diet): diet for diet in DIETS}
_SIGNS = {_plain(word): key for key, said in SIGNS.items() for word in (key, said)}
