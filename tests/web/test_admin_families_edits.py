"""What a manager changes on a family's page: errors at their field, before and after in the journal."""

from collections.abc import Awaitable, Callable

import pytest

from models.activities.activity import Activity
from models.commune.school import School
from models.families.child import Child, Schooling
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.guardian import Guardian
from models.families.quotient import Quotient
from tests.portal import Client, Portal, hidden
from tests.web.checkout import hear_the_bank, parent, words

OpenPortal = Callable[..., Awaitable[Portal]]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
PARENT = {
    "r_prenom": "Sophie",
    "r_nom": "Moreau",
    "r_courriel": "sophie@moreau.example",
    "r_telephone": "0611111111",
}


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now="2025-09-22T10:00:00")


@pytest.fixture
async def desk(town: Portal) -> Client:
    return await town.client("gestion")


@pytest.fixture
async def family(town: Portal) -> Family:
    return await Family.get(number="VF-1002")


async def test_a_guardian_is_changed_and_another_added(desk: Client, family: Family) -> None:
    place = f"/mairie/familles/{family.id}/responsables"
    sophie = await Guardian.get(username="sophie.moreau")
    page = await desk.get_page(f"{place}?modifier={sophie.id}")
    form = PARENT | {"lu": hidden(page, "lu")}
    answer = await desk.post_form(
        f"/mairie/familles/{family.id}/responsables/{sophie.id}", form | {"r_nom": ""}
    )
    assert (
        answer.status_code == 422
        and "Saisissez le nom." in words(answer.text)
        and 'value="Sophie"' in answer.text
    )
    answer = await desk.post_form(f"/mairie/familles/{family.id}/responsables/{sophie.id}", form)
    assert answer.status_code == 303
    again = await desk.post_form(
        f"/mairie/familles/{family.id}/responsables/{sophie.id}", form | {"r_nom": "Autre"}
    )
    assert again.status_code == 409 and "a été modifiée entre-temps" in words(again.text)
    assert (await Guardian.get(id=sophie.id)).phone == "06 11 11 11 11"
    stranger = await Guardian.get(username="camille.durand")
    answer = await desk.post_form(f"/mairie/familles/{family.id}/responsables/{stranger.id}", form)
    assert answer.status_code == 404
    assert "Ajouter" in await desk.get_page(f"{place}?modifier=nouveau")
    second = PARENT | {"r_prenom": "Marc", "r_courriel": "marc@moreau.example"}
    for status, sent in ((422, {}), (303, second), (303, second)):
        assert (
            await desk.post_form(f"/mairie/familles/{family.id}/responsables", sent)
        ).status_code == status
    assert await Guardian.filter(family_id=family.id).count() == 2
    journal = words(await desk.get_page(f"/mairie/familles/{family.id}/journal"))
    assert "Téléphone : 06 00 00 10 03" in journal and "06 11 11 11 11" in journal
    assert "Responsable ajouté : Marc Moreau" in journal


async def test_the_household_is_changed(desk: Client, family: Family) -> None:
    page = await desk.get_page(f"/mairie/familles/{family.id}/responsables?modifier=foyer")
    assert "Adresse" in page
    form = {"adresse": "1 rue Neuve\n38000 Val-Fleuri", "categorie": "outside", "envoi": "post"}
    assert (
        await desk.post_form(f"/mairie/familles/{family.id}/foyer", form | {"categorie": "x"})
    ).status_code == 422
    assert (await desk.post_form(f"/mairie/familles/{family.id}/foyer", form)).status_code == 303
    row = await Family.get(id=family.id)
    assert (row.address, row.category, row.invoice_delivery) == (form["adresse"], "outside", "post")
    journal = words(await desk.get_page(f"/mairie/familles/{family.id}/journal"))
    assert "Catégorie : Familles de la commune" in journal and "Familles hors commune" in journal


async def test_a_quotient_is_set_from_a_day(desk: Client, family: Family) -> None:
    form = {"quotient": "700", "debut": "2025-11-01", "fin": "2025-10-01"}
    answer = await desk.post_form(f"/mairie/familles/{family.id}/quotients", form)
    assert answer.status_code == 422 and "avant le premier" in answer.text and 'value="700"' in answer.text
    answer = await desk.post_form(f"/mairie/familles/{family.id}/quotients", form | {"fin": ""})
    assert answer.status_code == 303 and await Quotient.filter(family_id=family.id, value=700).exists()
    page = words(await desk.get_page(f"/mairie/familles/{family.id}/quotients"))
    assert "01/11/2025" in page and "31/12/2025" in page and "31/10/2025" in page


