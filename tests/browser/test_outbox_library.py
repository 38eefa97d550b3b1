"""The outbox has nothing of the planning: another page, with other boxes, fields and words, keeps and sends by it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from jinja2 import ChoiceLoader, FileSystemLoader
from playwright.async_api import Page, expect
from starlette import routing
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tests.browser.conftest import Visit
from tests.portal import Portal
from web.http.auth import parent
from web.http.forms import form
from web.http.protocol import LimitedHttp
from web.page.fragments import alert
from web.page.templates import environment, render

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]

OpenPortal = Callable[..., Awaitable[Portal]]
FOLDER = Path(__file__).with_name("roll")
CLOSED = "L’appel de Nina est clos."


@parent
async def roll_call(request: Request) -> Response:
    return render(request, "page.html", {"roll": request.app.state.roll})


@parent
async def take(request: Request) -> Response:
    sent, state = await form(request), request.app.state
    await state.gate.wait()
    if state.away:
        return alert("Réessayez.", 503)
    said = {str(name): str(word) for name, word in sent.items() if name in state.roll}
    state.taken.append((sent["appel"], said))
    if "nina" in said:
        return alert(CLOSED, 422)
    state.roll.update(said)
    return render(request, "answer.html", {"roll": state.roll, "said": said})


async def script(request: Request) -> Response:
    return Response((FOLDER / "roll.js").read_text(encoding="utf-8"), media_type="text/javascript")


async def over(request: Request) -> Response:
    return PlainTextResponse("C’est fini.")


ROUTES = [
    routing.Route("/essai/appel", roll_call),
    routing.Route("/essai/appel", take, methods=["POST"]),
    routing.Route("/essai/appel.js", script),
    routing.Route("/essai/appel/fin", over),
]


@asynccontextmanager
async def served(app: Starlette, door: socket.socket) -> AsyncIterator[None]:
    config = uvicorn.Config(app, http=LimitedHttp, ws="none", lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    serving = asyncio.ensure_future(server.serve(sockets=[door]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


@pytest.fixture
async def app(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Starlette]:
    loaders = [environment.loader, FileSystemLoader(FOLDER)]
    monkeypatch.setattr(environment, "loader", ChoiceLoader([one for one in loaders if one]))
    with socket.create_server(("127.0.0.1", 0)) as door:
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        town = await portal("lens", now="2018-08-27T10:00:00", base_url=address)
        town.app.router.routes.extend(ROUTES)
        town.app.state.roll = {"lina": "absent", "tom": "absent", "nina": "absent"}
        town.app.state.taken, town.app.state.away, town.app.state.gate = [], False, asyncio.Event()
        town.app.state.gate.set()
        async with served(town.app, door):
            yield town.app


async def states(page: Page) -> dict[str, str]:
    found: dict[str, str] = await page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('.presence')].map((box) => [box.textContent, box.value]))"
    )
    return found


async def test_a_roll_call_keeps_and_sends_by_the_same_three(
    app: Starlette, visit: Visit, said: list[str]
) -> None:
    page = await visit(app.state.settings.base_url, "famille15", "/essai/appel")
    app.state.away = True
    for child in ("lina", "tom"):
        await page.get_by_role("button", name=child).click()
    await expect(page.locator("#envoi")).to_have_text("2 présences à envoyer")
    await expect(page.locator("#alerte")).to_have_text("Votre appel partira quand la connexion revient.")
    await page.reload()
    await expect(page.locator("#envoi")).to_have_text("2 présences à envoyer")
    assert await states(page) == {"lina": "present", "tom": "present", "nina": "absent"}
    await expect(page.locator("[data-unsent]")).to_have_count(2)
    await page.get_by_role("button", name="Terminer").click()
    await expect(page.locator("#alerte")).to_have_text("Votre appel n’est pas encore parti.")
    assert app.state.taken == [] and page.url.endswith("/essai/appel")
    app.state.away = False
    await expect(page.locator("#envoi")).to_be_hidden()
    await expect(page.locator("[data-unsent]")).to_have_count(0)
    assert app.state.roll == {"lina": "present", "tom": "present", "nina": "absent"}
    assert len({key for key, _ in app.state.taken}) == len(app.state.taken)
    said.clear()  # 503


async def test_what_was_refused_is_drawn_as_before_and_read_before_going_on(
    app: Starlette, visit: Visit, said: list[str]
) -> None:
    page = await visit(app.state.settings.base_url, "famille15", "/essai/appel")
    app.state.gate.clear()
    await page.get_by_role("button", name="nina").click()
    await page.get_by_role("button", name="Terminer").click()
    app.state.gate.set()
    await expect(page.locator("#alerte")).to_have_text(CLOSED)
    assert await states(page) == {"lina": "absent", "tom": "absent", "nina": "absent"}
    await page.get_by_role("button", name="Terminer").click()
    await expect(page.get_by_text("C’est fini.")).to_be_visible()
    said.clear()  # 422
