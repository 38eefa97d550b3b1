"""What is wrong with a bank’s file of movements, in words."""

from models.rules.files.csv_table import TableFlaw
from models.rules.files.mistakes import Mistake
from models.rules.money import NBSP
from models.rules.till.bank_file import Flaw

FLAWS: dict[str, str] = {
    Flaw.EMPTY: "ce fichier ne contient aucun mouvement",
    TableFlaw.TABLE: "ce fichier n’est pas un tableau CSV",
    Flaw.COLUMNS: "il faut trois colonnes, la date, le libellé et le montant",
    Flaw.DAY: "cette date ne se lit pas",
    Flaw.FUTURE: "cette date est à venir",
    Flaw.LABEL: "le libellé manque",
    Flaw.SUM: "ce montant ne se lit pas",
}


def mistake(one: Mistake) -> str:
    """« Ligne 12 : cette date ne se lit pas (31/02/2026). »"""
    shown = f" ({one.what[:60]})" if one.what else ""
    return f"Ligne {one.line}{NBSP}: {FLAWS[one.flaw]}{shown}."
