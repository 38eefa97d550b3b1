"""Commune files: what they say, what they refuse, and the demo's year."""

import tomllib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from models.commune_file import Document, WrongFile, parse, read, shipped

ALL = ["lens", "lutins", "lezignan", "alixan", "demo"]
Change = Callable[[dict[str, Any]], object]


def content(name: str) -> dict[str, Any]:
    return tomllib.loads(shipped(name).read_text(encoding="utf-8"))


def parse_changed(name: str, change: Change) -> Document:
    data = content(name)
    change(data)
    return parse(data, f"{name}.toml")


# Reading


@pytest.mark.parametrize("name", ALL)
def test_the_shipped_files_are_right(name: str) -> None:
    assert read(shipped(name)).commune.name


def test_an_absent_file_names_those_that_exist() -> None:
    with pytest.raises(WrongFile, match="alixan, demo, lens"):
        shipped("../lens")


def _till(**values: Any) -> Change:
    """Of the demo's first till; None takes a key away."""

    def change(data: dict[str, Any]) -> None:
        till = data["commune"]["tills"][0] | values
        data["commune"]["tills"][0] = {key: value for key, value in till.items() if value is not None}

    return change


def _of(activity: int, key: str, value: Any) -> Change:
    return lambda data: data["activities"][activity].update({key: value})


def _own_rule(rule: dict[str, str]) -> Change:
    return lambda data: data["commune"].update(rulebook=[rule])


def _tariff(**values: Any) -> Change:
    return lambda data: data["activities"][1]["tariffs"].__setitem__(0, values)


