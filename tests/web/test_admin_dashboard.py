"""« Tableau de bord »: what waits, for each role, and the day."""

import re
from typing import Any

import pytest

from models.activities.catalogue import current_catalogue
from models.activities.slot import Slot
from models.bookings.family_request import FamilyRequest
from models.checkout.absences import parse, tell
from models.clock import now, shift_to
from tests.engines import ON_SQLITE
from tests.portal import Portal
from tests.web.checkout import hear_the_bank, parent, words
from web.app import menu

HOME = "/mairie/tableau-de-bord"
MEAL = "Rest Sco Pré Paiement 2018-2019"


@ON_SQLITE
async def test_the_counts_are_in_the_menu_and_on_the_tiles(portal) -> None:
    town: Portal = await portal("lezignan", now="2016-09-16T10:00:00")
    gestion = await town.client("gestion")
    assert "Vendredi 16 septembre Rien à traiter" in words(await gestion.get_page(HOME))
    nadia = await parent(town, "nadia.roux")
    await nadia.tick("Tom", "Repas", "2016-10-03", "2016-10-04")
    assert (await nadia.click()).status_code == 303
    page = await gestion.get_page(HOME)
    assert "Une chose vous attend" in words(page)
    assert "Demandes 2 la plus ancienne : vendredi 16 sept. à 10:00" in words(page)
    for path in (HOME, "/mairie/demandes", "/mairie/liste-attente", "/mairie/compte"):
        assert '<b id="menu-demandes">2</b>' in await gestion.get_page(path)
    request = await FamilyRequest.all().order_by("id").first()
    assert request
    await gestion.post_form(f"/mairie/demandes/{request.id}/acceptation")
    assert "Demandes 1 la plus ancienne" in words(await gestion.get_page(HOME))
    assert "Demandes" not in await (await town.client("animateur")).get_page(HOME)


@ON_SQLITE
async def test_the_kitchen_and_the_leaders_read_the_day(portal, monkeypatch: pytest.MonkeyPatch) -> None:
    town: Portal = await portal("lens", now="2018-08-27T10:00:00")
    hear_the_bank(town, monkeypatch)
    cook, leader = await town.client("cantine"), await town.client("animateur")
    assert "Aucun enfant n’est inscrit aujourd’hui." in words(await cook.get_page(HOME))
    claire = await parent(town, "famille15")
    for child in ("Chloé", "Juliette"):
        await claire.tick(child, MEAL, "2018-09-06")
    await claire.pay()
    shift_to(now().replace(month=9, day=6, hour=8))
    assert "2 inscrits" in words(await cook.get_page(HOME))
    page = await claire.browser.get_page("/absences/nouvelle")
    value = page.split('name="jour" value="')[1].split('"')[0]
    await tell(await current_catalogue(), claire.family, [parse(value)], "sick", now(), value)
    text = words(await cook.get_page(HOME))
    assert "2 inscrits, 1 absent" in text and "maladie" not in text, "how many, not why"
    assert "Absences 1 aujourd’hui" in words(await leader.get_page(HOME))
    assert "inscrit" not in words(await (await town.client("regie")).get_page(HOME))
    assert "jeudi 6 septembre 1 sans limite arrêtée" in text, "two booked, one absent"
    assert "mercredi 12 septembre fermé" in text and "Plus que" not in text
    await town.verify()


