"""Charges at the demo bank."""

from datetime import timedelta
from typing import Any

from models import clock
from models.banks import Charge, demo, demo_cards
from models.banks.demo import DemoBank, DemoCharge

BASE = "http://127.0.0.1:8000"
MERCHANT = "RESTAURATION ACM"
ACCEPTED, REFUSED, SILENT = demo_cards.CARDS


def a_charge(**changes: Any) -> Charge:
    known: dict[str, Any] = {
        "reference": "PF-0001",
        "cents": 1690,
        "merchant": MERCHANT,
        "email": "durand@exemple.fr",
        "return_url": f"{BASE}/paiement/1/retour",
        "notify_url": f"{BASE}/banque/demo/notification",
    }
    return Charge(**(known | changes))


async def start(bank: DemoBank, **changes: Any) -> str:
    return (await bank.start(a_charge(**changes))).url.rsplit("/", 1)[1]


async def at_the_code(bank: DemoBank, number: str = ACCEPTED, **changes: Any) -> str:
    token = await start(bank, **changes)
    assert await demo.give_card(token, number, in_a_year(), "123", clock.now()) == {}
    return token


async def paid(bank: DemoBank, number: str = ACCEPTED) -> DemoCharge:
    token = await at_the_code(bank, number)
    assert await demo.give_code(token, "123456", clock.now()) == {}
    return await DemoCharge.get(token=token)


def in_a_year() -> str:
    return f"{clock.now() + timedelta(days=365):%m/%y}"
