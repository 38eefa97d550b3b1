"""What the tests ask of every bank that they play."""

from dataclasses import dataclass
from html import escape
from typing import Any

import httpx

from tests.banks.server import Server

Form = dict[str, str]


@dataclass(frozen=True)
class Notification:
    """As the bank sends it."""

    method: str
    said: bytes  # the body, or what stands behind the « ? »

    async def send(self, client: httpx.AsyncClient, name: str) -> httpx.Response:
        path = f"/banque/{name}/notification"
        if self.method == "GET":
            return await client.get(f"{path}?{self.said.decode('latin-1')}")
        return await client.post(
            path, content=self.said, headers={"content-type": "application/x-www-form-urlencoded"}
        )


def page(body: str) -> str:
    icon = '<link rel="icon" href="data:,">'
    return (
        f'<!doctype html><html lang="fr"><head><title>Banque</title>{icon}</head><body>{body}</body></html>'
    )


class Fake(Server):
    """A bank. `end` decides how a charge ends, and gives what the bank tells the portal of it."""

    name: str

    def __init__(self) -> None:
        super().__init__()
        self.back: list[int] = []  # cents that went back on a card

    def table(self) -> Form:
        """The till's account, as PORTAIL_BANKS describes it."""
        raise NotImplementedError

    def arrive(self, url: str, form: Form | None) -> str:
        """A customer is at the bank's page: the charge. Fails when the portal broke the bank's rules."""
        raise NotImplementedError

    def paid_at(self, charge: str, notify: str, back: str) -> str:
        """Somebody pays on the bank's own page: the portal is told, and this page leads back."""
        told = self.end(charge, "paid")
        if told.method == "GET":
            answer = httpx.get(f"{notify}?{told.said.decode()}", trust_env=False)
        else:
            kind = {"content-type": "application/x-www-form-urlencoded"}
            answer = httpx.post(notify, content=told.said, headers=kind, trust_env=False)
        assert answer.status_code == 200, answer.text
        return page(f'<p>Paiement accepté</p><a href="{escape(back)}">Retour à la boutique</a>')

    def proves(self, said: bytes) -> bool:
        """Does its signature still hold for words that were changed?"""
        return False

    def end(self, charge: str, state: str, **more: Any) -> Notification:
        """paid | refused | cancelled; `cents=` is another sum, `mode=` another mode, `key=` another's key."""
        raise NotImplementedError