@ON_SQLITE
async def test_the_two_weeks_of_a_slot_are_drawn_and_told(portal) -> None:
    town: Portal = await portal("lens", now="2018-09-05T08:00:00")
    cook = await town.client("cantine")
    page = await cook.get_page(HOME)
    slot = await Slot.get(name=MEAL)
    assert page.count('<svg class="plot"') == 1 and "Enfants attendus" in page and "Encaissements" not in page
    assert "mercredi 5 septembre fermé" in words(page), "no canteen on Wednesdays"
    slots = re.findall(r'<option value="([0-9]+)"( selected)?>', page)
    other = next(id for id, chosen in slots if not chosen)
    assert str(slot.id) in dict(slots) and sum(bool(chosen) for _, chosen in slots) == 1
    assert f'<option value="{other}" selected>' in await cook.get_page(f"{HOME}?creneau={other}")
    assert (await cook.get_page(f"{HOME}?creneau=999999")).count(" selected>") == 1
    text = words(page)
    assert "jeudi 13 septembre 0 sans limite encore modifiable jusqu’à mercredi 5 sept. à 23:59" in text
    assert "lundi 10 septembre : jusqu’à mercredi 5 sept. à 23:59 Plus que 15 h 59" in text
    shift_to(now().replace(year=2019, month=8, day=6))
    assert "Aucun jour n’est ouvert ces deux semaines." in await cook.get_page(HOME)


@ON_SQLITE
async def test_what_was_paid_is_told_month_by_month(portal, monkeypatch: pytest.MonkeyPatch) -> None:
    town: Portal = await portal("lens", now="2018-08-31T23:30:00")
    hear_the_bank(town, monkeypatch)
    claire = await parent(town, "famille15")
    await claire.tick("Chloé", MEAL, "2018-09-10")
    await claire.pay()
    shift_to(now().replace(month=9, day=1, hour=0, minute=30))
    await claire.tick("Chloé", MEAL, "2018-09-11", "2018-09-13")
    await claire.pay()
    for who in ("regie", "gestion", "elu"):
        text = words(await (await town.client(who)).get_page(HOME))
        assert "juillet 2018 0,00 € août 2018 3,40 € septembre 2018, en cours 6,80 €" in text, who
        assert "Régie restauration et ACM 6,80 €" in text
    assert "6,80" not in await (await town.client("animateur")).get_page(HOME)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_the_questions_do_not_grow_with_what_waits(portal, count_queries: Any) -> None:
    town: Portal = await portal("lezignan", now="2016-09-16T10:00:00")
    mairie = await town.client("mairie")
    nadia = await parent(town, "nadia.roux")
    counted = []
    for days in (["2016-10-03"], ["2016-10-04", "2016-10-06", "2016-10-07"]):
        await nadia.tick("Tom", "Repas", *days)
        assert (await nadia.click()).status_code == 303
        await mairie.get_page(HOME)
        before = count_queries()
        await mairie.get_page(HOME)
        counted.append(count_queries() - before)
    counting = [entry for entry in menu() if entry.count]
    assert counted[0] == counted[1] <= 6 + len(counting)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_day_is_told_by_school_with_its_places(portal, monkeypatch: pytest.MonkeyPatch) -> None:
    town: Portal = await portal("demo", now="2025-09-22T08:00:00")
    hear_the_bank(town, monkeypatch)
    sophie = await parent(town, "sophie.moreau")
    for child in ("Emma", "Hugo", "Jules"):
        await sophie.tick(child, "Repas de midi", "2025-09-30")
    await sophie.pay()
    cook = await town.client("cantine")
    page = await cook.get_page(HOME)
    text = words(page)
    assert "Attendus École maternelle Les Lilas École élémentaire Jules-Ferry Places Liste" in text
    assert "mardi 30 septembre 3 1 2 130 encore modifiable" in text
    assert page.count('class="open-part shade-0"') == 1 and 'class="may-change shade-1"' in page
    assert "Repas de midi Restaurant scolaire Ma 30 3 / 130" in text
    assert "Rien en attente" in text and "Listes du jour" in text
    shift_to(now().replace(day=30, hour=8))
    text = words(await cook.get_page(HOME))
    assert "3 inscrits École maternelle Les Lilas 1 École élémentaire Jules-Ferry 2" in text
    assert 'class="part shade-0"' in await cook.get_page(HOME)


@ON_SQLITE
async def test_the_address_of_the_area_leads_to_the_home(portal) -> None:
    town: Portal = await portal("lens", now="2018-08-27T10:00:00")
    answer = await (await town.client("cantine")).get("/mairie")
    assert (answer.status_code, answer.headers["location"]) == (303, HOME)
