"""The town of the tour, and what its people do there: by the pages' own forms, without scripts."""

import html
import re
import sqlite3
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import httpx

from models.access.passwords import DEMO_PASSWORD

RECAP = "/planning/recapitulatif"
GOOD, REFUSED, SLOW = "4970 1000 0000 0014", "4970 1000 0000 0022", "4970 1000 0000 0030"
PATIENCE = 60  # seconds for the demo bank to tell the portal
VISITOR, PARENT, STAFF, COOK, READER = "", "sophie.moreau", "mairie", "cantine", "elu"
EVERYBODY = (
    PARENT,
    "camille.durand",
    "karim.petit",
    "linh.nguyen",
    "thomas.leroy",
    "odette.garnier",
    STAFF,
    COOK,
    READER,
)


class Town:
    def __init__(self, address: str, books: Path) -> None:
        self._address, self._books = address, books
        self._clients = {name: opened(address, {}) for name in EVERYBODY}
        for name, client in self._clients.items():
            form = {"identifiant": name, "mot_de_passe": DEMO_PASSWORD}
            assert self.send(client, "/connexion", form).status_code == 303

    def cookies(self, who: str) -> dict[str, str]:
        return dict(self._clients[who].cookies)

    def send(self, client: httpx.Client, path: str, form: Mapping[str, object]) -> httpx.Response:
        token = client.get("/accueil", follow_redirects=True).text
        return client.post(path, data={"csrf": token_of(token), **form})

    def tick(self, who: str, child: str, activity: str, *days: date, slot: str = "", on: bool = True) -> None:
        cell = f"{self.child(child)}-{self.slot(activity, slot)}"
        ops = [f"{cell}-{day}:{int(on)}" for day in days]
        answer = self.send(self._clients[who], "/planning/operations", {"op": ops})
        assert answer.status_code in (200, 303), answer.text

    def click(self, who: str) -> str:
        """« Payer » or « Terminer »; where it leads."""
        client = self._clients[who]
        page = client.get(RECAP).text
        form: dict[str, object] = {name: hidden(page, name) for name in ("click", "seen")}
        answer = self.send(client, RECAP, form)
        assert answer.status_code == 303, answer.text
        return httpx.URL(answer.headers["location"]).path

    def at_the_bank(self, bank: str, card: str, code: str = "") -> str:
        """As far as what is given: the card, the code; where one is then."""
        client = self._clients[PARENT]
        steps = [{"etape": "saisie", "numero": card, "fin": "12/30", "cryptogramme": "123"}]
        if code:
            steps.append({"etape": "code", "code": code})
        for step in steps:
            answer = client.post(bank, data=step)
            assert answer.status_code == 303, answer.text
        return httpx.URL(answer.headers["location"]).path

    def pay(self, who: str, card: str) -> str:
        """The path of the payment, once the bank has told of it (unless its card makes it wait)."""
        back = self.at_the_bank(self.click(who), card, "123456").removesuffix("/retour")
        until = time.monotonic() + PATIENCE
        while card != SLOW and "secondes" in self._clients[who].get(f"{back}/retour").text:
            assert time.monotonic() < until, "the bank does not answer"
            time.sleep(0.1)
        return back

    def pay_twice(self, who: str) -> str:
        """Leave a payment, pay the same days anew, then finish the first on the bank's page; the path of that one."""
        first, number = self.click(who), self._one("SELECT MAX(id) FROM payment")
        answer = self.send(self._clients[who], f"/paiement/{number}/annulation", {})
        assert answer.status_code == 303, answer.text
        self.pay(who, GOOD)
        self.at_the_bank(first, GOOD, "123456")
        until = time.monotonic() + PATIENCE
        while not self._one("SELECT COUNT(*) FROM anomaly WHERE payment_id = ?", number):
            assert time.monotonic() < until, "the bank does not tell"
            time.sleep(0.1)
        return f"/paiement/{number}"

    def tell(self, who: str, first: date) -> str:
        """The first day that can be told as an absence from then on; the page that says what became of it."""
        client = self._clients[who]
        page = client.get(f"/absences/nouvelle?debut={first}").text
        form = {"jour": hidden(page, "jour"), "click": hidden(page, "click"), "debut": first, "motif": "sick"}
        answer = self.send(client, "/absences/nouvelle", form)
        assert answer.status_code == 303, answer.text
        return httpx.URL(answer.headers["location"]).path

    def calendar(self, who: str) -> str:
        """The page of their calendar, which has an address."""
        place = "/compte/calendrier"
        assert self.send(self._clients[who], place, {"remplace": 0}).status_code == 303
        return place

    def see(self) -> None:
        odd = self._one("SELECT id FROM anomaly ORDER BY id LIMIT 1")
        answer = self.send(self._clients[STAFF], f"/mairie/a-voir/{odd}/vu", {})
        assert answer.status_code == 303, answer.text

    def refuse(self) -> None:
        form: dict[str, object] = {"motif": "Le groupe est complet ce jour-là."}
        answer = self.send(self._clients[STAFF], f"/mairie/demandes/{self.asked()}/refus", form)
        assert answer.status_code == 303, answer.text

    def asked(self) -> int:
        """The oldest request that waits for an answer."""
        return self._one("SELECT id FROM request WHERE state = 'pending' ORDER BY id LIMIT 1")

    def refused(self) -> int:
        return self._one("SELECT MAX(id) FROM request WHERE state = 'refused'")

    def invoice(self, who: str) -> str:
        """The page of their first one that is not paid in full."""
        return f"/factures/{self._open_invoice(who)}"

    def invoices_recap(self, who: str) -> str:
        return f"/factures/recapitulatif?choix=facture-{self._open_invoice(who)}"

    def _open_invoice(self, who: str) -> int:
        return self._one(
            "SELECT invoice.id FROM invoice JOIN guardian ON guardian.family_id = invoice.family_id "
            "JOIN leg ON leg.invoice_id = invoice.id WHERE guardian.username = ? "
            "GROUP BY invoice.id HAVING SUM(leg.cents) > 0 ORDER BY invoice.id",
            who,
        )

    def drafts(self) -> int:
        """The drafts of a campaign of last month, which nobody has read yet; its number."""
        client, place = self._clients[STAFF], "/mairie/facturation"
        page = client.get(place).text
        form: dict[str, object] = {name: hidden(page, name) for name in ("debut", "fin", "date")}
        answer = self.send(client, place, {**form, "regie": self._one("SELECT MIN(id) FROM till")})
        assert answer.status_code == 303, answer.text
        number = int(answer.headers["location"].rpartition("/")[2])
        until = time.monotonic() + PATIENCE
        while "se préparent" in client.get(f"{place}/{number}").text:
            assert time.monotonic() < until, "the drafts never come"
            time.sleep(0.1)
        return number

    def invoice_of_before(self) -> int:
        return self._one("SELECT MIN(id) FROM invoice")

    def child(self, name: str) -> int:
        return self._one("SELECT id FROM child WHERE first_name = ?", name)

    def activity(self, code: str) -> int:
        return self._one("SELECT id FROM activity WHERE code = ?", code)

    def slot(self, activity: str, code: str = "") -> int:
        where = "SELECT id FROM slot WHERE activity_id = ? AND code LIKE ? ORDER BY position"
        return self._one(where, self.activity(activity), code or "%")

    def _one(self, question: str, *values: object) -> int:
        books = sqlite3.connect(f"file:{self._books}?mode=ro", uri=True)
        try:
            return int(books.execute(question, values).fetchone()[0])
        finally:
            books.close()


def opened(address: str, cookies: dict[str, str]) -> httpx.Client:
    return httpx.Client(base_url=address, cookies=cookies, trust_env=False, timeout=PATIENCE)


def token_of(page: str) -> str:
    return hidden(page, "csrf") if 'name="csrf"' in page else ""


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    assert found, f"no field « {name} »"
    return html.unescape(found[1])
