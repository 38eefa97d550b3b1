"""Who carries text messages, behind one small port: hand one over, ask what became of it.

Handed over twice under one reference, it is one message. `CARRIERS` names them; a demo has the demo's own, and a portal
without one sends none and offers none.
"""

from typing import Protocol

from models.rules.states.texts import TextState
from models.settings import Settings


class CarrierAway(Exception):
    """It does not answer: later."""


class Refused(Exception):
    """It will not carry this one; the text says why."""


class Carrier(Protocol):
    name: str

    async def send(self, reference: str, phone: str, text: str) -> None:
        """`reference` is ours; `phone` begins with + and its country. Raises CarrierAway and Refused."""

    async def state(self, reference: str) -> TextState:
        """SENT while it is on its way. Raises CarrierAway."""


class DemoCarrier:
    """Keeps nothing: the portal's own rows are what `/demo/sms` shows. It refuses numbers that end in 99."""

    name = "demo"

    async def send(self, reference: str, phone: str, text: str) -> None:
        if phone.endswith("99"):
            raise Refused("numéro non attribué")

    async def state(self, reference: str) -> TextState:
        return TextState.DELIVERED


_used: list[Carrier] = []  # of a test


def carrier(settings: Settings) -> Carrier | None:
    """The commune's, if it has one."""
    if _used:
        return _used[-1]
    return DemoCarrier() if settings.demo else None
