"""Every page there is, in a town where something has happened: for axe, for the checkers, for narrow screens.

A new page gets its line in `_stops`; what the mairie's menu leads to is there already. The portal is one that is
served (`python -m web`), and only this module writes to it: by the pages' own forms, without scripts.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from models import commune_file
from models.access.passwords import DEMO_PASSWORD
from tests.serving import served
from tests.tour_data import data_copy
from tests.tour_enrolments import leaving
from tests.tour_forms import opened, token_of
from tests.tour_staff import staff_stops
from tests.tour_stop import MONDAY, Stop
from tests.tour_town import (
    EVERYBODY,
    GOOD,
    PARENT,
    RECAP,
    REFUSED,
    SLOW,
    VISITOR,
    Town,
)

NOW = "2025-09-22T10:00:00"
BOOKS = "portail.sqlite3"
JOIN = "/inscriptions/paiement-immediat"


@dataclass(frozen=True)
class Tour:
    address: str
    stops: list[Stop]
    cookies: dict[str, dict[str, str]]  # of each person

    def html(self, stop: Stop) -> str:
        """The page as it is sent, scripts off."""
        with opened(self.address, self.cookies.get(stop.who, {})) as client:
            answer = client.get(stop.page)
            if stop.sent:
                answer = client.post(stop.path, data={"csrf": token_of(answer.text), **stop.sent})
        assert answer.status_code == stop.status, f"{stop.name}: {answer.status_code}\n{answer.text[:500]}"
        return answer.text


@contextmanager
def tour(folder: Path, empty: Path | None = None) -> Iterator[Tour]:
    """A portal of its own, where every page has something to show; on a copy of this `empty` database."""
    if empty:
        shutil.copy(empty, folder / BOOKS)
    with served(folder, "--demo", str(_commune(folder)), PORTAIL_NOW=NOW) as (_, address):
        town = Town(address, folder / BOOKS)
        yield Tour(address, _stops(town), {name: town.cookies(name) for name in EVERYBODY})


def _commune(folder: Path) -> Path:
    """The made-up commune, with one place left for the little ones' meals, and no invoice too small to leave."""
    content = commune_file.shipped("demo").read_text(encoding="utf-8")
    assert content.count("places = 40") == 1
    path = folder / "commune.toml"
    assert content.count("least_invoice = 1500, ") == 1
    content = content.replace("places = 40", "places = 1").replace("least_invoice = 1500, ", "")
    path.write_text(content, encoding="utf-8")
    return path


def _stops(town: Town) -> list[Stop]:
    """What happens in this town, and the pages that tell of it."""
    return [
        *_public(town),
        *_payments(town),
        *_recaps(town),
        *_parent(town),
        *_bank(town),
        *staff_stops(town),
    ]


