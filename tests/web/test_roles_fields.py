"""Which facts of a family each of the six roles is shown: every page of the mairie that speaks of families is drawn."""

import html
import re
from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from models import clock
from models.activities.opening import Opening
from models.commune_file.loading import DEMO_STAFF
from models.families.child import Child
from models.families.family import Family
from models.families.file.health import set_health
from models.families.guardian import Guardian
from models.families.quotient import Quotient
from models.family_file import overview
from models.french.dates import day_numeric
from models.rules.families.health import Health
from models.rules.money import euros
from tests.models.debits import IBAN, signed
from tests.models.roll import EVENING, NOW
from tests.portal import Portal
from tests.web.checkout import hear_the_bank, parent

DAY = date(2025, 10, 6)
EVERYBODY = {"administrator", "manager", "cashier", "kitchen", "leader", "reader"}
FILE = {"administrator", "manager", "cashier", "reader"}  # who opens a family's file
SERVES = {"administrator", "manager", "kitchen", "leader"}  # who feeds a child

# What is known of a family, and whom it is shown to, on whatever page.
SEEN_BY: dict[str, set[str]] = {
    "child": EVERYBODY,
    "address": FILE,
    "phone": FILE,
    "e-mail": FILE,
    "born": FILE,
    "quotient": FILE,
    "owed": FILE,
    "account": FILE,  # the last four figures
    "iban": set(),
    "diet": SERVES,
    "allergen": SERVES,
    "care plan": {"administrator", "manager"},  # a leader may know of it, and no page of theirs says so
}
# Of the family, of the day, of the requests, of the money.
PAGES = (
    "/mairie/familles/{family}", "/mairie/familles/{family}/responsables", "/mairie/familles/{family}/enfants",
    "/mairie/familles/{family}/pieces", "/mairie/familles/{family}/quotients", "/mairie/familles/{family}/sante",
    "/mairie/familles/{family}/journal", "/mairie/familles/{family}/reservation", "/mairie/familles",
    "/mairie/recherche?recherche=moreau", "/mairie/comptes", "/mairie/listes?jour={day}",
    "/mairie/listes/classes?jour={day}", "/mairie/listes/navettes?jour={day}",
    "/mairie/pointage?jour={day}&service={service}",
    "/mairie/absences", "/mairie/inscriptions", "/mairie/liste-attente", "/mairie/demandes", "/mairie/messages",
    "/mairie/regie?famille={family}", "/mairie/regie/familles/{family}", "/mairie/regie/impayes", "/mairie/factures",
    "/mairie/prelevements", "/mairie/prelevements/mandats", "/mairie/journal",
)  # fmt: skip


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_each_role_is_shown_what_it_needs(
    portal: Callable[..., Awaitable[Portal]], at: Callable[[str], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    town = await portal("demo", now=NOW)
    hear_the_bank(town, monkeypatch)
    found: dict[str, dict[str, list[str]]] = {}
    known, needles = await the_moreaus(town)
    at(f"{DAY}T16:40:20")
    for username, _, role in DEMO_STAFF:
        browser = await town.client(username)
        for path in PAGES:
            answer = await browser.get(path.format(**known))
            assert answer.status_code in (200, 403), (role, path)
            text = spaced(html.unescape(answer.text))
            for name, needle in needles.items():
                if answer.status_code == 200 and re.search(needle, text):
                    found.setdefault(name, {}).setdefault(role, []).append(path)
    for name, wanted in SEEN_BY.items():
        shown = found.get(name, {})
        assert set(shown) == wanted, (name, shown)


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


async def the_moreaus(town: Portal) -> tuple[dict[str, object], dict[str, str]]:
    """What the addresses name, and how each fact is found in a page."""
    sophie = await parent(town, "sophie.moreau")
    family = sophie.family
    await sophie.tick("Hugo", EVENING, str(DAY))
    await sophie.tick("Hugo", "Repas de midi", str(DAY))
    await sophie.pay()
    hugo = await Child.get(first_name="Hugo", homes__family_id=family)
    await Family.filter(id=family).update(address="3 rue de la Mémoire")
    await Guardian.filter(username="sophie.moreau").update(phone="06 12 34 77 77")
    await Quotient.filter(family_id=family).update(value=877)
    plan = Health("sans porc", ("arachide",), True, date(2026, 7, 3))
    await set_health(hugo.id, family, plan, 0, "member:1", clock.now())
    await signed(family)
    tills = await overview.tills(family, DAY)
    assert any(till.owed for till in tills)
    owed = euros(max(till.owed for till in tills))
    service = await Opening.filter(day=DAY, slot__name=EVENING).first()
    known = {"family": family, "day": DAY, "service": service.id if service else 0}
    return known, {
        "child": "Hugo",
        "address": "rue de la Mémoire",
        "phone": r"06 12 34 77 77|tel:0612347777",
        "e-mail": re.escape((await Guardian.get(username="sophie.moreau")).email),
        "born": re.escape(day_numeric(hugo.born)),
        "quotient": r"\b877\b",
        "owed": re.escape(spaced(owed)),
        "account": r"•+ ?0189\b",
        "iban": IBAN,
        "diet": "sans porc",
        "allergen": "[Aa]rachide",
        "care plan": r"\bPAI\b",
    }
