"""« Fusionner »: the other file is found, both are seen side by side, a word closes one of them."""

from collections.abc import Awaitable, Callable

import pytest

from models.families.family import Family
from models.families.guardian import Guardian
from tests.portal import Portal

OpenPortal = Callable[..., Awaitable[Portal]]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
WORD = {"mot": "fusionner"}


async def test_two_files_become_one_after_a_look_at_both(portal: OpenPortal) -> None:
    town = await portal("demo", now="2025-11-03T10:00")
    julie, thomas = [await Family.get(number=number) for number in ("VF-1005", "VF-1006")]
    page = f"/mairie/familles/{julie.id}/fusion"
    compare = f"/mairie/familles/{julie.id}/fusion/{thomas.id}"
    mairie = await town.client("gestion")
    assert page in await mairie.get_page(f"/mairie/familles/{julie.id}")
    assert compare in await mairie.get_page(page), "the same child is at home there"
    assert compare in await mairie.get_page(f"{page}?recherche=thomas")
    shown = await mairie.get_page(compare)
    assert "a ses deux foyers réunis" in shown and "Thomas Leroy</span> passe au dossier VF-1005" in shown
    assert (await mairie.post_form(compare, {"mot": "oui"})).status_code == 422
    assert (await mairie.post_form(compare, WORD)).headers[
        "location"
    ] == f"/mairie/familles/{julie.id}?fait=fusion"
    assert (await mairie.post_form(compare, WORD)).status_code == 303, "sent twice"
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
    compare = f"/mairie/familles/{moreau.id}/fusion/{durand.id}"
    mairie = await town.client("gestion")
    shown = await mairie.get_page(compare)
    assert (
        "Deux accès au portail pour Camille Durand" in shown and "/mairie/comptes?recherche=VF-1001" in shown
    )
    assert 'name="mot"' not in shown
    assert (await mairie.post_form(compare, WORD)).status_code == 409
    assert await Guardian.filter(family_id=durand.id).count() == 2
