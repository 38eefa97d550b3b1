"""PayFiP, the Trésor public's: a SOAP service makes a charge and says what became of it.

Its notification carries nothing but the charge's number (idOp) and no signature: the service is asked each time.
The facts are those of the DGFiP's service contract, as eopayment (which speaks the SOAP) knows them: an idOp lives 15
minutes; P5 is « not finished », and stands for « never paid » later on; P1 is an idOp erased by the next night's
cleaning; a cancelled one may still be paid within two minutes.
"""

import asyncio
import re
import unicodedata
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode
from uuid import UUID

from models import clock
from models.banks import (
    FIRST_POLL,
    BankNotice,
    BankSilent,
    Charge,
    Hint,
    Kept,
    Page,
    notice,
    origin_of,
    payer,
)
from models.banks.line import TIMEOUT, Line
from models.rules.deadlines import PARIS
from models.rules.states.payments import BankState
from models.settings import is_loopback

PAGE = "https://www.payfip.gouv.fr/tpa/paiementws.web"
SAISIE = {"test": "T", "activation": "X", "production": "W"}
RESULTS = {
    "P": BankState.PAID,  # by card
    "V": BankState.PAID,  # by direct debit
    "R": BankState.REFUSED,
    "Z": BankState.REFUSED,
    "A": BankState.CANCELLED,
}
LARGEST = 100_000_00  # cents
UNFINISHED, ERASED = "P5", "P1"
NEVER_PAID = timedelta(hours=2)  # « not finished » for so long
SECOND_THOUGHTS = timedelta(minutes=2)  # « cancelled » for so long may become « paid »
OBJECT = 100  # characters

# Its calls wait for the network in threads of their own: those of the process check passwords.
_threads = ThreadPoolExecutor(8, "payfip")


class PayFiPFault(Exception):
    """The service refused a call; its code."""


