"""What a commune file says of prices: what it refuses, and what comes back when it is written."""

import tomllib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import tomli_w

from models.commune_file import WrongFile, export, load, parse, read, shipped
from models.families.aid import Aid
from tests.engines import ON_SQLITE
from tests.models.test_commune_file import parse_changed
from tests.models.test_commune_loading import changed

Change = Callable[[dict[str, Any]], object]


def _demo(activity: str, *path: Any, **values: Any) -> Change:
    """Into the activity of this code, or a table further inside."""

    def change(data: dict[str, Any]) -> None:
        found: Any = next(one for one in data["activities"] if one["code"] == activity)
        for step in path:
            found = found[step]
        found.update(values)

    return change


def _till(**values: Any) -> Change:
    return lambda data: data["commune"]["tills"][0].update(values)


def _aid(**values: Any) -> Change:
    return lambda data: data["families"][0]["aids"][0].update(values)


EVENING = ("periscolaire", "slots", 1)
MEALS = ("cantine", "tariffs", 0)
GAMES = ("espace-jeux", "tariffs", 0)
PRICES: list[tuple[str, Change, str]] = [
    ("demo", _demo(*MEALS, "brackets", 1, rate="0.3"), "« amount » n’est pas une clé connue"),
    ("demo", _demo(*MEALS, brackets=[{"rate": 0.3}]), "brackets[0]: « rate » attendu, un texte"),
    (
        "demo",
        _demo(*MEALS, brackets=[{"rate": "0.3", "min": 9, "max": 8}]),
        "« max » attendu au moins « min »",
    ),
    (
        "demo",
        _demo("periscolaire", "tariffs", 0, brackets=[{"up_to": 9, "amount": 1}, {"rate": "0.3"}]),
        "activities[1].tariffs[0].brackets[1]: « max » attendu, ou « no_quotient »",
    ),
    ("demo", _demo(*GAMES, unbooked="10%"), "« unbooked » attendu en centimes, ou en plus du prix"),
    ("demo", _demo(*GAMES, late="+1,5%"), "« late » attendu en centimes, ou en plus du prix"),
    (
        "demo",
        _demo(*MEALS, late="+50%"),
        "activities[0].tariffs[0]: « late » attendu avec « deadlines.late »",
    ),
    (
        "demo",
        _demo("cantine", "deadlines", late=[{"rule": "hours_before", "hours": 1}]),
        "activities[0].deadlines: « late » attendu avec « late » dans un tarif",
    ),
    ("demo", _demo(*EVENING, step=0), "« step » attendu en minutes, au moins 1"),
    ("demo", _demo("periscolaire", "slots", 0, minimum=30), "slots[0]: « minimum » attendu avec « step »"),
    (
        "demo",
        _demo(*EVENING, "late_pickup", after="18:29"),
        "late_pickup: « after » attendu à « ends » ou après",
    ),
    ("demo", _demo(*EVENING, "late_pickup", after="soir"), "late_pickup: « after » attendu, une heure HH:MM"),
    ("demo", _demo(*EVENING, "late_pickup", cents=0), "« cents » attendu en centimes, au moins 1"),
    ("demo", _demo(*EVENING, "late_pickup", each=15), "« each » n’est pas une clé connue"),
    (
        "demo",
        _demo("cantine", "absences", 0, reason="tired"),
        "absences[0]: « reason » attendu parmi sick, strike",
    ),
    (
        "demo",
        _demo("cantine", "absences", 1, reason="sick"),
        "absences[1]: « reason » « sick » est déjà pris",
    ),
    ("demo", _demo("cantine", "absences", 0, credit=101), "« credit » attendu en pour cent, au plus 100"),
    (
        "demo",
        _demo("cantine", "slots", 0, care_part=97),
        "« care_part » attendu en centimes, au plus le prix le plus bas",
    ),
    ("demo", _till(number_format="SCO-{year}"), "« number_format » attendu avec « {n} »"),
    ("demo", _till(number_format="{month}{n}"), "« {year} » manque ou n’est pas compris"),
    ("demo", _till(number_format="une-longue-serie-{n}"), "« number_format » trop long"),
    ("demo", _till(least_invoice=0), "« least_invoice » attendu en centimes, au moins 1"),
    (
        "demo",
        _aid(child="Hugo"),
        "families[0].aids[0]: « child » attendu, le prénom d’un enfant de la famille",
    ),
    ("demo", _aid(activities=["cantine"]), "aids[0]: « activities » « cantine » se paie à la réservation"),
    ("demo", _aid(activities=["judo"]), "« judo » n’existe pas dans ce fichier"),
    ("demo", _aid(to=date(2025, 8, 31)), "« to » attendu le jour de « from » ou après"),
    ("demo", _aid(cents=0), "« cents » attendu en centimes, au moins 1"),
]


@pytest.mark.parametrize(("name", "change", "message"), PRICES)
def test_a_mistake_of_a_price_is_told_with_its_key(name: str, change: Change, message: str) -> None:
    with pytest.raises(WrongFile) as error:
        parse_changed(name, change)
    assert message in str(error.value).replace("\u00a0", " ")


def prices_in_full(data: dict[str, Any]) -> None:
    """What the demo's file does not say yet."""
    meals, games = data["activities"][0], data["activities"][5]
    meals["tariffs"][0]["brackets"][2] = {"up_to": 1400, "rate": "0.3", "min": 300, "max": 410}
    meals["tariffs"][1]["unbooked"] = "+500"
    games["tariffs"][0]["late"] = 300
    games["deadlines"]["late"].append(
        {"rule": "previous_weekday", "weekday": "fri", "at": "18:00", "for": ["sat"]}
    )
    del data["activities"][1]["slots"][1]["late_pickup"]["per"]
    data["activities"][1]["absences"] = [{"reason": "other", "due_days": 2, "credit": 50}]
    data["families"][1]["aids"] = [
        {"funder": "CCAS", "cents": 20, "from": date(2026, 1, 1), "child": "Jules"}
    ]


@ON_SQLITE
async def test_all_that_a_price_may_say_comes_back(db: str) -> None:
    document = changed("demo", prices_in_full)
    await load(document, demo=True)
    again = parse(tomllib.loads(tomli_w.dumps(await export())), "export.toml")
    assert again == document
    assert not (await load(again, demo=True)).new.total()
    ids = await Aid.all().values_list("id", "funder", "cents")
    assert len(ids) == 3
    await load(document, demo=True)
    assert await Aid.all().values_list("id", "funder", "cents") == ids


async def test_a_till_says_what_its_first_invoice_will_be_called_once(db: str) -> None:
    report = await load(read(shipped("demo")), demo=True, dry_run=True)
    assert [flag for flag in report.flags if "facture" in flag] == [
        "Régie scolaire\u00a0: facture n°\u00a01, «\u00a0SCO-2025-00001\u00a0»\u00a0; "
        "les numéros recommencent chaque année.",
        "Régie enfance et loisirs\u00a0: facture n°\u00a01, «\u00a0LOI-2509-0001\u00a0»\u00a0; "
        "les numéros recommencent chaque année.",
    ]
