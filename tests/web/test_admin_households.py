"""« Fusionner »: the other file is found, both are seen side by side, a word closes one of them."""

from collections.abc import Awaitable, Callable

import pytest

from models.bookings.booking import Booking
from models.families.child import Child
from models.families.family import Family
from models.families.guardian import Guardian
from tests.portal import Portal, hidden
from tests.web.checkout import parent

OpenPortal = Callable[..., Awaitable[Portal]]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
WORD = {"mot": "fusionner"}


async def test_two_files_become_one_after_a_look_at_both(portal: OpenPortal) -> None:
    town = await portal("demo", now="2025-11-03T10:00")
    julie, thomas = [await Family.get(number=number) for number in ("VF-1005", "VF-1006")]
    choosing = f"/mairie/familles/{julie.id}/fusion"
    comparing = f"/mairie/familles/{julie.id}/fusion/{thomas.id}"
    mairie = await town.client("gestion")
    assert choosing in await mairie.get_page(f"/mairie/familles/{julie.id}")
    assert comparing in await mairie.get_page(f"/mairie/familles/{julie.id}/fusion"), (
        "the same child is at home there"
    )
    assert comparing in await mairie.get_page(f"{choosing}?recherche=thomas")
    shown = await mairie.get_page(f"/mairie/familles/{julie.id}/fusion/{thomas.id}")
    assert "a ses deux foyers réunis" in shown and "Thomas Leroy</span> passe au dossier VF-1005" in shown
    wrong = await mairie.post_form(f"/mairie/familles/{julie.id}/fusion/{thomas.id}", {"mot": "oui"})
    assert wrong.status_code == 422
    assert (await mairie.post_form(comparing, WORD)).headers[
        "location"
    ] == f"/mairie/familles/{julie.id}?fait=fusion"
    assert (await mairie.post_form(comparing, WORD)).status_code == 303, "sent twice"
    assert {row.family_id for row in await Guardian.filter(last_name="Leroy")} == {julie.id}

    closed = f"/mairie/familles/{thomas.id}"
    assert "fusionné avec" in await mairie.get_page(closed) and "réuni à" in await mairie.get_page(
        f"/mairie/familles/{julie.id}"
    )
    assert "VF-1006" not in await mairie.get_page("/mairie/familles?recherche=leroy")
    assert closed in await mairie.get_page("/mairie/familles?recherche=VF-1006")
    assert (await mairie.get(f"{closed}/fusion")).status_code == 404
    assert (await mairie.post_form(f"{closed}/foyer", {})).status_code == 404, "nobody changes it"
    await town.verify()


async def test_what_stands_in_the_way_is_said_with_where_it_is_put_right(portal: OpenPortal) -> None:
    town = await portal("demo", now="2025-11-03T10:00")
    durand, moreau = [await Family.get(number=number) for number in ("VF-1001", "VF-1002")]
    await Guardian.filter(username="sophie.moreau").update(first_name="Camille", last_name="Durand")
    refused = f"/mairie/familles/{moreau.id}/fusion/{durand.id}"
    mairie = await town.client("gestion")
    shown = await mairie.get_page(refused)
    assert (
        "Deux accès au portail pour Camille Durand" in shown and "/mairie/comptes?recherche=VF-1001" in shown
    )
    assert 'name="mot"' not in shown
    assert (await mairie.post_form(refused, WORD)).status_code == 409
    assert await Guardian.filter(family_id=durand.id).count() == 2


async def test_a_household_parts_after_a_look_at_the_days(portal: OpenPortal) -> None:
    town = await portal("demo", now="2025-11-03T10:00")
    camille = await parent(town, "camille.durand")
    lina, noe = await Child.get(first_name="Lina"), await Child.get(first_name="Noé")
    await camille.tick("Lina", "Accueil du matin", "2025-11-24", "2025-12-01")
    await camille.click()
    olivier = await Guardian.get(username="olivier.durand")
    parting = f"/mairie/familles/{camille.family}/separation"
    mairie = await town.client("gestion")
    assert parting in await mairie.get_page(f"/mairie/familles/{camille.family}")
    assert "Ce qui change" not in await mairie.get_page(f"/mairie/familles/{camille.family}/separation")
    shown = await mairie.get_page(f"{parting}?depart={olivier.id}&enfant-{lina.id}=even")
    assert "1 jour réservé est désormais de l’autre foyer" in shown and "24 novembre" in shown
    sent = {
        "depart": str(olivier.id),
        f"enfant-{lina.id}": "even",
        "jours": "cancel",
        "click": hidden(shown, "click"),
    }
    assert (await mairie.post_form(parting, sent | {"mot": "non"})).status_code == 422
    unnamed = await mairie.post_form(f"/mairie/familles/{camille.family}/separation", WORD)
    assert unnamed.status_code == 422, "nobody is named"
    for _ in range(2):  # sent twice, it is one family
        answer = await mairie.post_form(parting, sent | {"mot": "separer"})
        assert answer.status_code == 303
    made = await Family.filter(guardians__last_name="Durand").exclude(id=camille.family).get()
    assert answer.headers["location"] == f"/mairie/familles/{made.id}?fait=separation"
    assert "courrier de première connexion" in await mairie.get_page(answer.headers["location"])
    assert [row.state for row in await Booking.filter(child_id=lina.id).order_by("day")] == [
        "cancelled",
        "confirmed",
    ]
    stranger = {"depart": "999", f"enfant-{noe.id}": "all", "mot": "separer"}
    assert (await mairie.post_form(parting, stranger)).status_code == 422
    await town.verify()
