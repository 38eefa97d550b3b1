"""Payment providers behind one small port: start a charge, read a notification, ask again.

A provider's name is the code in its notification address and in `Payment.provider`. Each till has its own bank, with
its own account and keys.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from models.commune.till import Till
from models.rules.states.payments import BankState
from models.settings import Settings, WrongSetting


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
    number: int = 0  # of the payment
    made_at: datetime | None = None
    first_name: str = ""  # of who pays
    last_name: str = ""


@dataclass(frozen=True)
class Page:
    """Where the customer pays."""

    url: str
    fields: Mapping[str, str] | None = None  # to be posted there; none: the address is enough
    number: str | None = None  # what the bank calls the charge, when it must be asked by that name


@dataclass(frozen=True)
class Kept:
    """What the portal kept of a charge that it asks about."""

    cents: int = 0
    number: str | None = None  # of its Page
    since: datetime | None = None


@dataclass(frozen=True)
class Hint:
    """A bank says that something happened to a charge and proves nothing: it must be asked. One of the two is known."""

    reference: str | None = None  # ours
    number: str | None = None  # the bank's
    cents: int | None = None  # paid, by its signed word


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
    account: str = ""  # of the merchant who was paid, where the bank's word alone tells it


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
    account = said.get("account", "")
    return BankNotice(provider, state=BankState(state), cents=cents, account=str(account), **texts)


LENGTHS = {"reference": 30, "card": 30, "authorisation": 30, "transaction": 60}  # of the columns of a payment


def _is_plain(text: object, longest: int) -> bool:
    return isinstance(text, str) and text.isprintable() and len(text) <= longest


class Bank(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def account(self) -> str:
        """The merchant's account there, as `BankNotice.account` names it."""

    @property
    def origin(self) -> str:
        """Of the page where customers pay, for the pages' security policy; empty: this portal's."""

    @property
    def minimum(self) -> int:
        """The smallest charge, in cents."""

    @property
    def first_poll(self) -> float:
        """After how many seconds without news to ask."""

    @property
    def pause(self) -> float:
        """So many seconds lie between two tries to pay the same debt, unless the bank refused the first."""

    @property
    def methods(self) -> tuple[str, ...]:
        """By which it sends its notifications."""

    @property
    def answer(self) -> str:
        """What the bank wants to read once its notification is kept."""

    async def start(self, charge: Charge) -> Page:
        """Ask for a charge; the page where the customer pays. Raises BankSilent."""

    async def read(self, said: bytes, headers: Mapping[str, str]) -> BankNotice | Hint | None:
        """A notification (its body, or what stands behind the « ? » of a GET). None: nothing proves that it comes from
        the bank, or not about this account."""

    async def ask(self, reference: str, kept: Kept) -> BankNotice:
        """What the bank knows now. A charge that nobody can pay any more has expired. Raises BankSilent."""

    async def check(self) -> str:
        """Does the bank know this account? What it says, in French. Raises what goes wrong."""


Make = Callable[[str, Mapping[str, str]], Bank]
PROVIDERS = (
    "payfip",
    "paybox",
    "payzen",
    "systempay",
)  # besides the demo's; `tills[].provider` of a commune file
FIRST_POLL = 120.0  # seconds, of a real bank
SMALLEST = 100  # cents: less is not worth the fee, and goes on the account

_banks: dict[tuple[str, str], Bank] = {}  # by provider and code of the till; the demo's is for all
_base_url = ""


def configure(settings: Settings) -> None:
    """Forget the banks of this process but the demo's. It takes play money, so it only exists with --demo."""
    from models.banks.demo import DemoBank  # here: providers import this port

    global _base_url
    _base_url = settings.base_url
    _banks.clear()
    if settings.demo:
        _banks[DemoBank.name, ""] = DemoBank(settings.base_url, settings.secret_keys)


async def open_accounts(settings: Settings) -> None:
    """The banks of this process: each till's, with what PORTAIL_BANKS says of it. Raises WrongSetting."""
    from models.banks import accounts  # here: it imports the providers, which import this port

    configure(settings)
    tills = await Till.all().order_by("position", "id")
    for code in settings.banks:
        if tills and code not in {till.code for till in tills}:
            raise WrongSetting(
                f"PORTAIL_BANKS describes the till « {code} », which the commune does not have."
            )
    for till in tills:
        said = settings.banks.get(till.code)
        if till.provider and (said is not None or not settings.demo):
            _banks[till.provider, till.code] = accounts.opened(
                till.provider, till.code, said, demo=settings.demo
            )
        elif said is not None:
            raise WrongSetting(
                f"PORTAIL_BANKS describes the bank of the till « {till.code} », which names no provider."
            )


def origins() -> tuple[str, ...]:
    """The banks' sites, to which a form of a page may lead."""
    return tuple(sorted({one.origin for one in _banks.values() if one.origin}))


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def base_url() -> str:
    """The portal's own address, where the bank sends people and notifications back."""
    return _base_url


def bank(provider: str, till: str = "") -> Bank:
    """Of the till with this code. Raises UnknownBank."""
    found = _banks.get((provider, till)) or _banks.get((provider, ""))
    if found is None:
        raise UnknownBank(provider)
    return found


def speakers(provider: str) -> list[Bank]:
    """Whoever may speak at a provider's notification address. Raises UnknownBank."""
    found = [one for (name, _), one in _banks.items() if name == provider]
    if not found:
        raise UnknownBank(provider)
    return found


def of_till(till: Till) -> Bank | None:
    """Who takes card payments for a till; None when it has no online payment.

    In a demo, a till whose bank is not described has the demo bank.
    """
    if not till.online:
        return None
    return _banks.get((till.provider or "", till.code)) or next(
        (one for (_, code), one in _banks.items() if not code), None
    )


def opened() -> list[tuple[str, Bank]]:
    """The real banks, each with the code of its till."""
    return [(code, one) for (_, code), one in _banks.items() if code]


def minimum_of(till: Till) -> int:
    """The smallest sum that can be paid by card at a till, in cents; below it the sum goes on the account."""
    found = of_till(till)
    return found.minimum if found else 0
