import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from models import banks, clock
from models.banks import BankNotice, Charge
from models.banks.demo import SIGNATURE, DemoBank, DemoCharge, _sign
from models.bookings.order import Order
from models.checkout import settlement
from models.commune.till import Till
from models.families.family import Family
from models.money.anomaly import Anomaly
from models.money.payment import Payment
from models.settings import Settings
from models.work.audit_log import Event
from models.work.task import Task
from web.app import create_app
from web.components.bank_demo.bank_demo import FORGERIES

BASE = "http://127.0.0.1:8000"
BACK = f"{BASE}/paiement/1/retour"
MERCHANT = "CANTINE SCOLAIRE D'ALIXAN"
REFERENCE = "PF-0001"


class Bank:
    """A customer in front of the demo bank's page, signed in nowhere."""

    def __init__(self, settings: Settings) -> None:
        self.port = banks.bank("demo")
        self.path = ""
        self.transport = httpx.ASGITransport(create_app(settings))
        self.client = httpx.AsyncClient(transport=self.transport, base_url=BASE)

    async def start(self) -> None:
        notify = f"{BASE}/banque/demo/notification"
        url = await self.port.start(Charge(REFERENCE, 1690, MERCHANT, "durand@exemple.fr", BACK, notify))
        self.path = url.removeprefix(BASE)

    async def page(self, query: str = "") -> httpx.Response:
        return await self.client.get(self.path + query)

    async def send(self, step: str, **form: str) -> httpx.Response:
        return await self.client.post(self.path, data={"etape": step, **form})

    async def card(self, number: str = "4970 1000 0000 0014", **form: str) -> httpx.Response:
        typed = {"numero": number, "fin": f"{clock.now():%m/%y}", "cryptogramme": "123"} | form
        return await self.send("saisie", **typed)

    async def at_the_code(self, number: str = "4970 1000 0000 0014") -> None:
        await self.send("choix", carte="CB")
        answer = await self.card(number)
        assert (answer.status_code, answer.headers["location"]) == (303, self.path)

    async def notify(self) -> None:
        """The task that the end of a charge leaves."""
        assert isinstance(self.port, DemoBank)
        row = await DemoCharge.get(reference=REFERENCE)
        await self.port.notify(row.id)


@pytest.fixture
async def bank(db: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bank]:
    monkeypatch.setattr(banks, "_banks", {})
    banks.configure(settings)
    made = Bank(settings)
    await made.start()
    async with made.client:
        yield made


@pytest.fixture
async def payment(bank: Bank) -> Payment:
    now = clock.now()
    till = await Till.create(code="periscolaire", name="Régie", bank_label=MERCHANT)
    family = await Family.create(number="1")
    order = await Order.create(
        family=family, till=till, kind="prepaid", state="held", click="c", net=1690, due=1690, made_at=now
    )
    return await Payment.create(
        order=order, family=family, till=till, provider="demo", reference=REFERENCE, cents=1690, made_at=now
    )


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> list[BankNotice]:
    """What reaches the portal's books, which have their own tests."""
    notices: list[BankNotice] = []

    async def settle(notice: BankNotice, now: datetime) -> None:
        notices.append(notice)

    monkeypatch.setattr(settlement, "settle", settle)
    return notices


