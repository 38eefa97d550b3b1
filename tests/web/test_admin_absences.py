"""« Absences »: the mairie reads who will not come, by day."""

import pytest

from models.activities.catalogue import current_catalogue
from models.checkout.absences import parse, tell
from models.clock import now
from tests.portal import Portal
from tests.web.checkout import hear_the_bank, parent, words

MEAL = "Rest Sco Pré Paiement 2018-2019"
PAGE = "/mairie/absences"


async def test_absences_are_listed_by_day(portal, monkeypatch: pytest.MonkeyPatch) -> None:
    town: Portal = await portal("lens", now="2018-08-27T10:00:00")
    hear_the_bank(town, monkeypatch)
    mairie = await town.client("mairie")
    assert "Aucune absence signalée." in words(await mairie.get_page(PAGE))
    claire = await parent(town, "famille15")
    await claire.tick("Chloé", MEAL, "2018-09-06", "2018-09-07")
    await claire.pay()
    page = await claire.browser.get_page("/absences/nouvelle")
    values = [part.split('"')[0] for part in page.split('name="jour" value="')[1:]]
    for value in values:
        promise = parse(value)
        await tell(await current_catalogue(), claire.family, [promise], "trip", now(), value)
    text = words(await mairie.get_page(PAGE))
    assert text.index("Jeudi 6 septembre 2018") < text.index("Vendredi 7 septembre 2018")
    assert "Chloé Famille dossier 15.1606" in text and "sortie scolaire" in text and "annulé, avoir" in text
    assert "lundi 27 août à 10:00" in text
    text = words(await mairie.get_page(f"{PAGE}?debut=2018-09-07"))
    assert "Jeudi 6 septembre" not in text and "Vendredi 7 septembre" in text
    for said, days in (
        ("", ["06/09/2018", "07/09/2018"]),
        ("tri=-jour", ["07/09/2018", "06/09/2018"]),
        ("motif=sortie&recherche=famille+chlo", ["06/09/2018", "07/09/2018"]),
        ("motif=maladie", []),
        ("debut=2018-09-07&recherche=15.1606", ["07/09/2018"]),
    ):
        answer = await mairie.get(f"{PAGE}?{said}&export=csv")
        lines = answer.content.decode("utf-8-sig").split("\r\n")[1:-1]
        assert [line.split(";")[0] for line in lines] == days, said
    for odd in ("", "demain", "0001-01-01", "9999-12-31"):
        await mairie.get_page(f"{PAGE}?debut={odd}")


async def test_the_kitchen_does_not_read_why_a_child_is_ill(portal) -> None:
    town: Portal = await portal("lens", now="2018-08-27T10:00:00")
    assert (await (await town.client("cantine")).get(PAGE)).status_code == 403