WRONG: list[tuple[str, Change, str]] = [
    ("demo", _till(iban="FR7630004000031234567890144"), "commune.tills[0]: « iban » est mal recopié, sa clé"),
    ("demo", _till(iban="FR76300040000312345678901"), "« iban » n’a pas le bon nombre de caractères"),
    ("demo", _till(iban="compte de la mairie"), "« iban » attendu, un compte d’un pays de la zone SEPA"),
    ("demo", _till(iban="FR76 !"), "« iban » attendu, un IBAN : FR"),
    ("demo", _till(ics="FR73ZZZ123456"), "« ics » attendu, un identifiant créancier SEPA"),
    (
        "demo",
        _till(creditor=None),
        "« creditor » attendu : le prélèvement demande « ics », « iban », « creditor »",
    ),
    ("demo", _till(sepa_format="pain.008.003.02"), "« sepa_format » attendu parmi pain.008.001.08"),
    (
        "lens",
        lambda data: data["departments"][0].update(topics=[]),
        "departments[0]: « topics » attendu, au moins un thème",
    ),
    (
        "lens",
        lambda data: data["departments"][0].update(topics=["Cantine", "Cantine"]),
        "departments[0]: « topics » dit deux fois la même chose",
    ),
    (
        "lens",
        lambda data: data["departments"][0].update(topics=["x" * 101]),
        "« topics » trop long : 100 caractères au plus par thème",
    ),
    (
        "demo",
        lambda data: data["departments"][1].update(code="restauration"),
        "departments[1]: « code » « restauration » est déjà pris",
    ),
    (
        "lens",
        lambda data: data["departments"][0].update(email="la cantine"),
        "departments[0]: « email » attendu une adresse électronique",
    ),
    (
        "lens",
        lambda data: data["departments"][0].update(reply_days=0),
        "departments[0]: « reply_days » attendu en jours ouvrés, au moins 1",
    ),
    (
        "lens",
        _tariff(method="flat", amount="3,40"),
        "activities[1].tariffs[0]: « amount » attendu en centimes",
    ),
    ("lens", _tariff(method="flat", amount=3.4), "activities[1].tariffs[0]: « amount » attendu en centimes"),
    ("lens", _tariff(method="flat"), "activities[1].tariffs[0]: « amount » attendu en centimes"),
    ("lens", _tariff(method="flat", amount=340, price=1), "« price » n’est pas une clé connue"),
    ("lens", _tariff(method="flat", amount=340, slot="gouter"), "« slot » « gouter » n’existe pas"),
    ("lens", _tariff(method="rate", rate=0.36, max=9), "« rate » attendu"),
    ("lens", _tariff(method="rate", rate="0.36", min=100), "« max » attendu, ou « no_quotient »"),
    (
        "lens",
        _tariff(method="brackets", brackets=[{"up_to": 9, "amount": 1}]),
        "dernière tranche sans « up_to »",
    ),
    (
        "lens",
        _tariff(
            method="brackets", brackets=[{"up_to": 9, "amount": 1}, {"up_to": 9, "amount": 2}, {"amount": 3}]
        ),
        "activities[1].tariffs[0].brackets[1]: « up_to » attendu plus grand",
    ),
    (
        "lens",
        _tariff(method="flat", amount=1, **{"from": date(2018, 10, 1)}),
        "un tarif attendu le 2018-09-03",
    ),
    (
        "lens",
        lambda data: data["activities"][1]["tariffs"].append({"method": "flat", "amount": 1}),
        "activities[1].tariffs[1]: attendu plus précis que tariffs[0]",
    ),
    (
        "lens",
        _of(0, "weekdays", ["mon", "lundi"]),
        "activities[0]: « weekdays » attendu, des jours parmi mon, tue",
    ),
    (
        "lens",
        _of(0, "deadlines", {"book": [{"rule": "hours_before", "hours": 2, "for": ["mon"]}]}),
        "activities[0].deadlines: « book » aucune limite pour « tue »",
    ),
    (
        "lens",
        _of(0, "deadlines", {"book": [{"rule": "month_before", "day": 32, "at": "12:00"}]}),
        "« day » attendu un jour du mois",
    ),
    (
        "lens",
        _of(0, "deadlines", {"book": [{"rule": "week_before", "weekday": "wed", "at": "25:00"}]}),
        "activities[0].deadlines.book[0]: « at » attendu, une heure HH:MM",
    ),
    *(
        (
            "lens",
            _of(0, "deadlines", {"book": [{**rule, key: most + 1}]}),
            f"activities[0].deadlines.book[0]: « {key} » attendu {unit}, au plus {most}",
        )
        for rule, key, most, unit in (
            ({"rule": "days_before", "at": "12:00"}, "days", 366, "en jours"),
            ({"rule": "week_before", "weekday": "wed", "at": "12:00"}, "weeks", 52, "en semaines"),
            ({"rule": "hours_before"}, "hours", 8784, "en heures"),
        )
    ),
    ("lens", _of(0, "opens", date(2018, 8, 1)), "« opens » attendu dans l’année scolaire"),
    *(
        ("lens", _own_rule(rule), wrong)
        for rule, wrong in (
            (
                {"title": "Ici", "text": "Là.", "activity": "piscine"},
                "commune.rulebook[0]: « activity » « piscine » n’existe pas",
            ),
            ({"title": "Ici"}, "commune.rulebook[0]: « text » attendu, un texte"),
            ({"title": "Ici", "text": "x" * 5001}, "commune.rulebook[0]: « text » trop long"),
            ({"title": "Ici", "text": "Là.", "texte": "x"}, "« texte » n’est pas une clé connue"),
        )
    ),
    ("lens", _of(0, "till", "piscine"), "activities[0]: « till » « piscine » n’existe pas"),
    ("lens", _of(1, "code", "garderie"), "activities[1]: « code » « garderie » est déjà pris"),
    ("lens", _of(0, "kind", "sport"), "« kind » attendu parmi meal, care, leisure, adult"),
    (
        "lens",
        lambda data: data["activities"][1]["slots"][0].update(care_part=341),
        "« care_part » attendu en centimes",
    ),
    ("lens", lambda data: data["activities"][0]["slots"][0].update(ends="07:00"), "« ends » attendu après"),
    (
        "lens",
        lambda data: data["commune"].update(colour="vert"),
        "commune: « colour » attendu une couleur #RRGGBB",
    ),
    ("lens", lambda data: data["commune"].update(zone="D"), "commune: « zone » attendu parmi A, B, C"),
    ("lens", lambda data: data.pop("commune"), "lens.toml: « commune » attendu, une table"),
    (
        "lens",
        lambda data: data["school_year"].update(weekdays=[]),
        "school_year: « weekdays » attendu, des jours parmi mon",
    ),
    (
        "lens",
        lambda data: data["schools"][0].update(weekdays=["mer"]),
        "schools[0]: « weekdays » attendu, des jours parmi mon",
    ),
    ("lens", lambda data: data.update(extra=1), "lens.toml: « extra » n’est pas une clé connue"),
    (
        "lens",
        lambda data: data["families"][1]["children"][0].update(school="ailleurs"),
        "families[1].children[0]: « school » « ailleurs » n’existe pas",
    ),
    (
        "lens",
        lambda data: data["families"][1]["guardians"][0].update(username="Famille15"),
        "families[1].guardians[0]: « username » « famille15 » est déjà pris",
    ),
    (
        "lens",
        lambda data: data["families"][0]["invoices"][0].update(paid=2311),
        "« paid » attendu en centimes, au plus le montant de la facture (2310)",
    ),
    (
        "lezignan",
        lambda data: data["activities"][0]["groups"][0].update(levels=["PS"]),
        "families[0].children[0]: « activities » aucun groupe de « cantine » ne prend cet enfant",
    ),
    (
        "alixan",
        lambda data: data["families"][0]["children"][0]["activities"].append("cantine"),
        "« cantine » attend d’abord l’adhésion",
    ),
    (
        "demo",
        lambda data: data["families"][5]["children"][0].update(level="CM1"),
        "families[5].children[0]: « level » attendu comme dans l’autre famille",
    ),
]


@pytest.mark.parametrize(("name", "change", "message"), WRONG)
def test_a_mistake_is_told_with_its_key_and_what_was_expected(
    name: str, change: Change, message: str
) -> None:
    with pytest.raises(WrongFile) as error:
        parse_changed(name, change)
    assert str(error.value).startswith(f"{name}.toml: ")
    assert message in str(error.value).replace("\u00a0", " ")
