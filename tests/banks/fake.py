"""What the tests ask of every bank that they play."""

from dataclasses import dataclass
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


class Fake(Server):
    """A bank. `end` decides how a charge ends, and gives what the bank tells the portal of it."""

    name: str

    def table(self) -> Form:
        """The till's account, as PORTAIL_BANKS describes it."""
        raise NotImplementedError

    def arrive(self, url: str, form: Form | None) -> str:
        """A customer is at the bank's page: the charge. Fails when the portal broke the bank's rules."""
        raise NotImplementedError

    def proves(self, said: bytes) -> bool:
        """Does its signature still hold for words that were changed?"""
        return False

    def end(self, charge: str, state: str, **more: Any) -> Notification:
        """paid | refused | cancelled; `cents=` is another sum, `mode=` another mode, `key=` another's key."""
        raise NotImplementedError
