"""The weeks of a phone, the first whole and the others as lines that open: ticked, and made like each other."""

from collections.abc import Callable

import pytest

from models.activities.catalogue import current_catalogue
from models.bookings.cart import CartLine
from tests.engines import ON_SQLITE
from tests.portal import Client, Portal
from tests.web.grid import cell, element, plain, tick

WEEK = "/planning?vue=semaine&debut=2018-09-03&modifier=1"
PLACE = {"vue": "semaine", "debut": "2018-09-03", "modifier": "1"}


@pytest.fixture
async def claire(portal) -> Client:
    town: Portal = await portal("lens", now="2018-08-27T10:00:00")
    return await town.client("famille15")


async def drafted() -> set[tuple[str, str, str]]:
    lines = await CartLine.all().values_list("child__first_name", "slot__name", "day")
    return {(child, slot, day.isoformat()) for child, slot, day in lines}


@ON_SQLITE
async def test_the_next_weeks_are_lines_and_those_after_come_at_a_tap(claire: Client) -> None:
    page = await claire.get_page(WEEK)
    assert "semaines=7&amp;modifier=1#semaine-2018-09-24" in page and page.count("<table") == 3
    assert page.count('<details class="week"') == 2 and "data-hx-trigger" not in element(page, "suite")
    whole = await claire.get_page(WEEK + "&semaines=5")
    assert whole.count("<table") == 5 and "Semaine du 1<sup>er</sup>" not in whole
    part = await claire.get_page("/planning/semaines?vue=semaine&debut=2018-09-10&semaines=4&modifier=1")
    assert part.count("<table") == 4 and "<html" not in part
    assert "debut=2018-10-08" in part
    assert page.count("est ouverte à partir du 03/09/2018") == 2 and "est ouverte à partir" not in part


@ON_SQLITE
async def test_a_closed_week_is_one_line_and_the_year_ends(claire: Client) -> None:
    part = await claire.get_page("/planning/semaines?vue=semaine&debut=2018-10-15&semaines=3")
    assert part.count("<table") == 1 and plain(part).count("Vacances de la Toussaint, fermé") == 2
    last = await claire.get_page("/planning?vue=semaine&debut=2019-07-08")
    assert "Afficher les semaines suivantes" not in last


@ON_SQLITE
async def test_several_weeks_cost_no_more_queries_than_one(
    claire: Client, count_queries: Callable[[], int]
) -> None:
    counts = []
    for weeks in (1, 1, 20):
        start = count_queries()
        await claire.get_page(f"{WEEK}&semaines={weeks}")
        counts.append(count_queries() - start)
    assert counts[1] == counts[2]


@ON_SQLITE
async def test_a_tick_in_a_lower_week_moves_its_own_totals(claire: Client) -> None:
    told = await tick(claire, "Chloé", "ACM du Soir", "2018-09-11", vue="semaine", debut="2018-09-03")
    assert "1,50" in element(told, "cost-2018-09-10") and "0,00" in element(told, "cost")
    key = (await cell("Chloé", "ACM du Soir", "2018-09-11")).removesuffix("-2018-09-11")
    assert "1,50" in element(told, f"total-{key}-2018-09-10")


async def test_like_the_week_before(claire: Client) -> None:
    await tick(claire, "Chloé", "ACM du Soir", "2018-09-03", "2018-09-06")
    await tick(claire, "Chloé", "ACM du Matin", "2018-09-11")
    told = await claire.post_part("/planning/comme", {**PLACE, "comme": "avant:2018-09-10"})
    assert told.status_code == 200 and "3 jours mis à jour" in told.text
    assert await drafted() == {
        ("Chloé", "ACM du Soir", day) for day in ("2018-09-03", "2018-09-06", "2018-09-10", "2018-09-13")
    }
    again = await claire.post_part("/planning/comme", {**PLACE, "comme": "avant:2018-09-10"})
    assert "Rien à changer" in again.text


@ON_SQLITE
async def test_copied_for_a_sister_and_by_a_plain_form(claire: Client) -> None:
    await tick(claire, "Chloé", "ACM du Soir", "2018-09-03")
    page = await claire.get_page(WEEK)
    assert "Copier pour Juliette" in page
    button = page[page.index('value="pour-') + 7 :].partition('"')[0]
    answer = await claire.post_form("/planning/comme", {**PLACE, "comme": button})
    assert answer.status_code == 303 and "modifier=1" in answer.headers["location"]
    assert ("Juliette", "ACM du Soir", "2018-09-03") in await drafted()


async def test_closed_days_of_the_week_before_cancel_nothing(claire: Client) -> None:
    """5 November follows the autumn holidays: nobody wished anything of them."""
    days = ("2018-11-05", "2018-11-06", "2018-11-08")
    await tick(claire, "Chloé", "ACM du Soir", *days)
    told = await claire.post_part("/planning/comme", {**PLACE, "comme": "avant:2018-11-05"})
    assert "Rien à changer" in told.text
    assert await drafted() == {("Chloé", "ACM du Soir", day) for day in days}


async def test_a_week_made_like_another_is_taken_back(claire: Client) -> None:
    await tick(claire, "Chloé", "ACM du Soir", "2018-09-03", "2018-09-06")
    before = await drafted()
    answer = await claire.post_form("/planning/comme", {**PLACE, "comme": "avant:2018-09-10"})
    page = await claire.get_page(answer.headers["location"])
    assert len(await drafted()) == 4 and 'action="/planning/semaine-type/annuler"' in page
    await claire.post_form(
        "/planning/semaine-type/annuler", {"lot": answer.headers["location"].partition("lot=")[2]}
    )
    assert await drafted() == before


@pytest.mark.parametrize("far", ["0001-01-01", "0001-01-08", "2500-01-01", "9999-12-31"])
async def test_a_day_far_away_is_neither_an_error_nor_kept(claire: Client, far: str) -> None:
    juliette, slot = (await cell("Juliette", "ACM du Soir", far)).split("-", 2)[:2]
    catalogue = await current_catalogue()
    await claire.get_page(WEEK)
    before = len(catalogue.drawn)
    for wanted in (f"avant:{far}", f"pour-{juliette}:{far}"):
        answer = await claire.post_part("/planning/comme", {**PLACE, "comme": wanted})
        assert answer.status_code == 200 and "Rien à changer" in answer.text
    whole = {**PLACE, "id": juliette, "rangee": f"{juliette}-{slot}:1:{far}"}
    assert (await claire.post_form("/planning", whole)).status_code == 303
    assert {day.year for _, _, day in catalogue.drawn} <= {2018, 2019} and len(catalogue.drawn) < before + 200
    assert await CartLine.all().count() == 0


@pytest.mark.parametrize("wanted", ["", "avant:hier", "pour-x:2018-09-03", "pour-:2018-09-03"])
async def test_a_repetition_that_means_nothing_changes_nothing(claire: Client, wanted: str) -> None:
    answer = await claire.post_part("/planning/comme", {**PLACE, "comme": wanted})
    assert answer.status_code == 422 and await CartLine.all().count() == 0
