"""A paper without which no day is booked: the family reads it on each page that books, the mairie lets it off."""

from collections.abc import Awaitable, Callable

import pytest

from models.families.child import Child
from models.money.suspension import Exemption
from tests.models.family_file import NOW, emma, sophie
from tests.models.test_papers_that_block import insured
from tests.portal import Portal
from tests.web.checkout import hidden, words

OpenPortal = Callable[..., Awaitable[Portal]]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def test_it_is_said_beforehand_and_the_mairie_may_let_the_family_off(
    portal: OpenPortal, at: Callable[[str], None]
) -> None:
    town = await portal("demo", now=NOW, change=insured)
    child, family = await emma(), (await sophie()).family_id
    client = await town.client("sophie.moreau")
    said = (
        "« Assurance scolaire » manque pour Emma : à partir du 04/11/2025, aucun jour ne pourra être réservé"
    )
    planning = f"/planning?id={child.id}&debut=2025-11-17"
    for page in ("/accueil", planning, "/dossier"):
        shown = await client.get_page(page)
        assert said in words(shown), page
        assert f"?enfant={child.id}" in shown
    jules = await Child.get(first_name="Jules", last_name="Moreau")
    assert "pour Jules" not in words(await client.get_page(planning))
    assert "pour Jules" in words(await client.get_page(f"/planning?id={jules.id}&debut=2025-11-17"))

    at("2025-11-04T08:00")
    shown = await client.get_page(planning)
    assert "aucun jour ne peut être réservé tant que ce document n’est pas envoyé" in words(shown)
    assert "un document est à envoyer d’abord" in words(shown)

    mairie, place = await town.client("gestion"), f"/mairie/familles/{family}/pieces"
    exempt = f"/mairie/familles/{family}/pieces/dispense"
    click = hidden(await mairie.get_page(place), "click")
    form = {"click": click, "dispense_jusqu_au": "2025-11-03", "dispense_motif": "Assureur en retard"}
    assert (await mairie.post_form(f"/mairie/familles/{family}/pieces/dispense", form)).status_code == 422
    form |= {"dispense_jusqu_au": "2025-11-30"}
    for _ in range(2):  # the same form sent twice
        assert (await mairie.post_form(exempt, form)).status_code == 303
    assert (await mairie.post_form(exempt, form | {"click": "other"})).status_code == 409
    assert "Dispensée jusqu’au 30/11/2025" in words(await mairie.get_page(place))
    assert "un document est à envoyer" not in words(await client.get_page(planning))
    assert (await (await town.client("elu")).post_form(exempt, form)).status_code == 403
    row = await Exemption.get()
    end = f"/mairie/familles/{family}/pieces/dispense/{row.id}/fin"
    assert (await mairie.post_form(f"/mairie/familles/1/pieces/dispense/{row.id}/fin", {})).status_code == 404
    assert (await mairie.post_form(end, {})).status_code == 303
    assert "un document est à envoyer" in words(await client.get_page(planning))
    await town.verify()
