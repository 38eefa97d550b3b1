"""Ranks that the portal took by itself: nobody asked for them, nothing is due of them."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from models import clock
from models.activities.activity import Activity
from models.activities.opening import Opening
from models.bookings.booking import Booking
from models.bookings.order import Order, OrderLine
from models.bookings.waiting_list import promote
from models.families.child import Child
from models.presence import switching
from models.work.notice import Notice
from tests.models.presence import MORNING, START, by_default, settle
from tests.portal import Portal

OpenPortal = Callable[..., Awaitable[Portal]]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_rank_that_nobody_asked_for_is_no_day_that_cannot_be_unticked(
    portal: OpenPortal, at: Callable[[str], object]
) -> None:
    """And it was never due: taken back, it takes nothing off."""

    def early(content: dict[str, Any]) -> None:
        by_default(content)
        one = next(row for row in content["activities"] if row["code"] == "periscolaire")
        one["deadlines"]["cancel"] = [{"rule": "days_before", "days": 7, "at": "12:00"}]

    town = await portal("demo", now=START, change=early)
    at(START)
    await Opening.filter(slot__name=MORNING, day=date(2025, 12, 11)).update(places=4)
    await settle(town)
    activity, emma = (await Activity.get(code="periscolaire")).id, await Child.get(first_name="Emma")
    for day, state in (("2025-12-01", "waiting"), ("2025-12-02", "confirmed")):
        mine = Booking.filter(child_id=emma.id, slot__name=MORNING, day=date.fromisoformat(day))
        opening = (await mine.get()).opening_id
        await Opening.filter(id=opening).update(places=4)
        at("2025-11-24T13:00")
        await promote(opening, clock.now())
        assert (await mine.get()).state == state, day

    family = (await mine.get()).family_id
    days = Booking.filter(family_id=family, state="confirmed", by_default=True, day__gt=clock.now().date())
    due = sum([one.cents for one in await days])
    await Activity.filter(id=activity).update(presence="booking")
    await switching.take_back_default(activity, family, "run", clock.now())
    taken_back = await Order.filter(family_id=family, click__startswith="undefault:")
    assert due and sum(order.net for order in taken_back) == -due
    lines = await OrderLine.filter(order_id__in=[order.id for order in taken_back])
    assert sum(line.cents for line in lines) == -due
    told = (await Notice.get(kind="default_taken_back", family_id=family)).facts["children"]
    taken = {line.day for line in lines if line.child_id == emma.id}
    assert [one["days"] + one["waits"] for one in told if one["child"] == "Emma"] == [len(taken)]
    await town.verify()
