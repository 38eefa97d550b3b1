"""Two parents tick at once, each on a phone: 200 random ticks each, and every one of them counts."""

import asyncio
import random
from collections.abc import Awaitable, Callable

import pytest

from models.bookings.cart import CartLine
from tests.portal import Client, Portal, hidden
from tests.web.grid import operable
from web.components.planning import ticks

TICKS, FORMS = 200, 12
MONTH = "/planning?vue=mois&debut=2018-09-01&modifier=1"


@pytest.fixture
async def phones(portal: Callable[..., Awaitable[Portal]]) -> list[Client]:
    town = await portal("lens", now="2018-08-27T10:00:00")
    return [await town.client("famille15") for _ in range(2)]


async def cells_of(phone: Client) -> list[str]:
    found = operable(await phone.get_page(MONTH))
    assert len(found) > 40
    return found


async def ticked() -> set[str]:
    lines = await CartLine.filter(action="add").values_list("child_id", "slot_id", "day")
    return {f"{child}-{slot}-{day}" for child, slot, day in lines}


async def quick(phone: Client, mine: list[str], seed: int) -> set[str]:
    """What should stand at the end: the last word on each cell."""
    chance, stands = random.Random(seed), set[str]()
    for n in range(TICKS):
        cell = chance.choice(mine)
        on = cell not in stands
        fields = [
            ("op", f"{cell}:{int(on)}"),
            ("cle", f"{seed}-{n}"),
            ("vue", "mois"),
            ("debut", "2018-09-01"),
        ]
        answer = await phone.post_part("/planning/operations", fields)
        assert answer.status_code == 200
        stands ^= {cell}
    return stands


async def test_quick_ticks_of_two_devices_are_all_kept(phones: list[Client]) -> None:
    cells = await cells_of(phones[0])
    one, other = await asyncio.gather(quick(phones[0], cells[::2], 1), quick(phones[1], cells[1::2], 2))
    assert await ticked() == one | other and one and other


async def plainly(phone: Client, mine: list[str], seed: int) -> set[str]:
    """Without scripts the whole form is sent, other boxes too, as they were when the page was drawn."""
    chance, stands = random.Random(seed), set[str]()
    for _ in range(FORMS):
        page = await phone.get_page(MONTH)
        await asyncio.sleep(chance.uniform(0, 0.02))
        boxes = set(hidden(page, "montre").split())
        changed = set(chance.sample(mine, 3))
        boxes ^= changed
        stands ^= changed
        place = [(name, hidden(page, name)) for name in ("vue", "debut", "cases", "montre")]
        ops = [("op", f"{cell}:1") for cell in sorted(boxes)]
        answer = await phone.post_form("/planning", [*place, ("valider", "1"), *ops])
        assert answer.status_code == 303, answer.text
    return stands


async def both_plainly(phones: list[Client]) -> tuple[set[str], set[str]]:
    """What is ticked, and what should be."""
    cells = await cells_of(phones[0])
    one, other = await asyncio.gather(plainly(phones[0], cells[::2], 1), plainly(phones[1], cells[1::2], 2))
    return await ticked(), one | other


async def test_whole_forms_of_two_devices_are_all_kept(phones: list[Client]) -> None:
    found, wanted = await both_plainly(phones)
    assert found == wanted and wanted


async def test_a_form_that_counts_as_a_whole_loses_ticks(
    phones: list[Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `differences` protects from."""

    def all_of_them(cases: list[str], shown: list[str], ticked: list[str]) -> list[str]:
        after = {op.partition(":")[0] for op in ticked}
        return [f"{cell}:{int(cell in after)}" for field in cases for cell in field.split()]

    monkeypatch.setattr(ticks, "differences", all_of_them)
    found, wanted = await both_plainly(phones)
    assert found != wanted
