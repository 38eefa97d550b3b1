"""Dishes as a sheet writes them, and the file of menus in the schema of French communes."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime

import pytest

from models.rules.menus.dishes import (
    ALLERGENS,
    Dish,
    DishKind,
    Meal,
    Served,
    UnknownWord,
    WrongName,
    allergen_of,
    dishes_of,
    line_of,
)
from models.rules.menus.scdl import NotAMenu, Publisher, Why, file_of, read, text_of

MAIN = DishKind.MAIN
TOWN = Publisher("Ville de Val-Fleuri", "21389990000016", "38999")
AT = datetime(2025, 9, 22, 8, 0, tzinfo=UTC)
MEAL = Served(
    date(2025, 9, 22),
    (
        Dish(DishKind.STARTER, "Salade, noix", ("fruits à coque", "moutarde")),
        Dish(MAIN, "Omelette « maison »", ("œufs",), ("végétarien",), ("bio",)),
    ),
)

# The schema « menus-collectifs » 1.2.3: whether a column must be filled in, and with what.
SCHEMA: dict[str, tuple[bool, str]] = {
    "menuCollNom": (True, ".+"),
    "menuCollSiret": (True, r"\d{14}"),
    "menuEtablissementNom": (True, ".+"),
    "menuEtablissementSiret": (False, r"\d{14}"),
    "menuRestaurantNom": (True, ".+"),
    "menuRestaurantInsee": (False, r"([013-9]\d|2[AB1-9])\d{3}"),
    "menuRestaurantId": (False, ".+"),
    "menuRestaurantIdType": (True, "SIRET|EN|autre|sans"),
    "menuRestaurantType": (
        True,
        "crèche|maternelle|élémentaire|collège|lycée|université|centre de formation|administration|"
        "résidence sénior|EHPAD|repas à domicile|centre de loisirs|restaurant d'entreprise|autre",
    ),
    "menuRestaurantConvive": (True, ".+"),
    "menuDate": (True, r"\d{4}-\d\d-\d\d"),
    "menuRepasType": (True, "petit-déjeuner|déjeuner|goûter|dîner|collation|pique-nique|autre"),
    "menuPlatType": (True, "entrée|plat principal|garniture|dessert|produit laitier|pain|autre"),
    "menuPlatNom": (True, ".{1,159}"),
    "menuPlatCode": (False, ".{1,15}"),
    "menuPlatSiqo": (False, r"\[.*\]"),
    "menuPlatLabel": (False, ".+"),
    "menuPlatPrecision": (False, ".+"),
    "menuPlatRegime": (False, r"\[.*\]"),
    "menuPlatAllergene": (False, r"\[.*\]"),
    "menuPlatTexture": (False, r"\[.*\]"),
    "menuPlatNutriscore": (False, "[A-E]"),
    "menuPlatPrix": (False, r"\d+(\.\d+)?"),
    "menuPublicationDate": (True, r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
    "menuModificationDate": (False, r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
    "menuModificationInfo": (False, ".+"),
}


def mistakes(text: str) -> list[str]:
    """What a validator of the schema finds."""
    lines = csv.DictReader(io.StringIO(text))
    found = [] if lines.fieldnames == list(SCHEMA) else [f"columns: {lines.fieldnames}"]
    for line in lines:
        for name, (needed, pattern) in SCHEMA.items():
            value = line.get(name) or ""
            if (needed and not value) or (value and not re.fullmatch(pattern, value)):
                found.append(f"{name}: {value}")
            if value.startswith("[") and not all(isinstance(one, str) for one in json.loads(value)):
                found.append(f"{name}: {value}")
    return found


def test_there_are_fourteen_allergens() -> None:
    assert len(ALLERGENS) == 14
    assert all(allergen_of(word) == key for key, said in ALLERGENS.items() for word in (key, said))


@pytest.mark.parametrize(
    ("word", "found"),
    [("Oeuf", "œufs"), ("ŒUFS", "œufs"), ("poissons", "poisson"), ("fruits à coques", "fruits à coque"),
     ("Cereales contenant du gluten", "gluten"), ("lactose", None), ("", None)],
)  # fmt: skip
def test_an_allergen_is_known_however_it_is_written(word: str, found: str | None) -> None:
    assert allergen_of(word) == found


def test_a_line_of_the_sheet_comes_back_as_it_was() -> None:
    for text in (
        "Riz",
        "Filet de colin [poisson, lait]",
        "Colin [poisson] / Omelette [œufs, végétarien, bio]",
    ):
        assert line_of(dishes_of(MAIN, text)) == text
    [dish] = dishes_of(MAIN, "  Dhal   de lentilles [ Végétarien ,CÉLERI, label rouge ]")
    assert dish == Dish(MAIN, "Dhal de lentilles", ("céleri",), ("végétarien",), ("label rouge",))
    assert dishes_of(MAIN, "") == dishes_of(MAIN, " / ") == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Colin [poison]", UnknownWord),
        ("[lait]", WrongName),
        ("=1+1", WrongName),
        ("@SUM(A1)", WrongName),
        ("Colin ] [", WrongName),
        ("Colin [lait", WrongName),
        ("Colin [lait] rôti", WrongName),
        ("x" * 160, WrongName),
        (" / ".join(["Riz"] * 13), WrongName),
    ],
)
def test_what_is_no_dish_is_refused(text: str, wrong: type[Exception]) -> None:
    with pytest.raises(wrong):
        dishes_of(MAIN, text)


def test_the_file_is_valid_and_says_what_the_menu_does() -> None:
    text = file_of([MEAL, Served(date(2025, 9, 23), (), Meal.SNACK)], TOWN, AT)
    assert mistakes(text) == []
    reading = read(text)
    assert (reading.served, reading.refused) == ((MEAL,), ())
    assert '[""fruits à coques"",""moutarde""]' in text


def test_the_check_of_the_schema_can_fail() -> None:
    text = file_of([MEAL], TOWN, AT)
    for wrong in (
        text.replace("21389990000016", "123"),
        text.replace("2025-09-22,", "22/09/2025,"),
        text.replace("menuPlatNom", "plat"),
        text.replace("plat principal", "plat"),
    ):
        assert mistakes(wrong) != []


def of_lines(*lines: str, separator: str = ",") -> str:
    heads = (
        "menuRestaurantNom",
        "menuDate",
        "menuRepasType",
        "menuPlatType",
        "menuPlatNom",
        "menuPlatAllergene",
    )
    return "\r\n".join([separator.join(heads), *lines])


GOOD = "École,2025-09-22,déjeuner,entrée,Salade,moutarde"


@pytest.mark.parametrize(
    ("line", "why", "said"),
    [
        ("École,22/09/2025,déjeuner,dessert,Poire,", Why.DATE, "22/09/2025"),
        ("École,2025-09-31,déjeuner,dessert,Poire,", Why.DATE, "2025-09-31"),
        ("École,2025-09-23,brunch,dessert,Poire,", Why.MEAL, "brunch"),
        ("École,2025-09-23,déjeuner,fromage,Poire,", Why.KIND, "fromage"),
        ("École,2025-09-23,déjeuner,dessert,,", Why.NAME, ""),
        ("École,2025-09-23,déjeuner,dessert,=cmd,", Why.NAME, "=cmd"),
        ("École,2025-09-23,déjeuner,dessert,Poire,noisette", Why.ALLERGEN, "noisette"),
    ],
)
def test_a_bad_line_is_refused_by_its_number_and_reason(line: str, why: Why, said: str) -> None:
    reading = read(of_lines(GOOD, line))
    [refused] = reading.refused
    assert (refused.number, refused.why, refused.said) == (3, why, said)
    assert [one.day for one in reading.served] == [date(2025, 9, 22)]


def test_a_meal_of_which_a_line_is_refused_is_not_served() -> None:
    """What it contains would look complete."""
    reading = read(of_lines(GOOD, "École,2025-09-22,déjeuner,dessert,Gâteau,noisette"))
    assert reading.served == () and [one.day for one in reading.incomplete] == [date(2025, 9, 22)]


def test_separators_lists_and_letters_of_other_programs_are_read() -> None:
    lines = ["École;2025-09-22;Déjeuner;Entrée;Œuf dur;Oeufs, lait", "École;2025-09-22;goûter;pain;Pain;"]
    [lunch, snack] = read(of_lines(*lines, separator=";")).served
    assert lunch.dishes[0].allergens == ("œufs", "lait") and snack.meal is Meal.SNACK
    assert text_of("é".encode("cp1252")) == "é" and text_of(b"\xef\xbb\xbfa") == "a"
    with pytest.raises(NotAMenu):
        text_of(b"PK\0\3")


def test_restaurants_are_told_apart_where_there_are_several() -> None:
    two = read(of_lines(GOOD, GOOD.replace("École", "Centre"))).served
    assert {one.restaurant for one in two} == {"École", "Centre"}
    assert [one.restaurant for one in read(of_lines(GOOD)).served] == [""]


def test_what_is_no_table_of_menus_says_what_it_lacks() -> None:
    with pytest.raises(NotAMenu) as refused:
        read("nom,date\nPoire,2025-09-22")
    assert refused.value.missing == ("menuDate", "menuRepasType", "menuPlatType", "menuPlatNom")
    for text in ("", of_lines(), of_lines(*[GOOD] * 5001), '"' + "x" * 200_000):
        with pytest.raises(NotAMenu):
            read(text)
