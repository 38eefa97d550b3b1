"""Zoé lives with Julie in the even weeks and with Thomas in the odd ones: each home's pages show its own, and of the
other home only that a day is taken. Routes that name something of the other home: tests/web/test_homes.py."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from tests.portal import Portal
from tests.web.checkout import Parent, hear_the_bank, parent, words
from tests.web.messaging import NEW, with_file, written

OpenPortal = Callable[..., Awaitable[Portal]]
MEAL = "Repas de midi"


@dataclass(frozen=True)
class Home:
    """What is this home's alone, as its pages write it."""

    username: str
    name: str
    file: str
    quotient: str
    meal: str  # its price, by the quotient
    invoice: str
    owed: str
    other: str  # what Zoé does here and not there
    paid: str  # its day, by its number in November 2025
    draft: str
    street: str

    def on(self, number: str) -> str:
        return f"2025-11-{number}"

    @property
    def told(self) -> dict[str, tuple[str, ...]]:
        """By page, what it has to say."""
        return {
            "/accueil": (self.name, self.meal, self.owed, f"{self.paid} novembre"),
            "/planning?vue=mois&debut=2025-11-01&modifier=1": (self.meal, self.other, "1 en attente"),
            "/planning/recapitulatif": (f"{self.draft}/11/2025 Zoé", self.meal),
            "/factures": (self.invoice, self.owed, f"Repas de {self.name}"),
            "/factures/historique": ("Historique",),
            "/compte/historique": (self.invoice, self.owed, self.meal),
            "/messages": (f"Le mot de {self.name}", f"Bonjour de {self.name}"),
            "/demarches": ("Toutes 1", "Changement : adresse"),
            "/paiements": (self.meal,),
            "/dossier": (self.file, self.quotient, self.name, self.username.replace(".", "@"), self.other),
        }

    @property
    def alone(self) -> set[str]:
        """What the other home reads nowhere."""
        mine = {self.name, self.username.replace(".", "@"), self.file, self.meal, self.invoice, self.owed}
        return mine | {self.other, self.street, f"{self.draft}/11/2025"}


JULIE = Home(
    "julie.leroy", "Julie", "VF-1005", "760", "2,80 €", "JUL-0001", "8,74 €", "Accueil périscolaire", "10", "13",
    "3 rue des Lilas-Bleus",
)  # fmt: skip
THOMAS = Home(
    "thomas.leroy", "Thomas", "VF-1006", "1 200", "4,10 €", "THO-0001", "9,13 €", "Mercredis loisirs", "17", "21",
    "9 quai des Roses-Rouges",
)  # fmt: skip


def invoiced(file: dict[str, Any]) -> None:
    """Each home owes an invoice of last year; no price is twice the other's."""
    homes = {home.file: home for home in (JULIE, THOMAS)}
    for family in file["families"]:
        if home := homes.get(family["number"]):
            cents = int(home.owed[:4].replace(",", ""))
            line = {"child": "Zoé", "label": f"Repas de {home.name}", "quantity": 1, "unit_cents": cents}
            facts = {"till": "scolaire", "number": home.invoice, "on": date(2025, 6, 30), "paid": 0}
            family["quotient"] = [{"value": int(home.quotient.replace(" ", "")), "from": date(2025, 9, 1)}]
            family["invoices"] = [{**facts, "lines": [line]}]


async def lives(town: Portal, home: Home) -> Parent:
    """A meal is paid, another is in the cart; a message, an address that is asked for."""
    who = await parent(town, home.username)
    await who.tick("Zoé", MEAL, home.on(home.paid))
    await who.pay()
    await who.tick("Zoé", MEAL, home.on(home.draft))
    sent = await written("Absence", objet=f"Le mot de {home.name}", message=f"Bonjour de {home.name}.")
    assert (await with_file(who.browser).post(NEW, sent)).status_code == 303
    asked = await who.browser.post_form("/dossier/adresse", {"adresse": home.street, "click": "a"})
    assert asked.status_code == 303
    return who


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_each_home_sees_its_own(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    town = await portal("demo", now="2025-11-03T10:00:00", change=invoiced)
    hear_the_bank(town, monkeypatch)
    who = {home: await lives(town, home) for home in (JULIE, THOMAS)}
    await town.run_jobs()
    for home, other in ((JULIE, THOMAS), (THOMAS, JULIE)):
        for page, told in home.told.items():
            said = words(await who[home].browser.get_page(page))
            assert [mark for mark in told if mark not in said] == [], (home.name, page)
            assert [mark for mark in other.alone if mark in said] == [], (home.name, page)
            if page.startswith("/planning?"):
                assert said.count("réservée par l’autre foyer") == 1, "and nothing of what waits in its cart"
                assert f"lundi {other.paid} novembre 2025, réservée par l’autre foyer." in said
    await town.verify()
