"""« Simuler les tarifs »: what a family would pay, and a year by other prices; what is typed wrong is said and kept."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

import pytest

from models.activities.activity import Activity
from models.activities.slot import Slot
from models.activities.tariff import Band, Tariff
from models.bookings.booking import Booking
from models.commune.till import Till
from tests.engines import ON_SQLITE
from tests.models.test_price_simulation import DAYS, book_everything
from tests.portal import Client, Portal
from tests.web.checkout import words

PLACE = "/mairie/simulateur"
YEAR = "/mairie/simulateur/annee"
OpenPortal = Callable[..., Awaitable[Portal]]
MEALS = {
    "tarif0-tranche0-limite": "450", "tarif0-tranche0-prix": "1,20", "tarif0-tranche1-limite": "900",
    "tarif0-tranche1-prix": "2,80", "tarif0-tranche2-limite": "1400", "tarif0-tranche2-prix": "4,10",
    "tarif0-tranche3-prix": "5,60", "tarif0-sans-qf": "5,60", "tarif1-prix": "6,80", "tarif2-prix": "1,00",
}  # fmt: skip


@pytest.fixture
async def cashier(portal: OpenPortal) -> Client:
    town = await portal("demo", now="2025-10-06T10:00")
    return await town.client("regie")


async def id_of(code: str) -> str:
    return str((await Activity.get(code=code)).id)


async def family(browser: Client, code: str, **said: str) -> str:
    return words(await browser.get_page(f"{PLACE}?{urlencode({'activite': await id_of(code), **said})}"))


async def year(browser: Client, code: str, said: dict[str, str] | None = None, status: int = 200) -> str:
    return words(
        await browser.get_page(
            f"{YEAR}?{urlencode({'activite': await id_of(code), **(said or {})})}", status=status
        )
    )


async def test_a_family_sees_each_price_with_its_reason(cashier: Client) -> None:
    """10 meals in October: 28,00 for the eldest, 22,40 for the second; of each 0,50 is care."""
    text = await family(cashier, "cantine", quotient="620", enfants="2")
    assert "QF 620, 2 enfants Lundi, mardi, jeudi, vendredi : 10 jours en octobre 2025, 134 jours" in text
    assert "Repas de midi, 1er enfant tranche QF 451 à 900 2,80 € dont garde 0,50 € 28,00 € 375,20 €" in text
    assert "· réduction de 20 % dès le 2e enfant 2,24 € dont garde 0,50 € 22,40 € 300,16 €" in text
    assert "Repas de midi, en tout 5,04 € 50,40 € 675,36 €" in text
    assert "1er enfant part repas 10 2,30 € 23,00 € 1er enfant part garde 10 0,50 € 5,00 €" in text
    assert "À payer 50,40 €" in text
    assert "Présent sans réservation tranche QF 451 à 900 · présent sans réservation : +50 % 4,20 €" in text
    assert "Malade 3 jours au lieu de 8,40 € : 1 jour de carence, justificatif sous 72 h 2,80 €" in text
    assert "Grève 3 jours au lieu de 8,40 € : rien n’est dû 0,00 €" in text


async def test_time_is_priced_by_its_steps_and_an_aid_is_taken_off(cashier: Client) -> None:
    """September has 18 evenings of 4 half-hours, 0,60 each: the aid's 10,00 € are spent there."""
    evening = str((await Slot.get(name="Accueil du soir")).id)
    said = {
        "quotient": "1 100",
        "enfants": "1",
        "creneau": evening,
        "mois": "2025-09",
        "aide": "0,10",
        "plafond": "6",
    }
    text = await family(cashier, "periscolaire", **said)
    assert "1er enfant 72 0,60 € 43,20 € Aide d’un tiers, déduite son plafond est atteint −6,00 €" in text
    assert "À payer 37,20 €" in text
    said |= {"enfants": "2", "mois": "2025-10", "plafond": "20"}
    both = await family(cashier, "periscolaire", **said)  # 18 days before: 14,40; of the 8,00 asked now, 5,60
    assert "2e enfant 40 0,60 € 24,00 € Aide d’un tiers, déduite son plafond est atteint −5,60 €" in both
    assert "À payer 42,40 €" in both
    said |= {"enfants": "1", "mois": "2025-09", "plafond": "6"}
    assert "Parti à 17:00 tranche QF 901 et plus · 2 × 30 min 1,20 €" in text
    assert "Repris à 18:50 5,00 € par 15 minutes commencées 10,00 € en plus" in text
    assert "reportée" not in text
    await Till.all().update(least_invoice=3721)
    assert "moins que le minimum de la régie : cette somme est reportée" in await family(
        cashier, "periscolaire", **said
    )


