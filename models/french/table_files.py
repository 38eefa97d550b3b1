"""What is wrong with a file of movements or of quotients, in words."""

from models.rules.families.quotient_file import Flaw as QuotientFlaw
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
    QuotientFlaw.NO_LINE: "ce fichier ne contient aucun quotient",
    QuotientFlaw.HEADS: "il faut deux colonnes, « dossier » et « quotient », et si besoin « à partir du »",
    QuotientFlaw.NUMBER: "le numéro de dossier manque",
    QuotientFlaw.UNKNOWN: "aucune famille n’a ce numéro de dossier",
    QuotientFlaw.TWICE: "ce dossier est deux fois dans le fichier",
    QuotientFlaw.VALUE: "le quotient est un nombre entier, de 0 à 99 999",
    QuotientFlaw.START: "cette date ne se lit pas",
}


def mistake(one: Mistake) -> str:
    """« Ligne 12 : cette date ne se lit pas (31/02/2026). »"""
    shown = f" ({one.what[:60]})" if one.what else ""
    return f"Ligne {one.line}{NBSP}: {FLAWS[one.flaw]}{shown}."
