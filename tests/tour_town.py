"""The town of the tour, and what its people do there: by the pages' own forms, without scripts."""

import sqlite3
import time
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import httpx

from models.access.passwords import DEMO_PASSWORD
from models.notifying import choices
from models.rules.notices.topics import BY_CODE
from models.storage import encryption
from tests.jobs.push_service import a_browser
from tests.tour_forms import PATIENCE, hidden, opened, token_of

RECAP = "/planning/recapitulatif"
GOOD, REFUSED, SLOW = "4970 1000 0000 0014", "4970 1000 0000 0022", "4970 1000 0000 0030"
VISITOR, PARENT, STAFF, COOK, READER = "", "sophie.moreau", "mairie", "cantine", "elu"
EVERYBODY = (PARENT, "camille.durand", "karim.petit", "linh.nguyen", "thomas.leroy", "odette.garnier", STAFF, COOK,
             READER)  # fmt: skip


class Town:
    def __init__(self, address: str, books: Path) -> None:
        self.address, self._books = address, books
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

    def write(self, who: str) -> str:
        """Two questions to the mairie, the first of which is answered; the path of that conversation."""
        topic = self._one("SELECT id FROM topic WHERE name = 'Absence'")
        service = self._one("SELECT department_id FROM topic WHERE id = ?", topic)
        for subject in ("Emma absente vendredi", "Place aux ateliers du soir"):
            form = {
                "service": service,
                "theme": topic,
                "objet": subject,
                "message": "Bonjour,\nEmma a rendez-vous.",
            }
            self.post_file(who, "/messages/nouveau", form, ("convocation.pdf", b"%PDF-1.4\n%%EOF\n"))
        self.post_file(STAFF, f"/mairie{self.conversation()}", {"message": "Bonjour, c’est noté."})
        canned = {"titre": "Bien reçu", "texte": "Bonjour {prénom}, c’est noté.", "service": ""}
        answer = self.send(self._clients[STAFF], "/mairie/messages/reponses-types", canned)
        assert answer.status_code == 303, answer.text
        return self.conversation()

    def conversation(self) -> str:
        return f"/messages/{self._one('SELECT MIN(id) FROM message_thread')}"

    def post_file(
        self, who: str, path: str, form: Mapping[str, object], file: tuple[str, bytes] | None = None
    ) -> None:
        client = self._clients[who]
        token = token_of(client.get("/accueil", follow_redirects=True).text)
        said = {name: str(value) for name, value in form.items()}
        files = {"fichier": file} if file else {"rien": ("", b"")}
        answer = client.post(path, data={"csrf": token, **said}, files=files)
        assert answer.status_code == 303, answer.text

    def sign(self, who: str) -> None:
        """A mandate for the first till that collects."""
        form: dict[str, object] = {
            "iban": "FR7630006000011234567890189", "titulaire": "Le titulaire", "mot_de_passe": "portail-famille-demo",
            "accord": "1",
        }  # fmt: skip
        answer = self.send(self._clients[who], "/factures/prelevements/mandat", form)
        assert answer.status_code == 303, answer.text

    def calendar(self, who: str) -> str:
        """The page of their calendar, which has an address."""
        place = "/compte/calendrier"
        assert self.send(self._clients[who], place, {"remplace": 0}).status_code == 303
        return place

    def lets_ring(self, who: str) -> str:
        """The page of what they are told, with a device that rings."""
        place, browser = "/compte/notifications", a_browser("http://127.0.0.1:9/push")
        form = {"adresse": browser.endpoint, "cle": browser.key, "secret": browser.secret}
        assert self.send(self._clients[who], f"{place}/appareils", form).status_code == 303
        return place

    def unsubscribing(self) -> str:
        """Where an e-mail of theirs leads."""
        encryption.use((self._books.with_name("secret_keys").read_text().strip(),))
        return f"/desabonnement/{choices.token(1, BY_CODE['place'])}"

    def class_away(self) -> str:
        """A day in June, on which nobody has booked."""
        form = {
            "motif": "trip",
            "classe": "ferry.CE2",
            "jour": "2026-06-15",
            "activite": "cantine",
            "click": "tour",
        }
        form |= {"lundi": "2026-06-15", "mots": "Au zoo.", "lu": "0-0-0-0", "confirmer": "1"}
        answer = self.send(self._clients[STAFF], "/mairie/classes-absentes/nouvelle", form)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

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

    def roll(self, day: date) -> str:
        """The roll of that day's meal, to which Hugo came without a booking."""
        opening = self._one(
            "SELECT opening.id FROM opening JOIN activity_group AS g ON g.id = opening.group_id "
            "JOIN slot ON slot.id = slot_id WHERE g.code = 'grands' AND slot.code = 'repas' AND opening.day = ?",
            day.isoformat(),
        )
        enrolled = self._one(
            "SELECT enrolment.id FROM enrolment JOIN child ON child.id = child_id JOIN activity ON activity.id = "
            "activity_id WHERE first_name = 'Hugo' AND activity.code = 'cantine'"
        )
        place = f"/mairie/pointage/{opening}/enfants"
        assert self.send(self._clients[STAFF], place, {"inscription": enrolled}).status_code == 303
        return f"/mairie/pointage?jour={day}&service={opening}"

    def drafts(self) -> int:
        """The drafts of a campaign of last month, which nobody has read yet; its number."""
        page = self._clients[STAFF].get("/mairie/facturation").text
        return self._drafted({name: hidden(page, name) for name in ("debut", "fin", "date")})

    def collect(self, month: date) -> str:
        """What is booked of a month is issued, and its collection asked of the bank; the page of that batch."""
        client, place = self._clients[STAFF], "/mairie/facturation"
        last = month.replace(month=month.month + 1) - timedelta(days=1)
        today = hidden(client.get(place).text, "date")
        campaign = f"{place}/{self._drafted({'debut': month, 'fin': last, 'date': today})}"
        read = hidden(client.get(f"{campaign}?etape=emission").text, "lu")
        answer = self.send(client, f"{campaign}/emission", {"mot": "ÉMETTRE", "lu": read})
        assert answer.status_code == 303, answer.text
        until = time.monotonic() + PATIENCE
        while "est émise" not in client.get(campaign).text:
            assert time.monotonic() < until, "the invoices never leave"
            time.sleep(0.1)
        page = client.get("/mairie/prelevements").text
        answer = self.send(
            client, "/mairie/prelevements", {name: hidden(page, name) for name in ("regie", "jusqu_au")}
        )
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def _drafted(self, form: Mapping[str, object]) -> int:
        client, place = self._clients[STAFF], "/mairie/facturation"
        answer = self.send(client, place, {**form, "regie": self._one("SELECT MIN(id) FROM till")})
        assert answer.status_code == 303, answer.text
        number = int(answer.headers["location"].rpartition("/")[2])
        until = time.monotonic() + PATIENCE
        while "se préparent" in client.get(f"{place}/{number}").text:
            assert time.monotonic() < until, "the drafts never come"
            time.sleep(0.1)
        return number

    def news(self) -> int:
        return self._one("SELECT id FROM news WHERE code = 'vegetarien'")

    def draft_activity(self) -> str:
        """The page of an activity that is being made."""
        place = "/mairie/activites/nouvelle"
        form: dict[str, object] = {
            "nom": "Échecs",
            "annee": self._one("SELECT MAX(id) FROM school_year"),
            "click": "tour",
        }
        answer = self.send(self._clients[STAFF], place, form)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"]).removesuffix("/identite")

    def invoice_of_before(self) -> int:
        return self._one("SELECT MIN(id) FROM invoice")

    def hand_over(self, who: str) -> tuple[str, int]:
        """A cheque for a part of their first invoice: the page of that payment, and the number of its receipt."""
        form: dict[str, object] = {
            "famille": self.family(who), "choix": f"facture-{self._open_invoice(who)}", "moyen": "cheque", "donne": "2",
            "numero": "0000123", "banque": "Banque postale", "click": "tour",
        }  # fmt: skip
        answer = self.send(self._clients[STAFF], "/mairie/regie/encaissements", form)
        assert answer.status_code == 303, answer.text
        receipt = self._one("SELECT MAX(id) FROM receipt")
        return f"/paiement/{self._one('SELECT payment_id FROM receipt WHERE id = ?', receipt)}", receipt

    def family(self, who: str) -> int:
        return self._one("SELECT family_id FROM guardian WHERE username = ?", who)

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
