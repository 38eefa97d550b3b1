"""Files that the tour looks at before they are written, and after."""

import httpx

from tests.tour_forms import hidden
from tests.tour_stop import Stop

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


def imports(browser: httpx.Client) -> list[Stop]:
    """Each kind of table, with one file of quotients on the way."""
    place = "/mairie/imports/quotients"
    sent = {name: hidden(browser.get(place).text, name) for name in ("csrf", "click")}
    file = {"fichier": ("qf.csv", b"Dossier;Quotient\nVF-0000;600\n", "text/csv")}
    answer = browser.post(place, data=sent, files=file)
    assert answer.status_code == 303, answer.text
    return [
        Stop("import of quotients", place, "mairie"),
        Stop("import of takings", "/mairie/imports/encaissements", "mairie"),
        Stop("import of enrolments", "/mairie/imports/inscriptions", "mairie"),
        Stop("import, shown", str(answer.headers["location"]), "mairie"),
    ]
