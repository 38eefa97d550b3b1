"""A parent's hand that ticks at random in two tabs, knows what it wished, and what became of it."""

import asyncio
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from playwright.async_api import BrowserContext, Page

from tests.browser.diary import Diary, Note, applied, sealed, settled
from tests.serving import LOG

PAUSE = 0.9  # seconds: what a page still sent while it went away has come
# Seconds from the glass to the keyboard. Chromium ends a tap 0.15 s after it began, and with it any press that is under
# way on the same box, on a page without a script too: a space bar that is quicker ticks nothing. No hand is.
FROM_GLASS_TO_KEYS = 0.3
SHOWN = """() => Object.fromEntries([...document.querySelectorAll(".month .see:not([aria-disabled])")].map(
  (box) => [box.id.slice(3), Number(box.checked)]))"""
CLICK = "(cell) => document.getElementById(`op-${cell}`).click()"
OPEN = """(cell) => {
  const week = document.getElementById(`op-${cell}`).closest("details");
  if (week) week.open = true;
}"""
MIDDLE = """(cell) => {
  const box = document.getElementById(`op-${cell}`);
  box.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  const at = box.getBoundingClientRect();
  const [x, y] = [at.left + at.width / 2, at.top + at.height / 2];
  return document.elementFromPoint(x, y) === box ? [x, y] : null;
}"""


def lines(folder: Path) -> list[str]:
    """What the server's cart holds, as the ids of boxes."""
    with closing(sqlite3.connect(folder / "portail.sqlite3")) as database:
        found = database.execute("SELECT child_id, slot_id, day FROM cart_line WHERE action = 'add'")
        return [f"op-{child}-{slot}-{day}" for child, slot, day in found]


class Hand:
    """Three ticks of four in the first tab; one cell of four is ticked in both."""

    def __init__(
        self, context: BrowserContext, chance: random.Random, path: str, folder: Path, phone: bool
    ) -> None:
        self.context, self.chance, self.path, self.folder, self.phone = context, chance, path, folder, phone
        self.diary = Diary()
        self.pages: list[Page] = []
        self.cells: list[list[str]] = []  # of each tab
        self.wished: dict[str, int] = {}  # of the cells of one tab: there the hand knows what it saw
        self.ticked: dict[str, int] = {}  # how often
        self.shown: list[dict[str, int]] = []  # at the end, by each tab
        self.said: dict[str, Note] = {}  # at the end, each batch that a tab sealed
        self.tapped = 0.0  # when, last

    async def begin(self, first: Page) -> None:
        self.pages = [first, await self.context.new_page()]
        for name, page in zip(("one", "other"), self.pages, strict=True):
            await self.diary.follow(page, name)
            await page.goto(self.path)
        shown = await first.evaluate(SHOWN)
        mixed = self.chance.sample(sorted(shown), len(shown))
        assert len(mixed) >= 30
        quarter = len(mixed) // 4
        self.cells = [mixed[: -2 * quarter] + mixed[-quarter:], mixed[-2 * quarter :]]
        self.wished = {cell: shown[cell] for cell in mixed[:-quarter]}

    async def tick(self, times: int) -> None:
        leaving = self.chance.sample(range(times), 3)
        for n in range(times):
            tab = self.chance.choices([0, 1], [3, 1])[0]
            await self._once(self.pages[tab], self.chance.choice(self.cells[tab]))
            if n in leaving:
                await self.pages[leaving.index(n) % 2].reload()
            if self.chance.random() < 0.04:
                await asyncio.sleep(0.3)  # long enough for the outbox to send

    async def _once(self, page: Page, cell: str) -> None:
        how = self.chance.choices([self._click, self._twice, self._press, self._space], [84, 4, 8, 4])[0]
        times = 2 if how == self._twice else 1
        self.ticked[cell] = self.ticked.get(cell, 0) + times
        if cell in self.wished:
            self.wished[cell] ^= times % 2
        self.diary.note("hand", how.__name__, {cell: self.wished.get(cell, -1)})
        await how(page, cell)

    async def _click(self, page: Page, cell: str) -> None:
        await page.evaluate(CLICK, cell)

    async def _twice(self, page: Page, cell: str) -> None:
        await page.evaluate(CLICK, cell)
        await asyncio.sleep(self.chance.random() * 0.3)
        await page.evaluate(CLICK, cell)

    async def _press(self, page: Page, cell: str) -> None:
        """With a finger or the mouse, as long as it lasts."""
        await page.bring_to_front()
        await page.evaluate(OPEN, cell)
        at = await page.evaluate(MIDDLE, cell)
        if at is None:  # something lies over it
            await page.evaluate(CLICK, cell)
        elif self.phone:
            await page.touchscreen.tap(*at)
            self.tapped = time.monotonic()
        else:
            await page.mouse.move(*at)
            await page.mouse.down()
            await asyncio.sleep(self.chance.random() * 0.12)
            await page.mouse.up()
            await page.mouse.move(1, 1)

    async def _space(self, page: Page, cell: str) -> None:
        await page.bring_to_front()
        await asyncio.sleep(self.tapped + FROM_GLASS_TO_KEYS - time.monotonic())
        await page.evaluate(OPEN, cell)
        await page.locator(f"#op-{cell}").focus()
        await page.keyboard.down("Space")
        await asyncio.sleep(self.chance.random() * 0.12)
        await page.keyboard.up("Space")

    async def end(self) -> None:
        for page in self.pages:
            await settled(page)
        await asyncio.sleep(PAUSE)
        self.shown = [await page.evaluate(SHOWN) for page in self.pages]
        self.said = await sealed(self.pages[0])

    def wrong(self) -> list[str]:
        """Each fault, with the history of its cell."""
        return list(self._wrong())

    def _wrong(self) -> Iterator[str]:
        diary, kept = self.diary, set(lines(self.folder))
        turned, tab = diary.last("change"), diary.teller("change")
        for cell, times in self.ticked.items():
            seen, stored = diary.count(cell, "change"), int(f"op-{cell}" in kept)
            if seen != times:
                yield f"ticked {times} times, turned {seen} times\n{diary.of(cell)}"
            elif self.wished.get(cell, turned[cell]) != stored:
                yield f"wished {self.wished.get(cell)}, stored {stored}\n{diary.of(cell)}"
            elif turned[cell] != stored:
                yield f"last turned to {turned[cell]}, stored {stored}\n{diary.of(cell)}"
            elif self.shown[("one", "other").index(tab[cell])].get(cell) != stored:
                yield f"stored {stored}, not shown by {tab[cell]}\n{diary.of(cell)}"
        yield from self._misheard()

    def _misheard(self) -> Iterator[str]:
        """Where the server's own log is not what the pages said: what, once, in the order in which it was said."""
        said, done = self.said, applied(self.folder / LOG)
        told, heard = Counter(said.keys()), Counter(key for key, _ in done)
        if told != heard:
            yield f"said and not done: {sorted(told - heard)}; done and not said, or twice: {sorted(heard - told)}"
        last: dict[str, tuple[float, int]] = {}
        for key, ops in done:
            if key not in said:
                continue
            if ops != said[key].cells:
                yield f"{key}: said {said[key].cells}, done {ops}"
            for cell, on in ops.items():
                at, before = last.get(cell, (0, on))
                if at > said[key].at and before != on:
                    yield f"{key} came too late\n{self.diary.of(cell)}"
                last[cell] = max((at, before), (said[key].at, on))
