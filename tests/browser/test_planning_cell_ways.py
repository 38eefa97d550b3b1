"""The bubble and the mouse that goes on: whatever the pace and the way, each click ticks, and no cell is covered."""

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.conftest import PHONE, Serve, Visit
from tests.browser.test_planning import MONDAY, SEPTEMBER

pytestmark = pytest.mark.browser

WEEK = SEPTEMBER.replace("mois", "semaine").replace("09-01", "09-03")
PACES = (60, 200, 500, 1500)  # milliseconds a cell
CELLS = "[...document.querySelectorAll('.month .see:not([aria-disabled=true])')].filter((box) => box.checkVisibility())"
GRID = f"""() => {{
  const rows = Object.groupBy({CELLS}, (box) => box.closest("tr").rowIndex);
  return Object.values(rows).map((row) => row.map((box) => [box.value.split(":")[0], box.getBoundingClientRect()]));
}}"""
COVERED = """() => {
  const tip = document.querySelector(".tip:not([hidden])")?.getBoundingClientRect();
  if (!tip) return null;
  const meets = (one) => one.right > tip.left && one.left < tip.right && one.bottom > tip.top && one.top < tip.bottom;
  return [...document.querySelectorAll(".month .cell")].filter((cell) => meets(cell.getBoundingClientRect())).length;
}"""
# The pointer rested, and the server's words have come: the bubble is where it stays, or found no room.
IN_SIGHT = "([key, x, y]) => document.getElementById(`cell-${key}`).contains(document.elementFromPoint(x, y))"
LOOKED = "(key) => document.getElementById(`cell-${key}`).querySelector('.cell').told"


@pytest.fixture
def lens(serve: Serve) -> str:
    return serve("lens", MONDAY)


async def grid(page: Page) -> list[list[tuple[str, float, float]]]:
    """The cells that can be ticked, row by row: their names, and where their middles are."""
    found = await page.evaluate(GRID)
    return [
        [(key, at["x"] + at["width"] / 2, at["y"] + at["height"] / 2) for key, at in row] for row in found
    ]


async def stored(page: Page) -> set[str]:
    """What the server knows to be ticked."""
    while await page.evaluate("document.querySelectorAll('[data-unsent]').length || portail.busy()"):
        await page.wait_for_timeout(50)
    fresh = await page.context.new_page()
    await fresh.goto(SEPTEMBER)
    cells = fresh.locator('.month td:has([data-s="picked"])')
    keys: list[str] = await cells.evaluate_all("cells => cells.map((one) => one.id.slice(5))")
    await fresh.close()
    return set(keys)


@pytest.mark.parametrize("pace", PACES)
async def test_a_mouse_that_rests_ticks_and_goes_on_ticks_every_cell(
    lens: str, visit: Visit, pace: int
) -> None:
    """Down columns, then along a row."""
    page = await visit(lens, "famille15", SEPTEMBER)
    rows = await grid(page)
    days = [list(column) for column in zip(*rows, strict=True)]
    travel = [cell for column in days[:2] for cell in column] + rows[1][4:10]
    assert len(travel) == 12
    for _, x, y in travel:
        await page.mouse.move(x, y, steps=4)
        await page.wait_for_timeout(pace)
        await page.mouse.down()
        await page.mouse.up()
    assert await stored(page) == {key for key, _, _ in travel}


@pytest.mark.parametrize("pace", PACES)
async def test_a_mouse_that_has_looked_at_a_cell_ticks_the_next_one(
    lens: str, visit: Visit, pace: int
) -> None:
    """Below, above, to the right, to the left."""
    page = await visit(lens, "famille15", SEPTEMBER)
    rows = await grid(page)
    clicked = set()
    for column, (down, right) in enumerate(((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1))):
        looked, meant = rows[1][3 * column + 1], rows[1 + down][3 * column + 1 + right]
        await page.mouse.move(looked[1], looked[2], steps=4)
        await page.wait_for_timeout(pace)
        await page.mouse.click(meant[1], meant[2])
        clicked.add(meant[0])
    assert await stored(page) == clicked


