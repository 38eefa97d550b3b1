"""What the roll call said of past days, on the parents' planning and in the bubble of a cell."""

from collections.abc import Awaitable, Callable

import pytest

from tests.models.roll import DAYS, MEAL, NOW, absent, close, meals, say, word
from tests.portal import Portal
from tests.web.checkout import words
from tests.web.grid import cell

OpenPortal = Callable[..., Awaitable[Portal]]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def test_past_days_say_who_was_there_and_what_is_due(
    portal: OpenPortal, monkeypatch: pytest.MonkeyPatch, at: Callable[[str], object]
) -> None:
    town = await portal("demo", now=NOW)
    sophie = await meals(town, monkeypatch)
    at("2025-10-10T17:00")
    emma = (await cell("Emma", MEAL, DAYS[0])).split("-")[0]
    week = f"/planning?par=enfant&id={emma}&vue=semaine&debut={DAYS[0]}"
    assert "9,84" in words(await sophie.browser.get_page(week))
    await say(await word("Emma", MEAL, DAYS[0], "presence", "present"))
    await absent("Emma", MEAL, DAYS[1])
    await absent("Emma", MEAL, DAYS[2], "strike")
    await close(MEAL, *DAYS)
    page = await sophie.browser.get_page(f"{week}&modifier=1")
    text = words(page)
    for day, said in zip(
        ("lundi 6", "mardi 7", "jeudi 9"), ("présent", "absent", "absent, non facturé"), strict=True
    ):
        assert f"{MEAL}, {day} octobre 2025, {said}." in text, text
    marks = [page.count(f"<b>{said}</b>") for said in ("P", "Abs", "Abs 0\u00a0€")]
    assert marks == [1, 1, 1] and "6,56" in text
    for day, said in zip(DAYS, ("Présent", "Absent", "Absent, non facturé"), strict=True):
        bubble = await sophie.browser.get_page(f"/planning/case?case={await cell('Emma', MEAL, day)}")
        assert f"{said} 3,28" in words(bubble) or "rien n’est dû de ce jour" in words(bubble), words(bubble)
