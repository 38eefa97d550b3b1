"""Quotients of many families are written together: each ends the one before it, and the journal keeps both."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from models import clock
from models.families.family import Family
from models.families.quotient import Quotient
from models.family_file import editing, quotient_file
from models.rules.families.quotient_file import QuotientLine
from models.work.audit_log import Event
from tests.portal import Portal

OpenPortal = Callable[..., Awaitable[Portal]]
DAY, EVE = date(2026, 1, 1), date(2025, 12, 31)


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now="2025-11-03T10:00")


async def test_a_file_does_what_the_screen_does_for_each_family(town: Portal) -> None:
    """The families of the file by the file, and then again one by one: nothing is left to change."""
    families = await Family.all().order_by("id")
    lines = [QuotientLine(one.number, 500 + 10 * n, DAY) for n, one in enumerate(families)]
    before = {one.line.number: one.before for one in await quotient_file.differences(lines)}
    eve = {one.id: await editing.quotient_on(one.id, EVE) for one in families}
    assert len(before) == len(families) and None in before.values() and len(set(before.values())) > 2
    noted = await Event.all().count()
    assert await quotient_file.apply(lines, 1, clock.now()) == len(families)
    assert await quotient_file.apply(lines, 1, clock.now()) == 0
    assert not any(one.changes for one in await quotient_file.differences(lines))
    for family, line in zip(families, lines, strict=True):
        assert await editing.quotient_on(family.id, DAY) == line.value
        assert await editing.quotient_on(family.id, EVE) == eve[family.id]
    events = (await Event.all().order_by("id"))[noted:]
    assert [(event.action, event.family_id) for event in events] == [
        ("quotient.set", one.id) for one in families
    ]
    count = await Quotient.all().count()
    for family, line in zip(families, lines, strict=True):
        await editing.set_quotient(family.id, line.value, DAY, None, 1, clock.now())
    assert await Quotient.all().count() == count
    await town.verify()


async def test_one_that_begins_the_same_day_is_replaced(town: Portal) -> None:
    family = await Family.all().order_by("id").first()
    assert family
    await editing.set_quotient(family.id, 300, DAY, date(2026, 6, 30), 1, clock.now())
    assert await quotient_file.apply([QuotientLine(family.number, 800, DAY)], 1, clock.now()) == 1
    spans = await Quotient.filter(family_id=family.id, start=DAY)
    assert [(span.value, span.end) for span in spans] == [(800, None)]
    assert await quotient_file.apply([QuotientLine("nobody", 800, DAY)], 1, clock.now()) == 0
