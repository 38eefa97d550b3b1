"""« Accueil »: what presses comes first, and only what exists is linked."""

import pytest

from tests.engines import ON_SQLITE
from tests.portal import Portal
from tests.web.checkout import parent, words


async def test_nothing_to_do_says_so(portal) -> None:
    town: Portal = await portal("lens", now="2018-08-27T10:00:00")
    page = await (await town.client("delattre17")).get_page("/accueil")
    assert "Tout est à jour" in page and "Bonjour Marc" in page
    assert "Prochaine limite" in page and "mercredi 29 août à 23:59" in page.replace("\u00a0", " ")


@ON_SQLITE
async def test_a_draft_waits_for_its_validation(portal) -> None:
    town: Portal = await portal("lens", now="2018-08-27T10:00:00")
    claire = await parent(town, "famille15")
    await claire.tick("Chloé", "ACM du Soir", "2018-09-03", "2018-09-04")
    page = await claire.browser.get_page("/accueil")
    assert "2 modifications non terminées" in page and "3,00\u00a0€" in page and "Terminer" in page


@ON_SQLITE
async def test_a_membership_is_asked_for(portal) -> None:
    town: Portal = await portal("alixan", now="2022-07-04T14:00:00")
    page = words(await (await town.client("paule.martin")).get_page("/accueil"))
    assert "Louis, Estelle, Louane et Théo : 68,00 €, à payer avant de réserver" in page


@ON_SQLITE
async def test_what_is_owed_is_said_first_and_how_to_settle_it(portal) -> None:
    town: Portal = await portal("lezignan", now="2016-09-16T10:00:00")
    page = words(await (await town.client("nadia.roux")).get_page("/accueil"))
    assert "Vous devez 48,00 €." in page and "Tout est à jour" not in page
    assert "Restant dû : 48,00 €" in page and ", à payer" in page and "prochaine réservation" not in page


async def test_what_the_next_booking_settles_is_said_so_for_each_till(portal) -> None:
    town: Portal = await portal("demo", now="2026-09-02T10:00:00")
    page = words(await (await town.client("sophie.moreau")).get_page("/accueil"))
    assert "Vous devez 45,00 €." in page
    assert "Restant dû : 27,00 € Régie scolaire, à régulariser lors de votre prochaine réservation" in page
    assert "Restant dû : 18,00 € Régie enfance et loisirs, à régulariser lors de" in page
    assert page.index("Restant dû : 27,00 €") < page.index("à payer avant de réserver")


@ON_SQLITE
async def test_invoices_that_are_open_are_said_and_not_those_that_are_paid(portal) -> None:
    town: Portal = await portal("demo", now="2026-09-02T10:00:00")
    page = words(await (await town.client("linh.nguyen")).get_page("/accueil"))
    assert "Vous devez 78,80 €." in page and "Tout est à jour" not in page
    assert "1 facture à payer : 18,80 € Régie scolaire Payer" in page
    assert "1 facture à payer : 60,00 € Régie enfance et loisirs Payer" in page
    assert "Factures à payer 78,80 €" in page and "Restant dû 0,00 €" in page


@pytest.mark.parametrize(("day", "shown"), [("20", "Cette semaine"), ("21", "Semaine du 23 novembre")])
async def test_at_the_week_end_the_strip_shows_the_week_to_come(portal, day: str, shown: str) -> None:
    town: Portal = await portal("demo", now=f"2026-11-{day}T10:00:00")
    assert shown in words(await (await town.client("camille.durand")).get_page("/accueil"))


async def test_what_waits_for_the_mairie_s_answer_is_said(portal) -> None:
    town: Portal = await portal("lezignan", now="2016-09-16T10:00:00")
    nadia = await parent(town, "nadia.roux")
    await nadia.tick("Tom", "Repas", "2016-10-03", "2016-10-04")
    await nadia.click()
    page = words(await nadia.browser.get_page("/accueil"))
    assert "Vous devez 48,00 €. 2 demandes attendent la réponse de la mairie." in page
    assert "2 demandes envoyées La mairie n’a pas encore répondu" in page
    assert "votre réponse" not in page and "Tout est à jour" not in page


