"""What comes to a till of the simulated year otherwise than by card, and what leaves it: counter, debits, refunds."""

import random
from collections import Counter
from contextlib import suppress

from models import clock
from models.checkout.amounts_due import Paying
from models.checkout.submission import Stale
from models.commune.till import Till
from models.counter import reversal, taking
from models.counter.refunds import discharge, refund
from models.counter.refunds.refund import Wish
from models.counter.reversal import NotEnoughCash
from models.counter.taking import Taking
from models.direct_debit import adding, preparing, rejecting, sending
from models.direct_debit.account import bank_account
from models.direct_debit.debit import DirectDebit
from models.direct_debit.debit_batch import DebitBatch
from models.direct_debit.mandate import Mandate
from models.direct_debit.preparing import NothingToCollect
from models.direct_debit.rejecting import Reject
from models.families.family import Family
from models.money import amounts_due as dues
from models.money.payment import Payment
from models.rules.states.payments import AT_COUNTER

IBAN = "FR7630006000011234567890189"
SHARE = 0.9  # of the families have a mandate
REASONS = ("AM04", "AM04", "AC04")
Paid = Counter[tuple[int, int]]  # by family and till


async def sign(families: list[int], chance: random.Random) -> int:
    """Some families sign a mandate at each till that collects; how many."""
    now, signed = clock.now(), 0
    for till in await Till.filter(ics__not_isnull=True).order_by("id"):
        for family in await Family.filter(id__in=families).order_by("id"):
            if chance.random() < SHARE:
                account = bank_account(IBAN)
                await Mandate.sign(family, till, account, "Camille", now.date(), now, "guardian:1")
                signed += 1
    return signed


async def hand_over(family: int, member: int, click: str, chance: random.Random, paid: Paid) -> str:
    """The family pays some of what it owes at one till, sometimes too much; sometimes it is taken back."""
    found = await dues.of_family(family)
    if not found:
        return "owed nothing"
    till = chance.choice(found).till
    chosen = tuple(due.key for due in found if due.till == till)
    due = sum(one.open for one in found if one.till == till)
    given = None if chance.random() < 0.6 else chance.randint(1, due + 500)
    asked = Taking(family, till, chosen, chance.choice(AT_COUNTER), given, True, click)
    with suppress(Stale, Paying):
        receipt = await taking.take(asked, member, clock.now())
        if receipt is None:
            return "paid by an avoir"
        cents = (await Payment.get(id=receipt.payment_id)).cents
        paid[family, till] += cents
        if chance.random() < 0.15:
            with suppress(NotEnoughCash):
                await reversal.reverse(receipt, "Erreur", member, clock.now())
                paid[family, till] -= cents
                return "taken back"
        return "taken"
    return "refused"


async def give_back(family: int, member: int, click: str, chance: random.Random, paid: Paid) -> str:
    """The family asks for some of an avoir: by a transfer, in cash where the drawer holds it, or not at all."""
    credits = {till: cents for till, cents in (await dues.credits_of(family)).items() if cents > 0}
    if not credits:
        return "no avoir"
    till = chance.choice(sorted(credits))
    cents = credits[till] if chance.random() < 0.5 else chance.randint(1, credits[till])
    wish = Wish(family, till, cents, "Déménagement", click)
    asked = await refund.ask(wish, f"member:{member}", clock.now())
    how = chance.choice(("transfer", "cash", "cash", "nothing"))
    if how == "nothing":
        await refund.refuse(asked.id, "Une facture arrive", member, clock.now())
        return "avoir kept"
    paid[family, till] -= cents
    if how == "cash":
        with suppress(NotEnoughCash):
            await discharge.hand_over(asked.id, member, clock.now())
            return "avoir in cash"
    await refund.send(asked.id, member, clock.now())
    return "avoir by transfer"


async def prepare(member: int, chance: random.Random, did: Counter[str]) -> list[DebitBatch]:
    """What was told for today or before is asked of the banks; some refuse at once."""
    batches = []
    for till in await Till.filter(ics__not_isnull=True).order_by("id"):
        with suppress(NothingToCollect):
            batch = await preparing.prepare(till, clock.now().date(), member, clock.now())
            assert await sending.sent(batch.id, member, clock.now())
            batches.append(await DebitBatch.get(id=batch.id))
    for batch in batches:
        did["debits"] += batch.number
        await _refuse(batch, chance, did)
    return batches


async def settle(
    batches: list[DebitBatch], member: int, chance: random.Random, did: Counter[str], paid: Paid
) -> None:
    """The rest is paid; some of it is taken back afterwards, and what was refused is asked for once more."""
    for batch in batches:
        assert await sending.settle(batch.id, member, clock.now())
        for debit in await _of(batch, "paid"):
            paid[debit.mandate.family_id, batch.till_id] += debit.cents or 0
        for debit in await _refuse(batch, chance, did):
            paid[debit.mandate.family_id, batch.till_id] -= debit.cents or 0
        for debit in await _of(batch, "rejected"):
            with suppress(adding.NotCollectable):
                await adding.add(debit.invoice_id, f"member:{member}", clock.now())
                did["asked again"] += 1


async def _refuse(batch: DebitBatch, chance: random.Random, did: Counter[str]) -> list[DirectDebit]:
    some = [one for one in await _of(batch, "sent", "paid") if chance.random() < 0.1]
    rejects = [Reject(one.id, chance.choice(REASONS)) for one in some]
    did["refused debits"] += await rejecting.reject(rejects, "member:1", clock.now()) if rejects else 0
    return some


async def _of(batch: DebitBatch, *states: str) -> list[DirectDebit]:
    return (
        await DirectDebit.filter(batch_id=batch.id, state__in=states).order_by("id").select_related("mandate")
    )
