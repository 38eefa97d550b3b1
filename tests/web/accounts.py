"""The page of an account."""

import httpx

from tests.portal import Client
from tests.town import PASSWORD

NEW = "trois chats sous la pluie"


async def change(
    browser: Client, current: str = PASSWORD, new: str = NEW, again: str | None = None
) -> httpx.Response:
    form = {"actuel": current, "mot_de_passe": new, "confirmation": new if again is None else again}
    return await browser.post_form("/compte/mot-de-passe", form)