@ON_SQLITE
async def test_a_later_limit_is_said(cashier: Client) -> None:
    text = await family(cashier, "espace-jeux")
    assert "Réservé après la limite à l’unité · réservation tardive : +50 % 3,00 €" in text


async def test_no_quotient_and_no_tariff(cashier: Client) -> None:
    text = await family(cashier, "cantine", quotient="", enfants="1")
    assert "Quotient non connu, 1 enfant" in text and "tarif sans quotient connu 5,60 €" in text
    await Tariff.filter(activity__code="aines", category="adult").delete()
    assert "tarif" in await family(cashier, "aines")


@ON_SQLITE
async def test_what_is_typed_wrong_is_kept(cashier: Client) -> None:
    page = await cashier.get_page(f"{PLACE}?activite={await id_of('cantine')}&quotient=-5", status=422)
    assert "Saisissez un nombre entier, par exemple 1." in words(page) and 'value="-5"' in page
    for odd in ("activite=x&mois=2031-13&jours=9&creneau=0", "activite=&enfants=2"):
        assert "Prix de chaque créneau" in await cashier.get_page(f"{PLACE}?{odd}")


async def test_a_year_by_other_prices(cashier: Client) -> None:
    await book_everything(*DAYS)
    before = await Tariff.all().values(), await Band.all().values(), await Booking.all().values()
    text = await year(cashier, "cantine")
    assert "Changez un prix" in text and "au lieu de" not in text
    text = await year(cashier, "cantine", MEALS | {"tarif0-tranche0-prix": "1,10", "tarif1-prix": "7,10"})
    assert "de recettes au lieu de" in text and "2 familles paient moins, 1 paie plus" in text.replace(
        " ,", ","
    )
    assert "La plus forte hausse : 0,30 € par jour." in text
    assert "Hors commune 1" in text and "Sans quotient 1" in text
    assert (await Tariff.all().values(), await Band.all().values(), await Booking.all().values()) == before
    answer = await cashier.get(
        f"{YEAR}?{urlencode(MEALS | {'activite': await id_of('cantine'), 'export': 'csv'})}"
    )
    heads, first, *_ = answer.content.decode("utf-8-sig").split("\r\n")
    assert heads == "Tranche;Familles;Jours;Aujourd’hui (€);Simulé (€)"
    assert first.startswith("QF 0 à 450;2;")


async def test_a_bracket_more_and_a_bracket_less(cashier: Client) -> None:
    await book_everything(*DAYS)
    new = {"tarif0-nouvelle-limite": "1000", "tarif0-nouvelle-prix": "3,50"}
    text = await year(cashier, "cantine", MEALS | new)
    assert "QF 901 à 1 000" in text and "QF 1 001 à 1 400" in text
    text = await year(cashier, "cantine", MEALS | {"tarif0-tranche1-limite": ""})
    assert "QF 451 à 1 400" in text and "QF 451 à 900 1" not in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"tarif0-tranche1-prix": "abc"}, "Saisissez une somme, par exemple 16,90 €."),
        ({"tarif0-tranche1-prix": ""}, "Saisissez un prix."),
        ({"tarif0-tranche3-prix": ""}, "Saisissez un prix."),
        ({"tarif0-tranche1-limite": "1500"}, "Les limites doivent augmenter : 1 400 est déjà dépassé."),
        ({"tarif0-tranche1-limite": "9,5"}, "Saisissez un nombre entier, par exemple 1."),
        ({"tarif0-nouvelle-limite": "600"}, "Saisissez un prix."),
        ({"tarif0-nouvelle-prix": "1"}, "Saisissez sa limite."),
    ],
)
async def test_brackets_that_cannot_be_are_refused_where_they_are(
    cashier: Client, typed: dict[str, str], said: str
) -> None:
    text = await year(cashier, "cantine", MEALS | typed, 422)
    assert "Il y a un problème" in text and said in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"tarif0-taux": "beaucoup"}, "Saisissez un pourcentage, par exemple 0,36."),
        ({"tarif0-minimum": "10", "tarif0-maximum": "9"}, "Au moins 10,00 €, le minimum."),
        ({"tarif0-maximum": ""}, "Saisissez un maximum, ou le prix sans quotient."),
    ],
)
async def test_rates_too(cashier: Client, typed: dict[str, str], said: str) -> None:
    shares = {
        "tarif0-taux": "0,45", "tarif0-minimum": "2,50", "tarif0-maximum": "9", "tarif1-taux": "0,9",
        "tarif1-minimum": "5", "tarif1-maximum": "18", "tarif2-prix": "22",
    }  # fmt: skip
    await year(cashier, "mercredis", shares)
    assert said in await year(cashier, "mercredis", shares | typed, 422)


async def test_without_bookings_there_is_nothing_to_compute(cashier: Client) -> None:
    assert "Aucun jour réservé." in await year(cashier, "cantine")
