"""Every page there is, in a town where something has happened: for axe, for the checkers, for narrow screens.

A new page gets its line in `_stops`. The portal is one that is served (`python -m web`), and only this module
writes to it: by the pages' own forms, without scripts.
"""

import html
import re
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import httpx

from models import commune_file
from models.access.passwords import DEMO_PASSWORD
from tests.serving import served

NOW = "2025-09-22T10:00:00"
MONDAY = date(2025, 10, 6)
RECAP = "/planning/recapitulatif"
JOIN = "/inscriptions/paiement-immediat"
GOOD, REFUSED, SLOW = "4970 1000 0000 0014", "4970 1000 0000 0022", "4970 1000 0000 0030"
PATIENCE = 10  # seconds for the demo bank to tell the portal
VISITOR, PARENT, STAFF, COOK, READER = "", "sophie.moreau", "mairie", "cantine", "elu"
EVERYBODY = (
    PARENT,
    "camille.durand",
    "karim.petit",
    "linh.nguyen",
    "julie.leroy",
    "thomas.leroy",
    "odette.garnier",
    STAFF,
    COOK,
    READER,
)


@dataclass(frozen=True)
class Stop:
    name: str
    path: str
    who: str = PARENT
    status: int = 200
    sent: dict[str, str] = field(default_factory=dict)  # a form, whose answer is the page
    form: str = ""  # where that form is, when it is another page

    @property
    def page(self) -> str:
        """What a browser goes to first."""
        return self.form or self.path


@dataclass(frozen=True)
class Tour:
    address: str
    stops: list[Stop]
    cookies: dict[str, dict[str, str]]  # of each person

    def html(self, stop: Stop) -> str:
        """The page as it is sent, scripts off."""
        with _client(self.address, self.cookies.get(stop.who, {})) as client:
            answer = client.get(stop.page)
            if stop.sent:
                answer = client.post(stop.path, data={"csrf": _token(answer.text), **stop.sent})
        assert answer.status_code == stop.status, f"{stop.name}: {answer.status_code}\n{answer.text[:500]}"
        return answer.text


@contextmanager
def tour(folder: Path) -> Iterator[Tour]:
    """A portal of its own, where every page has something to show."""
    with served(folder, "--demo", str(_commune(folder)), PORTAIL_NOW=NOW) as (_, address):
        town = _Town(address, folder / "portail.sqlite3")
        yield Tour(address, _stops(town), {name: town.cookies(name) for name in EVERYBODY})


def _commune(folder: Path) -> Path:
    """The made-up commune, with one place left for the little ones' meals."""
    content = commune_file.shipped("demo").read_text(encoding="utf-8")
    assert content.count("places = 40") == 1
    path = folder / "commune.toml"
    path.write_text(content.replace("places = 40", "places = 1"), encoding="utf-8")
    return path


class _Town:
    def __init__(self, address: str, books: Path) -> None:
        self._address, self._books = address, books
        self._clients = {name: _client(address, {}) for name in EVERYBODY}
        for name, client in self._clients.items():
            form = {"identifiant": name, "mot_de_passe": DEMO_PASSWORD}
            assert self.send(client, "/connexion", form).status_code == 303

    def cookies(self, who: str) -> dict[str, str]:
        return dict(self._clients[who].cookies)

    def send(self, client: httpx.Client, path: str, form: Mapping[str, object]) -> httpx.Response:
        token = client.get("/accueil", follow_redirects=True).text
        return client.post(path, data={"csrf": _token(token), **form})

    def tick(self, who: str, child: str, activity: str, *days: date, slot: str = "", on: bool = True) -> None:
        cell = f"{self.child(child)}-{self.slot(activity, slot)}"
        ops = [f"{cell}-{day}:{int(on)}" for day in days]
        answer = self.send(self._clients[who], "/planning/operations", {"op": ops})
        assert answer.status_code in (200, 303), answer.text

    def click(self, who: str) -> str:
        """« Payer » or « Terminer »; where it leads."""
        client = self._clients[who]
        page = client.get(RECAP).text
        form: dict[str, object] = {name: _hidden(page, name) for name in ("click", "seen")}
        answer = self.send(client, RECAP, form)
        assert answer.status_code == 303, answer.text
        return httpx.URL(answer.headers["location"]).path

    def at_the_bank(self, bank: str, card: str = "", code: str = "") -> str:
        """As far as what is given: the brand, the card, the code; where one is then."""
        client = self._clients[PARENT]
        steps: list[dict[str, str]] = [{"etape": "choix", "carte": "CB"}]
        if card:
            steps.append({"etape": "saisie", "numero": card, "fin": "12/30", "cryptogramme": "123"})
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


