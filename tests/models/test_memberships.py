"""A membership is paid once and opens the activity to both homes; what is paid a second time is a credit."""

import asyncio
from datetime import date
from typing import Any

import pytest

from models import clock
from models.activities.catalogue import current_catalogue
from models.banks import BankNotice
from models.bookings.order import Order, OrderLine
from models.checkout import memberships, recap, settlement
from models.checkout.commit import commit
from models.checkout.memberships import NothingToJoin
from models.checkout.submission import Placed
from models.families.child import Child, Home
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.guardian import Guardian
from models.families.membership import Membership
from models.money import ledger
from models.money.anomaly import Anomaly
from models.money.payment import Payment
from models.planning import ticks
from models.planning.ticks import Tick
from models.rules.states.payments import BankState
from models.work.notice import Notice
from tests.engines import ON_SQLITE
from tests.portal import Portal

NOW = "2022-07-04T14:00:00"
MARC: Any = {"first_name": "Marc", "last_name": "Martin", "email": "marc@martin.example", "username": "marc"}


class Homes:
    """Louis has two homes."""

    def __init__(self, town: Portal, first: int, second: int, louis: int, activity: int) -> None:
        self.town, self.first, self.second, self.louis, self.activity = town, first, second, louis, activity

    async def join(self, family: int, click: str, *more: int) -> Placed:
        pairs = [(child, self.activity) for child in (self.louis, *more)]
        return await memberships.join(await current_catalogue(), family, pairs, clock.now(), click)

    async def enrolled(self) -> set[int]:
        mine = Enrolment.filter(child_id=self.louis, activity_id=self.activity)
        return set(await mine.values_list("family_id", flat=True))  # type: ignore[arg-type]

    async def book(self, family: int) -> Placed:
        """Louis eats on a day of September."""
        catalogue = await current_catalogue()
        slot = catalogue.activities[self.activity].slots[0].id
        op = Tick(self.louis, slot, date(2022, 9, 12), True)
        outcome = await ticks.apply_ticks(catalogue, family, [op], clock.now())
        assert not outcome.refused
        shown = await recap.read(catalogue, family, clock.now())
        return await commit(catalogue, family, clock.now(), f"book-{family}", shown.seen)


@pytest.fixture
async def homes(portal: Any) -> Homes:
    town: Portal = await portal("alixan", now=NOW)
    louis = await Child.get(first_name="Louis")
    first = (await Home.get(child=louis)).family_id
    second = await Family.create(number="other-home")
    await Home.create(child=louis, family=second)
    await Guardian.create(family=second, **MARC)
    catalogue = await current_catalogue()
    activity = next(one.id for one in catalogue.activities.values() if one.membership_fee)
    return Homes(town, first, second.id, louis.id, activity)


async def bank_says_paid(receipt: Placed) -> Payment:
    one = receipt.payments[0]
    await settlement.begin(one.id, clock.now())
    await settlement.settle(
        BankNotice(one.provider, one.reference, BankState.PAID, one.cents, "4970"), clock.now()
    )
    return await Payment.get(id=one.id)


@ON_SQLITE
async def test_the_other_home_may_book_what_the_first_one_joined(homes: Homes) -> None:
    await bank_says_paid(await homes.join(homes.first, "join"))
    assert await homes.enrolled() == {homes.first, homes.second}
    with pytest.raises(NothingToJoin):
        await homes.join(homes.second, "again")
    receipt = await homes.book(homes.second)
    assert [order.family_id for order in receipt.orders] == [homes.second]
    await homes.town.verify()


@ON_SQLITE
async def test_both_homes_pay_and_the_second_sum_is_a_credit_that_is_told(homes: Homes) -> None:
    first, second = await homes.join(homes.first, "one"), await homes.join(homes.second, "two")
    assert (await bank_says_paid(first)).anomaly is None
    assert (await bank_says_paid(second)).anomaly == "member"
    assert await Membership.all().count() == 1
    assert await ledger.standing(homes.second, second.orders[0].till_id) == -1700
    told = [one.kind for one in await Notice.filter(about=f"payment:{second.payments[0].id}")]
    assert told == ["payment_late"]
    assert await Anomaly.filter(kind="member", cents=1700, family_id=homes.second).count() == 1
    assert (await Order.get(id=second.orders[0].id)).state == "released"
    await homes.book(homes.second)
    await homes.town.verify()


