"""Lists whose CSV is made of what their page shows: who is in it, under which heads."""

from datetime import date

import pytest

from models.access.member import Member
from models.commune.till import Till
from tests.models.invoicing import drafted
from tests.portal import Portal
from tests.web.checkout import parent

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
HEADS = {
    "/mairie/actualites": "Titre;Mention;Du;Au;État",
    "/mairie/documents": "Titre;Rubrique;Du;Au;État",
    "/mairie/activites": "Activité;Genre;Régie;Du;Au;Inscrits;Places",
    "/mairie/prelevements/mandats": "RUM;Dossier;Famille;Régie;Titulaire;Compte;Signé le;A servi le;État",
    "/mairie/attestations": "Dossier;Payé par;Payé pour la garde;Émise le;Remplacée",
    "/mairie/utilisateurs": "Agent;Identifiant;Courriel;Rôles;Accès;Dernière connexion;Double authentification",
}


async def test_each_has_its_heads_and_its_lines(portal) -> None:
    town: Portal = await portal("demo", now="2025-11-03T10:00")
    mairie = await town.client("mairie")
    files = {}
    for place, heads in HEADS.items():
        assert "export=csv" in await mairie.get_page(place), place
        answer = await mairie.get(f"{place}?export=csv")
        assert answer.headers["content-type"].startswith("text/csv"), place
        files[place] = answer.text.removeprefix("\ufeff").splitlines()
        assert files[place][0] == heads
    assert any(
        line.startswith("Restaurant scolaire;Cantine;Régie scolaire;01/09/2025;")
        for line in files["/mairie/activites"]
    )
    agents = files["/mairie/utilisateurs"]
    assert len(agents) - 1 == await Member.all().count() and any(";regie;" in line for line in agents)


async def test_drafts_of_a_campaign(portal) -> None:
    town: Portal = await portal("demo", now="2025-11-03T10:00")
    linh = await parent(town, "linh.nguyen")
    await linh.tick("Mai", "Accueil du matin", "2025-12-01")
    await linh.click()
    till = await Till.get(code="scolaire")
    campaign = await drafted(town, date(2025, 12, 1), date(2025, 12, 31), till)
    mairie = await town.client("mairie")
    place = f"/mairie/facturation/{campaign.id}"
    assert "export=csv" in await mairie.get_page(place)
    heads, line = (await mairie.get(f"{place}?export=csv")).text.splitlines()
    assert heads.endswith("Dossier;Famille;Montant;Mois précédent;Écart;À relire")
    assert "Linh Nguyen" in line and line.endswith(";non")