@ON_SQLITE
async def test_the_queries_do_not_grow_with_the_bookings(portal, count_queries) -> None:
    town: Portal = await portal("lens", now="2018-08-27T10:00:00")
    claire = await parent(town, "famille15")
    await claire.browser.get_page("/accueil")
    before = count_queries()
    await claire.browser.get_page("/accueil")
    few = count_queries() - before
    await claire.tick("Chloé", "ACM du Soir", "2018-09-03", "2018-09-04", "2018-09-06")
    before = count_queries()
    await claire.browser.get_page("/accueil")
    assert count_queries() - before == few


async def test_the_planning_says_how_what_is_owed_is_settled(portal) -> None:
    town: Portal = await portal("lezignan", now="2016-09-16T10:00:00")
    page = words(await (await town.client("nadia.roux")).get_page("/planning"))
    assert "Vous avez un restant dû de 48,00 € à régler auprès de la mairie, 04 67 98 13 68." in page
    assert "prochaine réservation" not in page


@ON_SQLITE
async def test_the_membership_of_several_children_is_one_line(portal) -> None:
    town: Portal = await portal("demo", now="2025-09-22T10:00:00")
    page = words(await (await town.client("sophie.moreau")).get_page("/accueil"))
    assert "Adhésion Ludothèque du samedi Hugo et Jules : 30,00 €, à payer avant de réserver" in page
    assert page.count("Adhésion") == 1 and "1 chose attend votre réponse." in page


async def test_a_week_without_bookings_says_so_and_how_to_book(portal) -> None:
    town: Portal = await portal("lens", now="2018-09-03T10:00:00")
    claire = await parent(town, "famille15")
    page = await claire.browser.get_page("/accueil")
    assert "Rien n’est réservé cette semaine." in words(page) and 'class="strip"' not in page
    assert 'href="/planning?modifier=1"' in page
    assert "Prochains jours réservés" not in page


async def test_the_days_booked_after_this_week_are_told_in_words(portal) -> None:
    town: Portal = await portal("demo", now="2025-09-22T10:00:00")
    camille = await parent(town, "camille.durand")
    days = ("2025-10-06", "2025-10-07", "2025-10-09", "2025-10-10")
    await camille.tick("Lina", "Accueil du soir", *days)
    assert "Prochains jours réservés" not in await camille.browser.get_page("/accueil")
    await camille.click()
    page = words(await camille.browser.get_page("/accueil"))
    assert "Rien n’est réservé cette semaine." in page
    coming = page[page.index("Prochains jours réservés") :]
    assert "Lundi 6 octobre Lina : Accueil du soir Mardi 7 octobre Lina : Accueil du soir" in coming
    assert "Jeudi 9 octobre" in coming and "Vendredi 10 octobre" not in coming


async def test_nothing_to_do_draws_no_list_of_it(portal) -> None:
    town: Portal = await portal("lens", now="2018-08-27T10:00:00")
    page = words(await (await town.client("delattre17")).get_page("/accueil"))
    assert page.count("Tout est à jour.") == 1 and "À faire" not in page


@ON_SQLITE
async def test_the_mairie_s_telephone_is_told(portal) -> None:
    town: Portal = await portal("lens", now="2018-08-27T10:00:00")
    page = await (await town.client("delattre17")).get_page("/accueil")
    contact = page.split('class="card pad contact"', 1)[1].split("</section>")[0]
    assert "03 21 69 86 86" in contact and "mailto:" in contact


async def test_news_and_the_meal_of_the_day_stand_beside(portal) -> None:
    town: Portal = await portal("demo", now="2025-09-22T10:00:00")
    page = words(await (await town.client("camille.durand")).get_page("/accueil"))
    assert "Actualités Un repas végétarien de plus par semaine Réserver la rentrée" in page
    assert (
        "Au menu aujourd’hui Velouté de potiron, Filet de colin, Riz, Comté, Poire Contient : poisson, lait"
        in page
    )
    assert "Grève" not in page  # from November on