@pytest.mark.parametrize("pace", PACES)
async def test_a_finger_ticks_every_cell_of_its_way(lens: str, visit: Visit, pace: int) -> None:
    """Along a row and back along the one below, then the same cell twice again."""
    page = await visit(lens, "famille15", WEEK, **PHONE)
    rows = await grid(page)
    travel = rows[0] + rows[1][::-1] + rows[2]
    assert len(travel) == 12
    for _, x, y in [*travel, travel[0], travel[0]]:
        await page.touchscreen.tap(x, y)
        await page.wait_for_timeout(pace)
    assert await stored(page) == {key for key, _, _ in travel}


@pytest.mark.parametrize("size", [(1366, 900), (1366, 600), (800, 600)])
async def test_the_bubble_lies_over_no_cell(lens: str, visit: Visit, size: tuple[int, int]) -> None:
    width, height = size
    page = await visit(lens, "famille15", "/planning", viewport={"width": width, "height": height})
    opened = []
    for view in ("mois", "quinzaine", "semaine"):
        await page.goto(SEPTEMBER.replace("mois", view))
        await page.locator(".scroll").evaluate("grid => grid.scrollIntoView()")
        for row in (await grid(page))[:3]:
            for key, x, y in (row[0], row[len(row) // 2], row[-1]):
                if not (0 < x < width and 0 < y < height - 80 and await page.evaluate(IN_SIGHT, [key, x, y])):
                    continue
                await page.mouse.move(x, y, steps=2)
                await page.wait_for_function(LOOKED, arg=key)
                opened.append(await page.evaluate(COVERED))
    assert set(opened) <= {0, None}
    assert opened and (width < 1000 or opened.count(0) > len(opened) / 2), opened


async def test_it_closes_when_the_pointer_leaves_before_the_server_answers(lens: str, visit: Visit) -> None:
    page = await visit(lens, "famille15", SEPTEMBER)
    asked: list[Route] = []
    await page.route("**/planning/case?*", lambda route: asked.append(route))
    (_, x, y), *_ = (await grid(page))[0]
    await page.mouse.move(x, y)
    tip = page.locator(".tip")
    await expect(tip).to_be_visible()
    while not asked:
        await page.wait_for_timeout(20)
    await page.mouse.move(6, 6)
    await asked[0].continue_()
    await expect(tip).to_be_hidden()


async def test_it_opens_for_a_rest_and_closes_when_the_pointer_leaves(lens: str, visit: Visit) -> None:
    page = await visit(lens, "famille15", SEPTEMBER)
    # From within the page, so that no pause of a busy machine is a rest.
    crossed = await page.evaluate(
        """() => {
          const [first, next] = document.querySelectorAll(".month .see:not([aria-disabled=true])");
          const tip = document.querySelector(".tip");
          const seen = [];
          for (let n = 0; n < 20; n++) {
            first.dispatchEvent(new MouseEvent("mousemove", { bubbles: true }));
            seen.push(tip.hidden);
          }
          next.dispatchEvent(new MouseEvent("mousemove", { bubbles: true }));
          return [...seen, tip.hidden];
        }"""
    )
    assert set(crossed) == {True}
    tip = page.locator(".tip")
    await expect(tip).to_contain_text("mardi 4 septembre")  # where it rests, not where it came from
    await expect(tip).to_be_visible()
    await page.mouse.move(6, 6, steps=4)
    await expect(tip).to_be_hidden()
    (_, x, y), (_, beside, _) = (await grid(page))[0][:2]
    await page.mouse.move(x, y)
    await expect(tip).to_contain_text("lundi 3 septembre")
    await expect(tip).to_be_visible()
    await page.evaluate(
        """() => {
          const tip = document.querySelector(".tip");
          const look = () => tip.hidden && (window.left = true);
          new MutationObserver(look).observe(tip, { attributeFilter: ["hidden"] });
        }"""
    )
    await page.mouse.move(beside, y)
    await expect(tip).to_contain_text("mardi 4 septembre")
    await expect(tip).to_be_visible()
    assert await page.evaluate("window.left")  # closed before it opened again
