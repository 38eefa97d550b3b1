"""Lens, whose till has a real bank: a server of this machine that speaks its protocol."""

import html
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from models import banks
from models.commune.till import Till
from models.money.payment import Payment
from models.rules.states.payments import PaymentState
from tests.banks.fake import Fake, Form, Notification
from tests.banks.paybox import Paybox
from tests.banks.payfip import PayFiP
from tests.banks.payzen import PayZen, SystemPay
from tests.portal import Portal
from tests.web.checkout import Parent, parent

LENS = "2018-08-27T10:00"
MEAL, EVENING = "Rest Sco Pré Paiement 2018-2019", "ACM du Soir"
FAKES = {fake.name: fake for fake in (PayFiP, Paybox, PayZen, SystemPay)}
ALL = pytest.mark.parametrize("name", list(FAKES))


@dataclass
class Street:
    """A parent, and the bank of the town's till."""

    town: Portal
    claire: Parent
    bank: Fake

    async def leave(self) -> str:
        """« Payer »: as a browser without scripts, to the bank's page; the charge there."""
        answer = await self.claire.click()
        assert answer.status_code == 303, answer.text
        return await self.follow(answer.headers["location"])

    async def follow(self, url: str) -> str:
        base = self.town.settings.base_url
        if not url.startswith(base):
            return self.bank.arrive(url, None)
        page = await self.claire.browser.get_page(url.removeprefix(base))
        return self.bank.arrive(*form_of(page))

    async def tell(self, notification: Notification) -> int:
        """What the bank says, to a portal whose visitors bring no cookie."""
        visitor = await self.town.client()
        return (await notification.send(visitor, self.bank.name)).status_code

    async def hear(self) -> None:
        """What a notification asks for is done within some seconds."""
        await self.town.run_jobs(within=5)

    async def payment(self) -> Payment:
        return await Payment.all().order_by("-id").first()  # type: ignore[return-value]

    async def is_paid(self) -> bool:
        return (await self.payment()).state == PaymentState.PAID


def form_of(page: str) -> tuple[str, Form]:
    """The form that leads to the bank: its address, its fields."""
    found = re.search(r'(?s)<form[^>]*action="(http[^"]*)"[^>]*data-leave>(.*?)</form>', page)
    assert found and "Aller au paiement" in found[2], page
    pairs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', found[2])
    return html.unescape(found[1]), {name: html.unescape(value) for name, value in pairs}


OpenStreet = Callable[..., Awaitable[Street]]


@pytest.fixture
async def street(portal: Any) -> AsyncIterator[OpenStreet]:
    """`await street("payfip")`: Claire has two meals in her cart."""
    fakes: list[Fake] = []

    async def open_one(name: str) -> Street:
        fake = FAKES[name]()
        fakes.append(fake)
        town = await portal("lens", now=LENS)
        await Till.filter(code="acm").update(provider=name)
        await banks.open_accounts(replace(town.settings, banks={"acm": fake.table()}))
        claire = await parent(town, "famille15")
        await claire.tick("Chloé", MEAL, "2018-09-03", "2018-09-06")
        return Street(town, claire, fake)

    yield open_one
    for fake in fakes:
        fake.close()
