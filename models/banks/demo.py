"""The demo bank: another house under the same roof, with its own books.

The portal only meets it through the port of `models.banks`: a redirect, a signed notification over HTTP, a
question. The verbs at the end are its customer's, on its own page.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tortoise import fields
from tortoise.expressions import F
from tortoise.models import Model

from models import clock
from models.banks import BankNotice, Charge, Kept, Page, demo_cards, notice
from models.banks.giving_back import BankRefused, GiveBack
from models.commune.till import Till
from models.rules.deadlines import PARIS
from models.rules.states.payments import BankState
from models.storage.database import transaction
from models.storage.fields import Instant
from models.work.task import Task

OPEN = ("asked", "card")
TIME_TO_PAY = timedelta(minutes=15)
CODES = 3  # so many wrong ones refuse the payment
CODE_WRONG = "Ce code n’est pas le bon. Vérifiez le dernier SMS reçu."
SIGNATURE = "X-Demo-Signature"
TIMEOUT = 10.0

Errors = dict[str, str]
NOTHING = Kept()


class NotDelivered(Exception):
    """The portal did not take a notification; the task tries again."""


class DemoCharge(Model):
    # A row of the bank's books, which the portal never reads. A docstring would become the table's comment.
    id = fields.IntField(primary_key=True)
    token = fields.CharField(max_length=64)
    reference = fields.CharField(max_length=30)
    merchant = fields.CharField(max_length=200)
    cents = fields.IntField()
    return_url = fields.CharField(max_length=300)
    notify_url = fields.CharField(max_length=300)
    state = fields.CharField(max_length=12, default="asked")  # asked | card | then a BankState
    brand = fields.CharField(max_length=20, null=True)
    card = fields.CharField(max_length=30, null=True)  # masked: the full number is never stored, even here
    silent = fields.BooleanField(default=False)  # this card never notifies: the poller must find it
    refuses = fields.BooleanField(default=False)
    wrong_codes = fields.IntField(default=0)
    authorisation = fields.CharField(max_length=30, null=True)
    asked_at = Instant()
    answered_at = Instant(null=True)
    given_back = fields.IntField(default=0, db_default=0)  # cents of it that went back on the card

    class Meta:
        table = "demo_charge"

    @property
    def final(self) -> bool:
        return self.state not in OPEN

    @property
    def tries_left(self) -> int:
        return CODES - self.wrong_codes

    @property
    def pay_before(self) -> datetime:
        return self.asked_at.astimezone(UTC) + TIME_TO_PAY

    def notice(self) -> BankNotice:
        state = BankState(self.state) if self.final else BankState.PENDING
        number = f"DEMO{self.id:08d}" if state == BankState.PAID else None
        return BankNotice("demo", self.reference, state, self.cents, self.card, self.authorisation, number)


class DemoBank:
    name = "demo"
    account = ""  # its notifications name the till's label, which is looked up
    origin = ""
    minimum = 100
    first_poll = 20.0
    pause = 0.0
    methods = ("POST",)
    answer = "kept"

    def __init__(self, base_url: str, secret_keys: Iterable[str]) -> None:
        """Keys oldest first: the newest signs, each of them proves."""
        self.base_url = base_url
        self.keys = [_signing_key(key) for key in secret_keys]

    async def start(self, charge: Charge) -> Page:
        if charge.cents < self.minimum:
            raise ValueError(f"{charge.cents} cents are below the demo bank's minimum")
        row = DemoCharge(
            token=secrets.token_urlsafe(32),
            reference=charge.reference,
            merchant=charge.merchant,
            cents=charge.cents,
            return_url=charge.return_url,
            notify_url=charge.notify_url,
            asked_at=clock.now(),
        )
        await DemoCharge.bulk_create([row], ignore_conflicts=True)
        known = await DemoCharge.get(reference=charge.reference)
        if known.cents != charge.cents:
            raise ValueError(f"{charge.reference} was already asked for {known.cents} cents")
        return Page(f"{self.base_url}/banque/demo/{known.token}")

    async def ask(self, reference: str, kept: Kept = NOTHING) -> BankNotice:
        row = await DemoCharge.get_or_none(reference=reference)
        if row is None:
            return BankNotice(self.name, reference, BankState.EXPIRED, 0)
        return (await _closed_in_time(row, clock.now())).notice()

    async def give_back(self, wish: GiveBack) -> str:
        paid = DemoCharge.filter(reference=wish.reference, state=BankState.PAID, cents__gte=wish.after)
        if not await paid.filter(given_back=wish.before).update(given_back=wish.after):
            raise BankRefused("la banque de démonstration n’a pas encaissé autant")
        return f"RDEMO{(await DemoCharge.get(reference=wish.reference)).id:08d}"

    async def given_back(self, wish: GiveBack) -> int | None:
        row = await DemoCharge.get_or_none(reference=wish.reference)
        return row.given_back if row else None

    async def notify(self, charge_id: int) -> None:
        """Tell the portal over HTTP how a charge ended. Raises when it did not answer 200."""
        import httpx  # here: five megabytes

        row = await DemoCharge.get(id=charge_id)
        body = _body(row)
        headers = {SIGNATURE: _sign(self.keys[-1], body), "Content-Type": "application/json"}
        # A proxy of the environment is for the world outside: the portal is on this very host.
        async with httpx.AsyncClient(timeout=TIMEOUT, trust_env=False) as client:
            response = await client.post(row.notify_url, content=body, headers=headers)
        if response.status_code != 200:
            raise NotDelivered(f"{row.notify_url} answered {response.status_code}")

    async def check(self) -> str:
        return "la banque de démonstration"

    async def read(self, said: bytes, headers: Mapping[str, str]) -> BankNotice | None:
        given = {name.lower(): value for name, value in headers.items()}.get(SIGNATURE.lower(), "")
        if not self._proves(given, said):
            return None
        try:
            words = json.loads(said)
        except (ValueError, RecursionError):
            return None
        if not isinstance(words, dict) or (words.get("mode"), words.get("currency")) != ("demo", "EUR"):
            return None
        if words.get("merchant") not in await Till.all().values_list("bank_label", flat=True):
            return None
        return notice(self.name, {**words, "account": self.account})

    def _proves(self, signature: str, body: bytes) -> bool:
        """By one of the keys; compared in constant time, so that the time taken teaches nothing."""
        given = signature.encode()
        return any(hmac.compare_digest(_sign(key, body).encode(), given) for key in self.keys)


async def charge_at(token: str, now: datetime) -> DemoCharge | None:
    """The charge of a page's address, closed if its time is over."""
    row = await DemoCharge.get_or_none(token=token)
    return row and await _closed_in_time(row, now)


