"""A file of quotients is read whole, however a spreadsheet wrote it; each wrong line is named with its reason."""

from datetime import date

import pytest

from models.french.table_files import mistake
from models.rules.families.quotient_file import QuotientLine, read
from models.rules.files.mistakes import WrongFile

NUMBERS, USUAL = ["VF-1001", "vf-1002", "16043631"], date(2026, 1, 1)
LINE = QuotientLine("VF-1001", 1045, date(2026, 1, 1))


@pytest.mark.parametrize(
    "content",
    [
        "dossier;quotient\nVF-1001;1045\n",
        "Dossier;QF;À partir du\r\nvf-1001;1 045;01/01/2026\r\n",
        "N° de dossier\tQuotient familial\nVF-1001\t1045,00\n",
        'quotient,nom,dossier\n"1045.0",Durand,VF-1001\n',
        "\ndossier;quotient;date\n;;\nVF-1001;1 045 €;2026-01-01\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_what_spreadsheets_write_is_read(content: str, encoding: str) -> None:
    assert read(content.encode(encoding), NUMBERS, USUAL) == [LINE]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "Ligne 1 : ce fichier ne contient aucun quotient."),
        ("dossier;quotient\n", "Ligne 1 : ce fichier ne contient aucun quotient."),
        ("nom;quotient\nDurand;600\n", "Ligne 1 : il faut deux colonnes"),
        ("dossier;quotient\n;600\n", "Ligne 2 : le numéro de dossier manque."),
        ("dossier;quotient\nVF-9;600\n", "Ligne 2 : aucune famille n’a ce numéro de dossier (VF-9)."),
        (
            "dossier;quotient\nVF-1001;600\nvf-1001;700\n",
            "Ligne 3 : ce dossier est deux fois dans le fichier",
        ),
        ("dossier;quotient\nVF-1001;600,50\n", "Ligne 2 : le quotient est un nombre entier"),
        ("dossier;quotient\nVF-1001;-3\n", "Ligne 2 : le quotient est un nombre entier"),
        ("dossier;quotient\nVF-1001\n", "Ligne 2 : le quotient est un nombre entier"),
        (
            "dossier;quotient;date\nVF-1001;600;31/02/2026\n",
            "Ligne 2 : cette date ne se lit pas (31/02/2026).",
        ),
        ("dossier;quotient\n\x00\n", "Ligne 1 : ce fichier n’est pas un tableau CSV."),
        ('dossier;quotient\n"VF-1001;600\n', "ce fichier n’est pas un tableau CSV."),
    ],
)
def test_what_is_wrong_is_named(content: str, said: str) -> None:
    with pytest.raises(WrongFile) as wrong:
        read(content.encode(), NUMBERS, USUAL)
    assert said in mistake(wrong.value.mistakes[0]).replace("\u00a0", " ")


def test_every_mistake_is_named_at_once() -> None:
    with pytest.raises(WrongFile) as wrong:
        read(b"dossier;quotient\nVF-1;1\nVF-1001;x\n16043631;600\n", NUMBERS, USUAL)
    assert [one.line for one in wrong.value.mistakes] == [2, 3]
