"""Agents of the mairie, and a portal that is no demo: what it asks of them."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import httpx

from models.access import passwords
from models.access.member import Member
from models.rules.accounts.one_time_code import code_at
from models.settings import Settings
from tests.portal import Client, Portal, hidden
from tests.web.checkout import words
from web.app import create_app
from web.http import signing

PLACE, STEP = "/mairie/utilisateurs", "/mairie/compte/double-authentification"
CODE = "/connexion/code"
_hashed: list[str] = []  # made once: it takes long on purpose
PASSWORD = "un long mot de passe d’agent"


def real_portal(town: Portal) -> Portal:
    """The same town, served without --demo."""
    settings: Settings = replace(town.settings, demo=False, base_url="https://portail.example")
    return Portal(create_app(settings), settings)


async def agent(username: str, *roles: str) -> Member:
    if not _hashed:
        _hashed.append(await passwords.hash(PASSWORD))
    return await Member.create(
        username=username, name=f"Agent {username}", email=f"{username}@mairie.example", password=_hashed[0],
        roles=list(roles),
    )  # fmt: skip


class Clock:
    """Real time, as a test moves it: seconds since 1970."""

    def __init__(self) -> None:
        self.now = 1_760_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Telephone:
    """Makes the codes of a secret, at the moment that its clock says."""

    secret: bytes
    clock: Callable[[], float]

    def code(self, drift: int = 0) -> str:
        return code_at(self.secret, int(self.clock() // 30) + drift)


async def password_typed(browser: Client, username: str, then: str = "") -> httpx.Response:
    form = {"identifiant": username, "mot_de_passe": PASSWORD, "suite": then}
    return await browser.post_form("/connexion", form)


def key_of(page: str) -> bytes:
    """The secret that the page of the square writes out."""
    found = re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", page)
    assert found, words(page)
    return base64.b32decode(found[1].replace(" ", ""))


async def set_up(browser: Client, clock: Callable[[], float]) -> tuple[Telephone, list[str]]:
    """As its owner does: the square, the code, the codes of recovery."""
    page = await browser.get_page(STEP)
    telephone = Telephone(key_of(page), clock)
    answer = await browser.post_form(STEP, {"secret": hidden(page, "secret"), "code": telephone.code()})
    assert answer.status_code == 200, words(answer.text)
    codes = re.findall(r"<li><code>([A-Z0-9-]+)</code>", answer.text)
    assert len(set(codes)) == 10 and answer.headers["cache-control"] == "no-store"
    return telephone, codes


def is_signed_in(town: Portal, answer: httpx.Response) -> bool:
    name = signing.session_cookie(town.settings)
    return any(line.startswith(f"{name}=") for line in answer.headers.get_list("set-cookie"))


def path_of(text: str) -> str:
    """Of the link that an e-mail carries."""
    found = re.search(r"https?://\S+/espace-mairie/invitation/\S+", text)
    assert found, text
    return urlsplit(found[0]).path


async def enrolled(town: Portal, clock: Clock) -> tuple[Telephone, list[str]]:
    """Odile has set it up, and half a minute has passed."""
    telephone, codes = await set_up(await town.client("odile"), clock)
    clock.now += 30
    return telephone, codes


async def tried(town: Portal, code: str, browser: Client | None = None) -> bool:
    browser = browser or await town.client()
    answer = await password_typed(browser, "odile", "/mairie/utilisateurs")
    assert answer.headers["location"] == f"{CODE}?suite=%2Fmairie%2Futilisateurs", "never at once"
    assert not is_signed_in(town, answer)
    asked = await browser.post_form(CODE, {"code": code, "suite": "/mairie/utilisateurs"})
    if asked.status_code == 303:
        assert asked.headers["location"] == "/mairie/utilisateurs" and is_signed_in(town, asked)
        assert (await browser.get("/mairie/utilisateurs")).status_code == 200
    return asked.status_code == 303