def _stops(town: _Town) -> list[Stop]:
    """What happens in this town, and the pages that tell of it."""
    return [*_public(), *_payments(town), *_recaps(town), *_parent(town), *_bank(town), *_staff(town)]


def _public() -> list[Stop]:
    return [
        Stop("welcome", "/", VISITOR),
        Stop("sign in", "/connexion", VISITOR),
        Stop("sign in, wrong", "/connexion", VISITOR, 422, {"identifiant": "", "mot_de_passe": ""}),
        Stop("offline", "/hors-connexion", VISITOR),
        Stop("how to install, visitor", "/installer", VISITOR),
        Stop("how to install", "/installer"),
        Stop("statement, visitor", "/accessibilite", VISITOR),
        Stop("not found, visitor", "/nulle-part", VISITOR, 404),
        Stop("not found", "/nulle-part", status=404),
        Stop("closed to parents", "/mairie/demandes", status=403),
        Stop("e-mails of the demo", "/demo/courriels", VISITOR),
    ]


def _payments(town: _Town) -> list[Stop]:
    """Sophie pays three meals, is refused a Wednesday, and waits for the bank about another."""
    town.tick(PARENT, "Emma", "cantine", *_days(0, 1))
    town.tick(PARENT, "Jules", "cantine", *_days(3))
    paid = town.pay(PARENT, GOOD)
    town.tick(PARENT, "Emma", "mercredis", *_days(2), slot="matin")
    refused = town.pay(PARENT, REFUSED)
    town.tick(PARENT, "Hugo", "mercredis", *_days(2), slot="journee")
    waiting = town.pay(PARENT, SLOW)
    for days in _days(7), _days(8, 10):  # the second time the credit of the first does not suffice
        town.tick("linh.nguyen", "Mai", "cantine", *days)
        twice = town.pay_twice("linh.nguyen")
    return [
        Stop("payment made", paid),
        Stop("payment refused", refused),
        Stop("payment that became a credit", twice, "linh.nguyen"),
        Stop("payment waiting", waiting),
        Stop("payment waiting, back from the bank", f"{waiting}/retour"),
    ]


def _recaps(town: _Town) -> list[Stop]:
    """Noé has the last place of Monday and waits for Thursday's; Lina's workshops are asked for."""
    town.tick("camille.durand", "Noé", "cantine", *_days(0))
    town.pay("camille.durand", GOOD)
    town.tick("camille.durand", "Noé", "cantine", *_days(3))
    town.tick("camille.durand", "Lina", "ateliers", *_days(1, 3, 8, 10))
    town.tick("camille.durand", "Lina", "periscolaire", *_days(0), slot="soir")
    confirmed = town.click("camille.durand")
    town.tick("camille.durand", "Lina", "cantine", *_days(0, 1, 3))
    town.tick(PARENT, "Jules", "cantine", *_days(0))
    town.tick(PARENT, "Emma", "cantine", *_days(1), on=False)
    town.tick(PARENT, "Hugo", "cantine", *_days(0, 1, 3, 4))
    town.tick(PARENT, "Hugo", "ateliers", *_days(1))
    town.tick(PARENT, "Emma", "periscolaire", *_days(0, 1), slot="soir")
    return [
        Stop("recap", RECAP),
        Stop("recap, empty", RECAP, "linh.nguyen"),
        Stop("delete everything?", "/planning/vider"),
        Stop("confirmation", confirmed, "camille.durand"),
    ]


