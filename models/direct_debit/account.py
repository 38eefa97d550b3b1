"""A bank account as somebody types it: is it an IBAN, and whose bank is it?"""

from dataclasses import dataclass
from enum import StrEnum

from models.rules.till.sepa import COUNTRIES


class Flaw(StrEnum):
    FORM = "form"  # letters and digits that no IBAN has
    COUNTRY = "country"  # outside SEPA: no direct debit reaches it
    LENGTH = "length"
    CHECKSUM = "checksum"  # a letter or a digit was mistyped


class WrongIban(Exception):
    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class BankAccount:
    iban: str  # without spaces
    bic: str  # empty where nobody knows the bank of this account

    @property
    def last_four(self) -> str:
        return self.iban[-4:]


def bank_account(typed: str) -> BankAccount:
    """Raises WrongIban."""
    from schwifty import IBAN, exceptions  # reads its registry of banks, which takes a moment

    text = "".join(typed.split()).upper()
    if len(text) < 5 or not text.isascii() or not text.isalnum():
        raise WrongIban(Flaw.FORM)
    if text[:2] not in COUNTRIES:
        raise WrongIban(Flaw.COUNTRY)
    try:
        found = IBAN(text, validate_bban=True)
    except exceptions.InvalidLength:
        raise WrongIban(Flaw.LENGTH) from None
    except (exceptions.InvalidChecksumDigits, exceptions.InvalidBBANChecksum):
        raise WrongIban(Flaw.CHECKSUM) from None
    except exceptions.SchwiftyException:
        raise WrongIban(Flaw.FORM) from None
    return BankAccount(str(found), str(found.bic or ""))
