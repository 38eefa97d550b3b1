"""Paybox, which is Up2pay e-Transactions at the Crédit Agricole: a signed form leads to the page, a signed notification
comes back, and Paybox Direct (PPPS) says what became of a reference.

The key that signs notifications is one for all merchants and tells neither which was paid nor on which platform: a
« paid » made with anybody's account of the test platform would pass. So « paid » is only a hint, and the merchant's
own account is asked. Written here and not with eopayment, which takes a forged « paid » for a payment, compares no
amount and writes the key into its debug log; its copy of Paybox's public key serves.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from models import clock
from models.banks import (
    FIRST_POLL,
    SMALLEST,
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
from models.banks.giving_back import BankRefused, GiveBack
from models.banks.line import Line, post
from models.rules.deadlines import PARIS
from models.rules.states.payments import BankState

EUR = "978"
HOSTS = {  # by platform and mode: of the page, of the service
    ("paybox", "test"): ("preprod-tpeweb.paybox.com", "preprod-ppps.paybox.com"),
    ("paybox", "production"): ("tpeweb.paybox.com", "ppps.paybox.com"),
    ("up2pay", "test"): ("recette-tpeweb.e-transactions.fr", "recette-ppps.e-transactions.fr"),
    ("up2pay", "production"): ("tpeweb.e-transactions.fr", "ppps.e-transactions.fr"),
}
RETOUR = "montant:M;reference:R;autorisation:A;erreur:E;appel:T;transaction:S;signature:K"  # the signature comes last
TOLD = frozenset(part.split(":")[0] for part in RETOUR.split(";"))
DONE, CANCELLED, TOO_LATE, WAITING = "00000", "00001", "00030", "99999"
VERSION, EXISTS, STATUS, REFUND = "00104", "00011", "00017", "00014"  # of Paybox Direct, and its questions
GIVEN_BACK = "Remboursé"  # the status of a transaction that went back, all of it or in part
NOT_FOUND = "00018"
LATER = ("00001", "00003", "00097", "00098", "00099")  # of the service: it could not tell this time
PAID = ("Autorisé", "Capturé")  # what the status of a transaction may be; whatever else is not paid
STATES = {"Refusé": BankState.REFUSED, "Annulé": BankState.CANCELLED}
NEVER_PAID = timedelta(hours=2)  # a reference of which it never heard


XML = '<?xml version="1.0" encoding="utf-8"?>'
NAME = 30  # characters


class PayboxFault(Exception):
    """The service refused a question; its code."""


class Paybox:
    name = "paybox"
    minimum = SMALLEST
    first_poll = FIRST_POLL
    pause = 0.0
    methods = ("GET",)
    answer = ""

    def __init__(self, till: str, said: Mapping[str, str]) -> None:
        self.till = till
        self.site, self.rank, self.identifier = said["site"], said["rank"], said["identifier"]
        self._key, self._password = bytes.fromhex(said["key"]), said["password"]
        self.mode = said["mode"]
        self.account = f"paybox:{self.site}:{self.rank}:{self.mode}"
        page, service = HOSTS[said.get("platform", "paybox"), self.mode]
        self.page = said.get("page", f"https://{page}/php/")
        self.service = said.get("service", f"https://{service}/PPPS.php")
        self.origin = origin_of(self.page)
        self._public_key = said.get("public_key")
        self._line = Line()

    async def start(self, charge: Charge) -> Page:
        """Paybox takes one payment for a reference, so the form may be sent again."""
        if charge.cents < self.minimum:
            raise ValueError(f"{charge.cents} cents are below the minimum")
        fields = {
            "PBX_SITE": self.site,
            "PBX_RANG": self.rank,
            "PBX_IDENTIFIANT": self.identifier,
            "PBX_TOTAL": str(charge.cents),
            "PBX_DEVISE": EUR,
            "PBX_CMD": charge.reference,
            "PBX_PORTEUR": await payer.address(charge.email),
            "PBX_RETOUR": RETOUR,
            "PBX_HASH": "SHA512",
            "PBX_TIME": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S+00:00}",
            "PBX_EFFECTUE": charge.return_url,
            "PBX_REFUSE": charge.return_url,
            "PBX_ANNULE": charge.return_url,
            "PBX_ATTENTE": charge.return_url,
            "PBX_REPONDRE_A": charge.notify_url,
            "PBX_SHOPPINGCART": f"{XML}<shoppingcart><total><totalQuantity>1</totalQuantity></total></shoppingcart>",
            "PBX_BILLING": f"{XML}<Billing><Address>{_payer(charge)}</Address></Billing>",
        }
        signed = "&".join(f"{name}={value}" for name, value in fields.items())
        seal = hmac.new(self._key, signed.encode(), hashlib.sha512).hexdigest().upper()
        return Page(self.page, {**fields, "PBX_HMAC": seal})

    async def read(self, said: bytes, headers: Mapping[str, str]) -> BankNotice | Hint | None:
        signed, _, _ = said.rpartition(b"&signature=")
        try:
            pairs = parse_qsl(
                said.decode("ascii"), keep_blank_values=True, max_num_fields=20, errors="strict"
            )
            written = dict(pairs).get("signature", "")
            seal = base64.b64decode(written, validate=True)
        except (ValueError, binascii.Error):
            return None
        if base64.b64encode(seal).decode() != written:  # its last letter has bits that say nothing
            return None
        fields = dict(pairs)
        if len(fields) != len(pairs) or not set(fields) <= TOLD or not self._proves(signed, seal):
            return None
        reference, error = fields.get("reference", ""), fields.get("erreur", "")
        cents = int(fields["montant"]) if fields.get("montant", "").isdigit() else None
        if error in (DONE, WAITING):
            return Hint(reference=reference, cents=cents if error == DONE else None)
        states = {CANCELLED: BankState.CANCELLED, TOO_LATE: BankState.EXPIRED}
        return notice(
            self.name,
            {
                "reference": reference,
                "state": states.get(error, BankState.REFUSED),
                "cents": cents,
            },
        )

    async def ask(self, reference: str, kept: Kept) -> BankNotice:
        found = await self._question(EXISTS, {"REFERENCE": reference, "MONTANT": f"{kept.cents:010d}"})
        if found is None:
            late = kept.since is not None and clock.now() - kept.since >= NEVER_PAID
            return self._notice(reference, BankState.EXPIRED if late else BankState.PENDING, kept.cents)
        numbers = {name: found.get(name, "") for name in ("NUMTRANS", "NUMAPPEL")}
        asked = {"REFERENCE": reference, "MONTANT": f"{kept.cents:010d}", **numbers}
        status = (await self._question(STATUS, asked) or {}).get("STATUS", "")
        state = BankState.PAID if status in PAID else STATES.get(status, BankState.PENDING)
        return self._notice(reference, state, kept.cents, found.get("AUTORISATION"), numbers["NUMTRANS"])

    async def give_back(self, wish: GiveBack) -> str:
        try:
            found = await self._charge_of(wish)
            asked = {"REFERENCE": wish.reference, "MONTANT": f"{wish.cents:010d}", **(found or {})}
            said = await self._question(REFUND, asked) if found else None
        except PayboxFault as exc:
            raise BankRefused(f"code {exc}") from None
        if said is None:
            raise BankRefused(f"code {NOT_FOUND}")
        return said.get("NUMTRANS", "")[:60]

    async def given_back(self, wish: GiveBack) -> int | None:
        """It tells that something went back, never how much: all of it is known, a part is not."""
        found = await self._charge_of(wish)
        if found is None:
            return None
        asked = {"REFERENCE": wish.reference, "MONTANT": f"{wish.paid:010d}", **found}
        status = (await self._question(STATUS, asked) or {}).get("STATUS", "")
        if status in PAID:
            return 0
        return wish.paid if status == GIVEN_BACK and wish.after == wish.paid and not wish.before else None

    async def _charge_of(self, wish: GiveBack) -> dict[str, str] | None:
        """The two numbers by which it knows a transaction; None: it never heard of it."""
        found = await self._question(EXISTS, {"REFERENCE": wish.reference, "MONTANT": f"{wish.paid:010d}"})
        return found and {name: found.get(name, "") for name in ("NUMTRANS", "NUMAPPEL")}

    async def check(self) -> str:
        """A reference that nobody made: the service says so to whoever has the key."""
        await self._question(EXISTS, {"REFERENCE": "PORTAIL-FAMILLE", "MONTANT": "0000000100"})
        return f"site {self.site}, rang {self.rank}, mode {self.mode}"

    def _notice(
        self, reference: str, state: BankState, cents: int, approval: str | None = None, number: str = ""
    ) -> BankNotice:
        said = {"reference": reference, "state": state, "cents": cents, "account": self.account}
        made = notice(self.name, {**said, "authorisation": approval or None, "transaction": number or None})
        if made is None:
            raise PayboxFault("its answer makes no sense")
        return made

    async def _question(self, kind: str, words: Mapping[str, str]) -> dict[str, str] | None:
        """The answer; None: it never heard of it. Raises BankSilent, PayboxFault."""
        number = f"{secrets.randbelow(2**31 - 1) + 1:010d}"
        form = {
            "VERSION": VERSION,
            "TYPE": kind,
            "SITE": self.site,
            "RANG": self.rank,
            "CLE": self._password,
            "NUMQUESTION": number,
            "DEVISE": EUR,
            "DATEQ": f"{datetime.now(PARIS):%d%m%Y%H%M%S}",
            **words,
        }

        async def question() -> dict[str, str]:
            answer = await post(self.service, form=form)
            said = dict(
                parse_qsl(answer.content.decode("latin-1"), keep_blank_values=True, encoding="latin-1")
            )
            if (said.get("NUMQUESTION"), said.get("SITE"), said.get("RANG")) != (
                number,
                self.site,
                self.rank,
            ):
                raise BankSilent("answered another question")
            if said.get("CODEREPONSE") in LATER:
                raise BankSilent("could not tell")
            return said

        said = await self._line.ask(question)
        code = said.get("CODEREPONSE", "")
        if code == NOT_FOUND:
            return None
        if code != DONE:
            raise PayboxFault(code[:10])
        return said

    def _proves(self, signed: bytes, seal: bytes) -> bool:
        from Cryptodome.Hash import SHA1
        from Cryptodome.PublicKey import RSA
        from Cryptodome.Signature import pkcs1_15
        from eopayment.paybox import PAYBOX_KEY

        try:
            pkcs1_15.new(RSA.import_key(self._public_key or PAYBOX_KEY)).verify(SHA1.new(signed), seal)
        except ValueError:
            return False
        return True


def _payer(charge: Charge) -> str:
    """For the card holder's bank. The portal knows no address of theirs; 250 is France."""
    names = {"FirstName": charge.first_name, "LastName": charge.last_name}
    told = "".join(f"<{tag}>{escape(text[:NAME])}</{tag}>" for tag, text in names.items() if text)
    return f"{told}<CountryCode>250</CountryCode>"