def _parent(town: _Town) -> list[Stop]:
    emma, meals = town.child("Emma"), town.activity("cantine")
    join = f"{JOIN}/recapitulatif?inscription={town.child('Hugo')}-{town.activity('espace-jeux')}"
    of_emma = f"/planning?id={emma}&debut={MONDAY}"
    return [
        Stop("home", "/accueil"),
        Stop("home, nothing to do", "/accueil", "odette.garnier"),
        Stop("planning", f"{of_emma}"),
        Stop("planning, week", f"{of_emma}&vue=semaine&modifier=1"),
        Stop("planning, fortnight", f"{of_emma}&vue=quinzaine&modifier=1"),
        Stop("planning, month", f"{of_emma}&vue=mois&modifier=1"),
        Stop(
            "planning, one activity",
            f"/planning?par=activite&id={meals}&vue=semaine&debut={MONDAY}&modifier=1",
        ),
        Stop("absence", f"/absences/nouvelle?debut={MONDAY}"),
        Stop(
            "absence, nothing chosen",
            "/absences/nouvelle",
            status=422,
            sent={"motif": "sick", "debut": str(MONDAY)},
        ),
        Stop("account", "/compte"),
        Stop("account, kept", "/compte?fait=preferences"),
        Stop("account, refused", "/compte/mot-de-passe", PARENT, 422, {"actuel": ""}, "/compte"),
        Stop("statement", "/accessibilite"),
        Stop("memberships", JOIN),
        Stop("memberships, nothing chosen", JOIN, status=422, sent={"rien": "1"}),
        Stop("memberships, recap", join),
    ]


def _bank(town: _Town) -> list[Stop]:
    """Three families stand at the demo bank's, each one step further."""
    at = {}
    for who, child in (("karim.petit", "Adam"), ("julie.leroy", "Zoé"), ("thomas.leroy", "Zoé")):
        days = _days(0) if who != "julie.leroy" else _days(7)
        town.tick(who, child, "cantine", *days)
        at[who] = town.click(who)
    town.at_the_bank(at["julie.leroy"])
    town.at_the_bank(at["thomas.leroy"], GOOD)
    wrong = {"etape": "saisie", "numero": "1234", "fin": "", "cryptogramme": ""}
    return [
        Stop("bank, choice", at["karim.petit"], VISITOR),
        Stop("bank, card", at["julie.leroy"], VISITOR),
        Stop("bank, card, wrong", at["julie.leroy"], VISITOR, 422, wrong),
        Stop("bank, code", at["thomas.leroy"], VISITOR),
    ]


def _staff(town: _Town) -> list[Stop]:
    """The mairie has refused one of Lina’s requests."""
    town.refuse()
    town.see()
    return [
        Stop("dashboard", "/mairie/tableau-de-bord", STAFF),
        Stop("dashboard, nothing to open", "/mairie/tableau-de-bord", COOK),
        Stop("account of staff", "/mairie/compte", STAFF),
        Stop(
            "account of staff, refused",
            "/mairie/compte/mot-de-passe",
            STAFF,
            422,
            {"actuel": ""},
            "/mairie/compte",
        ),
        Stop("closed to the kitchen", "/mairie/demandes", COOK, 403),
        Stop("requests, read only", "/mairie/demandes", READER),
        Stop("requests", "/mairie/demandes", STAFF),
        Stop("requests, answered", "/mairie/demandes?etat=traitees", STAFF),
        Stop("requests, one opened", f"/mairie/demandes?demande={town.asked()}&tri=-jour", STAFF),
        Stop("requests, none found", "/mairie/demandes?recherche=personne", STAFF),
        Stop("waiting list, by child", "/mairie/liste-attente?tri=enfant", STAFF),
        Stop("what was odd", "/mairie/a-voir?etat=vus", STAFF),
        Stop("waiting list", "/mairie/liste-attente", STAFF),
        Stop("absences", "/mairie/absences", STAFF),
        Stop("what is odd", "/mairie/a-voir", STAFF),
        Stop(
            "requests, no reason given",
            f"/mairie/demandes/{town.asked()}/refus",
            STAFF,
            422,
            {"motif": ""},
            "/mairie/demandes",
        ),
        Stop("what is odd, a wrong sum", "/mairie/a-voir?somme=beaucoup", STAFF),
        Stop("requests, just answered", f"/mairie/demandes?fait={town.refused()}", STAFF),
        Stop("tasks", "/mairie/travaux", STAFF),
        Stop("tasks that wait", "/mairie/travaux?vue=en-attente", STAFF),
        Stop("tasks, the e-mails", "/mairie/travaux?vue=courriels", STAFF),
        Stop("not found, mairie", "/mairie/nulle-part", STAFF, 404),
    ]


def _days(*after: int) -> list[date]:
    """Days of the week of MONDAY and of the next ones."""
    return [MONDAY + timedelta(days=n) for n in after]


def _client(address: str, cookies: dict[str, str]) -> httpx.Client:
    return httpx.Client(base_url=address, cookies=cookies, trust_env=False, timeout=30)


def _token(page: str) -> str:
    return _hidden(page, "csrf") if 'name="csrf"' in page else ""


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no field « {name} »"
    return html.unescape(found[1])
