"""What became of each tick: the hand's, the pages', the outbox's, the network's and the server's words for it."""

import asyncio
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from playwright.async_api import ConsoleMessage, Page, Request, Route

from tests.browser.conftest import PATIENCE

PATH = "/planning/operations"
WATCH = """(() => {
  const note = (what, cells, more) => console.debug(`diary ${JSON.stringify([Date.now(), what, cells, more ?? ""])}`);
  const cellOf = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest?.("td[id^=cell-]")?.id.slice(5);
  const shown = (cell) => Number(document.getElementById(`op-${cell}`)?.checked ?? -1);
  note("loaded", {}, location.pathname);
  addEventListener("pagehide", () => note("left", {}));
  for (const type of ["touchstart", "touchend", "mousedown", "mouseup", "keydown", "click", "change"])
    addEventListener(type, ({ target }) => {
      const cell = cellOf(target);
      if (cell) note(type, { [cell]: shown(cell) });
    }, true);

  const { setItem, removeItem } = Storage.prototype;
  const entry = (key) => JSON.parse(localStorage.getItem(key));
  Storage.prototype.setItem = function (key, value) {
    setItem.call(this, key, value);
    if (!key.startsWith("ticks:")) return;
    const { sealed, done, cells } = JSON.parse(value);
    if (sealed && !done) setItem.call(this, `sealed:${key.split(":")[2]}`, JSON.stringify([Date.now(), cells]));
    note(done ? "done" : sealed ? "sealed" : "kept", cells, key.split(":")[2]);
  };
  Storage.prototype.removeItem = function (key) {
    const known = key.startsWith("ticks:") && entry(key);
    removeItem.call(this, key);
    if (known) note("erased", known.cells, key.split(":")[2]);
  };

  let drawn = new Set();
  const said = () => Object.fromEntries([...drawn].map((cell) => [cell, shown(cell)]));
  const observer = new MutationObserver((records) => {
    const nodes = records.flatMap(({ target, addedNodes }) => [target, ...addedNodes]);
    for (const cell of nodes.map(cellOf)) if (cell) drawn.add(cell);
    note("drawn", said());
  });
  addEventListener("DOMContentLoaded", () => {
    const frame = document.querySelector(".scroll");
    if (frame) observer.observe(frame, { subtree: true, childList: true, attributeFilter: ["data-s"] });
  });
  addEventListener("htmx:after:swap", () => {
    note("shown", said());
    drawn = new Set();
  });
})()"""
# What was sealed as its page went away is not always heard on the console.
SEALED = """() => Object.entries(localStorage).filter(([key]) => key.startsWith("sealed:"))
  .map(([key, value]) => [key.slice(7), ...JSON.parse(value)])"""
APPLIED = re.compile(r"INFO portail\.ticks family (\d+), batch (\S+): (.*)")


@dataclass(frozen=True)
class Note:
    at: float  # ms
    who: str
    what: str
    cells: dict[str, int]
    more: str = ""

    def __str__(self) -> str:
        return f"{self.at % 1_000_000:10.1f} {self.who:8} {self.what:12} {self.more}"


@dataclass
class Diary:
    notes: list[Note] = field(default_factory=list)

    def note(
        self, who: str, what: str, cells: dict[str, int], more: str = "", at: float | None = None
    ) -> None:
        self.notes.append(Note(at or time.time() * 1000, who, what, cells, more))

    async def follow(self, page: Page, name: str) -> None:
        """From its next load on."""

        def hear(message: ConsoleMessage) -> None:
            if message.text.startswith("diary "):
                at, what, cells, more = json.loads(message.text[6:])
                self.note(name, what, cells, more, at)

        def ask(what: str, request: Request) -> None:
            if request.url.endswith(PATH):
                key, cells = _sent(request.post_data or "")
                self.note(name, what, cells, key)

        page.on("console", hear)
        page.on("request", lambda request: ask("sent", request))
        page.on("requestfinished", lambda request: ask("answered", request))
        page.on("requestfailed", lambda request: ask("unanswered", request))
        await page.add_init_script(WATCH)

    def of(self, cell: str) -> str:
        """The history of one cell, and of the pages it is on."""
        ours = [one for one in self.notes if cell in one.cells or one.what in ("loaded", "left")]
        told = [f"{one} {one.cells.get(cell, '')}" for one in sorted(ours, key=lambda one: one.at)]
        return "\n".join([f"---- {cell}", *told])

    def count(self, cell: str, *what: str) -> int:
        return sum(1 for one in self.notes if one.what in what and cell in one.cells)

    def last(self, what: str) -> dict[str, int]:
        """Of each cell, what was said last."""
        return {cell: note.cells[cell] for cell, note in self._latest(what).items()}

    def teller(self, what: str) -> dict[str, str]:
        """Of each cell, who said it last."""
        return {cell: note.who for cell, note in self._latest(what).items()}

    def _latest(self, what: str) -> dict[str, Note]:
        told = sorted((one for one in self.notes if one.what == what), key=lambda one: one.at)
        return {cell: note for note in told for cell in note.cells}


async def sealed(page: Page) -> dict[str, Note]:
    """Every batch that the pages of this browser sealed, by its key."""
    told = await page.evaluate(SEALED)
    return {key: Note(at, "outbox", "sealed", cells, key) for key, at, cells in told}


def applied(log: Path) -> list[tuple[str, dict[str, int]]]:
    """What the server did, in its order: the key of each batch and its ticks."""
    found = APPLIED.findall(log.read_text(encoding="utf-8"))
    return [(key, _cells(ops.split())) for _, key, ops in found]


def _sent(body: str) -> tuple[str, dict[str, int]]:
    fields: dict[str, Any] = parse_qs(body)
    return fields.get("cle", [""])[0], _cells(fields.get("op", []))


def _cells(ops: list[str]) -> dict[str, int]:
    return {cell: int(on) for cell, _, on in (op.partition(":") for op in ops)}


async def until(true: Callable[[], object]) -> None:
    """Waits for what a page is going to tell."""
    end = time.monotonic() + PATIENCE / 1000
    while not true():
        assert time.monotonic() < end, "It never came."
        await asyncio.sleep(0.05)


async def settled(page: Page) -> None:
    """All is answered."""
    await page.wait_for_function("() => !portail.busy()", timeout=2 * PATIENCE)


@dataclass
class Gate:
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    open: asyncio.Event = field(default_factory=asyncio.Event)


async def held_back(page: Page) -> Gate:
    """Ticks reach the server at once, their answers when the gate is opened."""
    gate = Gate()

    async def hold(route: Route) -> None:
        answer = await route.fetch()
        gate.asked.set()
        await gate.open.wait()
        await route.fulfill(response=answer)

    await page.route(f"**{PATH}", hold)
    return gate