class PayFiP:
    name = "payfip"
    minimum = 100
    first_poll = FIRST_POLL
    pause = 20 * 60.0
    methods = ("POST", "GET")
    answer = ""

    def __init__(self, till: str, said: Mapping[str, str]) -> None:
        self.till = till
        self.numcli, self.saisie = said["numcli"], SAISIE[said["mode"]]
        self.account = f"payfip:{self.numcli}:{self.saisie}"
        self.page, self.service = said.get("page", PAGE), said.get("service")
        self.origin = origin_of(self.page)
        self._line = Line()
        self._soap: Any = None

    async def start(self, charge: Charge) -> Page:
        if not self.minimum <= charge.cents <= LARGEST:
            raise ValueError(f"{charge.cents} cents are not between PayFiP's limits")
        fields = {
            "numcli": self.numcli,
            "saisie": self.saisie,
            "exer": str((charge.made_at or clock.now()).astimezone(PARIS).year),
            "refdet": charge.reference,
            "montant": str(charge.cents),
            "mel": await payer.address(charge.email),
            "objet": object_of(charge.merchant),
            "url_notification": charge.notify_url,
            "url_redirect": charge.return_url,
        }
        number = str(await self._call("get_idop", **fields))  # the one word of the answer
        if not is_number(number):
            raise PayFiPFault("no idOp")
        return Page(f"{self.page}?{urlencode({'idop': number})}", number=number)

    async def read(self, said: bytes, headers: Mapping[str, str]) -> Hint | None:
        try:
            found = {name.lower(): values for name, values in parse_qs(said.decode("ascii")).items()}
        except ValueError:
            return None
        number = found.get("idop", [])
        return Hint(number=number[0]) if len(number) == 1 and is_number(number[0]) else None

    async def ask(self, reference: str, kept: Kept) -> BankNotice:
        if kept.number is None:  # it was never asked for: nobody can pay it
            return self._notice(reference, BankState.EXPIRED, 0)
        asked = clock.now()
        age = asked - (kept.since or asked)
        try:
            found = await self._call("get_info_paiement", idop=kept.number)
        except PayFiPFault as exc:
            if str(exc) == ERASED or (str(exc) == UNFINISHED and age >= NEVER_PAID):
                return self._notice(reference, BankState.EXPIRED, 0)
            if str(exc) == UNFINISHED:
                return self._notice(reference, BankState.PENDING, kept.cents)
            raise
        mine = (self.numcli, self.saisie, reference, kept.number)
        if (found.numcli, found.saisie, found.refdet, found.idOp) != mine:
            raise PayFiPFault("it speaks of another charge")
        state = RESULTS.get(found.resultrans or "", BankState.PENDING)
        moment = _moment(found.dattrans, found.heurtrans)
        if state == BankState.CANCELLED and asked - (moment or kept.since or asked) < SECOND_THOUGHTS:
            state = BankState.PENDING
        cents = int(found.montant) if (found.montant or "").isdigit() else -1
        return self._notice(reference, state, cents, found.numauto, kept.number)

    async def check(self) -> str:
        """The three lines by which the Trésor knows the account."""
        found = await self._call("get_info_client", numcli=self.numcli)
        lines = (found.libelleN1, found.libelleN2, found.libelleN3)
        return " – ".join(line.strip() for line in lines if line and line.strip())

    def _notice(
        self,
        reference: str,
        state: BankState,
        cents: int,
        approval: str | None = None,
        number: str | None = None,
    ) -> BankNotice:
        said = {"reference": reference, "state": state, "cents": cents, "account": self.account}
        made = notice(self.name, {**said, "authorisation": approval, "transaction": number})
        if made is None:
            raise PayFiPFault("its answer makes no sense")
        return made

    async def _call(self, verb: str, **fields: str) -> Any:
        loop = asyncio.get_running_loop()

        async def question() -> Any:
            return await loop.run_in_executor(_threads, _said, self._client, verb, fields)

        answer = await self._line.ask(question)
        if isinstance(answer, PayFiPFault):  # the line is well, and the service says no
            raise answer
        return answer

    def _client(self) -> Any:
        """eopayment's, with its copy of the service's description; slow to import, so in its thread."""
        if self._soap is None:
            import requests
            from eopayment import payfip_ws
            from zeep.transports import Transport

            session = requests.Session()
            session.trust_env = not (self.service and is_loopback(self.service))
            limits: Any = {"timeout": TIMEOUT, "operation_timeout": TIMEOUT}
            transport = Transport(session=session, **limits)  # type: ignore[no-untyped-call]
            soap = payfip_ws.PayFiP(zeep_client_kwargs={"transport": transport})
            if self.service:
                for service in soap.client.wsdl.services.values():
                    for port in service.ports.values():
                        port.binding_options["address"] = self.service
            self._soap = soap
        return self._soap


def _said(client: Callable[[], Any], verb: str, fields: Mapping[str, str]) -> Any:
    """The service's answer, or the PayFiPFault by which it refuses; in a thread. Raises BankSilent."""
    from eopayment.payfip_ws import PayFiPError

    try:
        return getattr(client(), verb)(**fields)
    except PayFiPError as exc:
        if re.fullmatch(r"[A-Z][0-9]{1,2}", str(exc.code)):
            return PayFiPFault(str(exc.code))
        raise BankSilent(str(exc.code)) from None


def is_number(text: str) -> bool:
    """An idOp is a UUID."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def object_of(label: str) -> str:
    """What the parent reads on PayFiP's page: plain letters, digits and spaces."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^A-Za-z0-9]+", " ", plain).split())[:OBJECT].strip()


def _moment(day: str | None, hour: str | None) -> datetime | None:
    """« 31082018 », « 1742 »: Paris time."""
    try:
        return datetime.strptime(f"{day}{hour}", "%d%m%Y%H%M").replace(tzinfo=PARIS)
    except ValueError:
        return None
