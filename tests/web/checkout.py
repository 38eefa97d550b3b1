"""What the tests of the way from the cart to the bank share: ticks, clicks and a customer at the demo bank."""

import re
from dataclasses import dataclass
from datetime import date

import httpx
import pytest

from models import clock
from models.activities.catalogue import current_catalogue
from models.activities.slot import Slot
from models.families.child import Child
from models.families.family import Family
from models.families.guardian import Guardian
from models.planning import ticks
from models.planning.ticks import Tick
from tests.portal import Client, Portal, hidden

RECAP = "/planning/recapitulatif"
GOOD_CARD, REFUSED_CARD = "4970 1000 0000 0014", "4970 1000 0000 0022"


@dataclass
class Parent:
    """Somebody at home with a browser."""

    town: Portal
    browser: Client
    family: int

    async def tick(self, child: str, slot: str, *days: str, ticked: bool = True) -> None:
        row = await Child.get(first_name=child, homes__family_id=self.family)
        found = await Slot.get(name=slot)
        ops = [Tick(row.id, found.id, date.fromisoformat(day), ticked) for day in days]
        outcome = await ticks.apply_ticks(await current_catalogue(), self.family, ops, clock.now())
        assert not outcome.refused

    async def recap(self) -> str:
        return await self.browser.get_page(RECAP)

    async def click(self, page: str | None = None) -> httpx.Response:
        """« Payer » or « Terminer », on the recap as it was shown."""
        page = page or await self.recap()
        form = {name: hidden(page, name) for name in ("click", "seen")}
        return await self.browser.post_form(RECAP, form)

    async def at_the_bank(self, url: str, card: str = GOOD_CARD) -> str:
        """Pay by card; where the bank sends the customer back. What it tells the portal is a job."""
        path = httpx.URL(url).path
        fin = f"{clock.now():%m/%y}"
        typed = {"etape": "saisie", "numero": card, "fin": fin, "cryptogramme": "123"}
        await self.browser.post(path, data=typed)
        answer = await self.browser.post(path, data={"etape": "code", "code": "123456"})
        return httpx.URL(answer.headers["location"]).path

    async def leave_the_bank(self, url: str) -> str:
        """« Annuler » on the bank's page."""
        path = httpx.URL(url).path
        answer = await self.browser.post(path, data={"etape": "annulation"})
        return httpx.URL(answer.headers["location"]).path

    async def pay(self, card: str = GOOD_CARD) -> str:
        """From the recap to the bank and back; the path of the payment, which the bank has told of."""
        answer = await self.click()
        assert answer.status_code == 303, answer.text
        back = await self.at_the_bank(answer.headers["location"], card)
        await self.town.run_jobs()
        return back.removesuffix("/retour")


def hear_the_bank(town: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo bank's calls reach this portal, though no server runs."""
    client = httpx.AsyncClient
    transport = httpx.ASGITransport(town.app)
    monkeypatch.setattr(httpx, "AsyncClient", lambda **options: client(**options, transport=transport))


async def parent(town: Portal, username: str) -> Parent:
    guardian = await Guardian.get(username=username)
    assert await Family.exists(id=guardian.family_id)
    return Parent(town, await town.client(username), guardian.family_id)


def words(page: str) -> str:
    """The text of a page, with plain spaces: what is read."""
    text = re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|svg|head)\b.*?</\1>", " ", page))
    return " ".join(text.replace("\u00a0", " ").replace("&#39;", "'").split()).replace(" ,", ",")
