"""Families are told of what they ticked and did not validate: before its limit, and once when that has passed."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from models.activities.catalogue import Catalogue, current_catalogue
from models.bookings.cart import CartLine
from models.families.family import Family
from models.families.household import Household
from models.french import day_long
from models.planning.facts import PlanningFacts
from models.rules.notices.draft_deadlines import reminds_at
from models.rules.states.notices import NoticeKind
from models.rules.states.orders import LineAction
from models.storage.database import transaction
from models.work.notice import Notice

LATELY = timedelta(days=1)  # what was lost longer ago is no news


async def remind_drafts(now: datetime) -> None:
    """Each limit is told once to each family, before and after."""
    cart = CartLine.filter(order_id=None, day__gte=now.date() - LATELY).order_by("family_id", "id")
    by_family: dict[int, list[CartLine]] = {}
    for line in await cart:
        by_family.setdefault(line.family_id, []).append(line)
    catalogue = await current_catalogue() if by_family else None
    for family, lines in by_family.items():
        if catalogue:
            await _remind(catalogue, family, lines, now)


async def _remind(catalogue: Catalogue, family: int, lines: list[CartLine], now: datetime) -> None:
    household, days = await Household.read(family), [line.day for line in lines]
    children, slots = sorted({line.child_id for line in lines}), sorted({line.slot_id for line in lines})
    facts = await PlanningFacts.read(catalogue, household, now, children, slots, min(days), max(days))
    lost: dict[datetime, list[str]] = {}
    for gone in facts.late.values():
        if gone.closes > now - LATELY:
            said = f"{gone.child.first_name} – {gone.slot_name}, {day_long(gone.day)}"
            lost.setdefault(gone.closes, []).append(said)
    closing = _closing(catalogue, household, lines, facts, now)
    async with transaction():
        await Family.lock(family)
        await _say(NoticeKind.DRAFT_CLOSING, family, closing, now)
        await _say(NoticeKind.DRAFT_LOST, family, lost, now)


def _closing(
    catalogue: Catalogue, household: Household, lines: Iterable[CartLine], facts: PlanningFacts, now: datetime
) -> dict[datetime, list[str]]:
    """By their limits, the days of which it is time to remind."""
    found: dict[datetime, list[str]] = {}
    for line in lines:
        child = household.child(line.child_id)
        if child is None or (line.child_id, line.slot_id, line.day) not in facts.cart:
            continue
        what = "book" if line.action == LineAction.ADD else "cancel"
        school = child.schools.get(catalogue.activity_of(line.slot_id).year, "")
        closes = catalogue.closes(line.slot_id, what, line.day, school)
        due = reminds_at(line.made_at, closes)
        if due and due <= now < closes:
            said = f"{child.first_name} – {catalogue.slots[line.slot_id].name}, {day_long(line.day)}"
            found.setdefault(closes, []).append(said)
    return found


async def _say(kind: NoticeKind, family: int, found: Mapping[datetime, list[str]], now: datetime) -> None:
    for closes, days in found.items():
        key = f"{family}:{int(closes.timestamp())}"
        facts: dict[str, Any] = {"closes": closes.isoformat(), "days": days}
        await Notice.say(kind, family, f"family:{family}", now, key, **facts)
