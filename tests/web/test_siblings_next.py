"""After one child's days are settled: the way to a brother's or a sister's, in the same period."""

import re
from collections.abc import Awaitable, Callable

import pytest

from models.families.child import Child
from tests.engines import ON_SQLITE
from tests.portal import Portal
from tests.web.checkout import Parent, hear_the_bank, parent

OpenPortal = Callable[..., Awaitable[Portal]]
MEAL, MONTH = "Rest Sco Pré Paiement 2018-2019", ["2018-09-03", "2018-09-10"]


@pytest.fixture
async def claire(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    town: Portal = await portal("lens", now="2018-08-27T10:00")
    hear_the_bank(town, monkeypatch)
    return await parent(town, "famille15")


def ways(page: str) -> dict[str, str]:
    """Where each child's link leads."""
    found = re.findall(r'href="([^"]+)">Réserver pour <span translate="no">(\w+)</span>', page)
    return {name: href.replace("&amp;", "&") for href, name in found}


async def to(child: str, vue: str = "") -> str:
    id = (await Child.get(first_name=child)).id
    return f"/planning?par=enfant&id={id}{vue}&debut=2018-09-03&modifier=1"


@ON_SQLITE
async def test_a_week_leads_to_the_others_week(claire: Parent) -> None:
    await claire.tick("Chloé", MEAL, "2018-09-03", "2018-09-04")
    page = await claire.browser.get_page(await claire.pay())
    assert ways(page) == {name: await to(name) for name in ("Juliette", "Léo")}
    assert "Planning de Léo" in await claire.browser.get_page(ways(page)["Léo"])


async def test_several_weeks_lead_to_the_month(claire: Parent) -> None:
    await claire.tick("Chloé", MEAL, *MONTH)
    page = await claire.browser.get_page(await claire.pay())
    assert ways(page)["Juliette"] == await to("Juliette", "&vue=mois")


async def test_days_of_several_children_lead_nowhere_else(claire: Parent) -> None:
    await claire.tick("Chloé", MEAL, "2018-09-03")
    await claire.tick("Léo", MEAL, "2018-09-03")
    assert ways(await claire.browser.get_page(await claire.pay())) == {}


@ON_SQLITE
async def test_a_click_without_payment_leads_there_too(claire: Parent) -> None:
    await claire.tick("Chloé", MEAL, *MONTH)
    await claire.pay()
    await claire.tick("Chloé", MEAL, *MONTH, ticked=False)
    answer = await claire.click()
    page = await claire.browser.get_page(answer.headers["location"])
    assert ways(page)["Léo"] == await to("Léo", "&vue=mois")
