"""What the tests of direct debit share: families with a mandate, invoices that are collected, a batch on its way."""

from datetime import date, datetime, timedelta
from typing import Any

from models import clock
from models.access.member import Member
from models.commune.till import Till
from models.direct_debit import planning, preparing, sending
from models.direct_debit.account import bank_account
from models.direct_debit.debit import DirectDebit
from models.direct_debit.debit_batch import DebitBatch
from models.direct_debit.mandate import Mandate
from models.families.family import Family
from models.money import ledger
from models.money.invoice import Invoice
from models.rules.deadlines import PARIS
from models.storage.database import transaction
from tests.models.invoicing import drafted, issued
from tests.portal import Portal
from tests.web.checkout import Parent, parent

TILLS = "FR7630004000031234567890143"
IBAN, OTHER_IBAN = "FR7630006000011234567890189", "FR1420041010050500013M02606"
BOOKED, ISSUED = "2025-09-22T10:00:00", datetime(2025, 11, 3, 9, tzinfo=PARIS)
DAY = date(2025, 12, 3)  # thirty days after the issue
OCTOBER = date(2025, 10, 1), date(2025, 10, 31)


def every_invoice(file: dict[str, Any]) -> None:
    """None is too small."""
    for till in file["commune"]["tills"]:
        till.pop("least_invoice", None)


async def signed(
    family: int, iban: str = IBAN, holder: str = "Camille Durand", till: str = "scolaire"
) -> Mandate:
    account, who = bank_account(iban), await Family.get(id=family)
    now = clock.now()
    return await Mandate.sign(who, await Till.get(code=till), account, holder, now.date(), now, "guardian:1")


async def booked(town: Portal) -> tuple[Parent, Parent]:
    """Camille and Sophie book mornings of October, in September."""
    camille, sophie = await parent(town, "camille.durand"), await parent(town, "sophie.moreau")
    await camille.tick("Lina", "Accueil du matin", "2025-10-06", "2025-10-07", "2025-10-13", "2025-10-14")
    await camille.click()
    await sophie.tick("Emma", "Accueil du matin", "2025-10-06")
    await sophie.click()
    return camille, sophie


async def invoiced(town: Portal) -> None:
    """On the third of November, October is issued."""
    clock.shift_to(ISSUED)
    await issued(town, await drafted(town, *OCTOBER, await Till.get(code="scolaire")))


async def prepared(until: date = DAY, now: datetime | None = None) -> DebitBatch:
    till = await Till.get(code="scolaire")
    return await preparing.prepare(till, until, await cashier(), now or clock.now())


async def sent(batch: DebitBatch) -> DebitBatch:
    assert await sending.sent(batch.id, await cashier(), clock.now())
    return await DebitBatch.get(id=batch.id)


async def settled(batch: DebitBatch) -> DebitBatch:
    """On the day after the collection."""
    clock.shift_to(
        datetime(batch.collect_on.year, batch.collect_on.month, batch.collect_on.day, 9, tzinfo=PARIS)
    )
    clock.shift_to(clock.now() + timedelta(days=1))
    assert await sending.settle(batch.id, await cashier(), clock.now())
    return await DebitBatch.get(id=batch.id)


async def cashier() -> int:
    return (await Member.get(username="regie")).id


async def of(family: int) -> DirectDebit:
    return await DirectDebit.get(mandate__family_id=family).select_related("invoice", "mandate")


async def one_prepared() -> None:
    """A mandate, and the file that collects an invoice under it: any that is not paid."""
    papers = await Invoice.all().order_by("id")
    [paper, *_] = [one for one in papers if await ledger.open_of(one.id) > 0]
    await Till.filter(id=paper.till_id).update(ics="FR72ZZZ123456", iban=TILLS, creditor="VILLE")
    till = await Till.get(id=paper.till_id)
    await signed(paper.family_id, till=till.code)
    async with transaction():
        await planning.plan(till, [paper], clock.now())
    await preparing.prepare(till, clock.now().date() + timedelta(days=90), await cashier(), clock.now())
