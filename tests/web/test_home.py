"""« Accueil »: what presses comes first, and only what exists is linked."""

from tests.portal import Portal
from tests.web.checkout import parent


async def test_nothing_to_do_says_so(portal) -> None:
    town: Portal = await portal("lens", now="2018-08-27T10:00:00")
    page = await (await town.client("famille15")).get_page("/accueil")
    assert "Tout est à jour" in page and "Bonjour Claire" in page
    assert "Prochaine limite" in page and "mercredi 29 août à 23:59" in page.replace("\u00a0", " ")


async def test_a_draft_waits_for_its_validation(portal) -> None:
    town: Portal = await portal("lens", now="2018-08-27T10:00:00")
    claire = await parent(town, "famille15")
    await claire.tick("Chloé", "ACM du Soir", "2018-09-03", "2018-09-04")
    page = await claire.browser.get_page("/accueil")
    assert "2 modifications non terminées" in page and "3,00\u00a0€" in page and "Terminer" in page


async def test_a_membership_is_asked_for(portal) -> None:
    town: Portal = await portal("alixan", now="2022-07-04T14:00:00")
    page = await (await town.client("paule.martin")).get_page("/accueil")
    assert "17,00\u00a0€, à payer avant de réserver" in page


async def test_what_is_owed_and_what_is_credited_are_told(portal) -> None:
    town: Portal = await portal("lezignan", now="2016-09-16T10:00:00")
    page = await (await town.client("nadia.roux")).get_page("/accueil")
    assert "48,00\u00a0€" in page


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
