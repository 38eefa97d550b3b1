"""The page of a family: what it owes, who it is, what happened."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.quotient import Quotient
from tests.engines import ON_SQLITE
from tests.portal import Client, Portal
from tests.web.checkout import parent, words

OpenPortal = Callable[..., Awaitable[Portal]]
one_engine = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    town = await portal("demo", now="2025-09-22T10:00:00")
    sophie = await parent(town, "sophie.moreau")
    await sophie.tick("Emma", "Accueil du matin", "2025-10-06")
    await sophie.click()
    return town


@pytest.fixture
async def moreau(town: Portal) -> str:
    return f"/mairie/familles/{(await Family.get(number='VF-1002')).id}"


@pytest.fixture
async def desk(town: Portal) -> Client:
    return await town.client("gestion")


@ON_SQLITE
async def test_the_summary_says_what_is_owed_and_what_comes(desk: Client, moreau: str) -> None:
    said = words(await desk.get_page(moreau))
    for one in (
        "Famille Moreau", "Dossier VF-1002", "27,00 €", "18,00 €", "980", "jusqu’au 31/12/2025", "Emma",
        "lundi 6 octobre", "Accueil du matin", "Réservations validées", "Encaisser",
    ):  # fmt: skip
        assert one.lower() in said.lower(), one


async def test_each_tab_says_its_part(desk: Client, moreau: str) -> None:
    guardians = words(await desk.get_page(f"{moreau}/responsables"))
    assert (
        "sophie.moreau" in guardians
        and "06 00 00 10 03" in guardians
        and "Familles de la commune" in guardians
    )
    children = words(await desk.get_page(f"{moreau}/enfants"))
    assert "21/07/2018" in children and "CE1, École élémentaire Jules-Ferry" in children
    assert "1 jour réservé à venir" in children and "Adhésions" in children
    quotients = words(await desk.get_page(f"{moreau}/quotients"))
    assert quotients.index("01/01/2026") < quotients.index("01/09/2025") and "1 120" in quotients.replace(
        "\u2009", " "
    )
    journal = words(await desk.get_page(f"{moreau}/journal"))
    assert "Sophie Moreau" in journal and "Dossier repris du fichier de la commune" in journal
    for tab in ("", "/responsables", "/enfants", "/quotients", "/journal"):
        await desk.get_page(f"/mairie/familles/999999{tab}", status=404)


@one_engine
async def test_a_shared_child_says_its_other_home(desk: Client, town: Portal) -> None:
    leroy = (await Family.get(number="VF-1005")).id
    page = words(await desk.get_page(f"/mairie/familles/{leroy}/enfants"))
    assert "dossier VF-1006, ici les semaines paires" in page


@one_engine
async def test_the_till_sees_only_ways_that_open(town: Portal, moreau: str) -> None:
    page = await (await town.client("regie")).get_page(moreau)
    assert "/mairie/regie?famille=" in page and f"{moreau}/demandes" not in page
    page = await (await town.client("elu")).get_page(moreau)
    assert f"{moreau}/demandes" in page and "/mairie/regie?famille=" not in page


@one_engine
async def test_no_question_for_each_row(
    desk: Client, town: Portal, moreau: str, count_queries: Callable[[], int]
) -> None:
    family = int(moreau.rpartition("/")[2])

    async def asked(tab: str) -> int:
        before = count_queries()
        await desk.get_page(moreau + tab)
        return count_queries() - before

    tabs = ("", "/enfants", "/quotients", "/journal")
    few = [await asked(tab) for tab in tabs]
    for n in range(20):
        await Quotient.create(family_id=family, value=n, start=date(2020, 1, 1 + n), end=date(2020, 1, 1 + n))
    sophie = await parent(town, "sophie.moreau")
    await sophie.tick("Hugo", "Accueil du matin", "2025-10-06", "2025-10-07", "2025-10-09", "2025-10-10")
    await sophie.click()
    assert await Enrolment.filter(family_id=family).count() > 5
    assert [await asked(tab) for tab in tabs] == few
    assert max(few) <= 40
