"""What a page of the tour holds, and who asks for it: forms are sent as a browser without scripts sends them."""

import html
import re

import httpx

PATIENCE = 60  # seconds for the demo bank to tell the portal


def opened(address: str, cookies: dict[str, str]) -> httpx.Client:
    return httpx.Client(base_url=address, cookies=cookies, trust_env=False, timeout=PATIENCE)


def token_of(page: str) -> str:
    return hidden(page, "csrf") if 'name="csrf"' in page else ""


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    assert found, f"no field « {name} »"
    return html.unescape(found[1])
