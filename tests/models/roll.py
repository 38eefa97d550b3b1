"""What the tests of the roll call share: meals of Emma Moreau at 3,28 €, words about her, services that close."""

from datetime import date, datetime

import pytest

from models import clock
from models.access.member import Member
from models.activities.catalogue import current_catalogue
from models.activities.opening import Opening
from models.activities.slot import Slot
from models.bookings.roll import closing, noting
from models.bookings.roll.noting import Noted, Word
from models.families.child import Child
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
