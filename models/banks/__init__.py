"""Payment providers behind one small port: start a charge, read a notification, ask again.

A provider's name is the code in its notification address and in `Payment.provider`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from models.commune.till import Till
from models.rules.states.payments import BankState
from models.settings import Settings


class UnknownBank(LookupError):
    """This portal does not work with that provider."""


class BankSilent(Exception):
    """The bank's site does not answer. A provider says so of whatever its transport says."""


def is_away(exc: Exception) -> bool:
    """Is it the bank that does not answer (or the network to it)? Anything else is our own mistake."""
    return isinstance(exc, BankSilent | OSError)


@dataclass(frozen=True)
class Charge:
    """What the portal asks a bank to take."""

    reference: str  # ours; asked twice, it is the same charge
    cents: int
    merchant: str  # the till's bank label
    email: str
    return_url: str  # where the customer comes back; proves nothing
    notify_url: str  # where the bank says what happened


@dataclass(frozen=True)
class BankNotice:
    """What a bank says of a charge, once proved to come from it."""

    provider: str
    reference: str
    state: BankState
    cents: int
    card: str | None = None  # masked
    authorisation: str | None = None
    transaction: str | None = None


def notice(provider: str, said: Mapping[str, object]) -> BankNotice | None:
    """What a provider says, as a notice; None when a part is missing or is not what it should be.

    Its signature proves who speaks, not that the words make sense: what no column holds must not get that far.
    """
    state, cents = said.get("state"), said.get("cents")
    texts: dict[str, Any] = {name: said.get(name) for name in LENGTHS}
    plain = all(_is_plain(text, LENGTHS[name]) for name, text in texts.items() if text is not None)
    if texts["reference"] is None or not plain or not isinstance(state, str) or state not in set(BankState):
        return None
    if type(cents) is not int or not 0 <= cents < 2**31:
        return None
    return BankNotice(provider, state=BankState(state), cents=cents, **texts)


LENGTHS = {"reference": 30, "card": 30, "authorisation": 30, "transaction": 60}  # of the columns of a payment


def _is_plain(text: object, longest: int) -> bool:
    return isinstance(text, str) and text.isprintable() and len(text) <= longest


class Bank(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def minimum(self) -> int:
        """The smallest charge, in cents."""

    @property
    def first_poll(self) -> float:
        """After how many seconds without news to ask."""

    async def start(self, charge: Charge) -> str:
        """Ask for a charge; the address of the page where the customer pays."""

    async def read(self, body: bytes, headers: Mapping[str, str]) -> BankNotice | None:
        """A notification, or None when nothing proves that it comes from the bank."""

    async def ask(self, reference: str) -> BankNotice:
        """What the bank knows now. A charge it never heard of has expired: nobody can pay it."""


_banks: dict[str, Bank] = {}
_base_url = ""


def configure(settings: Settings) -> None:
    """Choose the banks of this process. The demo bank takes play money, so it only exists with --demo."""
    from models.banks.demo import DemoBank  # here: providers import this port

    global _base_url
    _base_url = settings.base_url
    _banks.clear()
    if settings.demo:
        _banks[DemoBank.name] = DemoBank(settings.base_url, settings.secret_keys)


def base_url() -> str:
    """The portal's own address, where the bank sends people and notifications back."""
    return _base_url


def bank(provider: str) -> Bank:
    """Raises UnknownBank."""
    try:
        return _banks[provider]
    except KeyError:
        raise UnknownBank(provider) from None


def provider_of(till: Till) -> str | None:
    """Who takes card payments for a till; None when it has no online payment."""
    return next(iter(_banks), None) if till.online else None


def minimum_of(till: Till) -> int:
    """The smallest sum that can be paid by card at a till, in cents; below it the sum goes on the account."""
    provider = provider_of(till)
    return bank(provider).minimum if provider else 0
