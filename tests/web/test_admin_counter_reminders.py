"""« Impayés »: what is past its day, and the reminders that leave in bulk."""

from collections.abc import Awaitable, Callable

import pytest

from models import clock
from models.counter import reminder
from models.counter.reminder import Reminder
from models.rules.states.payments import PaymentMethod
from models.work.email import Email
from tests.models.counter import NOW, Payer, payer
from tests.portal import Client, Portal
from tests.web.checkout import words

OpenPortal = Callable[..., Awaitable[Portal]]
PLACE = "/mairie/regie/impayes"
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now=NOW)


@pytest.fixture
async def linh(town: Portal) -> Payer:
    return await payer("linh.nguyen")


@pytest.fixture
async def cashier(town: Portal) -> Client:
    return await town.client("regie")


async def test_reminders_leave_in_bulk_and_rise_with_time(town: Portal, cashier: Client, linh: Payer) -> None:
    key = f"{linh.till.id}-{linh.family}"
    page = await cashier.get_page(PLACE)
    assert f'value="{key}"' in page and "Linh Nguyen" in words(page) and "prochaine : niveau 1" in words(page)
    for nobody in ({}, {"famille": ["", "x-y", "999-999"]}):
        answer = await cashier.post_form(f"{PLACE}/relances", nobody)
        assert answer.status_code == 422 and "Cochez au moins une famille" in words(answer.text)
    answer = await cashier.post_form(f"{PLACE}/relances", {"famille": [key, key]})
    assert answer.status_code == 303
    said = words(await cashier.get_page(answer.headers["location"]))
    assert "1 relance est partie" in said and "trop tôt pour une autre" in said
    sent = await Reminder.get()
    assert (sent.level, sent.cents) == (1, linh.due)
    assert "en préparation" in words(await cashier.get_page(f"/mairie/regie/relances/{sent.id}/pdf"))
    await town.run_jobs()
    assert (await cashier.get(f"/mairie/regie/relances/{sent.id}/pdf")).content.startswith(b"%PDF")
    letter = await Email.filter(subject__contains="rappel amical").first()
    assert letter and linh.dues[0].label in letter.text
    await cashier.get_page("/mairie/regie/relances/99999/pdf", status=404)
    await town.verify()
    for later, level in ((12, 2), (24, 3), (36, 3)):
        clock.shift_to(clock.datetime(2025, 11, 3, 10, tzinfo=clock.PARIS) + clock.timedelta(days=later))
        made = await reminder.remind(linh.family, linh.till.id, linh.cashier, clock.now())
        assert made and made.level == level
    await town.verify()


async def test_what_is_paid_is_reminded_no_more(town: Portal, cashier: Client, linh: Payer) -> None:
    await linh.hand(PaymentMethod.CASH)
    assert f'value="{linh.till.id}-{linh.family}"' not in await cashier.get_page(PLACE)
    assert await reminder.remind(linh.family, linh.till.id, linh.cashier, clock.now()) is None
