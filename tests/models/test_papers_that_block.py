"""A paper without which no more days are booked: said beforehand, asked at the tick, the recap and its click."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest

from models import clock
from models.access.member import Member
from models.activities.catalogue import current_catalogue
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.checkout import recap
from models.checkout.commit import commit
from models.families.child import Child
from models.families.family import Family
from models.families.file.required_document import RequiredDocument
from models.families.file.sent_document import SentDocument
from models.families.household import Household
from models.money import suspension
from models.planning import cell_words, overview, ticks, type_week
from models.planning.ticks import Outcome, Tick
from models.planning.type_week import Wanted
from models.rules.dues import FROM_ARREARS, FROM_PAPERS
from tests.models.family_file import NOW, emma, paper, sophie
from tests.portal import Portal

OpenPortal = Callable[..., Awaitable[Portal]]
MONDAY = date(2025, 11, 17)
NEXT = MONDAY + timedelta(7)
SINCE = date(2025, 11, 4)


def insured(content: dict[str, Any]) -> None:
    """No day without the insurance, from tomorrow on."""
    [one] = [one for one in content["required_documents"] if one["code"] == "assurance"]
    one |= {"blocks_booking": True, "blocks_from": SINCE}


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now=NOW, change=insured)


async def tick(child: Child, day: date = MONDAY, *, ticked: bool = True) -> Outcome:
    catalogue, family = await current_catalogue(), (await sophie()).family_id
    slot = next(slot.id for slot in catalogue.slots.values() if slot.name == "Repas de midi")
    return await ticks.apply_ticks(catalogue, family, [Tick(child.id, slot, day, ticked)], clock.now())


async def test_without_the_paper_no_day_is_booked(town: Portal, at: Callable[[str], None]) -> None:
    mother, child, jules = (
        await sophie(),
        await emma(),
        await Child.get(first_name="Jules", last_name="Moreau"),
    )
    insurance = await RequiredDocument.get(code="assurance")
    assert not (await tick(child)).refused  # until the day it is only said
    family = await Family.get(id=mother.family_id)
    home = await overview.read(await current_catalogue(), family, clock.now())
    assert {one.child for one in home.lacks} >= {child.id, jules.id}

    at("2025-11-04T08:00")
    shown = await recap.read(await current_catalogue(), mother.family_id, clock.now())
    assert shown.lines == () and [line.why for line in shown.gone] == ["papers"]
    await commit(await current_catalogue(), mother.family_id, clock.now(), "late", shown.seen)
    assert not await Booking.filter(child_id=child.id, day=MONDAY).exists()
    assert not await CartLine.filter(family_id=mother.family_id).exists()
    [cell] = (await tick(child)).refused
    assert (cell.shown.state, cell.shown.why, cell.shown.operable) == ("free", "papers", False)
    assert "«\u00a0Assurance scolaire\u00a0» manque" in cell_words.refusal(cell, clock.now())
    catalogue, household = await current_catalogue(), await Household.read(mother.family_id)
    wanted = Wanted(household.own(child.id), {cell.slot: frozenset({(0, 0)})}, MONDAY, MONDAY + timedelta(13))
    preview = await type_week.preview(catalogue, household, wanted, clock.now())
    assert preview.picks == () and {why for _, why in preview.left} == {"papers"}

    await SentDocument.send(mother, insurance, child.id, paper(), clock.now())
    assert not (await tick(child)).refused
    assert (await tick(jules)).refused  # each child has its own
    await (await SentDocument.get(click="paper")).refuse("Illisible", "member:1", clock.now())
    assert (await tick(child, NEXT)).refused
    await town.verify()


async def test_the_commune_may_wait_until_it_is_accepted(town: Portal, at: Callable[[str], None]) -> None:
    mother, child = await sophie(), await emma()
    await RequiredDocument.filter(code="assurance").update(blocks="accepted", blocks_from=None)
    insurance = await RequiredDocument.get(code="assurance")
    await SentDocument.send(mother, insurance, child.id, paper(), clock.now())
    assert (await tick(child)).refused
    await (await SentDocument.get(click="paper")).accept("member:1", clock.now(), until=date(2025, 11, 20))
    assert not (await tick(child)).refused
    await SentDocument.send(mother, insurance, child.id, paper("next"), clock.now())
    assert not (await tick(child, NEXT)).refused  # the first one is good still
    at("2025-11-21T08:00")
    assert (await tick(child, MONDAY + timedelta(14))).refused
    await town.verify()


async def test_the_mairie_may_let_a_family_off(town: Portal, at: Callable[[str], None]) -> None:
    mother, child, member = await sophie(), await emma(), (await Member.get(username="mairie")).id
    at("2025-11-05T08:00")
    family, now, until = mother.family_id, clock.now(), date(2025, 11, 10)
    await suspension.exempt(family, until, "CCAS", "arrears", member, now, FROM_ARREARS)
    assert (await tick(child)).refused
    made = await suspension.exempt(family, until, "Assureur en retard", "click", member, now, FROM_PAPERS)
    assert not (await tick(child)).refused
    with pytest.raises(LookupError):
        await suspension.end(made.id, member, now, FROM_ARREARS)
    await suspension.end(made.id, member, now, FROM_PAPERS)
    assert (await tick(child, NEXT)).refused
    await town.verify()
