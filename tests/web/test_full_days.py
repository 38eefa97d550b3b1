"""What a tick really comes to: a rank that costs nothing, a cancellation that is only asked for, one that is too late,
a limit that is one activity's, an activity that is not open yet, a day that can no longer be given back."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest

from models.activities.opening import Opening
from models.bookings.family_request import FamilyRequest
from models.rules.deadlines import PARIS
from tests.portal import Portal
from tests.web.checkout import RECAP, Parent, hear_the_bank, parent, words
from tests.web.grid import cell, element, names, plain, tick
from tests.web.test_planning_cell import said

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

MEAL, DAY = "Rest Sco Pré Paiement 2018-2019", "2018-09-06"
SEPTEMBER = "/planning?vue=mois&debut=2018-09-01&modifier=1"
OpenPortal = Callable[..., Awaitable[Portal]]


def waiting_list(file: dict[str, Any]) -> None:
    file["activities"][1] |= {"waiting_list": True, "groups": [{"code": "tous", "name": "Tous", "places": 1}]}
    file["families"][1].pop("account")


@pytest.fixture
async def full(portal: OpenPortal) -> Parent:
    """A town whose meal of that day has no place left."""
    town = await portal("lens", now="2018-08-27T10:00:00", change=waiting_list)
    await Opening.filter(day=DAY).update(places=0)
    return await parent(town, "famille15")


def named(page: str, slot: str, day: str) -> str:
    return next(name for name in names(page) if slot in name and day in name)


async def test_a_tick_on_a_full_day_is_a_rank_and_costs_nothing_from_then_on(full: Parent) -> None:
    page = await full.browser.get_page(SEPTEMBER)
    before = named(page, MEAL, "jeudi 6")
    assert "complet : liste d’attente, rang 1" in words(before) and "libre" not in before
    assert "0,00 € tant qu’aucune place ne se libère, ensuite 3,40 €, à l’unité." in words(before)
    answer = await tick(full.browser, "Chloé", MEAL, DAY)
    key = await cell("Chloé", MEAL, DAY)
    drawn = element(answer, f"cell-{key}")
    assert 'data-s="waiting" data-draft' in drawn and "checked" in drawn
    assert "liste d’attente, rang 1, sélection non validée. 0,00 € tant" in words(drawn)
    assert f"{MEAL}, jeudi 6 septembre : liste d’attente, rang 1. Total 0,00 €" in words(answer).replace(
        ", sélection non validée. Total", ". Total"
    )
    assert "0,00\u00a0€" in element(answer, "cost")
    assert "0,00\u00a0€" in element(answer, f"total-{key[: -len(DAY) - 1]}-2018-09-01")
    bar = words(element(answer, "panier"))
    assert "0 réservation" in bar and "1 en liste d’attente" in bar and "0,00 €" in bar
    text = await said(full.browser, "Chloé", MEAL, DAY)
    assert "Liste d’attente, rang 1, sélection non validée" in text and "Chloé n’est pas inscrite" in text
    assert "Liste d’attente demandée par Claire" in text and "Ajoutée" not in text
    for page in (await full.browser.get_page("/planning/panier"), await full.recap()):
        assert "liste d’attente (rang 1)" in words(page) and "3,40 €" not in words(page)


async def test_a_brother_takes_the_rank_after_and_the_recap_says_the_same(full: Parent) -> None:
    marc = await parent(full.town, "delattre17")
    await tick(marc.browser, "Inès", MEAL, DAY)
    await marc.click()
    for child in ("Léo", "Chloé"):
        answer = await tick(full.browser, child, MEAL, DAY, par="activite", id="2")
    ranks = {"Chloé": 2, "Léo": 3}
    for child, rank in ranks.items():  # Léo’s too: Chloé comes before him
        drawn = element(answer, f"cell-{await cell(child, MEAL, DAY)}")
        assert f"liste d’attente, rang {rank}, sélection non validée" in words(drawn)
    recap = words(await full.recap())
    assert [recap.index(f"rang {rank}") for rank in (2, 3)] == sorted(
        recap.index(f"rang {rank}") for rank in (2, 3)
    )
    await full.click()
    page = await full.browser.get_page(f"{SEPTEMBER}&par=activite&id=2")
    for child, rank in ranks.items():
        assert f"{child}, {MEAL}, jeudi 6 septembre 2018, liste d’attente, rang {rank}." in words(page)


async def test_several_ticks_at_once_say_how_many_only_wait(full: Parent) -> None:
    answer = await tick(full.browser, "Chloé", MEAL, "2018-09-03", DAY, "2018-09-07")
    assert "2 réservations ajoutées, 1 en liste d’attente. Total 6,80 €." in words(answer)


async def test_a_place_that_came_free_makes_the_rank_a_booking(full: Parent) -> None:
    await tick(full.browser, "Chloé", MEAL, DAY)
    await Opening.filter(day=DAY).update(places=35)
    page = await full.browser.get_page(SEPTEMBER)
    assert "sélection non validée. 3,40 €" in words(named(page, MEAL, "jeudi 6"))
    assert "3,40\u00a0€" in element(page, "cost") and "3,40\u00a0€" in element(page, "panier")


async def test_a_draft_on_a_day_that_filled_up_where_nobody_waits_has_no_place(portal: OpenPortal) -> None:
    town = await portal("lens", now="2018-08-27T10:00:00")
    claire = await parent(town, "famille15")
    await tick(claire.browser, "Chloé", MEAL, DAY)
    await Opening.filter(day=DAY).update(places=0)
    month = await claire.browser.get_page(SEPTEMBER)
    assert "sélection non validée, complet" in words(named(month, MEAL, "jeudi 6"))
    bar = words(element(month, "panier"))
    assert (
        "0 réservation" in bar and "1 sans place" in bar and "liste d’attente" not in bar and "0,00 €" in bar
    )
    assert "annulation" not in bar
    assert "1 sans place" in words(await claire.browser.get_page("/accueil"))
    assert "1 réservation a été retirée : il n’y a plus de place." in words(await claire.recap())


async def test_a_cancellation_takes_nothing_off_before_the_mairie_accepts(
    portal: OpenPortal, at: Callable[[str], datetime]
) -> None:
    town = await portal("lezignan", now="2016-09-16T10:00:00")
    nadia, mairie = await parent(town, "nadia.roux"), await town.client("mairie")
    october, day = "/planning?vue=mois&debut=2016-10-01", "2016-10-03"

    async def cost() -> str:
        return plain(element(await nadia.browser.get_page(october), "cost"))

    await nadia.tick("Tom", "Repas", day)
    full_price = await cost()
    assert "0,00" not in full_price
    await nadia.click()
    await mairie.post_form(f"/mairie/demandes/{(await FamilyRequest.get()).id}/acceptation")
    await nadia.tick("Tom", "Repas", day, ticked=False)
    assert await cost() == full_price
    assert "la mairie doit l’accepter" in await nadia.browser.get_page(october)
    await nadia.click()
    assert await cost() == full_price
    asked = await FamilyRequest.get(kind="cancellation")
    await mairie.post_form(f"/mairie/demandes/{asked.id}/acceptation")
    assert "0,00" in await cost()


async def test_a_cancellation_that_came_too_late_says_that_the_day_stays(
    portal: OpenPortal, monkeypatch: pytest.MonkeyPatch, at: Callable[[str], datetime]
) -> None:
    town = await portal("lens", now="2018-08-27T10:00:00")
    hear_the_bank(town, monkeypatch)
    claire = await parent(town, "famille15")
    await tick(claire.browser, "Chloé", MEAL, DAY)
    await claire.pay()
    await tick(claire.browser, "Chloé", MEAL, DAY, on=False)
    assert "0,00" in element(await claire.browser.get_page(SEPTEMBER), "cost")
    at("2018-08-30T00:00:00")
    page = await claire.browser.get_page(SEPTEMBER)
    assert "1 annulation a été retirée : la limite est passée." in words(page)
    name = named(page, MEAL, "jeudi 6")
    assert "réservée, non modifiable. 3,40 €" in words(name) and "annulation" not in name
    assert "elle reste facturée" not in page and "3,40" in element(page, "cost")


async def test_the_band_names_the_activity_of_its_limit_then_the_next(
    portal: OpenPortal, at: Callable[[str], datetime]
) -> None:
    def members(file: dict[str, Any]) -> None:
        for child in file["families"][0]["children"]:
            child["members"] = ["cantine"]
            child["activities"] = ["cantine", "garderie"]

    town = await portal("alixan", now="2022-08-29T10:00:00", change=members)
    paule = await town.client("paule.martin")
    week = "/planning?vue=semaine&debut=2022-09-05&modifier=1"

    async def band() -> str:
        page = await paule.get_page(week)
        return words(page[page.index('class="band') : page.index("</th>", page.index('class="band'))])

    assert "Cantine d&#39;Alixan 2022/2023 : jusqu’à jeudi 1er sept. à 12:00" in (await band()).replace(
        "'", "&#39;"
    )
    at("2022-09-01T12:00:00")
    assert "Garderie" in await band() and "jusqu’à dimanche 4 sept. à 23:59" in await band()
    page = await paule.get_page(f"{week}&par=activite&id=1")
    assert "Cantine" not in (await band()).split("class")[0] and "Clos" in page


async def test_one_limit_for_all_names_nobody(portal: OpenPortal) -> None:
    town = await portal("lens", now="2018-08-27T10:00:00")
    page = await (await town.client("famille15")).get_page(SEPTEMBER)
    assert "Modifiable jusqu’à" in page and "2018-2019\u00a0: jusqu’à" not in page


OPENS = datetime(2018, 9, 3, 8, tzinfo=PARIS)


async def test_before_booking_begins_each_place_says_when(portal: OpenPortal) -> None:
    def later(file: dict[str, Any]) -> None:
        file["activities"][1]["visible_from"] = OPENS

    town = await portal("lens", now="2018-08-27T10:00:00", change=later)
    claire = await town.client("famille15")
    page = await claire.get_page("/planning?vue=semaine&debut=2018-09-17&modifier=1")
    text = words(named(page, MEAL, "jeudi 20"))
    assert "pas encore ouverte à la réservation" in text and "Modifiable" not in text
    assert "Réservations à partir du lundi 3 sept. à 08:00." in text
    assert "Réservations à partir du lundi 3 sept. à 08:00" in words(
        page[page.index('class="group"') :].split("row-name")[2]
    )
    told = await said(claire, "Chloé", MEAL, "2018-09-20")
    assert "Réservations à partir du lundi 3 septembre à 08:00." in told and "Modifiable" not in told
    assert "urgence" not in told
    answer = await tick(claire, "Chloé", MEAL, "2018-09-20")
    assert "les réservations ne sont pas encore ouvertes, elles ouvrent lundi 3 septembre à 08:00." in words(
        answer
    )


async def test_a_week_in_which_nothing_is_open_yet_says_so_in_its_band(portal: OpenPortal) -> None:
    def later(file: dict[str, Any]) -> None:
        for activity in file["activities"]:
            activity["visible_from"] = OPENS

    town = await portal("lens", now="2018-08-27T10:00:00", change=later)
    page = await (await town.client("famille15")).get_page("/planning?vue=semaine&debut=2018-09-17")
    band = words(page[page.index('class="band') :].split("</th>")[0])
    assert "Réservations dès lundi 3 sept. à 08:00" in band and "Modifiable" not in band


@pytest.mark.parametrize(
    ("late", "sentence"),
    [
        ("refused", "Une fois validée, elle ne pourra plus être annulée."),
        ("allowed", "Une fois validée, elle resterait facturée même annulée."),
    ],
)
async def test_a_day_that_could_not_be_given_back_says_so_before_it_is_booked(
    portal: OpenPortal, late: str, sentence: str
) -> None:
    def early(file: dict[str, Any]) -> None:
        rule = {"rule": "days_before", "days": 20, "at": "12:00"}
        file["activities"][1] |= {
            "late_cancel": late,
            "deadlines": {**file["activities"][1]["deadlines"], "cancel": [rule]},
        }

    town = await portal("lens", now="2018-08-27T10:00:00", change=early)
    claire = await parent(town, "famille15")
    page = await claire.browser.get_page(SEPTEMBER)
    assert sentence in named(page, MEAL, "jeudi 6") and "Une fois" not in named(page, MEAL, "lundi 24")
    assert "Une fois" not in named(page, "ACM du Soir", "jeudi 6")
    answer = await tick(claire.browser, "Chloé", MEAL, DAY, "2018-09-24")
    assert sentence in answer and sentence in await said(claire.browser, "Chloé", MEAL, DAY)
    assert words(await claire.browser.get_page(RECAP)).count(sentence) == 1
