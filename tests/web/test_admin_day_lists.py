"""« Listes du jour »: how many children come, and their names class by class for whoever may read them."""

from collections.abc import Callable
from datetime import date

import pytest

from models.activities.catalogue import current_catalogue
from models.bookings.day import class_counts, day_list
from models.checkout.absences import parse, tell
from models.clock import now
from models.commune.school import School
from models.families.child import Child, Home, Schooling
from models.families.file.health import set_health
from models.rules.families.health import Health
from models.work.audit_log import Event
from tests.engines import ON_SQLITE
from tests.portal import Client, Portal
from tests.web.checkout import hear_the_bank, parent, words
from web.components.admin.day_lists import day_lists

MEAL = "Repas de midi"
NOW = "2025-09-22T10:00:00"
DAY = "2025-10-07"
PAGE = f"/mairie/listes?jour={DAY}"
CLASSES = f"/mairie/listes/classes?jour={DAY}"


@pytest.fixture
async def town(portal, monkeypatch: pytest.MonkeyPatch) -> Portal:
    """Two children of two classes eat on that Tuesday, one of them is ill."""
    town: Portal = await portal("demo", now=NOW)
    hear_the_bank(town, monkeypatch)
    for username, child in (("camille.durand", "Lina"), ("sophie.moreau", "Hugo")):
        claire = await parent(town, username)
        await claire.tick(child, MEAL, DAY)
        await claire.pay()
    return town


async def told_ill(town: Portal, username: str) -> None:
    someone = await parent(town, username)
    page = await someone.browser.get_page(f"/absences/nouvelle?debut={DAY}")
    [value] = [part.split('"')[0] for part in page.split('name="jour" value="')[1:] if DAY in part[:60]]
    await tell(await current_catalogue(), someone.family, [parse(value)], "sick", now(), value)


async def slot_of(browser: Client) -> str:
    """Of the meal: what its pill leads to."""
    page = await browser.get_page(CLASSES)
    return page.split(f"{MEAL} <b")[0].rpartition("creneau=")[2].split('"')[0]


@ON_SQLITE
async def test_the_kitchen_counts_who_comes(town: Portal) -> None:
    kitchen = await town.client("cantine")
    page = await kitchen.get_page(PAGE)
    text = words(page)
    assert "Mardi 7 octobre 2025" in text and "2 attendus" in text
    assert "Les parents peuvent encore la changer jusqu’au" in text
    assert "Lina" not in page and "Hugo" not in page and "/mairie/listes/classes" not in page
    await kitchen.get_page(CLASSES, status=403)


@ON_SQLITE
async def test_a_told_absence_leaves_the_number_and_stays_on_the_list(
    town: Portal, at: Callable[[str], object]
) -> None:
    at("2025-10-07T08:30")  # too late to cancel
    await told_ill(town, "camille.durand")
    leader = await town.client("animateur")
    text = words(await leader.get_page(PAGE))
    assert "1 attendu" in text and "Liste arrêtée le" in text and "Seules des absences" in text
    text = words(await leader.get_page(f"{CLASSES}&creneau={await slot_of(leader)}"))
    assert "absence signalée" in text and "Durand Lina" in text and "Moreau Hugo" in text


@ON_SQLITE
async def test_a_file_has_every_name_of_the_slot(town: Portal) -> None:
    leader = await town.client("animateur")
    answer = await leader.get(f"{CLASSES}&creneau={await slot_of(leader)}&export=csv")
    head, *lines = answer.content.decode("utf-8-sig").split("\r\n")[:-1]
    assert head.startswith("Jour;Activité;Créneau;École;Classe;Groupe;Nom;Prénom")
    assert sorted(line.split(";")[7] for line in lines) == ["Hugo", "Lina"]
    assert all(line.startswith("07/10/2025;") for line in lines)


@ON_SQLITE
async def test_classes_come_in_the_order_of_the_school(town: Portal) -> None:
    """A CP comes before a CE1, whatever the alphabet says."""
    for username, child in (("sophie.moreau", "Emma"), ("linh.nguyen", "Mai")):
        someone = await parent(town, username)
        await someone.tick(child, MEAL, DAY)
        await someone.pay()
    classes = day_list.classes(await day_list.of(date.fromisoformat(DAY)))
    assert [one.level for one in classes] == ["CP", "CE1", "CE2", "CM2"]
    assert [one.expected for one in classes] == [1, 1, 1, 1]


