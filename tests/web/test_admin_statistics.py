"""« Statistiques »: the figures of a period, on the screen and as files."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.portal import Portal
from tests.web.checkout import parent, words

PAGE = "/mairie/statistiques"
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def test_a_period_is_shown_and_taken_away(portal) -> None:
    town: Portal = await portal("demo", now="2025-11-03T10:00")
    linh = await parent(town, "linh.nguyen")
    await linh.tick("Mai", "Accueil du matin", "2025-12-01")
    await linh.click()
    mairie = await town.client("gestion")
    page = words(await mairie.get_page(PAGE))
    assert "Accueil périscolaire périscolaire 12/2025 6 ans et plus" in page and "1,00" in page
    assert "01/09/2025 – 31/12/2025" in page and "Rien sur cette période" in page
    query = "?debut=2025-12-01&fin=2025-12-31"
    text = (await mairie.get(f"{PAGE}/heures-caf/csv{query}")).text
    assert text.startswith("\ufeffActivité;Accueil;Mois;") and ";1;1,00;0;0,00;1\r\n" in text
    answer = await mairie.get(f"{PAGE}/heures-caf/xlsx{query}")
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None and [cell.value for cell in sheet[2]][5:] == [1, 1, 0, 0, 1]
    for gone in (f"{PAGE}/autre/csv", f"{PAGE}/heures-caf/pdf", f"{PAGE}/heures-caf/csv?debut=hier"):
        assert (await mairie.get(gone)).status_code == 404
    wrong = await mairie.get(f"{PAGE}?debut=2025-12-31&fin=2025-12-01")
    assert wrong.status_code == 422 and "se termine avant de commencer" in words(wrong.text)
