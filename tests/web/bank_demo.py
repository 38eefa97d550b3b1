"""The demo bank, and what it tells."""

import httpx

from models import banks, clock
from models.banks import Charge
from models.banks.demo import DemoBank, DemoCharge
from models.settings import Settings
from web.app import create_app

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
        page = await self.port.start(Charge(REFERENCE, 1690, MERCHANT, "durand@exemple.fr", BACK, notify))
        self.path = page.url.removeprefix(BASE)

    async def page(self, query: str = "") -> httpx.Response:
        return await self.client.get(self.path + query)

    async def send(self, step: str, **form: str) -> httpx.Response:
        return await self.client.post(self.path, data={"etape": step, **form})

    async def card(self, number: str = "4970 1000 0000 0014", **form: str) -> httpx.Response:
        typed = {"numero": number, "fin": f"{clock.now():%m/%y}", "cryptogramme": "123"} | form
        return await self.send("saisie", **typed)

    async def at_the_code(self, number: str = "4970 1000 0000 0014") -> None:
        answer = await self.card(number)
        assert (answer.status_code, answer.headers["location"]) == (303, self.path)

    async def notify(self) -> None:
        """The task that the end of a charge leaves."""
        assert isinstance(self.port, DemoBank)
        row = await DemoCharge.get(reference=REFERENCE)
        await self.port.notify(row.id)