@pytest.fixture
def over_http(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bank's calls reach the portal."""
    client = httpx.AsyncClient
    monkeypatch.setattr(httpx, "AsyncClient", lambda **options: client(**options, transport=bank.transport))


# --- The page ---


async def test_the_page_is_headed_by_who_is_paid_how_much_and_for_what(bank: Bank) -> None:
    for form in ({}, {"carte": "Visa"}):
        if form:
            await bank.send("choix", **form)
        page = (await bank.page()).text
        heading = page.split("<h1", 1)[1].split("</header>")[0]
        for words in ("CANTINE SCOLAIRE D&#39;ALIXAN", "16,90\u00a0€", "16.90 EUR", REFERENCE):
            assert words in heading
        assert "Vous avez 15 minutes pour payer" in heading


async def test_a_card_is_chosen_then_typed_then_confirmed_by_a_code(bank: Bank) -> None:
    page = (await bank.page()).text
    assert all(f'value="{brand}"' in page for brand in ("CB", "Visa", "Mastercard"))
    await bank.send("choix", carte="Mastercard")
    page = (await bank.page()).text
    for words in ("Numéro de carte", "Date de fin de validité", "Cryptogramme visuel", "Valider", "Annuler"):
        assert f">{words}<" in page
    await bank.card()
    page = (await bank.page()).text
    assert ">Code reçu par SMS<" in page
    assert "Mastercard 4970 10•• •••• ••14" in page
    answer = await bank.send("code", code="123456")
    assert (answer.status_code, answer.headers["location"]) == (303, BACK)
    assert (await DemoCharge.get()).state == "paid"


@pytest.mark.parametrize(
    ("number", "state", "tasks"),
    [
        ("4970 1000 0000 0014", "paid", 1),
        ("4970100000000022", "refused", 1),
        ("4970 1000 00000030", "paid", 0),
    ],
)
async def test_every_card_ends_as_promised(bank: Bank, number: str, state: str, tasks: int) -> None:
    await bank.at_the_code(number)
    assert (await bank.send("code", code="123456")).headers["location"] == BACK
    assert (await DemoCharge.get()).state == state
    assert await Task.filter(name="notify_portal").count() == tasks


async def test_what_is_wrong_is_said_beside_it_and_what_was_typed_stays(bank: Bank) -> None:
    await bank.send("choix", carte="CB")
    answer = await bank.card("4111 1111 1111 1111", fin="01/01", cryptogramme="12")
    assert answer.status_code == 422
    assert "<title>Erreur\u00a0: " in answer.text
    assert answer.text.count("Ce numéro de carte n’est pas accepté par la banque de démonstration.") == 2
    for typed in ("4111 1111 1111 1111", "01/01", "12"):
        assert f'value="{typed}"' in answer.text
    assert answer.text.count('aria-invalid="true"') == 3


async def test_what_is_typed_is_never_markup(bank: Bank) -> None:
    await bank.send("choix", carte="CB")
    assert "<script>" not in (await bank.card('"><script>')).text


async def test_an_unknown_brand_is_not_chosen(bank: Bank) -> None:
    answer = await bank.send("choix", carte="Amex")
    assert (answer.status_code, "Choisissez votre carte." in answer.text) == (422, True)


async def test_another_brand_may_be_chosen_before_the_card(bank: Bank) -> None:
    await bank.send("choix", carte="CB")
    assert 'value="Visa"' in (await bank.page("?changer=1")).text
    await bank.send("choix", carte="Visa")
    assert (await DemoCharge.get()).brand == "Visa"


async def test_three_wrong_codes_end_in_a_refusal(bank: Bank) -> None:
    await bank.at_the_code()
    first, second, third = [await bank.send("code", code="654321") for _ in range(3)]
    assert (first.status_code, second.status_code) == (422, 422)
    assert "Il vous reste 2 essais." in first.text
    assert "Il vous reste 1 essai." in second.text
    assert third.headers["location"] == BACK
    assert (await DemoCharge.get()).state == "refused"


async def test_annuler_goes_back_without_paying(bank: Bank) -> None:
    assert (await bank.send("annulation")).headers["location"] == BACK
    assert (await DemoCharge.get()).state == "cancelled"
    assert (await bank.page()).headers["location"] == BACK


async def test_after_fifteen_minutes_the_page_only_leads_back(
    bank: Bank, at: Callable[[datetime], datetime]
) -> None:
    await bank.at_the_code()
    at(clock.now() + timedelta(minutes=15))
    answer = await bank.send("code", code="123456")
    assert (answer.status_code, answer.headers["location"]) == (303, BACK)
    assert (await bank.page()).headers["location"] == BACK
    assert (await DemoCharge.get()).state == "expired"


async def test_a_double_click_changes_nothing_more(bank: Bank) -> None:
    await bank.at_the_code()
    for number in ("4970 1000 0000 0022", "1"):
        assert (await bank.card(number)).headers["location"] == bank.path
    for _ in range(2):
        assert (await bank.send("code", code="123456")).headers["location"] == BACK
    for step in ("choix", "saisie", "code", "annulation", "", "autre"):
        assert (await bank.send(step)).headers["location"] == BACK
    assert (await DemoCharge.get()).state == "paid"
    assert await Task.filter(name="notify_portal").count() == 1


async def test_a_code_sent_before_the_card_is_not_heard(bank: Bank) -> None:
    assert (await bank.send("code", code="123456")).headers["location"] == bank.path
    assert (await DemoCharge.get()).state == "asked"


async def test_a_token_nobody_was_given_is_a_404(bank: Bank) -> None:
    for token in ("inconnu", "notification", bank.path.rsplit("/", 1)[1][:-1]):
        assert (await bank.client.get(f"/banque/demo/{token}")).status_code == 404
    assert (await bank.client.post("/banque/demo/inconnu", data={"etape": "annulation"})).status_code == 404


async def test_without_demo_there_is_no_such_bank(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(banks, "_banks", {})
    assert (await bank.page()).status_code == 404
    assert (await bank.client.post("/banque/demo/notification")).status_code == 404


async def test_the_page_is_kept_by_nobody_and_sets_no_cookie(bank: Bank) -> None:
    answer = await bank.page()
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers


# --- The notification ---


async def test_a_notification_reaches_the_payment(
    bank: Bank, payment: Payment, settled: list[BankNotice], over_http: None
) -> None:
    await bank.at_the_code()
    await bank.send("code", code="123456")
    await bank.notify()
    await bank.notify()
    said = await bank.port.ask(REFERENCE)
    assert said.state == "paid"
    assert settled == [said, said]  # settling twice is the payment's business


async def test_a_forged_notification_is_noted_and_changes_nothing(
    bank: Bank, payment: Payment, settled: list[BankNotice]
) -> None:
    body = b'{"state": "paid", "reference": "PF-0001", "cents": 1690}'
    for headers in ({}, {SIGNATURE: "0" * 64}, {SIGNATURE: "é".encode().decode("latin-1")}):
        answer = await bank.client.post(
            "/banque/demo/notification",
            content=body,
            headers=[(k.encode(), v.encode("latin-1")) for k, v in headers.items()],
        )
        assert answer.status_code == 400
    assert settled == []
    assert (await Payment.get()).state == "created"
    assert [row.details for row in await Event.filter(action="bank.forged")] == [{"bytes": len(body)}] * 3


def a_notice(**changes: Any) -> bytes:
    said = {
        "mode": "demo", "currency": "EUR", "merchant": MERCHANT, "reference": REFERENCE, "state": "paid",
        "cents": 1690, "card": None, "authorisation": None, "transaction": None,
    }  # fmt: skip
    return json.dumps({**said, **changes}).encode()


MALFORMED = {
    "no JSON": b"state=paid",
    "not even text": b"\xff\xfe",
    "nested without end": b"[" * 100_000,
    "a list": b"[]",
    "a word": b'"paid"',
    "nothing said": b"{}",
    "a number as merchant": a_notice(merchant=3),
    "a list as merchant": a_notice(merchant=["x"]),
    "a merchant that PostgreSQL refuses": a_notice(merchant="\0"),
    "an unknown state": a_notice(state="perhaps"),
    "a list as state": a_notice(state=["paid"]),
    "cents as text": a_notice(cents="1690"),
    "cents in halves": a_notice(cents=16.9),
    "cents that are true": a_notice(cents=True),
    "less than nothing": a_notice(cents=-1),
    "more than a column holds": a_notice(cents=2**63),
    "no reference": a_notice(reference=None),
    "a reference that PostgreSQL refuses": a_notice(reference="PF\0"),
    "half a letter": a_notice(reference="\ud800"),
    "a reference too long": a_notice(reference="P" * 31),
    "an authorisation too long": a_notice(authorisation="1" * 31),
    "a card as number": a_notice(card=4970),
}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
async def test_a_signed_notification_that_says_nothing_of_sense_is_refused(
    bank: Bank, payment: Payment, settled: list[BankNotice], body: bytes
) -> None:
    assert isinstance(bank.port, DemoBank)
    headers = {SIGNATURE: _sign(bank.port.keys[-1], body)}
    answer = await bank.client.post("/banque/demo/notification", content=body, headers=headers)
    assert answer.status_code == 400 and settled == []
    assert await Event.filter(action="bank.forged").count() == 1
    good = a_notice()
    headers = {SIGNATURE: _sign(bank.port.keys[-1], good)}
    answer = await bank.client.post("/banque/demo/notification", content=good, headers=headers)
    assert answer.status_code == 200 and len(settled) == 1


async def test_many_forgeries_do_not_fill_the_journal(bank: Bank) -> None:
    for _ in range(FORGERIES + 5):
        assert (await bank.client.post("/banque/demo/notification", content=b"{}")).status_code == 400
    assert await Event.filter(action="bank.forged").count() == FORGERIES


async def test_a_payment_we_never_made_is_noted_once_and_taken(bank: Bank, over_http: None) -> None:
    await Till.create(code="periscolaire", name="Régie", bank_label=MERCHANT)
    await bank.send("annulation")
    await bank.notify()
    await bank.notify()
    assert [(row.kind, row.reference, row.cents) for row in await Anomaly.all()] == [
        ("unknown", REFERENCE, 1690)
    ]
    assert [row.object for row in await Event.filter(action="bank.anomaly")] == [f"payment:{REFERENCE}"]


async def test_a_notification_of_an_unknown_bank_is_a_404(bank: Bank) -> None:
    assert (await bank.client.post("/banque/autre/notification", content=b"{}")).status_code == 404
