"""Paybox: the form's HMAC, a notification signed by a key made for the test, and Paybox Direct."""

import base64
import hashlib
import hmac
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from Cryptodome.Hash import SHA1
from Cryptodome.PublicKey import RSA
from Cryptodome.Signature import pkcs1_15

from tests.banks.fake import Fake, Form, Notification, page
from tests.banks.server import Asked, Reply

HMAC_KEY = "5f" * 64
PASSWORD = "OfNobody10"
ERRORS = {"paid": "00000", "refused": "00105", "cancelled": "00001"}
STATUS = {"paid": "Capturé", "refused": "Refusé"}
PAY = '<form method="get" action="/done"><button>Régler</button></form>'


@cache
def key_pair(n: int) -> RSA.RsaKey:
    return RSA.generate(2048)


class Paybox(Fake):
    name = "paybox"

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, Form] = {}
        self.ended: dict[str, Form] = {}

    def table(self) -> Form:
        return {
            "mode": "test",
            "site": "1999888",
            "rank": "32",
            "identifier": "110647233",
            "key": HMAC_KEY,
            "password": PASSWORD,
            "page": f"{self.url}/php/",
            "service": f"{self.url}/PPPS.php",
            "public_key": key_pair(0).public_key().export_key().decode(),
        }

    def arrive(self, url: str, form: Form | None) -> str:
        assert form is not None and url == f"{self.url}/php/"
        signed, _, given = "&".join(f"{name}={value}" for name, value in form.items()).rpartition(
            "&PBX_HMAC="
        )
        assert given == hmac.new(bytes.fromhex(HMAC_KEY), signed.encode(), hashlib.sha512).hexdigest().upper()
        mine = {"PBX_SITE": "1999888", "PBX_RANG": "32", "PBX_IDENTIFIANT": "110647233", "PBX_DEVISE": "978"}
        assert {name: form[name] for name in mine} == mine
        assert datetime.fromisoformat(form["PBX_TIME"]).tzinfo and "@" in form["PBX_PORTEUR"]
        assert form["PBX_RETOUR"].endswith("signature:K") and int(form["PBX_TOTAL"]) > 0
        assert form["PBX_REPONDRE_A"].endswith("/banque/paybox/notification")
        self.forms[form["PBX_CMD"]] = form
        return form["PBX_CMD"]

    def end(self, charge: str, state: str, **more: Any) -> Notification:
        cents = str(more.get("cents", self.forms[charge]["PBX_TOTAL"]))
        told = {"montant": cents, "reference": charge}
        if state == "paid":
            told["autorisation"] = "XXXXXX"
        told |= {"erreur": ERRORS[state], "appel": "0020001", "transaction": "0010001"}
        if (
            more.get("here", True)
            and state in STATUS
            and self.ended.get(charge, {}).get("STATUS") != "Capturé"
        ):
            self.ended[charge] = {"STATUS": STATUS[state], "MONTANT": cents}
        signed = urlencode(told)
        seal = pkcs1_15.new(key_pair(more.get("key", 0))).sign(SHA1.new(signed.encode()))
        return Notification("GET", f"{signed}&signature={quote(base64.b64encode(seal), safe='')}".encode())

    def show(self, address: str) -> str:
        ((charge, form),) = self.forms.items()
        return self.paid_at(charge, form["PBX_REPONDRE_A"], form["PBX_EFFECTUE"])

    def reply(self, asked: Asked) -> Reply:
        words = dict(parse_qsl(asked.body.decode(), keep_blank_values=True))
        if asked.path == "/php/":
            self.arrive(f"{self.url}/php/", words)
            return 200, "text/html; charset=utf-8", page(PAY).encode()
        echoed = {name: words[name] for name in ("SITE", "RANG", "NUMQUESTION")}
        assert len(words["NUMQUESTION"]) == 10 and len(words["DATEQ"]) == 14 and words["VERSION"] == "00104"
        return 200, "text/html", urlencode({**echoed, **self._answer(words)}, encoding="latin-1").encode()

    def _answer(self, words: Form) -> Form:
        if (words["SITE"], words["RANG"], words["CLE"]) != ("1999888", "32", PASSWORD):
            return {"CODEREPONSE": "00006", "COMMENTAIRE": "Acces refuse"}
        found = self.ended.get(words["REFERENCE"])
        if words["TYPE"] == "00014" and found:
            return self._give_back(words, int(found["MONTANT"]))
        if found is None or int(found["MONTANT"]) != int(words["MONTANT"]):
            return {"CODEREPONSE": "00018", "COMMENTAIRE": "Transaction non trouvee"}
        numbers = {"NUMTRANS": "0010001", "NUMAPPEL": "0020001"}
        if words["TYPE"] == "00011":
            return {"CODEREPONSE": "00000", "AUTORISATION": "XXXXXX", **numbers}
        assert words["TYPE"] == "00017" and {name: words[name] for name in numbers} == numbers
        status = "Remboursé" if self.back else found["STATUS"]
        return {"CODEREPONSE": "00000", "STATUS": status, **numbers}

    def _give_back(self, words: Form, paid: int) -> Form:
        assert (words["NUMTRANS"], words["NUMAPPEL"]) == ("0010001", "0020001")
        if sum(self.back) + int(words["MONTANT"]) > paid:
            return {"CODEREPONSE": "00008", "COMMENTAIRE": "Montant superieur"}
        self.back.append(int(words["MONTANT"]))
        return {"CODEREPONSE": "00000", "NUMTRANS": f"00100{1 + len(self.back):02d}"}
