"""The pages of this process that wait for a change, and the one question a second that tells them of it.

Several processes have nothing in common but the database, so each asks it; ten pages or a thousand make one query.
"""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from models.planning.live import numbers

EVERY = 1.0  # seconds between two questions
MOST = 1000  # pages of a process: the other half of its connections is for requests
MOST_OF_FAMILY = 10  # pages of one family

log = logging.getLogger("portail.live")


class Full(Exception):
    """So many pages wait already that this one does without."""


class Page:
    """An open page, which rings when its family's number has moved, or when it shall end."""

    def __init__(self, family: int) -> None:
        self.family = family
        self.over = False
        self._rings = asyncio.Event()

    def ring(self) -> None:
        self._rings.set()

    def end(self) -> None:
        self.over = True
        self.ring()

    async def rings_within(self, seconds: float) -> bool:
        """Wait for it, so long at most."""
        try:
            async with asyncio.timeout(seconds):
                await self._rings.wait()
        except TimeoutError:
            return False
        self._rings.clear()
        return True


class Watch:
    """The open pages of a process, by family, and each family's number as it was read last."""

    def __init__(self) -> None:
        self._pages: dict[int, set[Page]] = {}
        self._count = 0
        self._asking: asyncio.Task[None] | None = None
        self._ended = False
        self.numbers: dict[int, int] = {}

    def __len__(self) -> int:
        return self._count

    @contextmanager
    def page(self, family: int) -> Iterator[Page]:
        """An open page of the family, until the end of the block. Raises Full."""
        mine = self._pages.get(family, set())
        if self._ended or self._count >= MOST or len(mine) >= MOST_OF_FAMILY:
            raise Full
        page = Page(family)
        self._pages[family] = mine | {page}
        self._count += 1
        if family in self.numbers:
            page.ring()
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        try:
            yield page
        finally:
            self._leave(page)

    def end(self) -> None:
        """The process stops: no page shall keep it waiting."""
        self._ended = True
        for page in [page for pages in self._pages.values() for page in pages]:
            page.end()

    def _leave(self, page: Page) -> None:
        self._count -= 1
        left = self._pages[page.family] - {page}
        if left:
            self._pages[page.family] = left
            return
        del self._pages[page.family]
        self.numbers.pop(page.family, None)

    async def _ask(self) -> None:
        while self._pages:
            try:
                self._tell(await numbers(self._pages))
            except Exception:
                log.exception("the open pages are not told of changes for the moment")
            await asyncio.sleep(EVERY)

    def _tell(self, found: dict[int, int]) -> None:
        for family, number in found.items():
            if family not in self._pages or self.numbers.get(family) == number:
                continue
            self.numbers[family] = number
            for page in self._pages[family]:
                page.ring()
