"""Reminders of what is past its day: who is unpaid, and one a day at most."""

import asyncio
from collections.abc import Awaitable, Callable

from models import clock
from models.commune.till import Till
from models.counter import journal, payers, reminder
from models.counter.reminder import Reminder
from models.rules.states.payments import PaymentMethod
from models.storage.integrity import verify
from tests.models.counter import NOW, payer
from tests.portal import Portal

OpenPortal = Callable[..., Awaitable[Portal]]


async def test_one_reminder_whoever_clicks_at_once(portal: OpenPortal) -> None:
    await portal("demo", now=NOW)
    linh, today = await payer("linh.nguyen"), clock.now().date()
    of_till = [one for one in await reminder.unpaid(today, linh.till.id) if one.family == linh.family]
    assert [(one.cents, one.level, one.last) for one in of_till] == [(linh.due, 0, None)]
    assert len(await reminder.unpaid(today)) >= await Till.all().count()
    made = await asyncio.gather(
        *(reminder.remind(linh.family, linh.till.id, linh.cashier, clock.now()) for _ in range(4))
    )
    assert len([one for one in made if one]) == 1 == await Reminder.all().count()
    [after] = [one for one in await reminder.unpaid(today, linh.till.id) if one.family == linh.family]
    assert (after.level, after.last, after.too_soon(today)) == (1, today, True)
    assert await verify() == []


async def test_the_journal_and_the_search_read_alike_on_both_databases(portal: OpenPortal) -> None:
    await portal("demo", now=NOW)
    linh = await payer("linh.nguyen")
    receipt = await linh.hand(PaymentMethod.CASH, 500)
    assert receipt
    [row] = await journal.of_day(linh.till.id, receipt.day)
    assert (row.cents, row.payer, row.is_reversal, row.reversed) == (500, "Linh Nguyen", False, False)
    [paid] = (await journal.of_invoices([linh.dues[0].id]))[linh.dues[0].id]
    assert (paid.number, paid.cents, paid.means) == (receipt.number, 500, "espèces")
    for brought in ("nguyen linh", "MAI", linh.dues[0].label, f"/factures/{linh.dues[0].id}"):
        assert [one.id for one in await payers.find(brought)] == [linh.family], brought
    assert await payers.find("x") == [] == await payers.find("/factures/999999")
