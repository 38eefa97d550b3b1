"""What invoices and credit notes are called, on pages, papers and accounts."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

from models.french.dates import SHORT_MONTHS, day_numeric, month_name, ordinal
from models.rules.money import NBSP

MOST_DAYS = 12


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


def days_said(days: Sequence[tuple[date, str]]) -> str:
    """« 1er, 2 et 5 sept. (5 : absence facturée) »; empty for more than a line holds.

    `days`: each with what is odd about it, or nothing.
    """
    if not days or len(days) > MOST_DAYS:
        return ""
    months = groupby(sorted(days), key=lambda one: (one[0].year, one[0].month))
    said = [
        _and([ordinal(day) for day, _ in some]) + f" {SHORT_MONTHS[month - 1]}" for (_, month), some in months
    ]
    odd = [f"{ordinal(day)}{NBSP}: {what}" for day, what in sorted(days) if what]
    return _and(said) + (f" ({', '.join(odd)})" if odd else "")


def _and(words: Sequence[str]) -> str:
    return " et ".join(filter(None, (", ".join(words[:-1]), words[-1])))
