"""A process keeps the cells it has drawn: what it shows from memory is what it would draw anew."""

import random
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from models import clock
from models.activities import catalogue
from models.activities.opening import Opening
from models.planning import kept_cells
from models.rules.deadlines import PARIS
from tests.portal import Client, Portal
from tests.web.grid import element, operable

OpenPortal = Callable[..., Awaitable[Portal]]
MONTH = "/planning?vue=mois&debut=2018-09-01&modifier=1"

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def shown(browser: Client, path: str = MONTH) -> str:
    """The page, but for what is another one each time; as a device sees it that was told of no late draft yet."""
    browser.carry("pf-limites", "")
    page = await browser.get_page(path)
    return re.sub(r'name="csrf" value="[^"]*"|data-now="[0-9]*"|delay:[0-9]+s', "", page)


async def anew(browser: Client, path: str = MONTH) -> str:
    catalogue.forget()
    return await shown(browser, path)


@pytest.mark.parametrize("seed", range(4))
async def test_cells_from_memory_are_as_drawn_anew(portal: OpenPortal, seed: int) -> None:
    town = await portal("lens", now="2018-08-27T10:00:00")
    claire, chance = await town.client("famille15"), random.Random(seed)
    cells = operable(await shown(claire))
    now = datetime(2018, 8, 27, 10, tzinfo=PARIS)
    for _ in range(12):
        match chance.randrange(4):
            case 0 | 1:
                ops = [("op", f"{key}:{chance.randrange(2)}") for key in chance.sample(cells, 5)]
                await claire.post_part(
                    "/planning/operations", [*ops, ("vue", "mois"), ("debut", "2018-09-01")]
                )
            case 2:
                full = chance.sample([key.split("-", 2) for key in cells], 8)
                for _, slot, day in full:
                    await Opening.filter(slot_id=slot, day=day).update(places=chance.choice([0, 30]))
            case _:
                now += timedelta(days=1, hours=chance.randrange(12))
                clock.shift_to(now)
        assert await shown(claire) == await anew(claire)


async def test_each_way_to_look_at_it_is_drawn_for_itself(portal: OpenPortal) -> None:
    """To tick or to read, a child's days or an activity's: from the same kept cells."""
    claire = await (await portal("lens", now="2018-08-27T10:00:00")).client("famille15")
    ways = (MONTH, MONTH.removesuffix("&modifier=1"), f"{MONTH}&par=activite")
    drawn = [await anew(claire, way) for way in ways]
    assert len(set(drawn)) == len(ways)
    for way in ways:
        await shown(claire, way)
    assert [await shown(claire, way) for way in ways] == drawn


async def test_a_kept_cell_closes_at_its_deadline(portal: OpenPortal) -> None:
    """Ticked or not: the day closes, and the wish is gone."""
    town = await portal("lens", now="2018-08-27T10:00:00")
    claire = await town.client("famille15")
    wished, free = operable(await shown(claire))[:2]
    await claire.post_part("/planning/operations", [("op", f"{wished}:1"), ("vue", "mois")])
    assert {wished, free} <= set(operable(await shown(claire)))
    clock.shift_to(datetime(2018, 9, 1, 10, tzinfo=PARIS))
    page = await shown(claire)
    assert free not in operable(page)
    assert "délai passé" in element(page, f"cell-{wished}")


async def test_no_more_are_kept_than_is_said(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_cells, "MOST", 50)
    town = await portal("lens", now="2018-08-27T10:00:00")
    claire = await town.client("famille15")
    page = await shown(claire)
    assert len(operable(page)) > 40 and 0 < len((await catalogue.current_catalogue()).drawn) <= 50
    assert page == await anew(claire)
