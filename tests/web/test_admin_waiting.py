"""« Liste d’attente »: the order is shown as it will be served."""

from models.activities.opening import Opening
from tests.portal import Portal
from tests.web.checkout import parent


async def test_who_waits_is_shown_with_the_rank(portal) -> None:
    town: Portal = await portal("lezignan", now="2016-09-16T10:00:00")
    mairie = await town.client("mairie")
    assert "Personne n’attend de place." in await mairie.get_page("/mairie/liste-attente")
    await Opening.filter(day="2016-10-03").update(places=0)
    nadia = await parent(town, "nadia.roux")
    await nadia.tick("Tom", "Repas", "2016-10-03")
    assert (await nadia.click()).status_code == 303
    page = await mairie.get_page("/mairie/liste-attente")
    assert "Tom Roux" in page and "Repas, lundi 3 octobre 2016" in page and "MATERNELLE" in page
    await town.verify()
