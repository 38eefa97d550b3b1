"""Going through the pages of a tour with Chromium, as the people who may see them."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page

from tests.browser.conftest import PATIENCE
from tests.tour import Stop, Tour
from tests.tour_town import EVERYBODY, VISITOR

SEND = """([path, fields]) => {
  const form = Object.assign(document.createElement("form"), { method: "post", action: path });
  const known = document.querySelector("input[name=csrf]");
  for (const [name, value] of Object.entries({ ...(known && { csrf: known.value }), ...fields })) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(form);
  form.submit();
}"""


async def arrive(page: Page, stop: Stop) -> None:
    """Go there; a page that answers a form is asked for by that form."""
    answer = await page.goto(stop.page)
    if stop.sent:
        async with page.expect_navigation(wait_until="load") as going:
            await page.evaluate(SEND, [stop.path, stop.sent])
        answer = await going.value
    assert answer and answer.status == stop.status, f"{stop.name}: {answer and answer.status}"


@asynccontextmanager
async def signed_in(browser: Browser, tour: Tour, who: str, **device: Any) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(base_url=tour.address, locale="fr-FR", **device)
    context.set_default_timeout(PATIENCE)
    cookies = tour.cookies.get(who, {})
    await context.add_cookies([{"name": n, "value": v, "url": tour.address} for n, v in cookies.items()])
    try:
        yield context
    finally:
        await context.close()


def by_person(stops: list[Stop]) -> Iterator[tuple[str, list[Stop]]]:
    """One browser for each person, who sees all of their pages."""
    for who in (VISITOR, *EVERYBODY):
        theirs = [stop for stop in stops if stop.who == who]
        if theirs:
            yield who, theirs
