"""The 130 characters that a tobacconist's terminal reads (« paiement de proximité », since 28 July 2020).

    1–64 free · 65–67 establishment · 68 period · 69–71 product · 72–73 "00" · 74–75 year · 76 key mod 11
    77–82 issuer · 83–86 "0001" · 87–88 key · 89 space · 90–91 key
    92–115 operation: key (2), debt (15), post (6), "4" · 116 "9" · 117–118 key · 119 "8" · 120–121 "06" · 122 space
    123–130 amount in cents

Source: the Trésor's layout as the field repeats it. How its two-digit keys are computed is not published there:
`two_digit_key` is an assumption, and docs/documents.md says how a commune has an example read before it prints any.
Only for debts that were sent by ORMC.
"""

from dataclasses import dataclass

ISSUER, NATURE, LENGTH = "940033", "0001", 130
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXY"  # 23: no I, no O, no Z


@dataclass(frozen=True, slots=True)
class Debt:
    """A debt as ORMC names it. Raises ValueError for what does not fit into its field."""

    establishment: str  # 3 digits: the collectivity in Hélios
    period: int  # 1 digit
    product: str  # 3 digits: the local product
    year: int
    number: int  # at most 15 digits
    post: str  # 6 digits: the accounting post
    cents: int

    def __post_init__(self) -> None:
        fits = (
            _digits(self.establishment, 3),
            0 <= self.period <= 9,
            _digits(self.product, 3),
            0 < self.number < 10**15,
            _digits(self.post, 6),
            0 < self.cents < 10**8,
        )
        if not all(fits):
            raise ValueError(f"debt {self.number} does not fit")


def _digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()


def content(debt: Debt) -> str:
    """The 130 characters: the free ones first."""
    debtor = f"{debt.establishment}{debt.period}{debt.product}00{debt.year % 100:02d}"
    issuer = f"{ISSUER}{NATURE}"
    detail = f"{debt.number:015d}{debt.post}4"
    operation = f"{two_digit_key(detail)}{detail}"
    amount = f"{debt.cents:08d}"
    line = (
        f"{debtor}{key_mod_11(debtor)}{issuer}{two_digit_key(issuer)} {two_digit_key(operation)}{operation}"
        f"9{two_digit_key(amount)}806 {debt.cents:8d}"
    )
    return line.rjust(LENGTH)


def key_mod_11(digits: str) -> int:
    """PES: Cle1. Weights 2 to 7 from the right, again and again; 11 less the sum's rest by 11, and 1 for 10 and 11."""
    total = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(digits)))
    key = 11 - total % 11
    return key if key <= 9 else 1


def letter_key(debt: Debt) -> str:
    """The letter of year, period, "00" and the debt's 13 digits, mod 23. PES: Cle2."""
    return LETTERS[int(f"{debt.year % 100:02d}{debt.period}00{debt.number:013d}") % len(LETTERS)]


def two_digit_key(digits: str) -> str:
    """97 less the rest of a hundred times the number by 97, as on French bank slips: assumed, see above."""
    return f"{97 - int(digits) * 100 % 97:02d}"
