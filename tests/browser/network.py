"""Ticks on a network that fails."""

import asyncio
import random
from contextlib import suppress

from playwright.async_api import BrowserContext, Error, Route

OPERATIONS = "**/planning/operations"
SHIFTED = """(() => {
  const Real = Date;
  const shift = %d;
  window.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + shift); }
    static now() { return Real.now() + shift; }
  };
})()"""


async def slow(context: BrowserContext, losing: random.Random | None = None) -> None:
    """Each request takes 600 ms; with `losing`, one in three is lost on its way or on its way back."""

    async def wait(route: Route) -> None:
        luck = losing.random() if losing else 1
        await asyncio.sleep(0.6)
        with suppress(Error):  # the page may have been reloaded meanwhile
            if 0.15 < luck < 0.3:
                await route.fetch()  # it arrives, its answer does not
            if luck < 0.3:
                await route.abort("connectionfailed")
            else:
                await route.continue_()

    await context.route(OPERATIONS, wait)
