"""What invoices and credit notes are called, on pages, papers and accounts."""

from datetime import date, timedelta

from models.french.dates import day_numeric, month_name
from models.rules.money import NBSP


def invoiced_period(first: date, last: date) -> str:
    """« septembre 2022 » for a whole month, else « du 01/09/2022 au 15/10/2022 »."""
    whole = first.day == 1 and (last + timedelta(days=1)).day == 1
    if whole and (first.year, first.month) == (last.year, last.month):
        return month_name(first)
    return f"du {day_numeric(first)} au {day_numeric(last)}"


def of_period(first: date, last: date) -> str:
    """« de septembre 2022 », « d’octobre 2022 », « du 01/09/2022 au 15/10/2022 »."""
    said = invoiced_period(first, last)
    if said.startswith("du "):
        return said
    return f"d’{said}" if said[0] in "ao" else f"de {said}"


def invoice_label(number: str, first: date, last: date) -> str:
    """As the account tells it."""
    return f"Facture n°{NBSP}{number}, {invoiced_period(first, last)}"


def credit_note_label(number: str, invoice: str) -> str:
    return f"Avoir n°{NBSP}{number} sur la facture n°{NBSP}{invoice}"
