"""Memberships: paid once a year before the first booking, one order per till, held until the bank answers.

A sum below the bank's minimum goes on the account, and joins at once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from models import banks
from models.activities.catalogue import Catalogue
from models.bookings.order import Order, OrderLine
from models.checkout.submission import (
    AlreadyPaying,
    Placed,
    Submission,
    confirm_or_charge,
    hold_minutes,
    placed,
)
from models.commune.till import Till
from models.families.child import Home
from models.families.family import Family
from models.families.household import Household
from models.families.membership import Membership
from models.rules.checkout import membership
from models.rules.states.orders import LineAction, OrderKind, OrderState
from models.storage.database import retrying, transaction
from models.work.audit_log import Event


class NothingToJoin(Exception):
    """No child was chosen, or all those chosen are members already."""


async def join(
    catalogue: Catalogue,
    family: int,
    pairs: Sequence[tuple[int, int]],
    now: datetime,
    click: str,
    by: int | None = None,
) -> Placed:
    """Pay memberships: one order per till, held until the bank answers. Raises NothingToJoin, AlreadyPaying, Stale.

    A pair is (child, activity); those that are members already, or cannot join, are left out.
    """
    clicked = Submission(family, click, now, by)
    before = await placed(clicked)
    if before.orders:
        return before
    household = await Household.read(family)
    wanted = joinable(catalogue, household, pairs, now)
    if not wanted:
        raise NothingToJoin
    return await retrying(lambda: _join(catalogue, clicked, wanted))


def joinable(
    catalogue: Catalogue, household: Household, pairs: Sequence[tuple[int, int]], now: datetime
) -> list[tuple[int, int]]:
    found = []
    for child, activity in dict.fromkeys(pairs):
        facts, wanted = household.child(child), catalogue.activities.get(activity)
        if not facts or not wanted or wanted.membership_fee is None or (child, activity) in household.members:
            continue
        if household.enrolment(child, activity) or household.may_join(facts, wanted, now):
            found.append((child, activity))
    return found


async def _join(catalogue: Catalogue, click: Submission, wanted: Sequence[tuple[int, int]]) -> Placed:
    children = [child for child, _ in wanted]
    homes = await Home.families(children)
    async with transaction():
        await Family.lock(click.family, *homes)
        before = await placed(click)
        if before.orders:
            return before
        there = Membership.filter(child_id__in=children).values_list("child_id", "activity_id")
        members = set(await there)  # the other home may have paid since the page was drawn
        wanted = [pair for pair in wanted if pair not in members]
        if not wanted:
            raise NothingToJoin
        for till in dict.fromkeys(catalogue.activities[activity].till for _, activity in wanted):
            paying = await Order.filter(family_id=click.family, till_id=till, state=OrderState.HELD).first()
            if paying:
                raise AlreadyPaying(paying)
            mine = [pair for pair in wanted if catalogue.activities[pair[1]].till == till]
            fees = [
                (child, activity, catalogue.activities[activity].membership_fee or 0)
                for child, activity in mine
            ]
            await _membership_order(click, catalogue.tills[till], fees)
        return await placed(click)


async def _membership_order(click: Submission, till: Till, fees: Sequence[tuple[int, int, int]]) -> None:
    bill = membership(sum(fee for _, _, fee in fees), banks.minimum_of(till))
    order = await Order.create(
        family_id=click.family,
        till_id=till.id,
        made_by_id=click.by,
        kind=OrderKind.MEMBERSHIP,
        state=OrderState.HELD,
        click=click.nonce,
        net=bill.net,
        due=bill.due,
        made_at=click.now,
        hold_until=click.now + timedelta(minutes=await hold_minutes()),
    )
    for child, activity, fee in fees:
        await OrderLine.create(
            order_id=order.id,
            child_id=child,
            activity_id=activity,
            action=LineAction.MEMBERSHIP,
            cents=fee,
            reason="Adhésion",
        )
    await Event.note(
        click.now,
        click.actor,
        "membership.asked",
        f"order:{order.id}",
        click.family,
        net=bill.net,
        due=bill.due,
    )
    await confirm_or_charge(click, order)