async def test_a_child_is_changed_added_and_enrolled(desk: Client, family: Family) -> None:
    place = f"/mairie/familles/{family.id}/enfants"
    emma, ferry = await Child.get(first_name="Emma"), await School.get(code="ferry")
    page = await desk.get_page(f"{place}?modifier={emma.id}")
    form = {
        "lu": hidden(page, "lu"), "e_prenom": "Emma", "e_nom": "Moreau", "e_naissance": "2018-07-20",
        "e_classe": f"{ferry.id}-CE2", "e_sexe": "",
    }  # fmt: skip
    for change, status in (({"e_naissance": "2031-01-01"}, 422), ({"lu": "x"}, 409), ({}, 303)):
        answer = await desk.post_form(f"/mairie/familles/{family.id}/enfants/{emma.id}", form | change)
        assert answer.status_code == status, change
    assert (await Schooling.get(child_id=emma.id)).level == "CE2"
    assert (await Child.get(id=emma.id)).sex == ""
    lina = await Child.get(first_name="Lina")
    assert (await desk.post_form(f"/mairie/familles/{family.id}/enfants/{lina.id}", form)).status_code == 404
    assert "Nouvel enfant" in await desk.get_page(f"{place}?modifier=nouveau")
    new = {
        "e_prenom": "Ines",
        "e_nom": "Moreau",
        "e_naissance": "2019-02-02",
        "e_classe": f"{ferry.id}-CP",
        "e_sexe": "F",
    }
    for sent, status in ((new | {"e_nom": ""}, 422), (new, 303), (new, 303)):
        assert (await desk.post_form(f"/mairie/familles/{family.id}/enfants", sent)).status_code == status
    ines = await Child.get(first_name="Ines")
    assert ines.sex == "F" and "Fille, 02/02/2019" in words(await desk.get_page(place))
    assert 'aria-label="Inscrire Ines"' in await desk.get_page(f"{place}?inscrire={ines.id}")
    meal = await Activity.get(code="cantine")
    sent = {"activite": str(meal.id), "debut": "2025-09-29", "categorie": "pai"}
    for change, status in (({"activite": ""}, 422), ({}, 303)):
        answer = await desk.post_form(
            f"/mairie/familles/{family.id}/enfants/{ines.id}/inscriptions", sent | change
        )
        assert answer.status_code == status
    assert (await Enrolment.get(child_id=ines.id)).category == "pai"


async def test_an_enrolment_ends_and_names_what_is_booked(
    town: Portal, desk: Client, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear_the_bank(town, monkeypatch)
    sophie = await parent(town, "sophie.moreau")
    await sophie.tick("Hugo", "Repas de midi", "2025-10-06")
    await sophie.pay()
    await sophie.tick("Hugo", "Repas de midi", "2025-10-09")  # a wish that is not validated
    mine = await Enrolment.get(child__first_name="Hugo", activity__code="cantine")
    page = await desk.get_page(f"/mairie/familles/{family.id}/enfants?fin={mine.id}")
    assert "Terminer l’inscription" in page
    action = f"/mairie/familles/{family.id}/inscriptions/{mine.id}/fin"
    early = await desk.post_form(
        f"/mairie/familles/{family.id}/inscriptions/{mine.id}/fin", {"dernier": "2025-09-01"}
    )
    assert early.status_code == 422 and "hier au plus tôt" in early.text
    answer = await desk.post_form(action, {"dernier": "2025-09-30"})
    assert answer.status_code == 409 and "lundi 6 octobre 2025" in words(answer.text)
    assert "ce qui est payé devient un avoir" in words(answer.text)
    assert (await Enrolment.get(id=mine.id)).end == mine.end
    answer = await desk.post_form(action, {"dernier": "2025-09-30", "annuler": "2025-09-30"})
    assert answer.status_code == 303 and (await Enrolment.get(id=mine.id)).end.isoformat() == "2025-09-30"
    assert (await desk.post_form(f"/mairie/familles/1/inscriptions/{mine.id}/fin", {})).status_code == 404
    assert "avoir" in words(await desk.get_page(f"/mairie/familles/{family.id}"))
    await sophie.browser.get_page("/planning")
    assert "Payer" not in words((await sophie.recap()).partition("<main")[2]), "an ended activity is not paid"
    await town.verify()


async def test_who_reads_sees_no_form(town: Portal, family: Family) -> None:
    for who in ("elu", "regie"):
        browser = await town.client(who)
        for tab in ("responsables?modifier=foyer", "enfants?modifier=nouveau", "quotients"):
            page = await browser.get_page(f"/mairie/familles/{family.id}/{tab}")
            assert page.count('method="post"') == 1, "signing out alone"
        assert (await browser.post_form(f"/mairie/familles/{family.id}/quotients", {})).status_code == 403
