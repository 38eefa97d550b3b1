"""« Nouvelle famille »: one page; nothing typed is lost, and whoever may be there already is asked about."""

from collections.abc import Awaitable, Callable

import pytest
from httpx import Response

from models.activities.activity import Activity
from models.commune.school import School
from models.families.child import Child
from models.families.family import Family
from models.families.guardian import Guardian
from models.families.quotient import Quotient
from tests.portal import Client, Portal, hidden
from tests.web.checkout import words

OpenPortal = Callable[..., Awaitable[Portal]]
NEW = "/mairie/familles/nouvelle"
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now="2025-09-22T10:00:00")


@pytest.fixture
async def desk(town: Portal) -> Client:
    return await town.client("gestion")


async def typed(desk: Client, **more: object) -> dict[str, object]:
    ferry, meal = await School.get(code="ferry"), await Activity.get(code="cantine")
    return {
        "click": hidden(await desk.get_page(NEW), "click"), "enfants": 2,
        "r1_prenom": "Nadia", "r1_nom": "Roux", "r1_courriel": "nadia@roux.example",
        "r1_telephone": "+33 6 00 00 20 01",
        "adresse": "3 rue des Lilas\n38000 Val-Fleuri", "categorie": "resident", "quotient": "640",
        "e1_prenom": "Tom", "e1_nom": "Roux", "e1_naissance": "04/03/2018", "e1_classe": f"{ferry.id}-CE1",
        "e1_activites": [meal.id],
    } | more  # fmt: skip


async def test_a_family_is_made_on_one_page(desk: Client) -> None:
    form = await typed(desk)
    answer = await desk.post_form(NEW, form)
    again = await desk.post_form(NEW, form)
    family = await Family.get(number="VF-1009")
    assert (
        answer.status_code == 303 and answer.headers["location"] == f"/mairie/familles/{family.id}?fait=cree"
    )
    assert again.headers["location"] == f"/mairie/familles/{family.id}", (
        "sent twice, it is no namesake of itself"
    )
    assert not await Family.exists(number="VF-1010")
    assert (family.address, family.category) == ("3 rue des Lilas\n38000 Val-Fleuri", "resident")
    assert (await Guardian.get(family_id=family.id)).phone == "06 00 00 20 01"
    assert (await Quotient.get(family_id=family.id)).value == 640
    page = words(await desk.get_page(answer.headers["location"]))
    assert "Le dossier est créé." in page and "Dossier créé" in page and "Famille Roux" in page


async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(desk: Client) -> None:
    workshop, baby = await Activity.get(code="ateliers"), (await School.get(code="lilas")).id
    form = await typed(desk)
    for change, field, said in (
        ({"r1_nom": ""}, "r1_nom", "Saisissez le nom."),
        ({"r1_courriel": "nadia"}, "r1_courriel", "Saisissez une adresse e-mail"),
        ({"r1_telephone": "12"}, "r1_telephone", "Saisissez un numéro de téléphone"),
        ({"r2_prenom": "Ali"}, "r2_nom", "Saisissez le nom."),
        ({"e2_prenom": "Ana"}, "e2_naissance", "Saisissez la date de naissance."),
        ({"e1_naissance": "12/12/1812"}, "e1_naissance", "Vérifiez l’année de naissance."),
        ({"e1_naissance": "12/12/2030"}, "e1_naissance", "Cette date est à venir."),
        ({"quotient": "", "quotient_du": "2025-09-01"}, "quotient", "Saisissez le quotient"),
        ({"e1_classe": f"{baby}-PS", "e1_activites": [workshop.id]}, "e1_activites", "aucun groupe"),
    ):
        answer = await desk.post_form(NEW, form | change)
        page = answer.text
        assert answer.status_code == 422 and said in words(page), field
        assert f'href="#{field}"' in page and f'id="{field}-erreur"' in page, field
        assert "3 rue des Lilas" in page and 'value="Tom"' in page
    assert not await Family.exists(number="VF-1009")


async def test_a_child_more_keeps_what_is_typed(desk: Client) -> None:
    answer = await desk.post_form(NEW, await typed(desk, encore="1", r1_courriel="pas encore"))
    assert (
        answer.status_code == 200
        and 'name="e3_prenom"' in answer.text
        and 'value="pas encore"' in answer.text
    )
    assert "Il y a un problème" not in answer.text


async def test_a_family_that_may_be_there_is_asked_about_first(desk: Client) -> None:
    form = await typed(desk, e1_prenom="lina", e1_nom="DURAND", e1_naissance="2017-05-12")
    durand = await Family.get(number="VF-1001")
    answer = await desk.post_form(NEW, form)
    assert answer.status_code == 409 and "Dossier VF-1001" in words(answer.text)
    assert (await desk.post_form(NEW, form | {"malgre": "999"})).status_code == 409
    assert (await desk.post_form(NEW, form | {"malgre": str(durand.id)})).status_code == 303
    assert await Family.exists(number="VF-1009")


async def typing(desk: Client, sent: dict[str, str]) -> Response:
    return await desk.get(f"{NEW}/connus", params=sent, headers={"HX-Request": "true"})


async def test_it_is_said_while_it_is_typed(desk: Client, count_queries: Callable[[], int]) -> None:
    """By the verb that « Créer » asks; once; nothing of what is half typed."""
    await Child.filter(first_name="Lina", last_name="Durand").update(sex="F")
    sent = {"enfants": "2", "e2_prenom": "lina", "e2_nom": "DURAND", "e2_naissance": "2017-05-12"}
    answer = await typing(desk, sent)
    assert "Ce dossier existe peut-être : Lina Durand, née le 12/05/2017, dossier VF-1001" in words(
        answer.text
    ).replace("\u00a0", " ")
    durand = await Family.get(number="VF-1001")
    assert f'href="/mairie/familles/{durand.id}"' in answer.text
    before = count_queries()
    half = await typing(desk, sent | {"e2_naissance": "12/05/"})
    idle = count_queries() - before
    assert half.status_code == 204 and not half.content
    again = await typing(desk, sent | {"dits": hidden(answer.text, "dits")})
    assert again.status_code == 204
    gone = await typing(desk, {"dits": hidden(answer.text, "dits")})
    assert gone.status_code == 200 and not gone.text.strip()
    before = count_queries()
    by_mail = await typing(
        desk, sent | {"r1_courriel": "Sophie@Moreau.example", "r2_courriel": "a@b.example"}
    )
    assert count_queries() - before <= idle + 3
    assert "Ces dossiers existent peut-être" in words(by_mail.text).replace("\u00a0", " ")


async def test_who_reads_makes_nothing(town: Portal) -> None:
    reader = await town.client("elu")
    assert "seul un gestionnaire" in await reader.get_page(NEW)
    assert (await reader.post_form(NEW, {})).status_code == 403
    assert (await (await town.client("regie")).get(f"{NEW}/connus")).status_code == 403
    assert (await (await town.client("regie")).get(NEW)).status_code == 403
