"""« Reprendre un fichier de familles »: brought, its columns said and remembered, shown, written, taken back."""

from collections.abc import Awaitable, Callable
from datetime import date
from io import BytesIO

import httpx
import pytest
from openpyxl import Workbook

from models.commune.school import School
from models.commune.school_year import SchoolYear
from models.families.child import Child
from models.families.guardian import Guardian
from models.family_imports.family_import import LONGEST, FamilyImport
from models.work.audit_log import Event
from tests.portal import Client, Portal, hidden
from tests.web.checkout import words

OpenPortal = Callable[..., Awaitable[Portal]]
PAGE = "/mairie/familles/fichiers"
CSV = "Nom de famille;Petit nom;Naissance;Niveau;Courriel;Nom responsable;Prénom responsable\n"
LINES = (
    "Roy;Mia;01/02/2017;CE2;anne@roy.example;Roy;Anne\n"
    "Roy;Tom;01/02/2016;CM1;anne@roy.example;Roy;Anne\n"
    "Roy;Zoé;Hier;CP;;;\n"
)
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now="2025-09-22T10:00:00")


@pytest.fixture
async def desk(town: Portal) -> Client:
    return await town.client("gestion")


async def bring(
    desk: Client, content: bytes, name: str = "familles.csv", school: int | str = ""
) -> httpx.Response:
    page, year = await desk.get_page(PAGE), await SchoolYear.get()
    sent = {name: hidden(page, name) for name in ("csrf", "click")}
    data = sent | {"annee": str(year.id), "ecole": str(school)}
    return await desk.post(PAGE, data=data, files={"fichier": (name, content)})


async def test_from_the_file_to_the_way_back(town: Portal, desk: Client) -> None:
    assert f'href="{PAGE}"' in await desk.get_page("/mairie/familles")
    answer = await bring(desk, (CSV + LINES).encode("cp1252"))
    assert answer.status_code == 303, words(answer.text)
    file = await FamilyImport.get()
    assert answer.headers["location"] == f"{PAGE}/{file.id}"
    shown = await desk.get_page(f"{PAGE}/{file.id}")
    assert "Dites au moins où sont le nom et le prénom" not in shown, "the parent is understood"
    columns = {
        **file.mapping,
        "child_last": "Nom de famille",
        "child_first": "Petit nom",
        "email": "Courriel",
    }
    ferry = await School.get(code="ferry")
    said = await desk.post_form(f"{PAGE}/{file.id}", columns | {"ecole": ferry.id, "born": "Naissance"})
    assert said.headers["location"] == f"{PAGE}/{file.id}?fait=colonnes"
    page = words(await desk.get_page(f"{PAGE}/{file.id}"))
    assert "2 lignes créées" in page and "1 ligne en erreur" in page and "0 ligne modifiée" in page
    assert "Enfant : Mia Roy, 01/02/2017, CE2, École élémentaire Jules-Ferry" in page
    wrong = "ette date de naissance ne se lit pas (Hier)"
    assert wrong in page
    errors = await desk.get(f"{PAGE}/{file.id}/erreurs")
    assert f"4;c{wrong}" in errors.text and errors.headers["content-type"].startswith("text/csv")
    assert not await Child.exists(last_name="Roy")

    answer = await desk.post_form(f"{PAGE}/{file.id}/reprise")
    assert answer.headers["location"] == f"{PAGE}/{file.id}?fait=repris"
    assert await Guardian.filter(email="anne@roy.example").count() == 1, "one mother of both"
    report = words(await desk.get_page(f"{PAGE}/{file.id}"))
    assert f"Ligne 4 : c{wrong}." in report and "Possible jusqu’au" in report
    assert f"4;c{wrong}" in (await desk.get(f"{PAGE}/{file.id}/erreurs")).text

    again = await FamilyImport.get(
        id=int((await bring(desk, (CSV + LINES).encode())).headers["location"][-1])
    )
    assert again.mapping == (await FamilyImport.get(id=file.id)).mapping, "what was said of it is remembered"
    await desk.post_form(f"{PAGE}/{again.id}", {**again.mapping, "ecole": ferry.id})
    assert "2 lignes identiques" in words(await desk.get_page(f"{PAGE}/{again.id}"))
    assert (await desk.post_form(f"{PAGE}/{again.id}/abandon")).headers["location"] == f"{PAGE}?fait=ecarte"
    assert (await desk.get(f"{PAGE}/{again.id}")).status_code == 404

    answer = await desk.post_form(f"{PAGE}/{file.id}/annulation")
    assert answer.headers["location"] == f"{PAGE}/{file.id}?fait=annule"
    assert not await Child.exists(last_name="Roy") and "annulé" in words(await desk.get_page(PAGE))
    answer = await desk.post_form(f"{PAGE}/{file.id}/annulation")
    assert answer.headers["location"] == f"{PAGE}/{file.id}?fait=trop-tard"
    said_of = [row.action for row in await Event.filter(object=f"import:{file.id}").order_by("id")]
    assert said_of == ["import.brought", "import.mapped", "import.written", "import.undone"]


async def test_a_workbook_is_read_as_well(town: Portal, desk: Client) -> None:
    book, into = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(
        [
            "Nom",
            "Prénom",
            "Date de naissance",
            "Dossier",
            "Nom responsable",
            "Prénom responsable",
            "Téléphone",
        ]
    )
    sheet.append(["Roy", "Mia", date(2017, 2, 1), 4107, "Roy", "Anne", 612345678])
    book.save(into)
    answer = await bring(desk, into.getvalue(), "familles.xlsx")
    await desk.post_form(f"{answer.headers['location']}/reprise")
    mia = await Child.get(last_name="Roy")
    assert mia.born == date(2017, 2, 1)
    mother = await Guardian.get(last_name="Roy").select_related("family")
    assert (mother.family.number, mother.phone) == ("4107", "06 12 34 56 78")


async def test_what_is_no_table_is_refused_with_its_reason(town: Portal, desk: Client) -> None:
    for content, said in (
        (b"", "Choisissez un fichier CSV ou XLSX."),
        (b"Nom;Pr\xe9nom\n", "aucune ligne sous ses titres"),
        (b"\x89PNG\r\n\x1a\n\0\0", "ni un tableau CSV, ni un classeur XLSX"),
        (b"PK\x03\x04 no workbook", "ni un tableau CSV, ni un classeur XLSX"),
    ):
        answer = await bring(desk, content)
        assert answer.status_code == 422 and said in words(answer.text), said
    large = await bring(desk, b"a;b\n" * (LONGEST // 4 + 1))
    assert large.status_code == 413
    unsaid = await bring(desk, b"a;b\n1;2\n")
    page = await desk.get_page(unsaid.headers["location"])
    assert "Dites au moins où sont le nom et le prénom" in page and "Reprendre" not in words(page)[-400:]
    answer = await desk.post_form(f"{unsaid.headers['location']}/reprise")
    assert answer.status_code == 422 and (await FamilyImport.get()).is_open


async def test_two_forms_are_one_file(town: Portal, desk: Client) -> None:
    page, year = await desk.get_page(PAGE), await SchoolYear.get()
    data = {name: hidden(page, name) for name in ("csrf", "click")} | {"annee": str(year.id), "ecole": ""}
    sent = [
        await desk.post(PAGE, data=data, files={"fichier": ("a.csv", (CSV + LINES).encode())})
        for _ in range(2)
    ]
    assert (
        sent[0].headers["location"] == sent[1].headers["location"] and await FamilyImport.all().count() == 1
    )
