"""« Modification avancée »: the type week and its preview, weeks A and B, the copy, the erasing, the taking back."""

from collections.abc import Callable
from typing import Any

import pytest

from models.activities.opening import Opening
from models.bookings.cart import CartLine
from models.families.child import Child
from tests.engines import ON_SQLITE
from tests.portal import Client, Portal, hidden
from tests.web.checkout import words
from tests.web.grid import tick
from tests.web.type_week import HOME, apply, drafted, week

TEN = "2018-08-27T10:00:00"
MEAL = "Rest Sco Pré Paiement 2018-2019"


@pytest.fixture
async def lens(portal) -> Portal:
    return await portal("lens", now=TEN)


@pytest.fixture
async def claire(lens: Portal) -> Client:
    return await lens.client("famille15")


@ON_SQLITE
async def test_the_page_offers_days_and_periods(claire: Client) -> None:
    page = await claire.get_page(HOME)
    text = words(page)
    assert "Appliquer une semaine type à Chloé" in text
    assert "du 3 au 30 septembre 2018" in text and "du 3 septembre au 19 octobre 2018" in text
    assert "du 3 septembre 2018 au 5 juillet 2019" in text
    assert 'value="mois" checked' in page, "paid at once: this month first"
    assert "ACM du Soir, lundi" in text and "mercredi : jour non ouvert" in text and "samedi" not in text
    assert "La semaine A est la semaine du 3 au 7 septembre du 10 au 14 septembre" in text
    juliette = await Child.get(first_name="Juliette")
    assert "à Juliette" in words(await claire.get_page(f"{HOME}?enfant={juliette.id}"))
    assert (await claire.get(f"{HOME}?enfant=x")).status_code == 404


async def test_invoiced_activities_offer_the_year_first(portal) -> None:
    town = await portal("alixan", now="2022-07-04T14:00:00")
    paule = await town.client("paule.martin")
    page = await paule.get_page(HOME)
    assert 'value="annee" checked' in page and "du 1er septembre 2022 au 7 juillet 2023" in words(page)
    assert 'name="du"' in page and 'value="2022-09-01"' in page and 'value="2023-07-07"' in page


async def test_the_preview_says_how_many_how_much_and_what_is_left_out(claire: Client) -> None:
    form = await week(
        "Chloé", (0, MEAL, 0), (0, "ACM du Soir", 4), periode="dates", du="3/9/18", au="31/10/2018"
    )
    answer = await claire.post_form(HOME, form)
    text = words(answer.text)
    assert answer.status_code == 200 and "14 réservations, 34,30 €" in text
    assert "septembre 2018 8 19,60 €" in text and "octobre 2018 6 14,70 €" in text
    assert "Vacances de la Toussaint : 3 jours" in text
    assert "Paiement immédiat : 34,30 € à payer quand vous terminerez" in text
    assert not await CartLine.exists()


@ON_SQLITE
async def test_htmx_gets_the_preview_alone(claire: Client) -> None:
    answer = await claire.post_part(HOME, await week("Chloé", (0, MEAL, 0)))
    assert answer.status_code == 200 and "<html" not in answer.text and "<form" in answer.text
    assert "4 réservations, 13,60 €" in words(answer.text)
    assert 'data-hx-swap-oob="innerHTML:#annonce"' in answer.text
    answer = await claire.post_part(HOME, await week("Chloé"))
    assert answer.status_code == 422 and "<html" not in answer.text
    assert "Choisissez au moins un jour." in answer.text and 'id="erreurs"' in answer.text


async def test_each_change_renews_the_preview_and_keeps_the_focus(claire: Client) -> None:
    answer = await claire.post_part(HOME, [*await week("Chloé", (0, MEAL, 0)), ("direct", "1")])
    assert answer.status_code == 200 and "4 réservations" in words(answer.text)
    assert "autofocus" not in answer.text
    answer = await claire.post_part(HOME, [*await week("Chloé"), ("direct", "1")])
    assert answer.status_code == 200 and "Choisissez au moins un jour." in answer.text
    assert "autofocus" not in answer.text and "Il y a un problème" not in answer.text


@ON_SQLITE
async def test_no_day(claire: Client) -> None:
    for path in (HOME, f"{HOME}/appliquer"):
        answer = await claire.post_form(path, await week("Chloé", periode="annee"))
        assert answer.status_code == 422 and "<title>Erreur\u00a0: " in answer.text
        assert '<a href="#jours">Choisissez au moins un jour.</a>' in answer.text
        assert 'value="annee" checked' in answer.text, "what was chosen is kept"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("31/02/2018", "2018-10-01", "Écrivez la date de début ainsi : 03/09/2018."),
        ("2018-09-03", "demain", "Écrivez la date de fin ainsi : 05/07/2019."),
        ("2018-09-03", "", "Écrivez la date de fin ainsi : 05/07/2019."),
        ("2018-10-03", "2018-09-03", "La date de fin est avant la date de début."),
    ],
)
async def test_wrong_dates_are_said_and_kept(claire: Client, first: str, last: str, said: str) -> None:
    form = await week("Chloé", (0, MEAL, 1), periode="dates", du=first, au=last)
    answer = await claire.post_form(HOME, form)
    assert answer.status_code == 422 and words(answer.text).count(said) == 2, "in the block and at the field"
    assert f'value="{form[-1][1]}" checked' in answer.text and 'value="dates" checked' in answer.text
    assert f'value="{last}"' in answer.text and 'aria-invalid="true"' in answer.text