def _public(town: Town) -> list[Stop]:
    return [
        Stop("welcome", "/", VISITOR),
        Stop("sign in", "/connexion", VISITOR),
        Stop("sign in, wrong", "/connexion", VISITOR, 422, {"identifiant": "", "mot_de_passe": ""}),
        Stop("first connection", "/inscrivez-vous", VISITOR),
        Stop("first connection, wrong", "/inscrivez-vous", VISITOR, 422, {"dossier": ""}),
        Stop(
            "first connection, sent",
            "/inscrivez-vous/envoye?par=courrier&adresse=n…a@benali.example",
            VISITOR,
        ),
        Stop("first connection, link over", "/activation/rien", VISITOR, 410),
        Stop("forgotten", "/mot-de-passe-oublie", VISITOR),
        Stop("forgotten, wrong", "/mot-de-passe-oublie", VISITOR, 422, {"adresse": ""}),
        Stop("an agent’s invitation, over", "/espace-mairie/invitation/rien", VISITOR, 410),
        Stop("sign-in link", "/connexion/lien", VISITOR),
        Stop("sign-in link, sent", "/connexion/lien/envoye", VISITOR),
        Stop("sign-in link, over", "/connexion/lien/rien", VISITOR, 410),
        Stop("forgotten, sent", "/mot-de-passe-oublie/envoye", VISITOR),
        Stop("forgotten, changed", "/mot-de-passe-oublie/change", VISITOR),
        Stop("forgotten, link over", "/nouveau-mot-de-passe/rien", VISITOR, 410),
        Stop("offline", "/hors-connexion", VISITOR),
        Stop("how to install, visitor", "/installer", VISITOR),
        Stop("how to install", "/installer"),
        Stop("statement, visitor", "/accessibilite", VISITOR),
        Stop("reading help, visitor", "/lecture", VISITOR),
        Stop("guide, visitor", "/aide/guide", VISITOR),
        Stop("rulebook, visitor", "/reglement", VISITOR),
        Stop("news, visitor", "/actualites", VISITOR),
        Stop("a piece of news, visitor", f"/actualites/{town.news()}", VISITOR),
        Stop("documents, visitor", "/documents", VISITOR),
        Stop("menus, visitor", "/menus", VISITOR),
        Stop("menus, none", "/menus?debut=2025-10-20"),
        Stop("prices, visitor", "/tarifs", VISITOR),
        Stop("legal notice, visitor", "/mentions-legales", VISITOR),
        Stop("personal data", "/donnees-personnelles"),
        Stop("rulebook", "/reglement"),
        Stop("not found, visitor", "/nulle-part", VISITOR, 404),
        Stop("not found", "/nulle-part", status=404),
        Stop("closed to parents", "/mairie/demandes", status=403),
        Stop("e-mails of the demo", "/demo/courriels", VISITOR),
        Stop("text messages of the demo", "/demo/sms", VISITOR),
    ]


def _payments(town: Town) -> list[Stop]:
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


def _recaps(town: Town) -> list[Stop]:
    """Noé has the last place of Monday and waits for Thursday's; Lina's workshops are asked for."""
    town.tick("camille.durand", "Noé", "cantine", *_days(0))
    town.pay("camille.durand", GOOD)
    town.tick("camille.durand", "Noé", "cantine", *_days(3))
    town.tick("camille.durand", "Lina", "ateliers", *_days(1, 3, 8, 10))
    town.tick("camille.durand", "Lina", "periscolaire", *_days(0), slot="soir")
    town.tick("camille.durand", "Lina", "periscolaire", *_days(1), slot="matin")  # which costs something
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


