"""Every kind of row that the code notes is told in French; what changed is shown, what is about health is not."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.french import journal
from models.french.journal.events import EVENTS, GROUPS
from models.rules.states.debits import MandateState
from models.rules.states.payments import RefundState
from models.rules.states.requests import RequestState
from tests.house.files import ROOT

# What stands for `{…}` in the code.
VARIED = {
    "request.{}": [f"request.{state}" for state in RequestState if state != RequestState.PENDING],
    "refund.card_{}": ["refund.card_given", "refund.card_refused", "refund.card_doubtful"],
    "{}.told": ["news.told"],
    "proof.{}": ["proof.accepted", "proof.refused"],
    "mandate.{}": ["mandate.revoked", "mandate.expired"],
    "refund.{}": [f"refund.{state}" for state in RefundState if state != RefundState.REQUESTED],
    "{}.{}": [
        f"{noun}.{what}" for noun in ("news", "document") for what in ("written", "withdrawn", "restored")
    ],
}
# Where the action is a name, what it may be.
NAMED = {
    "models/invoicing/drafting.py": ["campaign.made", "campaign.renewed", "campaign.discarded"],
    "models/access/calendar_feed.py": ["calendar.opened", "calendar.closed"],
    "models/access/first_connection.py": ["first.refused"],
    "models/access/forgotten.py": ["password.asked", "session.asked"],
    "models/messages/thread.py": ["thread.closed", "thread.reopened"],
    "models/certificates/enrolment.py": ["enrolment.attested"],
    "models/rulebook/version.py": ["rulebook.changed"],
    "models/notifying/push_subscription.py": ["push.subscribed", "push.unsubscribed"],
    "models/notifying/choices.py": ["notifications.chosen", "notifications.unsubscribed"],
    "models/families/file/contact.py": ["contact.added", "contact.removed"],
    "models/families/file/consent.py": ["consent.given", "consent.refused"],
    "models/family_imports/writing.py": ["guardian.added", "child.added", "file.changed", "family.changed"],
    "models/personal_data/anonymising.py": ["family.anonymised", "family.anonymised_again"],
    "models/families/membership.py": ["membership.declined", "membership.reconsidered"],
}


def noted(path: Path) -> Iterator[str]:
    """The actions of a file; what the code leaves open is « {} », and a name is « ? »."""
    for call in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
            continue
        if call.func.attr in ("note", "note_each") and getattr(call.func.value, "id", "") == "Event":
            yield from said(call.args[2])


def said(node: ast.expr) -> list[str]:
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=body, orelse=other):
            return [*said(body), *said(other)]
        case ast.JoinedStr(values=parts):
            return ["".join(one.value if isinstance(one, ast.Constant) else "{}" for one in parts)]  # type: ignore[misc]
    return ["?"]


def test_every_kind_that_the_code_notes_has_its_words() -> None:
    found: set[str] = set()
    for path in sorted((ROOT / "models").rglob("*.py")):
        name, actions = str(path.relative_to(ROOT)), set(noted(path))
        if "?" in actions:
            assert name in NAMED, f"{name}: say in NAMED of {Path(__file__).name} what its action may be"
            source = path.read_text("utf-8")
            assert all(f'"{action}"' in source for action in NAMED[name]), name
            actions |= set(NAMED[name])
        found |= actions - {"?"}
    found = {one for action in found for one in VARIED.get(action, [action])}
    missing = sorted(found - EVENTS.keys())
    assert missing == [], "give each its line in models/french/journal/events.py"
    assert sorted(EVENTS.keys() - found) == [], "nobody notes these"
    assert MandateState.ACTIVE not in ("revoked", "expired")


def test_every_kind_is_in_one_group() -> None:
    nouns = [noun for _, of_group in GROUPS.values() for noun in of_group]
    assert len(nouns) == len(set(nouns))
    assert {action.partition(".")[0] for action in EVENTS} == set(nouns)


@pytest.mark.parametrize(
    ("name", "action", "about", "details", "expected"),
    [
        ("Mme Durand", "request.accepted", "Chloé, Repas de midi, 07/09/2026", {},
         "Mme Durand a accepté une demande (Chloé, Repas de midi, 07/09/2026)"),
        ("Régie", "counter.taken", "", {"cents": 1690}, "Régie a encaissé au guichet (16,90 €)"),
        ("clock", "waiting.served", "", {}, "Le portail a attribué une place de la liste d’attente"),
        ("bank:demo", "bank.anomaly", "", {}, "La banque a signalé une anomalie de paiement"),
        ("Léa", "session.open", "Léa", {}, "Léa s’est connecté"),
        ("command", "commune.load", "2026-2027", {}, "La commande d’administration a chargé le fichier de la commune "
         "(2026-2027)"),
    ],
)  # fmt: skip
def test_a_row_is_a_sentence(
    name: str, action: str, about: str, details: dict[str, Any], expected: str
) -> None:
    assert journal.sentence(name, action, about, details).replace("\u00a0", " ") == expected


def test_before_and_after_are_told_and_health_is_not() -> None:
    before = {"phone": "01", "health": "asthme", "roles": ["kitchen"], "secret": "x", "second_step": False}
    after = {
        "phone": "02",
        "health": "épilepsie",
        "roles": ["manager", "reader"],
        "secret": "y",
        "second_step": True,
    }
    told = journal.rewritten({"before": before, "after": after})
    assert ("téléphone", "01", "02") in told and ("rôles", "Cantine", "Gestionnaire, Lecture") in told
    assert ("double authentification pour tous", "non", "oui") in told
    assert ("santé", "", "modifié") in told and len(told) == 4
    assert not any(word in str(told) for word in ("asthme", "épilepsie", "'x'", "'y'"))
