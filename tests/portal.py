"""A whole portal inside the test: a commune in the database, pages without server, jobs without worker."""

import html
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
from starlette.applications import Starlette

from jobs.perform import find
from models import clock
from models.access.member import Member
from models.access.session import Session
from models.clock import real
from models.families.guardian import Guardian
from models.rules.deadlines import PARIS
from models.settings import Settings
from models.work.task import Task
from tests.loaded import load_once
from web.http import signing

ENOUGH = 500  # jobs
ADDRESS = ("127.0.0.1", 51234)
Form = Mapping[str, Any] | Sequence[tuple[str, str]]


class Client(httpx.AsyncClient):
    """A browser without scripts: keeps cookies, and sends the forms' hidden token."""

    async def get_page(self, path: str, status: int = 200, **options: Any) -> str:
        """The HTML of a page, whose status is checked; redirects are followed."""
        answer = await self.get(path, follow_redirects=True, **options)
        assert answer.status_code == status, f"{path}: {answer.status_code}\n{answer.text[:2000]}"
        return answer.text

    async def post_form(self, path: str, data: Form | None = None, **options: Any) -> httpx.Response:
        """Send a form as the browser would, with the session's token; redirects are not followed."""
        pairs = [*_pairs(data or {}), ("csrf", await self.token())]
        body = urlencode(pairs)
        headers = {"content-type": "application/x-www-form-urlencoded", **options.pop("headers", {})}
        return await self.post(path, content=body, headers=headers, **options)

    async def post_part(self, path: str, data: Form | None = None, **options: Any) -> httpx.Response:
        """As htmx sends it: the answer is a fragment."""
        headers = {"hx-request": "true", **options.pop("headers", {})}
        return await self.post_form(path, data, headers=headers, **options)

    def carry(self, name: str, value: str) -> None:
        """Have this cookie, as if the portal had given it."""
        self.cookies.set(name, value, domain=self.base_url.host)

    async def token(self) -> str:
        """The hidden token of this browser's forms; a visitor gets its cookie with the first page."""
        assert isinstance(self._transport, httpx.ASGITransport)
        app: Any = self._transport.app
        if not signing.token_of(app.state.settings, self.cookies):
            await self.get("/connexion")
        return signing.token_of(app.state.settings, self.cookies)


@dataclass
class Portal:
    app: Starlette
    settings: Settings
    clients: list[Client] = field(default_factory=list)

    async def client(self, username: str | None = None, **options: Any) -> Client:
        """A browser, signed in as this guardian or member; None is a visitor."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=ADDRESS)
        browser = Client(transport=transport, base_url=self.settings.base_url, **options)
        self.clients.append(browser)
        if username is not None:
            cookie = signing.session_cookie(self.settings)
            browser.carry(cookie, signing.seal(self.settings, await _sign_in(username)))
        return browser

    async def run_jobs(self, within: float = 0.0) -> list[str]:
        """Do the work that is due within so many seconds and what it asks for; the names of what was done.

        A job that fails fails the test.
        """
        done: list[str] = []
        while (
            task := await Task.filter(state="ready", due__lte=real() + within).order_by("due", "id").first()
        ):
            assert len(done) < ENOUGH, f"the work never ends: {done[-5:]}"
            await Task.filter(id=task.id).update(due=0, lease=0)
            assert await Task.take(task.id)
            await find(task.name)({"settings": self.settings}, *task.args)
            await task.done()
            done.append(task.name)
        return done

    async def verify(self) -> None:
        """Every promise that `python -m models verify` checks still holds."""
        from models.storage import integrity

        broken = await integrity.verify()
        assert broken == [], broken

    async def close(self) -> None:
        for client in self.clients:
            await client.aclose()


async def open_portal(
    name: str, settings: Settings, now: str | None, change: Callable[[dict[str, Any]], object] | None
) -> Portal:
    from models import banks, commune_file
    from models.storage import encryption
    from web.app import create_app

    if now:
        clock.shift_to(_moment(now))
    path = commune_file.shipped(name)
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    if change:
        change(content)
    document = commune_file.parse(content, path.name)
    if name == "demo":
        document = commune_file.shift_to_year(document, clock.now().date())
    await load_once(document, now, lambda: commune_file.load(document, demo=True), shipped=change is None)
    await banks.open_accounts(settings)
    encryption.use(settings.secret_keys)
    return Portal(create_app(settings), settings)


def hidden(page: str, name: str) -> str:
    """The value of a hidden field of a page."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    assert found, f"no field « {name} »"
    return html.unescape(found[1])


async def _sign_in(username: str) -> str:
    guardian = await Guardian.get_or_none(username=username)
    if guardian:
        return await Session.open(guardian=guardian.id)
    member = await Member.get(username=username)
    return await Session.open(member=member.id)


def _moment(value: str) -> Any:
    from datetime import datetime

    return datetime.fromisoformat(value).replace(tzinfo=PARIS)


def _pairs(data: Form) -> list[tuple[str, str]]:
    if not isinstance(data, Mapping):
        return [(name, str(value)) for name, value in data]
    pairs: list[tuple[str, str]] = []
    for name, value in data.items():
        values = value if isinstance(value, list | tuple) else [value]
        pairs += [(name, str(one)) for one in values]
    return pairs