def _parent(town: Town) -> list[Stop]:
    emma, meals = town.child("Emma"), town.activity("cantine")
    join = f"{JOIN}/recapitulatif?inscription={town.child('Hugo')}-{town.activity('espace-jeux')}"
    of_emma = f"/planning?id={emma}&debut={MONDAY}"
    told, conversation = town.tell(PARENT, MONDAY), town.write(PARENT)
    told, sign = town.tell(PARENT, MONDAY), "/factures/prelevements/mandat"
    town.sign(PARENT)
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
        Stop("absence, told", told),
        Stop("type week", f"/planning/semaine-type?enfant={emma}&debut={MONDAY}"),
        Stop("my calendar", town.calendar(PARENT)),
        Stop("my calendar, none", "/compte/calendrier", "odette.garnier"),
        Stop("notifications", "/notifications"),
        Stop("notifications, none", "/notifications", "odette.garnier"),
        Stop("what to be told", "/compte/notifications"),
        Stop("what to be told, a device", town.lets_ring("odette.garnier"), "odette.garnier"),
        Stop("less e-mail", town.unsubscribing(), VISITOR),
        Stop("payments", "/paiements"),
        Stop("payments, none", "/paiements", "odette.garnier"),
        Stop("invoices", "/factures", "linh.nguyen"),
        Stop("invoices, none", "/factures", "odette.garnier"),
        Stop("invoices, nothing chosen", "/factures/recapitulatif", "linh.nguyen", 422),
        Stop("invoices, recap", town.invoices_recap("linh.nguyen"), "linh.nguyen"),
        Stop("invoices, history", "/factures/historique", "linh.nguyen"),
        Stop("invoice", town.invoice("linh.nguyen"), "linh.nguyen"),
        Stop("tax certificates, none", "/factures/attestations"),
        Stop("family file", "/dossier"),
        Stop("family file, documents", "/dossier/documents"),
        Stop("family file, meals", f"/dossier/enfants/{emma}/repas"),
        Stop("family file, consents", f"/dossier/enfants/{emma}/autorisations"),
        Stop(
            "family file, a contact, wrong",
            f"/dossier/enfants/{emma}/personnes",
            status=422,
            sent={"nom": ""},
        ),
        *(
            Stop(f"family file, {page}", f"/dossier/{page}")
            for page in ("telephones", "factures", "adresse", "allocataire", "personne", "pieces/2")
        ),
        Stop("family file, a quotient", "/dossier/quotient"),
        Stop("family file, asked", "/demarches", "camille.durand"),
        Stop("family file, nothing asked", "/demarches", "odette.garnier"),
        Stop("messages, none", "/messages", "odette.garnier"),
        Stop("messages", "/messages?liste=recus"),
        Stop("messages, a conversation", conversation),
        Stop("message, new", "/messages/nouveau"),
        Stop("message, nothing written", "/messages/nouveau", status=422, sent={"objet": ""}),
        Stop("direct debits", "/factures/prelevements"),
        Stop("direct debits, none", "/factures/prelevements", "linh.nguyen"),
        Stop("mandate", sign, "linh.nguyen"),
        Stop("mandate, not filled in", sign, "linh.nguyen", 422, {"regie": "1", "iban": "FR76"}, sign),
        Stop("account history", "/compte/historique"),
        Stop("avoirs", "/factures/avoirs"),
        Stop("account, paying in", "/compte/alimenter"),
        Stop("account", "/compte"),
        Stop("account, kept", "/compte?fait=preferences"),
        Stop("my data", "/compte/donnees"),
        Stop("my data, being prepared", data_copy(town)),
        Stop("account, to be closed", "/compte/suppression", status=422, sent={"actuel": "", "mot": ""}),
        Stop("account, closed", "/compte-supprime", VISITOR),
        Stop("passkeys", "/compte/cles"),
        Stop("passkeys, wrong", "/compte/cles", status=422, sent={"nom": ""}),
        Stop("passkey, to be made", "/compte/cles", sent={"nom": "Téléphone", "actuel": DEMO_PASSWORD}),
        Stop("account, address refused", "/compte/adresse", PARENT, 422, {"adresse": ""}, "/compte"),
        Stop("address, link over", "/adresse-e-mail/rien", VISITOR, 410),
        Stop("address, confirmed", "/adresse-e-mail/confirmee", VISITOR),
        Stop("account, refused", "/compte/mot-de-passe", PARENT, 422, {"actuel": ""}, "/compte"),
        Stop("statement", "/accessibilite"),
        Stop("reading help", "/lecture"),
        Stop("enrolments", "/inscriptions"),
        *leaving(town),
        Stop("memberships", JOIN),
        Stop("memberships, nothing chosen", JOIN, status=422, sent={"rien": "1"}),
        Stop("memberships, recap", join),
    ]


def _bank(town: Town) -> list[Stop]:
    """Two families stand at the demo bank's, one of them a step further."""
    at = {}
    for who, child in (("karim.petit", "Adam"), ("thomas.leroy", "Zoé")):
        town.tick(who, child, "cantine", *_days(0))
        at[who] = town.click(who)
    town.at_the_bank(at["thomas.leroy"], GOOD)
    wrong = {"etape": "saisie", "numero": "1234", "fin": "", "cryptogramme": ""}
    return [
        Stop("bank, card", at["karim.petit"], VISITOR),
        Stop("bank, card, wrong", at["karim.petit"], VISITOR, 422, wrong),
        Stop("bank, code", at["thomas.leroy"], VISITOR),
    ]


def _days(*after: int) -> list[date]:
    """Days of the week of MONDAY and of the next ones."""
    return [MONDAY + timedelta(days=n) for n in after]