async def test_a_city_reads_totals_first_and_the_names_of_one_school(
    town: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two schools; what the page counts is as long as the list of each, and the file holds them all."""
    someone = await parent(town, "sophie.moreau")
    await someone.tick("Emma", MEAL, DAY)
    await someone.pay()
    [lina, emma] = [(await Child.get(first_name=name)).id for name in ("Lina", "Emma")]
    elsewhere = await School.exclude(schoolings__child_id=lina).order_by("id").first()
    assert elsewhere
    await Schooling.filter(child_id=emma).update(school_id=elsewhere.id)
    day = date.fromisoformat(DAY)
    everybody = await day_list.of(day)
    for slot, schools in (await class_counts.of(day)).items():
        told = [
            (one.school, one.level, one.expected, one.absent) for school in schools for one in school.classes
        ]
        named = day_list.classes([child for child in everybody if child.slot == slot])
        assert told == [(one.school, one.level, one.expected, one.absent) for one in named]
        for school in schools:
            only = await day_list.of(day, slot=slot, school=school.id)
            assert len(only) == sum(one.booked for one in school.classes)
    leader = await town.client("animateur")
    place = f"{CLASSES}&creneau={await slot_of(leader)}"
    assert 'aria-label="École"' not in await leader.get_page(place)  # a page holds a village
    monkeypatch.setattr(day_lists, "MANY", 1)
    text = words(await leader.get_page(f"{place}&ecole={elsewhere.id}"))
    assert "Moreau Emma" in text and "Durand Lina" not in text and f"{elsewhere.name} 1" in text
    for odd in ("0", "x"):
        assert words(await leader.get_page(f"{place}&ecole={odd}")).count("à cocher") < 3
    file = (await leader.get(f"{place}&ecole={elsewhere.id}&export=csv")).content.decode("utf-8-sig")
    assert len(file.split("\r\n")) == 1 + 3 + 1


@ON_SQLITE
async def test_the_next_open_day_is_shown_and_an_odd_one_is_not(
    town: Portal, at: Callable[[str], object]
) -> None:
    at("2025-10-05T10:00")  # a Sunday
    mairie = await town.client("mairie")
    assert "Lundi 6 octobre 2025" in words(await mairie.get_page("/mairie/listes"))
    for odd in ("", "demain", "0001-01-01", "9999-12-31"):
        for page in ("/mairie/listes", "/mairie/listes/classes"):
            await mairie.get_page(f"{page}?jour={odd}")
    assert "Rien n’ouvre ce jour." in words(await mairie.get_page("/mairie/listes?jour=2025-10-05"))


@ON_SQLITE
async def test_no_query_grows_with_the_children(town: Portal, count_queries: Callable[[], int]) -> None:
    mairie, asked = await town.client("mairie"), []
    for day in (DAY, "2025-10-09"):  # two children, none
        before = count_queries()
        await mairie.get_page(f"/mairie/listes?jour={day}")
        asked.append(count_queries() - before)
    assert asked[0] == asked[1]


@ON_SQLITE
async def test_who_cooks_reads_diets_and_allergens_and_nobody_else(town: Portal) -> None:
    lina, hugo = await Child.get(first_name="Lina"), await Child.get(first_name="Hugo")
    for child, health in ((lina, Health("sans porc", ("lait",))), (hugo, Health(allergens=("lait", "œufs")))):
        home = await Home.filter(child_id=child.id).order_by("id").first()
        assert home and await set_health(child.id, home.family_id, health, 0, "member:1", now())
    await told_ill(town, "sophie.moreau")
    for who, seen in (("cantine", True), ("animateur", True), ("gestion", True), ("elu", False)):
        text = words(await (await town.client(who)).get_page(PAGE))
        assert ("sans porc 1" in text) is seen and ("Lait : Lina D. (CE2)." in text) is seen, who
        assert "Hugo M." not in text and "Œufs" not in text, who  # is ill, and does not come
    read = await Event.filter(action="health.read", object=f"day:{DAY}").order_by("id")
    assert len({row.actor for row in read}) == len(read) == 3
    await town.verify()
