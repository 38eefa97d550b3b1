"""« Exports »: what the form asks, the file it answers, and what the journal keeps of it."""

import io
from collections.abc import Awaitable, Callable

import pytest
from openpyxl import load_workbook

from models.exports import spreadsheets
from models.work.audit_log import Event
from tests.portal import Client, Portal
from tests.web.checkout import words

OpenPortal = Callable[..., Awaitable[Portal]]
PLACE = "/mairie/exports"
YEAR = {"debut": "2025-01-01", "fin": "2025-12-31"}
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def till(portal: OpenPortal) -> Client:
    town = await portal("demo", now="2025-09-22T10:00:00")
    return await town.client("regie")


async def test_last_month_is_what_is_offered(till: Client) -> None:
    page = await till.get_page(PLACE)
    assert 'value="2025-08-01"' in page and 'value="2025-08-31"' in page
    said = words(page)
    assert "Encaissements" in said and "Factures et avoirs" in said and "Toutes les régies" in said


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({}, "Choisissez ce que le fichier contient."),
        (
            {"liste": "factures", "format": "csv", "debut": "2025-09-02", "fin": "2025-09-01"},
            "se termine avant",
        ),
        ({"liste": "factures", "format": "csv", "debut": "hier", "fin": "2025-09-01"}, "Saisissez une date"),
        ({"liste": "tout", "format": "csv", **YEAR}, "Choisissez une réponse de la liste."),
        (
            {"liste": "factures", "format": "csv", "regie": "999", **YEAR},
            "Choisissez une réponse de la liste.",
        ),
    ],
)
async def test_a_form_that_is_wrong_says_where(till: Client, form: dict[str, str], told: str) -> None:
    answer = await till.post_form(PLACE, form)
    assert answer.status_code == 422 and told in words(answer.text)
    assert not await Event.filter(action="export.made").exists()


async def test_the_file_is_sent_and_the_journal_says_who_took_it(till: Client) -> None:
    answer = await till.post_form(PLACE, {"liste": "factures", "format": "csv", **YEAR})
    assert answer.status_code == 200 and answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="factures_2025-01-01_2025-12-31.csv"' in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    lines = answer.content.decode("utf-8-sig").split("\r\n")
    assert len(lines) > 2 and lines[0].startswith("Nature;Numéro;Émis le")
    answer = await till.post_form(PLACE, {"liste": "factures", "format": "xlsx", **YEAR})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None and sheet.max_row == len(lines) - 1
    taken = await Event.filter(action="export.made").order_by("id")
    assert [event.object for event in taken] == ["export:factures"] * 2
    assert taken[0].actor.startswith("member:")
    assert taken[1].details == {"period": "2025-01-01 2025-12-31", "till": None, "format": "xlsx"}


async def test_too_much_for_a_sheet_is_said(till: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 0)
    answer = await till.post_form(PLACE, {"liste": "factures", "format": "xlsx", **YEAR})
    assert answer.status_code == 422 and "Trop de lignes" in words(answer.text)
