"""What the mairie's tables are made of: the address that says what is seen, pages of a list, files for spreadsheets."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from models.storage.database import rows
from models.storage.folding import folded
from models.storage.paging import Cut, Listing, Name, Where
from models.work.email import Email
from web.components.admin.kit.csv_file import Cell, csv_file, decimal
from web.components.admin.kit.form import Choice, Day, Field, Money, OneOf, Text, fill
from web.components.admin.kit.plot import Bar, plot, scale
from web.components.admin.kit.table import Column, Filter, Table, ids
from web.page.assets import SCRIPT, STAFF_SCRIPT, _catalogue, addresses, asset

WHAT = Filter("objet", "Objet", (Choice("", "Tout"), Choice("a", "Ceci"), Choice("b", "Cela")))
SINCE, SUM = Day("debut", "À partir du"), Money("somme", "Somme")
TABLE = Table(
    "/mairie/essai",
    (Column("nom", "Nom", "name"), Column("jour", "Jour", "day"), Column("mot", "Mot")),
    sort="-jour",
    filters=(WHAT,),
    search="Nom",
    asks=(SINCE, SUM),
)


def test_an_address_is_read_and_written_back() -> None:
    said = {"tri": "nom", "page": "3", "recherche": "roux", "objet": "b", "debut": "2018-09-03"}
    view = TABLE.read(said)
    assert (view.sort.key, view.down, view.page, view.search) == ("nom", False, 3, "roux")
    assert view.filled.of(SINCE) == date(2018, 9, 3) and view.said() == said
    assert TABLE.read({}).address == "/mairie/essai", "what is usual is not said"
    assert view.choosing("objet", "") == "/mairie/essai?recherche=roux&debut=2018-09-03&tri=nom"


def test_a_second_click_on_a_head_turns_the_column_round() -> None:
    view = TABLE.read({})
    name, day, _ = TABLE.columns
    assert (view.direction(day), view.direction(name)) == ("descending", "")
    assert view.sorted_by(name) == "/mairie/essai?tri=nom" and view.sorted_by(day) == "/mairie/essai?tri=jour"
    assert TABLE.read({"tri": "nom"}).sorted_by(name) == "/mairie/essai?tri=-nom"


@pytest.mark.parametrize(
    "said",
    [
        {"tri": "mot"},
        {"tri": "--nom"},
        {"page": "-1"},
        {"page": "7" * 5000},
        {"objet": "c"},
        {"recherche": " \x07\u200b "},
        {"ailleurs": "x"},
    ],
)
def test_what_the_table_does_not_know_is_as_if_not_said(said: dict[str, str]) -> None:
    assert TABLE.read(said) == TABLE.read({})


def test_a_first_day_stays_within_reason() -> None:
    assert TABLE.read({"debut": "0001-01-01"}).filled.of(SINCE) == date(2000, 1, 1)
    assert TABLE.read({"debut": "9999-12-31"}).filled.of(SINCE) == date(2200, 1, 1)
    assert len(TABLE.read({"recherche": "a" * 500}).search) == 80


def test_a_file_is_what_french_spreadsheets_open() -> None:
    noon = datetime(2018, 9, 3, 10, tzinfo=UTC)
    lines: list[list[Cell]] = [
        ["=1+1", -3, date(2018, 9, 3), noon],
        ["a;b", None, "@x", "L’école"],
        ["-2", "+33", "\tx", decimal(305)],
    ]
    answer = csv_file("essai", ["Nom", "Nombre", "Jour", "Moment"], lines)
    assert bytes(answer.body).decode() == (
        "\ufeffNom;Nombre;Jour;Moment\r\n"
        "'=1+1;-3;03/09/2018;03/09/2018 12:00\r\n"
        '"a;b";;\'@x;L’école\r\n'
        "'-2;'+33;'\tx;3,05\r\n"
    )
    assert answer.headers["cache-control"] == "no-store"


EMAILS: Listing[str] = Listing(
    columns="email.subject",
    source="email",
    orders={"subject": ("email.subject", "email.id"), "last": ("email.id",)},
    row=lambda row: str(row["subject"]),
)


async def test_a_list_is_counted_sorted_and_cut_by_the_database(db: str) -> None:
    now = datetime(2018, 9, 3, 10, tzinfo=UTC)
    for number in range(7):
        await Email.create(
            key=str(number),
            recipient=f"p{number % 2}@x.example",
            subject=f"Courriel {number}",
            text="",
            html="",
            written_at=now,
        )
    page = await EMAILS.page(Where(), Cut("subject", size=3))
    assert (page.rows, page.total, page.last) == (["Courriel 0", "Courriel 1", "Courriel 2"], 7, 3)
    assert (page.first_row, page.last_row) == (1, 3)
    page = await EMAILS.page(Where(), Cut("subject", down=True, page=99, size=3))
    assert (page.rows, page.number, page.first_row) == (["Courriel 0"], 3, 7), "after the last page, the last"
    even = Where().and_also("email.recipient = ?", "p0@x.example")
    assert (
        await EMAILS.count(even) == 4
        and await EMAILS.count(even.containing("COURRIEL 2", "email.subject")) == 1
    )
    assert await EMAILS.count(Where().containing("%", "email.subject")) == 0, (
        "a mark of LIKE is only a letter"
    )
    assert (await EMAILS.page(even, Cut("nowhere"))).rows[0] == "Courriel 0"
    assert len(await rows("SELECT id FROM email")) == 7


WRITTEN = ("Élodie Benoît", "eloi L’Huillier", "FRANÇOIS Nuñez", "Zoë Cœur", "Adèle_B", "Ægir Straße")


async def test_a_search_and_an_order_know_no_accents(db: str) -> None:
    for number, name in enumerate(WRITTEN):
        at = datetime(2018, 9, 3, tzinfo=UTC)
        await Email.create(key=str(number), recipient="x", subject=name, text="", html="", written_at=at)
    names: Listing[str] = Listing(
        "email.subject", "email", {"name": (Name("email.subject"), "email.id")}, lambda row: row["subject"]
    )
    for typed, found in (
        ("elodie", 0),
        ("ÉLODIE", 0),
        ("l'huillier", 1),
        ("L’HUILLIER", 1),
        ("francois nun", 2),
        ("zoe coeur", 3),
        ("CŒUR", 3),
        ("adele_", 4),
        ("ægir", 5),
    ):
        page = await names.page(Where().containing(typed, "email.subject"), Cut("name"))
        assert page.rows == [WRITTEN[found]], typed
    assert await names.count(Where().containing("elx", "email.subject")) == 0
    page = await names.page(Where(), Cut("name"))
    assert page.rows == [WRITTEN[number] for number in (4, 5, 0, 1, 2, 3)]
    (row,) = await rows(f"SELECT {folded('NULL')} AS text")
    assert row["text"] is None


def test_the_script_of_the_mairie_travels_apart() -> None:
    assets = _catalogue().assets
    staff, parents = (assets[asset(name).rpartition("/")[2]].body for name in (STAFF_SCRIPT, SCRIPT))
    assert b"data-picked" in staff and b"data-picked" not in parents
    assert asset(STAFF_SCRIPT) not in addresses() and not re.search(rb"^//", staff)


NAME = Text("nom", "Nom", missing="Indiquez le nom.", longest=5)
PLACE = OneOf("lieu", "Lieu", choices=(Choice("", "Tous"), Choice("a", "École A")))


@pytest.mark.parametrize(
    ("field", "typed", "value", "said"),
    [
        (NAME, "  Zoé \n", "Zoé", ""),
        (NAME, " ", None, "Indiquez le nom."),
        (NAME, "Ferdinand", None, "5 caractères au maximum."),
        (SUM, "", None, ""),
        (SUM, "16,90\u00a0€", 1690, ""),
        (SUM, "16.9", 1690, ""),
        (SUM, "1\u202f200", 120000, ""),
        (SUM, "-3", None, "Saisissez une somme, par exemple 16,90\u00a0€."),
        (SUM, "3,405", None, "Saisissez une somme, par exemple 16,90\u00a0€."),
        (SUM, "\u0663", None, "Saisissez une somme, par exemple 16,90\u00a0€."),
        (SINCE, "2018-09-03", date(2018, 9, 3), ""),
        (SINCE, "03/09/2018", date(2018, 9, 3), ""),
        (SINCE, "demain", None, "Saisissez une date, par exemple 03/09/2026."),
        (PLACE, "a", "a", ""),
        (PLACE, "b", None, "Choisissez une réponse de la liste."),
    ],
)
def test_a_field_is_read_or_says_what_to_type(field: Field[Any], typed: str, value: Any, said: str) -> None:
    filled = fill([field], {field.name: typed})
    assert filled.of(field) == value and filled.errors.get(field.name, "") == said
    assert filled.typed[field.name] == " ".join(typed.split()), "what was typed is kept"


def test_what_a_form_asks_is_read_again_from_its_address() -> None:
    view = TABLE.read({"debut": "03/09/2018", "somme": "16,9"})
    assert view.address == "/mairie/essai?debut=2018-09-03&somme=16%2C90"
    assert TABLE.read(view.said()).filled.values == view.filled.values
    assert view.narrowed and not TABLE.read({"debut": "2018-09-03"}).narrowed
    assert TABLE.read({"somme": "x"}).address == "/mairie/essai", "what is wrong goes no further"


def test_no_more_rows_than_a_page_has_are_named() -> None:
    assert ids(["3", "x", "", "-1", "7"]) == [3, 7] and len(ids(["1"] * 5000)) == 100


@pytest.mark.parametrize(
    ("most", "step", "marks"),
    [
        (0, 1, [0, 1]),
        (3, 1, [0, 1, 2, 3]),
        (5, 1, [0, 2, 4, 6]),
        (95, 1, [0, 50, 100]),
        (118, 1, [0, 50, 100, 150]),
        (841_230, 5000, [0, 500_000, 1_000_000]),
    ],
)
def test_the_lines_of_a_plot_are_round_and_few(most: int, step: int, marks: list[int]) -> None:
    assert scale(most, step) == marks


def test_a_bar_is_as_tall_as_what_it_says() -> None:
    drawn = plot(
        [Bar("a", 50), Bar("b", 100, open=True), Bar("c", 0), Bar("d", 0, closed="fermé")], (400, 200)
    )
    heights = [drawn.base - one.y for one in drawn.bars]
    assert heights[1] == 2 * heights[0] and heights[2] == heights[3] == 0
    assert [bool(one.outline) for one in drawn.bars] == [True, True, False, False]
    assert all(drawn.left < one.x and one.x + 1 < drawn.width for one in drawn.bars)
    assert plot([Bar("a", 3)], (400, 200), limit=(10, "10 places")).limit is not None
