"""What is left before a deadline, while the page lies open."""

import re
from datetime import UTC, datetime

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Serve, Visit
from tests.browser.test_planning import box

pytestmark = pytest.mark.browser


async def stopped(page: Page, path: str) -> tuple[Locator, int]:
    """The page, whose clock stands still: what it says is left, and the minutes of that."""
    await page.clock.install()
    await page.goto(path)
    left = page.locator("[data-until]")
    await expect(left).to_have_text(re.compile(r"^Plus que 2\d\u00a0min$"))
    await page.clock.pause_at(datetime.fromtimestamp(await page.evaluate("Date.now()") / 1000 + 1, UTC))
    minutes = int((await left.inner_text()).removeprefix("Plus que ").split()[0])
    assert minutes >= 26  # a portal that began at half past, and a machine that is busy
    return left, minutes


async def test_the_last_minutes_go_by_and_are_said_once(serve: Serve, visit: Visit) -> None:
    """The week of 3 September closes on Wednesday 29 August at the end of 23:59."""
    page = await visit(serve("lens", "2018-08-29T23:30:00"), "famille15", "/accueil")
    left, minutes = await stopped(page, "/planning?vue=mois&debut=2018-09-01&modifier=1")
    said = page.locator("#annonce")
    await page.clock.fast_forward("10:00")
    await expect(left).to_have_text(f"Plus que {minutes - 10}\u00a0min")
    await expect(said).to_have_text("")
    await page.clock.fast_forward("05:00")
    await expect(said).to_have_text(f"Plus que {minutes - 15}\u00a0min avant la limite.")
    await page.evaluate("document.getElementById('annonce').textContent = ''")
    await page.clock.fast_forward("02:00")
    await expect(left).to_have_text(f"Plus que {minutes - 17}\u00a0min")
    await expect(said).to_have_text("")
    await page.clock.fast_forward("14:00")
    await expect(left).to_have_text("Clos")
    await expect(page.locator(".due.over")).not_to_have_count(0)


async def test_the_recap_counts_down_too(serve: Serve, visit: Visit) -> None:
    week = "/planning?vue=mois&debut=2018-09-01&modifier=1"
    page = await visit(serve("lens", "2018-08-29T23:30:00"), "famille15", week)
    await box(page, "ACM du Soir", "lundi 3").check()
    await expect(page.locator("#panier")).to_contain_text("1 réservation")
    left, minutes = await stopped(page, "/planning/recapitulatif")
    await page.clock.fast_forward("10:00")
    await expect(left).to_have_text(f"Plus que {minutes - 10}\u00a0min")
