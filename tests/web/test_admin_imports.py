"""« Imports »: a table is brought, its columns said and remembered, shown, written, taken back; each by its role."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from models.families.family import Family
from models.families.quotient import Quotient
from models.family_imports.family_import import FamilyImport
from models.money.payment import Payment
from models.work.audit_log import Event
from tests.portal import Client, Portal, hidden
from tests.web.checkout import words

OpenPortal = Callable[..., Awaitable[Portal]]
KINDS = "/mairie/imports"
PAGE = "/mairie/imports/quotients"
TAKINGS = "/mairie/imports/encaissements"
ENROLMENTS = "/mairie/imports/inscriptions"
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now="2025-11-03T10:00")


async def bring(desk: Client, place: str, content: bytes, **more: str) -> httpx.Response:
    page = await desk.get_page(place)
    sent = {name: hidden(page, name) for name in ("csrf", "click")}
    return await desk.post(place, data=sent | more, files={"fichier": ("tableau.csv", content)})


async def test_from_the_table_to_the_way_back(town: Portal) -> None:
    desk = await town.client("gestion")
    assert f'href="{PAGE}"' in await desk.get_page("/mairie/familles")
    number = (await Family.all().order_by("id").first() or Family()).number
    before = await Quotient.all().count()
    table = f"Foyer\tQF CAF\n{number}\t845\nVF-n°1\t=600\n".encode("cp1252")
    answer = await bring(desk, PAGE, table)
    assert answer.status_code == 303, words(answer.text)
    file = await FamilyImport.get()
    place = f"{PAGE}/{file.id}"
    assert answer.headers["location"] == place
    refused = words(await desk.get_page(place))
    assert "Il faut un numéro de dossier" in refused and "2 lignes refusées" in refused
    said = await desk.post_form(f"{PAGE}/{file.id}", {"number": "Foyer", "value": "QF CAF"})
    assert said.headers["location"] == f"{place}?fait=colonnes"
    page = words(await desk.get_page(place))
    assert "1 ligne créée" in page or "1 ligne modifiée" in page
    assert "Aucune famille n’a ce numéro de dossier (VF-n°1)" in page and "à partir du 01/11/2025" in page
    errors = await desk.get(f"{PAGE}/{file.id}/lignes-refusees")
    assert "Ligne;Raison;Foyer;QF CAF" in errors.text and ";VF-n°1;'=600" in errors.text, "and no formula"
    assert await Quotient.all().count() == before

    answer = await desk.post_form(f"{PAGE}/{file.id}/reprise")
    assert answer.headers["location"] == f"{place}?fait=repris"
    report = words(await desk.get_page(place))
    assert "Ligne 3 : Aucune famille" in report and "Possible jusqu’au" in report
    assert "3;Aucune famille" in (await desk.get(f"{PAGE}/{file.id}/lignes-refusees")).text
    second = await bring(desk, PAGE, table)
    assert "1 ligne déjà là" in words(await desk.get_page(second.headers["location"])), (
        "columns are remembered"
    )
    again = await FamilyImport.all().order_by("-id").first()
    assert again
    dropped = await desk.post_form(f"{PAGE}/{again.id}/abandon")
    assert dropped.headers["location"] == f"{PAGE}?fait=ecarte"
    assert (await desk.get(f"{PAGE}/{again.id}")).status_code == 404

    answer = await desk.post_form(f"{PAGE}/{file.id}/annulation")
    assert answer.headers["location"] == f"{place}?fait=annule"
    late = await desk.post_form(f"{PAGE}/{file.id}/annulation")
    assert late.headers["location"] == f"{place}?fait=trop-tard"
    assert "annulé" in words(await desk.get_page(PAGE))
    told = [row.action for row in await Event.filter(object=f"import:{file.id}").order_by("id")]
    assert told == ["import.brought", "import.mapped", "import.written", "import.undone"]
    await town.verify()


async def test_a_file_that_is_torn_says_so(town: Portal) -> None:
    desk = await town.client("gestion")
    answer = await bring(desk, PAGE, b'dossier;qf\nVF-1001;600\n"VF"1002;700\n')
    place = answer.headers["location"]
    assert "ni un tableau CSV" in words(await desk.get_page(place))
    assert (await desk.post_form(f"{place}/reprise")).status_code == 422
    assert (await desk.get(f"{place}/lignes-refusees")).status_code == 200


async def test_each_kind_is_of_its_role(town: Portal) -> None:
    manager, cashier, reader = [await town.client(name) for name in ("gestion", "regie", "elu")]
    shown = await cashier.get_page(KINDS)
    assert f'href="{TAKINGS}"' in shown and PAGE not in shown and ENROLMENTS not in shown
    shown = await manager.get_page(KINDS)
    assert f'href="{ENROLMENTS}"' in shown and TAKINGS not in shown and "/mairie/familles/fichiers" in shown
    for client, place in ((cashier, PAGE), (manager, TAKINGS), (manager, f"{KINDS}/autre")):
        assert (await client.get(place)).status_code == 404
    assert 'type="file"' not in await reader.get_page(PAGE)
    number = (await Family.all().order_by("id").first() or Family()).number
    lines = f'date,dossier,moyen,montant,reference,regie\n03/11/2025,{number},Chèque,"12,50",CHQ-7,scolaire\n'
    answer = await bring(cashier, TAKINGS, lines.encode("utf-8-sig"))
    place = answer.headers["location"]
    assert "12,50 €, Chèque, le 03/11/2025, CHQ-7" in words(await cashier.get_page(place))
    assert (await manager.post_form(f"{place}/reprise")).status_code == 404
    for _ in range(2):
        assert (await cashier.post_form(f"{place}/reprise")).status_code == 303
    assert await Payment.filter(cents=1250).count() == 1, "twice is once"
    answer = await bring(manager, ENROLMENTS, b"nom;prenom\nDurand;Lina\n", annee="1")
    lacking = words(await manager.get_page(answer.headers["location"]))
    assert "Dites quelle colonne contient : date de naissance, activité, à partir du" in lacking
    assert (await manager.post_form(f"{answer.headers['location']}/reprise")).status_code == 422
    data = {"csrf": hidden(await manager.get_page(PAGE), "csrf")}
    empty = await manager.post(PAGE, data=data, files={"fichier": ("vide.csv", b"")})
    assert empty.status_code == 422 and "Choisissez un fichier" in words(empty.text)
    assert (await bring(manager, PAGE, b"\x89PNG\0")).status_code == 422
    await town.verify()