@ON_SQLITE
async def test_it_is_added_in_one_action_and_once(claire: Client) -> None:
    form = await week("Chloé", (0, MEAL, 0), (0, MEAL, 3))
    chloe = await Child.get(first_name="Chloé")
    location = await apply(claire, form)
    assert location == f"/planning?par=enfant&id={chloe.id}&debut=2018-09-03&modifier=1&lot=lot"
    assert await drafted("Chloé") == [f"2018-09-{day:02}" for day in (3, 6, 10, 13, 17, 20, 24, 27)]
    await tick(claire, "Chloé", MEAL, "2018-09-03", on=False)
    await apply(claire, form)
    assert len(await drafted("Chloé")) == 7, "sent twice, it is added once"
    page = await claire.get_page(location)
    assert page.count('data-s="picked"') == 7 + 1, "and one in the legend"


async def test_weeks_a_and_b(claire: Client) -> None:
    more = {
        "alterner": "1",
        "semaine_a": "2018-09-03",
        "periode": "dates",
        "du": "2018-09-03",
        "au": "2018-09-30",
    }
    form = await week("Chloé", (0, MEAL, 0), (1, MEAL, 4), **more)
    page = (await claire.post_form(HOME, form)).text
    assert "4 réservations, 13,60 €" in words(page) and page.count('name="alterner"') == 2
    assert hidden(page[page.index("tw-apply") :], "semaine_a") == "2018-09-03"
    await apply(claire, form)
    assert await drafted("Chloé") == ["2018-09-03", "2018-09-14", "2018-09-17", "2018-09-28"]


async def test_week_a_may_be_the_next_one(claire: Client) -> None:
    more = {
        "alterner": "1",
        "semaine_a": "2018-09-10",
        "periode": "dates",
        "du": "2018-09-03",
        "au": "2018-09-30",
    }
    await apply(claire, await week("Chloé", (0, MEAL, 0), **more))
    assert await drafted("Chloé") == ["2018-09-10", "2018-09-24"]


async def test_week_b_counts_only_when_weeks_alternate(claire: Client) -> None:
    answer = await claire.post_form(HOME, await week("Chloé", (1, MEAL, 0)))
    assert answer.status_code == 422 and "Choisissez au moins un jour." in answer.text


@ON_SQLITE
async def test_full_days_are_told_apart_and_cost_nothing(portal) -> None:
    def small(file: dict[str, Any]) -> None:
        file["activities"][1] |= {"places": 1, "waiting_list": True}

    town = await portal("lens", now=TEN, change=small)
    claire = await town.client("famille15")
    await Opening.filter(day__in=["2018-09-03", "2018-09-10"]).update(taken=1)
    form = await week("Chloé", (0, MEAL, 0))
    text = words((await claire.post_form(HOME, form)).text)
    assert "2 réservations, 6,80 €, 2 jours complets (liste d’attente)" in text
    await apply(claire, form)
    assert await CartLine.filter(waits=True).count() == 2 and await CartLine.all().count() == 4


async def test_what_changed_since_the_preview_is_shown_first(claire: Client) -> None:
    form = await week("Chloé", (0, MEAL, 0))
    seen = hidden((await claire.post_form(HOME, form)).text, "vu")
    await tick(claire, "Chloé", MEAL, "2018-09-03")
    answer = await claire.post_form(f"{HOME}/appliquer", [*form, ("vu", seen), ("cle", "lot")])
    assert answer.status_code == 409 and "modifiées entre-temps" in answer.text
    assert "3 réservations, 10,20 €" in words(answer.text) and await CartLine.all().count() == 1


@ON_SQLITE
async def test_days_already_modified_are_left_alone_unless_said(claire: Client) -> None:
    await tick(claire, "Chloé", MEAL, "2018-09-03", "2018-09-04")
    form = await week("Chloé", (0, MEAL, 0))
    text = words((await claire.post_form(HOME, form)).text)
    assert "3 réservations, 10,20 €" in text and "laissés tels quels : 1 jour" in text
    all_days = [pair for pair in form if pair[0] != "ignorer"]
    assert "3 réservations, 10,20 €" in words((await claire.post_form(HOME, all_days)).text)
    await apply(claire, form)
    assert await CartLine.filter(day="2018-09-04").exists(), "it adds, and unticks nothing"


async def test_late_days_are_left_out(claire: Client, at: Callable[[str], Any]) -> None:
    at("2018-09-12T10:00:00")
    more = {"periode": "dates", "du": "2018-09-03", "au": "2018-09-30"}
    text = words((await claire.post_form(HOME, await week("Chloé", (0, MEAL, 0), **more))).text)
    assert "2 réservations, 6,80 €" in text and "Délai passé : 2 jours" in text


async def test_nothing_to_add(claire: Client) -> None:
    more = {"periode": "dates", "du": "2018-10-22", "au": "2018-11-01"}
    form = await week("Chloé", (0, MEAL, 0), **more)
    answer = await claire.post_form(HOME, form)
    assert "Rien à ajouter" in words(answer.text) and "/appliquer" not in answer.text
    answer = await claire.post_form(f"{HOME}/appliquer", form)
    assert answer.status_code == 422 and "Aucun de ces jours ne peut être ajouté." in answer.text