@ON_SQLITE
async def test_only_the_part_that_was_joined_already_is_a_credit(homes: Homes) -> None:
    hers = await Child.create(first_name="Rose", last_name="Martin", born=date(2014, 1, 1))
    await Home.create(child=hers, family_id=homes.second)
    from models.families.child import Schooling

    model = await Schooling.filter(child_id=homes.louis).first()
    assert model
    await Schooling.create(child=hers, year_id=model.year_id, school_id=model.school_id, level=model.level)
    both = await homes.join(homes.second, "two", hers.id)
    await bank_says_paid(await homes.join(homes.first, "one"))
    assert (await bank_says_paid(both)).anomaly is None
    assert await Membership.filter(family_id=homes.second).count() == 1
    assert await ledger.standing(homes.second, both.orders[0].till_id) == -1700
    lines = await OrderLine.filter(order_id=both.orders[0].id).order_by("id").values_list("action", flat=True)
    assert sorted(map(str, lines)) == ["membership", "void"]
    assert await Anomaly.filter(kind="member", cents=1700).count() == 1
    await homes.town.verify()


@ON_SQLITE
async def test_both_homes_pay_at_the_same_moment(homes: Homes) -> None:
    receipts = [await homes.join(homes.first, "one"), await homes.join(homes.second, "two")]
    paid = await asyncio.gather(*(bank_says_paid(receipt) for receipt in receipts))
    assert sorted(str(one.anomaly) for one in paid) == ["None", "member"]
    assert await Membership.all().count() == 1 and await homes.enrolled() == {homes.first, homes.second}
    await homes.town.verify()


@ON_SQLITE
async def test_a_membership_that_is_paid_late_still_joins(homes: Homes) -> None:
    receipt = await homes.join(homes.first, "one")
    await settlement.begin(receipt.payments[0].id, clock.now())
    await settlement.give_up(receipt.payments[0].id, clock.now())
    assert (await bank_says_paid(receipt)).anomaly is None
    assert await Membership.all().count() == 1
    await homes.town.verify()


@ON_SQLITE
async def test_a_membership_paid_twice_by_one_home_is_a_credit(homes: Homes) -> None:
    first = await homes.join(homes.first, "one")
    await settlement.begin(first.payments[0].id, clock.now())
    await settlement.give_up(first.payments[0].id, clock.now())
    second = await homes.join(homes.first, "two")
    await bank_says_paid(first)
    assert (await bank_says_paid(second)).anomaly == "member"
    assert await ledger.standing(homes.first, first.orders[0].till_id) == -1700
    await homes.town.verify()


async def test_an_activity_that_is_over_is_not_joined_any_more(homes: Homes, at: Any) -> None:
    receipt = await homes.join(homes.first, "one")
    await settlement.begin(receipt.payments[0].id, clock.now())
    await settlement.give_up(receipt.payments[0].id, clock.now())
    at("2023-09-01T10:00:00")
    assert (await bank_says_paid(receipt)).anomaly == "late"
    assert not await Membership.exists()
    await homes.town.verify()


@pytest.mark.parametrize("cents", [1, 99])
async def test_a_membership_too_small_for_the_bank_is_owed_and_joins_at_once(portal: Any, cents: int) -> None:
    def cheap(content: dict[str, Any]) -> None:
        for activity in content["activities"]:
            if "membership_fee" in activity:
                activity["membership_fee"] = cents

    town: Portal = await portal("alixan", now=NOW, change=cheap)
    louis = await Child.get(first_name="Louis")
    home = await Home.get(child=louis)
    catalogue = await current_catalogue()
    activity = next(one.id for one in catalogue.activities.values() if one.membership_fee)
    receipt = await memberships.join(catalogue, home.family_id, [(louis.id, activity)], clock.now(), "click")
    assert not receipt.payments and receipt.orders[0].state == "confirmed"
    assert await ledger.standing(home.family_id, receipt.orders[0].till_id) == cents
    assert await Membership.filter(child=louis).count() == 1
    await town.verify()


@ON_SQLITE
async def test_a_commune_file_lets_in_both_homes_too(portal: Any) -> None:
    def two_homes(content: dict[str, Any]) -> None:
        louis = next(
            child
            for family in content["families"]
            for child in family["children"]
            if child["first_name"] == "Louis"
        )
        content["families"].append(
            {"number": "other-home", "guardians": [MARC], "children": [{**louis, "activities": []}]}
        )
        louis["members"] = ["cantine"]

    town: Portal = await portal("alixan", now=NOW, change=two_homes)
    enrolled = Enrolment.filter(child__first_name="Louis", activity__code="cantine")
    assert sorted([row.family.number for row in await enrolled.select_related("family")])[-1] == "other-home"
    assert await enrolled.count() == 2
    await town.verify()
