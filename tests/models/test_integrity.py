"""What `verify` says of a sound portal, and how it names what is wrong. What it finds: test_damages."""

from collections.abc import Awaitable, Callable

import pytest

from models import clock
from models.storage.database import client
from models.storage.integrity import Fault, verify
from tests.portal import Portal
from tests.web.checkout import Parent, hear_the_bank, parent

OpenPortal = Callable[..., Awaitable[Portal]]
MEAL = "Rest Sco Pré Paiement 2018-2019"


@pytest.fixture
async def claire(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    """She paid two meals, gave one back for a credit, and is at the bank for three more, her credit set aside."""
    town = await portal("lens", now="2018-08-27T10:00")
    hear_the_bank(town, monkeypatch)
    claire = await parent(town, "famille15")
    await claire.tick("Chloé", MEAL, "2018-09-03", "2018-09-06")
    await claire.pay()
    await claire.tick("Chloé", MEAL, "2018-09-06", ticked=False)
    await claire.click()
    await claire.tick("Léo", MEAL, "2018-09-10", "2018-09-11", "2018-09-13")
    await claire.click()
    await town.run_jobs()
    return claire


async def test_a_busy_portal_keeps_every_promise(claire: Parent) -> None:
    sums = "SELECT credit, due FROM family_order WHERE state = 'held'"
    assert [dict(row) for row in (await client().execute_query(sums))[1]] == [{"credit": 340, "due": 680}]
    assert await verify() == []


MEAL_BOOKED = "(SELECT MIN(id) FROM booking WHERE state = 'confirmed')"
HELD = "(SELECT id FROM family_order WHERE state = 'held')"
MOMENT = "'2018-08-27 08:00:00+00:00'"
PENDING = (
    "INSERT INTO request (family_id, booking_id, subject, kind, state, made_at) "
    f"SELECT family_id, id, 'booking:' || id, 'cancellation', 'pending', {MOMENT} FROM booking WHERE id = {MEAL_BOOKED}"
)


def told(billed: bool) -> str:
    return (
        "INSERT INTO absence (family_id, booking_id, reason, billed, told_at) "
        f"SELECT family_id, id, 'sick', {int(billed)}, {MOMENT} FROM booking WHERE id = {MEAL_BOOKED}"
    )


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("statements", [[told(billed=True)], [told(billed=False), PENDING]])
async def test_an_absence_told_late_or_not_answered_yet_is_none(
    claire: Parent, statements: list[str]
) -> None:
    for statement in statements:
        await client().execute_query(statement)
    assert await verify() == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_hold_may_outlive_its_end_by_a_few_minutes(claire: Parent) -> None:
    late = f"UPDATE family_order SET hold_until = '2018-08-27 07:56:30+00:00' WHERE id = {HELD}"
    await client().execute_query(late)
    assert f"{clock.now():%H:%M}" == "10:00"
    assert await verify() == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_fault_names_the_first_rows(claire: Parent) -> None:
    await client().execute_query("UPDATE opening SET taken = taken + 1 WHERE id <= 2")
    fault = (await verify())[0]
    assert fault == Fault("I8", "places prises mal comptées, ou de trop (1, 2)")
    assert str(fault) == "I8\u00a0: places prises mal comptées, ou de trop (1, 2)"
    await client().execute_query("UPDATE opening SET taken = taken + 1 WHERE id <= 9")
    assert (await verify())[0].what.endswith("(1, 2, 3, 4, 5…)")
