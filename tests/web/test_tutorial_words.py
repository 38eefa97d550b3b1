"""The words of the tutorials where they have them: the family, what it is enrolled in, what is going on, today."""

import html
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.portal import Client, Portal
from tests.web.checkout import hear_the_bank, parent, words
from tests.web.grid import tick

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

OpenPortal = Callable[..., Awaitable[Portal]]
SEPTEMBER = "/planning?vue=mois&debut=2018-09-01"


@pytest.fixture
async def claire(portal: OpenPortal) -> Client:
    return await (await portal("lens", now="2018-08-27T10:00:00")).client("famille15")


def part(page: str, opening: str, end: str) -> str:
    found = re.search(rf"{opening}.*?{end}", page, re.DOTALL)
    assert found, opening
    return words(found[0])


async def test_the_family_then_what_its_child_is_enrolled_in(claire: Client) -> None:
    page = await claire.get_page(SEPTEMBER)
    assert part(page, '<nav class="card kids"', "</nav>").startswith("Famille C Chloé")
    assert part(page, '<nav class="card acts"', "</nav>").startswith("Inscriptions : ")
    page = await claire.get_page(f"{SEPTEMBER}&par=activite")
    assert part(page, '<nav class="card acts"', "</nav>").startswith("Activités ")


async def test_the_group_is_named_where_there_are_several(portal: OpenPortal) -> None:
    town = await portal("lezignan", now="2016-09-16T10:00:00")
    page = await (await town.client("nadia.roux")).get_page("/planning?vue=mois&debut=2016-10-01")
    assert "Groupe : MATERNELLE" in part(page, '<nav class="card acts"', "</nav>")
    assert "Groupe : MATERNELLE" in part(page, '<tr class="group"', "</tr>")


async def test_one_group_for_all_is_not_named(claire: Client) -> None:
    assert "Groupe\u00a0:" not in await claire.get_page(SEPTEMBER)


async def test_what_is_going_on_has_its_heading_and_its_way_on(claire: Client) -> None:
    await tick(claire, "Chloé", "ACM du Soir", "2018-09-03")
    for page in (await claire.get_page(SEPTEMBER), await claire.get_page(f"{SEPTEMBER}&modifier=1")):
        panel = part(page, '<section class="card pad sums"', "</section>")
        assert "Modifications en cours Récapitulatif (1) Terminer les modifications" in panel
        bar = part(page, '<section class="cart', "</section>")
        assert "Modifications en cours 1 réservation en attente · 0 annulation en attente 1,50 €" in bar


async def test_nothing_is_finished_where_nothing_goes_on(claire: Client) -> None:
    assert "Terminer les modifications" not in await claire.get_page(SEPTEMBER)


async def test_today_is_named_and_leads_to_its_own_month(claire: Client) -> None:
    page = await claire.get_page("/planning?vue=mois")
    link = re.search(r'<a class="btn" href="([^"]*)"[^>]*>Aujourd’hui <small>(.*?)</small>', page)
    assert "Chloé\u00a0: septembre 2018" in page and "Rien à réserver" not in page
    assert link and link[2] == "27 août" and "debut=2018-08-27" in link[1]
    page = await claire.get_page(html.unescape(link[1]))
    assert "Chloé\u00a0: août 2018" in page
    said = "Rien à réserver en août 2018 : le premier jour possible est le lundi 3 septembre 2018. Voir septembre 2018"
    assert said in words(page)
    way = re.search(r'<a class="btn" href="([^"]*)">Voir septembre', page)
    assert way and "Chloé\u00a0: septembre 2018" in await claire.get_page(html.unescape(way[1]))


async def test_it_opens_on_the_first_period_that_can_be_booked(
    portal: OpenPortal, claire: Client, at: Callable[[str], Any]
) -> None:
    """Not on a week that is over to the last day; on today's while something of it is booked or can be."""
    for now, shown in (
        ("2018-09-05T10:00:00", "10 au 14 septembre"),
        ("2018-09-06T10:00:00", "17 au 21 septembre"),
        ("2019-03-11T10:00:00", "18 au 22 mars"),
    ):
        at(now)
        assert shown in await claire.get_page("/planning?vue=semaine"), now
        assert "Rien à réserver du" in await claire.get_page(f"/planning?vue=semaine&debut={now[:10]}")
    at("2018-09-05T10:00:00")
    assert "septembre 2018" in await claire.get_page("/planning?vue=mois")


async def test_after_the_year_today_is_still_today(claire: Client, at: Callable[[str], Any]) -> None:
    at("2019-07-20T10:00:00")
    page = await claire.get_page("/planning?vue=mois")
    assert "juillet 2019" in page and "Rien à réserver" not in page


async def test_the_ticket_has_the_merchants_number(
    portal: OpenPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = await portal("lens", now="2018-08-27T10:00:00")
    hear_the_bank(town, monkeypatch)
    claire = await parent(town, "famille15")
    await tick(claire.browser, "Chloé", "ACM du Soir", "2018-09-03")
    text = words(await claire.browser.get_page(await claire.pay()))
    assert "RESTAURATION ACM" in text and "N° de commerçant : 1999888" in text


async def test_alixan_bears_the_title_of_its_tutorial(portal: OpenPortal) -> None:
    town = await portal("alixan", now="2022-07-04T14:00:00")
    assert "Portail Famille Numérian" in await (await town.client("paule.martin")).get_page("/accueil")
