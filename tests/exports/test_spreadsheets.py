"""The takings, the invoices and their lines as files: what a French spreadsheet reads, and nothing it would compute."""

import csv
import io
from collections.abc import Awaitable, Callable
from datetime import date, datetime

import pytest
from openpyxl import load_workbook

from models import clock
from models.exports import lists, spreadsheets
from models.exports.lists import LISTS, Asked
from models.exports.spreadsheets import Sheet, TooManyRows, as_csv, as_xlsx
from models.french.spreadsheets import MARK, Amount, plain
from models.money.credit_note import CreditNote
from models.money.invoice import Invoice, InvoiceLine
from models.storage.database import rows
from tests.engines import ON_SQLITE
from tests.models import counter
from tests.models.invoicing import invoice_and_take_back
from tests.portal import Portal
from tests.web.checkout import hear_the_bank, parent

OpenPortal = Callable[..., Awaitable[Portal]]
TAKINGS, INVOICES, LINES = LISTS
AUTUMN = Asked(date(2025, 9, 1), date(2025, 11, 30))


@pytest.fixture
async def town(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Portal:
    town = await portal("demo", now="2025-09-22T10:00:00")
    hear_the_bank(town, monkeypatch)
    linh = await parent(town, "linh.nguyen")
    await linh.tick("Mai", "Repas de midi", "2025-10-06", "2025-10-07")
    await linh.pay()
    camille = await parent(town, "camille.durand")
    await camille.tick("Lina", "Accueil du matin", "2025-10-06", "2025-10-07")
    await camille.click()
    await town.run_jobs()
    clock.shift_to(clock.datetime(2025, 11, 3, 9, tzinfo=clock.PARIS))
    await invoice_and_take_back(town)
    return town


async def table(wanted: lists.ExportList, asked: Asked) -> list[dict[str, str]]:
    said = b"".join([part async for part in as_csv(wanted, asked)]).decode()
    assert said.startswith(MARK) and said.count("\r\n") == said.count("\n")
    return list(csv.DictReader(io.StringIO(said.removeprefix(MARK)), delimiter=";"))


def cents(said: str) -> int:
    return int(said.replace(",", ""))


async def test_takings_are_what_the_tills_hold(town: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    found = await table(TAKINGS, AUTUMN)
    held = await rows(
        "SELECT SUM(leg.cents) AS sum FROM leg JOIN account ON account.id = leg.account_id WHERE kind = 'bank'"
    )
    assert sum(cents(row["Montant"]) for row in found) == int(held[0]["sum"]) > 0
    [row] = found
    assert row["Encaissé le"] == "22/09/2025 10:00" and row["Moyen"] == "Carte bancaire"
    assert "Nguyen" in row["Famille"] and row["Référence"] and row["Carte"]
    till = (await rows("SELECT till_id FROM payment"))[0]["till_id"]
    assert len(await table(TAKINGS, Asked(AUTUMN.first, AUTUMN.last, till))) == 1
    assert await table(TAKINGS, Asked(AUTUMN.first, AUTUMN.last, till + 1)) == []
    assert len(await table(TAKINGS, Asked(date(2025, 9, 22), date(2025, 9, 22)))) == 1
    for first, last in ((date(2025, 9, 1), date(2025, 9, 21)), (date(2025, 9, 23), date(2025, 9, 30))):
        assert await table(TAKINGS, Asked(first, last)) == []


@ON_SQLITE
async def test_a_counters_day_is_in_the_takings_and_what_is_no_money_is_not(town: Portal) -> None:
    """A sum given up and an avoir to give back move a family's account too."""
    await counter.a_day()
    found = await table(TAKINGS, AUTUMN)
    assert {row["Moyen"] for row in found} <= set(lists.MEANS.values())
    assert {"Espèces", "Chèque"} <= {row["Moyen"] for row in found}


async def test_invoices_and_credit_notes_add_up(town: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PIECE", 1)
    found = await table(INVOICES, AUTUMN)
    issued = [row.cents for row in await Invoice.filter(issued_on__gte=AUTUMN.first)]
    taken = [row.cents for row in await CreditNote.all()]
    assert issued and taken
    assert sorted(cents(row["Montant"]) for row in found) == sorted([*issued, *(-one for one in taken)])
    note = await CreditNote.get().select_related("invoice")
    [row] = [row for row in found if row["Nature"] == "Avoir"]
    assert row["Numéro"] == note.number and row["Facture corrigée"] == note.invoice.number
    assert row["Reste à payer"] == ""
    lines = await table(LINES, AUTUMN)
    assert sum(cents(row["Montant"]) for row in lines) == sum(cents(row["Montant"]) for row in found)
    assert any(cents(row["dont garde"]) < 0 for row in lines)
    assert len({row["Activité"] for row in lines}) >= 1 and all(row["Enfant"] for row in lines)


async def test_a_workbook_holds_real_days_and_sums_and_no_formula(town: Portal) -> None:
    invoice = await Invoice.filter(issued_on__gte=AUTUMN.first).first()
    assert invoice
    line = InvoiceLine(invoice_id=invoice.id, position=99, child='=HYPERLINK("x")', label="-1+1")
    line.quantity, line.unit_cents, line.cents = 2, -105, -210
    await line.save()
    book = load_workbook(await as_xlsx(LINES, AUTUMN))
    sheet = book.active
    assert sheet is not None and sheet.freeze_panes == "A2"
    heads, *found = list(sheet.iter_rows(values_only=True))
    assert list(heads) == [column.label for column in LINES.columns]
    odd = next(row for row in sheet.iter_rows() if row[4].value == '=HYPERLINK("x")')
    assert odd[4].data_type == "s" and odd[6].value == "-1+1" and odd[6].data_type == "s"
    assert odd[9].value == 2 and odd[11].value == -2.1 and odd[11].number_format == "#,##0.00"
    assert isinstance(odd[1].value, datetime) and odd[1].number_format == "dd/mm/yyyy"
    assert len(found) == len(await table(LINES, AUTUMN))
    [said] = [row for row in await table(LINES, AUTUMN) if row["Enfant"].endswith('HYPERLINK("x")')]
    assert said["Enfant"].startswith("'=") and said["Libellé"] == "'-1+1" and said["Montant"] == "-2,10"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_file_begins_before_it_is_all_read(
    town: Portal, monkeypatch: pytest.MonkeyPatch, count_queries: Callable[[], int]
) -> None:
    monkeypatch.setattr(lists, "PIECE", 1)
    before = count_queries()
    parts = as_csv(LINES, AUTUMN)
    assert (await anext(parts)).startswith(MARK.encode()) and count_queries() == before
    assert (await anext(parts)).count(b"\r\n") == 1 and count_queries() == before + 1
    await parts.aclose()  # type: ignore[attr-defined]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_sheet_that_is_full_says_so(town: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 1)
    with pytest.raises(TooManyRows):
        await as_xlsx(LINES, AUTUMN)


def test_cells_as_a_french_spreadsheet_reads_them() -> None:
    said = [plain(Amount(cents)) for cents in (5, -5, 1690, -123456, 0)]
    assert said == ["0,05", "-0,05", "16,90", "-1234,56", "0,00"]
    for text in ("=1", "+1", "-1", "@a", "\ta", "\ra"):
        assert plain(text) == f"'{text}"
    assert plain("a=1") == "a=1" and plain(None) == "" and plain(date(2025, 9, 3)) == "03/09/2025"


def test_a_long_list_does_not_stay_in_memory(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A workbook of a hundred thousand cells, written with less than its own size."""
    import tracemalloc

    with (tmp_path_factory.mktemp("xlsx") / "book.xlsx").open("w+b") as file:
        sheet = Sheet(file, "Lignes", LINES.columns[:10])
        tracemalloc.start()
        for _ in range(100):
            sheet.add([["Camille Durand", date(2025, 9, 1), Amount(350), *["x"] * 7]] * 100)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        sheet.close()
    assert most < 2_000_000, most
