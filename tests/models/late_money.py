"""What the tests of late money share."""

from datetime import date
from typing import Any

from models import clock
from models.activities.catalogue import current_catalogue
from models.activities.slot import Slot
from models.banks import BankNotice
from models.checkout import recap, settlement
from models.checkout.commit import commit
from models.families.child import Child
from models.money import ledger
from models.money.payment import Payment
from models.planning import ticks
from models.planning.ticks import Tick
from models.rules.states.payments import BankState
from models.work.audit_log import Event
from tests.models.rush import Rush

MEAL = "Rest Sco Pré Paiement 2018-2019"


async def at_the_bank(rush: Rush, click: str, n: int = 0) -> Payment:
    family = rush.families[n]
    shown = await recap.read(rush.catalogue, family, clock.now())
    receipt = await commit(rush.catalogue, family, clock.now(), click, shown.seen)
    await settlement.begin(receipt.payments[0].id, clock.now())
    return await Payment.get(id=receipt.payments[0].id)


async def tick(rush: Rush, day: date, on: bool, n: int = 0) -> None:
    child = await Child.get(homes__family_id=rush.families[n])
    slot = await Slot.get(name=MEAL)
    outcome = await ticks.apply_ticks(
        await current_catalogue(), rush.families[n], [Tick(child.id, slot.id, day, on)], clock.now()
    )
    assert not outcome.refused


async def bank_says_paid(one: Payment) -> Payment:
    notice = BankNotice(one.provider, one.reference, BankState.PAID, one.cents, "4970 •• 14", "A1", "T1")
    await settlement.settle(notice, clock.now())
    return await Payment.get(id=one.id)


async def owe(family: int, till: int, cents: int, why: str) -> None:
    """A commune file brought something to the family's account: + it owes, − it was given a credit."""
    from models.rules import postings

    family_account, key = postings.FamilyAccount(family, till), f"opening:{why}"
    post = postings.opening_debt if cents > 0 else postings.opening_paid
    await ledger.post(post(family_account, key, abs(cents), why), at=clock.now(), actor="test")
    await Event.note_each(clock.now(), "test", "family.opened", {family: {"entries": {key: cents}}})


async def till() -> Any:
    from models.commune.till import Till

    return await Till.get(code="acm") if await Till.exists(code="acm") else await Till.first()
