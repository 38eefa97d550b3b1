"""SEPA direct debit: on which day money is taken, how long before it is told, which is the first, when a mandate ends.

Sources: the EPC's SDD Core Rulebook (14 days' notice, 36 months, FRST and RCUR), the ECB's calendar of TARGET2, the
check digits of ISO 7064 (mod 97-10) that creditor identifiers share with IBANs.
"""

import re
from collections.abc import Collection
from datetime import date, timedelta

from models.rules.states.debits import Sequence

ASKED_AGAIN = frozenset({"AM04", "MS03"})
NOTICE_DAYS = 14  # calendar days between the invoice that tells it and the collection
UNUSED_MONTHS = 36
AHEAD = 1  # days of TARGET2 between the hand-over of a file and its collection
LONGEST_MANDATE = 35  # characters of a RUM
FORMATS = ("pain.008.001.08", "pain.008.001.02")  # of the file; the newer first
# Countries and territories whose accounts can be debited.
_CODES = (
    "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS "
    "SE SI SK SM VA GF GP MQ RE YT PM BL MF GG IM JE"
)
COUNTRIES = frozenset(_CODES.split())
_CREDITOR = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{3}[A-Z0-9]{1,28}")
_FRENCH = re.compile(r"FR[0-9]{2}[A-Z0-9]{3}[A-Z0-9]{6}")
_REFUSED_LETTERS = re.compile(r"[^A-Z0-9]+")


def is_bank_day(day: date) -> bool:
    """Is TARGET2 open, so that money can move?"""
    easter = _easter(day.year)
    closed = (easter - timedelta(days=2), easter + timedelta(days=1))
    return day.weekday() < 5 and (day.month, day.day) not in _CLOSED and day not in closed


_CLOSED = ((1, 1), (5, 1), (12, 25), (12, 26))


def bank_day(day: date) -> date:
    """That day, or the next one on which money moves."""
    while not is_bank_day(day):
        day += timedelta(days=1)
    return day


def collection_day(due_on: date, told_on: date) -> date:
    """The invoice's last day to pay; later where that is less than 14 days from the day that it is told."""
    return bank_day(max(due_on, told_on + timedelta(days=NOTICE_DAYS)))


def may_ask_again(refusals: Collection[str]) -> bool:
    """Of the codes with which a bank refused an invoice so far: once more, where the money was missing or no reason
    is told; never where the account or the mandate is at fault (EPC 016-06, EPC 173-14)."""
    return not refusals or (len(refusals) == 1 and ASKED_AGAIN.issuperset(refusals))


def earliest(today: date) -> date:
    """The first day that a file which leaves today can ask for."""
    return bank_day(bank_day(today) + timedelta(days=AHEAD))


def expires_on(last_used: date) -> date:
    """The first day on which a mandate serves no more. `last_used`: its last collection, else its signature."""
    year, month = last_used.year + UNUSED_MONTHS // 12, last_used.month
    leap_day = (month, last_used.day) == (2, 29)
    return date(year, 3, 1) if leap_day else date(year, month, last_used.day)


def sequence(collected_before: bool) -> Sequence:
    """`collected_before`: a collection under this mandate left, and was not refused before the money came."""
    return Sequence.RECURRING if collected_before else Sequence.FIRST


def mandate_reference(till: str, family: str, number: int) -> str:
    """The RUM: « SCOLAIRE-VF1002-3 », of letters that every bank takes, never longer than it may be."""
    till, family = (_REFUSED_LETTERS.sub("", text.upper()) for text in (till, family))
    return f"{till[:12]}-{family[:12]}-{number}"[:LONGEST_MANDATE]


def masked(last_four: str) -> str:
    """An account as pages and papers show it: its last four characters."""
    return f"•••• {last_four}"


def is_creditor(text: str) -> bool:
    """An identifier of SEPA creditors (ICS): its form and its check digits, which leave out the business code."""
    if not _CREDITOR.fullmatch(text) or (text.startswith("FR") and not _FRENCH.fullmatch(text)):
        return False
    digits = "".join(str(int(letter, 36)) for letter in text[7:] + text[:4])
    return int(digits) % 97 == 1


def _easter(year: int) -> date:
    """Sunday, by the anonymous Gregorian computus."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)
