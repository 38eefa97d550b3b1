"""PayFiP's service: SOAP as its contract describes it, and nothing signed."""

import re
import xml.etree.ElementTree as ET
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4
from xml.sax.saxutils import escape

from models import clock
from models.rules.deadlines import PARIS
from tests.banks.fake import Fake, Form, Notification, page
from tests.banks.server import Asked, Reply

CONTRACT = (
    "http://securite.service.tpa.cp.finances.gouv.fr/services/mas_securite/contrat_paiement_securise/"
    "PaiementSecuriseService"
)
BODY = "{http://schemas.xmlsoap.org/soap/envelope/}Body"
FAULT = "fr.gouv.finances.cp.tpa.webservice.exceptions.FonctionnelleErreur"
RULES = {
    "numcli": "[0-9]{6}",
    "saisie": "[TXW]",
    "exer": "20[0-9]{2}",
    "refdet": "[A-Za-z0-9]{6,30}",
    "montant": "[1-9][0-9]{2,7}",  # from one euro on
    "mel": r"(?=.{6,80}$)[^@\s]+@[^@\s]+",
    "objet": "[A-Za-z0-9 ]{1,100}",
    "urlnotif": "https?://.+/banque/payfip/notification",
    "urlredirect": "https?://.+/retour",
}
RESULTS = {"paid": "P", "refused": "R", "cancelled": "A", "debited": "V", "debit refused": "Z"}


class Refused(Exception):
    """A functional error; its code."""


class PayFiP(Fake):
    name = "payfip"

    def __init__(self) -> None:
        super().__init__()
        self.charges: dict[str, Form] = {}
        self.ways: dict[str, tuple[str, str]] = {}
        self.erased: set[str] = set()

    def table(self) -> Form:
        return {"mode": "test", "numcli": "090909", "page": f"{self.url}/page", "service": f"{self.url}/soap"}

    def arrive(self, url: str, form: Form | None) -> str:
        assert form is None and url.startswith(f"{self.url}/page?")
        (charge,) = parse_qs(urlsplit(url).query)["idop"]
        assert charge in self.charges
        return charge

    def end(self, charge: str, state: str, **more: Any) -> Notification:
        at: datetime = more.get("at") or clock.now()
        told = {
            "resultrans": RESULTS[state],
            "numauto": "112233",
            "dattrans": f"{at.astimezone(PARIS):%d%m%Y}",
            "heurtrans": f"{at.astimezone(PARIS):%H%M}",
        }
        self.charges[charge].update(told)
        if "cents" in more:
            self.charges[charge]["montant"] = str(more["cents"])
        if "mode" in more:
            self.charges[charge]["saisie"] = more["mode"]
        if "numcli" in more:
            self.charges[charge]["numcli"] = more["numcli"]
        return Notification("POST", urlencode({"idOp": charge}).encode())

    def show(self, address: str) -> str:
        if address.startswith("/page?"):
            return page('<form method="get" action="/done"><button>Régler</button></form>')
        ((charge, ways),) = self.ways.items()
        return self.paid_at(charge, *ways)

    def reply(self, asked: Asked) -> Reply:
        (call,) = ET.fromstring(asked.body).find(BODY)  # type: ignore[misc]  # noqa: S314
        verb = call.tag.rpartition("}")[2]
        words = {field.tag.rpartition("}")[2]: field.text or "" for field in call[0]}
        try:
            said = getattr(self, f"_{verb}")(words)
        except Refused as exc:
            return 500, "text/xml", _fault(str(exc))
        return 200, "text/xml", _answer(verb, said)

    def _creerPaiementSecurise(self, words: Form) -> Form:
        for name, rule in RULES.items():
            if not re.fullmatch(rule, words.get(name, "")):
                raise Refused("T9")  # the tests know by it
        charge = str(uuid4())
        kept = {
            name: words[name] for name in ("numcli", "saisie", "exer", "refdet", "montant", "mel", "objet")
        }
        self.charges[charge] = {**kept, "idOp": charge}
        self.ways[charge] = (words["urlnotif"], words["urlredirect"])
        return {"idOp": charge}

    def _recupererDetailPaiementSecurise(self, words: Form) -> Form:
        charge = self.charges.get(words["idOp"])
        if charge is None or words["idOp"] in self.erased:
            raise Refused("P1")
        if "resultrans" not in charge:
            raise Refused("P5")
        return charge

    def _recupererDetailClient(self, words: Form) -> Form:
        if words["numCli"] != "090909":
            raise Refused("C1")
        return {"libelleN1": "COMMUNE DE LENS", "libelleN2": "REGIE ACM", "numcli": words["numCli"]}


def _answer(verb: str, said: Form) -> bytes:
    fields = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in sorted(said.items()))
    return _envelope(f'<c:{verb}Response xmlns:c="{CONTRACT}"><return>{fields}</return></c:{verb}Response>')


def _fault(code: str) -> bytes:
    error = f"<code>{code}</code><severite>2</severite>"
    detail = f'<c:FonctionnelleErreur xmlns:c="{CONTRACT}">{error}</c:FonctionnelleErreur>'
    return _envelope(
        f"<s:Fault><faultcode>s:Server</faultcode><faultstring>{FAULT}</faultstring><detail>{detail}</detail></s:Fault>"
    )


def _envelope(body: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{body}</s:Body></s:Envelope>'
    ).encode()
