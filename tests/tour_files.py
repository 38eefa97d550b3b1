"""A file of families that the tour looks at before it is written."""

import httpx

from tests.tour_forms import hidden

PLACE = "/mairie/familles/fichiers"
HEADS = "Nom;Prénom;Naissance;Niveau;Nom responsable;Prénom responsable"
LINES = "Roy;Mia;01/02/2017;CE2;Roy;Anne\nRoy;Zoé;hier;CP;;"


def bring_families(browser: httpx.Client) -> str:
    """The address of the page that shows what it would do."""
    page = browser.get(PLACE).text
    sent = {name: hidden(page, name) for name in ("csrf", "click")}
    year = page.partition('<option value="')[2].partition('"')[0]
    file = {"fichier": ("familles.csv", f"{HEADS}\n{LINES}\n".encode(), "text/csv")}
    answer = browser.post(PLACE, data=sent | {"annee": year, "ecole": ""}, files=file)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])
