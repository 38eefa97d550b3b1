"""PayZen, and Systempay which is the same platform under a bank's name: a signed form leads to the page, a signed form
comes back, and a REST service says what became of an order.

A signature covers the values joined by « + », in the order of their names. So no value that somebody else chose may
hold one: a parent whose address did could cut our own signed form into a « paid » for it.

Written here and not with eopayment: its back end signs with SHA-1 unless told otherwise, compares signatures in
variable time, takes a refused transaction for a paid one when `vads_result` is 00, compares no amount, and writes the
key into its debug log.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Any
from urllib.parse import parse_qsl

from models import clock
from models.banks import (
    FIRST_POLL,
    SMALLEST,
    BankNotice,
    BankSilent,
    Charge,
    Kept,
    Page,
    notice,
    origin_of,
    payer,
)
from models.banks.giving_back import BankRefused, GiveBack
from models.banks.line import Line, post
from models.rules.states.payments import BankState

EUR = "978"
MODES = {"test": "TEST", "production": "PRODUCTION"}
STATES = {  # of a transaction: vads_trans_status, detailedStatus. Whatever else: not known yet
    "ACCEPTED": BankState.PAID,
    "AUTHORISED": BankState.PAID,
    "CAPTURED": BankState.PAID,
    "REFUSED": BankState.REFUSED,
    "ABANDONED": BankState.CANCELLED,
    "CANCELLED": BankState.CANCELLED,
    "EXPIRED": BankState.EXPIRED,
}
TRANSACTIONS = (
    900_000  # a day: vads_trans_id has six digits, and the last hundred thousand are the back office's
)
# Names are not signed, only their order: the more of them must be there, the less can be renamed.
OF_A_PAYMENT = {"vads_page_action": "PAYMENT", "vads_payment_config": "SINGLE", "vads_version": "V2"}
NOT_FOUND = "PSP_010"
NOT_GIVEN = ("REFUSED", "CANCELLED", "ABANDONED", "EXPIRED")  # of a refund: nothing went back
NEVER_PAID = timedelta(hours=2)  # an order of which the platform never heard
FIELDS = 300  # of a notification


class PayZenFault(Exception):
    """The service refused a question; its code."""


class PayZen:
    name = "payzen"
    page = "https://secure.payzen.eu/vads-payment/"
    service = "https://api.payzen.eu/api-payment/"
    minimum = SMALLEST
    first_poll = FIRST_POLL
    pause = 0.0
    methods = ("POST",)
    answer = "OK"

    def __init__(self, till: str, said: Mapping[str, str]) -> None:
        self.till = till
        self.site, self.mode = said["site"], MODES[said["mode"]]
        self._key, self._password = said["key"].encode(), said["password"]
        self.account = f"{self.name}:{self.site}:{self.mode}"
        self.page, self.service = said.get("page", self.page), said.get("service", self.service)
        self.origin = origin_of(self.page)
        self._line = Line()

    async def start(self, charge: Charge) -> Page:
        """The same each time: the platform then takes no second payment for it."""
        if charge.cents < self.minimum:
            raise ValueError(f"{charge.cents} cents are below the minimum")
        made_at = (charge.made_at or clock.now()).astimezone(UTC)
        fields = {
            "vads_action_mode": "INTERACTIVE",
            "vads_amount": str(charge.cents),
            "vads_capture_delay": "0",
            "vads_ctx_mode": self.mode,
            "vads_currency": EUR,
            **({"vads_cust_email": charge.email} if payer.is_plain(charge.email) else {}),
            "vads_language": "fr",
            "vads_order_id": charge.reference,
            "vads_return_mode": "NONE",  # what is signed goes from server to server, past no browser
            "vads_shop_name": charge.merchant.replace("+", " "),
            "vads_site_id": self.site,
            "vads_trans_date": f"{made_at:%Y%m%d%H%M%S}",
            "vads_trans_id": f"{charge.number % TRANSACTIONS:06d}",
            "vads_url_check": charge.notify_url,
            "vads_url_return": charge.return_url,
            "vads_validation_mode": "0",
            **OF_A_PAYMENT,
        }
        return Page(self.page, {**fields, "signature": self._signature(fields)})

    async def read(self, said: bytes, headers: Mapping[str, str]) -> BankNotice | None:
        try:
            pairs = parse_qsl(said.decode(), keep_blank_values=True, max_num_fields=FIELDS, errors="strict")
        except ValueError:
            return None
        fields = dict(pairs)
        if len(fields) != len(pairs) or not self._proves(fields):
            return None
        mine = {"vads_site_id": self.site, "vads_ctx_mode": self.mode, "vads_currency": EUR}
        if any(fields.get(name) != value for name, value in {**mine, **OF_A_PAYMENT}.items()):
            return None
        return notice(
            self.name,
            {
                "reference": fields.get("vads_order_id"),
                "state": _state(fields),
                "cents": _whole(fields.get("vads_amount")),
                "card": fields.get("vads_card_number") or None,
                "authorisation": fields.get("vads_auth_number") or None,
                "transaction": fields.get("vads_trans_uuid") or fields.get("vads_trans_id"),
                "account": self.account,
            },
        )

    async def ask(self, reference: str, kept: Kept) -> BankNotice:
        answer = await self._question("Order/Get", {"orderId": reference})
        if answer is None:
            late = kept.since is not None and clock.now() - kept.since >= NEVER_PAID
            state = BankState.EXPIRED if late else BankState.PENDING
            return BankNotice(self.name, reference, state, kept.cents, account=self.account)
        tries = [one for one in answer.get("transactions") or [] if self._is_mine(one, reference)]
        best = next((one for one in tries if _rest_state(one) == BankState.PAID), tries[-1] if tries else {})
        details = best.get("transactionDetails") or {}
        card = details.get("cardDetails") or {}
        found = notice(
            self.name,
            {
                "reference": reference,
                "state": _rest_state(best),
                "cents": best.get("amount", kept.cents),
                "card": card.get("pan"),
                "authorisation": (card.get("authorizationResponse") or {}).get("authorizationNumber"),
                "transaction": best.get("uuid"),
                "account": self.account,
            },
        )
        if found is None:
            raise PayZenFault("its answer makes no sense")
        return found

    async def give_back(self, wish: GiveBack) -> str:
        """What is not captured yet is cancelled, or lowered; the platform knows which."""
        asked: dict[str, str | int] = {
            "uuid": wish.transaction,
            "amount": wish.cents,
            "currency": "EUR",
            "resolutionMode": "AUTO",
        }
        try:
            answer = await self._question("Transaction/CancelOrRefund", asked)
        except PayZenFault as exc:
            raise BankRefused(f"code {exc}") from None
        undone = answer and answer.get("operationType") == "DEBIT"  # the charge itself, cancelled or lowered
        if answer is None or not (undone or _is_given(answer)):
            raise BankRefused(str((answer or {}).get("detailedErrorCode") or "transaction inconnue")[:60])
        return str(answer.get("uuid") or "")[:60]

    async def given_back(self, wish: GiveBack) -> int | None:
        answer = await self._question("Order/Get", {"orderId": wish.reference})
        tries = (answer or {}).get("transactions") or []
        taken = [one for one in tries if self._is_mine(one, wish.reference)]
        paid = next((one for one in taken if one.get("uuid") == wish.transaction), None)
        if paid is None:
            return None
        kept = 0 if paid.get("detailedStatus") == "CANCELLED" else int(paid.get("amount", 0))
        back = [one for one in tries if self._is_mine(one, wish.reference, "CREDIT")]
        return wish.paid - kept + sum(int(one["amount"]) for one in back if _is_given(one))

    async def check(self) -> str:
        """An order that nobody made: the service says so to whoever has the password."""
        await self._question("Order/Get", {"orderId": "PORTAIL-FAMILLE"})
        return f"boutique {self.site}, mode {self.mode}"

    def _is_mine(self, one: Any, reference: str, operation: str = "DEBIT") -> bool:
        if not isinstance(one, dict):
            return False
        order = one.get("orderDetails") or {}
        said = (
            one.get("shopId"),
            order.get("orderId"),
            order.get("mode"),
            one.get("currency"),
            one.get("operationType"),
        )
        return said == (self.site, reference, self.mode, "EUR", operation)

    async def _question(self, name: str, words: Mapping[str, str | int]) -> Any:
        """The answer; None: it never heard of it. Raises BankSilent, PayZenFault."""

        async def question() -> Any:
            answer = await post(f"{self.service}V4/{name}", json=words, login=(self.site, self._password))
            try:
                said = answer.json()
            except ValueError:
                raise BankSilent(f"answered {answer.status_code}, not JSON") from None
            if not isinstance(said, dict) or not isinstance(said.get("answer"), dict):
                raise BankSilent(f"answered {answer.status_code}, which makes no sense")
            return said

        said = await self._line.ask(question)
        if said.get("status") == "SUCCESS" and said.get("mode") == self.mode:
            return said["answer"]
        if said["answer"].get("errorCode") == NOT_FOUND:
            return None
        raise PayZenFault(str(said["answer"].get("errorCode") or "another mode")[:20])

    def _proves(self, fields: Mapping[str, str]) -> bool:
        given = fields.get("signature", "")
        return given.isascii() and hmac.compare_digest(self._signature(fields), given)

    def _signature(self, fields: Mapping[str, str]) -> str:
        signed = "+".join(fields[name] for name in sorted(fields) if name.startswith("vads_"))
        digest = hmac.digest(self._key, signed.encode() + b"+" + self._key, hashlib.sha256)
        return base64.b64encode(digest).decode()


class SystemPay(PayZen):
    name = "systempay"
    page = "https://paiement.systempay.fr/vads-payment/"
    service = "https://api.systempay.fr/api-payment/"


def _state(fields: Mapping[str, str]) -> BankState:
    """Paid is what the result and the transaction both say. A refund, told the same way, is no news of a payment."""
    if fields.get("vads_operation_type", "DEBIT") != "DEBIT":
        return BankState.PENDING
    state = STATES.get(fields.get("vads_trans_status", ""), BankState.PENDING)
    return BankState.PENDING if state == BankState.PAID and fields.get("vads_result") != "00" else state


def _rest_state(one: Mapping[str, Any]) -> BankState:
    state = STATES.get(str(one.get("detailedStatus")), BankState.PENDING)
    return BankState.PENDING if state == BankState.PAID and one.get("status") != "PAID" else state


def _is_given(one: Mapping[str, Any]) -> bool:
    return one.get("detailedStatus") not in NOT_GIVEN


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None
