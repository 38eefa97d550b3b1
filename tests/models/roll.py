"""What the tests of the roll call share: meals of Emma Moreau at 3,28 €, words about her, services that close."""

from datetime import date, datetime, timedelta

import pytest

from models import clock
from models.access.member import Member
from models.activities.catalogue import current_catalogue
from models.activities.opening import Opening
from models.activities.slot import Slot
from models.bookings.booking import Booking
from models.bookings.roll import closing, noting, unbooked
from models.bookings.roll.noting import Noted, Word
from models.families.child import Child
from models.families.enrolment import Enrolment
from tests.portal import Portal
from tests.web.checkout import Parent, hear_the_bank, parent

NOW = "2025-09-22T10:00:00"
MEAL, EVENING, GAMES = "Repas de midi", "Accueil du soir", "Matinée jeux"
DAYS = ("2025-10-06", "2025-10-07", "2025-10-09")


async def meals(town: Portal, monkeypatch: pytest.MonkeyPatch, *days: str) -> Parent:
    """Paid."""
    hear_the_bank(town, monkeypatch)
    sophie = await parent(town, "sophie.moreau")
    await sophie.tick("Emma", MEAL, *(days or DAYS))
    await sophie.pay()
    return sophie


async def word(child: str, slot: str, day: str, about: str, value: str, at: datetime | None = None) -> Word:
    row, found = await Child.filter(first_name=child).first(), await Slot.get(name=slot)
    assert row
    return Word(row.id, found.id, date.fromisoformat(day), about, value, at or clock.now())


async def say(*words: Word, corrects: bool = False) -> Noted:
    member = (await Member.get(username="animateur")).id
    return await noting.note(await current_catalogue(), words, member, clock.now(), corrects=corrects)


async def absent(child: str, slot: str, day: str, reason: str = "") -> None:
    said = [
        await word(child, slot, day, "presence", "absent"),
        await word(child, slot, day, "reason", reason),
    ]
    assert (await say(*said)).changed


async def close(slot: str, *days: str) -> None:
    member = (await Member.get(username="animateur")).id
    for day in days:
        for opening in await Opening.filter(slot__name=slot, day=date.fromisoformat(day)):
            assert await closing.close(await current_catalogue(), opening, member, clock.now())


async def two_days(town: Portal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    """Emma was there, then away for a strike; Hugo came without a booking. Both services are closed."""
    sophie = await meals(town, monkeypatch)
    clock.shift_to(clock.datetime(2025, 10, 10, 17, tzinfo=clock.PARIS))
    said = [
        await word("Emma", MEAL, DAYS[0], about, at)
        for about, at in (("arrived", "705"), ("departed", "810"))
    ]
    assert (await say(*said)).changed
    await absent("Emma", MEAL, DAYS[1], "strike")
    hugo, slot = (
        await Enrolment.get(child__first_name="Hugo", activity__code="cantine"),
        await Slot.get(name=MEAL),
    )
    member = (await Member.get(username="animateur")).id
    there = (hugo.id, slot.id, date.fromisoformat(DAYS[0]), member, clock.now())
    await unbooked.add(await current_catalogue(), *there)
    await close(MEAL, *DAYS[:2])
    return sophie


async def a_meal_comes_back() -> None:
    """Of a paid meal of the town of the house's tests: a strike, a fortnight later."""
    booking = await Booking.filter(child__first_name="Jules", state="confirmed").first()
    assert booking
    then, catalogue = clock.now() + timedelta(days=15), await current_catalogue()
    words = [
        Word(booking.child_id, booking.slot_id, booking.day, about, value, then)
        for about, value in (("presence", "absent"), ("reason", "strike"))
    ]
    assert (await noting.note(catalogue, words, 1, then)).changed
    assert await closing.close(catalogue, await Opening.get(id=booking.opening_id), 1, then)
