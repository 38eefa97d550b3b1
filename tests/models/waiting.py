"""A day with one place, and those who wait for it."""

from collections.abc import Callable
from typing import Any

from models import clock
from models.activities.opening import Opening
from models.bookings import waiting_list
from tests.portal import Portal
from tests.web.checkout import Parent, parent

MEAL = "Rest Sco Pré Paiement 2018-2019"
DAY = "2018-09-06"  # closes on the 5th at 10:00: an offer ends at 08:00


def one_place(**more: Any) -> Callable[[dict[str, Any]], None]:
    """Lens with a waiting list, a place a day, and days that close at 10:00 on the eve."""

    def change(file: dict[str, Any]) -> None:
        rule = [{"rule": "days_before", "days": 1, "at": "10:00"}]
        file["activities"][1] |= {
            "waiting_list": True,
            "deadlines": {"book": rule, "cancel": rule},
            "groups": [{"code": "tous", "name": "Tous", "places": 1}],
            **more,
        }
        file["families"][1].pop("account")

    return change


async def places(number: int) -> None:
    await Opening.filter(day=DAY, slot__name=MEAL).update(places=number)


async def asks(town: Portal, name: str, child: str, *days: str) -> Parent:
    family = await parent(town, name)
    await family.tick(child, MEAL, *days or (DAY,))
    assert (await family.click()).status_code == 303
    return family


async def two_wait(town: Portal) -> tuple[Parent, Parent]:
    await places(0)
    return await asks(town, "famille15", "Chloé"), await asks(town, "delattre17", "Inès")


async def freed(town: Portal) -> None:
    await places(1)
    await waiting_list.promote((await Opening.get(day=DAY, slot__name=MEAL)).id, clock.now())
    await waiting_list.lapse_offers(clock.now())
    await town.run_jobs()
