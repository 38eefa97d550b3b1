"""The bubble of a cell: what each state says, who changed it last and when, what can be done about it."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from models.activities.catalogue import current_catalogue
from models.activities.opening import Opening
from models.activities.slot import Slot
from models.bookings import waiting_list
from models.bookings.booking import Booking
from models.bookings.family_request import FamilyRequest
from models.checkout import absences
from models.families.child import Child
from models.families.guardian import Guardian
from models.families.household import Household
from models.planning.last_change import WHATS
from tests.engines import ON_SQLITE
from tests.portal import Client, Portal
from tests.web.checkout import Parent, hear_the_bank, parent, words
from tests.web.grid import cell, tick
from web.components.planning_cell.planning_cell import CHANGES

MEAL = "Rest Sco Pré Paiement 2018-2019"
DAY = "2018-09-06"
At = Callable[[str], Any]


async def bubble(browser: Client, child: str, slot: str, day: str, **more: str) -> str:
    asked = "&".join(
        f"{name}={value}" for name, value in {"case": await cell(child, slot, day), **more}.items()
    )
    return await browser.get_page(f"/planning/case?{asked}")


async def said(browser: Client, child: str, slot: str, day: str, **more: str) -> str:
    return words(await bubble(browser, child, slot, day, **more))


@pytest.fixture
async def claire(portal: Any, monkeypatch: pytest.MonkeyPatch) -> Parent:
    town = await portal("lens", now="2018-08-27T10:00:00")
    hear_the_bank(town, monkeypatch)
    return await parent(town, "famille15")


@pytest.fixture
async def camille(portal: Any, monkeypatch: pytest.MonkeyPatch) -> Parent:
    """One of two guardians of the made-up commune."""
    town = await portal("demo", now="2025-09-22T10:00:00")
    hear_the_bank(town, monkeypatch)
    return await parent(town, "camille.durand")


async def test_a_free_day_says_its_price_and_its_limit_and_that_nobody_touched_it(claire: Parent) -> None:
    page = await bubble(claire.browser, "Chloé", MEAL, DAY)
    text = words(page)
    assert text.startswith(f"{MEAL}, jeudi 6 septembre 2018 Libre 3,40 €, à l’unité.")
    assert "Modifiable jusqu’à mercredi 29 août à 23:59 (dans 2 jours)." in text
    assert " par " not in text and "Prévenir" not in text and "<html" not in page
    assert (await said(claire.browser, "Chloé", MEAL, DAY, par="activite")).startswith(
        f"Chloé, {MEAL}, jeudi"
    )


async def test_a_free_day_that_is_only_read_leads_to_where_it_is_ticked(claire: Parent) -> None:
    page = await bubble(claire.browser, "Chloé", MEAL, DAY, vue="mois", debut="2018-09-01")
    key = await cell("Chloé", MEAL, DAY)
    assert (
        f'href="/planning?vue=mois&amp;debut=2018-09-01&amp;modifier=1#op-{key}"' in page
        and ">Réserver</a>" in page
    )
    assert ">Réserver" not in await bubble(claire.browser, "Chloé", MEAL, DAY, modifier="1")
    await claire.tick("Chloé", MEAL, DAY)
    assert ">Réserver" not in await bubble(claire.browser, "Chloé", MEAL, DAY)


async def test_a_tick_says_who_and_when_then_the_other_parent(camille: Parent, at: At) -> None:
    slot, monday, tuesday = "Repas de midi", "2025-10-06", "2025-10-07"
    await tick(camille.browser, "Lina", slot, monday, debut="2025-10-01")
    text = await said(camille.browser, "Lina", slot, monday)
    assert "Sélection non validée" in text
    assert text.endswith("Ajoutée par Camille Durand, lundi 22 septembre à 10:00")
    at("2025-09-23T08:15:00")
    olivier = await camille.town.client("olivier.durand")
    await tick(olivier, "Lina", slot, tuesday, debut="2025-10-01")
    assert "Ajoutée par Olivier Durand, mardi 23 septembre à 08:15" in await said(
        camille.browser, "Lina", slot, tuesday
    )
    await tick(olivier, "Lina", slot, monday, on=False, debut="2025-10-01")
    await tick(olivier, "Lina", slot, monday, debut="2025-10-01")
    assert "Ajoutée par Olivier Durand" in await said(camille.browser, "Lina", slot, monday)


async def test_a_paid_day_says_so_and_leads_to_the_absence(claire: Parent, at: At) -> None:
    await tick(claire.browser, "Chloé", MEAL, DAY)
    at("2018-08-27T11:30:00")
    answer = await claire.click()
    text = await said(claire.browser, "Chloé", MEAL, DAY)
    assert "Sélection non validée, en cours de paiement" in text and "Réservée par Claire" in text
    await claire.at_the_bank(answer.headers["location"])
    await claire.town.run_jobs()
    page = await bubble(claire.browser, "Chloé", MEAL, DAY)
    assert re.search(r"Réservée par Claire \w+, lundi 27 août à 11:30", words(page))
    child = await Child.get(first_name="Chloé")
    link = f'class="btn" href="/absences/nouvelle?jour={DAY}&amp;enfant={child.id}"'
    assert link in page and "En cas d’urgence" not in page
    at("2018-09-05T09:00:00")
    page = await bubble(claire.browser, "Chloé", MEAL, DAY)
    text = words(page)
    assert "Clos depuis mercredi 29 août à 23:59. En cas d’urgence : 03 " in text
    assert "ou Prévenir d’une absence ." in text and 'href="tel:03' in page and 'class="btn"' not in page
    at("2018-09-07T09:00:00")
    text = await said(claire.browser, "Chloé", MEAL, DAY)
    assert "Clos depuis" in text and "urgence" not in text and "Prévenir" not in text


async def test_a_cancelled_day_says_who_took_it_back(claire: Parent, at: At) -> None:
    await tick(claire.browser, "Chloé", MEAL, DAY)
    await claire.pay()
    at("2018-08-28T09:00:00")
    await tick(claire.browser, "Chloé", MEAL, DAY, on=False)
    text = await said(claire.browser, "Chloé", MEAL, DAY)
    assert "Annulation en attente" in text and "Annulation ajoutée par Claire" in text and "Prévenir" in text
    at("2018-08-28T09:30:00")
    await claire.click()
    await claire.town.run_jobs()
    text = await said(claire.browser, "Chloé", MEAL, DAY)
    assert "Libre" in text and "Annulée par Claire" in text and "mardi 28 août à 09:30" in text


async def test_a_told_absence_is_the_last_word(claire: Parent, at: At) -> None:
    await tick(claire.browser, "Chloé", MEAL, DAY)
    await claire.pay()
    now = at("2018-09-05T18:00:00")
    catalogue, household = await current_catalogue(), await Household.read(claire.family)
    found = await absences.choices(catalogue, household, now, now.date(), date.fromisoformat(DAY))
    guardian = await Guardian.get(username="famille15")
    await absences.tell(catalogue, claire.family, [found[0].promise], "sick", now, "x", guardian.id)
    text = await said(claire.browser, "Chloé", MEAL, DAY)
    assert "Absence signalée par Claire" in text and "mercredi 5 septembre à 18:00" in text
    assert "En cas d’urgence" in text and "Prévenir" not in text


async def test_what_the_mairie_answers_is_the_mairies(portal: Any, at: At) -> None:
    town: Portal = await portal("lezignan", now="2016-09-16T10:00:00")
    nadia = await parent(town, "nadia.roux")
    days = ("2016-10-03", "2016-10-04")
    await nadia.tick("Tom", "Repas", *days)
    assert (await nadia.click()).status_code == 303
    text = await said(nadia.browser, "Tom", "Repas", days[0])
    assert "Demande envoyée" in text and "Demandée" in text and "vendredi 16 septembre à 10:00" in text
    at("2016-09-17T11:00:00")
    mairie = await town.client("mairie")
    first, second = await FamilyRequest.all().order_by("id")
    await mairie.post_part(f"/mairie/demandes/{first.id}/acceptation")
    await mairie.post_form(f"/mairie/demandes/{second.id}/refus", {"motif": "Sortie scolaire"})
    text = await said(nadia.browser, "Tom", "Repas", days[0])
    assert "Réservée" in text and "Acceptée par la mairie, samedi 17 septembre à 11:00" in text
    text = await said(nadia.browser, "Tom", "Repas", days[1])
    assert "Refusée par la mairie : Sortie scolaire" in text
    assert "Refusée par la mairie, samedi 17 septembre à 11:00" in text
    at("2016-09-18T11:00:00")
    await nadia.tick("Tom", "Repas", days[0], ticked=False)
    await nadia.click()
    text = await said(nadia.browser, "Tom", "Repas", days[0])
    assert "Annulation envoyée" in text and "Annulation demandée" in text
    asked = await FamilyRequest.get(kind="cancellation")
    await mairie.post_form(f"/mairie/demandes/{asked.id}/refus", {"motif": "Repas commandés"})
    assert "Annulation refusée par la mairie" in await said(nadia.browser, "Tom", "Repas", days[0])


@ON_SQLITE
async def test_a_rank_then_a_place_that_came_free(portal: Any, at: At) -> None:
    town: Portal = await portal("lezignan", now="2016-09-16T10:00:00")
    day = "2016-10-03"
    await Opening.filter(day=day).update(places=0)
    nadia = await parent(town, "nadia.roux")
    await nadia.tick("Tom", "Repas", day)
    await nadia.click()
    text = await said(nadia.browser, "Tom", "Repas", day)
    assert "Liste d’attente, rang 1" in text and "Tom n’est pas inscrit(e) ce jour-là." in text
    assert "Mise en liste d’attente" in text and "vendredi 16 septembre à 10:00" in text
    now = at("2016-09-17T11:00:00")
    await Opening.filter(day=day).update(places=1)
    assert await waiting_list.promote((await Booking.get(day=day)).opening_id, now)
    text = await said(nadia.browser, "Tom", "Repas", day)
    assert "Réservée" in text
    assert "Place attribuée depuis la liste d’attente, samedi 17 septembre à 11:00" in text


def test_every_change_has_its_words() -> None:
    assert set(WHATS) <= set(CHANGES)


@ON_SQLITE
async def test_closed_days_say_only_that(claire: Parent) -> None:
    text = await said(claire.browser, "Chloé", MEAL, "2018-10-22")
    assert "fermé" in text and "€" not in text and "Modifiable" not in text and " par " not in text


@ON_SQLITE
async def test_the_other_household_keeps_its_price_and_its_name(camille: Parent) -> None:
    """Zoé lives in two homes: her father sees that her mother took the day, and nothing else."""
    day = "2025-10-13"
    julie = await parent(camille.town, "julie.leroy")
    await julie.tick("Zoé", "Repas de midi", day)
    await julie.pay()
    await Booking.filter(day=day).update(cents=99)
    thomas = await camille.town.client("thomas.leroy")
    text = await said(thomas, "Zoé", "Repas de midi", day)
    assert "Réservée par l’autre foyer" in text
    assert "€" not in text and "Julie" not in text and "Clos" not in text and "Prévenir" not in text
    month = await thomas.get_page(f"/planning?vue=mois&debut={day}")
    assert "réservée par l’autre foyer.</span>" in month and "0,99" not in month, "no price at all"
    await Booking.filter(day=day).update(state="refused", note="Dossier impayé")
    month = await thomas.get_page(f"/planning?vue=mois&debut={day}&modifier=1")
    assert "impayé" not in month and "refusée" not in month, "what the mairie answered her is hers"


@pytest.mark.parametrize("case", ["", "1", "1-2", "a-b-c", "1-1-2018-02-31", "999999-1-2018-09-06"])
async def test_what_is_no_cell_of_the_family_is_not_found(claire: Parent, case: str) -> None:
    await claire.browser.get_page(f"/planning/case?case={case}", 404)


async def test_a_day_or_a_slot_out_of_reach_is_not_found(claire: Parent) -> None:
    child, slot = await Child.get(first_name="Chloé"), await Slot.get(name=MEAL)
    for key in (f"{child.id}-{slot.id}-2031-01-01", f"{child.id}-9999-{DAY}"):
        await claire.browser.get_page(f"/planning/case?case={key}", 404)


@ON_SQLITE
async def test_the_queries_do_not_grow(claire: Parent, count_queries: Callable[[], int]) -> None:
    await tick(claire.browser, "Chloé", MEAL, DAY)
    await said(claire.browser, "Chloé", MEAL, DAY)

    async def counted() -> int:
        before = count_queries()
        await said(claire.browser, "Chloé", MEAL, DAY)
        return count_queries() - before

    few = await counted()
    more = ("2018-09-03", "2018-09-04", "2018-09-07")
    await tick(claire.browser, "Chloé", MEAL, *more)
    await tick(claire.browser, "Juliette", MEAL, DAY, *more)
    assert await counted() == few <= 7
    await claire.pay()
    assert await counted() <= few + 1  # may an absence be told?


@pytest.mark.parametrize("view", ["semaine", "mois"])
async def test_a_page_with_a_booked_day_to_come_leads_to_the_absence(
    claire: Parent, at: At, view: str
) -> None:
    page = f"/planning?vue={view}&debut=2018-09-03"
    link = f'<a href="/absences/nouvelle?debut={DAY}">'
    await tick(claire.browser, "Chloé", MEAL, DAY)
    assert "/absences/nouvelle?debut" not in await claire.browser.get_page(page)
    await claire.pay()
    assert link in await claire.browser.get_page(page)
    assert link in await claire.browser.get_page(f"{page}&modifier=1")
    at("2018-09-07T08:00:00")
    assert "/absences/nouvelle?debut" not in await claire.browser.get_page(page)


async def test_who_leaves_a_place_that_came_free_is_named(
    portal: Any, monkeypatch: pytest.MonkeyPatch, at: At
) -> None:
    def one_place(file: dict[str, Any]) -> None:
        meals = file["activities"][1]
        meals |= {"waiting_list": True, "groups": [{"code": "tous", "name": "Tous", "places": 1}]}
        file["families"][1].pop("account")

    town: Portal = await portal("lens", now="2018-08-27T10:00:00", change=one_place)
    hear_the_bank(town, monkeypatch)
    claire, marc = await parent(town, "famille15"), await parent(town, "delattre17")
    await tick(claire.browser, "Chloé", MEAL, DAY)
    await claire.pay()
    await tick(marc.browser, "Inès", MEAL, DAY)
    await marc.click()
    await tick(claire.browser, "Chloé", MEAL, DAY, on=False)
    at("2018-08-27T11:00:00")
    await claire.click()
    await town.run_jobs()
    text = await said(marc.browser, "Inès", MEAL, DAY)
    assert "Une place s’est libérée, gardée jusqu’à" in text
    assert "Place proposée, lundi 27 août à 11:00" in text and "Claire" not in text
    at("2018-08-27T12:00:00")
    found = re.search(r'action="(/planning/places/[^"]*)"', await bubble(marc.browser, "Inès", MEAL, DAY))
    assert found
    leave = found[1]
    assert (await claire.browser.post_form(leave)).status_code == 404
    assert (await marc.browser.post_form(leave)).status_code == 303
    assert (await marc.browser.post_form(leave)).status_code == 404
    text = await said(marc.browser, "Inès", MEAL, DAY)
    assert "Libre" in text and "Place laissée par Marc Delattre, lundi 27 août à 12:00" in text
    assert "Marc" not in await said(claire.browser, "Chloé", MEAL, DAY)
