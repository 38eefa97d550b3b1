"""Which cards the demo bank knows, and how it reads what is typed. Pure."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

BRANDS = {"4": "Visa"}  # the number tells it, by its first digit
CODE = "123456"  # « Code reçu par SMS »

Behaviour = Literal["accepted", "refused", "silent"]
CARDS: dict[str, Behaviour] = {
    "4970100000000014": "accepted",
    "4970100000000022": "refused",
    "4970100000000030": "silent",  # accepted, but the bank never says so: the poller must find it
}

NUMBER_MISSING = "Saisissez le numéro de la carte."
NUMBER_UNKNOWN = "Ce numéro de carte n’est pas accepté par la banque de démonstration."
EXPIRY_WRONG = "Saisissez le mois et l’année, par exemple 09/27."
EXPIRY_PAST = "Cette carte n’est plus valable. Vérifiez sa date ou prenez-en une autre."
CVV_WRONG = "Saisissez les 3 chiffres qui sont au dos de la carte."

_EXPIRY = re.compile(r"(0[1-9]|1[0-2])/?(?:20)?([0-9]{2})", re.ASCII)
_CVV = re.compile(r"[0-9]{3}", re.ASCII)


@dataclass(frozen=True)
class Card:
    masked: str
    brand: str
    behaviour: Behaviour


def read(number: str, expiry: str, cvv: str, today: date) -> tuple[Card | None, dict[str, str]]:
    """The card, or what is wrong with it, field by field."""
    digits, expiry, cvv = _without_spaces(number), _without_spaces(expiry), _without_spaces(cvv)
    errors = {
        "number": _number_error(digits),
        "expiry": _expiry_error(expiry, today),
        "cvv": "" if _CVV.fullmatch(cvv) else CVV_WRONG,
    }
    errors = {field: error for field, error in errors.items() if error}
    return (None, errors) if errors else (Card(masked(digits), BRANDS[digits[0]], CARDS[digits]), {})


def masked(digits: str) -> str:
    """« 4970 10•• •••• ••14 »: what may be kept and shown. The full number is never stored, even here."""
    hidden = digits[:6] + "•" * (len(digits) - 8) + digits[-2:]
    return " ".join(hidden[start : start + 4] for start in range(0, len(hidden), 4))


def _number_error(digits: str) -> str:
    if not digits:
        return NUMBER_MISSING
    return "" if digits in CARDS else NUMBER_UNKNOWN


def _expiry_error(text: str, today: date) -> str:
    found = _EXPIRY.fullmatch(text)
    if not found:
        return EXPIRY_WRONG
    month, year = int(found[1]), 2000 + int(found[2])
    return EXPIRY_PAST if (year, month) < (today.year, today.month) else ""  # good to the end of its month


def _without_spaces(text: str) -> str:
    return "".join(text.split())
