"""A child of two homes, and two parents of one home: each route that names something, asked by both.

The other home of the child sees the child, and of the first home nothing: no order, invoice, paper, message. The other
parent of the same home sees what is the household's, and nothing of what is its parent's own. A route that names
something of a family is asked here by its line in `test_strangers.py`; whatever is neither a 404 nor listed fails.
"""

from typing import Any

import pytest

from models.families.child import Home
from models.families.guardian import Guardian
from models.settings import Settings
from tests.portal import Portal
from tests.town import People, settle
from tests.web.stranger import Theirs
from tests.web.test_strangers import LINES, ask
from web.app import create_app
from web.components.planning import live

# The address or the form names the child alone, who is at home there too: what is drawn and done is the asker's own.
BY_CHILD = {
    "GET /absences/nouvelle",
    "POST /absences/nouvelle",
    "GET /inscriptions/paiement-immediat/recapitulatif",
    "GET /planning",
    "POST /planning",
    "POST /planning/operations",
    "POST /planning/comme",
    "POST /planning/copier",
    "POST /planning/effacer",
    "GET /planning/direct/jours",
    "GET /planning/semaines",
    "GET /planning/semaine-type",
    "POST /planning/semaine-type",
    "POST /planning/semaine-type/appliquer",
    "GET /dossier/pieces/{piece:int}",
    "POST /dossier/pieces/{piece:int}",
    "POST /dossier/enfants/{id:int}/attestation",
    # What is the child's own is both homes', and each is told what the other changes.
    "POST /dossier/enfants/{id:int}/personnes/{personne:int}/retrait",
    *(
        f"{method} /dossier/enfants/{{id:int}}/{sheet}"
        for sheet in ("repas", "personnes", "autorisations")
        for method in ("GET", "POST")
    ),
}
# Of one parent, whoever else lives there.
PERSONAL = {
    "GET /compte/donnees/{id:int}",
    "GET /compte/donnees/{id:int}/fichier",
    "POST /compte/appareils/{id:int}/deconnexion",
    "POST /compte/cles/{id:int}/suppression",
    "GET /notifications/{id:int}",
    "POST /compte/notifications/appareils/{id:int}/suppression",
}
# In that town nobody is enrolled yet, and no payment is paid: there is no such cell, and no receipt.
NOTHING_YET = {"GET /planning/case", "GET /paiement/{id:int}/recu"}
DRAWN = (200, 303, 409, 422, 503)  # the last where a bank is asked: none is open here
NAMING = [line for line, kind in LINES.items() if isinstance(kind, Theirs)]


@pytest.fixture
async def people(sqlite_db: str) -> People:
    people = await settle()
    await Home.create(child=people.chloe, family_id=people.petit.family_id)
    known: Any = {"last_name": "Durand", "email": "marc@durand.example", "username": "marc", "password": ""}
    await Guardian.create(family_id=people.durand.family_id, first_name="Marc", **known)
    return people


@pytest.fixture
def portal(people: People, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Portal:
    monkeypatch.setattr(live, "LIFE", 0)  # seconds: a stream ends at once
    return Portal(create_app(settings), settings)


@pytest.mark.parametrize("line", NAMING)
async def test_the_other_home_sees_the_child_alone(line: str, portal: Portal, people: People) -> None:
    status, text, _ = await ask(await portal.client(people.petit.username), line, people)
    assert status in DRAWN if line in BY_CHILD else status == 404, status
    assert people.durand.first_name not in text and people.durand.email not in text


@pytest.mark.parametrize("line", NAMING)
async def test_the_other_parent_sees_what_is_the_households(
    line: str, portal: Portal, people: People
) -> None:
    status, _, _ = await ask(await portal.client("marc"), line, people)
    assert status == 404 if line in PERSONAL | NOTHING_YET else status in DRAWN, status


def test_no_exception_outlives_its_route() -> None:
    assert sorted((BY_CHILD | PERSONAL | NOTHING_YET) - set(NAMING)) == []
