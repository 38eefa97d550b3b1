"""Money is an int of cents; here it is written, shared out and reduced, always to the exact cent."""

import re
from fractions import Fraction

MINUS = "\u2212"
NBSP = "\u00a0"
THIN = "\u202f"  # between thousands

_RATE = re.compile(r"[0-9]+(\.[0-9]+)?")
_TYPED = re.compile(r"([0-9]{1,9})(?:[,.]([0-9]{1,2}))?€?")


def euros(cents: int) -> str:
    """1690 is « 16,90 € », written so that a line never breaks inside."""
    whole, rest = divmod(abs(cents), 100)
    sign = MINUS if cents < 0 else ""
    return f"{sign}{grouped(whole)},{rest:02d}{NBSP}€"


def cents(typed: str) -> int:
    """« 16,90 € », « 16.9 », « 1 200 », as one types them: 1690, 1690, 120000 cents. Raises ValueError."""
    found = _TYPED.fullmatch("".join(typed.split()))
    if found is None:
        raise ValueError(typed)
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def grouped(number: int) -> str:
    """1200 is « 1 200 »."""
    return f"{number:,}".replace(",", THIN).replace("-", MINUS)


def percent(value: int, rate: str) -> int:
    """Cents of `rate` percent of a value in whole euros: 800 at "0.36" is 288."""
    if not _RATE.fullmatch(rate):
        raise ValueError(rate)
    return _half_up(value * Fraction(rate))  # 100 cents in a euro undo the hundredth of a percent


def reduce(cents: int, by: int) -> int:
    """What is left to pay after a reduction of so many percent."""
    if not 0 <= by <= 100:
        raise ValueError(by)
    return _half_up(Fraction(cents * (100 - by), 100))


def add_percent(cents: int, more: int) -> int:
    """A price with so many percent more."""
    return _half_up(Fraction(cents * (100 + more), 100))


def share(cents: int, part: int, whole: int) -> int:
    """So many parts of a sum that is so many; half a cent rounds up."""
    return _half_up(Fraction(cents * part, whole))


def _half_up(exact: Fraction) -> int:
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
