"""A week that Claire has booked, and the page that tells of an absence."""

import html
import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from models.activities.slot import Slot
from models.families.child import Child
from models.money import ledger
from tests.portal import Portal, hidden
from tests.web.checkout import Parent, hear_the_bank, parent, words

OpenPortal = Callable[..., Awaitable[Portal]]
PAGE = "/absences/nouvelle"
MEAL = "Rest Sco Pré Paiement 2018-2019"


async def of(
    portal: OpenPortal,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[dict[str, Any]], object] | None = None,
) -> Parent:
    town = await portal("lens", now="2018-08-27T10:00:00", change=change)
    hear_the_bank(town, monkeypatch)
    return await parent(town, "famille15")


async def booked(claire: Parent) -> None:
    await claire.tick("Chloé", MEAL, "2018-09-06", "2018-09-07")
    await claire.tick("Chloé", "ACM du Soir", "2018-09-06")
    await claire.pay()
    await claire.town.run_jobs()


def boxes(page: str) -> dict[str, str]:
    """What each box sends, by its cell; that of a whole day by its cells."""
    found = re.findall(r'name="jour" value="([^"]*)"', page)
    return {",".join(part.partition(":")[0] for part in html.unescape(one).split(",")): one for one in found}


async def box(page: str, child: str, slot: str, day: str) -> str:
    one, other = await Child.get(first_name=child), await Slot.get(name=slot)
    return boxes(page)[f"{one.id}-{other.id}-{day}"]


async def tell(
    claire: Parent, page: str, *values: str, motif: str = "sick", click: str | None = None
) -> httpx.Response:
    form = [("jour", value) for value in values]
    form += [("motif", motif), ("click", click or hidden(page, "click")), ("debut", hidden(page, "debut"))]
    return await claire.browser.post_form(PAGE, form)


async def told(claire: Parent, page: str, *values: str, motif: str = "sick") -> str:
    """« Prévenir », and the text of the page that follows."""
    answer = await tell(claire, page, *values, motif=motif)
    assert answer.status_code == 303, words(answer.text)
    await claire.town.run_jobs()
    return words(await claire.browser.get_page(answer.headers["location"]))


async def credit(claire: Parent) -> int:
    return -sum((await ledger.standings(claire.family)).values())
