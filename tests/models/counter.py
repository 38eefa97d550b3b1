"""What the tests of the counter share: a family that owes, a cashier, a taking."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from models import clock
from models.access.member import Member
from models.commune.till import Till
from models.counter import (
    bank_aside,
    bank_line,
    bank_match,
    closing,
    deposit,
    reminder,
    reversal,
    taking,
    write_off,
)
from models.counter.bank_aside import BankAside
from models.counter.bank_line import BankLine
from models.counter.bank_match import BankMatch
from models.counter.closing import Count
from models.counter.receipt import Receipt
from models.counter.refunds import card_refund, discharge, refund
from models.counter.refunds.refund import Wish
from models.counter.taking import Taking
from models.counter.write_off import GivingUp
from models.families.guardian import Guardian
from models.money import amounts_due, suspension
from models.money.amounts_due import AmountDue
from models.money.payment import Payment
from models.rules.states.payments import PaymentMethod
from models.rules.till import bank_file, reconciling

NOW = "2025-11-03T10:00"  # a Monday


@dataclass(frozen=True)
class Payer:
    family: int
    till: Till
    dues: list[AmountDue]
    cashier: int

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(due.key for due in self.dues)

    @property
    def due(self) -> int:
        return sum(due.open for due in self.dues)

    async def left(self) -> int:
        """What they owe this till still, in cents."""
        found = await amounts_due.of_family(self.family)
        return sum(due.open for due in found if due.till == self.till.id)

    async def credit(self) -> int:
        return (await amounts_due.credits_of(self.family)).get(self.till.id, 0)

    async def hand(
        self, method: PaymentMethod, given: int | None = None, click: str = "click", **more: Any
    ) -> Receipt | None:
        asked = {"chosen": self.keys, "keep": False, **more}
        made = Taking(self.family, self.till.id, method=method, given=given, click=click, **asked)
        return await taking.take(made, self.cashier, clock.now())


async def payer(username: str) -> Payer:
    """A family of the demo, with what it owes to the first till that it owes to."""
    family = (await Guardian.get(username=username)).family_id
    found = await amounts_due.of_family(family)
    till = await Till.get(id=found[0].till)
    cashier = (await Member.get(username="regie")).id
    return Payer(family, till, [due for due in found if due.till == till.id], cashier)


async def a_day() -> None:
    """Linh pays in cash and by two cheques, one of them taken back, the other deposited; then the till closes."""
    linh = await payer("linh.nguyen")
    now = clock.now()
    await linh.hand(PaymentMethod.CASH, 300, "counter-cash")
    cheque, wrong = [await linh.hand(PaymentMethod.CHEQUE, 200, f"counter-{n}") for n in (1, 2)]
    assert cheque and wrong
    await reversal.reverse(wrong, "Chèque sans signature", linh.cashier, now)
    await deposit.deposit(linh.till, [cheque.id], 100, "counter-deposit", linh.cashier, now)
    due = linh.dues[0]
    await write_off.write_off(
        GivingUp(linh.family, due.key, 50, "Geste commercial", "counter-gift"), linh.cashier, now
    )
    await linh.hand(PaymentMethod.CHEQUE, 900, "counter-advance", chosen=(), keep=True)
    for n, answer in enumerate((refund.send, None, refund.refuse)):
        wish = Wish(linh.family, linh.till.id, 100, "Départ de la commune", f"counter-refund-{n}")
        asked = await refund.ask(wish, f"member:{linh.cashier}", now)
        if answer is refund.send:
            await refund.send(asked.id, linh.cashier, now)
        elif answer:
            await refund.refuse(asked.id, "RIB manquant", linh.cashier, now)
    assert await reminder.remind(linh.family, linh.till.id, linh.cashier, now)
    day = await closing.to_close(linh.till.id, now.date())
    await closing.close(linh.till.id, day, Count(8000, 8150, None, "Une pièce perdue"), linh.cashier, now)


async def given_back(family: int) -> None:
    """After `put_right`: Linh gets cash back, and the till closes; this family, who paid by card, some of it on it."""
    linh, now = await payer("linh.nguyen"), clock.now()
    wish = Wish(linh.family, linh.till.id, 60, "Départ de la commune", "counter-cash-back")
    asked = await refund.ask(wish, f"member:{linh.cashier}", now)
    await discharge.hand_over(asked.id, linh.cashier, now)
    day = await closing.to_close(linh.till.id, now.date())
    await closing.close(linh.till.id, day, Count(8000, 8140), linh.cashier, now)
    paid = await Payment.filter(family_id=family, provider="demo", state="paid").order_by("id").first()
    assert paid
    for click in ("counter-card-back", "counter-card-ordered"):
        made = Taking(family, paid.till_id, (), PaymentMethod.CHEQUE, 100, True, f"{click}-advance")
        await taking.take(made, linh.cashier, now)
        wish = Wish(family, paid.till_id, 100, "Trop payé", click)
        row = await refund.ask(wish, f"member:{linh.cashier}", now)
        order = await card_refund.order(row.id, paid.id, linh.cashier, now)
        if click == "counter-card-back":
            await card_refund.carry_out(order.id, now)


async def import_file(till: int, *lines: str) -> bank_line.Taken:
    """Lines of the bank, « 03/11/2025;Libellé;12,50 »."""
    now = clock.now()
    credits = bank_file.read("\n".join(lines).encode(), now.date()).credits
    cashier = (await Member.get(username="regie")).id
    return await bank_line.take_file(till, credits, cashier, now)


async def confirm_all(till: int) -> int:
    """What is proposed is confirmed."""
    lines, awaited = await bank_match.open_lines(till), await bank_match.awaited(till)
    pairs = reconciling.propose(lines, list(awaited))
    cashier = (await Member.get(username="regie")).id
    return await bank_match.confirm(till, pairs, cashier, clock.now())


async def at_the_bank() -> None:
    """After `a_day`: the bank shows its deposit, a transfer that Linh made, and a sum that nobody awaits."""
    linh = await payer("linh.nguyen")
    await linh.hand(PaymentMethod.TRANSFER, 150, "counter-transfer", chosen=(), keep=True)
    day = f"{clock.now():%d/%m/%Y}"
    file = f"{day};REMISE CHEQUES;3,00", f"{day};VIR NGUYEN;1,50", f"{day};SUBVENTION;70,00"
    await import_file(linh.till.id, *file)
    assert await confirm_all(linh.till.id) == 2


async def put_right() -> None:
    """After `at_the_bank`: Linh may book on for a month, then no more; a match undone, a line set aside and not."""
    linh, now = await payer("linh.nguyen"), clock.now()
    until = now.date() + timedelta(days=30)
    exempt = await suspension.exempt(
        linh.family, until, "Dossier au CCAS", "counter-exempt", linh.cashier, now
    )
    await suspension.end(exempt.id, linh.cashier, now)
    wrong = await BankMatch.get(payment_id__isnull=False)
    await bank_match.undo(wrong.id, "Un autre virement", linh.cashier, now)
    assert await confirm_all(linh.till.id) == 1
    alone = (await BankLine.get(label="SUBVENTION")).id
    await bank_aside.set_aside(alone, "Subvention de la CAF", linh.cashier, now)
    await bank_aside.take_up((await BankAside.get()).id, linh.cashier, now)
    await bank_aside.set_aside(alone, "Subvention du département", linh.cashier, now)
