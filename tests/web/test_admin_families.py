"""« Familles »: the list and what finds a family in it."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from models.access.member import Member
from models.families.child import Child, Home
from models.families.family import Family
from models.families.guardian import Guardian
from models.families.quotient import Quotient
from tests.portal import Client, Portal
from tests.web.checkout import words

OpenPortal = Callable[..., Awaitable[Portal]]
PLACE = "/mairie/familles"
one_engine = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now="2025-09-22T10:00:00")


@pytest.fixture
async def desk(town: Portal) -> Client:
    return await town.client("gestion")


async def dossiers(browser: Client, **asked: Any) -> list[str]:
    """The numbers that the list shows, as its file says them."""
    file = await browser.get(PLACE, params={"export": "csv", **asked})
    return [line.split(";")[0] for line in file.content.decode("utf-8-sig").splitlines()[1:]]


async def test_a_family_is_found_by_whatever_it_says(desk: Client) -> None:
    for said in (
        "moréau", "MOREAU sophie", "emma", "Emma Moreau", "vf-1002", "sophie@moreau.example", "06 00 00 10 03",
        "0600001003", "+33 6 00.00.10.03", "00 10 03",
    ):  # fmt: skip
        assert await dossiers(desk, recherche=said) == ["VF-1002"], said
    assert await dossiers(desk, recherche="zoe") == ["VF-1005", "VF-1006"], "both homes of a child"
    assert await dossiers(desk, recherche="personne") == [] and await dossiers(desk, recherche="100%") == []
    assert "Rien ne correspond." in words(await desk.get_page(f"{PLACE}?recherche=personne"))


async def test_the_filters_tell_who_owes_and_what_is_missing(desk: Client) -> None:
    assert len(await dossiers(desk)) == 8
    assert await dossiers(desk, etat="a-payer") == ["VF-1002", "VF-1004"]
    assert await dossiers(desk, etat="avoir") == []
    assert await dossiers(desk, etat="a-activer") == ["VF-1007"]
    assert await dossiers(desk, etat="sans-quotient") == ["VF-1008", "VF-1004", "VF-1003"]
    page = await desk.get_page(f"{PLACE}?recherche=moreau")
    assert "Sophie Moreau" in page and "45,00" in page and "980" in page and "Hugo, Emma, Jules" in page


@one_engine
async def test_schools_and_orders(desk: Client) -> None:
    from models.commune.school import School

    lilas = (await School.get(code="lilas")).id
    assert await dossiers(desk, ecole=lilas) == ["VF-1007", "VF-1001", "VF-1002"]
    assert (await dossiers(desk, tri="dossier"))[0] == "VF-1001"
    assert (await dossiers(desk, tri="-dossier"))[0] == "VF-1008"


@one_engine
async def test_the_list_is_read_by_the_till_and_a_reader_too(town: Portal) -> None:
    for who in ("regie", "elu"):
        assert "Sophie Moreau" in await (await town.client(who)).get_page(PLACE)
    await (await town.client("cantine")).get_page(PLACE, status=403)


@one_engine
async def test_the_palette_finds_a_family(desk: Client) -> None:
    family = await Family.get(number="VF-1002")
    page = await desk.get_page("/mairie/recherche?recherche=lina")
    assert "Camille Durand" in page and "dossier VF-1001, Lina, Noé" in words(page)
    assert f'href="{PLACE}/{family.id}"' in await desk.get_page("/mairie/recherche?recherche=06000010 03")


async def many(number: int) -> None:
    families = [Family(number=f"X-{n}") for n in range(number)]
    await Family.bulk_create(families)
    for family in await Family.filter(number__startswith="X-"):
        await Guardian.create(
            family_id=family.id,
            first_name="A",
            last_name="B",
            email=f"{family.id}@x.example",
            username=f"u{family.id}",
        )
        child = await Child.create(first_name="C", last_name="B", born=date(2018, 1, 1))
        await Home.create(child_id=child.id, family_id=family.id)
        await Quotient.create(family_id=family.id, value=500, start=date(2025, 9, 1))


@one_engine
async def test_two_hundred_families_ask_no_more_than_five(
    town: Portal, desk: Client, count_queries: Callable[[], int]
) -> None:
    await desk.get_page(PLACE)
    before = count_queries()
    await desk.get_page(PLACE)
    few = count_queries() - before
    await many(200)
    await Member.all().count()
    before = count_queries()
    page = await desk.get_page(PLACE)
    assert count_queries() - before == few <= 21
    assert "1 à 50 sur 208 lignes" in words(page) and len(await dossiers(desk)) == 208
