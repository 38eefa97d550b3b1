"""What costs nothing at the click does not wait for the order that is being paid at the same till."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from models.activities.opening import Opening
from models.bookings.booking import Booking
from models.bookings.order import Order
from tests.engines import ON_SQLITE
from tests.portal import Portal
from tests.web.checkout import RECAP, Parent, hear_the_bank, parent

OpenPortal = Callable[..., Awaitable[Portal]]
MEAL, EVENING = "Rest Sco Pré Paiement 2018-2019", "ACM du Soir"


@pytest.fixture
async def claire(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    """The mairie answers the evenings; the meals have a waiting list; both are prepaid at one till."""

    def answered(file: dict[str, Any]) -> None:
        file["activities"][0]["acceptance"] = "staff"
        file["activities"][1]["waiting_list"] = True

    town = await portal("lens", now="2018-08-27T10:00", change=answered)
    hear_the_bank(town, monkeypatch)
    claire = await parent(town, "famille15")
    await claire.tick("Chloé", MEAL, "2018-09-03")
    assert "/banque/demo/" in (await claire.click()).headers["location"]
    return claire


@ON_SQLITE
async def test_a_request_is_sent_while_another_order_is_being_paid(claire: Parent) -> None:
    await claire.tick("Chloé", EVENING, "2018-09-04")
    answer = await claire.click()
    assert answer.status_code == 303 and "/planning/confirmation/" in answer.headers["location"]
    assert (await Booking.get(state="requested")).cents == 150
    assert await Order.filter(state="held").count() == 1
    await claire.town.verify()


async def test_a_rank_is_taken_while_another_order_is_being_paid(claire: Parent) -> None:
    await Opening.filter(day="2018-09-06").update(places=0)
    await claire.tick("Chloé", MEAL, "2018-09-06")
    assert (await claire.click()).status_code == 303
    assert await Booking.filter(state="waiting").count() == 1
    await claire.town.verify()


@ON_SQLITE
async def test_what_is_to_be_paid_waits_for_its_turn_and_takes_the_request_along(claire: Parent) -> None:
    await claire.tick("Chloé", EVENING, "2018-09-04")
    await claire.tick("Chloé", MEAL, "2018-09-06")
    page = await claire.browser.get_page(RECAP)
    assert "Terminez-le ou annulez-le avant de payer la suite." in page and "paybar" not in page
    assert not await Booking.filter(state="requested").exists()
    await claire.town.verify()
