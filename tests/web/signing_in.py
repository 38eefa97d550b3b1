"""Signing in."""

import httpx

from tests.portal import Client
from tests.town import PASSWORD


async def enter(browser: Client, name: str, password: str = PASSWORD, **more: str) -> httpx.Response:
    return await browser.post_form("/connexion", {"identifiant": name, "mot_de_passe": password, **more})


def session_cookies(answer: httpx.Response) -> list[str]:
    return [line for line in answer.headers.get_list("set-cookie") if line.startswith(("pf=", "__Host-pf="))]
