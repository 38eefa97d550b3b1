"""A page under its service worker, its copies, and the network that goes."""

import time

from playwright.async_api import Page

from tests.browser.conftest import PATIENCE

STORED = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys())
      found.push(`${name.split("-")[0]} ${new URL(request.url).pathname}`);
  return found;
}"""


async def controlled(page: Page) -> None:
    await page.wait_for_function("() => navigator.serviceWorker.controller !== null")


async def copies(page: Page) -> list[str]:
    """The paths of the pages that are kept."""
    return [line.removeprefix("pages ") for line in await page.evaluate(STORED) if line.startswith("pages ")]


async def kept(page: Page, path: str) -> None:
    """Go there, until the worker has its copy."""
    await page.goto(path)
    until = time.monotonic() + PATIENCE / 1000
    while path.partition("?")[0] not in await copies(page):
        assert time.monotonic() < until, f"{path} was not kept: {await page.evaluate(STORED)}"
        await page.wait_for_timeout(100)


async def cut(page: Page, said: list[str], off: bool = True) -> None:
    said.clear()  # what follows is meant to fail on its way
    await page.context.set_offline(off)