async def give_card(token: str, number: str, expiry: str, cvv: str, now: datetime) -> Errors:
    """Next comes the code. The number itself is forgotten here."""
    card, errors = demo_cards.read(number, expiry, cvv, now.astimezone(PARIS).date())
    if card is None:
        return errors
    await (
        _in_time(token, now)
        .filter(state="asked")
        .update(
            state="card",
            brand=card.brand,
            card=card.masked,
            silent=card.behaviour == "silent",
            refuses=card.behaviour == "refused",
        )
    )
    return {}


async def give_code(token: str, code: str, now: datetime) -> Errors:
    if "".join(code.split()) == demo_cards.CODE:
        async with transaction():
            asked = _in_time(token, now).filter(state="card")
            row = await asked.first()
            if row is not None and row.refuses:
                await _finish(token, BankState.REFUSED, now)
            elif row is not None:
                await _finish(token, BankState.PAID, now, authorisation=f"{secrets.randbelow(10**6):06d}")
        return {}
    return await _wrong_code(token, now)


async def cancel(token: str, now: datetime) -> None:
    async with transaction():
        await _finish(token, BankState.CANCELLED, now)


async def _wrong_code(token: str, now: datetime) -> Errors:
    async with transaction():
        if not await _in_time(token, now).filter(state="card").update(wrong_codes=F("wrong_codes") + 1):
            return {}
        row = await DemoCharge.get(token=token)
        if row.tries_left > 0:
            return {"code": CODE_WRONG}
        await _finish(token, BankState.REFUSED, now)
    return {}


async def _closed_in_time(row: DemoCharge, now: datetime) -> DemoCharge:
    if row.final or now < row.pay_before:
        return row
    async with transaction():
        await _finish(row.token, BankState.EXPIRED, now)
    return await DemoCharge.get(id=row.id)


async def _finish(token: str, state: BankState, now: datetime, **more: Any) -> None:
    """Inside a transaction: a charge ends once, and the end is told in the same breath."""
    ending = DemoCharge.filter(token=token, state__in=OPEN)
    if not await ending.update(state=state, answered_at=now, **more):
        return
    row = await DemoCharge.get(token=token)
    if not row.silent:
        await Task.later("notify_portal", row.id, key=f"demo-bank:{row.id}")


def _in_time(token: str, now: datetime) -> Any:
    return DemoCharge.filter(token=token, asked_at__gt=now.astimezone(UTC) - TIME_TO_PAY)


def _body(row: DemoCharge) -> bytes:
    notice = row.notice()
    said = {
        "mode": "demo",
        "currency": "EUR",
        "merchant": row.merchant,
        "reference": notice.reference,
        "state": notice.state,
        "cents": notice.cents,
        "card": notice.card,
        "authorisation": notice.authorisation,
        "transaction": notice.transaction,
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True).encode()


def _signing_key(secret: str) -> bytes:
    """A key of its own, so that nothing signed elsewhere passes for a notification."""
    return hmac.digest(secret.encode(), b"demo bank notification", hashlib.sha256)


def _sign(key: bytes, body: bytes) -> str:
    return hmac.new(key, body, hashlib.sha256).hexdigest()
