"""What a phone has to fetch, beside its budget. A kilobyte is 1000 bytes, as the wire has them."""

import gzip
import html
import re
from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.portal import Client, Portal
from tests.web.grid import cell
from web.page.assets import SHEET, asset

OpenPortal = Callable[..., Awaitable[Portal]]
KB = 1000
LEVEL = 5  # of the proxy in the Caddyfile, which packs the pages; static files are packed by the portal
WEEK = "/planning?vue=semaine&debut=2018-09-03&modifier=1"
BUSY = "/planning?vue=semaine&debut=2025-10-06&modifier=1"
LINKED = re.compile(r'<(?:link|script|use)\b[^>]*?\b(?:href|src)="(/[^"#]*)')

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def browser(portal: OpenPortal) -> Client:
    town = await portal("lens", now="2018-08-27T10:00:00")
    return await town.client("famille15")


async def weight(browser: Client, path: str, **options: str) -> int:
    """The body of an answer, as it travels."""
    async with browser.stream("GET", path, headers={"accept-encoding": "gzip, br", **options}) as answer:
        assert answer.status_code == 200, path
        sent = b"".join([part async for part in answer.aiter_raw()])
    return len(_packed(answer, sent))


def _packed(answer: httpx.Response, sent: bytes) -> bytes:
    if "content-encoding" in answer.headers or answer.headers["content-type"].startswith("image/png"):
        return sent
    return gzip.compress(sent, LEVEL)


def linked(page: str) -> list[str]:
    """Everything that the page names: style, scripts, drawings, icons, manifest."""
    return sorted({html.unescape(path) for path in LINKED.findall(page)})


async def test_the_style_fits(browser: Client) -> None:
    page = await browser.get_page(WEEK)
    sheets = [path for path in linked(page) if ".css" in path]
    assert asset(SHEET) in sheets
    assert sum([await weight(browser, path) for path in sheets]) <= 15 * KB


async def test_our_scripts_and_htmx_fit(browser: Client) -> None:
    scripts = [path for path in linked(await browser.get_page(WEEK)) if path.endswith(".js")]
    ours = [path for path in scripts if "/htmx" not in path]
    assert len(ours) >= 1 and len(scripts) > len(ours)
    assert sum([await weight(browser, path) for path in ours]) <= 8.4 * KB
    assert sum([await weight(browser, path) for path in scripts if path not in ours]) <= 12.1 * KB


async def test_a_week_fits(browser: Client) -> None:
    """With the two that follow it, each a line that opens."""
    assert await weight(browser, WEEK) <= 7 * KB


async def test_a_full_week_fits(portal: OpenPortal) -> None:
    """The town that uses everything: four activities, seven rows."""
    town = await portal("demo", now="2025-09-22T10:00:00")
    assert await weight(await town.client("camille.durand"), BUSY) <= 9 * KB


async def test_the_answer_to_a_tick_fits(browser: Client) -> None:
    op = f"{await cell('Juliette', 'ACM du Matin', '2018-09-03')}:1"
    place = [("vue", "semaine"), ("debut", "2018-09-03"), ("modifier", "1")]
    answer = await browser.post_part("/planning/operations", [("op", op), *place])
    assert answer.status_code == 200 and f'id="cell-{op[:-2]}"' in answer.text
    assert len(answer.content) <= 2 * KB


async def test_a_first_visit_fits(browser: Client) -> None:
    """HTML, style, scripts, icons, manifest, and what each answer says before its body."""
    page = await browser.get_page(WEEK)
    parts = {path: await weight(browser, path) for path in [WEEK, *linked(page)]}
    heads = sum([len(_head(await browser.get(path))) for path in parts])
    assert {".css", ".js", ".png", ".svg"} <= {path[path.rfind(".") :].partition("?")[0] for path in parts}
    assert sum(parts.values()) + heads <= 50 * KB, parts | {"heads": heads}


def _head(answer: httpx.Response) -> bytes:
    return b"".join(name + b": " + value + b"\r\n" for name, value in answer.headers.raw)
