"""PayZen and Systempay: forms signed by eopayment, which the portal does not use for them, and the REST service."""

import base64
import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

from eopayment import systempayv2

from tests.banks.fake import Fake, Form, Notification, page
from tests.banks.server import Asked, Reply

KEY, OTHER_KEY = "TestKeyOfNobody01", "TestKeyOfAnother1"
PASSWORD = "testpassword_of_nobody_at_all"
STATUS = {"paid": "AUTHORISED", "refused": "REFUSED", "cancelled": "ABANDONED"}
RESULT = {"paid": "00", "refused": "05", "cancelled": "17"}


PAY = '<form method="get" action="/done"><button>Régler</button></form>'


def seal(fields: Form, key: str = KEY) -> str:
    """The signature of a form, as another implementation computes it."""
    options = {f"secret_{mode}": key for mode in ("test", "production")}
    backend = systempayv2.Payment({**options, "vads_site_id": "12345678", "signature_algo": "hmac_sha256"})
    return str(backend.signature(fields))


class PayZen(Fake):
    name = "payzen"
    site = "12345678"

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, Form] = {}
        self.ended: dict[str, Form] = {}

    def table(self) -> Form:
        return {
            "mode": "test",
            "site": self.site,
            "key": KEY,
            "password": PASSWORD,
            "page": f"{self.url}/vads-payment/",
            "service": f"{self.url}/api-payment/",
        }

    def arrive(self, url: str, form: Form | None) -> str:
        assert form is not None and url == f"{self.url}/vads-payment/"
        fields = dict(form)
        assert fields.pop("signature") == seal(fields)
        fixed = {"vads_version": "V2", "vads_page_action": "PAYMENT", "vads_payment_config": "SINGLE"}
        mine = {"vads_site_id": self.site, "vads_ctx_mode": "TEST", "vads_currency": "978", **fixed}
        assert {name: fields[name] for name in mine} == mine
        assert len(fields["vads_trans_id"]) == 6 and fields["vads_trans_id"] < "900000"
        assert len(fields["vads_trans_date"]) == 14 and len(fields["vads_order_id"]) <= 64
        assert int(fields["vads_amount"]) > 0
        assert not any("+" in value for value in fields.values())
        assert fields["vads_url_check"].endswith(f"/banque/{self.name}/notification")
        self.forms[fields["vads_order_id"]] = fields
        return fields["vads_order_id"]

    def end(self, charge: str, state: str, **more: Any) -> Notification:
        told = {
            "vads_trans_status": STATUS[state],
            "vads_result": RESULT[state],
            "vads_auth_result": RESULT[state],
            "vads_operation_type": "DEBIT",
            "vads_url_check_src": "PAY",
            "vads_hash": "0123",
            **(
                {"vads_auth_number": "3fd524", "vads_card_number": "497010XXXXXX0014"}
                if state == "paid"
                else {}
            ),
            "vads_trans_uuid": "598fd801aa8946eaa93f5916547cae9b",
        }
        fields = {**self.forms[charge], **told, **more.get("fields", {})}
        if "cents" in more:
            fields["vads_amount"] = str(more["cents"])
        if "mode" in more:
            fields["vads_ctx_mode"] = more["mode"]
        if state == "paid" or self.ended.get(charge, {}).get("vads_trans_status") != "AUTHORISED":
            self.ended[charge] = fields
        return Notification(
            "POST", urlencode({**fields, "signature": seal(fields, more.get("key", KEY))}).encode()
        )

    def show(self, address: str) -> str:
        ((charge, form),) = self.forms.items()
        return self.paid_at(charge, form["vads_url_check"], form["vads_url_return"])

    def proves(self, said: bytes) -> bool:
        """It signs values in the order of their names, and no name."""
        fields = dict(parse_qsl(said.decode("latin-1"), keep_blank_values=True))
        given = fields.pop("signature", "")
        return fields.get("vads_ctx_mode") in ("TEST", "PRODUCTION") and seal(fields) == given

    def reply(self, asked: Asked) -> Reply:
        if asked.path == "/vads-payment/":
            self.arrive(
                f"{self.url}/vads-payment/", dict(parse_qsl(asked.body.decode(), keep_blank_values=True))
            )
            return 200, "text/html; charset=utf-8", page(PAY).encode()
        login = base64.b64encode(f"{self.site}:{PASSWORD}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {login}":
            return _rest(200, "ERROR", {"errorCode": "INT_905", "errorMessage": "invalid credentials"})
        if asked.path == "/api-payment/V4/Transaction/CancelOrRefund":
            return self._give_back(json.loads(asked.body))
        assert asked.path == "/api-payment/V4/Order/Get"
        order = json.loads(asked.body)["orderId"]
        fields = self.ended.get(order)
        if fields is None:
            return _rest(200, "ERROR", {"errorCode": "PSP_010", "errorMessage": "transaction not found"})
        paid = fields["vads_trans_status"] == "AUTHORISED"
        one = {
            "shopId": self.site,
            "uuid": fields["vads_trans_uuid"],
            "status": "PAID" if paid else "UNPAID",
            "detailedStatus": fields["vads_trans_status"],
            "amount": int(fields["vads_amount"]),
            "currency": "EUR",
            "operationType": "DEBIT",
            "orderDetails": {"orderId": order, "mode": fields["vads_ctx_mode"]},
            "transactionDetails": {
                "cardDetails": {
                    "pan": "497010XXXXXX0014",
                    "authorizationResponse": {"authorizationNumber": "3fd524"},
                }
            },
        }
        credits = [
            {**one, "uuid": f"credit{n}", "operationType": "CREDIT", "amount": cents}
            for n, cents in enumerate(self.back)
        ]
        return _rest(200, "SUCCESS", {"orderId": order, "shopId": self.site, "transactions": [one, *credits]})

    def _give_back(self, words: Any) -> Reply:
        """As the platform: never more than was paid."""
        assert (words["currency"], words["resolutionMode"]) == ("EUR", "AUTO")
        [fields] = [one for one in self.ended.values() if one["vads_trans_uuid"] == words["uuid"]]
        if sum(self.back) + words["amount"] > int(fields["vads_amount"]):
            return _rest(200, "ERROR", {"errorCode": "PSP_042", "errorMessage": "amount too high"})
        self.back.append(words["amount"])
        said = {
            "uuid": f"credit{len(self.back) - 1}",
            "detailedStatus": "AUTHORISED",
            "operationType": "CREDIT",
        }
        return _rest(200, "SUCCESS", said)


class SystemPay(PayZen):
    name = "systempay"


def _rest(status: int, word: str, answer: object) -> Reply:
    said = {"webService": "Order/Get", "version": "V4", "status": word, "mode": "TEST", "answer": answer}
    return status, "application/json", json.dumps(said).encode()
